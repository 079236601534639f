// <webtee-app>: the page. Puts its parts together (the bar, the log) around one model, and does what keys, buttons and
// the menu ask for.
import { css, html, LitElement, type TemplateResult } from "lit";
import { Alerts } from "./alerts.ts";
import { byHand, copyText } from "./clipboard.ts";
import { notCopied, textOf } from "./download.ts";
import { actionOf, type Action } from "./keys.ts";
import { model, started } from "./own.ts";
import { showTheme } from "./tab.ts";
import { applyTheme, themeStyles } from "./theme.ts";
import type { WebteeBar } from "./bar/webtee-bar.ts";
import type { FoundCount } from "./search/finder.ts";
import type { SaidEvent } from "./log/copying.ts";
import type { WebteeLog } from "./log/webtee-log.ts";
import { TIMES_WORDS } from "./bar/webtee-menu.ts";
import type { WebteeSearch } from "./search/webtee-search.ts";
import type { WebteeToast } from "./bar/webtee-toast.ts";
import type { WebteeView } from "./webtee-view.ts";
import "./bar/webtee-bar.ts";
import type { Goal } from "./time/webtee-timeline.ts";
import "./time/webtee-player.ts";
import "./search/webtee-search.ts";
import "./time/webtee-timeline.ts";
import "./bar/webtee-toast.ts";
import "./webtee-missing.ts";
import "./webtee-view.ts";

