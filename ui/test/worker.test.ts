// The worker as the page has it: messages in, frames out. The server is a stub that says what a test makes it say.
import { deflateRawSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Kind } from "../src/core/log/record.ts";
import type { Query } from "../src/core/view-state.ts";
import { LineCache } from "../src/components/log/cache.ts";
import { Flag } from "../src/core/text/sgr.ts";
import { LINE_FIELDS, type Frame, type Port, type SearchRequest, type ToPage, type ToWorker, type ViewMessage } from "../src/worker/messages.ts";
import { serve } from "../src/worker/serve.ts";
import { encode, recordsOf } from "./helpers.ts";

/** Patterns are ready when this is. */
let ready: Promise<void>;

vi.mock(import("../src/core/text/pattern.ts"), async (original) => {
  const real = await original();
  return { ...real, compile: (query: Query) => ready.then(() => real.compile(query)) };
});

/** The browser's end of the live connection, which a test speaks through. */
class Socket {
  static last: Socket;
  onopen?: () => void;
  onmessage?: (event: { data: string | ArrayBuffer }) => void;
  onclose: unknown;

  constructor() {
    Socket.last = this;
  }

  say(data: string | Uint8Array): void {
    this.onmessage?.({ data: typeof data === "string" ? data : data.slice().buffer });
  }

  close(): void {
    this.onclose = null;
  }
}

/** A search that was asked for: what the server tells of it. */
interface Asked {
  readonly query: URLSearchParams;
  readonly signal: AbortSignal;
  tell(...lines: object[]): void;
}

let segments: string[];
/** How a segment is answered. */
let segment: Promise<Response>;
let asked: Asked[];

function answerSearch(url: URL, signal: AbortSignal): Response {
  let told: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({ start: (controller) => (told = controller) });
  signal.addEventListener("abort", () => told?.error(new DOMException("aborted", "AbortError")));
  asked.push({
    query: url.searchParams,
    signal,
    tell: (...lines) => told?.enqueue(new TextEncoder().encode(lines.map((line) => `${JSON.stringify(line)}\n`).join(""))),
  });
  return new Response(body);
}

beforeEach(() => {
  segments = [];
  asked = [];
  ready = Promise.resolve();
  segment = new Promise(() => undefined);
  vi.stubGlobal("WebSocket", Socket);
  vi.stubGlobal("fetch", (given: string | URL, { signal }: { signal?: AbortSignal } = {}) => {
    const url = new URL(given);
    if (url.pathname.endsWith("/search") && signal !== undefined) return Promise.resolve(answerSearch(url, signal));
    if (url.pathname.endsWith("/segments")) return Promise.resolve(Response.json(LIST));
    segments.push(url.pathname);
    return segment;
  });
});

afterEach(() => {
  vi.useRealTimers();
  page?.post({ type: "close" });
  vi.unstubAllGlobals();
});

/** A log of a million lines in a thousand segments, of which the last is being written. */
const SEGMENTS = 1000;
const LIST = {
  epoch: "e",
  segments: Array.from({ length: SEGMENTS }, (_, i) => ({
    first_seq: i * 10 + 1,
    last_seq: i * 10 + 10,
    line: i * 1000 + 1,
    time: i,
    offset: i << 20,
    raw: 1 << 20,
    sealed: true,
  })),
};
const HEAD = { seq: SEGMENTS * 10, line: SEGMENTS * 1000 + 1, time: SEGMENTS };
const HELLO = {
  type: "hello",
  epoch: "e",
  stream: { name: "s", title: "", command: [], pty: false, cols: 80, rows: 24 },
  first: { seq: 1, line: 1, time: 0 },
  head: HEAD,
  resume: "fresh",
};

class Page {
  readonly frames: Frame[] = [];
  readonly port: Port;
  #seq = HEAD.seq;
  #line = HEAD.line;

  constructor(line?: number) {
    this.port = {
      onmessage: null,
      postMessage: (message: ToPage) => {
        if (message.type === "frame") this.frames.push(message);
      },
      close: () => undefined,
    };
    serve(this.port);
    this.post({ type: "open", base: "http://host/", name: "s", line });
    Socket.last.onopen?.();
    Socket.last.say(JSON.stringify(HELLO));
  }

