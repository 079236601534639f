import { expect, test } from "vitest";
import { ago, beside, day, daysDiffer, exactly, since, TIME_COLUMNS } from "../src/core/time/times.ts";
import { random } from "./helpers.ts";

const AT = Date.UTC(2025, 4, 2, 8, 0, 1, 23) * 1000 + 456;

test.each([
  [0, "0.0 s ago"],
  [3.24, "3.2 s ago"],
  [59.96, "59.9 s ago"],
  [61, "1 min ago"],
  [3599, "59 min ago"],
  [7200, "2 h ago"],
  [200_000, "2 d ago"],
  [-5, "0.0 s ago"],
])("%f seconds ago", (seconds, words) => {
  expect(ago(AT, AT + seconds * 1e6)).toBe(words);
});

test.each([
  [0, "+0.000"],
  [1.2345, "+1.234"],
  [123.456, "+2:03.456"],
  [3723.456, "+1:02:03.456"],
  [-1.5, "-1.500"],
])("%f seconds after the start", (seconds, words) => {
  expect(since(AT, AT + Math.round(seconds * 1e6))).toBe(words);
});

test("clocks are local or UTC, to the millisecond, and all of a time can be told", () => {
  const local = new Date(AT / 1000);
  expect(beside("utc", AT, AT, undefined)).toBe("08:00:01.023Z");
  expect(beside("local", AT, AT, undefined)).toBe(`${local.toTimeString().slice(0, 8)}.023`);
  expect(beside("off", AT, AT, undefined)).toBe("");
  expect(beside("start", AT, AT, undefined)).toBe("");
  expect(exactly(AT, true)).toBe("2025-05-02 08:00:01.023456 UTC");
  expect(exactly(AT, false)).toMatch(/^2025-05-0[123] \d\d:\d\d:01\.023456 UTC([+-]\d+(:\d\d)?)?$/);
  expect(day(AT, true)).toMatch(/^Friday,? 2 May 2025$/);
});

test("days differ at midnight, whichever way the clock goes", () => {
  const midnight = Date.UTC(2025, 4, 3) * 1000;
  expect(daysDiffer(midnight - 1, midnight, true)).toBe(true);
  expect(daysDiffer(midnight, midnight - 1, true)).toBe(true);
  expect(daysDiffer(midnight, midnight + 86_399_000_000, true)).toBe(false);
  const local = new Date(2025, 4, 3).getTime() * 1000;
  expect(daysDiffer(local - 1000, local, false)).toBe(true);
  expect(daysDiffer(local, local + 1000, false)).toBe(false);
});

test("what stands beside a line fits its column for as long as a day", () => {
  const next = random(4);
  for (let i = 0; i < 1000; i++) {
    const [time, now] = [AT, AT + next() * 86_400e6];
    for (const shown of ["local", "utc", "relative", "start"] as const) {
      expect(beside(shown, shown === "start" ? now : time, now, AT).length).toBeLessThanOrEqual(TIME_COLUMNS[shown]);
    }
  }
});
