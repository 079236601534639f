// The state of one page's connection, without I/O: it is told what happened (opened, heard, message, record, closed, wake)
// and says what follows (which records count, when a server is silent, when to connect next and with which query). It promises that each seq is
// accepted at most once and in order within an epoch, and that whatever is not sent is known as a gap.
import { parseEvent } from "./events.ts";
import { Pulse } from "./pulse.ts";
import { Kind, timeOf, TOO_LARGE, type Record } from "./record.ts";
import type { ExitStatus } from "../rows/rows.ts";
import type { Gap } from "./store.ts";

/** What the page says about the connection and the run (docs: "State is always visible"). */
export type Phase = "connecting" | "live" | "reconnecting" | "ended" | "gone";

export interface StreamInfo {
  readonly name: string;
  readonly title: string;
  readonly command: readonly string[];
  readonly pty: boolean;
  readonly cols: number;
  readonly rows: number;
  /** Whether the program draws on its terminal's screen now. */
  readonly screen: boolean;
}

export interface Position {
  readonly seq: number;
  readonly line: number;
  readonly time: number;
}

export interface Hello {
  readonly epoch: string;
  readonly stream: StreamInfo;
  readonly first: Position;
  readonly head: Position;
  readonly resume: "exact" | "gap" | "fresh";
  /** Seconds in which something comes in any case, if the server says so. */
  readonly pulse: unknown;
}

/** What a text message asks of the caller. */
export type Action =
  /** Begin anew with an empty log; `restarted` when there was another log before. */
  | { readonly kind: "reset"; readonly hello: Hello; readonly restarted: boolean }
  /** The log goes on. */
  | { readonly kind: "resume"; readonly hello: Hello }
  | { readonly kind: "gap"; readonly gap: Gap }
  | { readonly kind: "none" };

const NONE: Action = { kind: "none" };

const FIRST_DELAY = 250;
const MAX_DELAY = 10_000;
const STEADY = 5_000;
/** Lines enough for everything. */
const ALL_LINES = 1_000_000_000;
/** A server that greets and closes again is asked this many doublings of the first delay later: after about two seconds. */
const SOON = 3;
/** One that has no such stream may be another's by now: it is asked so rarely. */
const MISSING_DELAY = 60_000;
/** Close code "try again later" (RFC 6455 registry: 1013): the server is short of something, so not at once. */
const TRY_LATER = 1013;
const TRY_LATER_DELAY = 2_000;

interface Json {
  readonly [key: string]: unknown;
}

/** Where a connection begins that has nothing yet, and what becomes of it when it is slow. */
export interface Start {
  /** Go on behind this record: 0 for everything that is kept. */
  readonly after?: number | undefined;
  /** The epoch that `after` is of; without it, that of the log there is. */
  readonly epoch?: string | undefined;
  /** Begin with at least so many last lines, where there is no `after`, or where the log is another. */
  readonly tail?: number | undefined;
  /** Whether to be sent everything that is kept, or to be kept close to the present. */
  readonly lag: "keep" | "skip";
}

