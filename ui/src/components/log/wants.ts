// What the view asks of the worker: which lines are drawn, which of them it lacks, and a view ahead in both directions,
// so that scrolling finds its lines here.
import type { Place } from "../../core/rows/rows.ts";
import type { CachedLine } from "./cache.ts";
import type { Client } from "../client.ts";
import { MOST_SHOWN } from "./paint.ts";
import type { Viewport } from "./viewport.ts";

/** Lines before and after those drawn that are asked for too. */
const AHEAD = 60;
/** How much more of a long line each "show" brings. */
const MORE = 4;

/** Instead of how many bytes of a line come before: its last ones. */
const END = -1;

/** So many bytes of a line, behind so many. */
interface Part {
  readonly after: number;
  readonly bytes: number;
}

export class Wants {
  readonly #client: Client;
  /** Lines of which another part than usual is wanted. */
  readonly #parts = new Map<number, Part>();

  constructor(client: Client) {
    this.#client = client;
  }

  clear(): void {
    this.#parts.clear();
  }

  /** More of a line than is here; beyond what is shown at once, the part that follows. */
  more(line: number): void {
    const known = this.#client.cache.get(line);
    if (known === undefined) return;
    const { before, bytes } = known;
    if (before === 0 && bytes.length < MOST_SHOWN) this.#want(line, 0, Math.min(MOST_SHOWN, bytes.length * MORE));
    else this.#want(line, before + bytes.length);
  }

  /** The part before the one that is here. */
  earlier(line: number): void {
    this.#want(line, (this.#client.cache.get(line)?.before ?? 0) - MOST_SHOWN);
  }

  /** The last part. */
  end(line: number): void {
    this.#parts.set(line, { after: END, bytes: MOST_SHOWN });
  }

  #want(line: number, after: number, bytes = MOST_SHOWN): void {
    this.#parts.set(line, { after: Math.max(0, after), bytes });
  }

  /** Say what is shown, and which of its lines are not here or may still change. */
  ask(viewport: Viewport): void {
    const { cache, rows } = this.#client;
    cache.trim(...viewport.seen());
    const seen = rangesOf(viewport.places.filter(({ sub }) => sub === 0).map(({ line }) => line));
    const wanted: number[] = [];
    const had: [number, number, boolean][] = [];
    let lacking = false;
    const limits: [number, number, number][] = [];
    for (const { line, sub } of viewport.places) {
      if (sub > 0) continue;
      const known = cache.get(line);
      const part = this.#parts.get(line);
      if (part !== undefined) limits.push([line, part.bytes, part.after]);
      if (known !== undefined && !lacks(known, part)) had.push([line, known.total, known.complete]);
      if (known?.complete === true && !lacks(known, part)) continue;
      lacking ||= known === undefined;
      wanted.push(line);
    }
    const { following } = viewport;
    // What is folded the worker does not know of: it counts the newest lines without.
    if (following && !(lacking && rows.folds.size > 0)) wanted.length = 0;
    else this.#ahead(viewport.places, wanted);
    const ranges = rangesOf(wanted);
    const within = (line: number): boolean => ranges.some(([from, to]) => line >= from && line < to);
    const known = following ? (lacking ? had : []) : had.filter(([line]) => within(line));
    this.#client.ask({ type: "view", follow: following, count: viewport.capacity, ranges, seen, limits, known });
  }

  #ahead(places: readonly Place[], wanted: number[]): void {
    const { cache, rows } = this.#client;
    const [first, last] = [places[0], places.at(-1)];
    let above = first && rows.previous(first);
    let below = last && rows.next(last);
    for (let i = 0; i < AHEAD && (above !== undefined || below !== undefined); i++) {
      for (const place of [above, below]) {
        if (place?.sub === 0 && cache.get(place.line) === undefined) wanted.push(place.line);
      }
      above &&= rows.previous(above);
      below &&= rows.next(below);
    }
  }
}

/** Numbers as ranges: [from, to) of each. */
function rangesOf(lines: number[]): [from: number, to: number][] {
  const ranges: [number, number][] = [];
  for (const line of lines.sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.[1] === line) last[1] = line + 1;
    else ranges.push([line, line + 1]);
  }
  return ranges;
}

/** Whether another part of a line is wanted than is here. */
function lacks(line: CachedLine, part: Part | undefined): boolean {
  if (part === undefined) return false;
  // A cut never splits a character, so that a few bytes less are all of it.
  if (part.after === END) return line.more > 0;
  const there = line.before >= part.after && line.before < part.after + 4;
  return !there || (line.more > 0 && line.bytes.length < part.bytes - 8);
}
