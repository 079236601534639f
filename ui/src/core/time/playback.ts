// The clock of the time machine: where in the log's time the playhead is, and how it moves. Sans I/O: it is told what a
// clock says (once per frame) and asks how the log was at a time. What is not loaded is waited for; nothing is skipped
// but idle stretches, and those only where that is wished.
import type { Extra } from "../rows/rows.ts";
import type { Moment } from "../log/store.ts";

export const SPEEDS = [1, 2, 5, 10, 20, 50, 100] as const;

/** Milliseconds of a frame at most: who comes back to a tab finds the playhead where it was. */
const LONGEST_FRAME = 250;
/** Seconds without output that are sat through; of a longer stretch only the end is. */
const IDLE = 5;
const LEAD = 1;

export class Playback {
  /** The playhead, in microseconds since the Unix epoch. */
  time: number;
  playing = false;
  speed = 1;
  skipIdle = true;
  /** What comes next is not loaded yet. */
  waiting = false;
  #clock: number | undefined;

  constructor(time: number) {
    this.time = time;
  }

  play(): void {
    this.playing = true;
    this.#clock = undefined;
  }

  /**
   * Go on.
   *
   * @param clock Milliseconds of a clock that never goes back.
   * @param at How the log was at a time.
   * @returns Whether the end of the log was reached, so that playing has stopped.
   */
  tick(clock: number, at: (time: number) => Moment): boolean {
    if (!this.playing) return false;
    const passed = Math.min(LONGEST_FRAME, clock - (this.#clock ?? clock));
    this.#clock = clock;
    const second = 1_000_000 * this.speed;
    const target = this.time + Math.round((passed / 1000) * second);
    const { shown, last, next } = at(target);
    this.waiting = shown === undefined;
    if (this.waiting) return false;
    if (next === Infinity) {
      this.time = Math.max(this.time, last);
      this.playing = false;
      return true;
    }
    const idle = this.skipIdle && next - target > IDLE * second;
    this.time = idle ? next - LEAD * second : target;
    return false;
  }
}

/** The rows between the lines as they were at a time, when `last` was the last line. */
export function extrasAt(extras: readonly Extra[], last: number, time: number): Extra[] {
  return extras.filter((extra) => extra.after <= last && (extra.kind === "gap" ? extra.hideTo <= last : !("time" in extra) || extra.time <= time));
}
