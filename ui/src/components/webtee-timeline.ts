// <webtee-timeline>: a strip that shows how many lines came when, with warnings and errors, over the whole kept log. Points
// at a time: hovering tells, a click ("goto") goes there, a drag chooses a range; arrow keys, Enter and Shift do the
// same. The part of the log in sight is marked.
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { DirectiveResult } from "lit/directive.js";
import { styleMap } from "lit/directives/style-map.js";
import { clockWords, ticks, tickWords } from "../core/ticks.ts";
import { bucketAt, bucketOfLine, endOf, sum, timesOf, type Timeline } from "../core/timeline.ts";
import { count } from "./format.ts";
import type { Model } from "./model.ts";
import { PITCH, plot } from "./timeline-plot.ts";
import { TimelineSource } from "./timeline-source.ts";
import { timelineStyles } from "./timeline-styles.ts";

/** Pixels that a pointer moves before it drags. */
const DRAG_FROM = 5;
const TICK_EVERY = 90;
/** Columns that PageUp and PageDown move by. */
const PAGE = 10;

const dayOf = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

function day(milliseconds: number): string {
  return dayOf.format(milliseconds);
}

export class WebteeTimeline extends LitElement {
  static override styles = timelineStyles;
  static override properties = {
    model: { attribute: false },
    seen: { attribute: false },
    timeline: { state: true },
    cursor: { state: true },
    chosen: { state: true },
    width: { state: true },
  };

  declare model: Model;
  /** The lines in sight, [from, to). */
  declare seen: readonly [from: number, to: number];
  declare timeline: Timeline | undefined;
  /** The bucket that is pointed at. */
  declare cursor: number | undefined;
  /** Buckets that are being chosen: where that began. */
  declare chosen: number | undefined;
  declare width: number;

  #source: TimelineSource | undefined;
  #cleanup = new AbortController();
  #pressedAt: number | undefined;
  #lastLine = 0;

