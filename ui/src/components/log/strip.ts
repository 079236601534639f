// The rows that are drawn, as elements: made, painted, marked and let go as the viewport asks for other places. Only what
// changed is touched.
import { before, type Place, type Rows } from "../../core/rows/rows.ts";
import type { CachedLine, LineCache } from "./cache.ts";
import type { Look } from "./look.ts";
import type { Marks } from "./marks.ts";
import { paintExtra } from "./paint-extra.ts";

interface Drawn {
  readonly row: HTMLElement;
  readonly place: Place;
  /** What the row shows, and how it looks, to know when it has to be painted again. */
  painted: unknown;
  look: number;
  /** The classes that marks gave it. */
  marked: string;
  /** It has a way to where the lines around it are. */
  filtered: boolean;
}

export function keyOf({ line, sub }: Place): string {
  return `${line}/${sub}`;
}

/** A line's number: a link to it. Its digits are generated content, so that they are neither selected nor copied. */
function lineNumber(line: number, address: string): HTMLElement {
  const link = document.createElement("a");
  link.className = "number";
  link.href = address;
  link.dataset["number"] = String(line);
  link.tabIndex = -1;
  link.draggable = false;
  link.setAttribute("aria-label", `Line ${line}`);
  return link;
}

/** Shows a line among those that the filter does not let through. */
function wayOut(line: number): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "around";
  button.tabIndex = -1;
  button.title = "Show in context";
  button.setAttribute("aria-label", `Show line ${line} in context`);
  return button;
}

export class Strip {
  readonly #element: HTMLElement;
  readonly #rows: Rows;
  readonly #cache: LineCache;
  readonly #look: Look;
  readonly #drawn = new Map<string, Drawn>();
  /** Rows that are not drawn any more but stay in the page, unseen. */
  readonly #kept = new Map<string, Drawn>();
  #keeping: ReadonlySet<string> = new Set();
  readonly #places = new WeakMap<Element, Place>();
  /** What the row of a line is marked as: classes that come and go without painting it again. */
  readonly #marks: Marks;

  constructor(element: HTMLElement, rows: Rows, cache: LineCache, look: Look, marks: Marks) {
    this.#element = element;
    this.#rows = rows;
    this.#cache = cache;
    this.#look = look;
    this.#marks = marks;
  }

  /** Columns of the widest number. */
  set digits(digits: number) {
    this.#element.style.setProperty("--digits", String(digits));
  }

  clear(): void {
    this.#drawn.clear();
    this.#kept.clear();
    this.#element.replaceChildren();
  }

  /** Put the first row so many pixels below the view's top. */
  moveTo(top: number): void {
    this.#element.style.transform = `translateY(${top}px)`;
  }

  /** The element of a place that is drawn. */
  row(place: Place): HTMLElement | undefined {
    return this.#drawn.get(keyOf(place))?.row;
  }

  /** The element of a place that is kept, but not drawn. */
  kept(place: Place): HTMLElement | undefined {
    return this.#kept.get(keyOf(place))?.row;
  }

  /** Keep the rows of these places in the page until others are named, drawn or not: someone's selection ends there. */
  keep(places: readonly Place[]): void {
    this.#keeping = new Set(places.map(keyOf));
  }

  /** The place that a row's element stands for. */
  placeOf(row: Element): Place | undefined {
    return this.#places.get(row);
  }

  /** The line that a row's element shows. */
  lineOf(row: Element): CachedLine | undefined {
    const place = this.#places.get(row);
    return place?.sub === 0 ? this.#cache.get(place.line) : undefined;
  }

  /** Let the rows be those of these places, from top to bottom. */
  show(order: readonly Place[]): void {
    this.#letGo(new Set(order.map(keyOf)));
    let next = this.#element.firstElementChild;
    for (const place of order) {
      const drawn = this.#drawn.get(keyOf(place)) ?? this.#again(place) ?? this.#make(place);
      if (place.sub === 0) {
        this.#paintLine(drawn);
        this.#mark(drawn);
      } else this.#paintExtra(drawn);
      while (next !== null && this.#isKeptBefore(next, place)) next = next.nextElementSibling;
      if (drawn.row === next) next = next.nextElementSibling;
      else this.#element.insertBefore(drawn.row, next);
    }
  }

  /** Let go of the rows that are neither drawn now nor kept. */
  #letGo(drawing: ReadonlySet<string>): void {
    for (const [key, drawn] of this.#drawn) {
      if (drawing.has(key)) continue;
      this.#drawn.delete(key);
      if (this.#keeping.has(key)) {
        drawn.row.classList.add("kept");
        this.#kept.set(key, drawn);
      } else drawn.row.remove();
    }
    for (const [key, { row }] of this.#kept) {
      if (this.#keeping.has(key)) continue;
      row.remove();
      this.#kept.delete(key);
    }
  }

  /** A row that was kept is drawn again. */
  #again(place: Place): Drawn | undefined {
    const key = keyOf(place);
    const drawn = this.#kept.get(key);
    if (drawn === undefined) return undefined;
    this.#kept.delete(key);
    this.#drawn.set(key, drawn);
    drawn.row.classList.remove("kept");
    return drawn;
  }

  #isKeptBefore(row: Element, place: Place): boolean {
    const its = row.classList.contains("kept") ? this.#places.get(row) : undefined;
    return its !== undefined && before(its, place);
  }

  #make(place: Place): Drawn {
    const drawn: Drawn = { row: document.createElement("div"), place, painted: null, look: -1, marked: "", filtered: false };
    if (place.sub === 0) drawn.row.dataset["line"] = String(place.line);
    this.#drawn.set(keyOf(place), drawn);
    this.#places.set(drawn.row, place);
    return drawn;
  }

  #paintExtra(drawn: Drawn): void {
    const extra = this.#rows.extra(drawn.place);
    const content = JSON.stringify(extra);
    if (extra === undefined || drawn.painted === content) return;
    drawn.painted = content;
    paintExtra(drawn.row, extra, this.#look.stream);
  }

  #paintLine(drawn: Drawn): void {
    const line: CachedLine | undefined = this.#cache.get(drawn.place.line);
    // What was drawn stays when it was let go here: it is still what the line says.
    const look = this.#look.of(drawn.place.line);
    if (drawn.painted !== null && (line === undefined || (drawn.painted === line && drawn.look === look))) return;
    drawn.painted = line;
    drawn.look = look;
    this.#look.paint(drawn.row, line);
    drawn.row.prepend(lineNumber(drawn.place.line, this.#look.linkTo(drawn.place.line)));
    drawn.marked = "";
    drawn.filtered = false;
  }

  #mark(drawn: Drawn): void {
    const filtered = this.#rows.filter !== undefined;
    if (filtered !== drawn.filtered) {
      drawn.filtered = filtered;
      if (filtered) drawn.row.append(wayOut(drawn.place.line));
      else drawn.row.querySelector(".around")?.remove();
    }
    const marks = this.#marks.of(drawn.place.line);
    const marked = marks.join(" ");
    if (marked === drawn.marked) return;
    if (drawn.marked !== "") drawn.row.classList.remove(...drawn.marked.split(" "));
    drawn.row.classList.add(...marks);
    drawn.marked = marked;
  }
}
