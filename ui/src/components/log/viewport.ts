// The virtual log view: which rows are drawn, and where they are. One row is the anchor: it keeps its distance from
// the view's top whatever happens to the rows around it, so text that is being read never moves. Heights are measured
// as rows are drawn and estimated elsewhere. The rows lie in a sheet that sticks to the view; the scroll bar only says
// where in the log one is (core/scrollbar.ts), and is put right whenever nobody holds it.
import { before, samePlace, type Place, type Rows } from "../../core/rows/rows.ts";
import { rowsAbove, scrollLength, share } from "../../core/rows/scrollbar.ts";
import type { LineCache } from "./cache.ts";
import { keyOf, type Strip } from "./strip.ts";

/** Pixels above and below the view that are drawn too. */
const OVERSCAN = 200;
/** Estimates may be wrong this often, and for so many milliseconds, before a frame is drawn as it is. */
const ATTEMPTS = 4;
const SLICE = 8;
const MOST_ROWS = 400;
/** By this share the bar's length may be wrong while new rows come: a pixel or two of its thumb. */
const UNSEEN = 0.005;
/** Moves of the scroll bar by more than so many views are jumps in the log, not scrolling. */
const JUMP_VIEWS = 2.5;

/** Between two of the screen's pixels text is soft; and in a long log the browser itself puts the sheet there. */
function sharp(top: number, above: number): number {
  return Math.round((above + top) * devicePixelRatio) / devicePixelRatio - above;
}

export class Viewport {
  readonly #scroller: HTMLElement;
  readonly #sheet: HTMLElement;
  readonly #strip: Strip;
  readonly #spacer: HTMLElement;
  readonly #rows: Rows;
  readonly #cache: LineCache;
  readonly #fillGap: (id: number) => void;
  #anchor: Place = { line: 1, sub: 0 };
  /** Pixels from the view's top to the anchor's. */
  #offset = 0;
  /** What the view stays with while rows come and go around it. */
  #home: { readonly place: Place; readonly offset: number } | undefined;
  #order: readonly Place[] = [];
  #heights = new Map<string, number>();
  #width = 0;
  #scrollTop = 0;
  /** The bar stands at its end, as long as this in a view as high as that. */
  #rests: { readonly length: number; readonly view: number } | undefined;
  #digits = 0;
  rowHeight = 20;
  /** Long lines go on below. */
  wraps = true;
  #charWidth = 8;
  /** Pixels at the view's end that a scroll bar of its own takes. */
  #barBelow = 0;
  /** Show the newest rows. */
  following = true;
  /** Someone holds the scroll bar: leave it where it is. */
  barHeld = false;
  atTop = true;
  atBottom = true;

  constructor(
    parts: { scroller: HTMLElement; sheet: HTMLElement; spacer: HTMLElement },
    strip: Strip,
    rows: Rows,
    cache: LineCache,
    fillGap: (id: number) => void,
  ) {
    this.#scroller = parts.scroller;
    this.#sheet = parts.sheet;
    this.#strip = strip;
    this.#spacer = parts.spacer;
    this.#rows = rows;
    this.#cache = cache;
    this.#fillGap = fillGap;
  }

  get height(): number {
    return this.#scroller.clientHeight - this.#barBelow;
  }

  /** The font has these measures now: the width of a character and the height of a row. */
  measured(charWidth: number, rowHeight: number): void {
    if (rowHeight !== this.rowHeight) this.forget();
    this.#charWidth = charWidth;
    this.rowHeight = rowHeight;
  }

  /** Rows are of other heights from now on. */
  forget(): void {
    this.#heights.clear();
  }

  /** Rows that one view may need at most. */
  get capacity(): number {
    return Math.ceil((this.height + OVERSCAN) / this.rowHeight) + 2;
  }

  /** The places that are drawn, from top to bottom. */
  get places(): readonly Place[] {
    return this.#order;
  }

  /** The topmost row in sight. */
  get top(): Place {
    return this.#anchor;
  }

