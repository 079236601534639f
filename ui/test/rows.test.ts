import { describe, expect, test } from "vitest";
import { before, Rows, samePlace, type Extra, type Place } from "../src/core/rows.ts";
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

describe("any log", () => {
  test("upwards and downwards are the same rows in the same order", () => {
    for (let seed = 1; seed <= 300; seed++) {
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
      const down = forwards(rows);
      expect(backwards(rows)).toEqual(down);
      for (const [index, place] of down.entries()) {
        const following = down[index + 1];
        if (following !== undefined) expect(before(place, following)).toBe(true);
        if (place.sub === 0) expect(samePlace(rows.nearest(place.line) ?? at(0), place)).toBe(true);
      }
    }
  });
});
