// The loaded part of a log: blocks, disjoint and in order, some next to each other, some with holes between. Finds the
// bytes of a line even where it spans blocks, and the style that carries over into it; lets the least recently used
// blocks go when they hold more memory than they may. The newest part always stays.
import { Block } from "./lines.ts";
import type { LineBytes, LoadedMoment, Ranges } from "./loaded.ts";
import type { Record } from "./record.ts";
import { lastReset, PLAIN, sameStyle, scanStyle, type Style } from "../text/sgr.ts";
import { characterFrom, wholeCharacters } from "../text/utf8.ts";

/** Blocks are closed at this many output bytes, about a segment's size; the last record may go beyond. */
const BLOCK_BYTES = 1024 * 1024;
const FIRST_BUFFER = 72 * 1024;
/** Four times four times the first: what a full block needs, so that growing ends there. */
const FULL_BUFFER = 16 * FIRST_BUFFER;
/** Buffers of blocks that were let go are used again: a flood would leave them to the garbage collector otherwise. */
const SPARE_BUFFERS = 6;
const CHECKPOINT_BYTES = 4 * 1024;
const LONGEST_SEQUENCE = 64;
const ESC = 0x1b;
const LF = 10;
const CR = 13;

interface Piece {
  readonly index: number;
  readonly from: number;
  readonly to: number;
}

interface Extent {
  readonly pieces: Piece[];
  readonly total: number;
  readonly complete: boolean;
  readonly lost: boolean;
}

interface Loaded {
  readonly block: Block;
  used: number;
  /** The style that this block begins in, as far as that is known. */
  entry: Carried;
  /** Styles at places of this block, ascending, given that entry. */
  checkpoints: { at: number; style: Style }[];
}

/** A style that carries over; uncertain while nothing that is loaded has reset it. */
interface Carried {
  readonly style: Style;
  readonly certain: boolean;
}

/** Styles at ends of blocks that are remembered. */
const MOST_EXITS = 10_000;

const ASSUMED: Carried = { style: PLAIN, certain: false };

export class Blocks {
  readonly #loaded: Loaded[] = [];
  /** Styles at the ends of blocks by the next seq: a few bytes that outlive the block. */
  readonly #exits = new Map<number, Style>();
  readonly #spare: Uint8Array[] = [];
  #clock = 0;
  /** Where what is kept begins, and whether that is in the middle of a line; undefined while that is not known. */
  start: { readonly seq: number; readonly midLine: boolean } | undefined;

  /** Add a record that follows all others (live), or one that lies in a hole. Records already here are ignored. */
  append(record: Record): void {
    const index = this.#floorSeq(record.seq);
    const before = this.#loaded[index]?.block;
    if (before !== undefined && record.seq <= before.lastSeq) return;
    if (before?.lastSeq === record.seq - 1 && before.length < BLOCK_BYTES) {
      before.append(record);
      return;
    }
    // After a full block another is likely to fill; anywhere else it may be a few bytes.
    const buffer = before?.lastSeq === record.seq - 1 ? this.#spare.pop() : undefined;
    const block = new Block(record, buffer ?? new Uint8Array(FIRST_BUFFER));
    block.append(record);
    this.#loaded.splice(index + 1, 0, { block, used: ++this.#clock, entry: ASSUMED, checkpoints: [] });
  }

  get newest(): Block | undefined {
    return this.#loaded.at(-1)?.block;
  }

  get oldest(): Block | undefined {
    return this.#loaded[0]?.block;
  }

  /** Memory held, in bytes. */
  get weight(): number {
    return this.#loaded.reduce((sum, { block }) => sum + block.weight, 0);
  }