  /** Forget what another log had. */
  clear(): void {
    this.#home = undefined;
    this.#anchor = { line: 1, sub: 0 };
    this.#offset = 0;
    this.#heights.clear();
    this.#order = [];
    this.#strip.clear();
  }

  /** Stop following: what is in sight stays where it is. */
  hold(): void {
    this.following = false;
  }

  /** Move the text by so many pixels; positive goes towards the end. */
  scrollBy(pixels: number): void {
    this.#home = undefined;
    this.#offset -= pixels;
  }

  toTop(): void {
    this.following = false;
    this.#home = undefined;
    this.#place(this.#rows.top ?? this.#anchor, 0);
  }

  /** Bring a line to so many pixels below the view's top, or what stands for it. */
  goTo(line: number, offset: number): void {
    const place = this.#rows.nearest(line);
    if (place === undefined) return;
    this.#home = undefined;
    this.#place(place, offset);
  }

  /** Other rows are going to be there, bit by bit: stay with the one that is read now, or what is nearest to it. */
  stay(): void {
    this.#home ??= { place: this.#anchor, offset: this.#offset };
  }

  /** They are there; but until those in sight are loaded, nobody knows how high they are. */
  settled(): void {
    if (this.#order.every(({ line, sub }) => sub > 0 || this.#cache.get(line) !== undefined)) this.#home = undefined;
  }

  /** The view itself has moved by so many pixels, downwards if positive: what is read has not. */
  shifted(pixels: number): void {
    this.#offset -= pixels;
    if (this.#home !== undefined) this.#home = { ...this.#home, offset: this.#home.offset - pixels };
  }

  /** Whether the native scroll bar was moved by someone; the text follows it. Returns the direction, 0 for none. */
  scrolled(): number {
    const top = this.#scroller.scrollTop;
    const delta = top - this.#scrollTop;
    if (Math.abs(delta) < 1) return 0;
    this.#scrollTop = top;
    this.#rests = undefined;
    // In a view of another height the browser has moved the bar itself.
    if (this.#sheet.style.height !== `${this.#scroller.clientHeight}px`) return 0;
    if (this.barHeld || Math.abs(delta) > JUMP_VIEWS * this.height) this.#jump();
    else this.scrollBy(delta);
    return Math.sign(delta);
  }

  /** Put the scroll bar where the text is. */
  syncBar(): void {
    if (this.barHeld) return;
    const view = this.#scroller.clientHeight;
    const length = this.#spacer.offsetHeight;
    const room = length - view;
    // As long as the text can go on in a direction so can the bar, by a view at least: wrapped lines make the way to the
    // end longer than the bar knows.
    const least = Math.min(this.height, room / 3);
    const between = Math.min(room - least, Math.max(least, room * this.#share()));
    const top = Math.round(this.atBottom ? room : this.atTop ? 0 : between);
    if (Math.abs(this.#scroller.scrollTop - top) >= 1) this.#scroller.scrollTop = top;
    this.#scrollTop = this.#scroller.scrollTop;
    this.#rests = this.atBottom ? { length, view } : undefined;
  }

  /** Draw what is in sight now. At most once per frame; false when it needs another to be complete. */
  draw(): boolean {
    this.#measureView();
    const view = this.height;
    const deadline = performance.now() + SLICE;
    // Once a frame: at the log's ends the text has to move further, and more rows are needed from there.
    if (this.#home !== undefined) this.#place(this.#home.place, this.#home.offset);
    let top = 0;
    let complete = false;
    for (let attempt = 1; !complete && (attempt <= ATTEMPTS || performance.now() < deadline); attempt++) {
      const known = this.#heights.size;
      const order = this.following ? this.#fromBottom(view) : this.#around(view);
      this.#strip.show(order);
      this.#order = order;
      top = this.#settle(view);
      // Lines can be far longer in bytes than on the screen, so that many more fit than was thought.
      complete = this.#covers(top, view) || (attempt > ATTEMPTS && this.#heights.size === known);
    }
    this.#settleBar();
    this.#strip.moveTo(sharp(top, this.#sheet.getBoundingClientRect().top));
    return complete;
  }

  /** The lines [from, to) that are in sight or nearly so. */
  seen(): [from: number, to: number] {
    const lines = this.#order.map(({ line }) => line);
    const [first, last] = [lines[0], lines.at(-1)];
    return first === undefined || last === undefined ? [0, 0] : [first, last + 1];
  }

  #place(place: Place, offset: number): void {
    this.#anchor = place;
    this.#offset = offset;
  }

  #jump(): void {
    const room = this.#spacer.offsetHeight - this.#scroller.clientHeight;
    const at = room <= 0 ? 0 : this.#scrollTop / room;
    this.following = false;
    this.#home = undefined;
    const inSight = this.height / this.rowHeight;
    const above = rowsAbove(at, this.#rows.length, inSight);
    const line = this.#rows.at(Math.floor(above)) ?? this.#rows.first;
    const gap = at > 0 && at < 1 ? this.#rows.hiding(line) : undefined;
    if (gap?.reason === "slow") this.#fillGap(gap.id);
    const place = at >= 1 ? this.#rows.bottom : at <= 0 ? this.#rows.top : this.#rows.nearest(line);
    if (place !== undefined) this.#place(place, at >= 1 ? this.height : -(above % 1) * this.rowHeight);
  }

  #measureView(): void {
    const view = `${this.#scroller.clientHeight}px`;
    if (this.#sheet.style.height !== view) this.#sheet.style.height = view;
    this.#barBelow = this.#sheet.offsetHeight - this.#sheet.clientHeight;
    const width = this.#sheet.clientWidth;
    if (width !== this.#width) {
      this.#width = width;
      this.#heights.clear();
    }
    const digits = Math.max(3, String(this.#rows.last).length);
    if (digits !== this.#digits) {
      this.#digits = digits;
      this.#strip.digits = digits;
    }
  }

  #estimate(place: Place): number {
    const known = this.#heights.get(keyOf(place));
    if (known !== undefined) return known;
    const line = place.sub === 0 ? this.#cache.get(place.line) : undefined;
    if (line === undefined || !this.wraps) return this.rowHeight;
    const columns = Math.max(10, Math.floor((this.#width - 24) / this.#charWidth) - this.#digits);
    return Math.max(1, Math.ceil(line.bytes.length / columns)) * this.rowHeight;
  }

  /** Places upwards from (and without) `place` that cover `pixels`. */
  #upwards(place: Place, pixels: number): Place[] {
    const places: Place[] = [];
    let above = this.#rows.previous(place);
    for (let covered = 0; above !== undefined && covered < pixels && places.length < MOST_ROWS; ) {
      places.push(above);
      covered += this.#estimate(above);
      above = this.#rows.previous(above);
    }
    return places.reverse();
  }

  #fromBottom(view: number): Place[] {
    const bottom = this.#rows.bottom;
    if (bottom === undefined) return [];
    this.#place(bottom, view - this.#estimate(bottom));
    return [...this.#upwards(bottom, view), bottom];
  }

  #around(view: number): Place[] {
    this.#findAnchor();
    if (this.#rows.bottom === undefined) return [];
    // A long way above or below: the anchor becomes a row that is near.
    const places = this.#upwards(this.#anchor, this.#offset + OVERSCAN);
    let below: Place | undefined = this.#anchor;
    let y = this.#offset;
    do {
      places.push(below);
      y += this.#estimate(below);
      below = this.#rows.next(below);
    } while (below !== undefined && y < view + OVERSCAN && places.length < 2 * MOST_ROWS);
    return places;
  }

  /** The anchor may have gone: a gap opened or closed, old lines were let go. What stands there now takes its place. */
  #findAnchor(): void {
    const { line, sub } = this.#anchor;
    const top = this.#rows.top;
    const bottom = this.#rows.bottom;
    if (top === undefined || bottom === undefined) return;
    if (!this.#rows.has(this.#anchor)) {
      const own = { line, sub: 0 };
      this.#anchor = sub > 0 && this.#rows.has(own) ? own : (this.#rows.nearest(line) ?? top);
    }
    if (before(this.#anchor, top)) this.#place(top, 0);
    if (before(bottom, this.#anchor)) this.#anchor = bottom;
  }

  /** Measure the rows, find where the strip begins so that the anchor is in its place, and mind both ends of the log. */
  #settle(view: number): number {
    if (this.#heights.size > 20_000) this.#heights.clear();
    let y = 0;
    let anchorAt = 0;
    const tops: number[] = [];
    for (const place of this.#order) {
      const row = this.#strip.row(place);
      const height = row?.getBoundingClientRect().height ?? this.rowHeight;
      this.#heights.set(keyOf(place), height);
      if (samePlace(place, this.#anchor)) {
        anchorAt = y;
        if (this.following) this.#offset = view - height;
      }
      tops.push(y);
      y += height;
    }
    let top = this.#offset - anchorAt;
    const first = this.#order[0];
    const last = this.#order.at(-1);
    const isTop = first === undefined || this.#rows.previous(first) === undefined;
    const isBottom = last === undefined || this.#rows.next(last) === undefined;
    if (isBottom && top + y < view) top = view - y;
    if (isTop && top > 0) top = 0;
    this.atBottom = isBottom && top + y <= view + 1;
    this.atTop = isTop && top >= -1;
    // The topmost row in sight is the anchor from now on.
    let index = tops.findIndex((at, i) => top + (tops[i + 1] ?? y) > 0 && at <= y);
    if (index === -1) index = 0;
    const anchor = this.#order[index];
    if (anchor !== undefined) this.#place(anchor, top + (tops[index] ?? 0));
    return top;
  }

  #covers(top: number, view: number): boolean {
    const first = this.#order[0];
    const last = this.#order.at(-1);
    if (first === undefined || last === undefined) return true;
    let height = 0;
    for (const place of this.#order) height += this.#heights.get(keyOf(place)) ?? 0;
    const above = top <= 0 || this.#rows.previous(first) === undefined;
    const below = top + height >= view || this.#rows.next(last) === undefined;
    return above && below;
  }

  #share(): number {
    const view = this.height;
    let y = this.#offset;
    let above = this.#rows.rank(this.#anchor.line) + (this.#anchor.sub > 0 ? 1 : 0);
    above += Math.min(1, -y / (this.#heights.get(keyOf(this.#anchor)) ?? this.rowHeight));
    const { length } = this.#rows;
    let below = length - this.#rows.rank(this.#anchor.line + 1);
    for (const place of this.#order) {
      if (before(place, this.#anchor)) continue;
      y += this.#heights.get(keyOf(place)) ?? this.rowHeight;
      below = length - this.#rows.rank(place.line + 1);
      if (y >= view) break;
    }
    return share(Math.max(0, above), Math.max(0, below));
  }

  /** Let the bar be as long as the log, and stand where the text is, where that is not what someone does. */
  #settleBar(): void {
    const { length: lines, extras } = this.#rows;
    const rows = lines + Math.min(extras.length, 100);
    const whole = this.atTop && this.atBottom;
    const view = this.#scroller.clientHeight;
    const length = whole ? view : scrollLength(rows, this.rowHeight, view + 40);
    // Whoever moves the bar with each new line has the browser draw two more frames for it.
    const rests = this.#rests;
    if (this.following && rests?.view === view && Math.abs(length - rests.length) < UNSEEN * length) return;
    this.#resizeBar(length);
    if (this.following || (!this.barHeld && this.#scrollStuck())) this.syncBar();
  }

  #resizeBar(length: number): void {
    const css = `${length}px`;
    if (this.#spacer.style.height === css) return;
    // A bar that has become too short for where it stood is moved by the browser, and by nobody's hand.
    const stood = this.#scroller.scrollTop;
    this.#spacer.style.height = css;
    this.#scrollTop += this.#scroller.scrollTop - stood;
  }

  /** The bar is at one of its ends, but the text is not (or the other way round): scrolling would get stuck. */
  #scrollStuck(): boolean {
    const room = this.#spacer.offsetHeight - this.#scroller.clientHeight;
    const top = this.#scroller.scrollTop;
    return (top <= 0) !== this.atTop || (top >= room - 1) !== this.atBottom;
  }
}
