// A server, or something between, that says what it must not: whatever comes, the worker neither throws nor asks without end.
import { deflateRawSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Kind, type Record } from "../src/core/log/record.ts";
import type { Frame, Order, Port, ToPage, ToWorker, ViewMessage } from "../src/worker/messages.ts";
import { serve } from "../src/worker/serve.ts";
import { bytes, encode, random } from "./helpers.ts";

/** The browser's end of the live connections, which a test speaks through. */
class Socket {
  static all: Socket[] = [];
  onopen?: () => void;
  onmessage?: (event: { data: string | ArrayBuffer }) => void;
  onclose: ((event: { code: number }) => void) | null = null;

  readonly url: string;

  constructor(url: string) {
    this.url = url;
    Socket.all.push(this);
  }

  static get last(): Socket {
    const last = Socket.all.at(-1);
    if (last === undefined) throw new Error("no connection");
    return last;
  }

  say(data: string | Uint8Array): void {
    this.onmessage?.({ data: typeof data === "string" ? data : data.slice().buffer });
  }

  close(code = 1006): void {
    this.onclose?.({ code });
  }
}

const STREAM = { name: "s", title: "", command: [], pty: true, cols: 80, rows: 24, screen: false };
const HELLO = { type: "hello", epoch: "e", stream: STREAM, first: { seq: 1, line: 1, time: 0 }, head: { seq: 1000, line: 1001, time: 9 }, resume: "fresh" };
const SEGMENT = { first_seq: 1, last_seq: 1000, line: 1, time: 0, offset: 0, raw: 1 << 20, stored: 1, sealed: true, mid_line: false };

/** What is asked for, and the answers by the last part of the path; what has none hangs. */
let asked: string[];
let answers: { [what: string]: (url: URL) => BodyInit | Response };
let frames: Frame[];
let port: Port | undefined;

function post(message: ToWorker): void {
  port?.onmessage?.({ data: message } as MessageEvent<ToWorker>);
}

function view(changes: Partial<ViewMessage> = {}): void {
  post({ type: "view", follow: false, count: 50, ranges: [], seen: [[1, 50]], limits: [], known: [], ...changes });
}

function open(hello: object = HELLO): void {
  port = {
    onmessage: null,
    postMessage: (message: ToPage) => {
      if (message.type === "frame") frames.push(message);
      else if (message.type === "piece") post({ type: "written", run: message.run, bytes: message.bytes?.length ?? 0 });
    },
    close: () => undefined,
  };
  serve(port);
  post({ type: "open", base: "http://host/", name: "s", line: undefined });
  Socket.last.onopen?.();
  Socket.last.say(JSON.stringify(hello));
}

function recordOf(changes: Partial<Record>): Record {
  return { kind: Kind.output, seq: 1, offset: 0, line: 1, time: 1, payload: bytes("x\n"), ...changes };
}

