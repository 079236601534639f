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

export class Wants {
  readonly #client: Client;
  /** Lines that may be longer than usual, and how many of their bytes are wanted. */
  readonly #limits = new Map<number, number>();

  constructor(client: Client) {
    this.#client = client;
  }

  clear(): void {
    this.#limits.clear();
  }

  /** More of a line than is here. */
  more(line: number): void {
    const known = this.#client.cache.get(line);
    if (known !== undefined) this.#limits.set(line, Math.min(MOST_SHOWN, known.bytes.length * MORE));
  }

  /** Say what is shown, and which of its lines are not here or may still change. */
  ask(viewport: Viewport): void {
    const { cache, rows } = this.#client;
    cache.trim(...viewport.seen());
    const seen = rangesOf(viewport.places.filter(({ sub }) => sub === 0).map(({ line }) => line));
    const wanted: number[] = [];
    const had: [number, number, boolean][] = [];
    let lacking = false;
    const limits: [number, number][] = [];
    for (const { line, sub } of viewport.places) {
      if (sub > 0) continue;
      const known = cache.get(line);
      const limit = this.#limits.get(line);
      if (limit !== undefined) limits.push([line, limit]);
      if (known !== undefined && !lacks(known, limit)) had.push([line, known.total, known.complete]);
      if (known?.complete === true && !lacks(known, limit)) continue;
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

/** Whether more of a line is wanted than is here. */
function lacks(line: CachedLine, limit: number | undefined): boolean {
  // A cut never splits a character, so that a few bytes less than the limit are all of it.
  return limit !== undefined && line.more > 0 && line.bytes.length < limit - 4;
}
