// <webtee-bar>: the line above the log that always says how things stand (title, state, viewers, lines and how fast they
// come) and holds what is pressed often; the rest is in its menu. Whoever holds it does what it asks for (ActionEvent).
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { Rate } from "../../core/log/rate.ts";
import type { Replay } from "../../worker/messages.ts";
import { barStyles } from "./bar-styles.ts";
import { controlStyles } from "../controls.ts";
import { count, duration, exitMark, phaseWords, rateWords, shortCount, silentWords, titleOf } from "../format.ts";
import { icon, type Icon } from "../icons.ts";
import { ActionEvent, keyOf, type Action } from "../keys.ts";
import type { Model } from "../model.ts";
import type { WebteeMenu } from "./webtee-menu.ts";
import { whenWords } from "../time/when.ts";
import "./webtee-menu.ts";

/** How often the rate is looked at again while it falls, in milliseconds. */
const RATE_EVERY = 500;

/** `replay 14:03:12 ×10`. */
function replayWords(replay: Replay | undefined): string | undefined {
  if (replay === undefined) return undefined;
  return `${replay.playing ? "replay" : "paused at"} ${whenWords(replay.time, 1000)}${replay.speed === 1 ? "" : ` ×${replay.speed}`}`;
}

export class WebteeBar extends LitElement {
  static override styles = [controlStyles, barStyles];

  static override properties = {
    model: { attribute: false },
    following: { type: Boolean },
    searching: { type: Boolean },
    terminal: { type: Boolean },
    notifying: { type: String },
    fault: { type: String },
    lines: { state: true },
    rate: { state: true },
    replayed: { state: true },
  };

  declare model: Model;
  declare following: boolean;
  /** The bar for finding and filtering is open. */
  declare searching: boolean;
  /** The terminal view is what is shown. */
  declare terminal: boolean;
  /** What notifications are wished for, in words; empty without any. */
  declare notifying: string;
  /** Why nothing can be shown at all. */
  declare fault: string;
  declare lines: number;
  declare rate: number;
  /** What the time machine is at, while it is on. */
  declare replayed: string | undefined;

