// Text of the output as nodes. It goes in as text nodes only, whatever it holds; colours as classes, or as custom
// properties set through the CSSOM, so that neither a script nor a style of the output's making can come in. Characters
// that would turn or hide what is around them are shown by their numbers and shut in.
import type { Link } from "../../core/text/links.ts";
import { DEFAULT_COLOUR, Flag, PLAIN, RGB, UNDERLINES, type Style } from "../../core/text/sgr.ts";
import { indexed } from "../palette.ts";

/** Some text and how it looks. */
export interface Piece {
  readonly text: string;
  readonly style?: Style;
  readonly link?: string;
  readonly fill?: true;
  readonly className?: string;
  readonly title?: string;
  /** The field of a structured line that is filtered by when this is clicked. */
  readonly path?: string;
}

/** Disjoint places of a text that are highlighted, in order. */
export interface Marked {
  readonly from: number;
  readonly to: number;
  readonly className: string;
}

const SIGN = /[\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;
const SIGNS = /[\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

export function element(tag: string, className: string, text = ""): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== "") made.textContent = text;
  return made;
}

export function button(className: string, label: string, text = ""): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.tabIndex = -1;
  if (label !== "") made.setAttribute("aria-label", label);
  if (text !== "") made.textContent = text;
  return made;
}

/** Add text; what cannot be seen of it is shown by its number, which is not copied. */
export function appendText(into: Element, text: string): void {
  if (!SIGN.test(text)) {
    into.append(text);
    return;
  }
  let at = 0;
  for (const match of text.matchAll(SIGNS)) {
    if (match.index > at) into.append(text.slice(at, match.index));
    const sign = element("span", "sign", match[0]);
    sign.dataset["code"] = `U+${match[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
    into.append(sign);
    at = match.index + 1;
  }
  if (at < text.length) into.append(text.slice(at));
}

function rgb(colour: number): string {
  if (colour >= RGB) return `#${(colour - RGB).toString(16).padStart(6, "0")}`;
  return indexed(colour);
}

const FLAG_CLASSES: readonly (readonly [number, string])[] = [
  [Flag.bold, "bold"],
  [Flag.dim, "dim"],
  [Flag.italic, "italic"],
  [Flag.hidden, "hidden"],
  [Flag.blink, "blink"],
];
const UNDERLINE_CLASSES: readonly (readonly [number, string])[] = [
  [Flag.double, "double"],
  [Flag.curly, "curly"],
  [Flag.dotted, "dotted"],
  [Flag.dashed, "dashed"],
];
const LINES: readonly (readonly [number, string])[] = [
  [UNDERLINES, "underline"],
  [Flag.overline, "overline"],
  [Flag.strike, "strike"],
];

function decorate(made: HTMLElement, style: Style): void {
  const classes: string[] = [];
  let { fg, bg } = style;
  const { flags, line } = style;
  if (flags & Flag.inverse) {
    // Both colours given: they swap. Otherwise the page's own two take part, which only the style sheet knows.
    if (fg !== DEFAULT_COLOUR && bg !== DEFAULT_COLOUR) [fg, bg] = [bg, fg];
    else {
      if (bg !== DEFAULT_COLOUR) fg = bg = DEFAULT_COLOUR;
      classes.push("inverse");
    }
  }
  if (bg !== DEFAULT_COLOUR) classes.push("on");
  if (fg !== DEFAULT_COLOUR) {
    if (fg < 16) classes.push(`f${fg}`);
    else {
      classes.push("fx");
      made.style.setProperty("--c", rgb(fg));
    }
  }
  if (bg !== DEFAULT_COLOUR) {
    if (bg < 16) classes.push(`b${bg}`);
    else {
      classes.push("bx");
      made.style.setProperty("--b", rgb(bg));
    }
  }
  for (const [flag, name] of FLAG_CLASSES) if (flags & flag) classes.push(name);
  const drawn = LINES.filter(([flag]) => flags & flag).map(([, name]) => name);
  if (drawn.length > 0) classes.push(drawn.join("-"));
  for (const [flag, name] of UNDERLINE_CLASSES) if (flags & flag) classes.push(name);
  if (line !== DEFAULT_COLOUR) made.style.setProperty("--line", line < 16 ? `var(--a${line})` : rgb(line));
  made.className = classes.join(" ");
}

function isPlain(style: Style | undefined): boolean {
  return style === undefined || style === PLAIN || (style.flags === 0 && style.fg === DEFAULT_COLOUR && style.bg === DEFAULT_COLOUR);
}

/** What holds a piece's text inside `parent`: itself, when the piece looks like nothing special. */
function holder(parent: Element, piece: Piece): Element {
  if (piece.className === undefined && piece.path === undefined && isPlain(piece.style)) return parent;
  const made = document.createElement("span");
  if (piece.style !== undefined && !isPlain(piece.style)) decorate(made, piece.style);
  if (piece.className !== undefined) made.classList.add(...piece.className.split(" "));
  if (piece.fill === true) made.classList.add("fill");
  if (piece.title !== undefined) made.title = piece.title;
  if (piece.path !== undefined) made.dataset["path"] = piece.path;
  parent.append(made);
  return made;
}

function anchor(href: string): HTMLAnchorElement {
  const made = document.createElement("a");
  made.className = "link";
  made.href = href;
  made.target = "_blank";
  made.rel = "noopener noreferrer nofollow";
  made.referrerPolicy = "no-referrer";
  // Where it leads may be other than what it says; and a selection may begin on it.
  made.title = href;
  made.draggable = false;
  made.tabIndex = -1;
  return made;
}

/** The part of `places` that `at` is in, if it is in one, and where that changes. */
function placeAt<T extends { readonly from: number; readonly to: number }>(places: readonly T[], next: number, at: number): [T | undefined, number] {
  const place = places[next];
  if (place === undefined) return [undefined, Infinity];
  return at >= place.from ? [place, place.to] : [undefined, place.from];
}

/** Fill an element with pieces; links and highlights are places in their texts joined, and may lie across them. */
export function paintPieces(into: Element, pieces: readonly Piece[], links: readonly Link[], marked: readonly Marked[]): void {
  let at = 0;
  let [link, mark] = [0, 0];
  let open: { readonly href: string; readonly element: Element } | undefined;
  for (const piece of pieces) {
    const end = at + piece.text.length;
    if (piece.fill === true) holder(into, { ...piece, className: "fill" });
    let parent: Element | undefined;
    let inside: Element = into;
    while (at < end) {
      while ((links[link]?.to ?? Infinity) <= at) link += 1;
      while ((marked[mark]?.to ?? Infinity) <= at) mark += 1;
      const [inLink, linkTo] = placeAt(links, link, at);
      const [inMark, markTo] = placeAt(marked, mark, at);
      const to = Math.min(end, linkTo, markTo);
      const href = piece.link ?? inLink?.href;
      if (href === undefined) open = undefined;
      else if (open?.href !== href || inLink?.from === at) {
        open = { href, element: anchor(href) };
        into.append(open.element);
      }
      const outer = open?.element ?? into;
      if (parent === undefined || outer !== inside) {
        inside = outer;
        parent = holder(outer, piece);
      }
      const text = piece.text.slice(at - end + piece.text.length, to - end + piece.text.length);
      if (inMark === undefined) appendText(parent, text);
      else {
        const made = element("mark", inMark.className);
        appendText(made, text);
        parent.append(made);
      }
      at = to;
    }
  }
}
