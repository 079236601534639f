// What lines are marked as, besides what they say: pointed at by a link, the current hit, context of what a filter lets
// through, or apart from the line above.
import { Finder } from "../search/finder.ts";
import type { Model } from "../model.ts";
import { Pointing } from "./pointing.ts";

export class Marks {
  readonly finder: Finder;
  readonly pointing: Pointing;
  readonly #model: Model;

  constructor(model: Model) {
    this.#model = model;
    this.finder = new Finder(model.client);
    this.pointing = new Pointing(model);
  }

  /** The marks of a line, as classes of its row. */
  of(line: number): readonly string[] {
    const selected = this.pointing.lines;
    const { rows } = this.#model.client;
    const { filter } = rows;
    const marks: string[] = [];
    if (selected !== undefined && line >= selected.from && line <= selected.to) marks.push("selected");
    if (line === this.finder.current && this.#model.view.find !== undefined) marks.push("current");
    if (filter !== undefined && filter.context > 0) {
      if (!filter.matched(line)) marks.push("context");
      const before = filter.previous(line - 1);
      if (before !== undefined && before >= rows.first && before < line - 1) marks.push("apart");
    }
    return marks;
  }
}
