// What someone selected of the log's text, from one point to another. A point is known by its row and by what that row
// says before and after it, so that it means the same whatever is drawn, loaded or let go; and so is what is copied.
import { before, samePlace, type Place } from "./rows.ts";

/** A point in the text of a row; rows that are no lines have none. A row that is not there is a point between lines. */
export interface Point extends Place {
  readonly before: string;
  readonly after: string;
}

/** `from` comes before `to`. */
export interface Stretch {
  readonly from: Point;
  readonly to: Point;
}

/** What a stretch consists of. */
export interface Parts {
  /** What is selected of the first line, and of the last, where that is not all of it. */
  readonly head: string | undefined;
  readonly tail: string | undefined;
  /** The lines that are selected whole, both inclusive; none when `to` is less. */
  readonly from: number;
  readonly to: number;
}

/** The stretch between two points in any order; undefined when they are one. */
export function stretchOf(a: Point, b: Point): Stretch | undefined {
  if (samePlace(a, b)) {
    if (a.before.length === b.before.length) return undefined;
    return a.before.length < b.before.length ? { from: a, to: b } : { from: b, to: a };
  }
  return before(a, b) ? { from: a, to: b } : { from: b, to: a };
}

/** All of the lines from `first` to `last`. */
export function wholeLines(first: number, last: number): Stretch {
  const behind = (line: number): Point => ({ line, sub: 1, before: "", after: "" });
  return { from: behind(first - 1), to: behind(last) };
}

export function partsOf({ from, to }: Stretch): Parts {
  const wholeFirst = from.sub === 0 && from.before === "";
  const wholeLast = to.sub > 0 || to.after === "";
  if (samePlace(from, to) && !(wholeFirst && wholeLast)) {
    const head = from.after.slice(0, from.after.length - to.after.length);
    return { head, tail: undefined, from: from.line + 1, to: from.line };
  }
  return {
    head: from.sub > 0 || wholeFirst ? undefined : from.after,
    tail: wholeLast ? undefined : to.before,
    from: wholeFirst ? from.line : from.line + 1,
    to: wholeLast ? to.line : to.line - 1,
  };
}

/** The text of a stretch, `whole` being that of its whole lines, each ended by a newline. */
export function joined({ head, tail }: Parts, whole: string): string {
  const text = `${head === undefined ? "" : `${head}\n`}${whole}${tail ?? ""}`;
  return tail === undefined ? text.replace(/\n$/, "") : text;
}
