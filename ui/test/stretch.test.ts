import { expect, test } from "vitest";
import { joined, partsOf, stretchOf, wholeLines, type Point } from "../src/core/rows/stretch.ts";
import { random } from "./helpers.ts";

const letters = "ab\u00fc\u{1f600} ";

function pointAt(lines: readonly string[], line: number, at: number): Point {
  const text = lines[line - 1] ?? "";
  return { line, sub: 0, before: text.slice(0, at), after: text.slice(at) };
}

test("what is copied is the text between two points, in whichever order they were chosen", () => {
  for (let seed = 1; seed <= 400; seed++) {
    const next = random(seed);
    const lines = Array.from({ length: 1 + Math.floor(next() * 6) }, () =>
      Array.from({ length: Math.floor(next() * 5) }, () => letters[Math.floor(next() * letters.length)]).join(""),
    );
    const some = (): [Point, number] => {
      const line = 1 + Math.floor(next() * lines.length);
      const at = Math.floor(next() * ((lines[line - 1]?.length ?? 0) + 1));
      return [pointAt(lines, line, at), lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0) + at];
    };
    const [[a, atA], [b, atB]] = [some(), some()];
    const expected = lines.join("\n").slice(Math.min(atA, atB), Math.max(atA, atB));
    const stretch = stretchOf(a, b);
    if (stretch === undefined) {
      expect(expected).toBe("");
      continue;
    }
    const parts = partsOf(stretch);
    const whole = lines.slice(parts.from - 1, Math.max(parts.from - 1, parts.to)).map((line) => `${line}\n`);
    expect(joined(parts, whole.join(""))).toBe(expected);
  }
});

test("an empty line is a line, and rows between lines say nothing", () => {
  expect(joined({ head: "a", tail: undefined, from: 2, to: 2 }, "\n")).toBe("a\n");
  const row = (line: number): Point => ({ line, sub: 2, before: "", after: "" });
  const stretch = stretchOf(row(7), row(3));
  expect(stretch && partsOf(stretch)).toEqual({ head: undefined, tail: undefined, from: 4, to: 7 });
  expect(stretchOf(row(7), row(7))).toBeUndefined();
});

test("all lines from one to another", () => {
  expect(partsOf(wholeLines(5, 800_000))).toEqual({ head: undefined, tail: undefined, from: 5, to: 800_000 });
  expect(partsOf(wholeLines(1, 1))).toEqual({ head: undefined, tail: undefined, from: 1, to: 1 });
});
