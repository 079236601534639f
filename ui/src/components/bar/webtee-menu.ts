// <webtee-menu>: how this browser likes its logs, and what is done seldom. Settings take effect at once and are the
// model's; everything else is asked for (ActionEvent) and closes the menu.
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { fontWithin, LARGEST_FONT, SMALLEST_FONT, THEMES, TIMES, type Settings } from "../../core/settings.ts";
import { controlStyles } from "../controls.ts";
import { downloadUrl } from "../download.ts";
import { icon } from "../icons.ts";
import { ActionEvent, keyOf, type Action } from "../keys.ts";
import type { Model } from "../model.ts";

const THEME_WORDS: { readonly [name in Settings["theme"]]: string } = { auto: "Auto", light: "Light", dark: "Dark" };
export const TIMES_WORDS: { readonly [name in Settings["times"]]: string } = {
  off: "Off",
  local: "Local time",
  utc: "UTC",
  relative: "Ago",
  start: "Since start",
};

export class WebteeMenu extends LitElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        padding: 4px;
        font: 13px/20px var(--sans);
      }
      section + section {
        margin-top: 4px;
        padding-top: 4px;
        border-top: 1px solid var(--rule);
      }
      .row {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 12px;
        box-sizing: border-box;
        width: 100%;
        min-height: var(--control);
        padding: 0 8px;
        border: 1px solid transparent;
        border-radius: 6px;
        white-space: nowrap;
      }
      button.row {
        height: auto;
        text-align: left;
      }
      a.row {
        color: var(--fg);
        text-decoration: none;
      }
      .row:is(button, a):hover {
        background: var(--hover);
      }
      .row.setting {
        padding-right: 3px;
      }
      .end {
        display: inline-flex;
        align-items: center;
        gap: 8px;
      }
      .switch {
        position: relative;
        flex: none;
        width: 28px;
        height: 16px;
        border-radius: 8px;
        background: var(--rule);
        box-shadow: inset 0 0 0 1px var(--quiet);
      }
      .switch::after {
        content: "";
        position: absolute;
        top: 3px;
        left: 3px;
        width: 10px;
        height: 10px;
        border-radius: 50%;
        background: var(--quiet);
      }
      [aria-checked="true"] > .end > .switch {
        background: var(--accent);
        box-shadow: none;
      }
      [aria-checked="true"] > .end > .switch::after {
        left: 15px;
        background: var(--raised);
      }
      select,
      .stepper button {
        height: calc(var(--control) - 4px);
      }
      .stepper {
        display: inline-flex;
        align-items: center;
      }
      .stepper output {
        min-width: 28px;
        text-align: center;
        font-variant-numeric: tabular-nums;
      }
      @media (min-width: 900px) {
        .narrow {
          display: none;
        }
      }
      @media (pointer: coarse) {
        kbd {
          display: none;
        }
      }
      @media (prefers-reduced-motion: no-preference) {
        .switch::after {
          transition: left 0.12s;
        }
      }
    `,
  ];

  static override properties = { model: { attribute: false }, terminal: { type: Boolean }, notifying: { type: String } };

  declare model: Model;
  declare terminal: boolean;
  /** What notifications are wished for, in words; empty without any. */
  declare notifying: string;
  readonly #cleanup = new AbortController();

  override firstUpdated(): void {
    const { signal } = this.#cleanup;
    const changed = (): void => this.requestUpdate();
    for (const change of ["settings", "view"]) this.model.addEventListener(change, changed, { signal });
    this.model.client.addEventListener("state", changed, { signal });
  }

  /** The element is not used again once it has left the page. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#cleanup.abort();
  }

  override render(): TemplateResult {
    const { settings } = this.model;
    return html`
      <section aria-label="View">
        ${this.#switch("Wrap long lines", settings.wrap, "wrap")}
        ${this.#switch("Structured lines", settings.structured, undefined, () => this.model.set({ structured: !settings.structured }))}
        ${this.#switch("Timeline", settings.timeline, "timeline", undefined, "narrow")}
        ${this.model.client.state.stream?.pty === true ? this.#switch("Terminal view", this.terminal, "terminal", undefined, "narrow") : nothing}
        <label class="row setting">
          Times
          <select @change=${(event: Event) => this.#chooseTimes(event)}>
            ${TIMES.map((name) => html`<option value=${name} .selected=${settings.times === name}>${TIMES_WORDS[name]}</option>`)}
          </select>
        </label>
        <div class="row setting">
          <span id="theme">Theme</span>
          <span class="segments" role="group" aria-labelledby="theme">
            ${THEMES.map(
              (name) => html`<button type="button" aria-pressed=${settings.theme === name} @click=${() => this.model.set({ theme: name })}>
                ${THEME_WORDS[name]}
              </button>`,
            )}
          </span>
        </div>
        <div class="row setting" role="group" aria-label="Text size">
          <span>Text size</span>
          <span class="stepper">
            <button class="square" type="button" aria-label="Smaller" title="Smaller (-)" ?disabled=${settings.fontSize <= SMALLEST_FONT}
              @click=${() => this.#size(-1)}>${icon("minus")}</button>
            <output>${settings.fontSize}</output>
            <button class="square" type="button" aria-label="Larger" title="Larger (+)" ?disabled=${settings.fontSize >= LARGEST_FONT}
              @click=${() => this.#size(1)}>${icon("plus")}</button>
          </span>
        </div>
      </section>
      <section aria-label="Actions">
        ${this.#item("Play from here", "play")}
        ${this.#item("Share…", "share", "narrow")}
        ${this.#item("Copy", "copy")} ${this.#download()}
        ${this.#item("Clear", "clear")}
        ${this.#item("Notify me…", "notify", "", this.notifying === "" ? "" : "on")}
        ${this.#item("Full screen", "fullscreen")}
        ${this.#item("Keyboard shortcuts", "help")}
      </section>
    `;
  }

  #switch(what: string, on: boolean, action: Action | undefined, change?: () => void, when = ""): TemplateResult {
    const press = (): unknown => (change === undefined ? this.#setting(action) : change());
    return html`<button class="row ${when}" type="button" role="switch" aria-checked=${on} @click=${press}>
      ${what}<span class="end">${action === undefined ? nothing : html`<kbd>${keyOf(action)}</kbd>`}<span class="switch"></span></span>
    </button>`;
  }

  #item(what: string, action: Action, when = "", key = keyOf(action)): TemplateResult {
    return html`<button class="row ${when}" type="button" @click=${() => this.dispatchEvent(new ActionEvent(action))}>
      ${what}${key === "" ? nothing : html`<kbd>${key}</kbd>`}
    </button>`;
  }

  /** What is shown: not what was cleared away, nor, in the time machine, what is yet to come. */
  #download(): TemplateResult | typeof nothing {
    const { client, view } = this.model;
    const { url, replay, rows } = client;
    if (url === undefined) return nothing;
    const lines = replay !== undefined ? { to: rows.last } : client.cleared !== undefined ? { from: rows.first } : undefined;
    const some = view.filter !== undefined || view.range !== undefined || lines !== undefined;
    return html`<a class="row" href=${downloadUrl(url, view, lines ?? {})} download>${some ? "Download the lines shown" : "Download"}</a>`;
  }

  /** What a key does too, without leaving the menu. */
  #setting(action: Action | undefined): void {
    if (action === "wrap") this.model.set({ wrap: !this.model.settings.wrap });
    else if (action === "timeline") this.model.set({ timeline: !this.model.settings.timeline });
    else if (action !== undefined) this.dispatchEvent(new ActionEvent(action));
  }

  #chooseTimes(event: Event): void {
    const chosen = (event.target as HTMLSelectElement).value;
    const times = TIMES.find((name) => name === chosen);
    if (times !== undefined) this.model.set({ times });
  }

  #size(by: number): void {
    this.model.set({ fontSize: fontWithin(this.model.settings.fontSize + by) });
  }

  /** Up and down go through the rows, as in any menu. */
  key(event: KeyboardEvent): void {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    const root = this.renderRoot as ShadowRoot;
    if (root.activeElement instanceof HTMLSelectElement) return;
    const items = [...root.querySelectorAll<HTMLElement>("button:not(:disabled), select, a")].filter((item) => item.offsetParent !== null);
    const at = items.indexOf(root.activeElement as HTMLElement);
    const to = event.key === "ArrowDown" ? at + 1 : at === -1 ? items.length - 1 : at - 1;
    items.at(to % items.length)?.focus();
    event.preventDefault();
  }
}

customElements.define("webtee-menu", WebteeMenu);
