// The lines that the page has, as bytes: they are decoded and parsed only when they are drawn, and let go once they are
// far from what is in sight. A line that can no longer change is never asked for again while it is here.
import { renderLine, type Span } from "../../core/text/terminal-line.ts";
import { LINE_FIELDS, type LineBatch } from "../../worker/messages.ts";

export interface CachedLine {
  readonly bytes: Uint8Array;
  /** Bytes of the line before those that are here, and after them. */
  readonly before: number;
  readonly more: number;
  readonly total: number;
  readonly complete: boolean;
  /** Its beginning is no longer kept. */
  readonly lost: boolean;
  readonly kind: number;
  readonly time: number;
  spans(): Span[];
}

const KEEP = 2_000;

export class LineCache {
  readonly #lines = new Map<number, CachedLine>();

  get(line: number): CachedLine | undefined {
    return this.#lines.get(line);
  }

  clear(): void {
    this.#lines.clear();
  }

  /** Take a batch; lines that are here already and complete stay the same objects. */
  take(batch: LineBatch): void {
    const { bytes, numbers } = batch;
    let at = 0;
    for (let i = 0; i < numbers.length; i += LINE_FIELDS) {
      const [line = 0, length = 0, before = 0, more = 0, total = 0, complete = 0, kind = 0, time = 0, ...look] = numbers.subarray(i, i + LINE_FIELDS);
      const [fg = 0, bg = 0, under = 0, flags = 0, lost = 0] = look;
      const known = this.#lines.get(line);
      const from = at;
      at += length;
      if (known?.total === total && known.before === before && known.more === more && known.complete === (complete === 1) && known.lost === (lost === 1)) continue;
      const own = bytes.slice(from, at);
      this.#lines.set(line, {
        bytes: own,
        before,
        more,
        total,
        complete: complete === 1,
        lost: lost === 1,
        kind,
        time,
        spans: () => renderLine(own, { fg, bg, line: under, flags }),
      });
    }
  }

  /** Let go of lines that are far from [from, to), once there are many. */
  trim(from: number, to: number): void {
    if (this.#lines.size < KEEP) return;
    for (const line of this.#lines.keys()) {
      if (line < from - KEEP / 4 || line >= to + KEEP / 4) this.#lines.delete(line);
    }
  }
}
