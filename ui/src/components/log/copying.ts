// What is copied from the log: what its lines say, also where a line is shown in short. A selection within one line is the
// browser's own business; one over several gives each line's own text, without the numbers, times and trees beside it; and
// one that is not all drawn is what the server says of its lines.
import { joined, partsOf, type Stretch } from "../../core/rows/stretch.ts";
import { copyText } from "../clipboard.ts";
import { notCopied, textOf } from "../download.ts";
import { count } from "../format.ts";
import type { Model } from "../model.ts";
import type { Held } from "./hands.ts";
import type { Selecting } from "./selecting.ts";
import type { Strip } from "./strip.ts";

/** So many lines take a while. */
const MANY = 20_000;

/** Words on what was just done, for whoever shows such. */
export class SaidEvent extends Event {
  readonly words: string;

  constructor(words: string) {
    super("said", { bubbles: true, composed: true });
    this.words = words;
  }
}

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
  const texts = [...rows.querySelectorAll(".line:not(.kept) > .text")].filter((text) => range.intersectsNode(text));
  if (texts.length < 2) return undefined;
  const lines = texts.map((text) => {
    const row = text.parentElement;
    const part = covered(range, text)?.toString() ?? "";
    const line = row?.classList.contains("short") === true && part === text.textContent ? strip.lineOf(row) : undefined;
    return line === undefined ? part : line.spans().map((span) => span.text).join("");
  });
  return lines.join("\n");
}

/** What copying needs of the view. */
interface Parent extends Pick<Held, "selection"> {
  readonly model: Model;
  readonly renderRoot: Node;
  /** Say what became of it. */
  say(words: string): void;
}

export class Copying {
  readonly #parent: Parent;
  readonly #selecting: Selecting;

  /** See to what is copied from these rows. */
  constructor(parent: Parent, selecting: Selecting, strip: Strip, rows: Element, signal: AbortSignal) {
    this.#parent = parent;
    this.#selecting = selecting;
    const copy = (event: ClipboardEvent): void => {
      const { clipboardData } = event;
      const [source] = event.composedPath();
      // What is selected in a field is not the log's.
      if (source instanceof HTMLInputElement || source instanceof HTMLTextAreaElement) return;
      const { stretch } = selecting;
      if (stretch === undefined || clipboardData === null) return;
      if (!this.#isHere(stretch)) {
        event.preventDefault();
        void this.#fetched(stretch);
        return;
      }
      const selection = parent.selection();
      const range = selection === null || selection.rangeCount === 0 ? undefined : selection.getRangeAt(0);
      const text = range === undefined ? undefined : copied(range, strip, rows);
      if (text === undefined) return;
      clipboardData.setData("text/plain", text);
      event.preventDefault();
    };
    document.addEventListener("copy", copy, { signal });
  }

  /** Copy a selection that is not all drawn; false when there is none. */
  beyond(): boolean {
    const { stretch } = this.#selecting;
    if (stretch === undefined || this.#isHere(stretch)) return false;
    void this.#fetched(stretch);
    return true;
  }

  /** Whether all of a stretch is drawn, and nothing in it is folded away. */
  #isHere(stretch: Stretch): boolean {
    const { from, to } = stretch;
    const { filter, folds } = this.#parent.model.client.rows;
    return this.#selecting.isDrawn(stretch) && (filter !== undefined || folds.rank(from.line + 1) === folds.rank(to.line + 1));
  }

  async #fetched(stretch: Stretch): Promise<void> {
    const { model, renderRoot } = this.#parent;
    const { url, rows } = model.client;
    if (url === undefined) return;
    const parts = partsOf(stretch);
    const { from, to } = parts;
    const lines = to < from ? 0 : rows.rank(to + 1) - rows.rank(from);
    const all = lines + (parts.head === undefined ? 0 : 1) + (parts.tail === undefined ? 0 : 1);
    const words = `${count(all)} ${all === 1 ? "line" : "lines"}`;
    if (lines > MANY) this.#parent.say(`Copying ${words}…`);
    const text = lines > 0 ? textOf(url, model.view, { from, to }) : Promise.resolve("");
    try {
      const done = await copyText(text.then((whole) => joined(parts, whole)), undefined, renderRoot);
      this.#parent.say(done ? `Copied ${words}` : "The browser does not allow copying here");
    } catch (error) {
      this.#parent.say(notCopied(error));
    }
  }
}
