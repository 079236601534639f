// The rows of the view, in order: lines by their numbers, and between them rows of other kinds (gaps, starts and exits
// of runs, notices), each after a line. A gap that has not been filled hides its lines. Nothing here knows what is
// loaded: a place among the rows stays the same place whatever arrives, is loaded or is let go.

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

export type Extra = GapExtra | StartExtra | ExitExtra | NoteExtra;

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
  #extras: readonly Extra[] = [];

  /** Extra rows, in order of their places. */
  set extras(extras: readonly Extra[]) {
    this.#extras = extras;
  }

  get extras(): readonly Extra[] {
    return this.#extras;
  }

  /** Index of the first extra row after a line that is at least `line`. */
  #from(line: number): number {
    let low = 0;
    let high = this.#extras.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#extras[middle]?.after ?? 0) < line) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #count(line: number): number {
    const from = this.#from(line);
    let index = from;
    while (this.#extras[index]?.after === line) index += 1;
    return index - from;
  }

  extra(place: Place): Extra | undefined {
    if (place.sub === 0) return undefined;
    const extra = this.#extras[this.#from(place.line) + place.sub - 1];
    return extra?.after === place.line ? extra : undefined;
  }

  /** The gap that hides `line`. */
  hiding(line: number): GapExtra | undefined {
    for (let index = this.#from(line) - 1; index >= 0; index--) {
      const extra = this.#extras[index];
      if (extra?.kind === "gap") return extra.hideTo >= line ? extra : undefined;
    }
    return undefined;
  }

  next({ line, sub }: Place): Place | undefined {
    if (line > this.last) return undefined;
    if (sub < this.#count(line)) return { line, sub: sub + 1 };
    let following = line;
    for (let index = this.#from(line); this.#extras[index]?.after === line; index++) {
      const extra = this.#extras[index];
      if (extra?.kind === "gap") following = Math.max(following, extra.hideTo);
    }
    // Rows after a line that is hidden or let go are skipped with it.
    return following + 1 > this.last ? undefined : { line: Math.max(following + 1, this.first), sub: 0 };
  }

  previous({ line, sub }: Place): Place | undefined {
    if (sub > 1 || (sub === 1 && line >= this.first)) return { line, sub: sub - 1 };
    if (line <= this.first - 1) return undefined;
    let above = line - 1;
    const gap = this.hiding(above);
    if (gap !== undefined) above = gap.after;
    const extras = this.#count(above);
    if (above < this.first) return above === this.first - 1 && extras > 0 ? { line: above, sub: extras } : undefined;
    return { line: above, sub: extras };
  }

  /** The first row of all. */
  get top(): Place | undefined {
    if (this.#count(this.first - 1) > 0) return { line: this.first - 1, sub: 1 };
    return this.last < this.first ? undefined : { line: this.first, sub: 0 };
  }

  /** The last row of all. */
  get bottom(): Place | undefined {
    return this.previous({ line: this.last + 1, sub: 0 });
  }

  /** The row that shows `line`, or stands for it: the nearest line, or the gap that hides it. */
  nearest(line: number): Place | undefined {
    if (this.last < this.first) return this.top;
    const wanted = Math.max(this.first, Math.min(this.last, line));
    const gap = this.hiding(wanted);
    if (gap === undefined) return { line: wanted, sub: 0 };
    const index = this.#extras.indexOf(gap) - this.#from(gap.after);
    return { line: gap.after, sub: index + 1 };
  }
}
