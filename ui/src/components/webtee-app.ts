// <webtee-app>: the page. A compact bar that always says how things stand, and the log below it.
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { Client } from "./client.ts";
import { count, duration, shortCount } from "./format.ts";
import { Model } from "./model.ts";
import type { WebteeLog } from "./webtee-log.ts";
import "./webtee-log.ts";

export class WebteeApp extends LitElement {
  static override styles = css`
    :host {
      display: grid;
      grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
      overflow: hidden;
      height: 100vh;
      height: 100dvh;
      --bg: #0f1318;
      --bar: #151a21;
      --fg: #e6ebf1;
      --quiet: #97a1af;
      --rule: #262d37;
      --accent: #4cc38a;
      --warn: #e3b341;
      --bad: #ff7b72;
      background: var(--bg);
      color: var(--fg);
      font: 13px/20px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
    }
    @media (prefers-color-scheme: light) {
      :host {
        --bg: #ffffff;
        --bar: #f6f8fa;
        --fg: #1f2630;
        --quiet: #59636e;
        --rule: #d9dfe5;
        --accent: #14713f;
        --warn: #8d5b00;
        --bad: #b3201a;
      }
    }
    header {
      display: flex;
      align-items: center;
      gap: 6px 14px;
      min-height: 44px;
      padding: 4px 8px 4px 14px;
      box-sizing: border-box;
      background: var(--bar);
      border-bottom: 1px solid var(--rule);
    }
    h1 {
      flex: 1 1 0;
      min-width: 0;
      margin: 0;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
      font: 600 13px/20px ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
    }
    .state {
      display: inline-flex;
      align-items: center;
      gap: 7px;
      padding: 2px 10px 2px 9px;
      border: 1px solid color-mix(in srgb, var(--tone) 40%, transparent);
      border-radius: 999px;
      background: color-mix(in srgb, var(--tone) 10%, transparent);
      color: var(--tone);
      font-weight: 600;
      font-size: 12px;
      white-space: nowrap;
      --tone: var(--quiet);
    }
    .state::before {
      content: "";
      flex: none;
      width: 7px;
      height: 7px;
      border-radius: 50%;
      background: var(--tone);
    }
    .state[data-state="live"] {
      --tone: var(--accent);
    }
    .state[data-state="reconnecting"] {
      --tone: var(--warn);
    }
    .state.failed {
      --tone: var(--bad);
    }
    .state.passed {
      --tone: var(--accent);
    }
    .state[data-state="reconnecting"]::before,
    .state[data-state="connecting"]::before {
      animation: breathe 1.2s ease-in-out infinite alternate;
    }
    @keyframes breathe {
      to {
        opacity: 0.25;
      }
    }
    @media (prefers-reduced-motion: reduce) {
      .state::before {
        animation: none !important;
      }
    }
    .figure {
      display: inline-flex;
      align-items: center;
      gap: 5px;
      color: var(--quiet);
      font-variant-numeric: tabular-nums;
      white-space: nowrap;
    }
    .figure svg {
      width: 15px;
      height: 15px;
      fill: none;
      stroke: currentColor;
      stroke-width: 1.5;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
    .figure[hidden],
    .short {
      display: none;
    }
    .pause {
      display: inline-flex;
      align-items: center;
      gap: 6px;
      min-width: 92px;
      min-height: 32px;
      justify-content: center;
      padding: 0 12px;
      border: 1px solid var(--rule);
      border-radius: 8px;
      background: var(--bg);
      color: var(--fg);
      font: inherit;
      font-weight: 500;
      cursor: pointer;
    }
    .pause:hover {
      border-color: var(--quiet);
    }
    .pause:focus-visible {
      outline: 2px solid var(--accent);
      outline-offset: 1px;
    }
    .pause svg {
      width: 12px;
      height: 12px;
      fill: currentColor;
    }
    @media (max-width: 640px) {
      header {
        flex-wrap: wrap;
        padding: 6px 8px 6px 12px;
      }
      h1 {
        flex: 1 1 calc(100% - 60px);
        order: -2;
      }
      .pause {
        order: -1;
        min-width: 40px;
        min-height: 36px;
        padding: 0;
      }
      .pause span,
      .word {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
        white-space: nowrap;
      }
      .state {
        flex: 1 1 0;
        max-width: fit-content;
        margin-right: auto;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .long {
        display: none;
      }
      .short {
        display: inline;
      }
    }
    webtee-log {
      min-width: 0;
    }
  `;

