// A stream as calls of functions: for pages that display the data in their own way, and for programs. A thin shell around
// the worker's connection and session, on the caller's thread; what is called may fail without harm to what follows.
import { Kind, type Record } from "../core/log/record.ts";
import { Session } from "../core/log/session.ts";
import type { Gap } from "../core/log/store.ts";
import { TextPieces } from "../core/text/utf8.ts";
import { missingWords, silentWords } from "../components/format.ts";
import { Connection } from "../worker/connection.ts";
import { otherStreams } from "../worker/others.ts";
import { locate, parseAddress, type Place } from "./address.ts";
import type { ConnectOptions, StreamConnection, StreamGap, StreamRecord, StreamState } from "./api.ts";

const KINDS: readonly (StreamRecord["kind"] | undefined)[] = ["output", "stderr", "event"];

/** A record as it is given out: text and event are made when they are asked for. */
class Given implements StreamRecord {
  readonly seq: number;
  readonly kind: StreamRecord["kind"];
  readonly line: number;
  readonly offset: number;
  readonly time: number;
  readonly data: Uint8Array;
  readonly #decode: () => string;
  #text: string | undefined;

  constructor(record: Record, kind: StreamRecord["kind"], decode: () => string) {
    this.seq = record.seq;
    this.kind = kind;
    this.line = record.line;
    this.offset = record.offset;
    this.time = record.time;
    this.data = record.payload;
    this.#decode = decode;
  }

  get text(): string {
    return (this.#text ??= this.#decode());
  }

  get event(): StreamRecord["event"] {
    if (this.kind !== "event") return undefined;
    try {
      return JSON.parse(new TextDecoder().decode(this.data)) as StreamRecord["event"];
    } catch {
      return undefined;
    }
  }
}

class Follower implements StreamConnection {
  readonly #options: ConnectOptions;
  readonly #session: Session;
  /** Characters may be cut in the output and on stderr, each in its own time. */
  readonly #pieces = [new TextPieces(), new TextPieces()] as const;
  readonly #cleanup = new AbortController();
  #connection: Connection | undefined;
  #fault: string | undefined;
  #state: StreamState;

  constructor(url: string | URL, options: ConnectOptions) {
    const { after, epoch, tail, lag } = options;
    this.#options = options;
    this.#session = new Session(Math.random, { after: whole("after", after), epoch, tail: whole("tail", tail), lag: lag ?? "keep" });
    this.#state = this.#now();
    const { signal } = this.#cleanup;
    const faulty = (why: string): void => {
      this.#fault = why;
      this.#changed();
    };
    locate(parseAddress(url), signal, faulty)
      .then((place) => this.#open(place))
      .catch((error: unknown) => {
        if (!signal.aborted) report(error);
      });
  }

  get state(): StreamState {
    return this.#state;
  }

  close(): void {
    this.#cleanup.abort();
    this.#connection?.close();
    this.#state = this.#now();
  }

  #open({ base, name }: Place): void {
    const { signal } = this.#cleanup;
    if (signal.aborted) return;
    this.#fault = undefined;
    const live = new URL(`s/${encodeURIComponent(name)}/live`, base);
    live.protocol = live.protocol.replace("http", "ws");
    const connection = new Connection(live.href, () => otherStreams(base, name), this.#session, {
      onAction: (action) => {
        if (action.kind === "reset") this.#cut();
        else if (action.kind === "gap") this.#gap(action.gap);
      },
      onRecord: (record) => this.#record(record),
      onGap: (gap) => this.#gap(gap),
      onState: () => this.#changed(),
    });
    this.#connection = connection;
    connection.open();
    // Timers of tabs in the background are slow.
    const wake = (): void => connection.wake();
    if (typeof addEventListener === "function") addEventListener("online", wake, { signal });
    if (typeof document !== "undefined") document.addEventListener("visibilitychange", wake, { signal });
  }

  #record(record: Record): void {
    const kind = KINDS[record.kind];
    if (kind === undefined) return;
    const decode = this.#pieces[record.kind]?.take(record.payload) ?? (() => "");
    this.#call(this.#options.onrecord, new Given(record, kind, decode));
    if (record.kind === Kind.event) this.#changed();
  }

  #gap({ firstSeq, lastSeq, firstLine, lastLine, bytes, reason }: Gap): void {
    this.#cut();
    const known: Pick<StreamGap, "firstLine" | "bytes"> = bytes > 0 ? { firstLine, bytes } : { firstLine: null, bytes: null };
    this.#call(this.#options.ongap, { firstSeq, lastSeq, ...known, lastLine, reason });
  }

  #cut(): void {
    for (const pieces of this.#pieces) pieces.cut();
  }

  #now(): StreamState {
    const { phase, epoch, stream, viewers, started, exit } = this.#session;
    const { others, silent } = this.#session;
    const missing = others === undefined ? undefined : missingWords(others);
    const quiet = silent === undefined ? undefined : silentWords(silent);
    const closed = this.#cleanup.signal.aborted;
    return { phase: closed ? "closed" : phase, fault: this.#fault ?? missing ?? quiet, epoch, stream, viewers, started, exit };
  }

  #changed(): void {
    const now = this.#now();
    if (JSON.stringify(now) === JSON.stringify(this.#state)) return;
    this.#state = now;
    this.#call(this.#options.onstate, now);
  }

  #call<T>(handler: ((value: T) => void) | undefined, value: T): void {
    if (this.#cleanup.signal.aborted) return;
    try {
      handler?.(value);
    } catch (error) {
      report(error);
    }
  }
}

function whole(name: string, value: number | undefined): number | undefined {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) return value;
  throw new TypeError(`${name} is no whole number: ${value}`);
}

/** As if nobody had caught it, but nothing else stops. */
function report(error: unknown): void {
  if (typeof reportError === "function") reportError(error);
  else console.error(error);
}

/** Follow a stream until `close()`; see docs/embedding.md. */
export function connect(url: string | URL, options: ConnectOptions = {}): StreamConnection {
  return new Follower(url, options);
}
