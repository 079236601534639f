// What `/webtee.js` exports, as types. docs/embedding.md has the same, word for word; a test compares them.

/** Follow a stream until `close()`. Throws a TypeError for what is no URL, or no number. */
export type Connect = (url: string | URL, options?: ConnectOptions) => StreamConnection;

export interface ConnectOptions {
  /** Begin behind this record: 0 for everything that is kept. */
  after?: number | undefined;
  /** The epoch that `after` is of. If the log is another by now, everything that is kept of it comes. */
  epoch?: string | undefined;
  /** Begin with at least so many last lines. Without `after` and `tail`: with about the last megabyte. */
  tail?: number | undefined;
  /** When this page is too slow: get everything that is kept (the default), or skip to what is new. */
  lag?: "keep" | "skip" | undefined;
  onrecord?: ((record: StreamRecord) => void) | undefined;
  /** Records that will not come, in the place where they would have. */
  ongap?: ((gap: StreamGap) => void) | undefined;
  /** Called when something of the state has changed, and before the first record of another log. */
  onstate?: ((state: StreamState) => void) | undefined;
}

export interface StreamConnection {
  readonly state: StreamState;
  /** No callback comes after this. */
  close(): void;
}

/** What was written within some milliseconds: any number of lines, cut anywhere. Or an event. */
export interface StreamRecord {
  /** Its number, from 1 on without holes. */
  readonly seq: number;
  readonly kind: "output" | "stderr" | "event";
  /** The number, from 1 on, of the line that its first byte belongs to. */
  readonly line: number;
  /** Bytes of output and stderr before it. */
  readonly offset: number;
  /** When it was written, in microseconds since 1970: `new Date(time / 1000)`. */
  readonly time: number;
  /** Exactly the bytes that were written. */
  readonly data: Uint8Array;
  /** The same as text, decoded when it is asked for; a character that is cut comes with the record that ends it. */
  readonly text: string;
  /** Of an event: what docs/protocol.md lists. */
  readonly event: { readonly event: string; readonly [field: string]: unknown } | undefined;
}

export interface StreamGap {
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** Null, as `bytes`, where nobody can tell any more. */
  readonly firstLine: number | null;
  readonly lastLine: number;
  readonly bytes: number | null;
  /** This page was too slow (`lag: "skip"`), or webtee no longer keeps them. */
  readonly reason: "slow" | "expired";
}

export interface StreamState {
  /** `ended`: the command has; `gone`: so has the connection. Lost connections are made again until `close()`. */
  readonly phase: "connecting" | "live" | "reconnecting" | "ended" | "gone" | "closed";
  /** Why it is not connected, where that is known: a sentence for people. */
  readonly fault: string | undefined;
  /** Which log it is. When this changes, webtee was started anew: numbers begin again. */
  readonly epoch: string | undefined;
  readonly stream:
    | { readonly name: string; readonly title: string; readonly command: readonly string[]; readonly pty: boolean; readonly cols: number; readonly rows: number }
    | undefined;
  readonly viewers: number | undefined;
  /** When the run started, in microseconds since 1970. */
  readonly started: number | undefined;
  /** How the run ended. One of `code` and `signal` is null. */
  readonly exit: { readonly code: number | null; readonly signal: string | null; readonly seconds: number } | undefined;
}
