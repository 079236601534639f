// How the lines look at present: what of the settings and the view changes a line's row. The viewport paints a row again
// when its line or this has changed.
import type { CachedLine } from "./cache.ts";
import type { Model } from "./model.ts";
import { paintLine } from "./paint.ts";

export class Look {
  /** Counts the changes. */
  version = 0;

  constructor(model: Model, signal: AbortSignal) {
    for (const change of ["settings", "view"]) {
      model.addEventListener(change, () => (this.version += 1), { signal });
    }
  }

  /** Fill the row of a line; `undefined` while it is not there yet. */
  paint(row: HTMLElement, line: CachedLine | undefined): void {
    paintLine(row, line);
  }
}
