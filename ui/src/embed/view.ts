// What is inside a <webtee-stream>: the log view and, below it, one line that says what it shows and how that stands. It
// has a model of its own, so that any number of them on a page know nothing of each other, the page's URL or its storage.
import { html, nothing, render, type TemplateResult } from "lit";
import { Client } from "../components/client.ts";
import { exitMark, missingWords, phaseWords, silentWords, titleOf } from "../components/format.ts";
import { actionOf, type Action } from "../components/keys.ts";
import { Model } from "../components/model.ts";
import { rowHeight } from "../components/theme.ts";
import type { WebteeLog } from "../components/log/webtee-log.ts";
import type { WebteeView } from "../components/webtee-view.ts";
import "../components/webtee-view.ts";
import { fontWithin, THEMES } from "../core/settings.ts";
import { parseQuery, type Query } from "../core/view-state.ts";
import { locate, parseAddress, type Address } from "./address.ts";
import { embeddedStyles, hostRules } from "./view-styles.ts";

const DEFAULT_LINES = 20;
const MOST_LINES = 1000;
/** What keys do here; the others are the page's around it. */
const OWN: ReadonlySet<Action> = new Set<Action>(["toggle", "top", "end", "wrap", "times", "larger", "smaller", "terminal", "all", "close", "enter"]);

/** What a page says to the element. */
export interface Attributes {
  readonly src: string | null;
  readonly follow: string | null;
  readonly filter: string | null;
  readonly lines: string | null;
  readonly theme: string | null;
  readonly view: string | null;
}

export class EmbeddedView {
  readonly #root: ShadowRoot;
  readonly #client = new Client();
  readonly #model = new Model(this.#client);
  readonly #cleanup = new AbortController();
  /** What depends on the attributes, as a style sheet: the element's own `style` is the page's. */
  readonly #rules = new CSSStyleSheet();
  /** Of the text as the page wants it: larger letters by the keyboard do not make the element larger. */
  readonly #rowHeight: number;
  #attributes: Attributes;
  #fault = "";

  constructor(root: ShadowRoot, attributes: Attributes) {
    this.#root = root;
    this.#attributes = attributes;
    const { signal } = this.#cleanup;
    root.adoptedStyleSheets = [...embeddedStyles, this.#rules];
    const fontSize = fontWithin(Number.parseFloat(getComputedStyle(root.host).fontSize));
    this.#rowHeight = rowHeight(fontSize);
    this.#model.addEventListener("settings", () => this.#dress(), { signal });
    this.#model.set({ fontSize });
    this.#client.addEventListener("state", () => this.#render(), { signal });
    root.host.addEventListener("keydown", (event) => this.#key(event as KeyboardEvent), { signal });
    this.#render();
    this.change(attributes);
    this.#open(signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  close(): void {
    this.#cleanup.abort();
    this.#client.close();
    render(nothing, this.#root);
  }

  /** Take what the page says now; all but `src` can change while it is shown. */
  change(attributes: Attributes): void {
    const before = this.#attributes;
    this.#attributes = attributes;
    this.#model.set({ theme: THEMES.find((each) => each === attributes.theme) ?? "auto" });
    this.#model.show({ filter: query(attributes.filter ?? "") });
    if (this.#view !== null) this.#view.only = display(attributes.view);
    if (before.follow !== attributes.follow) this.#place();
  }

  async #open(signal: AbortSignal): Promise<void> {
    const { src } = this.#attributes;
    let address: Address;
    try {
      if (src === null || src === "") throw new TypeError("nothing is not the page itself");
      address = parseAddress(src);
    } catch {
      this.#say(`“${src ?? ""}” is no URL of a stream: src has to be one like https://host/s/NAME.`);
      return;
    }
    const place = await locate(address, signal, (why) => this.#say(why));
    this.#say("");
    // Only now: the log view, which follows a new log, is to hear of it first.
    this.#client.addEventListener("newlog", () => this.#place(), { signal });
    await this.#client.start(place);
  }

  #say(fault: string): void {
    this.#fault = fault;
    this.#render();
  }

  #dress(): void {
    const lines = Number(this.#attributes.lines);
    const height = (lines >= 1 && lines <= MOST_LINES ? lines : DEFAULT_LINES) * this.#rowHeight;
    this.#rules.replaceSync(hostRules(this.#model.settings, height));
  }

  get #view(): WebteeView | null {
    return this.#root.querySelector("webtee-view");
  }

  get #log(): WebteeLog | null {
    return this.#view?.log ?? null;
  }

  /** Where the view is to be when it begins: at the newest line, or at the first. */
  #place(): void {
    if (this.#attributes.follow === "false") this.#log?.key("Home");
    else this.#log?.follow();
  }

  #render(): void {
    if (!this.#cleanup.signal.aborted) render(this.#template(), this.#root);
  }

  #template(): TemplateResult {
    const { stream, phase, exit, others, silent } = this.#client.state;
    const how = exitMark(exit, stream);
    const words = others === undefined ? phaseWords(phase) : missingWords(others);
    const quiet = silent === undefined || others !== undefined ? "" : ` · ${silentWords(silent)}`;
    const tone = exit === undefined ? "" : exit.code === 0 ? "passed" : "failed";
    return html`
      <div class="body" part="log">
        <webtee-view .model=${this.#model} ?hidden=${this.#fault !== ""}></webtee-view>
        <p class="fault" part="fault" role="alert" ?hidden=${this.#fault === ""}>${this.#fault}</p>
      </div>
      <footer part="bar">
        ${stream === undefined
          ? html`<span></span>`
          : html`<a class="title" part="title" href=${this.#page()} target="_blank" rel="noopener" title="Open its own page">${titleOf(stream)}</a>`}
        <span class="state ${tone}" part="state" data-state=${this.#fault === "" ? phase : "failed"} role="status">
          ${this.#fault === "" ? words + how + quiet : "not connected"}
        </span>
      </footer>
    `;
  }

  /** The stream's own page. */
  #page(): string {
    return this.#client.url?.href.replace(/\/$/, "") ?? "";
  }

  /** Keys mean something here only while this element has the focus; finding is left to the page around it. */
  #key(event: KeyboardEvent): void {
    const action = actionOf(event, this.#model.settings.keys);
    const done = action === "scroll" ? this.#view?.key(event.key) : action !== undefined && OWN.has(action) && this.#view?.do(action);
    if (done !== true) return;
    event.preventDefault();
  }
}

/** A filter as a page says it: flags, a colon and the text as in the page's own URL, or just the text. */
function query(said: string): Query | undefined {
  return parseQuery(said) ?? parseQuery(`:${said}`);
}

function display(said: string | null): "log" | "terminal" | undefined {
  return said === "log" || said === "terminal" ? said : undefined;
}
