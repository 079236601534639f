// What is told of the loaded part of a log: of one line, and of a moment.
import type { Style } from "../text/sgr.ts";

/** Lines: [from, to) of each range. */
export type Ranges = readonly (readonly [from: number, to: number])[];

/** What is loaded of one line. */
export interface LineBytes {
  /** A copy, without the final `\n`, cut to the limit asked for. */
  readonly bytes: Uint8Array;
  /** Bytes of the line that come before those given, and that follow them. */
  readonly before: number;
  readonly more: number;
  /** Bytes loaded in all: when it changes, so did the line. */
  readonly total: number;
  /** Neither its start nor its end can change any more. */
  readonly complete: boolean;
  /** Its beginning is no longer kept. */
  readonly lost: boolean;
  readonly kind: number;
  readonly time: number;
  /** The style that its first given byte begins in. */
  readonly style: Style;
}

/** What is loaded of a moment. */
export interface LoadedMoment {
  /** Output bytes of the stream that had come by then. */
  readonly until: number;
  /** The last line with one of them; undefined when that is the line before `firstSeq`, which is not loaded. */
  readonly line: number | undefined;
  /** When the next record came; undefined when that is not loaded. */
  readonly next: number | undefined;
  /** When the last record until then came. */
  readonly last: number;
  /** The records that are loaded around it. */
  readonly firstSeq: number;
  readonly lastSeq: number;
}
