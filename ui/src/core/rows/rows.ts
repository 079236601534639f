// The rows of the view, in order: lines by their numbers, and between them rows of other kinds (gaps, starts and exits
// of runs, notices), each after a line. Lines are hidden by a gap that has not been filled, by a filter that does not let
// them through, and by folds. Nothing here knows what is loaded: a place among the rows stays the same place whatever
// arrives, is loaded, is hidden or is let go.
import { Folded, type Fold } from "./folded.ts";
import type { Selection } from "./selection.ts";

export interface ExitStatus {
  readonly code: number | null;
  readonly signal: string | null;
  readonly seconds: number;
}

interface ExtraBase {
  /** The line that this row comes after. */
  readonly after: number;
  readonly key: string;
}

export interface GapExtra extends ExtraBase {
  readonly kind: "gap";
  /** The last line that the gap hides; `after` when it lies within one line. */
  readonly hideTo: number;
  readonly id: number;
  readonly bytes: number;
  readonly reason: "slow" | "expired";
}

export interface StartExtra extends ExtraBase {
  readonly kind: "start";
  readonly time: number;
  readonly command: readonly string[];
  readonly pid: number | null;
}

export interface ExitExtra extends ExtraBase {
  readonly kind: "exit";
  readonly time: number;
  readonly status: ExitStatus;
}

export interface NoteExtra extends ExtraBase {
  readonly kind: "note";
  readonly time: number;
  readonly text: string;
}

/** Lines that were cleared away here, by whoever looks at them. */
export interface ClearedExtra extends ExtraBase {
  readonly kind: "cleared";
  readonly lines: number;
}

export type Extra = GapExtra | StartExtra | ExitExtra | NoteExtra | ClearedExtra;

/** A row's place: a line (`sub` 0), or the `sub`th extra row after it. */
export interface Place {
  readonly line: number;
  readonly sub: number;
}

export function samePlace(a: Place, b: Place): boolean {
  return a.line === b.line && a.sub === b.sub;
}

export function before(a: Place, b: Place): boolean {
  return a.line < b.line || (a.line === b.line && a.sub < b.sub);
}

export class Rows {
  /** Lines [first, last] exist; last is first - 1 when there is none. */
  first = 1;
  last = 0;
  /** What lets lines through; whoever asked for these sees no gaps that can be filled, and nothing folded. */
  filter: Selection | undefined;
  readonly folds = new Folded();
  #extras: readonly Extra[] = [];
  #gaps: readonly GapExtra[] = [];

  /** Extra rows, in order of their places. */
  set extras(extras: readonly Extra[]) {
    this.#extras = extras;
    this.#gaps = extras.filter((extra) => extra.kind === "gap");
  }

  get extras(): readonly Extra[] {
    return this.#extras;
  }

  extra(place: Place): Extra | undefined {
    if (place.sub === 0) return undefined;
    const extra = this.#extras[this.#from(place.line) + place.sub - 1];
    return extra?.after === place.line ? extra : undefined;
  }

  /** The gap that hides `line`. */
  hiding(line: number): GapExtra | undefined {
    const gap = this.gapOf(line);
    return gap === undefined || this.#filled(gap) ? undefined : gap;
  }

  /** The gap that `line` lies in, whether it hides it or not. */
  gapOf(line: number): GapExtra | undefined {
    const gap = this.#gaps[firstFrom(this.#gaps, line) - 1];
    return gap !== undefined && gap.hideTo >= line ? gap : undefined;
  }

