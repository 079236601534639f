// What the view asks of the worker: which lines are drawn, which of them it lacks, and a view ahead in both directions,
// so that scrolling finds its lines here.
import type { ViewMessage } from "../worker/messages.ts";
import type { CachedLine } from "./cache.ts";
import type { Client } from "./client.ts";
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
    const seen = viewport.seen();
    cache.trim(...seen);
    let from = Infinity;
    let to = 0;
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
      from = Math.min(from, line);
      to = Math.max(to, line + 1);
    }
    const { following } = viewport;
    for (const [begin, end] of [
      [seen[0] - AHEAD, seen[0]],
      [seen[1], seen[1] + AHEAD],
    ] as const) {
      for (let line = Math.max(begin, rows.first); line < Math.min(end, rows.last + 1); line++) {
        if (cache.get(line) !== undefined || rows.hiding(line) !== undefined) continue;
        from = Math.min(from, line);
        to = Math.max(to, line + 1);
      }
    }
    const count = viewport.capacity;
    const view: ViewMessage = following
      ? { type: "view", follow: true, count, from: 0, to: 0, seen, limits, known: lacking ? had : [] }
      : { type: "view", follow: false, count, from: Math.min(from, to), to, seen, limits, known: had.filter(([line]) => line >= from && line < to) };
    this.#client.ask(view);
  }
}

/** Whether more of a line is wanted than is here. */
function lacks(line: CachedLine, limit: number | undefined): boolean {
  // A cut never splits a character, so that a few bytes less than the limit are all of it.
  return limit !== undefined && line.more > 0 && line.bytes.length < limit - 4;
}
