// <webtee-log>: the log view. Puts its parts together (the viewport that draws, hands, what is asked of the worker, the
// lines that a link points at) and is what the rest of the page steers. Draws at most once per animation frame.
import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import type { Client } from "../client.ts";
import { heedClicks } from "./clicks.ts";
import { Copying, SaidEvent } from "./copying.ts";
import { fillGaps } from "./filling.ts";
import { fit } from "./fit.ts";
import { count } from "../format.ts";
import type { Finder, FoundCount } from "../search/finder.ts";
import { Hands, type Held } from "./hands.ts";
import { logStyles } from "./log-styles.ts";
import { lineStyles } from "./line-styles.ts";
import { Look } from "./look.ts";
import { Marks } from "./marks.ts";
import { Matches } from "./matches.ts";
import type { Model } from "../model.ts";
import type { Pointing } from "./pointing.ts";
import { Roving } from "./roving.ts";
import { Selecting } from "./selecting.ts";
import { Sight } from "./sight.ts";
import { Strip } from "./strip.ts";
import { textStyles } from "./text-styles.ts";
import { viewStyles } from "./view-styles.ts";
import { Viewport } from "./viewport.ts";
import { Wants } from "./wants.ts";

/** Where in the view a line comes to stand that someone goes to. */
const THIRD = 1 / 3;
/** Milliseconds for which a screen stands that will be another as a whole: every second frame is all that anyone sees of a flood. */
const FLOOD_PAUSE = 25;

export class WebteeLog extends LitElement implements Held {
  static override styles = [...viewStyles, textStyles, lineStyles, logStyles];
  static override properties = {
    model: { attribute: false },
    following: { state: true },
    fresh: { state: true },
    empty: { state: true },
    notice: { state: true },
  };

  declare model: Model;
  declare following: boolean;
  /** Lines that came since following ended; undefined while there is nothing to go down to. */
  declare fresh: number | undefined;
  declare empty: string;
  /** The lines in sight, [from, to); "seen" tells of changes. */
  seen: readonly [from: number, to: number] = [0, 0];
  /** What became of a link that leads nowhere. */
  declare notice: string;
  /** Which hit of what is looked for is the current one, and how many there are. */
  found: FoundCount = { at: undefined, of: 0 };
  #strip: Strip | undefined;
  #viewport: Viewport | undefined;
  #sight: Sight | undefined;
  #hands: Hands | undefined;
  #wants: Wants | undefined;
  #pointing: Pointing | undefined;
  #selecting: Selecting | undefined;
  #copying: Copying | undefined;
  #roving: Roving | undefined;
  #finder: Finder | undefined;
  #frame = 0;
  /** When the last frame was drawn, and the newest line then. */
  #drawn = { time: 0, line: 0 };
  #lastSeen = 0;
  /** Where in the page the view begins. */
  #top: number | undefined;
  #matches: Matches | undefined;
  readonly #cleanup = new AbortController();