  constructor() {
    super();
    this.seen = [0, 0];
    this.timeline = undefined;
    this.cursor = undefined;
    this.chosen = undefined;
    this.width = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#cleanup = new AbortController();
    const { signal } = this.#cleanup;
    const { client } = this.model;
    this.#source = new TimelineSource((timeline) => (this.timeline = timeline), signal);
    for (const change of ["settings", "view"]) this.model.addEventListener(change, () => this.requestUpdate(), { signal });
    client.addEventListener("newlog", () => this.#newLog(), { signal });
    client.addEventListener("state", () => this.#want(), { signal });
    client.addEventListener("frame", () => this.#more(), { signal });
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", () => this.#draw(), { signal });
    const resized = new ResizeObserver(() => {
      this.width = this.#plot?.clientWidth ?? 0;
    });
    resized.observe(this);
    signal.addEventListener("abort", () => resized.disconnect());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#cleanup.abort();
  }

  override willUpdate(): void {
    this.hidden = !this.model.settings.timeline;
    this.#source?.show(!this.hidden);
  }

  override render(): TemplateResult {
    const { timeline } = this;
    const last = Math.max(0, (timeline?.lines.length ?? 1) - 1);
    const at = Math.min(last, this.cursor ?? this.#seenBuckets()[0]);
    return html`
      <div
        class="plot"
        role="slider"
        tabindex="0"
        aria-label="Timeline"
        aria-valuemin="0"
        aria-valuemax=${last}
        aria-valuenow=${at}
        aria-valuetext=${timeline === undefined ? "Nothing yet" : this.#words(timeline, ...this.#pointed(at))}
        @pointerdown=${(event: PointerEvent) => this.#down(event)}
        @pointermove=${(event: PointerEvent) => this.#move(event)}
        @pointerup=${(event: PointerEvent) => this.#up(event)}
        @pointercancel=${() => this.#leave()}
        @pointerleave=${() => this.#leave()}
        @keydown=${(event: KeyboardEvent) => this.#key(event)}
        @blur=${() => this.#blur()}
      >
        <canvas></canvas>
        <i class="tone errors"></i><i class="tone warnings"></i><i class="tone others"></i>
        ${timeline === undefined ? html`<div class="nothing">Nothing has been written yet.</div>` : this.#marks(timeline)}
      </div>
    `;
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("width")) this.#want();
    if (changed.size === 0 || changed.has("width") || changed.has("timeline")) this.#draw();
  }

  get #plot(): HTMLElement | null {
    return this.renderRoot.querySelector(".plot");
  }

  /** What lies over the columns, and the hours below them. */
  #marks(timeline: Timeline): TemplateResult {
    const { range } = this.model.view;
    const [from, to] = this.#seenBuckets();
    const pointed = this.cursor === undefined ? undefined : this.#pointed(this.cursor);
    const chosen = this.chosen === undefined ? undefined : pointed;
    const kept: readonly [number, number] | undefined =
      range === undefined ? undefined : [bucketAt(timeline, range.from), bucketAt(timeline, range.to)];
    const shown = chosen ?? kept;
    return html`
      ${shown === undefined
        ? nothing
        : html`<div class="out" style=${this.#span(0, shown[0] - 1)}></div>
            <div class="out" style=${this.#span(shown[1] + 1, timeline.lines.length - 1)}></div>
            <div class="range" data-testid="timeline-range" style=${this.#span(...shown)}></div>`}
      <div class="seen" style=${this.#span(from, to)}></div>
      ${this.#ticks(timeline)}
      ${pointed === undefined ? nothing : html`<div class="cursor" style=${this.#at((this.cursor ?? 0) + 0.5)}></div>`}
      ${kept === undefined || chosen !== undefined
        ? nothing
        : html`<button
            class="clear"
            type="button"
            aria-label="Show all times"
            title="Show all times"
            style=${this.#at(kept[1] + 1)}
            @pointerdown=${(event: Event) => event.stopPropagation()}
            @pointermove=${(event: Event) => event.stopPropagation()}
            @keydown=${(event: Event) => event.stopPropagation()}
            @click=${() => this.model.show({ range: undefined })}
          >
            ×
          </button>`}
      ${pointed === undefined ? nothing : this.#tip(timeline, pointed)}
    `;
  }

  #ticks(timeline: Timeline): TemplateResult[] {
    const [from, to] = [timeline.from / 1000, endOf(timeline) / 1000];
    const span = Math.max(1, to - from);
    const { step, at } = ticks(from, to, Math.max(2, Math.floor(this.width / TICK_EVERY)));
    // There may be no round time in a short log.
    const times = at.length > 0 ? at : [from + span / 2];
    return times.map((time) => {
      const share = Math.max(0, Math.min(1, (time - from) / span));
      const place = share * this.width < 20 ? "first" : (1 - share) * this.width < 20 ? "last" : "";
      const words = at.length > 0 ? tickWords(time, step, day) : clockWords(time, timeline.width / 1000);
      return html`<span class="tick ${place}" style=${styleMap({ left: `${100 * share}%` })}>${words}</span>`;
    });
  }

  #tip(timeline: Timeline, [first, last]: readonly [number, number]): TemplateResult {
    const { lines, warnings, errors } = sum(timeline, first, last);
    const share = (100 * ((this.cursor ?? 0) + 0.5)) / timeline.lines.length;
    return html`<div class="tip" data-testid="timeline-tip" style=${styleMap({ "--left": `${share}%`, "--share": String(share) })}>
      <div>${this.#when(timeline, first, last)}</div>
      <div class="counts">
        <span class=${lines === 0 ? "none" : ""}><b>${count(lines)}</b> ${lines === 1 ? "line" : "lines"}</span>
        ${warnings === 0 ? nothing : html`<span class="warnings"><b>${count(warnings)}</b> ${warnings === 1 ? "warning" : "warnings"}</span>`}
        ${errors === 0 ? nothing : html`<span class="errors"><b>${count(errors)}</b> ${errors === 1 ? "error" : "errors"}</span>`}
      </div>
    </div>`;
  }

  #when(timeline: Timeline, first: number, last: number): string {
    const { from, to } = timesOf(timeline, first, last);
    const exact = timeline.width / 1000;
    const today = day(Date.now());
    const words = (time: number): string => (day(time) === today ? "" : `${day(time)}, `) + clockWords(time, exact);
    const [a, b] = [words(from / 1000), words(to / 1000)];
    return a === b ? a : `${a} – ${day(from / 1000) === day(to / 1000) ? clockWords(to / 1000, exact) : b}`;
  }

  #words(timeline: Timeline, first: number, last: number): string {
    const { lines, warnings, errors } = sum(timeline, first, last);
    const say = (n: number, what: string): string => `, ${count(n)} ${n === 1 ? what : `${what}s`}`;
    const notable = (warnings === 0 ? "" : say(warnings, "warning")) + (errors === 0 ? "" : say(errors, "error"));
    return this.#when(timeline, first, last) + say(lines, "line") + notable;
  }

  /** Where buckets lie. */
  #span(first: number, last: number): DirectiveResult {
    const all = this.timeline?.lines.length ?? 1;
    return styleMap({ "--left": `${(100 * first) / all}%`, "--width": `${(100 * Math.max(0, last + 1 - first)) / all}%` });
  }

  #at(bucket: number): DirectiveResult {
    return styleMap({ "--left": `${(100 * bucket) / (this.timeline?.lines.length ?? 1)}%` });
  }

  /** The buckets that are pointed at: those chosen, or the one under the cursor. */
  #pointed(at: number): [first: number, last: number] {
    const from = this.chosen ?? at;
    return [Math.min(from, at), Math.max(from, at)];
  }

  #seenBuckets(): [number, number] {
    if (this.timeline === undefined) return [0, 0];
    const [from, to] = this.seen;
    return [bucketOfLine(this.timeline, from), bucketOfLine(this.timeline, Math.max(from, to - 1))];
  }

  #newLog(): void {
    this.timeline = undefined;
    this.#leave();
    this.#lastLine = 0;
    this.#source?.renew();
  }

  #more(): void {
    const { last } = this.model.client.rows;
    if (last === this.#lastLine) return;
    this.#lastLine = last;
    this.#source?.changed();
  }

  #want(): void {
    this.#source?.want(this.model.client.url, Math.floor(this.width / PITCH));
  }

  #draw(): void {
    const canvas = this.renderRoot.querySelector("canvas");
    if (canvas === null || this.hidden) return;
    const tone = (name: string): string => {
      const element = this.renderRoot.querySelector(`.tone.${name}`);
      return element === null ? "" : getComputedStyle(element).color;
    };
    const tones = { errors: tone("errors"), warnings: tone("warnings"), others: tone("others") };
    plot(canvas, this.timeline, canvas.clientWidth, canvas.clientHeight, tones);
  }

  #bucketUnder(event: PointerEvent): number {
    const box = this.#plot?.getBoundingClientRect();
    if (box === undefined || this.timeline === undefined || box.width === 0) return 0;
    const all = this.timeline.lines.length;
    return Math.max(0, Math.min(all - 1, Math.floor(((event.clientX - box.left) / box.width) * all)));
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0 || this.timeline === undefined) return;
    this.#plot?.setPointerCapture(event.pointerId);
    this.#pressedAt = event.clientX;
    this.cursor = this.#bucketUnder(event);
  }

  #move(event: PointerEvent): void {
    if (this.timeline === undefined) return;
    if (this.#pressedAt !== undefined && this.chosen === undefined && Math.abs(event.clientX - this.#pressedAt) >= DRAG_FROM) {
      this.chosen = this.cursor;
    }
    // Where it was pressed is where the drag begins.
    if (this.#pressedAt === undefined || this.chosen !== undefined) this.cursor = this.#bucketUnder(event);
  }

  #up(event: PointerEvent): void {
    if (this.#pressedAt === undefined) return;
    this.#pressedAt = undefined;
    if (this.chosen === undefined) this.#go();
    else this.#choose();
    if (event.pointerType !== "mouse") this.#leave();
  }

  #leave(): void {
    this.#pressedAt = undefined;
    this.chosen = undefined;
    this.cursor = undefined;
  }

  #blur(): void {
    if (this.#pressedAt === undefined) this.#leave();
  }

  /** To the first line of the time under the cursor. */
  #go(): void {
    const line = this.timeline?.firstLine[this.cursor ?? 0];
    if (line === undefined) return;
    this.dispatchEvent(new CustomEvent("goto", { detail: { line }, bubbles: true, composed: true }));
  }

  #choose(): void {
    if (this.timeline === undefined || this.cursor === undefined) return;
    this.model.show({ range: timesOf(this.timeline, ...this.#pointed(this.cursor)) });
    this.chosen = undefined;
  }

  #key(event: KeyboardEvent): void {
    if (this.timeline === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.timeline.lines.length - 1;
    const at = this.cursor ?? this.#seenBuckets()[0];
    const moves: { readonly [key: string]: number } = {
      ArrowLeft: at - 1,
      ArrowDown: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at + 1,
      PageUp: at + PAGE,
      PageDown: at - PAGE,
      Home: 0,
      End: last,
    };
    const to = moves[event.key];
    if (to !== undefined) {
      if (event.shiftKey) this.chosen ??= at;
      else this.chosen = undefined;
      this.cursor = Math.max(0, Math.min(last, to));
    } else if (event.key === "Enter") {
      if (this.chosen === undefined) this.#go();
      else this.#choose();
    } else if (event.key === "Escape" && (this.cursor !== undefined || this.model.view.range !== undefined)) {
      if (this.cursor === undefined) this.model.show({ range: undefined });
      this.#leave();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

customElements.define("webtee-timeline", WebteeTimeline);
