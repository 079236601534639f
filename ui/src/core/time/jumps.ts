// Whether someone moved the playhead of the time machine by hand, as the page sees it from what it asked for and what it is
// told was done. Both are under way for a while, and ticks of the clock go on in between.

/** What is told of the time machine, while it is on. */
interface Told {
  /** How often the playhead was moved, and what is there is shown. */
  readonly jumps: number;
}

export class Jumps {
  /** It is being left by someone: that holds until it is left, or entered anew. */
  #leaving = false;
  #told: Told | undefined;

  /** This was asked of the time machine. */
  asked(what: string): void {
    if (what === "live" || what === "seek") this.#leaving = what === "live";
  }

  /** This is told now. Returns whether the log is another by someone's hand: a jump, or the return to the present, but not that it was reached by playing. */
  told(now: Told | undefined): boolean {
    const before = this.#told;
    this.#told = now;
    if (now !== undefined) return now.jumps !== before?.jumps;
    const left = this.#leaving && before !== undefined;
    this.#leaving = false;
    return left;
  }
}
