// Where an axis of time says what time it is: at round times of the place where the reader is, as many as there is room
// for. Steps of a day and more begin at midnights, which are not always 24 hours apart.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 28, 91, 182, 364].map((n) => n * DAY),
];

export interface Ticks {
  /** Milliseconds between two of them, daylight saving aside. */
  readonly step: number;
  /** Ascending, in milliseconds since the Unix epoch. */
  readonly at: readonly number[];
}

/** The clock on the wall at a time, as if the place had no offset from UTC. */
function wall(time: number): number {
  const d = new Date(time);
  return Date.UTC(d.getFullYear(), d.getMonth(), d.getDate(), d.getHours(), d.getMinutes(), d.getSeconds(), d.getMilliseconds());
}

function fromWall(time: number): number {
  const d = new Date(time);
  return new Date(
    d.getUTCFullYear(),
    d.getUTCMonth(),
    d.getUTCDate(),
    d.getUTCHours(),
    d.getUTCMinutes(),
    d.getUTCSeconds(),
    d.getUTCMilliseconds(),
  ).getTime();
}

/** Round local times within [from, to] (milliseconds since the Unix epoch), `most` of them at most. */
export function ticks(from: number, to: number, most: number): Ticks {
  const least = (to - from) / Math.max(1, most);
  const step = STEPS.find((each) => each >= least) ?? Math.ceil(least / (364 * DAY)) * 364 * DAY;
  const at: number[] = [];
  for (let clock = Math.ceil(wall(from) / step) * step; at.length <= most; clock += step) {
    const time = fromWall(clock);
    // Beyond all dates there is none.
    if (!(time <= to)) break;
    // An hour that clocks skip or go through twice.
    if (time >= from && time > (at.at(-1) ?? -Infinity)) at.push(time);
  }
  return { step, at };
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** The words beside a tick: as exact as the steps, a date where a day begins. */
export function tickWords(time: number, step: number, date: (time: number) => string): string {
  const d = new Date(time);
  const midnight = d.getHours() === 0 && d.getMinutes() === 0 && d.getSeconds() === 0 && d.getMilliseconds() === 0;
  if (step >= DAY || midnight) return date(time);
  return clockWords(time, step);
}

/** The local time of day, as exact as steps of so many milliseconds need it. */
export function clockWords(time: number, step: number): string {
  const d = new Date(time);
  const minutes = `${two(d.getHours())}:${two(d.getMinutes())}`;
  if (step >= MINUTE) return minutes;
  const seconds = `${minutes}:${two(d.getSeconds())}`;
  if (step >= SECOND) return seconds;
  const digits = step >= 100 ? 1 : step >= 10 ? 2 : 3;
  return `${seconds}.${String(d.getMilliseconds()).padStart(3, "0").slice(0, digits)}`;
}
