// A set of whole numbers as runs of neighbours, ascending: eight bytes per run, however long it is. Finding, counting and
// walking are binary searches; new numbers come at its end. Numbers fit into 32 bits: whoever has larger ones counts from
// a base of its own.

export class Runs {
  #starts: Uint32Array = new Uint32Array(4);
  /** How many numbers are in the runs before each. */
  #before: Uint32Array = new Uint32Array(4);
  /** Runs there are. */
  length = 0;
  /** Numbers there are. */
  count = 0;

  /** Add `size` numbers from `start` on, none of which lies before the last one here. */
  append(start: number, size: number): void {
    const end = this.#end(this.length - 1);
    const fresh = start + size - Math.max(start, end);
    if (fresh <= 0) return;
    if (this.length === 0 || start > end) {
      if (this.length === this.#starts.length) {
        this.#starts = grown(this.#starts);
        this.#before = grown(this.#before);
      }
      this.#starts[this.length] = start;
      this.#before[this.length] = this.count;
      this.length += 1;
    }
    this.count += fresh;
  }

  /** Remove the numbers from `number` on. */
  cut(number: number): void {
    const index = this.#floor(number - 1);
    if (index === -1) this.count = 0;
    else this.count = this.#first(index) + Math.min(this.#end(index), number) - this.#start(index);
    this.length = index + 1;
  }

  has(number: number): boolean {
    const index = this.#floor(number);
    return index !== -1 && number < this.#end(index);
  }

  /** How many numbers are below `number`. */
  rank(number: number): number {
    const index = this.#floor(number);
    if (index === -1) return 0;
    return this.#first(index) + Math.min(number, this.#end(index)) - this.#start(index);
  }

  /** The number that has `rank` others below it; undefined when there are not so many. */
  at(rank: number): number | undefined {
    if (rank < 0 || rank >= this.count) return undefined;
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#first(middle) <= rank) low = middle + 1;
      else high = middle;
    }
    return this.#start(low - 1) + rank - this.#first(low - 1);
  }

  /** The runs within [from, to), clipped to it: start and end (exclusive) of each. */
  *within(from: number, to: number): Generator<[start: number, end: number]> {
    for (let index = Math.max(0, this.#floor(from)); index < this.length && this.#start(index) < to; index++) {
      const start = Math.max(from, this.#start(index));
      const end = Math.min(to, this.#end(index));
      if (start < end) yield [start, end];
    }
  }

  #start(index: number): number {
    return this.#starts[index] ?? 0;
  }

  #first(index: number): number {
    return this.#before[index] ?? 0;
  }

  #end(index: number): number {
    if (index < 0) return 0;
    const after = index + 1 < this.length ? this.#first(index + 1) : this.count;
    return this.#start(index) + after - this.#first(index);
  }

  /** Index of the last run that begins at or before `number`; -1 when there is none. */
  #floor(number: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#start(middle) <= number) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function grown(values: Uint32Array): Uint32Array {
  const larger = new Uint32Array(values.length * 2);
  larger.set(values);
  return larger;
}
