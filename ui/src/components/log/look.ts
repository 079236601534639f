// How the lines look at present: what of the settings, the view and the hands changes a line's row (highlights, times,
// structured lines and which of them are open, what is folded). The strip paints a row again when its line or this has changed.
import type { StreamInfo } from "../../core/log/session.ts";
import { MOST_BELONGING } from "../../core/text/folds.ts";
import { beside, day, daysDiffer, exactly, TIME_COLUMNS } from "../../core/time/times.ts";
import { sameQuery, type Query } from "../../core/view-state.ts";
import { wantedBy } from "../../core/text/structure.ts";
import type { CachedLine } from "./cache.ts";
import { Folding } from "./folding.ts";
import { Highlights } from "./highlights.ts";
import type { Model } from "../model.ts";
import { paintLine, structureOf } from "./paint.ts";
import { fieldAt } from "./paint-structure.ts";
import { element } from "./paint-text.ts";

/** Milliseconds between two looks at the clock while times that pass are shown. */
const TICK = 500;

export class Look {
  readonly #model: Model;
  readonly #redraw: () => void;
  readonly #highlights: Highlights;
  readonly #folding: Folding;
  /** Counts the changes. */
  #version = 0;
  /** The lines that are open, with the nodes of their trees that are not as they would be by themselves. */
  readonly #open = new Map<number, Set<string>>();
  /** What says how long ago a line came, and when that was. */
  readonly #passing = new Map<HTMLElement, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(model: Model, signal: AbortSignal, redraw: () => void) {
    this.#model = model;
    this.#redraw = redraw;
    this.#highlights = new Highlights(() => this.#changed());
    this.#highlights.show(model.view);
    this.#folding = new Folding(model.client, () => this.#changed(), signal);
    model.addEventListener("settings", () => this.#changed(), { signal });
    model.addEventListener("view", () => this.#highlights.show(model.view), { signal });
    model.client.addEventListener("newlog", () => this.#open.clear(), { signal });
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /** Tells one look of a line from another: it changes with all of them, or with what belongs to the line. */
  of(number: number): number {
    return this.#version * MOST_BELONGING * 2 + (this.#model.client.belongs.get(number) ?? 0);
  }

  /** Columns that times take beside the lines. */
  get timeColumns(): number {
    return TIME_COLUMNS[this.#model.settings.times];
  }

  /** What is shown, and where it comes from. */
  get stream(): StreamInfo | undefined {
    return this.#model.client.state.stream;
  }

  /** The address of a line. */
  linkTo(line: number): string {
    return this.#model.linkTo(line);
  }

  /** Fill the row of a line; `undefined` while it is not there yet. */
  paint(row: HTMLElement, line: CachedLine | undefined): void {
    const number = Number(row.dataset["line"]);
    const fold = line === undefined ? undefined : this.#folding.of(number, line);
    const { structured, times } = this.#model.settings;
    paintLine(row, line, { structured, highlights: this.#highlights, fold, open: this.#open.get(number) });
    if (line !== undefined && times !== "off") this.#paintTime(row, number, line);
  }

  /** Do what a click on something in a line's row means; false when that means nothing here. */
  clicked(target: Element, number: number): boolean {
    if (target.closest("a.link") !== null) return false;
    if (target.closest(".fold, .behind") !== null) this.#folding.toggle(number);
    else if (target.closest(".twist") !== null) {
      if (!this.#open.delete(number)) this.#open.set(number, new Set());
    } else {
      const named = target.closest<HTMLElement>("[data-path]");
      const path = named?.dataset["path"];
      if (named === null || path === undefined) return false;
      if (!named.classList.contains("twig")) return this.#filterBy(number, path);
      const toggled = this.#open.get(number);
      if (toggled?.delete(path) === false) toggled.add(path);
    }
    this.#changed();
    return true;
  }

  #changed(): void {
    this.#version += 1;
    this.#redraw();
  }

  /** Show only lines with the same value; all of them again when that is what is shown. */
  #filterBy(number: number, path: string): boolean {
    const line = this.#model.client.cache.get(number);
    const structure = line === undefined ? undefined : structureOf(line);
    const field = structure === undefined ? undefined : fieldAt(structure, path);
    const text = structure === undefined || field === undefined ? undefined : wantedBy(structure.notation, field);
    if (text === undefined) return false;
    const filter: Query = { text, regex: true, caseSensitive: true, invert: false };
    this.#model.show({ filter: sameQuery(filter, this.#model.view.filter) ? undefined : filter });
    return true;
  }

  #paintTime(row: HTMLElement, number: number, line: CachedLine): void {
    const { times } = this.#model.settings;
    const utc = times === "utc";
    const now = Date.now() * 1000;
    const time = element("time", "time", beside(times, line.time, now, times === "start" ? this.#startOf(number) : undefined));
    time.title = exactly(line.time, utc);
    row.prepend(time);
    if (times === "relative") {
      this.#passing.set(time, line.time);
      this.#timer ??= setTimeout(() => this.#tick(), TICK);
    } else if (times !== "start" && this.#beginsDay(number, line.time, utc)) {
      row.classList.add("newday");
      row.prepend(element("span", "day", day(line.time, utc)));
    }
  }

  /** Only what is in the page, and only what says something else by now. */
  #tick(): void {
    this.#timer = undefined;
    const now = Date.now() * 1000;
    for (const [time, at] of this.#passing) {
      const words = beside("relative", at, now, undefined);
      if (!time.isConnected) this.#passing.delete(time);
      else if (time.textContent !== words) time.textContent = words;
    }
    if (this.#passing.size > 0) this.#timer = setTimeout(() => this.#tick(), TICK);
  }

  #beginsDay(number: number, time: number, utc: boolean): boolean {
    const { cache, rows } = this.#model.client;
    if (number === rows.first) return true;
    const before = cache.get(number - 1);
    return before !== undefined && daysDiffer(before.time, time, utc);
  }

  /** When the run began that a line is of. */
  #startOf(number: number): number | undefined {
    const { rows, state } = this.#model.client;
    for (let index = rows.extras.length - 1; index >= 0; index--) {
      const extra = rows.extras[index];
      if (extra?.kind === "start" && extra.after < number) return extra.time;
    }
    return state.started;
  }
}
