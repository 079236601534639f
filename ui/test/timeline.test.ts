// The timeline's arithmetic: what the server says is read with care, lines and times find their buckets, and columns show
// every warning and error.
import { describe, expect, test } from "vitest";
import { bucketAt, bucketOfLine, columns, endOf, parseTimeline, sum, timesOf, type Timeline } from "../src/core/time/timeline.ts";
import { random } from "./helpers.ts";

const ANSWER = {
  epoch: "e",
  from: 1_000,
  to: 1_399,
  width: 100,
  last_seq: 9,
  lines: [3, 0, 0, 2],
  warnings: [1, 0, 0, 0],
  errors: [0, 0, 0, 2],
  first_line: [1, 4, 4, 4],
};

function parsed(changes: object = {}): Timeline | undefined {
  return parseTimeline({ ...ANSWER, ...changes });
}

/** A log of lines with random times, and its histogram, made the obvious way. */
function made(seed: number): { times: number[]; timeline: Timeline } {
  const next = random(seed);
  const times: number[] = [];
  for (let time = 5_000, i = 0; i < 60; i++) {
    time += next() < 0.3 ? Math.floor(next() * 900) : 0;
    times.push(time);
  }
  const [from = 0, to = 0] = [times[0], times.at(-1)];
  const width = Math.max(1, (to - from + 1) / (1 + Math.floor(next() * 30)));
  const lines: number[] = [];
  const firstLine: number[] = [];
  for (let i = 0; from + i * width <= to; i++) {
    const [start, end] = [from + i * width, from + (i + 1) * width];
    lines.push(times.filter((time) => time >= start && time < end).length);
    firstLine.push(times.findIndex((time) => time >= start) + 1);
  }
  const none = lines.map(() => 0);
  return { times, timeline: { epoch: "e", from, width, lines, firstLine, warnings: none, errors: none } };
}

describe("the server's answer", () => {
  test("is read", () => {
    expect(parsed()).toEqual({
      epoch: "e",
      from: 1_000,
      width: 100,
      lines: [3, 0, 0, 2],
      warnings: [1, 0, 0, 0],
      errors: [0, 0, 0, 2],
      firstLine: [1, 4, 4, 4],
    });
  });

  test.each([
    [{ lines: [] }],
    [{ lines: [0, 0, 0, 0] }],
    [{ lines: "3" }],
    [{ lines: [1, 2] }],
    [{ errors: [0, 0, 0, -1] }],
    [{ warnings: undefined }],
    [{ first_line: [1, 4, 4, null] }],
    [{ width: 0 }],
    [{ width: NaN }],
    [{ from: "now" }],
    [{ epoch: 7 }],
  ])("with %j is none", (changes) => expect(parsed(changes)).toBeUndefined());

  test.each([
    { from: Infinity }, { from: NaN }, { from: -1 }, { from: 1e22 }, { width: Infinity }, { width: NaN }, { width: 0 }, { width: 1e300 }, { width: "9" },
    { lines: [Infinity, 0, 0, 1] }, { lines: Array.from({ length: 5001 }, () => 1), warnings: [], errors: [], first_line: [] },
  ])("is not of %j", (changes) => expect(parsed(changes)).toBeUndefined());

  test("may be of the years 1970 and 9999", () => {
    for (const from of [0, 253_402_300_799_000_000]) expect(parsed({ from })?.from).toBe(from);
  });

  test.each([[null], [7], ["timeline"], [[]]])("is not %j", (json) => expect(parseTimeline(json)).toBeUndefined());
});

test("every line is in the bucket of its time", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const { times, timeline } = made(seed);
    for (const [index, time] of times.entries()) expect([seed, bucketOfLine(timeline, index + 1)]).toEqual([seed, bucketAt(timeline, time)]);
    expect(sum(timeline, 0, timeline.lines.length - 1).lines).toBe(times.length);
  }
});

test("times and lines outside are in the first or the last bucket", () => {
  const { timeline } = made(3);
  const last = timeline.lines.length - 1;
  expect([bucketAt(timeline, 0), bucketAt(timeline, endOf(timeline) + 5)]).toEqual([0, last]);
  expect([bucketOfLine(timeline, 0), bucketOfLine(timeline, 1e9)]).toEqual([0, last]);
});

test("the times of some buckets hold exactly their lines", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const { times, timeline } = made(seed);
    const next = random(seed + 1_000);
    const [a, b] = [0, 0].map(() => Math.floor(next() * timeline.lines.length));
    const [first, last] = [Math.min(a ?? 0, b ?? 0), Math.max(a ?? 0, b ?? 0)];
    const { from, to } = timesOf(timeline, first, last);
    const inside = times.filter((time) => time >= from && time <= to).length;
    // A bucket may begin between two microseconds; the server's begin at whole ones.
    if (Number.isInteger(timeline.width)) expect(inside).toBe(sum(timeline, first, last).lines);
    expect(from).toBeLessThanOrEqual(to);
  }
});

describe("columns", () => {
  const shape = (lines: number[], warnings: number[], errors: number[]): Timeline => ({
    epoch: "e",
    from: 0,
    width: 1,
    lines,
    warnings,
    errors,
    firstLine: lines.map(() => 1),
  });

  test("go by the square root", () => {
    const heights = columns(shape([100, 25, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]), 20).map(({ others }) => others);
    expect(heights).toEqual([20, 10, 2, 0]);
  });

  test("of nothing are nothing", () => {
    expect(columns(shape([0], [0], [0]), 20)).toEqual([{ errors: 0, warnings: 0, others: 0 }]);
  });

  test("show a single error and a single warning in a flood, and never outgrow the plot", () => {
    const next = random(7);
    for (let i = 0; i < 500; i++) {
      const all = 1 + Math.floor(next() ** 4 * 1e6);
      const errors = Math.min(all, Math.floor(next() ** 3 * 10));
      const warnings = Math.min(all - errors, Math.floor(next() ** 3 * 10));
      const [column] = columns(shape([all, 1e6], [warnings, 0], [errors, 0]), 24);
      const { errors: bad = 0, warnings: warned = 0, others = 0 } = column ?? {};
      expect(bad).toBeGreaterThanOrEqual(errors > 0 ? 2 : 0);
      expect(warned).toBeGreaterThanOrEqual(warnings > 0 ? 2 : 0);
      expect(bad + warned + others).toBeLessThanOrEqual(24);
      expect(bad + warned + others).toBeGreaterThan(0);
    }
  });
});
