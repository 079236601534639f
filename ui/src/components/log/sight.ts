// What of the rows that are drawn is in sight: more are drawn than fit, so that scrolling finds them there.
import type { Place } from "../../core/rows/rows.ts";
import type { Strip } from "./strip.ts";

export class Sight {
  readonly #sheet: HTMLElement;
  readonly #strip: Strip;

  constructor(sheet: HTMLElement, strip: Strip) {
    this.#sheet = sheet;
    this.#strip = strip;
  }

  /** Pixels from the view's top to the row of a line that is drawn. */
  offsetOf(line: number): number | undefined {
    const row = this.#strip.row({ line, sub: 0 });
    return row && row.getBoundingClientRect().top - this.#sheet.getBoundingClientRect().top;
  }

  /** Whether all of a line is in sight. */
  shows(line: number): boolean {
    const row = this.#strip.row({ line, sub: 0 })?.getBoundingClientRect();
    const view = this.#sheet.getBoundingClientRect();
    return row !== undefined && row.top >= view.top && row.bottom <= view.bottom;
  }

  /** The lines of these places that are wholly in sight, [from, to); all of them when none is. */
  whole(places: readonly Place[]): [from: number, to: number] {
    const lines = places.filter(({ sub }) => sub === 0).map(({ line }) => line);
    const inSight = lines.filter((line) => this.shows(line));
    const [first = 0, last = -1] = inSight.length > 0 ? [inSight[0], inSight.at(-1)] : [lines[0], lines.at(-1)];
    return [first, last + 1];
  }

  /** The rows between lines among these that are at least partly in sight. */
  extras(places: readonly Place[]): Place[] {
    const view = this.#sheet.getBoundingClientRect();
    return places.filter((place) => {
      if (place.sub === 0) return false;
      const box = this.#strip.row(place)?.getBoundingClientRect();
      return box !== undefined && box.bottom > view.top && box.top < view.bottom;
    });
  }
}
