import { describe, expect, test } from "vitest";
import { Rows, samePlace, type Extra, type Place } from "../src/core/rows/rows.ts";
import { Selection } from "../src/core/rows/selection.ts";
import { random } from "./helpers.ts";

let keys = 0;

function gap(after: number, hideTo: number): Extra {
  return { kind: "gap", key: `g${keys++}`, id: keys, after, hideTo, bytes: 1, reason: "slow" };
}

function note(after: number): Extra {
  return { kind: "note", key: `n${keys++}`, after, time: 0, text: "note" };
}

function rowsOf(first: number, last: number, extras: Extra[]): Rows {
  const rows = new Rows();
  rows.first = first;
  rows.last = last;
  rows.extras = extras;
  return rows;
}

function forwards(rows: Rows): Place[] {
  const places: Place[] = [];
  for (let place = rows.top; place !== undefined && places.length < 1000; place = rows.next(place)) places.push(place);
  return places;
}

function backwards(rows: Rows): Place[] {
  const places: Place[] = [];
  for (let place = rows.bottom; place !== undefined && places.length < 1000; place = rows.previous(place)) places.push(place);
  return places.reverse();
}

const at = (line: number, sub = 0): Place => ({ line, sub });

test("an empty log has no rows, or only those between lines", () => {
  expect(forwards(rowsOf(1, 0, []))).toEqual([]);
  expect(forwards(rowsOf(1, 0, [note(0)]))).toEqual([at(0, 1)]);
  expect(backwards(rowsOf(1, 0, [note(0), note(0)]))).toEqual([at(0, 1), at(0, 2)]);
});

test("lines, rows between them, and gaps that hide", () => {
  const rows = rowsOf(1, 9, [note(0), note(2), gap(2, 5), note(9)]);
  expect(forwards(rows)).toEqual([at(0, 1), at(1), at(2), at(2, 1), at(2, 2), at(6), at(7), at(8), at(9), at(9, 1)]);
  expect(backwards(rows)).toEqual(forwards(rows));
  expect(rows.nearest(4)).toEqual(at(2, 2));
  expect(rows.nearest(100)).toEqual(at(9));
  expect(rows.extra(at(2, 1))?.kind).toBe("note");
  expect(rows.extra(at(2, 3))).toBeUndefined();
});

test("a gap up to the end, and one within a single line", () => {
  expect(forwards(rowsOf(1, 5, [gap(2, 5)]))).toEqual([at(1), at(2), at(2, 1)]);
  expect(backwards(rowsOf(1, 5, [gap(2, 5)]))).toEqual([at(1), at(2), at(2, 1)]);
  expect(forwards(rowsOf(1, 3, [gap(2, 2)]))).toEqual([at(1), at(2), at(2, 1), at(3)]);
});

/** The rows by looking at each line and each extra row by itself. */
function plainRows(rows: Rows, passes: (line: number) => boolean, folds: readonly [number, number][]): Place[] {
  const filtered = rows.filter !== undefined;
  const gaps = rows.extras.filter((extra) => extra.kind === "gap" && !(filtered && extra.reason === "slow")) as (Extra & { kind: "gap" })[];
  const inGap = (line: number): boolean => gaps.some((each) => each.after < line && line <= each.hideTo);
  const inFold = (line: number): boolean => !filtered && folds.some(([from, to]) => from < line && line <= to);
  const places: Place[] = [];
  for (let line = rows.first - 1; line <= rows.last; line++) {
    if (line >= rows.first && !inGap(line) && !inFold(line) && passes(line)) places.push(at(line));
    for (const [index, extra] of rows.extras.filter((each) => each.after === line).entries()) {
      const withinGap = gaps.some((each) => each.after < line && line < each.hideTo);
      const withinFold = !filtered && folds.some(([from, to]) => from <= line && line < to);
      const shown = extra.kind === "gap" ? gaps.includes(extra) : !withinGap && !withinFold;
      if (shown) places.push(at(line, index + 1));
    }
  }
  return places;
}

function runOf(lines: readonly number[], first: number): number[] {
  return lines.flatMap((line) => [line - first, 1]);
}

describe("any log", () => {
  test("upwards and downwards are the rows that looking at each line gives, in the same order", () => {
    for (let seed = 1; seed <= 400; seed++) {
      const next = random(seed);
      const first = 1 + Math.floor(next() * 20);
      const last = first - 1 + Math.floor(next() * 40);
      const extras: Extra[] = [];
      for (let line = first - 1; line <= last; line++) {
        if (next() < 0.2) extras.push(note(line));
        if (next() < 0.15 && line < last) {
          const hideTo = Math.min(last, line + Math.floor(next() * 6));
          extras.push(gap(line, hideTo));
          line = hideTo;
        }
      }
      const rows = rowsOf(first, last, extras);
      const folds: [number, number][] = [];
      while (next() < 0.5) {
        const from = first + Math.floor(next() * 30);
        folds.push([from, from + 1 + Math.floor(next() * 10)]);
      }
      const outermost = new Map(folds);
      for (const [from, to] of outermost) rows.folds.fold(from, to);
      const chosen = new Set<number>();
      if (seed % 2 === 0) {
        for (let line = first - 5; line <= last; line++) if (next() < 0.3) chosen.add(line);
        rows.filter = new Selection();
        rows.filter.put({ first: first - 5, last, runs: runOf([...chosen], first - 5) });
      }
      const passes = (line: number): boolean => rows.filter === undefined || chosen.has(line);
      const places = plainRows(rows, passes, [...outermost]);
      const down = forwards(rows);
      expect(down).toEqual(places);
      expect(backwards(rows)).toEqual(down);
      expect(down.every((place) => rows.has(place))).toBe(true);
      expect(down.every((place) => place.sub > 0 || samePlace(rows.nearest(place.line) ?? at(0), place))).toBe(true);
      const drawn = new Set(places.map(({ line, sub }) => `${line}/${sub}`));
      for (let line = first; line <= last; line++) {
        const nearest = rows.nearest(line);
        if (rows.has(at(line)) !== drawn.has(`${line}/0`)) throw new Error(`line ${line} with seed ${seed}`);
        if (drawn.size > 0 && !drawn.has(`${nearest?.line}/${nearest?.sub}`)) throw new Error(`nearest to ${line} with seed ${seed}`);
      }
      const counted: number[] = [];
      for (let line = first; line <= last; line++) {
        const folded = rows.filter === undefined && [...outermost].some(([from, to]) => from < line && line <= to);
        if (!folded && passes(line)) counted.push(line);
      }
      expect(rows.length).toBe(counted.length);
      expect(counted.map((line) => rows.rank(line))).toEqual(counted.map((_, rank) => rank));
      expect(counted.map((_, rank) => rows.at(rank))).toEqual(counted);
    }
  });
});

test("unfolding shows what folding hid", () => {
  const rows = rowsOf(1, 10, []);
  rows.folds.fold(2, 8);
  rows.folds.fold(4, 6);
  expect(forwards(rows).map(({ line }) => line)).toEqual([1, 2, 9, 10]);
  expect(rows.nearest(5)).toEqual(at(2));
  rows.folds.unfold(2);
  expect(forwards(rows).map(({ line }) => line)).toEqual([1, 2, 3, 4, 7, 8, 9, 10]);
  rows.folds.clear();
  expect(forwards(rows)).toHaveLength(10);
});