  readonly #rate = new Rate();
  readonly #cleanup = new AbortController();
  #frame = 0;
  #rateTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.following = true;
    this.searching = false;
    this.terminal = false;
    this.notifying = "";
    this.fault = "";
    this.lines = 0;
    this.rate = 0;
    this.replayed = undefined;
  }

  override firstUpdated(): void {
    const { signal } = this.#cleanup;
    const { client } = this.model;
    const changed = (): void => this.requestUpdate();
    this.model.addEventListener("settings", changed, { signal });
    client.addEventListener("state", changed, { signal });
    client.addEventListener("frame", () => this.#countLines(), { signal });
    for (const change of ["newlog", "jump"]) client.addEventListener(change, () => this.#rate.clear(), { signal });
    client.addEventListener("replay", () => (this.replayed = replayWords(client.replay)), { signal });
  }

  /** The element is not used again once it has left the page. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#rateTimer);
    this.#cleanup.abort();
  }

  override render(): TemplateResult {
    const { stream, viewers, exit } = this.model.client.state;
    const title = titleOf(stream);
    // What has ended has no rate, not even one that falls.
    const rate = exit === undefined ? this.rate : 0;
    return html`
      <header>
        <h1 title=${stream === undefined ? nothing : [title, stream.command.join(" ")].join("\n").trim()}>${title}</h1>
        <span class="break"></span>
        ${this.#state()}
        <span class="figures">
          <span class="figure" data-testid="viewers" title="Viewers" ?hidden=${viewers === undefined}>
            ${icon("viewers")}${viewers === undefined ? "" : count(viewers)}<span class="word">${viewers === 1 ? "viewer" : "viewers"}</span>
          </span>
          <span class="figure" data-testid="lines" title="Lines">
            <span class="long">${count(this.lines)}</span><span class="short" aria-hidden="true">${shortCount(this.lines)}</span>
            <span>${this.lines === 1 ? "line" : "lines"}</span>
          </span>
          <span class="figure" data-testid="rate" title="Lines per second" ?hidden=${rate === 0}>${rateWords(rate)}</span>
        </span>
        <div class="buttons" @keydown=${(event: KeyboardEvent) => this.#key(event)}>
          ${this.#pause()}
          ${this.#button("find", "find", "Find and filter", this.searching)}
          ${this.#button("timeline", "timeline", "Timeline", this.model.settings.timeline, "seldom")}
          ${stream?.pty === true ? this.#button("terminal", "terminal", "Terminal view", this.terminal, "seldom") : nothing}
          ${this.notifying === "" ? nothing : this.#button("quiet", "bell", `Notifying of ${this.notifying}: stop`, true)}
          ${this.#button("share", "share", "Share", undefined, "seldom")}
          <button class="square" type="button" popovertarget="menu" aria-label="Menu" title="Menu">${icon("menu")}</button>
          <div id="menu" popover role="dialog" aria-label="Menu" @action=${() => this.#menu?.hidePopover()} @toggle=${(event: ToggleEvent) => this.#toggled(event)}>
            <webtee-menu .model=${this.model} .terminal=${this.terminal} .notifying=${this.notifying}></webtee-menu>
          </div>
        </div>
      </header>
    `;
  }

  /** The menu has the keyboard. */
  get menuOpen(): boolean {
    return this.#menu?.matches(":popover-open") === true;
  }

  get #menu(): HTMLElement | null {
    return this.renderRoot.querySelector("#menu");
  }

  #ask(action: Action): void {
    this.dispatchEvent(new ActionEvent(action));
  }

  /** The focus goes back to the menu's button, unless it went elsewhere: browsers do not find it in here. */
  #toggled({ newState }: ToggleEvent): void {
    // What it says of the lines is of the moment in which it is opened.
    this.renderRoot.querySelector<WebteeMenu>("webtee-menu")?.requestUpdate();
    const focused = (this.renderRoot as ShadowRoot).activeElement;
    const outer = document.activeElement;
    const lost = this.#menu?.contains(focused) === true || outer === null || outer === document.body;
    if (newState === "closed" && lost) this.renderRoot.querySelector<HTMLElement>("[popovertarget]")?.focus();
  }

  /** The menu's keys, wherever in the bar the focus is when it opens. */
  #key(event: KeyboardEvent): void {
    if (this.menuOpen) this.renderRoot.querySelector<WebteeMenu>("webtee-menu")?.key(event);
  }

  #button(action: Action, shape: Icon, what: string, pressed: boolean | undefined, often = ""): TemplateResult {
    const key = keyOf(action);
    return html`<button
      class="square ${often}"
      type="button"
      aria-label=${what}
      aria-pressed=${pressed === undefined ? nothing : pressed ? "true" : "false"}
      title=${key === "" ? what : `${what} (${key})`}
      @click=${() => this.#ask(action === "find" && this.searching ? "close" : action)}
    >
      ${icon(shape)}
    </button>`;
  }

  /** Stops what goes on by itself, or lets it go on: following, or playing. */
  #pause(): TemplateResult {
    const { replay } = this.model.client;
    const on = replay?.playing ?? this.following;
    const word = on ? "Pause" : replay === undefined ? "Follow" : "Play";
    const present = this.terminal ? ["Let the screen stand still", "Show the present screen"] : ["Stop following", "Follow the newest line"];
    const title = (replay === undefined ? present : ["Stop playing", "Play on"])[on ? 0 : 1];
    return html`<button
      class="framed pause"
      data-testid="pause"
      type="button"
      aria-pressed=${on ? "false" : "true"}
      aria-label=${word}
      title="${title} (Space)"
      @click=${() => this.#ask("toggle")}
    >
      ${icon(on ? "pause" : "follow")}<span>${word}</span>
    </button>`;
  }

  #state(): TemplateResult {
    if (this.replayed !== undefined) {
      // Nobody wants to be told every second what time it is.
      return html`<span class="state" data-testid="state" data-state="replay" title="The log as it was"><span>${this.replayed}</span></span>`;
    }
    const { phase, exit, stream, others, silent } = this.model.client.state;
    const words = others === undefined ? phaseWords(phase) : "no longer here";
    const quiet = silent === undefined || others !== undefined ? "" : ` · ${silentWords(silent)}`;
    const tone = exit === undefined ? "" : exit.code === 0 ? "passed" : "failed";
    const how = exitMark(exit, stream);
    const lasted = exit === undefined ? "" : ` · ${duration(exit.seconds)}`;
    const gone = phase === "gone" && others === undefined ? " · server gone" : "";
    const all = this.fault || `${words}${how}${lasted}${gone}${quiet}`;
    const shown = this.fault || html`<span>${words}${how}<span class="long">${lasted}</span>${gone}<span class="long">${quiet}</span></span>`;
    return html`<span class="state ${tone}" data-testid="state" data-state=${phase} role="status" title=${all}>${shown}</span>`;
  }

  #countLines(): void {
    // Once per frame, however many messages come.
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const { client } = this.model;
      // A page that joins is told of all lines before it at once.
      if (client.rows.last !== this.lines && client.state.phase !== "connecting") this.#rate.add(performance.now(), client.rows.last);
      this.lines = client.rows.last;
      this.#rateTimer ??= setTimeout(() => this.#showRate(), RATE_EVERY);
    });
  }

  #showRate(): void {
    this.rate = this.#rate.at(performance.now());
    this.#rateTimer = this.rate > 0 ? setTimeout(() => this.#showRate(), RATE_EVERY) : undefined;
  }
}

customElements.define("webtee-bar", WebteeBar);
