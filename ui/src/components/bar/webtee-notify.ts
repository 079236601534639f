// <webtee-notify>: the dialog that asks what to be told of while one looks elsewhere. Loaded when it is asked for.
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Query } from "../../core/view-state.ts";
import { allowed, type Alerts } from "../alerts.ts";
import { controlStyles, dialogStyles } from "../controls.ts";
import { fault, LONGEST, NOTHING } from "../search/draft.ts";
import { icon } from "../icons.ts";

export class WebteeNotify extends LitElement {
  static override styles = [
    controlStyles,
    dialogStyles,
    css`
      :host {
        --width: 400px;
      }
      .pattern {
        display: flex;
        gap: 4px;
      }
      .pattern input {
        flex: 1;
        font-family: var(--mono);
      }
      .pattern button {
        font: 12px/16px var(--mono);
      }
      .wrong {
        color: var(--bad);
      }
      label.check {
        display: flex;
        min-height: var(--control);
        align-items: center;
        gap: 8px;
      }
      .lines {
        display: grid;
        gap: 4px;
      }
      footer {
        display: flex;
        justify-content: flex-end;
        gap: 8px;
      }
    `,
  ];

  static override properties = { alerts: { attribute: false }, query: { attribute: false }, end: { attribute: false }, ended: { attribute: false }, wrong: { state: true } };

  declare alerts: Alerts;
  declare query: Query;
  declare end: boolean;
  /** The run is over, so that its end cannot be waited for. */
  declare ended: boolean;
  declare wrong: string;

  constructor() {
    super();
    this.query = NOTHING;
    this.end = true;
    this.ended = false;
    this.wrong = "";
  }

  override render(): TemplateResult {
    const { query, wrong, ended } = this;
    return html`
      <dialog aria-labelledby="title" closedby="any" @close=${() => this.remove()}>
        <header>
          <h2 id="title">Notify me</h2>
          <button class="square" type="button" aria-label="Close" @click=${() => this.#close()}>${icon("close")}</button>
        </header>
        <form class="body" @submit=${(event: Event) => void this.#submit(event)}>
          <div class="lines">
            <label for="text">When a line comes with</label>
            <span class="pattern">
              <input
                id="text"
                type="text"
                autofocus
                maxlength=${LONGEST}
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-invalid=${wrong === "" ? "false" : "true"}
                aria-describedby="wrong"
                .value=${query.text}
                @input=${(event: Event) => this.#change({ text: (event.target as HTMLInputElement).value })}
              />
              ${this.#flag("Aa", "Match case", "caseSensitive")} ${this.#flag(".*", "Regular expression", "regex")}
            </span>
            <span id="wrong" class="wrong" role="status">${wrong}</span>
          </div>
          <label class="check">
            <input
              type="checkbox"
              .checked=${this.#end}
              ?disabled=${ended}
              @change=${(event: Event) => (this.end = (event.target as HTMLInputElement).checked)}
            />
            When the run ends${ended ? ": it has ended already" : ""}
          </label>
          <p class="note">
            ${allowed() === "denied"
              ? "The browser does not allow notifications here. The tab's title will show a number."
              : "The tab's title will show a number, and the browser a notification. This page has to stay open."}
          </p>
          <footer>
            ${this.alerts.waiting ? html`<button class="framed" type="button" @click=${() => this.#stop()}>Stop</button>` : nothing}
            <button class="framed primary" ?disabled=${query.text === "" && !this.#end}>Notify me</button>
          </footer>
        </form>
      </dialog>
    `;
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector("dialog")?.showModal();
  }

  get #end(): boolean {
    return this.end && !this.ended;
  }

  #flag(shown: string, what: string, flag: "caseSensitive" | "regex"): TemplateResult {
    const on = this.query[flag];
    return html`<button type="button" aria-label=${what} title=${what} aria-pressed=${on} @click=${() => this.#change({ [flag]: !on })}>${shown}</button>`;
  }

  #change(change: Partial<Query>): void {
    this.query = { ...this.query, ...change };
    this.wrong = "";
  }

  async #submit(event: Event): Promise<void> {
    event.preventDefault();
    const { query } = this;
    const end = this.#end;
    this.wrong = query.text === "" ? "" : await fault(query);
    if (this.wrong !== "") return;
    this.#close();
    await this.alerts.want({ query: query.text === "" ? undefined : query, end });
  }

  #stop(): void {
    void this.alerts.want({ query: undefined, end: false });
    this.#close();
  }

  #close(): void {
    this.renderRoot.querySelector("dialog")?.close();
  }
}

customElements.define("webtee-notify", WebteeNotify);
