// The lines that a search lets through: matches, and so many lines of context around each. The log is searched in parts
// that come in any order, may come again (a line that grew), and leave holes for a while; a line that was not searched is
// not let through. Each question is a few binary searches, each match a few bytes.
import { Runs } from "./runs.ts";

/** What was found in the lines [first, last]: pairs of a run's start, counted from `first`, and its length. */
export interface Part {
  readonly first: number;
  readonly last: number;
  readonly runs: ArrayLike<number>;
}

/** Parts at the end grow up to so many runs, or lines: what is made of a part is made anew whenever it changes. */
const MOST_RUNS = 4096;
const MOST_LINES = 1_000_000;

interface Searched {
  readonly first: number;
  last: number;
  readonly matches: Runs;
  /** Matches and context, made when it is needed. */
  shown: Runs | undefined;
}

export class Selection {
  readonly context: number;
  #parts: Searched[] = [];
  /** Lines let through before each part, right up to the part `#valid`. */
  #before: number[] = [0];
  #valid = 0;

  constructor(context = 0) {
    this.context = context;
  }

  /** Take what was found; it replaces what was known of these lines. */
  put({ first, last, runs }: Part): void {
    if (last < first) return;
    const index = this.#open(first, last);
    const part = this.#parts[index];
    if (part === undefined) return;
    part.last = last;
    for (let i = 0; i + 1 < runs.length; i += 2) part.matches.append(first - part.first + (runs[i] ?? 0), runs[i + 1] ?? 0);
    this.#changed(index);
  }

