// The cells of a line in which the cursor moves about, as a terminal has them. Columns, and what erasing, deleting,
// inserting and writing beyond the end may touch, are bounded.
import { append, filled, type Pen, type Span } from "./pen.ts";
import { PLAIN, type Style } from "./sgr.ts";
import { columns } from "./width.ts";

/** No cursor goes beyond this column, whatever a sequence asks for. */
const MAX_COLUMN = 16 * 1024;
/**
 * Cells that one line's sequences may touch: so many, and so many more for each character. Beyond it, erasing, deleting and
 * inserting do nothing, and no blanks come between the end and what is written beyond it.
 */
const EDITS = 16 * MAX_COLUMN;
const EDITS_EACH = 32;

/** The cells of a line whose cursor moves. A wide character owns its cell and an empty one after it. */
export class Cells {
  readonly #chars: string[] = [];
  readonly #styles: Style[] = [];
  readonly #links: (string | undefined)[] = [];
  readonly pen: Pen;
  column = 0;
  #edits: number;
  /** What erasing left from the last character to the end of the line. */
  #rest = PLAIN;

  /** `length` is that of the line, its sequences included. */
  constructor(pen: Pen, length: number) {
    this.pen = pen;
    this.#edits = EDITS + EDITS_EACH * length;
  }

  put(char: string): void {
    const width = columns(char);
    if (width === 0) {
      const before = this.#chars[this.column - 1] === "" ? this.column - 2 : this.column - 1;
      const base = this.#chars[before];
      // A bounded pile: hostile text may stack marks without end.
      if (base !== undefined && base.length < 16) this.#chars[before] = base + char;
      return;
    }
    if (this.column + width > MAX_COLUMN) return;
    this.#pad();
    this.#set(this.column, char);
    if (width === 2) this.#set(this.column + 1, "");
    this.column += width;
  }

  move(column: number): void {
    this.column = Math.max(0, Math.min(MAX_COLUMN, column));
  }

  /** CSI K. */
  erase(mode: number): void {
    if (mode === 1) this.#blank(0, this.column + 1);
    else if (mode === 0 || mode === 2) {
      this.#cut(mode === 0 ? this.column : 0);
      this.#rest = this.pen.blank;
    }
  }

  /** CSI X (erase characters), CSI P (delete) and CSI @ (insert). */
  edit(final: string, count: number): void {
    if (!this.#mayTouch(this.#chars.length)) return;
    const n = Math.min(Math.max(1, count), MAX_COLUMN);
    if (final === "X") {
      this.#blank(this.column, this.column + n);
    } else if (this.column < this.#chars.length) {
      if (final === "P") {
        this.#chars.splice(this.column, n);
        this.#styles.splice(this.column, n);
        this.#links.splice(this.column, n);
      } else {
        this.#chars.splice(this.column, 0, ...Array<string>(n).fill(" "));
        this.#styles.splice(this.column, 0, ...Array<Style>(n).fill(this.pen.blank));
        this.#links.splice(this.column, 0, ...Array<undefined>(n).fill(undefined));
        this.#cut(MAX_COLUMN);
      }
    }
  }

  spans(): Span[] {
    const spans: Span[] = [];
    for (const [i, text] of this.#chars.entries()) {
      const style = this.#styles[i] ?? PLAIN;
      const link = this.#links[i];
      append(spans, link === undefined ? { text, style } : { text, style, link });
    }
    return [...spans, ...filled(this.#rest)];
  }

  #pad(): void {
    const lacking = this.column - this.#chars.length;
    if (lacking > 0 && !this.#mayTouch(lacking)) this.column = this.#chars.length;
    while (this.#chars.length < this.column) {
      this.#chars.push(" ");
      this.#styles.push(this.#rest);
      this.#links.push(undefined);
    }
  }

  #set(column: number, char: string): void {
    this.#own(column);
    this.#chars[column] = char;
    this.#styles[column] = this.pen.style;
    this.#links[column] = this.pen.link;
  }

  /** Overwriting half of a wide character leaves a blank in its other half. */
  #own(column: number): void {
    if (this.#chars[column] === "" && column > 0) this.#chars[column - 1] = " ";
    if (this.#chars[column + 1] === "") this.#chars[column + 1] = " ";
  }

  #mayTouch(cells: number): boolean {
    this.#edits -= cells;
    return this.#edits >= 0;
  }

  #blank(from: number, to: number): void {
    if (!this.#mayTouch(this.#chars.length)) return;
    const end = Math.min(to, this.#chars.length);
    for (let i = from; i < end; i++) {
      this.#own(i);
      this.#chars[i] = " ";
      this.#styles[i] = this.pen.blank;
      this.#links[i] = undefined;
    }
  }

  #cut(column: number): void {
    if (column >= this.#chars.length) return;
    this.#own(column);
    this.#chars.length = column;
    this.#styles.length = column;
    this.#links.length = column;
  }
}