  post(message: ToWorker): void {
    this.port.onmessage?.({ data: message } as MessageEvent<ToWorker>);
  }

  view(view: Partial<ViewMessage>): void {
    this.post({ type: "view", follow: false, count: 10, ranges: [], seen: [], limits: [], known: [], ...view });
  }

  filter(id: number, request: SearchRequest | undefined): void {
    this.post({ type: "search", which: "filter", id, request });
  }

  /** A line comes, live. */
  line(text: string): void {
    this.#seq += 1;
    const [record] = recordsOf([{ kind: Kind.output, data: `${text}\n` }]);
    if (record !== undefined) Socket.last.say(encode({ ...record, seq: this.#seq, line: this.#line++, offset: 1 }));
  }

  /** The next frame that something is true of. */
  async frame(is: (frame: Frame) => boolean): Promise<Frame> {
    return vi.waitFor(() => {
      const found = this.frames.find(is);
      if (found === undefined) {
        this.view({});
        throw new Error("no such frame");
      }
      return found;
    });
  }
}

let page: Page | undefined;

function open(line?: number): Page {
  return (page = new Page(line));
}

function literal(text: string): Query {
  return { text, regex: false, caseSensitive: true, invert: false };
}

function requested(query: Query): SearchRequest {
  return { query, context: 0, range: undefined };
}

const ALL = { type: "search", epoch: "e", first_line: 1, last_line: HEAD.line - 1, last_seq: HEAD.seq, mid_line: false };

describe("lines", () => {
  test("arrive as they are, with the style that they begin in", async () => {
    const page = open();
    page.line("\x1b[31;44;4;58;5;9mone");
    page.line(`two${"é".repeat(40)}`);
    const [first, second] = [HEAD.line, HEAD.line + 1];
    page.view({ ranges: [[first, second + 1]], seen: [[first, second + 1]], limits: [[second, 20, 4]] });
    const frame = await page.frame(({ lines }) => lines !== undefined && lines.numbers.length >= 2 * LINE_FIELDS);
    const cache = new LineCache();
    if (frame.lines !== undefined) cache.take(frame.lines);
    expect(cache.get(second)?.spans()).toEqual([{ text: "é".repeat(9), style: { fg: 1, bg: 4, line: 9, flags: Flag.underline } }]);
    // A cut never splits a character.
    expect(cache.get(second)).toMatchObject({ before: 5, more: 61 });
  });
});

describe("lines in sight that are far from each other", () => {
  test("take no more than themselves and what is near", async () => {
    const one = open();
    await one.frame(() => true);
    // A fold, or a gap, lies between.
    one.view({ seen: [[500, 510], [990_000, 990_010]] });
    await vi.waitFor(() => expect(segments.length).toBe(2));
    expect(segments.map((path) => Number(path.split("/").at(-1)))).toEqual([1, 9891]);
  });

  test("under a filter cost no walk through all that lies between", async () => {
    const one = open();
    one.filter(1, requested(literal("x")));
    await vi.waitFor(() => expect(asked.length).toBe(1));
    asked[0]?.tell(ALL, { type: "part", first_line: 1, last_line: HEAD.line - 1, matches: 2, runs: [0, 1, 999_999, 1] });
    await one.frame(({ searches }) => searches.some(({ shown }) => shown !== undefined));
    one.frames.length = 0;
    one.view({ seen: [[1, 2], [Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER]] });
    one.line("x");
    await one.frame(({ last }) => last === HEAD.line);
  });
});

describe("searches that take turns", () => {
  test("what an older one finds late is not taken for the newer one's", async () => {
    const one = open();
    one.filter(1, requested(literal("x")));
    await vi.waitFor(() => expect(asked.length).toBe(1));
    let compiled = (): void => undefined;
    ready = new Promise((resolve) => (compiled = resolve));
    one.filter(2, requested(literal("y")));
    asked[0]?.tell(ALL, { type: "part", first_line: 1, last_line: 100, matches: 1, runs: [7, 1] });
    await one.frame(({ searches }) => searches.some(({ shown }) => shown !== undefined));
    compiled();
    await vi.waitFor(() => expect(asked.length).toBe(2));
    asked[1]?.tell(ALL, { type: "part", first_line: 1, last_line: 100, matches: 1, runs: [9, 1] });
    const shown = new Map<number, number[]>();
    await vi.waitFor(() => {
      one.view({});
      for (const { searches } of one.frames.splice(0)) {
        for (const { shown: { id, parts } = { id: 0, parts: [] } } of searches) {
          shown.set(id, [...(shown.get(id) ?? []), ...parts.flatMap(({ runs }) => [...Array.from(runs)])]);
        }
      }
      expect(shown.get(2)).toEqual([9, 1]);
    });
  });

  test("what they found is let go with the lines, though nobody asks for it", async () => {
    const one = open();
    one.filter(1, requested(literal("x")));
    await vi.waitFor(() => expect(asked.length).toBe(1));
    const parts = [1, 2, 3, 4].map((i) => ({ type: "part", first_line: i * 1000, last_line: i * 1000 + 999, matches: 1, runs: [i, 1] }));
    asked[0]?.tell(ALL, ...parts.reverse(), { type: "end", matches: 4, complete: true });
    await vi.waitFor(() => expect(asked[0]?.query.get("q")).toBe("x"));
    await new Promise((resolve) => setTimeout(resolve));
    Socket.last.say(JSON.stringify({ ...HELLO, first: { seq: 31, line: 3001, time: 3 } }));
    const { searches } = await one.frame((frame) => frame.searches.some(({ progress }) => progress?.done === true));
    expect(searches[0]?.shown?.parts.map(({ first }) => first)).toEqual([4000, 3000]);
    expect(searches[0]?.progress?.matches).toBe(2);
  });

  test("none begins when nobody looks any more", async () => {
    const one = open();
    one.filter(1, requested(literal("x")));
    one.post({ type: "close" });
    await new Promise((resolve) => setTimeout(resolve));
    expect(asked).toEqual([]);
  });
});

describe("a link to a line", () => {
  /** The segment that begins with line 990,001. */
  const writes = Array.from({ length: 10 }, () => ({ kind: Kind.output, data: "a line\n".repeat(100) }));
  const records = recordsOf(writes).map((record) => ({ ...record, seq: record.seq + 9900, line: record.line + 990_000 }));
  const body = deflateRawSync(Buffer.concat(records.map(encode)));

  test("has its lines in the first frame", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    let answer: (given: Response) => void = () => undefined;
    segment = new Promise((resolve) => (answer = resolve));
    const one = open(990_500);
    one.view({ follow: true });
    while (segments.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(segments).toEqual(["/s/s/segments/9901"]);
    expect(one.frames).toEqual([]);
    answer(new Response(body));
    while (one.frames.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const { last, lines } = one.frames[0] ?? expect.fail("no frame");
    expect(last).toBe(HEAD.line - 1);
    const told = Array.from({ length: (lines?.numbers.length ?? 0) / LINE_FIELDS }, (_, i) => lines?.numbers[i * LINE_FIELDS]);
    expect(told).toEqual(Array.from({ length: 20 }, (_, i) => 990_490 + i));
  });

  test.each([
    ["that is no longer kept", 0],
    ["that is yet to come", HEAD.line + 5],
  ])("%s keeps nobody waiting", async (_, line) => {
    const one = open(line);
    one.view({ follow: true });
    await vi.waitFor(() => expect(one.frames.length).toBe(1));
    expect(segments).not.toContain("/s/s/segments/1");
  });

  test("waits for no server that does not answer", async () => {
    vi.useFakeTimers();
    const one = open(990_500);
    one.view({ follow: true });
    await vi.advanceTimersByTimeAsync(100);
    expect(one.frames).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(one.frames.length).toBe(1);
  });
});
