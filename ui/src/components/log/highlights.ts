// What is highlighted in lines: matches of what is looked for, of the highlights that stay, each in its colour, and quietly
// what the filter let them through for. The
// patterns are made ready once when the view asks for others; a regular expression that makes no sense marks nothing.
import { compile, PatternError, type Pattern } from "../../core/text/pattern.ts";
import { sameQuery, type Query, type ViewState } from "../../core/view-state.ts";
import type { Marked } from "./paint-text.ts";

const FIND = 255;
const FILTER = 254;

export class Highlights {
  readonly #changed: () => void;
  #queries: readonly (Query | undefined)[] = [];
  /** What is looked for, then the highlights, then the filter. */
  #patterns: readonly (Pattern | undefined)[] = [];
  #asked = 0;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get none(): boolean {
    return this.#patterns.length === 0;
  }

  /** What is looked for. */
  get find(): Pattern | undefined {
    return this.#patterns[0];
  }

  show({ find, marks, filter }: Pick<ViewState, "find" | "marks" | "filter">): void {
    const through = filter?.invert === false ? filter : undefined;
    const queries = find === undefined && marks.length === 0 && through === undefined ? [] : [find, ...marks, through];
    if (queries.length === this.#queries.length && queries.every((query, i) => sameQuery(query, this.#queries[i]))) return;
    this.#queries = queries;
    const asked = (this.#asked += 1);
    const had = this.#patterns;
    const ready = queries.map(async (query) => {
      const same = had.find((pattern) => pattern !== undefined && sameQuery(pattern.query, query));
      if (query === undefined || same !== undefined) return same;
      try {
        return await compile(query);
      } catch (error) {
        if (error instanceof PatternError) return undefined;
        throw error;
      }
    });
    void Promise.all(ready).then((patterns) => {
      // Other ones may have been asked for meanwhile.
      if (asked !== this.#asked) return;
      this.#patterns = patterns;
      this.#changed();
    });
  }

  /** The places in a text: what is looked for lies over the others, an earlier one over a later. */
  in(text: string): Marked[] {
    if (this.none) return [];
    const over = new Uint8Array(text.length);
    let any = false;
    for (let i = this.#patterns.length - 1; i >= 0; i--) {
      for (const [from, to] of this.#patterns[i]?.ranges(text) ?? []) {
        over.fill(i === 0 ? FIND : i === this.#patterns.length - 1 ? FILTER : i, from, to);
        any = true;
      }
    }
    const marked: Marked[] = [];
    for (let from = 0; any && from < text.length; ) {
      const what = over[from] ?? 0;
      let to = from + 1;
      while (to < text.length && over[to] === what) to += 1;
      if (what !== 0) marked.push({ from, to, className: what === FIND ? "find" : what === FILTER ? "through" : `m${what}` });
      from = to;
    }
    return marked;
  }
}
