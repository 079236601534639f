// What of the rows that are drawn is in sight: more are drawn than fit, so that scrolling finds them there; and matches are
// brought into sight where lines scroll sideways.
import type { Place } from "../../core/rows/rows.ts";
import type { Strip } from "./strip.ts";

/** Frames for which a match is waited for. */
const TRIES = 60;

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

  /** The same as a share of the view's height; 0 for a line that is not drawn. */
  shareOf(line: number): number {
    return (this.offsetOf(line) ?? 0) / Math.max(1, this.#sheet.clientHeight);
  }

  /** Whether all of a line is in sight. */
  shows(line: number): boolean {
    const row = this.#strip.row({ line, sub: 0 })?.getBoundingClientRect();
    const view = this.#sheet.getBoundingClientRect();
    // Rows are put on the screen's pixels.
    return row !== undefined && row.top >= view.top - 1 && row.bottom <= view.bottom + 1;
  }

  /** Scroll sideways to the first match, of a line or of what is drawn, as soon as it is marked, where that is necessary. */
  reveal(line?: number, tries = TRIES): void {
    const sheet = this.#sheet;
    if (!sheet.classList.contains("sideways") || tries === 0) return;
    requestAnimationFrame(() => {
      const within = line === undefined ? sheet : this.#strip.row({ line, sub: 0 });
      const marks = [...(within?.querySelectorAll(".line:not(.kept) mark:is(.find, .through)") ?? [])];
      const [mark] = marks;
      if (mark === undefined) {
        this.reveal(line, tries - 1);
        return;
      }
      const view = sheet.getBoundingClientRect();
      const edge = mark.closest(".line")?.querySelector(".number")?.getBoundingClientRect().right ?? view.left;
      const isSeen = (each: Element): boolean => {
        const box = each.getBoundingClientRect();
        return box.left >= edge && box.right <= view.right && (line !== undefined || (box.top < view.bottom && box.bottom > view.top));
      };
      if (!marks.some(isSeen)) sheet.scrollLeft += mark.getBoundingClientRect().left - edge - (view.right - edge) / 3;
    });
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
