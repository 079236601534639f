// Whether a server that has promised to say something every so often still does, without timers of its own: it is told the
// time (milliseconds since the Unix epoch, which goes on while a machine sleeps) and says when to look again. A page that
// slept itself may not have read yet what came meanwhile; it gives that a moment before it takes silence for the end.

/** How much later than agreed one looks who did not sleep, and how long one who did reads what has come. */
const MOMENT = 1000;
/** So many times as long as promised is too long. */
const PATIENCE = 2;
/** Seconds: who promises less than this, or more, promises nothing. */
const SHORTEST = 0.01;
const LONGEST = 3600;

export class Pulse {
  #limit: number | undefined;
  #heard = 0;
  #due = 0;

  /** What hello says: seconds in which something comes in any case. */
  promised(seconds: unknown): void {
    const is = typeof seconds === "number" && seconds >= SHORTEST && seconds <= LONGEST;
    this.#limit = is ? seconds * 1000 * PATIENCE : undefined;
  }

  /** When something came last. */
  get heard(): number {
    return this.#heard;
  }

  /** Something came. */
  hear(now: number): void {
    this.#heard = now;
  }

  /** After how many milliseconds to look again; 0 when it has been silent for too long; undefined when it promised nothing. */
  look(now: number): number | undefined {
    if (this.#limit === undefined) return undefined;
    // A clock that was put back says nothing of how long it has been.
    this.#heard = Math.min(this.#heard, now);
    const end = this.#heard + this.#limit;
    if (now < end) this.#due = end;
    else if (now > this.#due + MOMENT) this.#due = now + MOMENT;
    return Math.max(0, this.#due - now);
  }
}
