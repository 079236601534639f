// The terminal in the time machine: wherever the playhead goes, it shows what one shows that was fed what had come by
// then. The server is a stub that has the log; the terminals are real ones.
import { deflateRawSync } from "node:zlib";
import { Terminal } from "@xterm/xterm";
import { afterEach, expect, test, vi } from "vitest";
import { Kind, type Record } from "../src/core/log/record.ts";
import type { Piece } from "../src/worker/messages.ts";
import type { Playhead } from "../src/worker/past.ts";
import { TerminalFeed } from "../src/worker/terminal.ts";
import { encode, random, recordsOf } from "./helpers.ts";

const SIZE = { cols: 20, rows: 6 };
const PIECES = ["word ", "line\r\n", "\x1b[?1049h", "\x1b[?1049l", "\x1b[H\x1b[2J", "\x1b[3;4Hthere", "\x1b[31mred", "漢\x1b[A", "\x1b[K"];

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** A terminal as the page has it. */
class Shown {
  terminal = new Terminal({ ...SIZE, allowProposedApi: true });
  exact: boolean | undefined;
  run = 0;

  take({ run, exact, size, bytes }: Piece): void {
    if (run !== this.run) {
      this.run = run;
      this.exact = exact;
      this.terminal = new Terminal({ ...SIZE, allowProposedApi: true });
    }
    const { terminal } = this;
    if (size !== undefined) terminal.write("", () => terminal.resize(size.cols, size.rows));
    if (bytes !== undefined) terminal.write(bytes);
  }

  async screen(): Promise<string[]> {
    await new Promise<void>((done) => this.terminal.write("", done));
    const { cols, rows, buffer } = this.terminal;
    const { active } = buffer;
    const lines = Array.from({ length: rows }, (_, y) => active.getLine(active.baseY + y)?.translateToString(true) ?? "");
    return [`${active.type} ${cols}x${rows} ${active.cursorX},${active.cursorY}`, ...lines];
  }
}

/** A log whose records are apart in time, in segments of a few records each. */
class Log {
  readonly records: readonly Record[];
  readonly #firsts: number[] = [];
  /** Seqs up to which the log is there; what is in a segment beyond is not yet. */
  head: number;
  /** What was asked of the server. */
  readonly asked: string[] = [];
  first = 1;

  constructor(next: () => number) {
    let rest = "";
    const writes = Array.from({ length: 60 }, () => {
      const resize = { event: "resize", cols: 10 + Math.floor(next() * 20), rows: 3 + Math.floor(next() * 8) };
      if (next() < 0.08) return { kind: Kind.event, data: JSON.stringify(resize) };
      rest += Array.from({ length: 1 + Math.floor(next() * 4) }, () => PIECES[Math.floor(next() * PIECES.length)] ?? "").join("");
      const data = rest.slice(0, Math.ceil(next() * rest.length));
      rest = rest.slice(data.length);
      return { kind: Kind.output, data };
    });
    let time = 1000;
    this.records = recordsOf(writes).map((record) => ({ ...record, time: (time += Math.floor((record.kind === Kind.event ? 1 : 0) + next() * 2) * 10) }));
    for (let seq = 1; seq <= this.records.length; seq += 1 + Math.floor(next() * 8)) this.#firsts.push(seq);
    this.head = this.records.length;
  }

