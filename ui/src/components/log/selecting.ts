// The text that is selected in the log, also where its rows are no longer in sight, or all of it. Rows that hold an end of
// the browser's selection stay in the page, unseen, so that it goes on from there; and it is put right where a row that
// holds one is painted anew. All of the log is selected by saying so: nothing of it need be drawn.
import type { Rows } from "../../core/rows/rows.ts";
import { stretchOf, wholeLines, type Point, type Stretch } from "../../core/rows/stretch.ts";
import type { Held } from "./hands.ts";
import type { Strip } from "./strip.ts";

/** A point as the browser knows it. */
interface End {
  readonly node: Node;
  readonly offset: number;
}

/** An end of the selection, before rows are drawn. */
interface Before {
  readonly end: End;
  readonly point: Point;
}

function same(a: End | undefined, b: End | undefined): boolean {
  return a?.node === b?.node && a?.offset === b?.offset;
}

/** The text between two points. */
function said(from: End, to: End): string {
  const range = document.createRange();
  range.setStart(from.node, from.offset);
  range.setEnd(to.node, to.offset);
  return range.toString();
}

/** Where in an element's text so many characters are before. */
function within(element: Element, characters: number): End {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let left = characters;
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const { length } = node as Text;
    if (left <= length) return { node, offset: left };
    left -= length;
  }
  return { node: element, offset: element.childNodes.length };
}

export class Selecting {
  readonly #held: Pick<Held, "selection">;
  readonly #strip: Strip;
  readonly #element: HTMLElement;
  readonly #letGo: () => void;
  #all: Stretch | undefined;
  #before: { readonly anchor: Before; readonly focus: Before } | undefined;

  /** `letGo` is called when not all is selected any more. */
  constructor(held: Pick<Held, "selection">, strip: Strip, element: HTMLElement, letGo: () => void, signal: AbortSignal) {
    this.#held = held;
    this.#strip = strip;
    this.#element = element;
    this.#letGo = letGo;
    element.addEventListener("pointerdown", () => this.clear(), { signal });
    document.addEventListener("selectionchange", () => {
      if (this.#held.selection()?.type === "Range") this.clear();
    }, { signal });
  }

  /** All of the log was selected as such. */
  get all(): boolean {
    return this.#all !== undefined;
  }

  /** What is selected; undefined when nothing is. */
  get stretch(): Stretch | undefined {
    if (this.#all !== undefined) return this.#all;
    const [anchor, focus] = this.#ends();
    const [a, b] = [anchor && this.#pointOf(anchor), focus && this.#pointOf(focus)];
    return a && b && stretchOf(a, b);
  }

  /** Select all lines that there are. */
  selectAll({ first, last }: Pick<Rows, "first" | "last">): void {
    this.#held.selection()?.removeAllRanges();
    this.#all = wholeLines(first, last);
    this.#element.classList.add("all");
  }

  /** Where all was selected, nothing is. */
  clear(): void {
    if (this.#all === undefined) return;
    this.#all = undefined;
    this.#element.classList.remove("all");
    this.#letGo();
  }

  /** Rows are going to be drawn, painted and let go. */
  hold(): void {
    const [anchor, focus] = this.#ends();
    const [a, b] = [anchor && this.#pointOf(anchor), focus && this.#pointOf(focus)];
    this.#before = anchor && focus && a && b && { anchor: { end: anchor, point: a }, focus: { end: focus, point: b } };
    this.#strip.keep(this.#before === undefined ? [] : [this.#before.anchor.point, this.#before.focus.point]);
  }

  /** They have been. */
  restore(): void {
    if (this.#before === undefined) return;
    const { anchor, focus } = this.#before;
    const [nowAnchor, nowFocus] = this.#ends();
    if (same(anchor.end, nowAnchor) && same(focus.end, nowFocus)) return;
    const [a, b] = [this.#endOf(anchor.point), this.#endOf(focus.point)];
    if (a && b) this.#held.selection()?.setBaseAndExtent(a.node, a.offset, b.node, b.offset);
  }

  /** Whether both ends are drawn, and so is all that lies between. */
  isDrawn({ from, to }: Stretch): boolean {
    return this.#strip.row(from) !== undefined && this.#strip.row(to) !== undefined;
  }

  #ends(): [anchor: End | undefined, focus: End | undefined] {
    const { anchorNode = null, anchorOffset = 0, focusNode = null, focusOffset = 0 } = this.#held.selection() ?? {};
    const inside = (node: Node | null): node is Node => node !== null && this.#element.contains(node);
    return [
      inside(anchorNode) ? { node: anchorNode, offset: anchorOffset } : undefined,
      inside(focusNode) ? { node: focusNode, offset: focusOffset } : undefined,
    ];
  }

  /** The text of a row that is a line. */
  #text(row: Element): Element | null {
    return row.querySelector(":scope > .text");
  }

  #pointOf({ node, offset }: End): Point | undefined {
    const between = node === this.#element;
    const next = between ? this.#element.children[offset] : undefined;
    const row = between ? (next ?? this.#element.lastElementChild) : this.#rowOf(node);
    const place = row === null ? undefined : this.#strip.placeOf(row);
    if (row === null || place === undefined) return undefined;
    const text = this.#text(row);
    if (text === null) return { ...place, before: "", after: "" };
    const [start, end] = [{ node: text, offset: 0 }, { node: text, offset: text.childNodes.length }];
    const range = document.createRange();
    range.selectNodeContents(text);
    const at = between ? (next === undefined ? 1 : -1) : range.comparePoint(node, offset);
    const point = at < 0 ? start : at > 0 ? end : { node, offset };
    return { ...place, before: said(start, point), after: said(point, end) };
  }

  #rowOf(node: Node): Element | null {
    let row: Node | null = node;
    while (row !== null && row.parentNode !== this.#element) row = row.parentNode;
    return row instanceof Element ? row : null;
  }

  /** Where a point is in the page, if it is. */
  #endOf(point: Point): End | undefined {
    const row = this.#strip.row(point) ?? this.#strip.kept(point);
    const text = row === undefined ? null : this.#text(row);
    if (text === null) return undefined;
    const { length } = text.textContent;
    if (point.before === "") return within(text, 0);
    return within(text, point.after === "" ? length : Math.min(length, point.before.length));
  }
}
