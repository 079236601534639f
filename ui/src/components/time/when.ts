// Times as words for the timeline and the time machine: local, as exact as they need to be, with the day where it is not
// today's.
import { clockWords } from "../../core/time/ticks.ts";
import { sum, timesOf, type Timeline } from "../../core/time/timeline.ts";
import { count } from "../format.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The day of a time in milliseconds since the Unix epoch: `8 Nov`. */
export function dayWords(milliseconds: number): string {
  const date = new Date(milliseconds);
  return `${date.getDate()} ${MONTHS[date.getMonth()] ?? ""}`;
}

/** A time in microseconds since the Unix epoch, as exact as steps of so many milliseconds: `8 Nov, 14:03:12`. */
export function whenWords(microseconds: number, step: number): string {
  const time = microseconds / 1000;
  const day = dayWords(time);
  return (day === dayWords(Date.now()) ? "" : `${day}, `) + clockWords(time, step);
}

/** The times of some buckets: `14:03:12 – 14:03:14`. */
export function spanWords(timeline: Timeline, first: number, last: number): string {
  const { from, to } = timesOf(timeline, first, last);
  const step = timeline.width / 1000;
  const [a, b] = [whenWords(from, step), whenWords(to, step)];
  if (a === b) return a;
  return `${a} – ${dayWords(from / 1000) === dayWords(to / 1000) ? clockWords(to / 1000, step) : b}`;
}

/** Times and contents of some buckets, for those who hear them. */
export function bucketWords(timeline: Timeline, first: number, last: number): string {
  const { lines, warnings, errors } = sum(timeline, first, last);
  const say = (n: number, what: string): string => `, ${count(n)} ${n === 1 ? what : `${what}s`}`;
  const notable = (warnings === 0 ? "" : say(warnings, "warning")) + (errors === 0 ? "" : say(errors, "error"));
  return spanWords(timeline, first, last) + say(lines, "line") + notable;
}
