// When a line came, in words for the narrow column beside it: a clock (local or UTC), how long ago, or how long after the
// start of its run. Times are in microseconds since the Unix epoch, and may jump: clocks do.
import type { Settings } from "../settings.ts";

export type TimesShown = Settings["times"];

/** The columns that each takes. */
export const TIME_COLUMNS: { readonly [shown in TimesShown]: number } = { off: 0, local: 12, utc: 13, relative: 10, start: 13 };

const MS = 1000;
const DAY = 24 * 60 * 60;

function two(value: number): string {
  return String(value).padStart(2, "0");
}

function three(value: number): string {
  return String(value).padStart(3, "0");
}

function clock(time: number, utc: boolean): string {
  const at = new Date(time / MS);
  if (utc) return `${at.toISOString().slice(11, 23)}Z`;
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${three(at.getMilliseconds())}`;
}

/** How long ago, with a tenth of a second while that can be told; what is to come is now. */
export function ago(time: number, now: number): string {
  const seconds = Math.max(0, (now - time) / 1e6);
  if (seconds < 60) return `${(Math.floor(seconds * 10) / 10).toFixed(1)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 2 * DAY) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / DAY)} d ago`;
}

/** From the start of a run: `+0.123`, `+2:03.456`, `+1:02:03.456`. */
export function since(start: number, time: number): string {
  const sign = time < start ? "-" : "+";
  const ms = Math.floor(Math.abs(time - start) / MS);
  const [h, m, s] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60];
  const seconds = `${h > 0 || m > 0 ? two(s) : s}.${three(ms % 1000)}`;
  if (h > 0) return `${sign}${h}:${two(m)}:${seconds}`;
  return m > 0 ? `${sign}${m}:${seconds}` : `${sign}${seconds}`;
}

/** What stands beside a line that came at `time`; nothing when the run's start is asked for and not known. */
export function beside(shown: TimesShown, time: number, now: number, start: number | undefined): string {
  switch (shown) {
    case "off":
      return "";
    case "relative":
      return ago(time, now);
    case "start":
      return start === undefined ? "" : since(start, time);
    default:
      return clock(time, shown === "utc");
  }
}

/** For UTC and for local time, made when they are needed first: that takes a browser some milliseconds. */
const days = new Map<boolean, Intl.DateTimeFormat>();

function dayFormat(utc: boolean): Intl.DateTimeFormat {
  const known = days.get(utc);
  if (known !== undefined) return known;
  const parts = { weekday: "long", day: "numeric", month: "long", year: "numeric" } as const;
  const made = new Intl.DateTimeFormat("en-GB", utc ? { ...parts, timeZone: "UTC" } : parts);
  days.set(utc, made);
  return made;
}

/** The day of a time: `Friday, 2 May 2025`. */
export function day(time: number, utc: boolean): string {
  return dayFormat(utc).format(time / MS);
}

/** Whether two times are of different days. */
export function daysDiffer(a: number, b: number, utc: boolean): boolean {
  const [x, y] = [new Date(a / MS), new Date(b / MS)];
  if (utc) return Math.floor(a / (DAY * 1e6)) !== Math.floor(b / (DAY * 1e6));
  return x.getDate() !== y.getDate() || x.getMonth() !== y.getMonth() || x.getFullYear() !== y.getFullYear();
}

/** All of a time, to the microsecond: `2025-05-02 10:00:00.123456`, local with its distance from UTC. */
export function exactly(time: number, utc: boolean): string {
  const at = new Date(time / MS);
  const offset = utc ? 0 : -at.getTimezoneOffset();
  const shifted = new Date(time / MS + offset * 60_000).toISOString();
  const micros = three(Math.floor(time % MS));
  const away = Math.abs(offset);
  const zone = utc || offset === 0 ? "UTC" : `UTC${offset < 0 ? "-" : "+"}${Math.floor(away / 60)}${away % 60 === 0 ? "" : `:${two(away % 60)}`}`;
  return `${shifted.slice(0, 10)} ${shifted.slice(11, 23)}${micros} ${zone}`;
}
