// What is searched for at present: a filter, and something to find. A new query takes the place of the one before as soon
// as it has found something, or knows that there is nothing, so that the view does not go blank at each letter that is
// typed; a query that makes no sense takes nobody's place.
import { compile, PatternError, type Pattern } from "../core/text/pattern.ts";
import type { LineBytes } from "../core/log/loaded.ts";
import type { Selection } from "../core/rows/selection.ts";
import type { Session } from "../core/log/session.ts";
import type { Store } from "../core/log/store.ts";
import type { Progress, SearchMessage, SearchNews } from "./messages.ts";
import { Search } from "./search.ts";
import { Texts } from "./texts.ts";

class Slot {
  asked: SearchMessage | undefined;
  /** The newest search, and the one that is shown until that one is ready. */
  current: Search | undefined;
  shown: Search | undefined;
  error: string | undefined;
  said = "";

  clear(): void {
    this.current?.stop();
    this.shown?.stop();
    this.current = this.shown = undefined;
    this.error = undefined;
  }

  progress(): Progress | undefined {
    if (this.asked?.request === undefined) return undefined;
    if (this.error !== undefined) return { matches: 0, share: 1, done: true, limited: false, error: this.error };
    return this.current?.progress ?? { matches: 0, share: 0, done: false, limited: false, error: undefined };
  }
}

export class Searches {
  readonly #url: string;
  readonly #session: Session;
  readonly #store: () => Store;
  readonly #changed: () => void;
  readonly #slots = { filter: new Slot(), find: new Slot() };
  #texts = new Texts();

  /** `url` is that of the stream's search; `changed` is called whenever there is news. */
  constructor(url: string, session: Session, store: () => Store, changed: () => void) {
    this.#url = url;
    this.#session = session;
    this.#store = store;
    this.#changed = changed;
  }

  /** The lines that are let through; undefined when all are. */
  get filter(): Selection | undefined {
    return this.#slots.filter.shown?.selection;
  }

  /** A line that came along with what was found. */
  text(line: number): LineBytes | undefined {
    return this.#texts.get(line);
  }

  set(message: SearchMessage): void {
    const slot = this.#slots[message.which];
    slot.asked = message;
    if (message.request === undefined) {
      slot.clear();
      this.#changed();
      return;
    }
    if (message.which === "filter") this.#texts = new Texts();
    this.#begin(slot, message);
  }

  /** Another log begins: what is searched for is searched for anew. */
  reset(): void {
    this.#texts = new Texts();
    for (const slot of Object.values(this.#slots)) {
      slot.clear();
      if (slot.asked?.request !== undefined) this.#begin(slot, slot.asked);
    }
  }

  /** The connection is there again. */
  wake(): void {
    for (const slot of Object.values(this.#slots)) slot.current?.wake();
  }

  close(): void {
    for (const slot of Object.values(this.#slots)) {
      slot.asked = undefined;
      slot.clear();
    }
  }

  /** Look at what has come. */
  look(): void {
    for (const { current, shown } of Object.values(this.#slots)) {
      current?.look();
      if (shown !== current) shown?.look();
    }
  }

  /** What the page does not know yet. */
  news(): SearchNews[] {
    const news: SearchNews[] = [];
    for (const [which, slot] of Object.entries(this.#slots) as ["filter" | "find", Slot][]) {
      const { current, asked } = slot;
      if (asked === undefined) continue;
      if (current !== undefined && current !== slot.shown && current.ready) {
        slot.shown?.stop();
        slot.shown = current;
      }
      const { shown: search } = slot;
      const parts = search?.news() ?? [];
      const progress = slot.progress();
      const said = JSON.stringify([asked.id, search?.id, progress]);
      if (parts.length === 0 && said === slot.said) continue;
      slot.said = said;
      const shown = search === undefined ? undefined : { id: search.id, context: search.selection.context, parts };
      news.push({ which, id: asked.id, progress, shown });
    }
    return news;
  }

  #begin(slot: Slot, message: SearchMessage): void {
    const { request } = message;
    const { epoch } = this.#session;
    if (request === undefined || epoch === undefined) return;
    const ready: Promise<Pattern | undefined> = request.query === undefined ? Promise.resolve(undefined) : compile(request.query);
    ready
      .then((pattern) => {
        if (slot.asked !== message || epoch !== this.#session.epoch) return;
        // What is shown stays until there is something else; it is not searched for any more.
        slot.current?.stop();
        slot.error = undefined;
        const texts = message.which === "filter" ? this.#texts : undefined;
        slot.current = new Search(this.#url, epoch, message.id, request, pattern, this.#store(), texts, this.#changed);
      })
      .catch((error: unknown) => {
        if (!(error instanceof PatternError)) throw error;
        if (slot.asked === message) slot.error = error.message;
      })
      .finally(() => this.#changed())
      .catch(() => undefined);
  }
}
