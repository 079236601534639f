// One line of output as a terminal would show it in the end: `\r`, backspace, tab, erase-in-line and horizontal cursor
// moves are resolved (a progress bar shows its latest state), SGR becomes styles, and every other escape or control
// sequence leaves no residue. A line never influences more than its own cells; hostile input costs time and memory
// linear in its length, because columns are bounded.
import { applySgr, PLAIN, sameStyle, type Style } from "./sgr.ts";

export interface Span {
  text: string;
  style: Style;
}

/** No cursor goes beyond this column, whatever a sequence asks for. */
const MAX_COLUMN = 16 * 1024;
/** Cells that erasing, deleting and inserting may touch in one line: beyond it such sequences do nothing. */
const MAX_EDITS = 4 * 1024 * 1024;
const TAB = 8;

// ESC, the C1 controls, and all of C0 but tab: a line without them is its own result.
// eslint-disable-next-line no-control-regex
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f-\x9f]/;
// eslint-disable-next-line no-control-regex
const NEXT_CONTROL = /[\x00-\x08\x0a-\x1f\x7f-\x9f]/g;
// What makes a line more than its text from left to right. Erasing to the end (which `grep --color` writes after each
// match), deleting and inserting do nothing at the end of a line, where the cursor is unless one of these moved it.
// eslint-disable-next-line no-control-regex
const MOVES = /[\x08\r]|(?:\x1b\[|\x9b)(?:[0-9;]*[GCD`a]|[0-9;]*[12]K)/;
// eslint-disable-next-line no-control-regex
const STRING_END = /\x07|\x1b\\|\x9c|\x18|\x1a/g;

interface Sequence {
  /** Index after the sequence. */
  end: number;
  /** The final byte of a CSI sequence without prefix or intermediates, otherwise "". */
  final: string;
  params: string;
}

const NOTHING = { final: "", params: "" };

/** Skip a control sequence, from its introducer (ESC or a C1 code) at `at`; what is cut off by the line's end is skipped whole. */
function sequenceAt(text: string, at: number): Sequence {
  let code = text.charCodeAt(at);
  let i = at + 1;
  if (code === 0x1b) {
    // ESC, intermediates (charset designations), final; a 7-bit introducer stands for the C1 code 0x40 above it.
    let c = text.charCodeAt(i);
    if (c >= 0x40 && c <= 0x5f) {
      code = c + 0x40;
      i += 1;
    } else {
      while (c >= 0x20 && c <= 0x2f) c = text.charCodeAt(++i);
      // A control character inside it ends it and is looked at by itself.
      return { end: c >= 0x30 && c <= 0x7e ? i + 1 : i, ...NOTHING };
    }
  }
  if (code === 0x9b) {
    const from = i;
    let c = text.charCodeAt(i);
    while (c >= 0x30 && c <= 0x3f) c = text.charCodeAt(++i);
    const params = text.slice(from, i);
    let plain = !/^[<-?]/.test(params);
    while (c >= 0x20 && c <= 0x2f) {
      plain = false;
      c = text.charCodeAt(++i);
    }
    if (c >= 0x40 && c <= 0x7e) return { end: i + 1, final: plain ? text.charAt(i) : "", params };
    return { end: i, ...NOTHING };
  }
  if (code === 0x90 || code === 0x98 || (code >= 0x9d && code <= 0x9f)) {
    STRING_END.lastIndex = i;
    return { end: STRING_END.exec(text) === null ? text.length : STRING_END.lastIndex, ...NOTHING };
  }
  return { end: i, ...NOTHING };
}

/** Columns of a character: 0 for what combines with the one before, 2 for wide ones (an approximation of UAX #11). */
export function columns(char: string): number {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (code === 0x200d || (code >= 0xfe00 && code <= 0xfe0f) || /^\p{M}/u.test(char)) return 0;
  const wide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf && code !== 0x303f) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd);
  return wide ? 2 : 1;
}

/** The cells of a line whose cursor moves. A wide character owns its cell and an empty one after it. */
class Cells {
  readonly #chars: string[] = [];
  readonly #styles: Style[] = [];
  column = 0;
  style: Style;
  #edits = 0;

  constructor(style: Style) {
    this.style = style;
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
    this.#own(this.column);
    this.#chars[this.column] = char;
    this.#styles[this.column] = this.style;
    if (width === 2) {
      this.#own(this.column + 1);
      this.#chars[this.column + 1] = "";
      this.#styles[this.column + 1] = this.style;
    }
    this.column += width;
  }

  move(column: number): void {
    this.column = Math.max(0, Math.min(MAX_COLUMN, column));
  }

  /** CSI K. */
  erase(mode: number): void {
    if (mode === 0) this.#cut(this.column);
    else if (mode === 1) this.#blank(0, this.column + 1);
    else if (mode === 2) this.#cut(0);
  }

  /** CSI X (erase characters), CSI P (delete) and CSI @ (insert). */
  edit(final: string, count: number): void {
    if (!this.#mayEdit()) return;
    const n = Math.min(Math.max(1, count), MAX_COLUMN);
    if (final === "X") {
      this.#blank(this.column, this.column + n);
    } else if (this.column < this.#chars.length) {
      if (final === "P") {
        this.#chars.splice(this.column, n);
        this.#styles.splice(this.column, n);
      } else {
        this.#chars.splice(this.column, 0, ...Array<string>(n).fill(" "));
        this.#styles.splice(this.column, 0, ...Array<Style>(n).fill(PLAIN));
        this.#cut(MAX_COLUMN);
      }
    }
  }

  spans(): Span[] {
    const spans: Span[] = [];
    let last: Span | undefined;
    for (let i = 0; i < this.#chars.length; i++) {
      const char = this.#chars[i] ?? " ";
      const style = this.#styles[i] ?? PLAIN;
      if (last !== undefined && sameStyle(last.style, style)) last.text += char;
      else spans.push((last = { text: char, style }));
    }
    return spans;
  }

  #pad(): void {
    while (this.#chars.length < this.column) {
      this.#chars.push(" ");
      this.#styles.push(PLAIN);
    }
  }

  /** Overwriting half of a wide character leaves a blank in its other half. */
  #own(column: number): void {
    if (this.#chars[column] === "" && column > 0) this.#chars[column - 1] = " ";
    if (this.#chars[column + 1] === "") this.#chars[column + 1] = " ";
  }

  #mayEdit(): boolean {
    this.#edits += this.#chars.length;
    return this.#edits <= MAX_EDITS;
  }

  #blank(from: number, to: number): void {
    if (!this.#mayEdit()) return;
    const end = Math.min(to, this.#chars.length);
    for (let i = from; i < end; i++) {
      this.#own(i);
      this.#chars[i] = " ";
      this.#styles[i] = PLAIN;
    }
  }

  #cut(column: number): void {
    if (column >= this.#chars.length) return;
    this.#own(column);
    this.#chars.length = column;
    this.#styles.length = column;
  }
}

function control(cells: Cells, code: number): void {
  if (code === 0x0d) cells.move(0);
  else if (code === 0x08) cells.move(cells.column - 1);
}

function csi(cells: Cells, { final, params }: Sequence): void {
  if (final === "m") {
    cells.style = applySgr(cells.style, params);
    return;
  }
  const first = Number.parseInt(params, 10);
  const count = first > 0 ? first : 1;
  if (final === "K") cells.erase(first > 0 ? first : 0);
  else if (final === "G" || final === "`") cells.move(count - 1);
  else if (final === "C" || final === "a") cells.move(cells.column + count);
  else if (final === "D") cells.move(cells.column - count);
  else if (final === "P" || final === "X" || final === "@") cells.edit(final, count);
}

/** A line whose cursor only goes forward: its text between the sequences is its result. */
function straight(text: string, style: Style): Span[] {
  const spans: Span[] = [];
  let last: Span | undefined;
  let at = 0;
  const take = (to: number): void => {
    if (to <= at) return;
    const piece = text.slice(at, to);
    if (last !== undefined && sameStyle(last.style, style)) last.text += piece;
    else spans.push((last = { text: piece, style }));
  };
  NEXT_CONTROL.lastIndex = 0;
  for (let match = NEXT_CONTROL.exec(text); match !== null; match = NEXT_CONTROL.exec(text)) {
    take(match.index);
    const code = text.charCodeAt(match.index);
    at = match.index + 1;
    if (code === 0x1b || (code >= 0x80 && code <= 0x9f)) {
      const sequence = sequenceAt(text, match.index);
      if (sequence.final === "m") style = applySgr(style, sequence.params);
      at = sequence.end;
    }
    NEXT_CONTROL.lastIndex = at;
  }
  take(text.length);
  return spans;
}

function resolved(text: string, style: Style): Span[] {
  const cells = new Cells(style);
  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at) ?? 0;
    if (code === 0x1b || (code >= 0x80 && code <= 0x9f)) {
      const sequence = sequenceAt(text, at);
      csi(cells, sequence);
      at = sequence.end;
    } else if (code === 0x09) {
      cells.move(cells.column - (cells.column % TAB) + TAB);
      at += 1;
    } else if (code < 0x20 || code === 0x7f) {
      control(cells, code);
      at += 1;
    } else {
      const char = String.fromCodePoint(code);
      cells.put(char);
      at += char.length;
    }
  }
  return cells.spans();
}

/** The spans of a line's text (without its `\n`), which begins in `style`. */
export function renderText(text: string, style: Style = PLAIN): Span[] {
  let end = text.length;
  // `\r\n` is a line end; a `\r` that nothing follows has overwritten nothing.
  while (end > 0 && text.charCodeAt(end - 1) === 0x0d) end -= 1;
  if (end < text.length) text = text.slice(0, end);
  if (text === "") return [];
  if (!CONTROL.test(text)) return [{ text, style }];
  return MOVES.test(text) ? resolved(text, style) : straight(text, style);
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The spans of a line's bytes; bytes that are no UTF-8 show as U+FFFD. */
export function renderLine(bytes: Uint8Array, style: Style = PLAIN): Span[] {
  return renderText(decoder.decode(bytes), style);
}
