// Lines that came with what a search found, so that showing a few matches of a large log takes no segments. Bounded: those
// that come first are kept, and a search begins where people look first.
import type { LineBytes } from "../core/log/loaded.ts";
import { PLAIN } from "../core/text/sgr.ts";

const BUDGET = 4 * 1024 * 1024;
/** The server cuts longer ones. */
const WHOLE = 16 * 1024 - 4;

const utf8 = new TextEncoder();

export class Texts {
  readonly #lines = new Map<number, LineBytes>();
  #size = 0;

  /** Take a line as the server tells it: its number, kind, time and text. */
  add(line: number, kind: number, time: number, text: string): void {
    if (this.#size >= BUDGET || this.#lines.has(line)) return;
    const bytes = utf8.encode(text);
    this.#size += bytes.length + 200;
    if (bytes.length >= WHOLE) return;
    this.#lines.set(line, { bytes, before: 0, more: 0, total: bytes.length + 1, complete: true, lost: false, kind, time, style: PLAIN });
  }

  get(line: number): LineBytes | undefined {
    return this.#lines.get(line);
  }
}
