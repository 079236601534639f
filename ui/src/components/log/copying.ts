// What is copied from the log: what its lines say, also where a line is shown in short. A selection within one line is the
// browser's own business; one over several gives each line's own text, without the numbers, times and trees beside it.
import type { Held } from "./hands.ts";
import type { Strip } from "./strip.ts";

/** The part of an element's text that a range covers. */
function covered(range: Range, text: Element): Range | undefined {
  if (!range.intersectsNode(text)) return undefined;
  const part = document.createRange();
  part.selectNodeContents(text);
  if (range.compareBoundaryPoints(Range.START_TO_START, part) > 0) part.setStart(range.startContainer, range.startOffset);
  if (range.compareBoundaryPoints(Range.END_TO_END, part) < 0) part.setEnd(range.endContainer, range.endOffset);
  return part;
}

/** What the selected rows say, one line each; `undefined` when what is selected lies in one line. */
function copied(range: Range, strip: Strip, rows: Element): string | undefined {
  const texts = [...rows.querySelectorAll(".line > .text")].filter((text) => range.intersectsNode(text));
  if (texts.length < 2) return undefined;
  const lines = texts.map((text) => {
    const row = text.parentElement;
    const part = covered(range, text)?.toString() ?? "";
    const line = row?.classList.contains("short") === true && part === text.textContent ? strip.lineOf(row) : undefined;
    return line === undefined ? part : line.spans().map((span) => span.text).join("");
  });
  return lines.join("\n");
}

/** See to what is copied from these rows. */
export function copyLines(strip: Strip, rows: Element, held: Pick<Held, "selection">, signal: AbortSignal): void {
  const copy = (event: ClipboardEvent): void => {
    const selection = held.selection();
    const range = selection === null || selection.rangeCount === 0 ? undefined : selection.getRangeAt(0);
    const text = range === undefined ? undefined : copied(range, strip, rows);
    if (text === undefined || event.clipboardData === null) return;
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
  };
  document.addEventListener("copy", copy, { signal });
}
