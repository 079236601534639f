// What the view's filter and its find have found, as the worker tells it: which lines are let through, which of those are
// hits, and how far the searching has come. Begins and ends searches as the view is asked for other things.
import type { Rows } from "../../core/rows/rows.ts";
import { Selection } from "../../core/rows/selection.ts";
import { sameQuery, type ViewState } from "../../core/view-state.ts";
import type { Progress, SearchMessage, SearchNews, SearchRequest } from "../../worker/messages.ts";

interface Asked {
  id: number;
  request: SearchRequest | undefined;
}

function sameRequest(a: SearchRequest | undefined, b: SearchRequest | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return sameQuery(a.query, b.query) && a.context === b.context && a.range?.from === b.range?.from && a.range?.to === b.range?.to;
}

/** What is in both, each as runs: pairs of start and length, ascending. */
function intersect(a: readonly number[], b: readonly number[]): number[] {
  const both: number[] = [];
  for (let i = 0, k = 0; i < a.length && k < b.length; ) {
    const [from, to] = [a[i] ?? 0, (a[i] ?? 0) + (a[i + 1] ?? 0)];
    const [start, end] = [b[k] ?? 0, (b[k] ?? 0) + (b[k + 1] ?? 0)];
    const begin = Math.max(from, start);
    const stop = Math.min(to, end);
    if (stop > begin) both.push(begin, stop - begin);
    if (to <= end) i += 2;
    if (end <= to) k += 2;
  }
  return both;
}

export class Searches {
  readonly #rows: Rows;
  readonly #post: (message: SearchMessage) => void;
  readonly #asked: { readonly filter: Asked; readonly find: Asked } = {
    filter: { id: 0, request: undefined },
    find: { id: 0, request: undefined },
  };
  #ids = 0;
  /** Which message asked for what is shown. */
  #shown = { filter: 0, find: 0 };
  #matches: Selection | undefined;
  #hits: Selection | undefined;
  /** How far they are; undefined while nothing is asked for. */
  filter: Progress | undefined;
  find: Progress | undefined;

  /** The filter is put into `rows`; `post` tells the worker. */
  constructor(rows: Rows, post: (message: SearchMessage) => void) {
    this.#rows = rows;
    this.#post = post;
  }

  /** The lines that are found, of those that are let through. */
  get hits(): Selection | undefined {
    return this.#hits;
  }

  /** The worker is there, and knows nothing. */
  begin(view: ViewState): void {
    this.#asked.filter.request = this.#asked.find.request = undefined;
    this.wish(view);
  }

  /** Search for what the view is asked for now. Returns whether other rows are let through from now on. */
  wish({ filter, find, context, range }: ViewState): boolean {
    const filtered = filter !== undefined || range !== undefined;
    this.#ask("find", find === undefined ? undefined : { query: find, context: 0, range: undefined });
    this.#ask("filter", filtered ? { query: filter, context, range } : undefined);
    if (find === undefined) this.#matches = this.#hits = undefined;
    if (filtered || this.#rows.filter === undefined) return false;
    this.#rows.filter = undefined;
    this.#hits = this.#matches;
    return true;
  }

  /** Another log: nothing is found in it yet. */
  clear(): void {
    const { filter } = this.#rows;
    if (filter !== undefined) this.#rows.filter = new Selection(filter.context);
    if (this.#matches !== undefined) this.#matches = new Selection();
    this.#intersectAll();
  }

  /** Take what the worker says. Returns whether another filter has taken its place. */
  take({ which, id, progress, shown }: SearchNews): boolean {
    const asked = this.#asked[which];
    if (asked.request === undefined) return false;
    if (id === asked.id) this[which] = progress;
    if (shown === undefined) return false;
    const fresh = shown.id !== this.#shown[which];
    this.#shown[which] = shown.id;
    if (which === "filter") {
      const selection = fresh || this.#rows.filter === undefined ? new Selection(shown.context) : this.#rows.filter;
      this.#rows.filter = selection;
      for (const part of shown.parts) selection.put(part);
    } else {
      if (fresh || this.#matches === undefined) this.#matches = new Selection();
      for (const part of shown.parts) this.#matches.put(part);
    }
    if (fresh || this.#matches === undefined || this.#rows.filter === undefined) this.#intersectAll();
    else for (const { first, last } of shown.parts) this.#intersect(first - shown.context, last + shown.context);
    return fresh && which === "filter";
  }

  /** Lines before this one are no longer kept. */
  drop(line: number): void {
    for (const selection of [this.#rows.filter, this.#matches, this.#hits]) selection?.drop(line);
  }

  #ask(which: "filter" | "find", request: SearchRequest | undefined): void {
    const asked = this.#asked[which];
    if (sameRequest(asked.request, request)) return;
    asked.request = request;
    asked.id = ++this.#ids;
    this[which] = request === undefined ? undefined : { matches: 0, share: 0, done: false, limited: false, error: undefined };
    this.#post({ type: "search", which, id: asked.id, request });
  }

  #intersectAll(): void {
    if (this.#matches === undefined || this.#rows.filter === undefined) {
      this.#hits = this.#matches;
      return;
    }
    this.#hits = new Selection();
    this.#intersect(1, this.#rows.last);
  }

  #intersect(from: number, last: number): void {
    const { filter } = this.#rows;
    const first = Math.max(1, from);
    if (this.#matches === undefined || filter === undefined) return;
    this.#hits?.put({ first, last, runs: intersect(this.#matches.within(first, last), filter.within(first, last)) });
  }
}