  /**
   * The last line with a byte in the records up to `seq`, which must be the last of its block; undefined when that
   * is not loaded, or nothing but events is.
   */
  lastLineUpTo(seq: number): number | undefined {
    let index = this.#floorSeq(seq);
    if (this.#loaded[index]?.block.lastSeq !== seq) return undefined;
    for (; index >= 0; index--) {
      const block = this.#loaded[index]?.block;
      if (block !== undefined && block.length > 0) return block.lastShownLine;
      if (!this.#follows(index)) return undefined;
    }
    return undefined;
  }

  /** The first line of the block that begins with `seq`. */
  firstLineFrom(seq: number): number | undefined {
    const block = this.#loaded[this.#floorSeq(seq)]?.block;
    return block?.firstSeq === seq ? block.firstLine : undefined;
  }

  /** When the record `seq` came, which must be the first of its block. */
  timeFrom(seq: number): number | undefined {
    const block = this.#loaded[this.#floorSeq(seq)]?.block;
    return block?.firstSeq === seq ? block.firstTime : undefined;
  }

  /** The seqs of [first, last] that are not loaded, as ranges in order. */
  holes(first: number, last: number): [first: number, last: number][] {
    const holes: [number, number][] = [];
    let next = first;
    for (let i = Math.max(0, this.#floorSeq(first)); i < this.#loaded.length && next <= last; i++) {
      const block = this.#loaded[i]?.block;
      if (block === undefined || block.lastSeq < next) continue;
      if (block.firstSeq > next) holes.push([next, Math.min(last, block.firstSeq - 1)]);
      next = block.lastSeq + 1;
    }
    if (next <= last) holes.push([next, last]);
    return holes;
  }

  /** What is loaded of a moment; undefined when all that is loaded came later. */
  moment(time: number): LoadedMoment | undefined {
    const index = this.#last(({ firstTime }) => firstTime <= time);
    const block = this.#loaded[index]?.block;
    if (block === undefined) return undefined;
    const at = block.until(time);
    const line = at > 0 ? block.lineAt(at - 1) : this.lastLineUpTo(block.firstSeq - 1);
    const following = this.#follows(index + 1) ? this.#loaded[index + 1]?.block.firstTime : undefined;
    const { firstSeq, lastSeq } = block;
    return { until: block.offset + at, line, next: block.after(time) ?? following, last: block.before(time), firstSeq, lastSeq };
  }

  /**
   * What is loaded of `line`, at most `limit` bytes of it: its beginning, or, where carriage returns overwrite it
   * again and again, what follows one of the last of them; or what follows on `after` bytes of it, its end if less than 0. Of the stream's bytes
   * from `until` on nothing is told.
   */
  line(line: number, limit: number, until = Infinity, after = 0): LineBytes | undefined {
    const extent = this.#extent(line, until);
    const first = extent?.pieces[0];
    if (extent === undefined || first === undefined) return undefined;
    const block = this.#use(first.index);
    const style = this.#styleAt(first.index, first.from).style;
    const { total, complete } = extent;
    const common = { before: 0, total, complete, lost: extent.lost, kind: block.kindAt(first.from), time: block.timeAt(first.from) };
    const from = after < 0 ? Math.max(0, total - limit) : after;
    if (from > 0 && from < total) return { ...common, ...this.#part(extent, from, limit) };
    if (extent.total <= limit) return { ...common, bytes: this.#gather(extent, 0, extent.total), more: 0, style };
    const tail = this.#gather(extent, extent.total - limit, extent.total);
    const overwritten = tail.indexOf(CR);
    if (overwritten !== -1 && overwritten < tail.length - 2) {
      const latest = tail.subarray(overwritten + 1);
      return { ...common, bytes: latest, more: 0, style: this.#styleIn(extent, extent.total - latest.length) };
    }
    const head = this.#gather(extent, 0, limit + 1);
    const bytes = head.subarray(0, wholeCharacters(head, limit));
    return { ...common, bytes, more: extent.total - bytes.length, style };
  }

  /** At most `limit` bytes that follow on `after` bytes of a line, in whole characters. */
  #part(extent: Extent, after: number, limit: number): Pick<LineBytes, "bytes" | "before" | "more" | "style"> {
    const gathered = this.#gather(extent, after, after + limit + 1);
    const begin = characterFrom(gathered);
    const rest = gathered.length <= limit;
    const bytes = gathered.subarray(begin, rest ? gathered.length : wholeCharacters(gathered, limit));
    const before = after + begin;
    return { bytes, before, more: rest ? 0 : extent.total - before - bytes.length, style: this.#styleIn(extent, before) };
  }

  /** The first bytes that are loaded of `line`, as they were written. */
  beginning(line: number, most: number, until = Infinity): Uint8Array | undefined {
    const extent = this.#extent(line, until);
    return extent === undefined ? undefined : this.#gather(extent, 0, Math.min(most, extent.total));
  }

  /**
   * Let go of the blocks that were used longest ago until at most `budget` bytes are held; the newest `live` bytes
   * and the blocks with any line in `seen` stay.
   */
  evict(budget: number, live: number, seen: Ranges): void {
    let weight = this.weight;
    if (weight <= budget) return;
    let newest = 0;
    const candidates: Loaded[] = [];
    for (const loaded of [...this.#loaded].reverse()) {
      const { block } = loaded;
      const inSight = seen.some(([from, to]) => block.firstLine < to && block.lastLine >= from);
      if (newest >= live && !inSight) candidates.push(loaded);
      newest += block.weight;
    }
    candidates.sort((a, b) => a.used - b.used);
    for (const loaded of candidates) {
      if (weight <= budget) return;
      const index = this.#loaded.indexOf(loaded);
      const exit = this.#styleAt(index, loaded.block.length);
      if (exit.certain) this.#remember(loaded.block.lastSeq + 1, exit.style);
      this.#loaded.splice(index, 1);
      weight -= loaded.block.weight;
      const buffer = loaded.block.release();
      if (buffer.length === FULL_BUFFER && this.#spare.length < SPARE_BUFFERS) this.#spare.push(buffer);
    }
  }

  /** The oldest is forgotten where too many are remembered: a log may run for months. */
  #remember(seq: number, style: Style): void {
    this.#exits.set(seq, style);
    const [oldest] = this.#exits.keys();
    if (this.#exits.size > MOST_EXITS && oldest !== undefined) this.#exits.delete(oldest);
  }

  /** The first line from `line` on that has its first byte here; undefined when there is none. */
  loadedFrom(line: number): number | undefined {
    for (let index = Math.max(0, this.#floorLine(line)); index < this.#loaded.length; index++) {
      const block = this.#loaded[index]?.block;
      if (block === undefined) continue;
      // The first one may have begun before.
      const begun = block.offset > 0 && !this.#follows(index);
      const first = Math.max(line, begun ? block.firstLine + 1 : block.firstLine);
      if (first <= block.lastShownLine) return first;
    }
    return undefined;
  }

  /** Index of the last block that begins at or before `seq`; -1 when there is none. */
  #floorSeq(seq: number): number {
    return this.#last((block) => block.firstSeq <= seq);
  }

  #floorLine(line: number): number {
    return this.#last((block) => block.firstLine <= line);
  }

  /** Index of the last block of which something is true that is so of all before it. */
  #last(is: (block: Block) => boolean): number {
    let low = 0;
    let high = this.#loaded.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const block = this.#loaded[middle]?.block;
      if (block !== undefined && is(block)) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Whether the block before `index` ends right where this one begins. */
  #follows(index: number): boolean {
    const block = this.#loaded[index]?.block;
    return block !== undefined && this.#loaded[index - 1]?.block.lastSeq === block.firstSeq - 1;
  }

  #use(index: number): Block {
    const loaded = this.#loaded[index];
    if (loaded === undefined) throw new RangeError(`no block ${index}`);
    loaded.used = ++this.#clock;
    return loaded.block;
  }

  #extent(line: number, until: number): Extent | undefined {
    let index = this.#floorLine(line);
    let block = this.#loaded[index]?.block;
    if (block === undefined || line > block.lastLine) return undefined;
    // The line may have begun in blocks before.
    while (block.firstLine === line && this.#follows(index)) {
      const before = this.#loaded[index - 1]?.block;
      if (before === undefined || before.lastLine < line) break;
      block = before;
      index -= 1;
    }
    const start = this.#follows(index) || block.firstSeq !== this.start?.seq ? undefined : this.start;
    const startKnown = line > block.firstLine || block.offset === 0 || start !== undefined || this.#follows(index);
    const lost = start?.midLine === true && line === block.firstLine;
    const pieces: Piece[] = [];
    let total = 0;
    for (;;) {
      const from = block.start(line);
      const stop = block.stop(line);
      const to = Math.min(stop, until - block.offset);
      if (to > from) {
        pieces.push({ index, from, to });
        total += to - from;
      }
      if (to < stop) return { pieces, total, lost, complete: false };
      if (block.ends(line)) return { pieces, total, lost, complete: startKnown };
      if (!this.#follows(index + 1)) return { pieces, total, lost, complete: false };
      index += 1;
      block = this.#loaded[index]?.block ?? block;
      // stdout and stderr met just between two blocks.
      if (block.firstLine > line) return { pieces, total, lost, complete: startKnown };
    }
  }

  /** A copy of the bytes [from, to) of a line, without a final newline. */
  #gather(extent: Extent, from: number, to: number): Uint8Array {
    const bytes = new Uint8Array(Math.min(to, extent.total) - from);
    let at = 0;
    let length = 0;
    for (const piece of extent.pieces) {
      const size = piece.to - piece.from;
      const begin = Math.max(from - at, 0);
      const end = Math.min(to - at, size);
      if (begin < end) {
        const block = this.#loaded[piece.index]?.block;
        if (block !== undefined) bytes.set(block.slice(piece.from + begin, piece.from + end), length);
        length += end - begin;
      }
      at += size;
    }
    return bytes[bytes.length - 1] === LF ? bytes.subarray(0, -1) : bytes;
  }

  #styleIn(extent: Extent, position: number): Style {
    let at = 0;
    for (const piece of extent.pieces) {
      const size = piece.to - piece.from;
      if (position <= at + size) return this.#styleAt(piece.index, piece.from + position - at).style;
      at += size;
    }
    return PLAIN;
  }

  /** The style at a place of a block. Looks back to the last reset, to a checkpoint, or to where the block begins. */
  #styleAt(index: number, at: number): Carried {
    const loaded = this.#loaded[index];
    if (loaded === undefined) return ASSUMED;
    const { block } = loaded;
    const entry = this.#entry(index);
    if (block.firstEscape >= at) return entry;
    if (!sameStyle(entry.style, loaded.entry.style)) loaded.checkpoints = [];
    loaded.entry = entry;
    const { checkpoints } = loaded;
    let k = checkpoints.length - 1;
    while (k >= 0 && (checkpoints[k]?.at ?? 0) > at) k -= 1;
    const checkpoint = checkpoints[k];
    const bytes = block.slice(checkpoint?.at ?? block.firstEscape, at);
    const reset = lastReset(bytes);
    const result =
      reset === -1
        ? { style: scanStyle(bytes, checkpoint?.style ?? entry.style), certain: entry.certain }
        : { style: scanStyle(bytes.subarray(reset), PLAIN), certain: true };
    if (bytes.length >= CHECKPOINT_BYTES) checkpoints.splice(k + 1, 0, { at, style: result.style });
    return result;
  }

  #entry(index: number): Carried {
    const known = this.#loaded[index]?.entry;
    if (known?.certain === true) return known;
    const block = this.#loaded[index]?.block;
    const before = this.#loaded[index - 1]?.block;
    if (block === undefined || block.offset === 0) return { style: PLAIN, certain: true };
    if (before === undefined || !this.#follows(index)) {
      const style = this.#exits.get(block.firstSeq);
      return { style: style ?? PLAIN, certain: style !== undefined };
    }
    const exit = this.#styleAt(index - 1, before.length);
    // A sequence may lie across the two; seeing a part of the block twice changes nothing, styles only ever being set.
    const tail = before.slice(Math.max(0, before.length - LONGEST_SEQUENCE), before.length);
    const cut = tail.lastIndexOf(ESC);
    if (cut === -1) return exit;
    const head = block.slice(0, Math.min(block.length, LONGEST_SEQUENCE));
    const across = new Uint8Array(tail.length - cut + head.length);
    across.set(tail.subarray(cut));
    across.set(head, tail.length - cut);
    const end = across.indexOf(0x6d);
    return end < tail.length - cut ? exit : { style: scanStyle(across.subarray(0, end + 1), exit.style), certain: exit.certain };
  }
}
