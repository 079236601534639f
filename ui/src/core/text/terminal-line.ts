// One line of output as a terminal would show it in the end: `\r`, backspace, tab, erase-in-line and horizontal cursor
// moves are resolved (a progress bar shows its latest state), SGR becomes styles, OSC 8 becomes links, line drawing becomes
// its characters, and every other escape or control sequence leaves no residue. A line never influences more than its own
// cells; hostile input costs time and memory linear in its length.
import { Cells } from "./cells.ts";
import { append, filled, Pen, type Span } from "./pen.ts";
import { sequenceAt, type Sequence } from "./sequences.ts";
import { PLAIN, type Style } from "./sgr.ts";

export type { Span } from "./pen.ts";

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
function control(cells: Cells, code: number): void {
  if (code === 0x0d) cells.move(0);
  else if (code === 0x08) cells.move(cells.column - 1);
  else cells.pen.shift(code);
}

function csi(cells: Cells, { final, params }: Sequence): void {
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
  const pen = new Pen(style);
  let rest = PLAIN;
  let at = 0;
  const take = (to: number): void => {
    if (to > at) append(spans, pen.span(pen.drawn(text.slice(at, to))));
  };
  NEXT_CONTROL.lastIndex = 0;
  for (let match = NEXT_CONTROL.exec(text); match !== null; match = NEXT_CONTROL.exec(text)) {
    take(match.index);
    const code = text.charCodeAt(match.index);
    at = match.index + 1;
    if (code === 0x1b || (code >= 0x80 && code <= 0x9f)) {
      const sequence = sequenceAt(text, match.index);
      if (sequence.final === "K") rest = pen.blank;
      else pen.take(sequence);
      at = sequence.end;
    } else pen.shift(code);
    NEXT_CONTROL.lastIndex = at;
  }
  take(text.length);
  return [...spans, ...filled(rest)];
}

function resolved(text: string, style: Style): Span[] {
  const pen = new Pen(style);
  const cells = new Cells(pen, text.length);
  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at) ?? 0;
    if (code === 0x1b || (code >= 0x80 && code <= 0x9f)) {
      const sequence = sequenceAt(text, at);
      pen.take(sequence);
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
      cells.put(pen.drawn(char));
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
