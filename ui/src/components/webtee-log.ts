// <webtee-log>: the log view and the habits of its hands. Following ends at any upward wheel, key, touch drag or text
// selection, and resumes by button, End, G or on reaching the bottom. Draws at most once per animation frame.
import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import type { ViewMessage } from "../worker/messages.ts";
import type { CachedLine } from "./cache.ts";
import type { Client } from "./client.ts";
import { count } from "./format.ts";
import { Look } from "./look.ts";
import type { Model } from "./model.ts";
import { MOST_SHOWN } from "./paint.ts";
import { viewStyles } from "./view-styles.ts";
import { Viewport } from "./viewport.ts";

/** Milliseconds without a scroll event after which scrolling has ended, where browsers do not say so. */
const REST_AFTER = 150;
/** Lines before and after those drawn that are asked for too. */
const AHEAD = 60;
/** How much more of a long line each "show" brings. */
const MORE = 4;

export class WebteeLog extends LitElement {
  static override styles = viewStyles;
  static override properties = {
    model: { attribute: false },
    following: { state: true },
    fresh: { state: true },
    empty: { state: true },
  };

  declare model: Model;
  declare following: boolean;
  /** Lines that came since following ended; undefined while there is nothing to go down to. */
  declare fresh: number | undefined;
  declare empty: string;

  #viewport: Viewport | undefined;
  #frame = 0;
  #lastSeen = 0;
  #restTimer: ReturnType<typeof setTimeout> | undefined;
  #pressed = false;
  /** The last move was downwards, so that reaching the bottom means to follow. */
  #downwards = false;
  #touchY: number | undefined;
  readonly #limits = new Map<number, number>();
  readonly #cleanup = new AbortController();

  constructor() {
    super();
    this.following = true;
    this.fresh = undefined;
    this.empty = "";
  }

  override render(): TemplateResult {
    const words = this.fresh === undefined || this.fresh === 0 ? "↓ Latest" : `↓ ${count(this.fresh)} new`;
    return html`
      <div class="scroller" tabindex="0" role="log" aria-live="off" aria-label="Output">
        <div class="spacer">
          <div class="sheet"><div class="strip"></div></div>
        </div>
      </div>
      <div class="empty" ?hidden=${this.empty === ""}>${this.empty}</div>
      <button
        class="resume"
        data-testid="resume"
        type="button"
        ?hidden=${this.following || this.fresh === undefined}
        @click=${() => this.follow()}
      >
        ${words}
      </button>
      <span class="probe" aria-hidden="true">0000000000</span>
    `;
  }

  get client(): Client {
    return this.model.client;
  }

  /** Go to the newest line and stay there. */
  follow(): void {
    const viewport = this.#viewport;
    if (viewport === undefined) return;
    viewport.following = true;
    this.#downwards = false;
    this.#setFollowing(true);
    this.redraw();
  }