  static override properties = { following: { state: true }, lines: { state: true }, fault: { state: true } };

  declare following: boolean;
  declare lines: number;
  declare fault: string;

  readonly #client = new Client();
  readonly #model = new Model(this.#client);
  readonly #cleanup = new AbortController();
  #frame = 0;

  constructor() {
    super();
    this.following = true;
    this.lines = 0;
    this.fault = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#model.ownPage(this.#cleanup.signal);
    this.#client.addEventListener("state", () => this.requestUpdate());
    this.#client.addEventListener("frame", () => this.#countLines());
    document.addEventListener("keydown", (event) => this.#key(event));
    this.#client.start().catch(() => {
      this.fault = "There is no webtee here.";
    });
  }

  /** The element is not used again once it has left the page. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#cleanup.abort();
  }

  override render(): TemplateResult {
    const { stream, viewers } = this.#client.state;
    const title = this.#title();
    return html`
      <header>
        <h1 title=${stream === undefined ? nothing : [title, stream.command.join(" ")].join("\n").trim()}>${title}</h1>
        ${this.#state()}
        <span class="figure" data-testid="viewers" title="Viewers" ?hidden=${viewers === undefined}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M1 8s2.5-4.5 7-4.5S15 8 15 8s-2.5 4.5-7 4.5S1 8 1 8z" />
            <circle cx="8" cy="8" r="2" />
          </svg>
          ${viewers === undefined ? "" : count(viewers)}<span class="word">${viewers === 1 ? "viewer" : "viewers"}</span>
        </span>
        <span class="figure" data-testid="lines" title="Lines">
          <span class="long">${count(this.lines)}</span><span class="short" aria-hidden="true">${shortCount(this.lines)}</span>
          <span>${this.lines === 1 ? "line" : "lines"}</span>
        </span>
        <button
          class="pause"
          data-testid="pause"
          type="button"
          aria-pressed=${this.following ? "false" : "true"}
          title=${this.following ? "Stop following (Space)" : "Follow the newest line (Space)"}
          @click=${() => this.#log?.toggle()}
        >
          ${this.following
            ? html`<svg viewBox="0 0 12 12" aria-hidden="true"><path d="M2 1h3v10H2zM7 1h3v10H7z" /></svg><span>Pause</span>`
            : html`<svg viewBox="0 0 12 12" aria-hidden="true"><path d="M2 1l9 5-9 5z" /></svg><span>Follow</span>`}
        </button>
      </header>
      <webtee-log .model=${this.#model} @following=${(event: Event) => this.#followed(event)}></webtee-log>
    `;
  }

  override updated(): void {
    const title = this.#title();
    if (document.title !== title) document.title = title;
  }

  get #log(): WebteeLog | null {
    return this.renderRoot.querySelector("webtee-log");
  }

  #title(): string {
    const { stream } = this.#client.state;
    if (stream === undefined) return "webtee";
    return stream.title || stream.command.join(" ") || stream.name;
  }

  #state(): TemplateResult {
    const { phase, exit } = this.#client.state;
    const words = { connecting: "connecting…", live: "live", reconnecting: "reconnecting…", ended: "ended", gone: "ended" }[phase];
    const tone = exit === undefined ? "" : exit.code === 0 ? "passed" : "failed";
    const how = exit === undefined ? "" : ` · ${exit.signal ?? `exit ${exit.code ?? "?"}`}`;
    const lasted = exit === undefined ? "" : ` · ${duration(exit.seconds)}`;
    const gone = phase === "gone" ? " · server gone" : "";
    const all = this.fault || `${words}${how}${lasted}${gone}`;
    const shown = this.fault || html`<span>${words}${how}<span class="long">${lasted}</span>${gone}</span>`;
    return html`<span class="state ${tone}" data-testid="state" data-state=${phase} role="status" title=${all}>${shown}</span>`;
  }

  #followed(event: Event): void {
    this.following = (event.target as WebteeLog).following;
  }

  #countLines(): void {
    // Once per frame, however many messages come.
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.lines = this.#client.rows.last;
    });
  }

  #key(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.composedPath()[0];
    if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return;
    if (target instanceof HTMLButtonElement && event.key === " ") return;
    if (this.#log?.key(event.key) === true) event.preventDefault();
  }
}

customElements.define("webtee-app", WebteeApp);
