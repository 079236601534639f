// <webtee-share>: a link to what is shown, to copy, to hand on, or to scan from another screen. Loaded when it is asked
// for, together with what draws the QR code.
import { generate } from "lean-qr";
import { css, html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { copyText } from "../clipboard.ts";
import { controlStyles, dialogStyles } from "../controls.ts";
import { icon } from "../icons.ts";
import { qrPath } from "./qr.ts";

export class WebteeShare extends LitElement {
  static override styles = [
    controlStyles,
    dialogStyles,
    css`
      :host {
        --width: 400px;
      }
      .link {
        display: flex;
        gap: 8px;
      }
      .link input {
        flex: 1;
        font: 12px/20px var(--mono);
      }
      .qr {
        justify-self: center;
        width: min(240px, 100%);
        border-radius: 8px;
        background: #fff;
      }
      .qr path {
        fill: #000;
      }
      label {
        display: flex;
        min-height: var(--control);
        align-items: center;
        gap: 8px;
      }
    `,
  ];

  static override properties = { whole: { state: true }, copied: { state: true } };

  /** With what is found, filtered and chosen, not only the stream. */
  declare whole: boolean;
  declare copied: boolean;

  constructor() {
    super();
    this.whole = true;
    this.copied = false;
  }

  get #link(): string {
    const link = new URL(location.href);
    if (!this.whole) link.hash = "";
    const address = onlyHere(location.hostname) ? forOthers() : "";
    if (address !== "") link.host = address;
    return link.href;
  }

  override render(): TemplateResult {
    const link = this.#link;
    return html`
      <dialog aria-labelledby="title" closedby="any" @close=${() => this.remove()}>
        <header>
          <h2 id="title">Share</h2>
          <form method="dialog"><button class="square" aria-label="Close">${icon("close")}</button></form>
        </header>
        <div class="body">
          <div class="link">
            <input type="text" readonly aria-label="Link" .value=${link} @focus=${(event: Event) => (event.target as HTMLInputElement).select()} />
            <button class="framed primary" type="button" autofocus @click=${() => void this.#copy(link)}>${this.copied ? "Copied" : "Copy"}</button>
            ${"share" in navigator ? html`<button class="framed" type="button" @click=${() => void this.#handOn(link)}>Send…</button>` : nothing}
          </div>
          ${location.hash.length > 1
            ? html`<label>
                <input type="checkbox" .checked=${this.whole} @change=${() => this.#toggle()} />
                With what is chosen, found and filtered here
              </label>`
            : nothing}
          ${qrCode(link)}
          ${onlyHere(new URL(link).hostname)
            ? html`<p class="note" role="note">
                Only this machine can open this address. With <code>--host 0.0.0.0</code> webtee can be reached from the whole network.
              </p>`
            : nothing}
        </div>
      </dialog>
    `;
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector("dialog")?.showModal();
  }

  #toggle(): void {
    this.whole = !this.whole;
    this.copied = false;
  }

  async #copy(link: string): Promise<void> {
    this.copied = await copyText(link, this.renderRoot.querySelector("input"));
  }

  async #handOn(url: string): Promise<void> {
    // Whoever changes their mind in the system's own dialog rejects it.
    await navigator.share({ url, title: document.title }).catch(() => undefined);
  }
}

function qrCode(link: string): TemplateResult {
  let code;
  try {
    code = generate(link);
  } catch {
    return html`<p class="note">This link is too long for a QR code.</p>`;
  }
  const { path, size } = qrPath(code);
  return html`<svg class="qr" data-testid="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label="QR code of the link" shape-rendering="crispEdges">
    ${svg`<path d=${path} />`}
  </svg>`;
}

/** A name that means another machine to everyone else. */
function onlyHere(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || host.startsWith("127.") || host === "[::1]";
}

/** Where other machines find webtee, as it says itself; empty where only this one does. */
function forOthers(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="webtee-address"]')?.content ?? "";
}

customElements.define("webtee-share", WebteeShare);
