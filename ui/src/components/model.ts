// What all parts of one view share: the stream's client, how this browser likes its logs, and what the view was asked to
// show. Each part reads from here and says here what a person wants; "settings" and "view" tell the others. The page
// keeps the settings in the browser and the view in its URL; an embedded view keeps both to itself.
import { DEFAULTS, parseSettings, type Settings } from "../core/settings.ts";
import { formatView, NOTHING_CHOSEN, parseView, type ViewState } from "../core/view-state.ts";
import type { Client } from "./client.ts";

const STORED = "webtee";

export class Model extends EventTarget {
  readonly client: Client;
  #settings: Settings = DEFAULTS;
  #view: ViewState = NOTHING_CHOSEN;
  #ofPage = false;

  constructor(client: Client) {
    super();
    this.client = client;
    client.shows(this);
  }

  get settings(): Settings {
    return this.#settings;
  }

  get view(): ViewState {
    return this.#view;
  }

  /** Keep the settings in this browser and the view in the page's URL, and begin with what is there. */
  ownPage(): void {
    this.#ofPage = true;
    this.#settings = parseSettings(stored());
    this.#view = parseView(location.hash);
    addEventListener("hashchange", () => this.#take(parseView(location.hash)));
    // Another tab of this browser.
    addEventListener("storage", (event) => {
      if (event.key !== STORED) return;
      this.#settings = parseSettings(event.newValue);
      this.dispatchEvent(new Event("settings"));
    });
  }

  /** The address of a line: on this page, or, where it is embedded in another, on the stream's own. */
  linkTo(line: number): string {
    const page = this.#ofPage ? location.pathname + location.search : (this.client.url?.href.replace(/\/$/, "") ?? "");
    return `${page}#L${line}`;
  }

  set(changes: Partial<Settings>): void {
    this.#settings = { ...this.#settings, ...changes };
    if (this.#ofPage) store(JSON.stringify(this.#settings));
    this.dispatchEvent(new Event("settings"));
  }

  show(changes: Partial<ViewState>): void {
    this.#take({ ...this.#view, ...changes });
    if (!this.#ofPage) return;
    const said = formatView(this.#view);
    if (said === formatView(parseView(location.hash))) return;
    // Not a step of the browser's history: whoever goes back wants to leave the log, not to undo letters of a filter.
    history.replaceState(history.state, "", said === "" ? location.pathname + location.search : `#${said}`);
  }

  #take(view: ViewState): void {
    this.#view = view;
    this.dispatchEvent(new Event("view"));
  }
}

/** A browser may refuse to keep anything; then the settings last as long as the page. */
function stored(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

function store(value: string): void {
  try {
    localStorage.setItem(STORED, value);
  } catch {
    return;
  }
}
