// The viewport over rows of known heights: what is drawn, and where, when rows come and go around what is read.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LineCache } from "../src/components/log/cache.ts";
import { keyOf, type Strip } from "../src/components/log/strip.ts";
import { Viewport } from "../src/components/log/viewport.ts";
import { Rows, type Place } from "../src/core/rows/rows.ts";
import { Selection } from "../src/core/rows/selection.ts";

const VIEW = 700;

beforeEach(() => vi.stubGlobal("devicePixelRatio", 1));
afterEach(() => vi.unstubAllGlobals());

/** What stands where in the view: lines, and how far their rows' tops are below the view's. */
class Page {
  readonly rows = new Rows();
  readonly heights = new Map<number, number>();
  readonly view: Viewport;
  /** Where in the page the view begins. */
  above = 44;
  /** Where the first row was put. */
  top = NaN;
  #order: readonly Place[] = [];

  constructor(lines: number) {
    this.rows.last = lines;
    const scroller = { clientHeight: VIEW, scrollTop: 0 };
    const sheet = { clientHeight: VIEW, offsetHeight: VIEW, clientWidth: 800, style: { height: `${VIEW}px` }, getBoundingClientRect: () => ({ top: this.above }) };
    const style = { height: "0px" };
    const spacer = { style, get offsetHeight() { return parseFloat(style.height); } };
    const strip = {
      show: (order: readonly Place[]) => { this.#order = order; },
      moveTo: (top: number) => { this.top = top; },
      row: (place: Place) => ({ getBoundingClientRect: () => ({ height: this.height(place) }) }),
    };
    const cache = { get: () => ({ bytes: new Uint8Array(5) }) } as unknown as LineCache;
    const parts = { scroller, sheet, spacer } as unknown as ConstructorParameters<typeof Viewport>[0];
    this.view = new Viewport(parts, strip as unknown as Strip, this.rows, cache, () => undefined);
  }

  height({ line }: Place): number {
    return this.heights.get(line) ?? 20;
  }

  /** Draw frames until one is complete. */
  draw(): void {
    for (let frame = 0; !this.view.draw(); frame++) if (frame > 100) throw new Error("no frame is complete");
  }

  /** Lines that are at least partly in sight, by where they are. */
  get inSight(): Map<string, number> {
    const seen = new Map<string, number>();
    let y = this.top;
    for (const place of this.#order) {
      if (y + this.height(place) > 0 && y < VIEW) seen.set(keyOf(place), y);
      y += this.height(place);
    }
    return seen;
  }

  /** Pixels in sight that rows cover. */
  get covered(): number {
    let covered = 0;
    let y = this.top;
    for (const place of this.#order) {
      covered += Math.max(0, Math.min(VIEW, y + this.height(place)) - Math.max(0, y));
      y += this.height(place);
    }
    return covered;
  }

  filter(lines: readonly number[], context = 0): void {
    const selection = new Selection(context);
    selection.put({ first: 1, last: this.rows.last, runs: lines.flatMap((line) => [line - 1, 1]) });
    this.rows.filter = selection;
    this.view.stay();
  }
}

/** Every so many-th line. */
function every(step: number, last: number): number[] {
  return Array.from({ length: Math.floor(last / step) }, (_, index) => (index + 1) * step);
}

test("rows above fill the view where too few are left below what is read", () => {
  const page = new Page(100_000);
  page.view.following = false;
  page.view.goTo(99_950, 0);
  page.draw();
  page.filter(every(1000, 99_000));
  page.draw();
  expect(page.covered).toBe(VIEW);
  expect(page.inSight.get("99000/0")).toBe(VIEW - 20);
});

test("what is read stays where it is as context comes around it", () => {
  const page = new Page(100_000);
  page.view.following = false;
  page.view.goTo(99_950, 0);
  page.draw();
  page.filter(every(1000, 99_000));
  page.draw();
  page.view.settled();
  const before = page.inSight;
  const [first = ""] = before.keys();
  page.filter(every(1000, 99_000), 1);
  page.draw();
  expect(page.inSight.get(first)).toBe(before.get(first));
  expect(page.covered).toBe(VIEW);
});

test.each([1, 1.25, 2])("rows begin on the screen's pixels, of which one of the page has %d", (ratio) => {
  vi.stubGlobal("devicePixelRatio", ratio);
  const page = new Page(100_000);
  page.view.following = false;
  page.above = 44.3;
  page.view.goTo(50_000, 0);
  for (let i = 0; i < 50; i++) {
    page.view.scrollBy(0.37 * i);
    page.draw();
    const pixels = (page.above + page.top) * ratio;
    expect(Math.abs(pixels - Math.round(pixels))).toBeLessThan(1e-6);
  }
  // It does not add up.
  const moved = 0.37 * ((49 * 50) / 2);
  expect(Math.abs((page.inSight.get("50030/0") ?? NaN) - (30 * 20 - moved))).toBeLessThan(1);
});
