// What someone who looks elsewhere is told: any cut of the output into records says the same, and a flood is one message.
import { describe, expect, test } from "vitest";
import { Kind, type Record } from "../src/core/log/record.ts";
import { TaskProgressReader } from "../src/core/terminal/task-progress.ts";
import type { Query } from "../src/core/view-state.ts";
import type { News } from "../src/worker/messages.ts";
import { Notice } from "../src/worker/notice.ts";
import { bytes, random as seeded } from "./helpers.ts";

const ERROR: Query = { text: "error", regex: false, caseSensitive: false, invert: false };

function record(text: string, line: number, kind: number = Kind.output): Record {
  return { kind, seq: 1, offset: 0, line, time: 0, payload: bytes(text) };
}

describe("the progress that a program tells", () => {
  const say = (text: string): unknown => {
    const reader = new TaskProgressReader();
    reader.push(bytes(text));
    return reader.value;
  };

  test.each([
    ["\x1b]9;4;1;42\x07", { state: "running", percent: 42 }],
    ["a\x1b]9;4;1;42\x1b\\b", { state: "running", percent: 42 }],
    ["\x1b]9;4;1;999\x07", { state: "running", percent: 100 }],
    ["\x1b]9;4;1;5\x07\x1b[31mred\x1b]9;4;2;50\x07 and on\x1b[0m", { state: "failed", percent: 50 }],
    ["\x1b]9;4;2\x07", { state: "failed", percent: undefined }],
    ["\x1b]9;4;3;7\x07", { state: "busy", percent: undefined }],
    ["\x1b]9;4;4;10\x07", { state: "paused", percent: 10 }],
    ["\x1b]9;4;1;5\x07\x1b]9;4;0\x07", undefined],
    ["\x1b]9;4;1;5\x07\x1b]9;4;7;1\x07", { state: "running", percent: 5 }],
    ["\x1b]9;4;1;5\x07\x1b]9;4;1;x\x07", { state: "running", percent: 5 }],
    ["\x1b]9;4;1;5\x07\x1b]9;4;1;6", { state: "running", percent: 5 }],
    ["no sequence ]9;4;1;5", undefined],
  ])("%j", (text, value) => {
    expect(say(text)).toEqual(value);
  });

  test("whatever the cuts", () => {
    const next = seeded(7);
    const random = (below: number): number => Math.floor(next() * below);
    for (let round = 0; round < 300; round++) {
      const text = Array.from({ length: 20 }, () => ["é", "\x1b[31m", "\n", `\x1b]9;4;${random(5)};${random(101)}\x07`, "\x1b]0;title\x07", "\x1b]9;4;1;"][random(6)]).join("");
      const all = bytes(text);
      const reader = new TaskProgressReader();
      for (let at = 0; at < all.length; ) {
        const to = at + 1 + random(12);
        reader.push(all.subarray(at, to));
        at = to;
      }
      expect(reader.value).toEqual(say(text));
    }
  });

  test("says only what is new", () => {
    const reader = new TaskProgressReader();
    expect(reader.push(bytes("\x1b]9;4;1;5\x07"))).toBe(true);
    expect(reader.push(bytes("plain"))).toBe(false);
    expect(reader.push(bytes("\x1b]9;4;1;5\x07"))).toBe(false);
    expect([reader.clear(), reader.clear()]).toEqual([true, false]);
  });
});

describe("lines that are waited for", () => {
  const listening = async (query: Query | undefined): Promise<{ notice: Notice; told: News[] }> => {
    const told: News[] = [];
    const notice = new Notice((news) => told.push(news));
    await notice.watch(query);
    return { notice, told };
  };

  test("are told once, when they end, as a reader sees them", async () => {
    const { notice, told } = await listening(ERROR);
    notice.record(record("fine\nan \x1b[31mErr", 1));
    notice.record(record("or\x1b[0m here", 2));
    expect(told).toEqual([]);
    notice.record(record(" it is\nfine\n", 2));
    expect(told).toEqual([{ type: "news", progress: undefined, noticed: { count: 1, line: 2, text: "an Error here it is" }, ended: undefined }]);
  });

  test("end where stdout and stderr meet", async () => {
    const { notice, told } = await listening(ERROR);
    notice.record(record("error", 5));
    notice.record(record("other\n", 6, Kind.stderr));
    expect(told.map(({ noticed }) => noticed)).toEqual([{ count: 1, line: 5, text: "error" }]);
  });

  test("are summed up until the page has heard", async () => {
    const { notice, told } = await listening(ERROR);
    for (let line = 1; line <= 1000; line++) notice.record(record(`error ${line}\n`, line));
    expect(told).toHaveLength(1);
    notice.heard();
    expect(told[1]?.noticed).toEqual({ count: 999, line: 1000, text: "error 1000" });
    notice.heard();
    expect(told).toHaveLength(2);
  });

  test("are not made of what is missing in between", async () => {
    const { notice, told } = await listening(ERROR);
    notice.record(record("err", 1));
    notice.skip();
    notice.record(record("or\n", 1));
    expect(told).toEqual([]);
  });

  test("are not missed while a regular expression is being made ready", async () => {
    const told: News[] = [];
    const notice = new Notice((news) => told.push(news));
    const ready = notice.watch({ ...ERROR, text: "err(or|ing)", regex: true });
    notice.record(record("fine\nerr", 1));
    notice.record(record("or\n", 2));
    await ready;
    expect(told.map(({ noticed }) => noticed)).toEqual([{ count: 1, line: 2, text: "error" }]);
  });

  test("nothing is looked at that nobody waits for", async () => {
    const { notice, told } = await listening(undefined);
    notice.record(record("error\n", 1));
    await notice.watch(ERROR);
    notice.record(record("fine\n", 2));
    expect(told).toEqual([]);
  });

  test("whatever the cuts, each line once", async () => {
    const next = seeded(3);
    const random = (below: number): number => Math.floor(next() * below);
    for (let round = 0; round < 50; round++) {
      const lines = Array.from({ length: 12 }, () => ["", "error", "fine ü", "\x1b[1merr\x1b[0mor", "x".repeat(50)][random(5)] ?? "");
      const all = bytes(lines.map((line) => `${line}\n`).join(""));
      const { notice, told } = await listening(ERROR);
      for (let at = 0, line = 1; at < all.length; ) {
        const payload = all.slice(at, at + 1 + random(9));
        notice.record({ ...record("", line), payload });
        line += payload.filter((byte) => byte === 10).length;
        at += payload.length;
        notice.heard();
      }
      const wanted = lines.flatMap((text, i) => (text.includes("err") ? [i + 1] : []));
      expect(told.reduce((sum, { noticed }) => sum + (noticed?.count ?? 0), 0)).toBe(wanted.length);
      expect(told.at(-1)?.noticed?.line).toBe(wanted.at(-1));
    }
  });

  test("the end of the run, and no progress after it", async () => {
    const { notice, told } = await listening(undefined);
    notice.record(record("\x1b]9;4;1;50\x07", 1));
    expect(told[0]?.progress?.percent).toBe(50);
    notice.heard();
    notice.record(record(JSON.stringify({ event: "exit", run: 1, code: 3, signal: null, seconds: 1 }), 1, Kind.event));
    expect(told[1]).toEqual({ type: "news", progress: undefined, noticed: undefined, ended: { code: 3, signal: null, seconds: 1 } });
  });
});
