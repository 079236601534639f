// What the tests share: records and their bytes, a repeatable random generator, and the plain way to split a log into
// lines, against which the clever ways are compared.
import { HEADER_BYTES, Kind, type Record } from "../src/core/log/record.ts";

const utf8 = new TextEncoder();

export function bytes(text: string): Uint8Array {
  return utf8.encode(text);
}

export function text(data: Uint8Array): string {
  return new TextDecoder().decode(data);
}

export function encode(record: Record): Uint8Array {
  const message = new Uint8Array(HEADER_BYTES + record.payload.length);
  const view = new DataView(message.buffer);
  view.setUint8(0, record.kind);
  view.setUint32(4, record.payload.length, true);
  view.setBigUint64(8, BigInt(record.seq), true);
  view.setBigUint64(16, BigInt(record.offset), true);
  view.setBigUint64(24, BigInt(record.line), true);
  view.setBigUint64(32, BigInt(record.time), true);
  message.set(record.payload, HEADER_BYTES);
  return message;
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A log as the server would make it of what was written: numbers of records, lines and offsets as in the contract. */
export function recordsOf(writes: readonly { readonly kind: number; readonly data: string }[]): Record[] {
  const records: Record[] = [];
  let offset = 0;
  let line = 1;
  let open: number | undefined;
  for (const [index, { kind, data }] of writes.entries()) {
    const payload = bytes(data);
    if (kind !== Kind.event && payload.length > 0) {
      // stdout and stderr met in the middle of a line.
      if (open !== undefined && open !== kind) line += 1;
    }
    records.push({ kind, seq: index + 1, offset, line, time: 1_700_000_000_000_000 + index, payload });
    if (kind === Kind.event || payload.length === 0) continue;
    offset += payload.length;
    for (const value of payload) if (value === 10) line += 1;
    open = payload.at(-1) === 10 ? undefined : kind;
  }
  return records;
}

export interface PlainLine {
  readonly kind: number;
  readonly data: string;
}

/** The lines of the same writes, made the obvious way; the last one may be unfinished. */
export function linesOf(writes: readonly { readonly kind: number; readonly data: string }[]): PlainLine[] {
  const lines: PlainLine[] = [];
  let open: { kind: number; data: string } | undefined;
  for (const { kind, data } of writes) {
    if (kind === Kind.event) continue;
    for (const char of data) {
      if (open !== undefined && open.kind !== kind) {
        lines.push(open);
        open = undefined;
      }
      open ??= { kind, data: "" };
      if (char === "\n") {
        lines.push(open);
        open = undefined;
      } else {
        open.data += char;
      }
    }
  }
  if (open !== undefined) lines.push(open);
  return lines;
}
