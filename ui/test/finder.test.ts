import { expect, test } from "vitest";
import type { Client } from "../src/components/client.ts";
import { Finder } from "../src/components/search/finder.ts";
import { Rows } from "../src/core/rows/rows.ts";
import { Selection } from "../src/core/rows/selection.ts";

/** What is found in these lines of a log of a thousand. */
function finder(lines: readonly number[]): Finder {
  const rows = new Rows();
  rows.last = 1000;
  const hits = new Selection();
  hits.put({ first: 1, last: rows.last, runs: lines.flatMap((line) => [line - 1, 1]) });
  return new Finder({ rows, search: { hits } } as unknown as Client);
}

test("the nearest match is the first below what is in sight, or else the last above it", () => {
  const some = finder([100, 200, 300]);
  expect(some.nearest([110, 150], false)).toBe(200);
  expect(some.nearest([110, 150], true)).toBe(100);
  expect(some.nearest([310, 350], false)).toBe(300);
  expect(some.nearest([310, 350], true)).toBe(300);
  expect(some.nearest([10, 50], true)).toBeUndefined();
  // Lines in sight are [from, to).
  expect(some.nearest([150, 200], false)).toBe(200);
  expect(finder([]).nearest([1, 40], false)).toBeUndefined();
});

test("where a match is in sight, none has to come", () => {
  for (const above of [false, true]) {
    expect(finder([100, 200]).nearest([100, 140], above)).toBeUndefined();
    expect(finder([100, 200]).nearest([61, 101], above)).toBeUndefined();
  }
});
