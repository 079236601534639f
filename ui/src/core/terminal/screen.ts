// What the server says of a terminal's screen, now or then (`GET s/NAME/screen`): which parts of the output a fresh terminal is
// fed, and what before each of them. And how records become what a terminal takes: bytes of a part, and sizes.
import { isSize, parseEvent } from "../log/events.ts";
import { Kind, type Record } from "../log/record.ts";

export interface ScreenPart {
  /** Offsets in the output; the last part has no end. */
  readonly from: number;
  readonly to: number;
  readonly before: Uint8Array<ArrayBuffer>;
  readonly size: Size;
  /** The first seqs of the segments that hold it. */
  readonly segments: readonly number[];
}

export interface ScreenReplay {
  readonly epoch: string;
  readonly on: boolean;
  readonly lastSeq: number;
  /** The terminal's size then; undefined where there is no terminal. */
  readonly size: Size | undefined;
  /** Nothing of the screen is missing. */
  readonly exact: boolean;
  readonly parts: readonly ScreenPart[];
}

export interface Size {
  readonly cols: number;
  readonly rows: number;
}

interface Json {
  readonly [key: string]: unknown;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function parsePart(json: Json): ScreenPart | undefined {
  const { from, to, before, cols, rows, segments } = json;
  if (!isCount(from) || !(to === null || isCount(to)) || !isSize(cols) || !isSize(rows)) return undefined;
  if (typeof before !== "string" || !Array.isArray(segments) || !segments.every(isCount)) return undefined;
  return { from, to: to ?? Infinity, before: Uint8Array.from(before, (byte) => byte.charCodeAt(0)), size: { cols, rows }, segments };
}

/** Read the server's answer; undefined when it is none. */
export function parseScreen(json: unknown): ScreenReplay | undefined {
  if (typeof json !== "object" || json === null) return undefined;
  const { epoch, on, cols, rows, last_seq: lastSeq, exact, parts } = json as Json;
  if (typeof epoch !== "string" || !isCount(lastSeq) || !Array.isArray(parts)) return undefined;
  const read = parts.map((part: Json) => parsePart(part)).filter((part) => part !== undefined);
  const size = isSize(cols) && isSize(rows) ? { cols, rows } : undefined;
  return read.length === parts.length ? { epoch, on: on === true, size, lastSeq, exact: exact === true, parts: read } : undefined;
}

/** What a terminal is given of a record that belongs to a part, as a copy; nothing of most events and of other parts. */
export function pieceOf(record: Record, part: { readonly from: number; readonly to: number }): Uint8Array<ArrayBuffer> | Size | undefined {
  if (record.kind === Kind.event) {
    if (record.offset < part.from || record.offset > part.to) return undefined;
    const event = parseEvent(record);
    return event?.kind === "resize" ? { cols: event.cols, rows: event.rows } : undefined;
  }
  const bytes = record.payload.slice(Math.max(0, part.from - record.offset), Math.max(0, part.to - record.offset));
  return bytes.length > 0 ? bytes : undefined;
}
