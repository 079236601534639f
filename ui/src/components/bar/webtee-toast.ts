// <webtee-toast>: a short word on what was just done, where nothing else shows it. It goes by itself, and with the next.
import { css, html, LitElement, type TemplateResult } from "lit";

const FOR = 4_000;
/** What someone does that takes away a word that was only passing. */
const DEEDS = ["keydown", "pointerdown", "wheel"] as const;

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
  #deeds: AbortController | undefined;

  constructor() {
    super();
    this.words = "";
  }

  override render(): TemplateResult {
    return html`<p role="status" data-testid="toast">${this.words}</p>`;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#hush();
  }

  /** Say it; what is `passing` covers the text only until the next thing is done. */
  say(words: string, passing = false): void {
    this.#hush();
    this.words = words;
    this.#timer = setTimeout(() => this.#hush(), FOR);
    if (!passing) return;
    const { signal } = (this.#deeds = new AbortController());
    for (const deed of DEEDS) addEventListener(deed, () => this.#hush(), { signal, passive: true, capture: true });
  }

  #hush(): void {
    clearTimeout(this.#timer);
    this.#deeds?.abort();
    this.words = "";
  }
}

customElements.define("webtee-toast", WebteeToast);
