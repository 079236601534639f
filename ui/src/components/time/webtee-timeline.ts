// <webtee-timeline>: a strip that shows how many lines came when, with warnings and errors, over the whole kept log. Points
// at a time: hovering tells, a click ("goto") goes there and offers to play from there, a drag chooses a range; arrow keys,
// Enter, p and Shift do the same. The part of the log in sight is marked. While the log is played, it is the scrubber.
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { DirectiveResult } from "lit/directive.js";
import { styleMap } from "lit/directives/style-map.js";
import { bucketAt, bucketOfLine, endOf, timesOf, type Timeline } from "../../core/time/timeline.ts";
import type { Model } from "../model.ts";
import { axis, tip } from "./timeline-parts.ts";
import { PITCH, plot } from "./timeline-plot.ts";
import { TimelineSource } from "./timeline-source.ts";
import { timelineStyles } from "./timeline-styles.ts";
import { bucketWords, whenWords } from "./when.ts";

/** Pixels that a pointer moves before it drags, and before it leaves what it clicked on. */
const DRAG_FROM = 5;
const LEAVE_FROM = 24;
/** Columns that PageUp and PageDown move by. */
const PAGE = 10;

/** Where someone wants to go: the first line of a time. */
export interface Goal {
  readonly line: number;
  readonly time: number;
}

export class WebteeTimeline extends LitElement {
  static override styles = timelineStyles;
  static override properties = {
    model: { attribute: false },
    seen: { attribute: false },
    timeline: { state: true },
    cursor: { state: true },
    held: { state: true },
    chosen: { state: true },
    width: { state: true },
  };

  declare model: Model;
  /** The lines in sight, [from, to). */
  declare seen: readonly [from: number, to: number];
  declare timeline: Timeline | undefined;
  /** The bucket that is pointed at. */
  declare cursor: number | undefined;
  /** Where the pointer clicked: the cursor stays there and offers to play. */
  declare held: number | undefined;
  /** Buckets that are being chosen: where that began. */
  declare chosen: number | undefined;
  declare width: number;

  #source: TimelineSource | undefined;
  readonly #cleanup = new AbortController();
  #pressedAt: number | undefined;
  #newest = 0;

