// What moves the playhead by hand, and what the clock does.
import { expect, test } from "vitest";
import { Jumps } from "../src/core/time/jumps.ts";

test("who leaves the time machine goes to the present, though the clock still ticks", () => {
  const jumps = new Jumps();
  jumps.asked("seek");
  expect(jumps.told({ jumps: 1 })).toBe(true);
  jumps.asked("tick");
  expect(jumps.told({ jumps: 1 })).toBe(false);
  jumps.asked("live");
  jumps.asked("tick");
  // What was under way.
  expect(jumps.told({ jumps: 1 })).toBe(false);
  jumps.asked("tick");
  expect(jumps.told(undefined)).toBe(true);
});

test("one that comes to its end by itself does not, whatever was asked before", () => {
  const jumps = new Jumps();
  jumps.asked("live");
  jumps.asked("seek");
  expect(jumps.told({ jumps: 1 })).toBe(true);
  jumps.asked("tick");
  expect(jumps.told(undefined)).toBe(false);
  jumps.asked("seek");
  expect(jumps.told({ jumps: 2 })).toBe(true);
  jumps.asked("live");
  expect(jumps.told(undefined)).toBe(true);
  expect(jumps.told({ jumps: 3 })).toBe(true);
  expect(jumps.told(undefined)).toBe(false);
});
