// What a terminal shows, read from its buffer: as text for people, as cells for comparing, and where something is found.
import type { IBuffer, IBufferCell, Terminal } from "@xterm/xterm";
import type { Pattern } from "../../core/text/pattern.ts";

/** One cell of the screen. Colours are numbers of the palette, `#rrggbb`, or empty for the terminal's own. */
export interface Cell {
  readonly text: string;
  readonly width: number;
  readonly fg: string;
  readonly bg: string;
  /** Letters: bold, dim, italic, underlined, blinking, inverse, hidden (v), struck, overlined. */
  readonly flags: string;
}

/** A place in the buffer: what `Terminal.select` takes. */
export interface Match {
  readonly row: number;
  readonly column: number;
  readonly length: number;
}

const FLAGS = [
  ["b", "isBold"], ["d", "isDim"], ["i", "isItalic"], ["u", "isUnderline"], ["k", "isBlink"],
  ["n", "isInverse"], ["v", "isInvisible"], ["s", "isStrikethrough"], ["o", "isOverline"],
] as const;

function colour(rgb: boolean, usual: boolean, value: number): string {
  if (usual) return "";
  return rgb ? `#${value.toString(16).padStart(6, "0")}` : String(value);
}

function cellOf(cell: IBufferCell): Cell {
  return {
    text: cell.getChars(),
    width: cell.getWidth(),
    fg: colour(cell.isFgRGB(), cell.isFgDefault(), cell.getFgColor()),
    bg: colour(cell.isBgRGB(), cell.isBgDefault(), cell.getBgColor()),
    flags: FLAGS.map(([letter, is]) => (cell[is]() === 0 ? "" : letter)).join(""),
  };
}

/** The cells of the screen, row by row; what has been scrolled out of it is not part of it. */
export function cellsOf(terminal: Terminal): Cell[][] {
  const { active } = terminal.buffer;
  return Array.from({ length: terminal.rows }, (_, y) => {
    const line = active.getLine(active.baseY + y);
    const cells = Array.from({ length: terminal.cols }, (__, x) => line?.getCell(x));
    return cells.filter((cell) => cell !== undefined).map(cellOf);
  });
}

/** The text of a logical line that begins in a row, without trailing blanks, and the rows that it takes. */
function lineFrom(buffer: IBuffer, row: number): { text: string; rows: number } {
  let text = "";
  let rows = 0;
  for (let goesOn = true; goesOn; rows += 1) {
    // A full buffer is a ring: after its last row comes its first.
    goesOn = row + rows + 1 < buffer.length && buffer.getLine(row + rows + 1)?.isWrapped === true;
    text += buffer.getLine(row + rows)?.translateToString(!goesOn) ?? "";
  }
  return { text, rows };
}

/** The text of the screen: wrapped lines are one, and there are no blanks at the ends of lines or of the text. */
export function textOf(terminal: Terminal): string {
  const { active } = terminal.buffer;
  const lines: string[] = [];
  for (let row = active.baseY; row < active.baseY + terminal.rows; ) {
    const { text, rows } = lineFrom(active, row);
    lines.push(text.trimEnd());
    row += rows;
  }
  return lines.join("\n").trimEnd();
}

/** Which column of a row, counted on through the rows that it wraps into, each UTF-16 unit of a logical line stands in. */
function columnsOf(buffer: IBuffer, row: number, rows: number, cols: number): number[] {
  const columns: number[] = [];
  for (let at = 0; at < rows * cols; at++) {
    const cell = buffer.getLine(row + Math.floor(at / cols))?.getCell(at % cols);
    if (cell === undefined || cell.getWidth() === 0) continue;
    for (let i = 0; i < Math.max(1, cell.getChars().length); i++) columns.push(at);
  }
  return columns;
}

/** All that a pattern finds in the buffer, scrollback included, from top to bottom. */
export function matchesOf(terminal: Terminal, pattern: Pattern): Match[] {
  const { active } = terminal.buffer;
  const found: Match[] = [];
  for (let row = 0; row < active.length; ) {
    const { text, rows } = lineFrom(active, row);
    const ranges = pattern.ranges(text);
    const columns = ranges.length > 0 ? columnsOf(active, row, rows, terminal.cols) : [];
    for (const [from, to] of ranges) {
      const start = columns[from] ?? 0;
      const end = columns[to] ?? (columns[to - 1] ?? start) + 1;
      found.push({ row: row + Math.floor(start / terminal.cols), column: start % terminal.cols, length: end - start });
    }
    row += rows;
  }
  return found;
}

/** A text without the blanks at the ends of its lines. */
export function withoutTrailing(text: string): string {
  return text.replace(/[ \t]+(?=\r?$)/gm, "");
}