  /** Forget the lines before `line`. */
  drop(line: number): void {
    if ((this.#parts[0]?.first ?? line) >= line) return;
    this.#parts = this.#parts.filter((part) => part.last >= line);
    const [part] = this.#parts;
    if (part !== undefined && part.first < line) this.#parts[0] = piece(part, line, part.last);
    this.#valid = 0;
    this.#changed(0);
  }

  /** Lines that were searched. */
  get searched(): number {
    return this.#parts.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  }

  /** Lines that match. */
  get matches(): number {
    return this.#parts.reduce((sum, { matches }) => sum + matches.count, 0);
  }

  /** How many lines before `line` match. */
  matchesBefore(line: number): number {
    const before = this.#parts.filter(({ first }) => first < line);
    return before.reduce((sum, { first, last, matches }) => sum + (last < line ? matches.count : matches.rank(line - first)), 0);
  }

  /** Lines that are let through. */
  get count(): number {
    return this.#sum(this.#parts.length);
  }

  has(line: number): boolean {
    const index = this.#floor(line);
    const part = this.#parts[index];
    return part !== undefined && line <= part.last && this.#shown(index).has(line - part.first);
  }

  /** Whether the line itself matches; the others are context. */
  matched(line: number): boolean {
    const part = this.#parts[this.#floor(line)];
    return part !== undefined && line <= part.last && part.matches.has(line - part.first);
  }

  /** How many lines before `line` are let through. */
  rank(line: number): number {
    const index = this.#floor(line);
    const part = this.#parts[index];
    return part === undefined ? 0 : this.#sum(index) + this.#shown(index).rank(Math.min(line, part.last + 1) - part.first);
  }

  /** The line that has `rank` others before it. */
  at(rank: number): number | undefined {
    if (rank < 0 || rank >= this.count) return undefined;
    let low = 0;
    let high = this.#parts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sum(middle) <= rank) low = middle + 1;
      else high = middle;
    }
    const at = this.#shown(low - 1).at(rank - this.#sum(low - 1));
    return at === undefined ? undefined : (this.#parts[low - 1]?.first ?? 0) + at;
  }

  /** The first line that is let through, from `line` on. */
  next(line: number): number | undefined {
    return this.at(this.rank(line));
  }

  /** The last line that is let through, up to `line`. */
  previous(line: number): number | undefined {
    return this.at(this.rank(line + 1) - 1);
  }

  /** What is let through of the lines [first, last], as runs counted from `first`. */
  within(first: number, last: number): number[] {
    const runs: number[] = [];
    for (let index = Math.max(0, this.#floor(first)); index < this.#parts.length; index++) {
      const part = this.#parts[index];
      if (part === undefined || part.first > last) break;
      for (const [start, end] of this.#shown(index).within(first - part.first, Math.min(last, part.last) - part.first + 1)) {
        const begin = start + part.first - first;
        if (runs.length > 0 && (runs.at(-2) ?? 0) + (runs.at(-1) ?? 0) === begin) runs.push((runs.pop() ?? 0) + end - start);
        else runs.push(begin, end - start);
      }
    }
    return runs;
  }

  /** Make room for the lines [first, last]; returns the index of the part that they go to the end of. */
  #open(first: number, last: number): number {
    const index = this.#floor(first);
    const part = this.#parts[index];
    if (part !== undefined && index === this.#parts.length - 1 && first > part.first && first <= part.last + 1 && last >= part.last) {
      // The live end goes on, or its last lines are told anew.
      part.matches.cut(first - part.first);
      part.last = first - 1;
      if (part.matches.length < MOST_RUNS && last - part.first < MOST_LINES) return index;
    }
    const left = this.#parts.filter((each) => each.last < first);
    const right = this.#parts.filter((each) => each.first > last);
    for (const each of this.#parts) {
      if (each.last < first || each.first > last) continue;
      if (each.first < first) left.push(piece(each, each.first, first - 1));
      if (each.last > last) right.unshift(piece(each, last + 1, each.last));
    }
    // What ended the part before may have been cut off.
    this.#valid = Math.min(this.#valid, Math.max(0, left.length - 1));
    this.#parts = [...left, { first, last, matches: new Runs(), shown: undefined }, ...right];
    return left.length;
  }

  /** A part is another now: so are the sums after it, and its neighbours' context. */
  #changed(index: number): void {
    const part = this.#parts[index];
    if (part === undefined) return;
    part.shown = undefined;
    let from = index;
    if (this.context > 0) {
      for (let i = index - 1; i >= 0; i--) {
        const before = this.#parts[i];
        if (before === undefined || before.last < part.first - this.context) break;
        before.shown = undefined;
        from = i;
      }
      for (let i = index + 1; i < this.#parts.length; i++) {
        const after = this.#parts[i];
        if (after === undefined || after.first > part.last + this.context) break;
        after.shown = undefined;
      }
    }
    this.#valid = Math.min(this.#valid, from);
  }

  #sum(index: number): number {
    for (; this.#valid < index; this.#valid++) {
      this.#before[this.#valid + 1] = (this.#before[this.#valid] ?? 0) + this.#shown(this.#valid).count;
    }
    return this.#before[index] ?? 0;
  }

  #shown(index: number): Runs {
    const part = this.#parts[index];
    if (part === undefined) throw new RangeError(`no part ${index}`);
    if (this.context === 0) return part.matches;
    return (part.shown ??= this.#withContext(index, part));
  }

  #withContext(index: number, { first, last }: Searched): Runs {
    const shown = new Runs();
    const { context } = this;
    const size = last - first + 1;
    let from = index;
    while (from > 0 && (this.#parts[from - 1]?.last ?? 0) >= first - context) from -= 1;
    for (let i = from; i < this.#parts.length; i++) {
      const each = this.#parts[i];
      if (each === undefined || each.first > last + context) break;
      const shift = each.first - first;
      for (const [start, end] of each.matches.within(-context - shift, size + context - shift)) {
        const begin = Math.max(0, start + shift - context);
        shown.append(begin, Math.min(size, end + shift + context) - begin);
      }
    }
    return shown;
  }

  /** Index of the last part that begins at or before `line`; -1 when there is none. */
  #floor(line: number): number {
    let low = 0;
    let high = this.#parts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#parts[middle]?.first ?? 0) <= line) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function piece(part: Searched, first: number, last: number): Searched {
  const matches = new Runs();
  for (const [start, end] of part.matches.within(first - part.first, last - part.first + 1)) {
    matches.append(start + part.first - first, end - start);
  }
  return { first, last, matches, shown: undefined };
}
