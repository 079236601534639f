// <webtee-help>: the list of keys, made from the very table that the keyboard uses. Loaded when it is asked for.
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { controlStyles, dialogStyles } from "../controls.ts";
import { icon } from "../icons.ts";
import { SHORTCUTS } from "../keys.ts";
import type { Model } from "../model.ts";

const GROUPS = [...new Set(SHORTCUTS.map(({ group }) => group))];

export class WebteeHelp extends LitElement {
  static override styles = [
    controlStyles,
    dialogStyles,
    css`
      :host {
        --width: 640px;
      }
      .lists {
        columns: 2 260px;
        column-gap: 32px;
      }
      section {
        break-inside: avoid;
        padding-bottom: 16px;
      }
      h3 {
        margin: 0 0 4px;
        color: var(--quiet);
        font: 600 12px/20px var(--sans);
      }
      dl {
        margin: 0;
      }
      dl div {
        display: flex;
        justify-content: space-between;
        gap: 16px;
        padding: 3px 0;
      }
      dd {
        flex: none;
        display: inline-flex;
        gap: 4px;
        align-items: start;
        margin: 0;
        color: var(--quiet);
        font-size: 12px;
      }
      label {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: var(--control);
      }
    `,
  ];

  static override properties = { model: { attribute: false } };

  declare model: Model;

  override render(): TemplateResult {
    return html`
      <dialog aria-labelledby="title" closedby="any" @close=${() => this.remove()}>
        <header>
          <h2 id="title">Keyboard</h2>
          <form method="dialog"><button class="square" aria-label="Close">${icon("close")}</button></form>
        </header>
        <div class="body">
          <div class="lists">
            ${GROUPS.map(
              (group) => html`<section>
                <h3>${group}</h3>
                <dl>
                  ${SHORTCUTS.filter((shortcut) => shortcut.group === group).map(
                    ({ what, shown }) => html`<div>
                      <dt>${what}</dt>
                      <dd>${shown.map((keys, i) => html`${i > 0 ? html`<span>or</span>` : nothing}${keys.split(" ").map((key) => html`<kbd>${key}</kbd>`)}`)}</dd>
                    </div>`,
                  )}
                </dl>
              </section>`,
            )}
          </div>
          <label>
            <input type="checkbox" .checked=${this.model.settings.keys} @change=${(event: Event) => this.#switch(event)} />
            Keys that are single letters or signs do something (Ctrl F, arrows, Home, End and Esc always do)
          </label>
        </div>
      </dialog>
    `;
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector("dialog")?.showModal();
  }

  #switch(event: Event): void {
    this.model.set({ keys: (event.target as HTMLInputElement).checked });
  }
}

customElements.define("webtee-help", WebteeHelp);
