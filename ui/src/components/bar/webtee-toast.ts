// <webtee-toast>: a short word on what was just done, where nothing else shows it. It goes by itself, and with the next.
import { css, html, LitElement, type TemplateResult } from "lit";

const FOR = 4_000;

export class WebteeToast extends LitElement {
  static override styles = css`
    :host {
      position: fixed;
      inset: auto 16px calc(16px + env(safe-area-inset-bottom)) auto;
      z-index: 2;
      max-width: calc(100vw - 32px);
      pointer-events: none;
    }
    p:empty {
      display: none;
    }
    p {
      margin: 0;
      padding: 8px 16px;
      border: 1px solid var(--rule);
      border-radius: 8px;
      background: var(--raised);
      color: var(--fg);
      box-shadow: 0 8px 24px rgb(0 0 0 / 0.25);
      overflow-wrap: anywhere;
    }
  `;

  static override properties = { words: { state: true } };

  declare words: string;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.words = "";
  }

  override render(): TemplateResult {
    return html`<p role="status" data-testid="toast">${this.words}</p>`;
  }

  say(words: string): void {
    clearTimeout(this.#timer);
    this.words = words;
    this.#timer = setTimeout(() => (this.words = ""), FOR);
  }
}

customElements.define("webtee-toast", WebteeToast);
