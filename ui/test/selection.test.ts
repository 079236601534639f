import { describe, expect, test } from "vitest";
import { Selection } from "../src/core/rows/selection.ts";
import { random } from "./helpers.ts";

/** The runs of the numbers in [first, last] for which `has` is true. */
function runsOf(first: number, last: number, has: (line: number) => boolean): number[] {
  const runs: number[] = [];
  for (let line = first; line <= last; line++) {
    if (!has(line)) continue;
    const end = (runs.at(-2) ?? 0) + (runs.at(-1) ?? 0);
    if (runs.length > 0 && end === line - first) runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1;
    else runs.push(line - first, 1);
  }
  return runs;
}

/** The obvious way: what is known of each line by itself. */
class Plain {
  readonly known = new Map<number, boolean>();

  put(first: number, last: number, has: (line: number) => boolean): void {
    for (let line = first; line <= last; line++) this.known.set(line, has(line));
  }

  shown(context: number): number[] {
    const near = (line: number): boolean => {
      for (let other = line - context; other <= line + context; other++) if (this.known.get(other) === true) return true;
      return false;
    };
    return [...this.known.keys()].sort((a, b) => a - b).filter(near);
  }
}

function compare(selection: Selection, plain: Plain, top: number): void {
  const shown = plain.shown(selection.context);
  expect(selection.count).toBe(shown.length);
  expect(selection.searched).toBe(plain.known.size);
  expect(selection.matches).toBe([...plain.known.values()].filter(Boolean).length);
  for (let line = 0; line <= top + 1; line += 1 + Math.floor(line / 3)) {
    expect(selection.matchesBefore(line)).toBe([...plain.known].filter(([each, matches]) => matches && each < line).length);
  }
  expect(shown.map((_, rank) => selection.at(rank))).toEqual(shown);
  expect(selection.at(shown.length)).toBeUndefined();
  expect(selection.at(-1)).toBeUndefined();
  const lines = Array.from({ length: top + 3 }, (_, line) => line);
  const answers = lines.map((line) => [
    selection.has(line),
    selection.matched(line),
    selection.rank(line),
    selection.next(line),
    selection.previous(line),
  ]);
  const plainly = lines.map((line) => [
    shown.includes(line),
    plain.known.get(line) === true,
    shown.filter((each) => each < line).length,
    shown.find((each) => each >= line),
    shown.findLast((each) => each <= line),
  ]);
  expect(answers).toEqual(plainly);
  const [from, to] = [Math.floor(top / 3), Math.floor((2 * top) / 3)];
  expect(selection.within(from, to)).toEqual(runsOf(from, to, (line) => shown.includes(line)));
}

describe("a selection is what filtering each line gives", () => {
  test("parts in any order, again, and with holes", () => {
    for (let seed = 1; seed <= 150; seed++) {
      const next = random(seed);
      const context = seed % 3 === 0 ? 0 : Math.floor(next() * 5);
      const selection = new Selection(context);
      const plain = new Plain();
      const top = 10 + Math.floor(next() * 80);
      const often = next();
      for (let puts = 0; puts < 12; puts++) {
        const first = 1 + Math.floor(next() * top);
        const last = Math.min(top, first + Math.floor(next() * 20));
        const has = new Set<number>();
        for (let line = first; line <= last; line++) if (next() < often) has.add(line);
        selection.put({ first, last, runs: runsOf(first, last, (line) => has.has(line)) });
        plain.put(first, last, (line) => has.has(line));
        if (puts % 4 === 3) compare(selection, plain, top);
      }
    }
  });

  test("newest parts first, then the live end, whose last line is told again and again", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const next = random(seed);
      const selection = new Selection(Math.floor(next() * 4));
      const plain = new Plain();
      const odd = (line: number): boolean => (line * 7919) % 5 < 2;
      const middle = 60;
      let line = middle;
      let above = middle;
      while (above > 0 || line < 120) {
        if (next() < 0.5 && above > 0) {
          const first = Math.max(1, above - Math.floor(next() * 15));
          selection.put({ first, last: above, runs: runsOf(first, above, odd) });
          plain.put(first, above, odd);
          above = first - 1;
        } else if (line < 120) {
          const last = Math.min(120, line + Math.floor(next() * 4));
          const grown = next() < 0.5;
          const has = (each: number): boolean => (each === last && grown ? !odd(each) : odd(each));
          selection.put({ first: line, last, runs: runsOf(line, last, has) });
          plain.put(line, last, has);
          line = last;
        }
      }
      compare(selection, plain, 120);
    }
  });

  test("what is no longer kept is forgotten", () => {
    const selection = new Selection(1);
    const plain = new Plain();
    const has = (line: number): boolean => line % 10 === 6;
    for (const first of [41, 51, 61, 71, 81, 31, 21, 11, 1]) {
      selection.put({ first, last: first + 9, runs: [5, 1] });
      plain.put(first, first + 9, has);
    }
    for (const line of [1, 2, 17, 36, 41, 77]) {
      selection.drop(line);
      for (const known of plain.known.keys()) if (known < line) plain.known.delete(known);
      compare(selection, plain, 90);
    }
    selection.drop(1000);
    expect(selection.count).toBe(0);
    expect(selection.next(0)).toBeUndefined();
  });

  test("two million matches are a few megabytes and quick questions", () => {
    const selection = new Selection(0);
    const runs = Array.from({ length: 20_000 }, (_, index) => (index % 2 === 0 ? index * 2 : 1));
    for (let part = 199; part >= 0; part--) selection.put({ first: 1 + part * 40_000, last: (part + 1) * 40_000, runs });
    expect(selection.count).toBe(2_000_000);
    const began = performance.now();
    let line = 0;
    for (let steps = 0; steps < 20_000; steps++) line = selection.next(line + 1) ?? 0;
    expect(selection.rank(line)).toBe(19_999);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
