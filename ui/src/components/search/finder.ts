// Going from hit to hit: which line is the current one, and where the next is from what is in sight. At either end it goes
// on at the other.
import type { Client } from "../client.ts";

/** Which hit is the current one (from 1), and how many there are. */
export interface FoundCount {
  readonly at: number | undefined;
  readonly of: number;
}

export class Finder {
  readonly #client: Client;
  /** The line of the current hit. */
  current: number | undefined;

  constructor(client: Client) {
    this.#client = client;
  }

  get count(): FoundCount {
    const { rows, search } = this.#client;
    const { hits } = search;
    if (hits === undefined) return { at: undefined, of: 0 };
    const before = hits.rank(rows.first);
    const at = this.current !== undefined && hits.has(this.current) ? hits.rank(this.current) - before + 1 : undefined;
    return { at, of: hits.rank(rows.last + 1) - before };
  }

  /**
   * The next hit in a direction, from the current one if that is in sight, or else from what is; undefined without any.
   * From where there is none, it goes to the nearest: at the end of a log, where one follows it, that is the last one.
   */
  step(direction: 1 | -1, [from, to]: readonly [from: number, to: number]): number | undefined {
    const { rows, search } = this.#client;
    const { hits } = search;
    if (hits === undefined) return undefined;
    const { current } = this;
    const inSight = current !== undefined && current >= from && current < to;
    let found: number | undefined;
    if (direction === 1) {
      found = hits.next(inSight ? current + 1 : from);
      if (found === undefined || found > rows.last) found = (inSight ? undefined : hits.previous(from)) ?? hits.next(rows.first);
    } else {
      found = hits.previous(inSight ? current - 1 : to - 1);
      if (found === undefined || found < rows.first) found = (inSight ? undefined : hits.next(to)) ?? hits.previous(rows.last);
    }
    if (found !== undefined) this.current = found;
    return found;
  }
  /** The hit nearest to what is in sight, first below it, or only above; undefined where one is in sight, or none is. */
  nearest([from, to]: readonly [from: number, to: number], above: boolean): number | undefined {
    const { rows, search } = this.#client;
    const next = search.hits?.next(from);
    if (next !== undefined && next < to) return undefined;
    if (!above && next !== undefined && next <= rows.last) return next;
    const before = search.hits?.previous(from - 1);
    return before !== undefined && before >= rows.first ? before : undefined;
  }
}