export class WebteeApp extends LitElement {
  static override styles = [
    themeStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        overflow: hidden;
        height: 100vh;
        height: 100dvh;
      }
      webtee-bar,
      webtee-missing,
      webtee-search,
      webtee-timeline,
      webtee-player {
        flex: none;
      }
      main {
        display: grid;
        flex: 1;
        min-width: 0;
        min-height: 0;
      }
    `,
  ];

  static override properties = {
    following: { state: true },
    seen: { state: true },
    found: { state: true },
    searching: { state: true },
    fault: { state: true },
    terminal: { state: true },
    notifying: { state: true },
  };

  declare following: boolean;
  /** The lines in sight, [from, to). */
  declare seen: readonly [from: number, to: number];
  /** Which match is the current one, of how many. */
  declare found: FoundCount;
  /** The bar for finding and filtering is open. */
  declare searching: boolean;
  declare fault: string;
  /** The terminal is what is shown. */
  declare terminal: boolean;
  /** What notifications are wished for, in words. */
  declare notifying: string;

  readonly #client = model.client;
  readonly #cleanup = new AbortController();
  readonly #alerts = new Alerts(
    this.#client,
    this.#cleanup.signal,
    ({ words }, seen) => {
      if (seen) this.#say(words);
    },
    (line) => model.show({ selected: { from: line, to: line, epoch: this.#client.state.epoch } }),
    () => (this.notifying = this.#alerts.words),
  );

  constructor() {
    super();
    this.following = true;
    this.seen = [0, 0];
    this.found = { at: undefined, of: 0 };
    this.searching = false;
    this.fault = "";
    this.terminal = false;
    this.notifying = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { signal } = this.#cleanup;
    model.addEventListener("settings", () => this.#dress(), { signal });
    this.#dress();
    this.addEventListener("action", (event) => this.#do(event.action), { signal });
    document.addEventListener("keydown", (event) => this.#key(event), { signal });
    started.catch(() => {
      this.fault = "There is no webtee here.";
    });
  }

  /** The element is not used again once it has left the page. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#cleanup.abort();
    this.#client.close();
  }

  override render(): TemplateResult {
    return html`
      <webtee-bar
        .model=${model}
        .following=${this.following}
        .searching=${this.searching}
        .terminal=${this.terminal}
        .notifying=${this.notifying}
        .fault=${this.fault}
      ></webtee-bar>
      <webtee-missing .model=${model}></webtee-missing>
      <webtee-search
        .model=${model}
        .found=${this.found}
        .terminal=${this.terminal}
        @toggled=${(event: Event) => (this.searching = (event.target as WebteeSearch).open)}
      ></webtee-search>
      <webtee-timeline
        .model=${model}
        .seen=${this.seen}
        @goto=${(event: CustomEvent<Goal>) => this.#goTo(event.detail)}
      ></webtee-timeline>
      <main
        @seen=${() => (this.seen = this.#log?.seen ?? [0, 0])}
        @following=${() => (this.following = this.#view?.following ?? true)}
      >
        <webtee-view
          .model=${model}
          @said=${({ words }: SaidEvent) => this.#say(words)}
          @found=${(event: Event) => (this.found = (event.target as WebteeView).found)}
          @shown=${(event: Event) => this.#shown(event.target as WebteeView)}
        ></webtee-view>
      </main>
      <webtee-player .model=${model}></webtee-player>
      <webtee-toast></webtee-toast>
    `;
  }

  get #view(): WebteeView | null {
    return this.renderRoot.querySelector("webtee-view");
  }

  get #log(): WebteeLog | null {
    return this.#view?.log ?? null;
  }

  get #search(): WebteeSearch | null {
    return this.renderRoot.querySelector("webtee-search");
  }

  #shown(view: WebteeView): void {
    this.terminal = view.terminal;
    this.following = view.following;
  }

  /** A terminal has no lines to go to, but it had other screens. */
  #goTo({ line, time }: Goal): void {
    if (this.terminal) this.#client.order({ what: "seek", time });
    else this.#log?.goTo(line);
  }

  /** `passing` words stand only until someone does something else. */
  #say(words: string, passing = false): void {
    this.renderRoot.querySelector<WebteeToast>("webtee-toast")?.say(words, passing);
  }

  #dress(): void {
    applyTheme(this, model.settings);
    showTheme(model.settings);
  }

  #key(event: KeyboardEvent): void {
    if (this.#dialog() !== null || this.renderRoot.querySelector<WebteeBar>("webtee-bar")?.menuOpen === true) return;
    const action = actionOf(event, model.settings.keys);
    if (action === undefined) return;
    if (action === "scroll") {
      if (this.#view?.key(event.key) !== true) return;
    } else if (action === "all") {
      if (this.#view?.do(action) !== true) return;
    } else this.#do(action);
    event.preventDefault();
  }

  #do(action: Action): void {
    const { settings } = model;
    switch (action) {
      case "toggle":
        if (this.#client.replay === undefined) this.#view?.do(action);
        else this.#client.order({ what: this.#client.replay.playing ? "pause" : "play" });
        break;
      case "play": {
        // The terminal shows the present: there it stops, to be taken back from there.
        if (this.terminal) {
          this.#client.order({ what: "seek", time: Number.MAX_SAFE_INTEGER });
          break;
        }
        const time = this.#log?.timeInSight;
        if (time === undefined) break;
        this.#client.order({ what: "seek", time, play: true });
        break;
      }
      case "find":
      case "filter":
        this.#search?.show(action, this.#log?.selection()?.toString());
        break;
      case "close":
        if (this.#log?.letGo() === true) break;
        if (this.#client.replay !== undefined && !this.searching) this.#client.order({ what: "live" });
        else if (this.searching) this.#search?.close();
        else model.show({ selected: undefined });
        break;
      case "wrap":
        this.#view?.do(action);
        this.#say(settings.wrap ? "Long lines go on to the right" : "Long lines wrap", true);
        break;
      case "times":
        this.#view?.do(action);
        this.#say(`Times: ${TIMES_WORDS[model.settings.times].toLowerCase()}`, true);
        break;
      case "timeline":
        model.set({ timeline: !settings.timeline });
        break;
      case "terminal":
        if (this.#view?.do(action) === false) this.#say("The command has no terminal: its output comes through pipes");
        break;
      case "fullscreen":
        void this.#fullScreen();
        break;
      case "copy":
        if (!this.terminal && this.#log?.copyBeyond() === true) break;
        if (this.#log?.selection()?.type === "Range" && byHand()) this.#say("Copied");
        else void this.#copy();
        break;
      case "clear":
        this.#log?.clear();
        break;
      case "notify":
        void import("./bar/webtee-notify.ts").then(({ WebteeNotify }) => {
          const { query, end } = this.#alerts.wanted;
          const ended = this.#client.state.exit !== undefined;
          const wanted = query ?? model.view.find ?? model.view.filter ?? { text: "", regex: false, caseSensitive: false, invert: false };
          this.#open(Object.assign(new WebteeNotify(), { alerts: this.#alerts, query: { ...wanted, invert: false }, end: end || !this.#alerts.waiting, ended }));
        });
        break;
      case "quiet":
        void this.#alerts.want({ query: undefined, end: false });
        this.#say("No notifications any more");
        break;
      case "help":
        void import("./bar/webtee-help.ts").then(({ WebteeHelp }) => this.#open(Object.assign(new WebteeHelp(), { model })));
        break;
      case "share":
        void import("./bar/webtee-share.ts").then(({ WebteeShare }) => this.#open(new WebteeShare()));
        break;
      default:
        this.#view?.do(action);
    }
  }

  async #copy(): Promise<void> {
    const { url, state } = this.#client;
    const [from, to] = this.#log?.inSight ?? [0, 0];
    const { selected } = model.view;
    const chosen = selected !== undefined && (selected.epoch ?? state.epoch) === state.epoch ? selected : { from, to: to - 1 };
    try {
      const words = this.terminal
        ? this.#view?.screenText
        : url && (await textOf(url, model.view, chosen)).replace(/\n$/, "");
      const copied = words !== undefined && (await copyText(words, undefined, this.renderRoot));
      this.#say(copied ? "Copied" : "The browser does not allow copying here");
    } catch (error) {
      this.#say(notCopied(error));
    }
  }

  /** A dialog removes itself when it is closed, and the browser gives the focus back. */
  #open(dialog: HTMLElement): void {
    if (this.#dialog() !== null) return;
    dialog.classList.add("dialog");
    this.renderRoot.append(dialog);
  }

  #dialog(): Element | null {
    return this.renderRoot.querySelector(".dialog");
  }

  async #fullScreen(): Promise<void> {
    try {
      if (document.fullscreenElement === null) await this.requestFullscreen();
      else await document.exitFullscreen();
    } catch {
      this.#say("This browser does not allow full screen here");
    }
  }
}

customElements.define("webtee-app", WebteeApp);