  constructor() {
    super();
    this.seen = [0, 0];
    this.timeline = undefined;
    this.cursor = undefined;
    this.held = undefined;
    this.chosen = undefined;
    this.width = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { signal } = this.#cleanup;
    const { client } = this.model;
    this.#source = new TimelineSource((timeline) => this.#take(timeline), signal);
    for (const change of ["settings", "view"]) this.model.addEventListener(change, () => this.requestUpdate(), { signal });
    client.addEventListener("newlog", () => this.#newLog(), { signal });
    client.addEventListener("state", () => this.#connected(), { signal });
    client.addEventListener("frame", () => this.#more(), { signal });
    client.addEventListener("replay", () => this.#play(), { signal });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw(), { signal });
    const resized = new ResizeObserver(() => {
      this.width = this.#plot?.clientWidth ?? 0;
    });
    resized.observe(this);
    signal.addEventListener("abort", () => resized.disconnect());
  }

  /** The element is not used again once it has left the page. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#cleanup.abort();
  }

  override willUpdate(): void {
    this.hidden = !this.model.settings.timeline;
    const { phase } = this.model.client.state;
    this.#source?.show(!this.hidden && (phase === "live" || phase === "ended"));
  }

  override render(): TemplateResult {
    if (this.hidden) return html``;
    const { timeline } = this;
    const { replay } = this.model.client;
    const last = Math.max(0, (timeline?.lines.length ?? 1) - 1);
    const at = Math.min(last, this.cursor ?? this.#here());
    const said = timeline === undefined ? "Nothing yet" : bucketWords(timeline, ...this.#pointed(at));
    return html`
      <div class="area" @pointerleave=${() => this.#left()} @focusout=${(event: FocusEvent) => this.#blurred(event)}>
        <div
          class="plot"
          role="slider"
          tabindex="0"
          aria-label="Timeline"
          aria-valuemin="0"
          aria-valuemax=${last}
          aria-valuenow=${at}
          aria-valuetext=${replay !== undefined && this.cursor === undefined ? whenWords(replay.time, 1000) : said}
          @pointerdown=${(event: PointerEvent) => this.#down(event)}
          @pointermove=${(event: PointerEvent) => this.#move(event)}
          @pointerup=${(event: PointerEvent) => this.#up(event)}
          @pointercancel=${() => this.#leave()}
          @keydown=${(event: KeyboardEvent) => this.#key(event)}
        >
          <canvas></canvas>
          <i class="tone errors"></i><i class="tone warnings"></i><i class="tone others"></i>
          ${timeline === undefined ? html`<div class="nothing">Nothing has been written yet.</div>` : this.#marks(timeline)}
        </div>
        ${timeline === undefined ? nothing : this.#controls(timeline)}
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

  /** The buckets of the range that the view is limited to. */
  #kept(timeline: Timeline): [number, number] | undefined {
    const { range } = this.model.view;
    return range === undefined ? undefined : [bucketAt(timeline, range.from), bucketAt(timeline, range.to)];
  }

  /** What lies over the columns, and the hours below them. */
  #marks(timeline: Timeline): TemplateResult {
    const shown = this.chosen === undefined || this.cursor === undefined ? this.#kept(timeline) : this.#pointed(this.cursor);
    return html`
      ${shown === undefined
        ? nothing
        : html`<div class="out" style=${this.#span(0, shown[0] - 1)}></div>
            <div class="out" style=${this.#span(shown[1] + 1, timeline.lines.length - 1)}></div>
            <div class="range" data-testid="timeline-range" style=${this.#span(...shown)}></div>`}
      <div class="seen" data-testid="timeline-seen" style=${this.#span(...this.#seenBuckets())}></div>
      ${axis(timeline, this.width)}
      ${this.cursor === undefined ? nothing : html`<div class="cursor" style=${this.#at(this.cursor + 0.5)}></div>`}
      <div class="out future" hidden></div>
      <div class="playhead" data-testid="playhead" hidden></div>
    `;
  }

  /** What can be pressed there; a slider holds no buttons. */
  #controls(timeline: Timeline): TemplateResult {
    const kept = this.chosen === undefined ? this.#kept(timeline) : undefined;
    return html`
      ${kept === undefined
        ? nothing
        : html`<button
            class="clear"
            type="button"
            aria-label="Show all times"
            title="Show all times"
            style=${this.#at(kept[1] + 1)}
            @click=${() => this.model.show({ range: undefined })}
          >
            ×
          </button>`}
      ${this.cursor === undefined ? nothing : tip(timeline, this.cursor, this.#pointed(this.cursor), this.held === undefined ? undefined : () => this.#playFrom())}
    `;
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

  /** The bucket that one looks at without pointing at any. */
  #here(): number {
    const { replay } = this.model.client;
    return replay === undefined || this.timeline === undefined ? this.#seenBuckets()[0] : bucketAt(this.timeline, replay.time);
  }

  /** What is pointed at stays the same time; the end stays the end. */
  #take(timeline: Timeline | undefined): void {
    const before = this.timeline;
    const moved = (bucket: number | undefined): number | undefined => {
      if (before === undefined || timeline === undefined || bucket === undefined) return undefined;
      if (bucket === before.lines.length - 1) return timeline.lines.length - 1;
      return bucketAt(timeline, before.from + (bucket + 0.5) * before.width);
    };
    this.timeline = timeline;
    this.cursor = moved(this.cursor);
    this.chosen = this.chosen === 0 ? 0 : moved(this.chosen);
  }

  #newLog(): void {
    this.timeline = undefined;
    this.#leave();
    this.#newest = 0;
    this.#source?.renew();
  }

  #more(): void {
    const { rows, replay } = this.model.client;
    const newest = replay?.to ?? rows.last;
    if (newest === this.#newest) return;
    this.#newest = newest;
    this.#source?.changed();
  }

  /** The playhead moves with each frame: nothing else is rendered for it. */
  #play(): void {
    const { replay } = this.model.client;
    const head = this.renderRoot.querySelector<HTMLElement>(".playhead");
    const future = this.renderRoot.querySelector<HTMLElement>(".future");
    if (head === null || future === null || this.timeline === undefined) return;
    head.hidden = future.hidden = replay === undefined;
    if (replay === undefined) return;
    const share = (replay.time - this.timeline.from) / (endOf(this.timeline) - this.timeline.from);
    const left = `${100 * Math.max(0, Math.min(1, share))}%`;
    head.style.setProperty("--left", left);
    future.style.setProperty("--left", left);
    future.style.setProperty("--width", `calc(100% - ${left})`);
  }

  #connected(): void {
    this.#want();
    this.requestUpdate();
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
    this.#play();
  }

  /** Where a pointer is: 0 at the left end, 1 at the right. */
  #shareOf(event: PointerEvent): number {
    const box = this.#plot?.getBoundingClientRect();
    return box === undefined || box.width === 0 ? 0 : Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
  }

  #bucketUnder(event: PointerEvent): number {
    const all = this.timeline?.lines.length ?? 1;
    return Math.min(all - 1, Math.floor(this.#shareOf(event) * all));
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0 || this.timeline === undefined) return;
    this.#plot?.setPointerCapture(event.pointerId);
    this.#pressedAt = event.clientX;
    this.held = undefined;
    this.cursor = this.#bucketUnder(event);
    if (this.model.client.replay !== undefined) this.#scrub(event);
  }

  #move(event: PointerEvent): void {
    if (this.timeline === undefined) return;
    const pressed = this.#pressedAt !== undefined;
    if (pressed && this.model.client.replay !== undefined) this.#scrub(event);
    else if (pressed && this.chosen === undefined) {
      // Where it was pressed is where the drag begins.
      if (Math.abs(event.clientX - (this.#pressedAt ?? 0)) < DRAG_FROM) return;
      this.chosen = this.cursor;
    } else if (this.held !== undefined && Math.abs(event.clientX - this.held) < LEAVE_FROM) return;
    this.held = undefined;
    this.cursor = this.#bucketUnder(event);
  }

  #up(event: PointerEvent): void {
    if (this.#pressedAt === undefined) return;
    this.#pressedAt = undefined;
    if (this.model.client.replay !== undefined) {
      if (event.pointerType !== "mouse") this.#leave();
    } else if (this.chosen === undefined) {
      this.#go();
      this.held = event.clientX;
    } else {
      this.#choose();
      if (event.pointerType !== "mouse") this.#leave();
    }
  }

  /** The pointer went away; a finger does with every tap. */
  #left(): void {
    if (this.#pressedAt === undefined && (this.held === undefined || matchMedia("(hover: hover)").matches)) this.#leave();
  }

  #blurred(event: FocusEvent): void {
    const to = event.relatedTarget;
    if (this.#pressedAt === undefined && !(to instanceof Node && this.renderRoot.contains(to))) this.#leave();
  }

  #leave(): void {
    this.#pressedAt = undefined;
    this.held = undefined;
    this.chosen = undefined;
    this.cursor = undefined;
  }

  /** To the first line of the time under the cursor. */
  #go(): void {
    const at = this.cursor ?? 0;
    const line = this.timeline?.firstLine[at];
    if (this.timeline === undefined || line === undefined) return;
    const detail: Goal = { line, time: timesOf(this.timeline, at, at).from };
    this.dispatchEvent(new CustomEvent("goto", { detail, bubbles: true, composed: true }));
  }

  #choose(): void {
    if (this.timeline === undefined || this.cursor === undefined) return;
    this.model.show({ range: timesOf(this.timeline, ...this.#pointed(this.cursor)) });
    this.chosen = undefined;
  }

  #scrub(event: PointerEvent): void {
    if (this.timeline === undefined) return;
    const { from } = this.timeline;
    this.model.client.order({ what: "seek", time: Math.round(from + this.#shareOf(event) * (endOf(this.timeline) - from)) });
  }

  #playFrom(): void {
    if (this.timeline === undefined) return;
    const { from } = timesOf(this.timeline, this.cursor ?? this.#here(), 0);
    this.model.client.order({ what: "seek", time: from, play: true });
    this.#leave();
  }

  #key(event: KeyboardEvent): void {
    if (this.timeline === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.timeline.lines.length - 1;
    const at = this.cursor ?? this.#here();
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
    const { client, view } = this.model;
    if (to !== undefined) {
      if (event.shiftKey && client.replay === undefined) this.chosen ??= at;
      else this.chosen = undefined;
      this.cursor = Math.max(0, Math.min(last, to));
    } else if (event.key === "Enter") {
      if (client.replay !== undefined) client.order({ what: "seek", time: timesOf(this.timeline, at, at).from });
      else if (this.chosen === undefined) this.#go();
      else this.#choose();
    } else if (event.key === "p") this.#playFrom();
    else if (event.key === "Escape" && (this.cursor !== undefined || (view.range !== undefined && client.replay === undefined))) {
      if (this.cursor === undefined) this.model.show({ range: undefined });
      this.#leave();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

customElements.define("webtee-timeline", WebteeTimeline);
