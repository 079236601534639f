import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { GroupSource } from "../src/components/log/group-source.ts";

let asked: string[];
let answers: (object | undefined)[];

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  answers = [];
  vi.stubGlobal("fetch", (url: URL) => {
    asked.push(url.search);
    const answer = answers.shift();
    return answer === undefined ? Promise.reject(new TypeError("Failed to fetch")) : Promise.resolve(Response.json(answer));
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function source(): GroupSource {
  const state = { epoch: "e", phase: "live" } as const;
  const made = new GroupSource({ url: new URL("http://webtee.example/s/x/"), state }, () => undefined, new AbortController().signal);
  made.changed();
  return made;
}

function group(line: number): object {
  return { line, end_line: line + 2, name: `g${line}`, depth: 0, from: 0, to: 5_000_000, style: "gitlab", collapsed: true };
}

test("a request that failed is made again, ever more rarely", async () => {
  const groups = source();
  groups.saw(5);
  await vi.advanceTimersByTimeAsync(0);
  const counts = [];
  for (let second = 0; second < 64; second++) {
    await vi.advanceTimersByTimeAsync(1000);
    counts.push(asked.length);
  }
  expect(asked.length).toBeGreaterThanOrEqual(4);
  expect(asked.length).toBeLessThanOrEqual(8);
  expect(counts.slice(0, 4)).toEqual([1, 2, 2, 2]);
  answers = [{ epoch: "e", groups: [group(5)], more: false }];
  await vi.advanceTimersByTimeAsync(60_000);
  expect(groups.of(5)).toMatchObject({ name: "g5", end: 7 });
  const { length } = asked;
  await vi.advanceTimersByTimeAsync(600_000);
  expect(asked.length).toBe(length);
});

test("when there are more, they are asked for", async () => {
  const groups = source();
  answers = [{ epoch: "e", groups: [group(5)], more: true }, { epoch: "e", groups: [group(90)], more: false }];
  groups.saw(5);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toEqual(["?after_line=0", "?after_line=7"]);
  expect(groups.of(90)).toBeDefined();
});

test("more of nothing new is not asked for without end", async () => {
  const groups = source();
  answers = Array.from({ length: 50 }, () => ({ epoch: "e", groups: [], more: true }));
  groups.saw(5);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked.length).toBe(1);
});