  /** Stop following; what is in sight stays. */
  pause(): void {
    if (this.#viewport === undefined || !this.following) return;
    this.#viewport.hold();
    this.#lastSeen = this.client.rows.last;
    this.#downwards = false;
    this.#setFollowing(false);
    this.redraw();
  }

  toggle(): void {
    if (this.following) this.pause();
    else this.follow();
  }

  /** Do what a key means here; false when it means nothing. */
  key(key: string): boolean {
    const viewport = this.#viewport;
    if (viewport === undefined) return false;
    const page = viewport.height - 2 * viewport.rowHeight;
    const steps: { readonly [key: string]: number } = {
      ArrowUp: -2 * viewport.rowHeight,
      ArrowDown: 2 * viewport.rowHeight,
      PageUp: -page,
      PageDown: page,
    };
    const step = steps[key];
    if (step !== undefined) this.#move(step);
    else if (key === "Home" || key === "g") {
      this.pause();
      viewport.toTop();
      this.redraw();
    } else if (key === "End" || key === "G") this.follow();
    else if (key === " ") this.toggle();
    else return false;
    return true;
  }

  /** Draw with the next frame. */
  redraw(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  override firstUpdated(): void {
    const find = (selector: string): HTMLElement => {
      const found = this.renderRoot.querySelector<HTMLElement>(selector);
      if (found === null) throw new Error(`no ${selector}`);
      return found;
    };
    const scroller = find(".scroller");
    const strip = find(".strip");
    const parts = { scroller, strip, sheet: find(".sheet"), spacer: find(".spacer") };
    const { signal } = this.#cleanup;
    const look = new Look(this.model, signal);
    const viewport = new Viewport(parts, this.client.rows, this.client.cache, look, (id) => this.client.fillGap(id));
    this.#viewport = viewport;
    const probe = find(".probe");
    const measure = (): void => {
      viewport.charWidth = probe.getBoundingClientRect().width / 10 || 8;
      this.redraw();
    };
    const resized = new ResizeObserver(measure);
    resized.observe(scroller);
    signal.addEventListener("abort", () => resized.disconnect());
    const quietly = { signal, passive: true };
    for (const change of ["settings", "view"]) this.model.addEventListener(change, () => this.redraw(), { signal });
    this.client.addEventListener("frame", () => this.redraw(), { signal });
    this.client.addEventListener("newlog", () => this.#newLog(), { signal });
    document.addEventListener("visibilitychange", () => this.redraw(), { signal });
    document.addEventListener("selectionchange", () => this.#selected(), { signal });
    scroller.addEventListener("scroll", () => this.#scrolled(), quietly);
    scroller.addEventListener("scrollend", () => this.#rest(), quietly);
    scroller.addEventListener("wheel", (event) => this.#wheel(event), quietly);
    scroller.addEventListener("touchstart", (event) => (this.#touchY = event.touches[0]?.clientY), quietly);
    scroller.addEventListener("touchmove", (event) => this.#touched(event), quietly);
    scroller.addEventListener("pointerdown", (event) => this.#pointerDown(event, scroller), quietly);
    addEventListener("pointerup", () => this.#pointerUp(), { signal });
    addEventListener("pointercancel", () => this.#pointerUp(), { signal });
    strip.addEventListener("click", (event) => this.#clicked(event), { signal });
    measure();
  }

  /** The element is not used again once it has left the page. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    cancelAnimationFrame(this.#frame);
    this.#cleanup.abort();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("following")) this.dispatchEvent(new Event("following", { bubbles: true, composed: true }));
  }

  #draw(): void {
    this.#frame = 0;
    const viewport = this.#viewport;
    if (viewport === undefined) return;
    // Lines do not move under a pressed mouse button: a selection may be about to begin.
    viewport.following = this.following && !this.#pressed;
    if (!viewport.draw()) this.redraw();
    if (!this.following && this.#downwards && viewport.atBottom && !this.#pressed) {
      this.#downwards = false;
      this.#setFollowing(true);
    }
    this.#fillGaps(viewport);
    this.#ask(viewport);
    this.#report(viewport);
  }

  #report(viewport: Viewport): void {
    const { rows, state } = this.client;
    const fresh = rows.last - this.#lastSeen;
    this.fresh = this.following || (viewport.atBottom && fresh === 0) ? undefined : Math.max(0, fresh);
    const none = rows.last < rows.first && rows.extras.length === 0;
    this.empty = none ? (state.phase === "connecting" ? "Connecting…" : "Nothing has been written yet.") : "";
  }

  /** Say what is shown, and which of its lines are not here or may still change. */
  #ask(viewport: Viewport): void {
    const { cache, rows } = this.client;
    const seen = viewport.seen();
    cache.trim(...seen);
    let from = Infinity;
    let to = 0;
    const had: [number, number, boolean][] = [];
    let lacking = false;
    const limits: [number, number][] = [];
    for (const { line, sub } of viewport.places) {
      if (sub > 0) continue;
      const known = cache.get(line);
      const limit = this.#limits.get(line);
      if (limit !== undefined) limits.push([line, limit]);
      if (known !== undefined && !lacks(known, limit)) had.push([line, known.total, known.complete]);
      if (known?.complete === true && !lacks(known, limit)) continue;
      lacking ||= known === undefined;
      from = Math.min(from, line);
      to = Math.max(to, line + 1);
    }
    const { following } = viewport;
    // A view ahead in both directions, so that scrolling finds its lines here.
    for (const [begin, end] of [
      [seen[0] - AHEAD, seen[0]],
      [seen[1], seen[1] + AHEAD],
    ] as const) {
      for (let line = Math.max(begin, rows.first); line < Math.min(end, rows.last + 1); line++) {
        if (cache.get(line) !== undefined || rows.hiding(line) !== undefined) continue;
        from = Math.min(from, line);
        to = Math.max(to, line + 1);
      }
    }
    const count = viewport.capacity;
    const view: ViewMessage = following
      ? { type: "view", follow: true, count, from: 0, to: 0, seen, limits, known: lacking ? had : [] }
      : { type: "view", follow: false, count, from: Math.min(from, to), to, seen, limits, known: had.filter(([line]) => line >= from && line < to) };
    this.client.ask(view);
  }

  /** Gaps that someone has scrolled to fill by themselves. */
  #fillGaps(viewport: Viewport): void {
    if (viewport.following || this.#pressed) return;
    for (const place of viewport.visibleExtras()) {
      const extra = this.client.rows.extra(place);
      if (extra?.kind === "gap" && extra.reason === "slow") this.client.fillGap(extra.id);
    }
  }

  #newLog(): void {
    this.#viewport?.clear();
    this.#limits.clear();
    this.#lastSeen = 0;
    this.follow();
  }

  #setFollowing(following: boolean): void {
    this.following = following;
  }

  #move(pixels: number): void {
    if (pixels < 0) this.pause();
    if (this.following) return;
    this.#downwards = pixels > 0;
    this.#viewport?.scrollBy(pixels);
    this.#rest();
    this.redraw();
  }

  #scrolled(): void {
    const direction = this.#viewport?.scrolled() ?? 0;
    if (direction === 0) return;
    if (direction < 0) this.pause();
    this.#downwards = direction > 0;
    if (!("onscrollend" in window)) {
      clearTimeout(this.#restTimer);
      this.#restTimer = setTimeout(() => this.#rest(), REST_AFTER);
    }
    this.redraw();
  }

  /** Scrolling has ended: the bar may be put right. */
  #rest(): void {
    requestAnimationFrame(() => this.#viewport?.syncBar());
  }

  #wheel(event: WheelEvent): void {
    if (event.ctrlKey || event.deltaY === 0) return;
    if (event.deltaY < 0) this.pause();
    else if (this.#viewport?.atBottom === true && !this.following) {
      // Nothing is left to scroll, so that no scroll event would say it.
      this.#downwards = true;
      this.redraw();
    }
  }

  #touched(event: TouchEvent): void {
    const y = event.touches[0]?.clientY;
    if (y === undefined || this.#touchY === undefined) return;
    if (y - this.#touchY > 3) this.pause();
  }

  #pointerDown(event: PointerEvent, scroller: HTMLElement): void {
    if (event.pointerType !== "mouse" || event.button !== 0) return;
    if (event.offsetX >= scroller.clientWidth && event.target === scroller) {
      if (this.#viewport !== undefined) this.#viewport.barHeld = true;
    } else {
      this.#pressed = true;
    }
  }

  #pointerUp(): void {
    if (this.#viewport?.barHeld === true) {
      this.#viewport.barHeld = false;
      this.#rest();
    }
    if (!this.#pressed) return;
    this.#pressed = false;
    this.redraw();
  }

  #selected(): void {
    if (!this.following) return;
    const root = this.renderRoot as ShadowRoot & { getSelection?: () => Selection | null };
    const selection = root.getSelection?.() ?? document.getSelection();
    if (selection?.type === "Range" && selection.anchorNode !== null && this.#holds(selection.anchorNode)) this.pause();
  }

  #holds(node: Node): boolean {
    return this.renderRoot.contains(node) || node === this || node.contains(this);
  }

  #clicked(event: Event): void {
    const target = event.target as Element;
    const button = target.closest("button");
    const row = target.closest(".line, .gap");
    const place = row === null ? undefined : this.#viewport?.placeOf(row);
    if (button === null || place === undefined) return;
    if (button.classList.contains("more")) {
      const known = this.client.cache.get(place.line);
      if (known !== undefined) this.#limits.set(place.line, Math.min(MOST_SHOWN, known.bytes.length * MORE));
      this.pause();
    } else if (button.classList.contains("load")) {
      const extra = this.client.rows.extra(place);
      if (extra?.kind === "gap") this.client.fillGap(extra.id);
      this.pause();
    }
    this.redraw();
  }
}

/** Whether more of a line is wanted than is here. */
function lacks(line: CachedLine, limit: number | undefined): boolean {
  // A cut never splits a character, so that a few bytes less than the limit are all of it.
  return limit !== undefined && line.more > 0 && line.bytes.length < limit - 4;
}

customElements.define("webtee-log", WebteeLog);