function body(...records: Record[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(deflateRawSync(Buffer.concat(records.map(encode))));
}

/** Let so many milliseconds pass, in which the page draws and asks as often as it can. */
async function pass(ms: number): Promise<void> {
  for (let at = 0; at < ms; at += 50) {
    view();
    await vi.advanceTimersByTimeAsync(50);
    // Streams and what they inflate take turns of the real loop.
    await new Promise<void>((done) => setImmediate(done));
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
  Socket.all = [];
  [asked, frames] = [[], []];
  answers = {};
  vi.stubGlobal("WebSocket", Socket);
  vi.stubGlobal("fetch", (given: string | URL, { signal }: { signal?: AbortSignal } = {}) => {
    const url = new URL(given);
    asked.push(url.pathname);
    const what = url.pathname.split("/")[3] ?? "";
    const answer = answers[url.pathname.split("/").length > 4 ? "segment" : what];
    if (answer === undefined) {
      return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError"))));
    }
    const said = answer(url);
    return Promise.resolve(said instanceof Response ? said : new Response(said));
  });
});

afterEach(() => {
  post({ type: "close" });
  port = undefined;
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function count(path: RegExp): number {
  return asked.filter((each) => path.test(each)).length;
}

/** It is asked for once more, sooner or later, but in ten seconds at most so many times. */
async function modest(path: RegExp, most = 5): Promise<void> {
  await pass(10_000);
  expect(count(path)).toBeLessThanOrEqual(most);
  // What is inflated comes in real time.
  while (count(path) < 2) await pass(1000);
}

describe("requests", () => {
  const list = (...segments: object[]) => (): string => JSON.stringify({ epoch: "e", segments });
  const one = recordOf({ seq: 1 });

  test.each<[string, (url: URL) => BodyInit | Response]>([
    ["fails", () => new Response("no", { status: 500 })],
    ["is gone", () => new Response("no", { status: 410 })],
    ["is empty", () => ""],
    ["is an empty stream", () => body()],
    ["is no deflate", () => "<html>Welcome to the hotel's network</html>"],
    ["is cut", () => body(one).subarray(0, 20)],
    ["ends too early", () => body(one)],
    ["ends within a record", () => new Uint8Array(deflateRawSync(encode(one).subarray(0, 30)))],
    ["is of other records", () => body(recordOf({ seq: 5_000_000, line: 7 }))],
    ["jumps", () => body(one, recordOf({ seq: 900, line: 2 }))],
    ["repeats", () => body(...Array.from({ length: 1000 }, () => one))],
  ])("a segment that %s is not asked for again and again", async (_, segment) => {
    answers = { segments: list(SEGMENT), segment };
    open();
    await modest(/segments\/1$/);
    expect(count(/segments$/)).toBeLessThan(6);
  });

  test.each<[string, () => BodyInit | Response]>([
    ["fails", () => new Response("no", { status: 500 })],
    ["is none", () => "<html>"],
    ["is of another log", () => JSON.stringify({ epoch: "other", segments: [SEGMENT] })],
    ["is empty", list()],
    ["ends too early", list({ ...SEGMENT, last_seq: 10, line: 1 })],
    ["is of absurd numbers", list({ ...SEGMENT, first_seq: -1, last_seq: 1e300, line: NaN, offset: "1", time: 1e300 })],
    ["is of wrong types", list({ first_seq: {}, last_seq: [], line: "1", time: null }, {}, { first_seq: 1.5 })],
    ["has items that are none", () => '{"epoch":"e","segments":[null,5,"x"]}'],
  ])("a list of segments that %s is not asked for again and again", async (_, segments) => {
    answers = { segments, segment: () => new Response("no", { status: 404 }) };
    open();
    await pass(10_000);
    expect(count(/segments$/)).toBeGreaterThan(0);
    expect(count(/segments$/)).toBeLessThan(24);
    expect(count(/segments\/.*$/)).toBeLessThan(24);
  });

  test("one that never answers does not stand in the way for good", async () => {
    let hung = true;
    const segment = body(...Array.from({ length: 1000 }, (_, i) => recordOf({ seq: i + 1, line: i + 1, offset: 2 * i })));
    open();
    await pass(1000);
    answers = { segments: list(SEGMENT) };
    await pass(60_000);
    expect(count(/segments\/1$/)).toBeGreaterThan(0);
    answers["segment"] = () => {
      hung = false;
      return segment;
    };
    await pass(60_000);
    expect(hung).toBe(false);
    view({ ranges: [[1, 50]] });
    await pass(50);
    expect(frames.some(({ lines }) => (lines?.numbers.length ?? 0) > 49)).toBe(true);
  });

  test("a screen that does not lead to the present is not asked for again and again", async () => {
    answers = { screen: () => JSON.stringify({ epoch: "e", on: true, last_seq: 3, exact: true, parts: [] }) };
    open();
    post({ type: "terminal", on: true });
    for (let seq = 1001; seq < 1101; seq++) {
      Socket.last.say(encode(recordOf({ seq, line: seq })));
      await pass(100);
    }
    expect(count(/screen$/)).toBeGreaterThan(1);
    expect(count(/screen$/)).toBeLessThan(8);
  });

  test.each(["null", "[]", '{"epoch":"e","last_seq":1,"parts":[null]}', '{"epoch":"e","last_seq":1,"parts":[{"segments":[1e300]}]}', "<html>"])(
    "a screen that is %s is asked for at a modest rate",
    async (said) => {
      answers = { screen: () => said };
      open();
      post({ type: "terminal", on: true });
      await modest(/screen$/, 7);
    },
  );
});

describe("searches", () => {
  const ALL = { type: "search", epoch: "e", first_line: 1, last_line: 1000, last_seq: 1000, mid_line: false };
  const END = { type: "end", matches: 1, complete: true };
  const PART = { type: "part", first_line: 1, last_line: 1000, matches: 1, runs: [5, 1] };
  const said = (...lines: unknown[]) => (): string => lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join("");

  function search(): void {
    open();
    post({ type: "search", which: "filter", id: 1, request: { query: { text: "x", regex: false, caseSensitive: false, invert: false }, context: 0, range: undefined } });
  }

  function progress(): Frame["searches"][number]["progress"] {
    return frames.flatMap(({ searches }) => searches).at(-1)?.progress;
  }

  test("is done when the server says so", async () => {
    answers = { search: said(ALL, PART, END) };
    search();
    await pass(500);
    expect(progress()).toMatchObject({ matches: 1, done: true, error: undefined });
    expect(count(/search$/)).toBe(1);
  });

  test.each<[string, () => BodyInit | Response]>([
    ["fails", () => new Response("no", { status: 500 })],
    ["is empty", () => ""],
    ["ends too early", said(ALL, PART)],
    ["is no JSON", said(ALL, "<html>")],
    ["is no object", said("5", "null")],
    ["is of another log", said({ ...ALL, epoch: "f" }, END)],
    ["has no beginning", said(PART, END)],
    ["has numbers that are none", said(ALL, { ...PART, first_line: -1 }, END)],
    ["has runs that are none", said(ALL, { ...PART, runs: [1, "2"] }, END)],
    ["has half a run", said(ALL, { ...PART, runs: [1] }, END)],
    ["has runs beyond its lines", said(ALL, { ...PART, runs: [0, 1e15] }, END)],
    ["has runs out of order", said(ALL, { ...PART, runs: [900, 5, 1, 5] }, END)],
    ["has a part of absurdly many lines", said(ALL, { ...PART, first_line: 1, last_line: 2 ** 53 - 1, runs: [2 ** 50, 1] }, END)],
    ["has texts that are none", said(ALL, { ...PART, texts: [null, 5] }, END)],
    ["has texts of wrong types", said(ALL, { ...PART, texts: [[6, 0, 1e300, {}]] }, END)],
    ["has texts of no time", said(ALL, { ...PART, texts: [[6, 0, -1, "x"]] }, END)],
    ["has parts again and again", said(ALL, ...Array.from({ length: 500 }, () => PART), END)],
    ["has parts from the oldest on", said(ALL, { ...PART, last_line: 500 }, { ...PART, first_line: 501 }, END)],
  ])("that %s is asked for again at a modest rate, and is not done", async (_, search_) => {
    answers = { search: search_ };
    search();
    await modest(/search$/);
    expect(progress()?.done).toBe(false);
  });

  test("an answer that never ends a line is not kept for ever", async () => {
    let told = 0;
    const endless = new Uint8Array(1 << 20).fill(32);
    answers = {
      search: () => new Response(new ReadableStream({ pull: (controller) => (controller.enqueue(endless), void (told += 1)) })),
    };
    search();
    await vi.waitFor(() => expect(told).toBeGreaterThan(30), { timeout: 5000 });
    await pass(100);
    const before = told;
    await pass(200);
    expect(told).toBe(before);
    expect(told).toBeLessThan(200);
  });

  test("a refusal of a megabyte is told in a line", async () => {
    answers = { search: () => new Response(`no\n${"x".repeat(1 << 20)}`, { status: 400 }) };
    search();
    await pass(500);
    expect(progress()).toMatchObject({ done: true, error: "no" });
  });
});

describe("the live connection", () => {
  /** For a minute, do this with each connection that there is. */
  async function eachTime(what: () => void): Promise<void> {
    let seen = 0;
    for (let at = 0; at < 600; at++) {
      if (Socket.all.length > seen) {
        seen = Socket.all.length;
        Socket.last.onopen?.();
        what();
      }
      await pass(100);
    }
    expect(seen).toBeGreaterThan(2);
  }

  test("what is no greeting, record or message ends it, and the next comes later each time", async () => {
    const wrong = [
      "x", "null", "5", '{"type":"hello"}', '{"type":"gap"}', JSON.stringify({ ...HELLO, first: null }), JSON.stringify({ ...HELLO, stream: 5 }),
      JSON.stringify({ ...HELLO, head: { seq: -1, line: 1 } }), JSON.stringify({ ...HELLO, head: { seq: 1e300, line: 1 } }), '{"type":"status","viewers":"many"}',
      JSON.stringify({ type: "gap", first_seq: 1, last_seq: NaN }), new Uint8Array(0), new Uint8Array(40).fill(255), encode(recordOf({})).subarray(1),
    ];
    open();
    for (const each of wrong) {
      const before = Socket.all.length;
      Socket.last.say(each);
      await pass(12_000);
      expect(Socket.all.length, String(each)).toBe(before + 1);
      Socket.last.onopen?.();
      if (typeof each !== "string" || !each.includes("hello")) Socket.last.say(JSON.stringify(HELLO));
    }
  });

  test("a server that says nonsense at once is not asked in a loop", async () => {
    open();
    await eachTime(() => Socket.last.say("nonsense"));
    expect(Socket.all.length).toBeLessThan(30);
  });

  test("a server that greets and closes at once is not asked in a loop", async () => {
    open();
    await eachTime(() => {
      Socket.last.say(JSON.stringify(HELLO));
      Socket.last.close();
    });
    expect(Socket.all.length).toBeLessThan(70);
  });

  test("a connection that never greets is given up", async () => {
    open();
    Socket.last.close();
    await pass(1000);
    expect(Socket.all.length).toBe(2);
    Socket.last.onopen?.();
    await pass(120_000);
    expect(Socket.all.length).toBeGreaterThan(2);
    expect(Socket.all.length).toBeLessThan(10);
  });

  test("any numbers in records, gaps and greetings leave it answering", async () => {
    const next = random(4);
    const odd = [0, 1, 2, 3, 999, 1000, 1001, 5000, 2 ** 31, 2 ** 32 + 1, 2 ** 48, 2 ** 52 - 2, 2 ** 52 - 1, 2 ** 53 - 2, 2 ** 53 - 1];
    const orders: readonly ((time: number, clock: number) => Order)[] = [(time) => ({ what: "seek", time, play: true }), (_, clock) => ({ what: "tick", clock }), () => ({ what: "live" })];
    const pick = (): number => odd[Math.floor(next() * odd.length)] ?? 0;
    answers = { segments: () => JSON.stringify({ epoch: "e", segments: [SEGMENT, SEGMENT, { ...SEGMENT, first_seq: pick(), last_seq: pick(), line: pick(), time: pick() }] }) };
    open();
    for (let i = 0; i < 400; i++) {
      const [seq, line, offset, time] = [pick(), pick(), pick(), pick()];
      const what = next();
      if (what < 0.6) Socket.last.say(encode({ kind: Math.floor(next() * 4), seq, line, offset, time, payload: bytes(["a\n", "", "b", "\n\n"][i % 4] ?? "") }));
      else if (what < 0.8) Socket.last.say(JSON.stringify({ type: "gap", first_seq: seq, last_seq: pick(), first_line: line, last_line: pick(), bytes: offset, reason: "slow" }));
      else if (what < 0.9) Socket.last.say(JSON.stringify({ ...HELLO, epoch: next() < 0.7 ? "e" : "f", first: { seq, line, time }, head: { seq: pick(), line: pick(), time: pick() } }));
      else post({ type: "replay", order: orders[i % 3]?.(time, i) ?? { what: "pause" } });
      const { first, last } = frames.at(-1) ?? { first: 1, last: 1 };
      view({ follow: next() < 0.5, ranges: [[last - 20, last + 1], [first, first + 20]], seen: [[last - 20, last + 1]] });
      if (i % 20 === 0) await pass(50);
      if (frames.length > 50) frames.splice(0, 40);
    }
    frames.length = 0;
    Socket.last.onopen?.();
    Socket.last.say(JSON.stringify({ ...HELLO, epoch: "last" }));
    await pass(5000);
    Socket.last.onopen?.();
    Socket.last.say(JSON.stringify({ ...HELLO, epoch: "last" }));
    await pass(100);
    expect(frames.some(({ state }) => state?.epoch === "last")).toBe(true);
  });
});

describe("a server that falls silent", () => {
  const silent = (): number | undefined => frames.findLast(({ state }) => state !== undefined)?.state?.silent;

  test("is connected to anew, from where it was, until it says something", async () => {
    open({ ...HELLO, pulse: 15 });
    Socket.last.say(encode(recordOf({ seq: 1001, line: 1001 })));
    const begun = Date.now();
    await pass(14_000);
    Socket.last.say('{"type":"pulse"}');
    await pass(29_900);
    expect([Socket.all.length, silent()]).toEqual([1, undefined]);
    await pass(1000);
    expect([Socket.all.length, silent()]).toEqual([2, begun + 14_000]);
    expect(Socket.last.url).toContain("after=1001&epoch=e&");
    // Whatever the old one still brings does not count.
    Socket.all[0]?.say('{"type":"gap"}');
    await pass(25_000);
    expect(Socket.all.length).toBe(3);
    Socket.last.say(JSON.stringify({ ...HELLO, resume: "exact", head: { seq: 1001, line: 1002, time: 9 }, pulse: 15 }));
    await pass(100);
    expect(silent()).toBeUndefined();
  });

  test("is looked for at once when the page wakes", async () => {
    open({ ...HELLO, pulse: 15 });
    vi.setSystemTime(Date.now() + 3_600_000);
    post({ type: "wake" });
    await pass(900);
    expect(Socket.all.length).toBe(1);
    await pass(500);
    expect(Socket.all.length).toBe(2);
  });
});
