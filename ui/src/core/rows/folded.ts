// Which groups of lines are folded: each has a line that stays (its header) and lines after it that are hidden. Groups may
// lie within each other; what is hidden is then hidden once.

export interface Fold {
  /** The header. */
  readonly from: number;
  /** The last line that is hidden. */
  readonly to: number;
}

interface Hidden extends Fold {
  /** Lines that the ones before this hide. */
  readonly before: number;
}

export class Folded {
  readonly #folds = new Map<number, Fold>();
  /** The outermost ones, ascending. */
  #hidden: readonly Hidden[] = [];

  fold(from: number, to: number): void {
    if (to <= from) return;
    this.#folds.set(from, { from, to });
    this.#changed();
  }

  unfold(from: number): void {
    if (this.#folds.delete(from)) this.#changed();
  }

  clear(): void {
    this.#folds.clear();
    this.#changed();
  }

  get size(): number {
    return this.#folds.size;
  }

  /** The group whose header is this line, if it is folded. */
  of(line: number): Fold | undefined {
    return this.#folds.get(line);
  }

  /** The outermost group that hides this line. */
  hiding(line: number): Fold | undefined {
    const found = this.#hidden[this.#floor(line)];
    return found !== undefined && line > found.from && line <= found.to ? found : undefined;
  }

  /** How many lines before `line` are hidden. */
  rank(line: number): number {
    const found = this.#hidden[this.#floor(line)];
    return found === undefined ? 0 : found.before + Math.max(0, Math.min(line - 1, found.to) - found.from);
  }

  /** The line that has so many lines before it that are not hidden; lines count from 1. */
  at(shown: number): number {
    let low = 0;
    let high = this.#hidden.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { from = 0, before = 0 } = this.#hidden[middle] ?? {};
      if (from - before <= shown) low = middle + 1;
      else high = middle;
    }
    const last = this.#hidden[low - 1];
    return shown + 1 + (last === undefined ? 0 : last.before + last.to - last.from);
  }

  #changed(): void {
    const hidden: Hidden[] = [];
    for (const { from, to } of [...this.#folds.values()].sort((a, b) => a.from - b.from || b.to - a.to)) {
      const last = hidden.at(-1);
      if (last === undefined || from > last.to) {
        hidden.push({ from, to, before: last === undefined ? 0 : last.before + last.to - last.from });
      } else if (to > last.to) hidden[hidden.length - 1] = { ...last, to };
    }
    this.#hidden = hidden;
  }

  /** Index of the last one that begins before or at `line`; -1 when there is none. */
  #floor(line: number): number {
    let low = 0;
    let high = this.#hidden.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#hidden[middle]?.from ?? 0) <= line) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
