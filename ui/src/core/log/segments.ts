// The map of a log: the server's list of its segments, which says where every kept line lies before any of it is loaded.
// The list ages as the log grows; whoever asks for what lies after its end is told to renew it.
import { timeOf, TOO_LARGE } from "./record.ts";

export interface Segment {
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** The line that its first record starts in. */
  readonly line: number;
  readonly time: number;
  readonly offset: number;
  readonly raw: number;
  readonly sealed: boolean;
  /** The output before it ended in the middle of a line. */
  readonly midLine: boolean;
}

export interface SegmentList {
  readonly epoch: string;
  readonly segments: readonly Segment[];
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null;
}

function count(value: unknown): number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < TOO_LARGE ? value : 0;
}

/** Read the answer of `GET s/NAME/segments`; undefined when it is none. */
export function parseSegmentList(json: unknown): SegmentList | undefined {
  if (!isObject(json) || typeof json["epoch"] !== "string" || !Array.isArray(json["segments"])) return undefined;
  const segments: Segment[] = [];
  for (const item of json["segments"] as unknown[]) {
    if (!isObject(item)) return undefined;
    segments.push({
      firstSeq: count(item["first_seq"]),
      lastSeq: count(item["last_seq"]),
      line: count(item["line"]),
      time: timeOf(item["time"]),
      offset: count(item["offset"]),
      raw: count(item["raw"]),
      sealed: item["sealed"] === true,
      midLine: item["mid_line"] === true,
    });
  }
  return { epoch: json["epoch"], segments };
}

export class SegmentMap {
  #segments: readonly Segment[] = [];
  /** Whether a list has been had at all. */
  known = false;

  set(segments: readonly Segment[]): void {
    this.#segments = segments;
    this.known = true;
  }

  get first(): Segment | undefined {
    return this.#segments[0];
  }

  get last(): Segment | undefined {
    return this.#segments.at(-1);
  }

  /** The last segment that begins at a time or before it. */
  at(time: number): Segment | undefined {
    return this.#segments.findLast((segment) => segment.time <= time);
  }

  /** The segment that a record is in. */
  holding(seq: number): Segment | undefined {
    return this.#segments.find((segment) => segment.firstSeq <= seq && segment.lastSeq >= seq);
  }

  /** The lines [from, to) and up to so many around them, but none beyond the segments next to theirs: lines may be long. */
  around(from: number, to: number, lines: number): [from: number, to: number] {
    const first = this.#segments.findLastIndex((segment) => segment.line <= from);
    const last = this.#segments.findLastIndex((segment) => segment.line < to);
    const low = this.#segments[first - 1]?.line ?? -Infinity;
    const high = this.#segments[last + 2]?.line ?? Infinity;
    return [Math.max(from - lines, low), Math.min(to + lines, high)];
  }

  /** The segments that may hold a byte of the lines [from, to), and among them those of the seqs [first, last]. */
  covering(from: number, to: number, first: number, last: number): Segment[] {
    const found: Segment[] = [];
    for (const [index, segment] of this.#segments.entries()) {
      const next = this.#segments[index + 1];
      // The next segment's first line may have begun in this one.
      if (segment.line >= to || (next !== undefined && next.line < from)) continue;
      if (segment.firstSeq <= last && segment.lastSeq >= first) found.push(segment);
    }
    return found;
  }
}
