// <webtee-view>: what a stream says, as the log or as the terminal, whichever is wanted now. The page and an embedded view
// both hold one. Only what is shown says what is found; the log goes on behind the terminal.
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { fontWithin, TIMES } from "../core/settings.ts";
import { Display } from "./display.ts";
import type { FoundCount } from "./search/finder.ts";
import type { Action } from "./keys.ts";
import type { Model } from "./model.ts";
import type { WebteeLog } from "./log/webtee-log.ts";
import type { WebteeTerminal } from "./terminal/webtee-terminal.ts";
import "./log/webtee-log.ts";

export class WebteeView extends LitElement {
  static override styles = css`
    :host {
      display: grid;
      min-width: 0;
      min-height: 0;
    }
    :host([hidden]) {
      display: none;
    }
    webtee-log,
    webtee-terminal {
      grid-area: 1 / 1;
      min-width: 0;
    }
    /* The log stays where it is, below. */
    webtee-log[inert] {
      visibility: hidden;
    }
  `;
  static override properties = { model: { attribute: false }, terminal: { state: true } };

  declare model: Model;
  /** The terminal is what is shown; "shown" tells when that changes. */
  declare terminal: boolean;
  /** Which match is the current one, of how many; "found" tells of others. */
  found: FoundCount = { at: undefined, of: 0 };
  #display: Display | undefined;
  readonly #cleanup = new AbortController();

  constructor() {
    super();
    this.terminal = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { signal } = this.#cleanup;
    const display = new Display(this.model);
    this.#display = display;
    this.model.addEventListener("view", () => void this.#choose(display), { signal });
    for (const change of ["state", "replay"]) this.model.client.addEventListener(change, () => this.#look(display), { signal });
  }

  /** The element is not used again once it has left the page. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#cleanup.abort();
  }

  override render(): TemplateResult {
    const found = (event: Event): void => this.#count(event);
    return html`
      <webtee-log .model=${this.model} ?inert=${this.terminal} @found=${found}></webtee-log>
      ${this.terminal ? html`<webtee-terminal .model=${this.model} @found=${found} @following=${() => this.#display && this.#look(this.#display)}></webtee-terminal>` : nothing}
    `;
  }

  get log(): WebteeLog | null {
    return this.renderRoot.querySelector("webtee-log");
  }

  /** Whether what is shown goes on by itself. */
  get following(): boolean {
    return this.#shown?.following ?? true;
  }

  /** What the terminal shows, while that is what is shown. */
  get screenText(): string | undefined {
    return this.terminal ? this.#screen?.screenText() : undefined;
  }

  /** Only the log, or only the terminal; by itself, whichever the program writes for. */
  set only(display: "log" | "terminal" | undefined) {
    if (this.#display === undefined) return;
    this.#display.only = display;
    void this.#choose(this.#display);
  }

  /** Scroll as a key wants it; returns whether it did. */
  key(key: string): boolean {
    return this.#shown?.key(key) ?? false;
  }

  /** Do what concerns only what is shown and how it looks; returns whether there is anything to do. */
  do(action: Action): boolean {
    const { settings } = this.model;
    switch (action) {
      case "toggle":
        this.#shown?.toggle();
        return true;
      case "top":
        return this.key("Home");
      case "end":
        return this.key("End");
      case "next":
      case "previous":
        void this.#shown?.step(action === "next" ? 1 : -1);
        return true;
      case "seek":
      case "back":
        if (!this.terminal) this.log?.seeker?.[action]();
        return true;
      case "wrap":
        this.model.set({ wrap: !settings.wrap });
        return true;
      case "times":
        this.model.set({ times: TIMES[(TIMES.indexOf(settings.times) + 1) % TIMES.length] ?? "off" });
        return true;
      case "larger":
      case "smaller":
        this.model.set({ fontSize: fontWithin(settings.fontSize + (action === "larger" ? 1 : -1)) });
        return true;
      case "all":
        if (this.terminal) return false;
        this.log?.selectAll();
        return true;
      case "enter":
        return !this.terminal && (this.log?.enter() ?? false);
      case "close":
        return this.log?.letGo() ?? false;
      case "terminal":
        return this.#display?.toggle() ?? false;
      default:
        return false;
    }
  }

  get #screen(): WebteeTerminal | null {
    return this.renderRoot.querySelector<WebteeTerminal>("webtee-terminal");
  }

  get #shown(): WebteeLog | WebteeTerminal | null {
    return this.terminal ? this.#screen : this.log;
  }

  /** Go to the view that the program writes for, unless what is shown has been stopped, or is of the past. */
  #look(display: Display): void {
    if (this.model.client.replay === undefined && this.#screen?.following !== false) display.look(this.log?.following ?? true);
    void this.#choose(display);
  }

  /** Show what is wanted now; the terminal once it is loaded. */
  async #choose(display: Display): Promise<void> {
    if (display.terminal) await import("./terminal/webtee-terminal.ts");
    if (this.#cleanup.signal.aborted) return;
    const changed = this.terminal !== display.terminal;
    this.terminal = display.terminal;
    await this.updateComplete;
    if (changed) this.dispatchEvent(new Event("shown"));
    this.#tell();
  }

  #count(event: Event): void {
    event.stopPropagation();
    if (event.target === this.#shown) this.#tell();
  }

  #tell(): void {
    const found = this.#shown?.found;
    if (found === undefined || (found.at === this.found.at && found.of === this.found.of)) return;
    this.found = found;
    this.dispatchEvent(new Event("found"));
  }
}

customElements.define("webtee-view", WebteeView);
