// The lines that a link points at: where a click on a number, a link followed or a hash typed lead, and what is said
// when they lead nowhere. A line's number means something only within its log's epoch.
import type { Selected } from "../../core/view-state.ts";
import { count } from "../format.ts";
import type { Model } from "../model.ts";

/** What became of a link: where to go, what to say, or both undefined while nothing is known of the log yet. */
export interface Pointed {
  readonly line?: number;
  readonly notice?: string;
}

function same(a: Selected | undefined, b: Selected | undefined): boolean {
  return a?.from === b?.from && a?.to === b?.to && a?.epoch === b?.epoch;
}

function words(selected: Selected, what: string): string {
  const { from, to } = selected;
  return from === to ? `Line ${count(from)} ${what}` : `Lines ${count(from)} to ${count(to)} ${what}`;
}

export class Pointing {
  readonly #model: Model;
  /** What was followed already, or made by hand here. */
  #followed: Selected | undefined;
  /** Where the next shift-click's range begins. */
  #from: number | undefined;

  constructor(model: Model) {
    this.#model = model;
  }

  /** The selection as far as it is of this log. */
  get lines(): Selected | undefined {
    const { selected } = this.#model.view;
    const { epoch } = this.#model.client.state;
    return selected?.epoch === undefined || selected.epoch === epoch ? selected : undefined;
  }

  /** Follow a link that has not been followed yet; undefined when there is none. */
  follow(): Pointed | undefined {
    const { selected } = this.#model.view;
    const { rows, state } = this.#model.client;
    if (same(selected, this.#followed) || state.epoch === undefined) return undefined;
    this.#followed = selected;
    this.#from = selected?.from;
    if (selected === undefined) return {};
    if (selected.epoch !== undefined && selected.epoch !== state.epoch) return { notice: "This link is to an earlier log" };
    if (selected.from > rows.last) return { notice: words(selected, selected.from === selected.to ? "is not written yet" : "are not written yet") };
    if (selected.to < rows.first) return { notice: words(selected, selected.from === selected.to ? "is no longer kept" : "are no longer kept") };
    return { line: Math.max(rows.first, selected.from) };
  }

  /** Another log began: what pointed into the one before leads nowhere now. */
  renewed(): void {
    this.#followed = undefined;
  }

  /** A number was clicked: select its line, with shift all from the one before; the only one selected is let go. */
  click(line: number, extend: boolean): void {
    const { lines } = this;
    const { epoch } = this.#model.client.state;
    const begin = extend && lines !== undefined ? (this.#from ?? lines.from) : line;
    const off = !extend && lines?.from === line && lines.to === line;
    const selected = off ? undefined : { from: Math.min(begin, line), to: Math.max(begin, line), epoch };
    this.#followed = selected;
    this.#from = begin;
    this.#model.show({ selected });
  }
}
