// A block: consecutive records of a log with the index of their lines. The output's bytes lie in one array; a line is
// two offsets into it, and kinds and times are kept where they change, in typed arrays, so that a block of a million
// lines is a few megabytes and no objects. Line numbers are those of the protocol and never change.
import { Kind, type Record } from "./record.ts";

const LF = 10;
const ESC = 0x1b;

/** An array of numbers that grows by doubling. */
class Numbers {
  #values: Float64Array | Uint32Array;
  length = 0;

  constructor(values: Float64Array | Uint32Array) {
    this.#values = values;
  }

  push(value: number): void {
    if (this.length === this.#values.length) {
      const grown = this.#values instanceof Uint32Array ? new Uint32Array(this.length * 2) : new Float64Array(this.length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.length] = value;
    this.length += 1;
  }

  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  last(): number {
    return this.at(this.length - 1);
  }

  /** Index of the last value that is at most `value`, in ascending values; -1 when all are above. */
  floor(value: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) <= value) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  get byteLength(): number {
    return this.#values.byteLength;
  }
}

export class Block {
  readonly firstSeq: number;
  lastSeq: number;
  /** Output bytes of the stream before this block. */
  readonly offset: number;
  /** The line that the first byte belongs to; it may have begun before this block. */
  readonly firstLine: number;
  /** Where the first escape sequence begins; infinite while there is none. */
  firstEscape = Infinity;
  #bytes: Uint8Array;
  #length = 0;
  /** Where the lines after `firstLine` start; one may be at `length`: its first byte is the next block's. */
  readonly #starts = new Numbers(new Uint32Array(64));
  readonly #kindsAt = new Numbers(new Uint32Array(4));
  readonly #kinds = new Numbers(new Uint32Array(4));
  readonly #timesAt = new Numbers(new Uint32Array(16));
  readonly #times = new Numbers(new Float64Array(16));

  /** Begin a block with the place of its first record, in a buffer that no one else uses any more. */
  constructor(first: Pick<Record, "seq" | "offset" | "line">, buffer: Uint8Array) {
    this.firstSeq = first.seq;
    this.lastSeq = first.seq - 1;
    this.offset = first.offset;
    this.firstLine = first.line;
    this.#bytes = buffer;
  }

  /** Add the next record. An event adds no bytes. */
  append(record: Record): void {
    this.lastSeq = record.seq;
    const payload = record.payload;
    const base = this.#length;
    this.#timesAt.push(base);
    this.#times.push(record.time);
    if (record.kind === Kind.event || payload.length === 0) return;
    // stdout and stderr met in the middle of a line: it ended there, without a newline.
    if (record.line > this.lastLine) this.#starts.push(base);
    if (this.#kinds.length === 0 || this.#kinds.last() !== record.kind) {
      this.#kindsAt.push(base);
      this.#kinds.push(record.kind);
    }
    if (this.firstEscape === Infinity) {
      const escape = payload.indexOf(ESC);
      if (escape !== -1) this.firstEscape = base + escape;
    }
    this.#reserve(base + payload.length);
    this.#bytes.set(payload, base);
    this.#length = base + payload.length;
    for (let at = payload.indexOf(LF); at !== -1; at = payload.indexOf(LF, at + 1)) {
      this.#starts.push(base + at + 1);
    }
  }

  /** Output bytes in this block. */
  get length(): number {
    return this.#length;
  }

  get end(): number {
    return this.offset + this.#length;
  }

  /** The last line that this block knows of; it may have no byte yet. */
  get lastLine(): number {
    return this.firstLine + this.#starts.length;
  }

  /** The last line with at least one byte here; `firstLine - 1` when there is none. */
  get lastShownLine(): number {
    if (this.#length === 0) return this.firstLine - 1;
    return this.#starts.length > 0 && this.#starts.last() === this.#length ? this.lastLine - 1 : this.lastLine;
  }

  /** Memory that this block holds, in bytes. */
  get weight(): number {
    const index = this.#starts.byteLength + this.#kindsAt.byteLength + this.#timesAt.byteLength + this.#times.byteLength;
    return this.#bytes.byteLength + index + 512;
  }

  /** Where `line` starts in this block (0 for `firstLine`, although it may have begun earlier). */
  start(line: number): number {
    return line <= this.firstLine ? 0 : this.#starts.at(line - this.firstLine - 1);
  }

  /** Where `line` ends in this block (exclusive, its `\n` included). */
  stop(line: number): number {
    return line >= this.lastLine ? this.#length : this.#starts.at(line - this.firstLine);
  }

  /** Whether the end of `line` is known to be in this block. */
  ends(line: number): boolean {
    return line < this.lastLine;
  }

  slice(from: number, to: number): Uint8Array {
    return this.#bytes.subarray(from, to);
  }

  kindAt(at: number): number {
    return this.#kinds.at(Math.max(0, this.#kindsAt.floor(at)));
  }

  timeAt(at: number): number {
    return this.#times.at(Math.max(0, this.#timesAt.floor(at)));
  }

  /** When its first record came. */
  get firstTime(): number {
    return this.#times.at(0);
  }

  get lastTime(): number {
    return this.#times.last();
  }

  /** Output bytes of this block that had come by a time. */
  until(time: number): number {
    const next = this.#times.floor(time) + 1;
    return next < this.#times.length ? this.#timesAt.at(next) : this.#length;
  }

  /** When the first record after a time came. */
  after(time: number): number | undefined {
    const next = this.#times.floor(time) + 1;
    return next < this.#times.length ? this.#times.at(next) : undefined;
  }

  /** When the last record until a time came; that of the first record when all came later. */
  before(time: number): number {
    return this.#times.at(Math.max(0, this.#times.floor(time)));
  }

  /** The line that the byte at `at` belongs to. */
  lineAt(at: number): number {
    return this.firstLine + this.#starts.floor(at) + 1;
  }

  /** The buffer, for another block; this one is not to be used any more. */
  release(): Uint8Array {
    return this.#bytes;
  }

  #reserve(length: number): void {
    if (length <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(length, this.#bytes.length * 4));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