  holding = (seq: number): number | undefined => (seq > this.head ? undefined : this.#firsts.findLast((first) => first <= Math.max(seq, this.first)));

  /** How it was: the offset, the last seq and its time, and the size. */
  at(time: number): { until: number; last: number; seq: number; size: { cols: number; rows: number } } {
    const had = this.records.filter((record) => record.time <= time && record.seq <= this.head);
    let size = SIZE;
    let until = 0;
    for (const { kind, payload } of had) {
      if (kind === Kind.event) size = JSON.parse(new TextDecoder().decode(payload)) as typeof SIZE;
      else until += payload.length;
    }
    return { until, last: had.at(-1)?.time ?? 0, seq: had.length, size: { cols: size.cols, rows: size.rows } };
  }

  serve(given: string): Response {
    const url = new URL(given);
    this.asked.push(url.pathname + url.search.replace(/epoch=e/, ""));
    if (url.pathname.endsWith("/screen")) {
      const { until, seq, size } = this.at(Number(url.searchParams.get("to_time")));
      const from = this.records[this.first - 1]?.offset ?? 0;
      const segments = this.#firsts.filter((first) => first >= this.first && (this.records[first - 1]?.offset ?? 0) < until);
      const part = { from, to: until, before: "", ...SIZE, segments };
      return Response.json({ epoch: "e", on: false, ...size, last_seq: seq, exact: from === 0, parts: [part] });
    }
    const first = Number(url.pathname.split("/").at(-1));
    const after = this.#firsts[this.#firsts.indexOf(first) + 1] ?? Infinity;
    const within = this.records.filter(({ seq }) => seq >= first && seq < after && seq <= this.head);
    return new Response(deflateRawSync(Buffer.concat(within.map(encode))));
  }

  playhead(time: number): Playhead {
    const { until, last } = this.at(time);
    return { time, until, last };
  }

  /** What one shows that was there. */
  async expected(time: number): Promise<string[]> {
    const shown = new Shown();
    const take = (size: Piece["size"], bytes: Piece["bytes"]): void => shown.take({ type: "piece", run: 0, exact: undefined, size, bytes });
    for (const { kind, payload } of this.records.filter((record) => record.time <= time && record.seq <= this.head)) {
      if (kind === Kind.event) take(JSON.parse(new TextDecoder().decode(payload)) as typeof SIZE, undefined);
      else take(undefined, payload.slice());
    }
    return shown.screen();
  }
}

function begin(log: Log): { feed: TerminalFeed; shown: Shown; sent: Piece[] } {
  const shown = new Shown();
  const sent: Piece[] = [];
  vi.stubGlobal("fetch", (url: string) => Promise.resolve(log.serve(url)));
  const take = (piece: Piece): void => {
    sent.push(piece);
    shown.take(piece);
    const { run, bytes } = piece;
    if (bytes !== undefined) queueMicrotask(() => feed.written(run, bytes.length));
  };
  const feed: TerminalFeed = new TerminalFeed("http://host/s/s/", take, () => undefined, log.holding);
  feed.follow(true);
  return { feed, shown, sent };
}

test("wherever the playhead goes, the screen is that of then", async () => {
  for (let seed = 1; seed <= 8; seed++) {
    const next = random(seed);
    const log = new Log(next);
    const { feed, shown } = begin(log);
    const last = log.records.at(-1)?.time ?? 0;
    let time = 1000;
    let jumps = 0;
    for (let i = 0; i < 25; i++) {
      if (next() < 0.3) {
        time = 990 + Math.floor(next() * (last - 980));
        jumps += 1;
      } else time += Math.floor(next() * 60);
      feed.play(log.playhead(time), jumps);
      // Often somewhere else before it got there.
      if (next() < 0.4) continue;
      const expected = await log.expected(time);
      await vi.waitFor(async () => expect(await shown.screen()).toEqual(expected), { interval: 2 });
    }
    feed.follow(false);
  }
});

test("playing on reads each segment once and begins nothing anew", async () => {
  const log = new Log(random(5));
  const { feed, shown, sent } = begin(log);
  const last = log.records.at(-1)?.time ?? 0;
  feed.play(log.playhead(1000), 1);
  for (let time = 1000; time <= last; time += 10) {
    feed.play(log.playhead(time), 1);
    const expected = await log.expected(time);
    await vi.waitFor(async () => expect(await shown.screen()).toEqual(expected), { interval: 2 });
  }
  expect(log.asked.filter((path) => path.includes("to_time"))).toEqual(["/s/s/screen?to_time=1000"]);
  const segments = log.asked.filter((path) => path.includes("/segments/"));
  expect(segments).toHaveLength(new Set(segments).size);
  // The present, which was begun first, and then.
  expect(new Set(sent.map(({ run }) => run)).size).toBeLessThanOrEqual(2);
});

test("what comes while the playhead stands is not shown, and is there when it goes on", async () => {
  const log = new Log(random(6));
  log.head = 30;
  const now = log.records[29]?.time ?? 0;
  const { feed, shown } = begin(log);
  feed.play(log.playhead(now), 1);
  const then = await log.expected(now);
  await vi.waitFor(async () => expect(await shown.screen()).toEqual(then), { interval: 2 });
  log.head = 60;
  for (const record of log.records.slice(30)) feed.record(record);
  feed.changed();
  expect(await shown.screen()).toEqual(then);
  const later = log.records.at(-1)?.time ?? 0;
  feed.play(log.playhead(later), 1);
  const expected = await log.expected(later);
  await vi.waitFor(async () => expect(await shown.screen()).toEqual(expected), { interval: 2 });
});

test("what was let go meanwhile is told to be missing", async () => {
  const log = new Log(random(7));
  const { feed, shown } = begin(log);
  const [early, late] = [log.records[3]?.time ?? 0, log.records[55]?.time ?? 0];
  feed.play(log.playhead(early), 1);
  await vi.waitFor(() => expect(shown.exact).toBe(true));
  log.first = log.holding(40) ?? 0;
  feed.play(log.playhead(late), 1);
  await vi.waitFor(() => expect(shown.exact).toBe(false));
});

test("a server that does not answer is asked again", async () => {
  vi.useFakeTimers();
  const log = new Log(random(8));
  const { feed, shown } = begin(log);
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("offline")));
  const time = log.records[20]?.time ?? 0;
  feed.play(log.playhead(time), 1);
  await vi.advanceTimersByTimeAsync(100);
  vi.stubGlobal("fetch", (url: string) => Promise.resolve(log.serve(url)));
  await vi.advanceTimersByTimeAsync(2_000);
  vi.useRealTimers();
  const expected = await log.expected(time);
  await vi.waitFor(async () => expect(await shown.screen()).toEqual(expected), { interval: 2 });
});
