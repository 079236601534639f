// <webtee-missing>: says that the server has not this page's stream any more, and what it has instead. What the page has got
// stays as it is, to be read.
import { css, html, LitElement, type TemplateResult } from "lit";
import { controlStyles } from "./controls.ts";
import type { Model } from "./model.ts";

/** So many of the streams that there are are named. */
const MOST = 9;

export class WebteeMissing extends LitElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        padding: 6px 12px;
        border-bottom: 1px solid var(--rule);
        background: var(--raised);
        color: var(--fg);
        font: 13px/20px var(--sans);
        overflow-wrap: anywhere;
      }
      :host([hidden]) {
        display: none;
      }
      p {
        margin: 0;
      }
      a {
        color: var(--accent);
      }
    `,
  ];
  static override properties = { model: { attribute: false } };

  declare model: Model;
  readonly #cleanup = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    this.model.client.addEventListener("state", () => this.requestUpdate(), { signal: this.#cleanup.signal });
  }

  /** The element is not used again once it has left the page. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#cleanup.abort();
  }

  override willUpdate(): void {
    this.hidden = this.model.client.state.others === undefined;
  }

  override render(): TemplateResult {
    const { client } = this.model;
    const { others, stream } = client.state;
    if (others === undefined) return html``;
    const name = stream === undefined ? "of this name" : `“${stream.name}”`;
    const links = others.slice(0, MOST).map((other) => html` <a href=${new URL(`../${encodeURIComponent(other)}`, client.url).href}>${other}</a>`);
    return html`<p role="alert">webtee was restarted and has no stream ${name} any more.${links.length === 0 ? "" : html` There is${links}.`}</p>`;
  }
}

customElements.define("webtee-missing", WebteeMissing);