  next({ line, sub }: Place): Place | undefined {
    if (line > this.last) return undefined;
    const following = this.#nextLine(line + 1);
    const end = following ?? this.last + 1;
    for (let index = this.#from(line) + sub; index < this.#extras.length; index++) {
      const extra = this.#extras[index];
      if (extra === undefined || extra.after >= end) break;
      if (this.#shows(extra)) return this.#place(index);
    }
    return following === undefined ? undefined : { line: following, sub: 0 };
  }

  previous({ line, sub }: Place): Place | undefined {
    const above = this.#previousLine(sub > 0 ? line : line - 1);
    const end = above ?? this.first - 1;
    for (let index = this.#from(line) + Math.max(0, sub - 1) - 1; index >= 0; index--) {
      const extra = this.#extras[index];
      if (extra === undefined || extra.after < end) break;
      if (this.#shows(extra)) return this.#place(index);
    }
    return above === undefined ? undefined : { line: above, sub: 0 };
  }

  /** The first row of all. */
  get top(): Place | undefined {
    return this.next({ line: this.first - 1, sub: 0 });
  }

  /** The last row of all. */
  get bottom(): Place | undefined {
    return this.previous({ line: this.last + 1, sub: 0 });
  }

  /** Whether the place is a row: it may have been hidden, or have gone. */
  has(place: Place): boolean {
    const extra = this.extra(place);
    if (place.sub > 0) return extra !== undefined && this.#shows(extra);
    return this.#nextLine(place.line) === place.line;
  }

  /** The row that shows `line`, or stands for it: the gap or the header that hides it, or the nearest that there is. */
  nearest(line: number): Place | undefined {
    if (this.last < this.first) return this.top;
    const wanted = Math.max(this.first, Math.min(this.last, line));
    const gap = this.hiding(wanted);
    if (gap !== undefined) return this.#place(this.#extras.indexOf(gap));
    const fold = this.filter === undefined ? this.folds.hiding(wanted) : undefined;
    const found = fold === undefined ? this.#nextLine(wanted) ?? this.#previousLine(wanted) : this.#previousLine(fold.from);
    return found === undefined ? this.top : { line: found, sub: 0 };
  }

  /** The lines that the scroll bar stands for: those that are let through, and those in gaps that may be filled. */
  get length(): number {
    return this.rank(this.last + 1);
  }

  /** How many of them are before `line`. */
  rank(line: number): number {
    if (this.filter !== undefined) return this.filter.rank(line) - this.filter.rank(this.first);
    return line - this.first - (this.folds.rank(line) - this.folds.rank(this.first));
  }

  /** The one that has so many before it. */
  at(rank: number): number | undefined {
    if (this.filter !== undefined) return this.filter.at(rank + this.filter.rank(this.first));
    return this.folds.at(rank + this.first - 1 - this.folds.rank(this.first));
  }

  #filled(gap: GapExtra): boolean {
    return this.filter !== undefined && gap.reason === "slow";
  }

  #place(index: number): Place {
    const line = this.#extras[index]?.after ?? 0;
    return { line, sub: index - this.#from(line) + 1 };
  }

  /** Whether an extra row is there at all: what lies within a gap, before the first line or in a fold is not. */
  #shows(extra: Extra): boolean {
    if (extra.kind === "gap") return !this.#filled(extra);
    const gap = this.hiding(extra.after);
    if (gap !== undefined && gap.hideTo > extra.after) return false;
    if (this.filter !== undefined) return true;
    const fold = this.folds.hiding(extra.after) ?? this.folds.of(extra.after);
    return fold === undefined || extra.after >= fold.to;
  }

  /** The first line from `line` on that nothing hides. */
  #nextLine(line: number): number | undefined {
    for (let at: number | undefined = Math.max(line, this.first); at !== undefined && at <= this.last; ) {
      const gap = this.hiding(at);
      const fold: Fold | undefined = this.filter === undefined ? this.folds.hiding(at) : undefined;
      if (gap !== undefined) at = gap.hideTo + 1;
      else if (fold !== undefined) at = fold.to + 1;
      else {
        const found: number | undefined = this.filter === undefined ? at : this.filter.next(at);
        if (found === at) return at;
        at = found;
      }
    }
    return undefined;
  }

  /** The last line up to `line` that nothing hides. */
  #previousLine(line: number): number | undefined {
    for (let at: number | undefined = Math.min(line, this.last); at !== undefined && at >= this.first; ) {
      const gap = this.hiding(at);
      const fold: Fold | undefined = this.filter === undefined ? this.folds.hiding(at) : undefined;
      if (gap !== undefined) at = gap.after;
      else if (fold !== undefined) at = fold.from;
      else {
        const found: number | undefined = this.filter === undefined ? at : this.filter.previous(at);
        if (found === at) return at;
        at = found;
      }
    }
    return undefined;
  }

  #from(line: number): number {
    return firstFrom(this.#extras, line);
  }
}

/** Index of the first extra row after a line that is at least `line`. */
function firstFrom(extras: readonly Extra[], line: number): number {
  let low = 0;
  let high = extras.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((extras[middle]?.after ?? 0) < line) low = middle + 1;
    else high = middle;
  }
  return low;
}
