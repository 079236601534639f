// What can be folded in the log, and is: groups of build systems, which the server knows, and the lines that belong to an
// entry, which the worker tells for those in sight.
import { mayMark } from "../../core/rows/groups.ts";
import type { CachedLine } from "./cache.ts";
import type { Client } from "../client.ts";
import { GroupSource } from "./group-source.ts";
import type { Fold } from "./paint.ts";

export class Folding {
  readonly #client: Client;
  readonly #groups: GroupSource;

  constructor(client: Client, changed: () => void, signal: AbortSignal) {
    this.#client = client;
    this.#groups = new GroupSource(client, (fresh) => {
      // What goes on is not folded over a reader's head when it ends.
      for (const { line, end, collapsed } of fresh) if (collapsed && end !== undefined) client.rows.folds.fold(line, end);
      changed();
    }, signal);
    client.addEventListener("state", () => this.#groups.changed(), { signal });
    this.#groups.changed();
  }

  /** What can be folded behind a line. */
  of(line: number, cached: CachedLine): Fold | undefined {
    const { belongs, rows } = this.#client;
    const known = this.#groups.of(line);
    // A marker that is not known yet, or the end of a group that was open.
    if (known?.end === undefined && mayMark(cached.bytes)) this.#groups.saw(line);
    const group = known && { name: known.name, seconds: known.seconds };
    // A filter shows lines whatever they belong to.
    if (rows.filter !== undefined) return group && { lines: undefined, folded: false, group };
    const folded = rows.folds.of(line);
    if (folded !== undefined) return { lines: folded.to - line, folded: true, group };
    const lines = known?.end !== undefined ? known.end - line : (belongs.get(line) ?? 0);
    return group === undefined && lines === 0 ? undefined : { lines: lines === 0 ? undefined : lines, folded: false, group };
  }

  /** Hide the lines behind a line, or show them again. */
  toggle(line: number): void {
    const { cache, rows } = this.#client;
    const cached = cache.get(line);
    const fold = cached === undefined ? undefined : this.of(line, cached);
    if (fold?.lines === undefined) return;
    if (fold.folded) rows.folds.unfold(line);
    else rows.folds.fold(line, line + fold.lines);
  }
}