  constructor() {
    super();
    this.following = true;
    this.fresh = undefined;
    this.empty = "";
    this.notice = "";
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
      <div class="notice" role="status" ?hidden=${this.notice === ""}>
        <span>${this.notice}</span>
        <button type="button" aria-label="Close" @click=${() => (this.notice = "")}>×</button>
      </div>
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
    if (this.#viewport === undefined || this.#hands === undefined) return;
    this.#matches?.moved();
    this.#viewport.following = true;
    this.#hands.downwards = false;
    this.following = true;
    this.redraw();
  }

  /** Stop following; what is in sight stays. */
  pause(): void {
    if (this.#viewport === undefined || this.#hands === undefined || !this.following) return;
    this.#viewport.hold();
    this.#lastSeen = this.client.rows.last;
    this.#hands.downwards = false;
    this.following = false;
    this.redraw();
  }

  toggle(): void {
    if (this.following) this.pause();
    else this.follow();
  }

  /** Do what a key means here; false when it means nothing. */
  key(key: string): boolean {
    this.#matches?.moved();
    if (key === " ") this.toggle();
    else return this.#hands?.key(key) ?? false;
    return true;
  }

  /** Hide what has been written so far, here and nowhere else. A line that is still growing stays. */
  clear(): void {
    const { cache, rows } = this.client;
    const last = cache.get(rows.last)?.complete === false ? rows.last - 1 : rows.last;
    if (last >= rows.first) this.client.clear(last);
    this.follow();
  }

  /** The last line that was cleared away; undefined when none is. */
  get cleared(): number | undefined {
    return this.client.cleared;
  }

  /** Show what was cleared away; what is in sight stays. */
  restore(): void {
    this.pause();
    this.client.clear(undefined);
  }

  /** Stop following and bring a line into sight, so far down. */
  goTo(line: number, share = THIRD): void {
    const viewport = this.#viewport;
    if (viewport === undefined) return;
    if (line <= (this.client.cleared ?? 0)) this.client.clear(undefined);
    this.pause();
    this.#matches?.moved();
    const gap = this.client.rows.hiding(line);
    if (gap?.reason === "slow") this.client.fillGap(gap.id);
    viewport.goTo(line, viewport.height * share);
    this.redraw();
  }

  /** Go to the next (1) or the previous (-1) hit of what is looked for. */
  step(direction: 1 | -1): void {
    this.#matches?.step(direction);
  }

  /** What goes to hits, and back from them. */
  get seeker(): Matches | undefined {
    return this.#matches;
  }

  /** Show a line among all the others, where it is now. */
  showAround(line: number): void {
    const offset = this.#sight?.offsetOf(line);
    this.pause();
    this.model.show({ filter: undefined, range: undefined });
    this.#viewport?.goTo(line, offset ?? 0);
    this.redraw();
  }

  /** Select all lines that are kept and let through, whether they are drawn or not. */
  selectAll(): void {
    const { rows } = this.client;
    if (rows.length === 0) return;
    this.pause();
    this.#selecting?.selectAll(rows);
    this.notice = `${count(rows.length)} ${rows.length === 1 ? "line" : "lines"} selected: Ctrl+C copies, Esc lets go`;
  }

  /** Select nothing, where all was; false where it was not. */
  letGo(): boolean {
    if (this.#selecting?.all !== true) return false;
    this.#selecting.clear();
    return true;
  }

  /** Copy what is selected and not all drawn, and "said" what became of it; false when there is no such selection. */
  copyBeyond(): boolean {
    return this.#copying?.beyond() ?? false;
  }

  /** Go into the buttons and links of the current line by keyboard. */
  enter(): boolean {
    this.pause();
    return this.#roving?.enter() ?? false;
  }

  /** The line that keys mean: the chosen one, the current match, or the first in sight. */
  get currentLine(): number {
    const shown = [this.#pointing?.lines?.from, this.#finder?.current];
    return shown.find((line) => line !== undefined && this.#sight?.shows(line) === true) ?? this.inSight[0];
  }

  say(words: string): void {
    this.dispatchEvent(new SaidEvent(words));
  }

  /** The lines that are wholly in sight: [from, to). */
  get inSight(): readonly [from: number, to: number] {
    return this.#sight?.whole(this.#viewport?.places ?? []) ?? [0, 0];
  }

  /** When the topmost line in sight came, in microseconds since the Unix epoch. */
  get timeInSight(): number | undefined {
    const top = this.#viewport?.top.line ?? 0;
    for (let line = top; line < this.seen[1]; line++) {
      const time = this.client.cache.get(line)?.time;
      if (time !== undefined) return time;
    }
    return undefined;
  }

  /** Draw with the next frame. */
  redraw(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame((time) => this.#draw(time));
  }

  holds(node: Node): boolean {
    return this.renderRoot.contains(node) || node === this || node.contains(this);
  }

  selection(): Selection | null {
    const root = this.renderRoot as ShadowRoot & { getSelection?: () => Selection | null };
    return root.getSelection?.() ?? document.getSelection();
  }

  override firstUpdated(): void {
    const find = (selector: string): HTMLElement => {
      const found = this.renderRoot.querySelector<HTMLElement>(selector);
      if (found === null) throw new Error(`no ${selector}`);
      return found;
    };
    const scroller = find(".scroller");
    const strip = find(".strip");
    const parts = { scroller, sheet: find(".sheet"), spacer: find(".spacer") };
    const { signal } = this.#cleanup;
    const look = new Look(this.model, signal, () => this.redraw());
    const { rows, cache } = this.client;
    const marks = new Marks(this.model);
    this.#finder = marks.finder;
    this.#pointing = marks.pointing;
    this.#strip = new Strip(strip, rows, cache, look, marks);
    const viewport = new Viewport(parts, this.#strip, rows, cache, (id) => this.client.fillGap(id));
    this.#viewport = viewport;
    this.#sight = new Sight(parts.sheet, this.#strip);
    this.#matches = new Matches(this, marks.finder, this.#sight);
    for (const deed of ["wheel", "pointerdown"]) this.addEventListener(deed, () => this.#matches?.moved(), { signal, passive: true });
    this.#hands = new Hands(this, viewport, scroller, signal);
    this.#wants = new Wants(this.client);
    fit({ ...parts, strip, probe: find(".probe") }, viewport, this.model, look, () => this.redraw(), signal);
    for (const change of ["settings", "view"]) this.model.addEventListener(change, () => this.redraw(), { signal });
    this.client.addEventListener("frame", () => this.redraw(), { signal });
    this.client.addEventListener("jump", () => this.follow(), { signal });
    this.client.addEventListener("filtered", () => this.#filtered(), { signal });
    this.client.addEventListener("search", () => this.#searched(), { signal });
    this.client.addEventListener("newlog", () => this.#newLog(), { signal });
    document.addEventListener("visibilitychange", () => this.redraw(), { signal });
    heedClicks(this, strip, { strip: this.#strip, look, pointing: marks.pointing, wants: this.#wants }, signal);
    this.#selecting = new Selecting(this, this.#strip, strip, () => (this.notice = ""), signal);
    this.#roving = new Roving(this, this.#strip, strip, scroller, signal);
    this.#copying = new Copying(this, this.#selecting, this.#strip, strip, signal);
  }

  /** The element is not used again once it has left the page. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    cancelAnimationFrame(this.#frame);
    this.#cleanup.abort();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("following")) this.#tell("following");
  }

  #draw(time: number): void {
    this.#frame = 0;
    const viewport = this.#viewport;
    const hands = this.#hands;
    if (viewport === undefined || hands === undefined) return;
    const { last } = this.client.rows;
    if (this.following && time - this.#drawn.time < FLOOD_PAUSE && last - this.#drawn.line >= viewport.capacity) {
      this.redraw();
      return;
    }
    this.#drawn = { time, line: last };
    // A bar that comes or goes above the log moves none of the text that is read.
    const top = this.offsetTop;
    if (!this.following && this.#top !== undefined) viewport.shifted(top - this.#top);
    this.#top = top;
    this.#followLink();
    // Lines do not move under a pressed mouse button: a selection may be about to begin.
    viewport.following = this.following && !hands.pressed;
    this.#selecting?.hold();
    if (!viewport.draw()) this.redraw();
    this.#selecting?.restore();
    this.#roving?.restore();
    if (!this.following && hands.downwards && viewport.atBottom && !hands.pressed) {
      hands.downwards = false;
      this.following = true;
    }
    const extras = viewport.following || hands.pressed ? [] : (this.#sight?.extras(viewport.places) ?? []);
    fillGaps(this.client, viewport.places, extras);
    this.#wants?.ask(viewport);
    this.#report(viewport);
  }

  #followLink(): void {
    const pointed = this.#pointing?.follow();
    if (pointed === undefined) return;
    this.notice = pointed.notice ?? "";
    if (pointed.line !== undefined) this.goTo(pointed.line);
  }

  #tell(what: string): void {
    this.dispatchEvent(new Event(what, { bubbles: true, composed: true }));
  }

  #filtered(): void {
    if (this.model.view.filter !== undefined) this.#sight?.reveal();
    if (!this.following) this.#viewport?.stay();
    this.redraw();
  }

  #searched(): void {
    this.#matches?.searched();
    // Only what is drawn tells whether the view has settled.
    this.redraw();
  }

  #report(viewport: Viewport): void {
    const { rows, search, state } = this.client;
    if (rows.filter === undefined || search.filter?.done !== false) viewport.settled();
    const fresh = rows.length - rows.rank(this.#lastSeen + 1);
    this.fresh = this.following || (viewport.atBottom && fresh === 0) ? undefined : Math.max(0, fresh);
    if (rows.last < rows.first && rows.extras.length === 0) {
      this.empty = state.phase === "connecting" ? "Connecting…" : "Nothing has been written yet.";
    } else if (rows.filter !== undefined && rows.length === 0) {
      this.empty = search.filter?.done === false ? "Searching…" : "No line matches the filter.";
    } else this.empty = "";
    const found = this.#finder?.count ?? { at: undefined, of: 0 };
    if (found.at !== this.found.at || found.of !== this.found.of) {
      this.found = found;
      this.#tell("found");
    }
    const seen = viewport.seen();
    if (seen[0] !== this.seen[0] || seen[1] !== this.seen[1]) {
      this.seen = seen;
      this.#tell("seen");
    }
  }

  #newLog(): void {
    this.#viewport?.clear();
    this.#wants?.clear();
    this.#pointing?.renewed();
    this.#lastSeen = 0;
    this.follow();
  }
}

customElements.define("webtee-log", WebteeLog);
