// The record codec: the 40-byte little-endian header of `webtee.v1` (docs/architecture.md, "The wire contract"),
// read from one WebSocket message or from the inflated body of a segment that arrives in arbitrary pieces.
// Payloads are views, never copies; every number is exact, and so is what is next to it (all are below 2^52).

export const HEADER_BYTES = 40;

/** No record is longer than 128 KiB on the wire; well above it, the length is a fault rather than a record. */
export const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;

export const Kind = { output: 0, stderr: 1, event: 2 } as const;

export interface Record {
  readonly kind: number;
  readonly seq: number;
  /** Output bytes of the stream before this record. */
  readonly offset: number;
  /** Number of the line that the first payload byte belongs to, from 1. */
  readonly line: number;
  /** Time of arrival in microseconds since the Unix epoch. */
  readonly time: number;
  readonly payload: Uint8Array;
}

/** The bytes are no `webtee.v1` record: the peer, or something between, is at fault. */
export class RecordError extends Error {
  override readonly name = "RecordError";
}

/** No seq, line or offset is as large: the page counts on from them, one by one. */
export const TOO_LARGE = 2 ** 52;
/** The end of the year 9999, in microseconds: a clock that says more is not right, but has to be shown. */
const LATEST = 253_402_300_799_999_000;

/** A time that JSON tells; 0 when it is none. */
export function timeOf(value: unknown): number {
  return typeof value === "number" && value >= 0 ? Math.min(value, LATEST) : 0;
}

const TWO_32 = 2 ** 32;

function u64(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * TWO_32 + view.getUint32(at, true);
}

function place(view: DataView, at: number): number {
  const number = u64(view, at);
  if (number >= TOO_LARGE) throw new RecordError(`a number of the record's header is 2^52 or more (at byte ${at})`);
  return number;
}

function payloadLength(view: DataView, at: number): number {
  const length = view.getUint32(at + 4, true);
  if (length > MAX_PAYLOAD_BYTES) {
    throw new RecordError(`a record claims a payload of ${length} bytes`);
  }
  return length;
}

function decodeAt(bytes: Uint8Array, view: DataView, at: number, length: number): Record {
  return {
    kind: view.getUint8(at),
    seq: place(view, at + 8),
    offset: place(view, at + 16),
    line: place(view, at + 24),
    time: Math.min(u64(view, at + 32), LATEST),
    payload: bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length),
  };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Read the one record of a WebSocket message.
 *
 * @throws RecordError when the message is shorter or longer than its header says.
 */
export function decodeMessage(bytes: Uint8Array): Record {
  if (bytes.length < HEADER_BYTES) {
    throw new RecordError(`a record of ${bytes.length} bytes is shorter than its header`);
  }
  const view = viewOf(bytes);
  const length = payloadLength(view, 0);
  if (bytes.length !== HEADER_BYTES + length) {
    throw new RecordError(`a record of ${bytes.length} bytes claims a payload of ${length}`);
  }
  return decodeAt(bytes, view, 0, length);
}

/**
 * Reads the records of a segment's body as its pieces arrive; what is incomplete waits for the next piece. Works in one
 * buffer of its own, because a page that scrolls through a log would leave a heap of garbage behind otherwise: a
 * record's payload is valid only while `onRecord` runs.
 */
export class RecordReader {
  #buffer = new Uint8Array(256 * 1024);
  #length = 0;

  /** Take the next piece and call `onRecord` for each record that it completes. */
  push(piece: Uint8Array, onRecord: (record: Record) => void): void {
    this.#take(piece);
    const view = viewOf(this.#buffer);
    let at = 0;
    while (this.#length - at >= HEADER_BYTES) {
      const length = payloadLength(view, at);
      if (this.#length - at < HEADER_BYTES + length) break;
      onRecord(decodeAt(this.#buffer, view, at, length));
      at += HEADER_BYTES + length;
    }
    this.#buffer.copyWithin(0, at, this.#length);
    this.#length -= at;
  }

  /** Bytes that began a record which has not ended: 0 at the end of a whole segment. */
  get pending(): number {
    return this.#length;
  }

  #take(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    if (length > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(length, this.#buffer.length * 2));
      grown.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = grown;
    }
    this.#buffer.set(piece, this.#length);
    this.#length = length;
  }
}
