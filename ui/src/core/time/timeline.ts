// How many lines came when: the server's histogram of a log (`GET s/NAME/timeline`), and the arithmetic of showing it.
// Bucket i is [from + i * width, from + (i + 1) * width) in microseconds. Times never go back in a log, so a line's
// number says which bucket it is in.

export interface Timeline {
  readonly epoch: string;
  readonly from: number;
  readonly width: number;
  /** Per bucket: lines that begin in it, how many of them look like warnings and errors, and the first line at or after its start. */
  readonly lines: readonly number[];
  readonly warnings: readonly number[];
  readonly errors: readonly number[];
  readonly firstLine: readonly number[];
}

/** Heights of the parts of a column, in pixels, from the bottom up. */
export interface Column {
  readonly errors: number;
  readonly warnings: number;
  readonly others: number;
}

/** Buckets that the server makes at most. */
const MOST_BUCKETS = 5000;
/** Microseconds since the Unix epoch that are a date. */
const LATEST = 8.64e21;

/** Pixels that warnings and errors get at least, so that a single one in a flood is seen. */
const LEAST_NOTABLE = 2;

function numbers(value: unknown, length: number): number[] | undefined {
  if (!Array.isArray(value) || (length >= 0 && value.length !== length)) return undefined;
  const found = value.filter((each): each is number => typeof each === "number" && Number.isFinite(each) && each >= 0);
  return found.length === value.length ? found : undefined;
}

/** Read the server's answer; undefined when it is none, or there is nothing in it. */
export function parseTimeline(json: unknown): Timeline | undefined {
  if (typeof json !== "object" || json === null) return undefined;
  const { epoch, from, width, lines, warnings, errors, first_line } = json as { readonly [key: string]: unknown };
  const all = numbers(lines, -1);
  if (all === undefined || all.length > MOST_BUCKETS || all.every((count) => count === 0) || typeof epoch !== "string") return undefined;
  const [warned, failed, first] = [warnings, errors, first_line].map((each) => numbers(each, all.length));
  if (warned === undefined || failed === undefined || first === undefined) return undefined;
  if (typeof from !== "number" || typeof width !== "number" || !(from >= 0) || !(width > 0) || !(from + width * all.length <= LATEST)) return undefined;
  return { epoch, from, width, lines: all, warnings: warned, errors: failed, firstLine: first };
}

/** The times that some buckets cover, from the first to the last of them, both inclusive. */
export function timesOf({ from, width }: Timeline, first: number, last: number): { readonly from: number; readonly to: number } {
  const [start, end] = [from + first * width, from + (last + 1) * width];
  return { from: Math.round(start), to: Math.max(Math.round(start), Math.round(end) - 1) };
}

export function endOf({ from, width, lines }: Timeline): number {
  return from + width * lines.length;
}

/** The bucket of a time, or the nearest one. */
export function bucketAt(timeline: Timeline, time: number): number {
  const index = Math.floor((time - timeline.from) / timeline.width);
  return Math.max(0, Math.min(timeline.lines.length - 1, index));
}

/** The bucket that a line begins in, or the nearest one: the last whose first line is not after it. */
export function bucketOfLine({ firstLine }: Timeline, line: number): number {
  let low = 1;
  let high = firstLine.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((firstLine[middle] ?? 0) <= line) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** What some buckets hold together. */
export function sum(timeline: Timeline, first: number, last: number): { lines: number; warnings: number; errors: number } {
  const total = { lines: 0, warnings: 0, errors: 0 };
  for (let i = first; i <= last; i++) {
    total.lines += timeline.lines[i] ?? 0;
    total.warnings += timeline.warnings[i] ?? 0;
    total.errors += timeline.errors[i] ?? 0;
  }
  return total;
}

/**
 * The columns of all buckets in a plot of `height` pixels. Heights go by the square root, so that a trickle is seen beside a
 * flood; within a column the parts are as large as their share, but never too small to be seen.
 */
export function columns({ lines, warnings, errors }: Timeline, height: number): Column[] {
  const most = Math.sqrt(lines.reduce((a, b) => Math.max(a, b), 1));
  return lines.map((all, i) => {
    if (all === 0) return { errors: 0, warnings: 0, others: 0 };
    const whole = Math.max(1, Math.round((height * Math.sqrt(all)) / most));
    const part = (count = 0): number => (count === 0 ? 0 : Math.max(LEAST_NOTABLE, Math.round((whole * count) / all)));
    const bad = part(errors[i]);
    const warned = Math.min(part(warnings[i]), Math.max(0, height - bad));
    return { errors: bad, warnings: warned, others: Math.max(0, whole - bad - warned) };
  });
}
