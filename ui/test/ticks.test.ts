// The axis of the timeline: round local times, enough and not too many, in any zone and on days that have 23 or 25 hours.
import { afterEach, describe, expect, test } from "vitest";
import { clockWords, ticks, tickWords } from "../src/core/time/ticks.ts";
import { random } from "./helpers.ts";

const zone = process.env["TZ"];

afterEach(() => {
  if (zone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zone;
});

const date = (time: number): string => `${new Date(time).getDate()}.`;

function words(from: string, to: string, most: number): string[] {
  const { step, at } = ticks(Date.parse(from), Date.parse(to), most);
  return at.map((time) => tickWords(time, step, date));
}

describe.each(["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Chatham"])("in %s", (name) => {
  test("ticks are within the range, ascending, and as many as asked for at most", () => {
    process.env["TZ"] = name;
    const next = random(11);
    for (let i = 0; i < 400; i++) {
      const from = Date.UTC(2024, 0, 1) + Math.floor(next() * 366 * 86_400_000);
      const to = from + 1 + Math.floor(10 ** (next() * 11));
      const most = 2 + Math.floor(next() * 20);
      const { step, at } = ticks(from, to, most);
      expect(at.length).toBeLessThanOrEqual(most + 1);
      expect(at.every((time, k) => time >= from && time <= to && time > (at[k - 1] ?? -1))).toBe(true);
      // Daylight saving may swallow one.
      if (to - from >= 3 * step) expect(at.length).toBeGreaterThanOrEqual(Math.floor((to - from) / step) - 1);
    }
  });

  test("a day begins at midnight", () => {
    process.env["TZ"] = name;
    const from = Date.UTC(2024, 2, 20, 5);
    const { at } = ticks(from, from + 20 * 86_400_000, 25);
    expect(at).toHaveLength(20);
    for (const time of at) expect([new Date(time).getHours(), new Date(time).getMinutes()]).toEqual([0, 0]);
  });
});

test("hours stay round when the clocks change", () => {
  process.env["TZ"] = "Europe/Berlin";
  expect(words("2024-03-30T20:00Z", "2024-03-31T10:00Z", 8)).toEqual(["22:00", "31.", "03:00", "04:00", "06:00", "08:00", "10:00", "12:00"]);
  expect(words("2024-10-26T22:00Z", "2024-10-27T03:00Z", 6)).toEqual(["27.", "01:00", "02:00", "03:00", "04:00"]);
});

test("words are as exact as the steps", () => {
  process.env["TZ"] = "UTC";
  expect(words("2024-05-01T12:00:00.000Z", "2024-05-01T12:00:00.100Z", 2)).toEqual(["12:00:00.00", "12:00:00.05", "12:00:00.10"]);
  expect(words("2024-05-01T12:00:00.0Z", "2024-05-01T12:00:01.0Z", 2)).toEqual(["12:00:00.0", "12:00:00.5", "12:00:01.0"]);
  expect(words("2024-05-01T12:00Z", "2024-05-01T12:00:09Z", 2)).toEqual(["12:00:00", "12:00:05"]);
  expect(words("2024-05-01T12:00Z", "2024-05-01T12:09Z", 2)).toEqual(["12:00", "12:05"]);
  expect(words("2024-05-01T12:00Z", "2024-05-11T12:00Z", 2)).toEqual(["2.", "9."]);
  expect(clockWords(Date.parse("2024-05-01T12:00:00.007Z"), 0.5)).toBe("12:00:00.007");
});

test("an instant and an age have ticks, too", () => {
  process.env["TZ"] = "UTC";
  expect(ticks(1_000, 1_000, 5).at).toEqual([1_000]);
  const { at } = ticks(Date.UTC(1990, 0, 1), Date.UTC(2024, 0, 1), 6);
  expect(at.length).toBeGreaterThanOrEqual(4);
});

test("any times have ticks that are dates, and few", () => {
  const odd = [NaN, Infinity, -Infinity, -1, 0, 1, 1e12, 1e12 + 1, 253_402_300_799_000, 8.64e15, 1e300];
  for (const from of odd) {
    for (const to of odd) {
      for (const most of [0, 1, 7]) {
        const { at } = ticks(from, to, most);
        expect(at.length).toBeLessThanOrEqual(most + 1);
        for (const time of at) expect(time >= from && time <= to).toBe(true);
      }
    }
  }
});