/** The server said something that `webtee.v1` does not allow. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

function object(value: unknown, what: string): Json {
  if (typeof value !== "object" || value === null) throw new ProtocolError(`${what} is no object`);
  return value as Json;
}

function integer(json: Json, key: string): number {
  const value = json[key];
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0 || value >= TOO_LARGE) {
    throw new ProtocolError(`${key} is no whole number`);
  }
  return value;
}

function text(json: Json, key: string): string {
  const value = json[key];
  return typeof value === "string" ? value : "";
}

function position(json: Json, key: string): Position {
  const value = object(json[key], key);
  return { seq: integer(value, "seq"), line: integer(value, "line"), time: timeOf(value["time"]) };
}

function parseHello(json: Json): Hello {
  const stream = object(json["stream"], "stream");
  const command: unknown[] = Array.isArray(stream["command"]) ? stream["command"] : [];
  const resume = json["resume"];
  return {
    epoch: text(json, "epoch"),
    stream: {
      name: text(stream, "name"),
      title: text(stream, "title"),
      command: command.map(String),
      pty: stream["pty"] === true,
      cols: typeof stream["cols"] === "number" ? stream["cols"] : 0,
      rows: typeof stream["rows"] === "number" ? stream["rows"] : 0,
      screen: stream["screen"] === true,
    },
    first: position(json, "first"),
    head: position(json, "head"),
    resume: resume === "exact" || resume === "gap" ? resume : "fresh",
    pulse: json["pulse"],
  };
}

function parseGap(json: Json): Gap {
  const lastLine = integer(json, "last_line");
  return {
    firstSeq: integer(json, "first_seq"),
    lastSeq: integer(json, "last_seq"),
    // Where it begins and how long it is are null where the log has forgotten it.
    firstLine: json["first_line"] === null ? lastLine + 1 : integer(json, "first_line"),
    lastLine,
    bytes: json["bytes"] === null ? 0 : integer(json, "bytes"),
    reason: json["reason"] === "expired" ? "expired" : "slow",
  };
}

export class Session {
  readonly #random: () => number;
  readonly #start: Start;
  #connected = false;
  #greeted = false;
  #failures = 0;
  readonly #pulse = new Pulse();
  #others: readonly string[] | undefined;
  #epoch: string | undefined;
  /** The last seq that was accepted or announced as skipped; undefined before the first. */
  #last: number | undefined;
  stream: StreamInfo | undefined;
  viewers: number | undefined;
  /** How the run ended, while no other has started. */
  exit: ExitStatus | undefined;
  /** When the run started, in microseconds since the Unix epoch. */
  started: number | undefined;

  /** Since when nothing has come, in milliseconds since the Unix epoch, where a connection was given up for that. */
  silent: number | undefined;

  /** `random` returns numbers in [0, 1), for the jitter. */
  constructor(random: () => number, start: Start = { lag: "skip" }) {
    this.#random = random;
    this.#start = start;
    this.#last = start.after;
    if (start.after !== undefined) this.#epoch = start.epoch;
  }

  get epoch(): string | undefined {
    return this.#epoch;
  }

  /** The streams that the server has, where it is there and has none of this name. */
  get others(): readonly string[] | undefined {
    return this.#others;
  }

  get greeted(): boolean {
    return this.#greeted;
  }

  get phase(): Phase {
    if (this.stream === undefined) return "connecting";
    if (this.exit !== undefined) return this.#greeted ? "ended" : "gone";
    return this.#greeted ? "live" : "reconnecting";
  }

  /** The query of the next connection. */
  query(): string {
    const { after, tail, lag } = this.#start;
    const query: string[] = [];
    if (this.#last !== undefined) query.push(`after=${this.#last}`);
    if (this.#last !== undefined && this.#epoch !== undefined) query.push(`epoch=${encodeURIComponent(this.#epoch)}`);
    // Whoever wants everything after a record wants all of a log that has taken the place of that record's.
    const lines = tail ?? (after === undefined ? undefined : ALL_LINES);
    if (lines !== undefined) query.push(`tail=${lines}`);
    return [...query, `lag=${lag}`].join("&");
  }

  opened(): void {
    this.#connected = true;
  }

  /** Something came, at this time in milliseconds since the Unix epoch; said before it is taken. */
  heard(now: number): void {
    this.#pulse.hear(now);
  }

  /**
   * Look whether the server is still there: after hello, whenever it is time, and when the tab or the machine wakes.
   *
   * @returns After how many milliseconds to look again; 0 when nothing has come for too long, so that the connection is to be
   *   given up; undefined when there is nothing to look for.
   */
  look(now: number): number | undefined {
    if (!this.#greeted) return undefined;
    const left = this.#pulse.look(now);
    if (left === 0) this.silent = this.#pulse.heard;
    return left;
  }

  /**
   * Take a text message.
   *
   * @throws ProtocolError when it makes no sense: the caller closes the connection and tries again later.
   */
  message(data: string): Action {
    let parsed: unknown;
    try {
      parsed = JSON.parse(data);
    } catch {
      throw new ProtocolError("a text message is no JSON");
    }
    const json = object(parsed, "a message");
    switch (json["type"]) {
      case "hello":
        return this.#hello(parseHello(json));
      case "gap":
        return this.#gap(parseGap(json));
      case "status":
        this.viewers = integer(json, "viewers");
        return NONE;
      default:
        return NONE;
    }
  }

  /**
   * Take a record.
   *
   * @returns false when it was accepted before and is to be dropped; a gap when records before it are missing without
   *   having been announced; true when it simply follows.
   */
  record(record: Record): boolean | Gap {
    if (!this.#greeted) throw new ProtocolError("a record came before hello");
    const last = this.#last;
    if (last !== undefined && record.seq <= last) return false;
    this.#last = record.seq;
    if (record.kind === Kind.event) this.#event(record);
    if (last === undefined || record.seq === last + 1) return true;
    return { firstSeq: last + 1, lastSeq: record.seq - 1, firstLine: record.line, lastLine: record.line, bytes: 0, reason: "slow" };
  }

  /**
   * The connection ended, or was never made.
   *
   * @param lasted Milliseconds since it was opened; only one that held for a while makes the next attempt a first one.
   * @returns After how many milliseconds to try again.
   */
  closed(code: number, lasted: number): number {
    if (this.#greeted) this.#failures = lasted >= STEADY ? 0 : Math.min(this.#failures, SOON);
    this.#connected = false;
    this.#greeted = false;
    this.viewers = undefined;
    const ceiling = Math.min(MAX_DELAY, FIRST_DELAY * 2 ** Math.min(this.#failures, 16));
    this.#failures += 1;
    const base = code === TRY_LATER ? Math.max(TRY_LATER_DELAY, ceiling) : ceiling;
    return base * (0.5 + this.#random() / 2);
  }

  /**
   * The server said which streams it has, after it did not let this one be followed; undefined when this is one of them,
   * or nothing was said.
   *
   * @returns After how many milliseconds to try again, where that is no use soon.
   */
  missing(others: readonly string[] | undefined): number | undefined {
    this.#others = others;
    return others === undefined ? undefined : MISSING_DELAY * (0.5 + this.#random() / 2);
  }

  /** The network or the tab came back: the next attempt is as good as the first. */
  wake(): void {
    this.#failures = 0;
  }

  /** The program begins or stops to draw on its terminal's screen. */
  screen(on: boolean): void {
    if (this.stream !== undefined) this.stream = { ...this.stream, screen: on };
  }

  get connected(): boolean {
    return this.#connected;
  }

  #hello(hello: Hello): Action {
    const known = this.#epoch;
    this.#greeted = true;
    this.#others = undefined;
    this.silent = undefined;
    this.#pulse.promised(hello.pulse);
    this.stream = hello.stream;
    this.#epoch = hello.epoch;
    // What someone has without knowing of which log is taken to be of this one. The same log cannot have fewer records.
    const ours = known === undefined ? this.#last !== undefined : known === hello.epoch;
    if (ours && hello.head.seq >= (this.#last ?? 0)) return { kind: "resume", hello };
    this.#last = undefined;
    this.exit = undefined;
    this.started = undefined;
    return { kind: "reset", hello, restarted: known !== undefined };
  }

  #gap(gap: Gap): Action {
    if (!this.#greeted) throw new ProtocolError("a gap came before hello");
    if (this.#last !== undefined && gap.lastSeq <= this.#last) return NONE;
    this.#last = gap.lastSeq;
    return { kind: "gap", gap };
  }

  #event(record: Record): void {
    const event = parseEvent(record);
    if (event?.kind === "start") {
      this.exit = undefined;
      this.started = record.time;
    } else if (event?.kind === "exit") {
      this.exit = event.status;
    } else if (event?.kind === "screen") {
      this.screen(event.on);
    } else if (event?.kind === "resize" && this.stream !== undefined) {
      this.stream = { ...this.stream, cols: event.cols, rows: event.rows };
    }
  }
}
