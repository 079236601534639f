// How fast a log grows, in lines per second: the mean over the last few seconds, so that the number can be read, and zero
// soon after the log stands still. Few samples are kept, however often it is told.

const WINDOW = 3_000;
const EVERY = 200;

export class Rate {
  #samples: { readonly at: number; readonly lines: number }[] = [];
  #newest: { readonly at: number; readonly lines: number } | undefined;

  /** Take how many lines there are at a time in milliseconds; times ascend. */
  add(at: number, lines: number): void {
    const before = this.#newest;
    this.#newest = { at, lines };
    // After a rest, what comes now is counted from now on.
    if (before !== undefined && at - before.at >= WINDOW) this.#samples = [{ at, lines: before.lines }];
    const last = this.#samples.at(-1);
    if (last === undefined || at - last.at >= EVERY) this.#samples.push(this.#newest);
  }

  /** Another log, or a jump that no one wrote. */
  clear(): void {
    this.#samples = [];
    this.#newest = undefined;
  }

  /** Lines per second at that time. */
  at(now: number): number {
    // The sample at the window's start stays: what came since is counted from there.
    while ((this.#samples[1]?.at ?? Infinity) <= now - WINDOW) this.#samples.shift();
    const [first] = this.#samples;
    if (first === undefined || this.#newest === undefined || this.#newest.at <= now - WINDOW) return 0;
    // What came within the first moment says little of a whole second.
    return ((this.#newest.lines - first.lines) * 1000) / Math.max(1000, now - first.at);
  }
}
