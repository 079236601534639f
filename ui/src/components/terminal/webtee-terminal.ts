// <webtee-terminal>: the terminal of a program that draws on its screen, as xterm.js shows it. It has the size of the
// program's terminal, in letters as large as fit; it is fed by the worker and types nothing. Loaded when it is needed.
import { WebLinksAddon } from "@xterm/addon-web-links";
import { Terminal, type ITheme } from "@xterm/xterm";
import xtermStyles from "@xterm/xterm/css/xterm.css?inline";
import { css, html, LitElement, nothing, unsafeCSS, type TemplateResult } from "lit";
import { isAddress } from "../../core/text/links.ts";
import { compile, PatternError } from "../../core/text/pattern.ts";
import type { Query } from "../../core/view-state.ts";
import type { Piece } from "../../worker/messages.ts";
import { copyText } from "../clipboard.ts";
import type { FoundCount } from "../search/finder.ts";
import { PieceEvent } from "../client.ts";
import { controlStyles } from "../controls.ts";
import { Graphemes } from "./graphemes.ts";
import type { Model } from "../model.ts";
import { DARK, FOUND, LIGHT, terminalRules } from "../palette.ts";
import { cellsOf, matchesOf, textOf, withoutTrailing, type Cell, type Match } from "./terminal-buffer.ts";
import { fit, letters } from "./terminal-fit.ts";
import { MONO } from "../theme.ts";

/** Lines that can be scrolled back to, and cells of all of them. */
const SCROLLBACK = 10_000;
const MOST_CELLS = 4_000_000;
/** Columns and rows of a terminal that can be looked at. */
const MOST_COLS = 2000;
const MOST_ROWS = 1000;
/** Bytes that are parsed at once: hostile ones take their time, and the page is not to stand still meanwhile. */
const AT_ONCE = 4096;
/** The longest address of a link that is kept, with what comes before it. */
const LONGEST_LINK = 4096;
/** Modes in which a program gets the mouse; here nobody types, and the mouse selects. */
const MOUSE = [9, 1000, 1001, 1002, 1003, 1005, 1006, 1015, 1016];
/** Sequences that would change or ask for colours of the palette: it is the page's, so that text can be read. */
const PALETTE = [4, 5, 10, 11, 12, 104, 105, 110, 111, 112];

export class WebteeTerminal extends LitElement {
  static override styles = [
    unsafeCSS(xtermStyles),
    unsafeCSS(terminalRules()),
    controlStyles,
    css`
      :host {
        position: relative;
        display: block;
        min-width: 0;
        min-height: 0;
        overflow: hidden;
        background: var(--bg);
      }
      .view {
        box-sizing: border-box;
        width: 100%;
        height: 100%;
        /* The tools below cover nothing of the screen. */
        padding: 6px 8px 44px;
        overflow: auto;
      }
      .place {
        width: max-content;
        min-width: 100%;
        height: max-content;
        min-height: 100%;
        display: grid;
        place-items: start center;
      }
      .xterm {
        /* The field that takes keys may stay where the cursor was when the letters were larger. */
        overflow: clip;
      }
      .tools {
        position: absolute;
        right: 14px;
        bottom: 10px;
        z-index: 20;
        display: flex;
        align-items: center;
        gap: 8px;
        opacity: 0.35;
      }
      :host(:hover) .tools,
      .tools:focus-within {
        opacity: 1;
      }
      @media (hover: none) {
        .tools {
          opacity: 0.8;
        }
      }
      .note {
        padding: 2px 8px;
        border: 1px solid var(--rule);
        border-radius: 6px;
        background: var(--raised);
        color: var(--quiet);
        font-size: 12px;
      }
    `,
  ];

  static override properties = { model: { attribute: false }, following: { state: true }, partial: { state: true }, copied: { state: true } };

  declare model: Model;
  /** It shows what comes; one that is stopped stands still. The event "following" tells when that changes. */
  declare following: boolean;
  /** Something of the screen may be missing until the program draws it again. */
  declare partial: boolean;
  declare copied: boolean;

  readonly #terminal = new Terminal({
    allowProposedApi: true,
    disableStdin: true,
    // What programs write is not this page's fault.
    logLevel: "off",
    scrollback: SCROLLBACK,
    fontFamily: MONO,
    cursorInactiveStyle: "outline",
    minimumContrastRatio: 4.5,
    linkHandler: { activate: (_event, text) => visit(text), allowNonHttpProtocols: true },
  });
  readonly #letters = letters();
  readonly #resized = new ResizeObserver(() => this.#fit());
  readonly #cleanup = new AbortController();
  #run = 0;
  #found: { readonly query: Query; readonly matches: readonly Match[]; at: number } | undefined;

  constructor() {
    super();
    this.following = true;
    this.partial = false;
    this.copied = false;
  }

  override firstUpdated(): void {
    const { signal } = this.#cleanup;
    const { client } = this.model;
    const terminal = this.#terminal;
    terminal.loadAddon(new Graphemes());
    terminal.loadAddon(new WebLinksAddon((_event, text) => visit(text)));
    this.#refuse();
    // Keys are the page's, and so is the wheel where there is nothing to scroll back to.
    terminal.attachCustomKeyEventHandler(() => false);
    terminal.attachCustomWheelEventHandler(() => terminal.buffer.active.type === "normal");
    terminal.open(this.renderRoot.querySelector<HTMLElement>(".place") ?? this);
    const field = terminal.textarea;
    if (field !== undefined) {
      field.readOnly = true;
      field.inputMode = "none";
      field.ariaLabel = "The program's screen, to be read only";
    }
    // xterm.js shows no cursor before something is typed, or a screen was left.
    terminal.write("\x1b[?47l");
    this.#dress();
    const view = this.renderRoot.querySelector(".view");
    if (view !== null) this.#resized.observe(view);
    this.renderRoot.addEventListener("copy", (event) => this.#copySelection(event), { signal, capture: true });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#dress(), { signal });
    this.model.addEventListener("settings", () => this.#dress(), { signal });
    this.model.addEventListener("view", () => void this.#look(), { signal });
    client.addEventListener("piece", (event) => {
      if (event instanceof PieceEvent) this.#take(event.piece);
    }, { signal });
    // The time machine stands still and plays by itself.
    client.addEventListener("replay", () => this.#follow(this.following || client.replay !== undefined), { signal });
    client.feedTerminal(true);
  }

  /** The element is not used again once it has left the page. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.model.client.feedTerminal(false);
    this.#cleanup.abort();
    this.#resized.disconnect();
    this.#terminal.dispose();
  }

  override render(): TemplateResult {
    return html`
      <div class="view" data-testid="terminal"><div class="place"></div></div>
      <div class="tools">
        ${this.partial ? html`<span class="note" role="note">Some of the screen may be missing until the program draws it</span>` : nothing}
        <button type="button" data-testid="copy-screen" @click=${() => void this.#copy()}>${this.copied ? "Copied" : "Copy screen"}</button>
      </div>
    `;
  }

  override focus(): void {
    this.#terminal.focus();
  }

  /** The text that is on the screen. */
  screenText(): string {
    return textOf(this.#terminal);
  }

  /** The cells of the screen, row by row. */
  cells(): Cell[][] {
    return cellsOf(this.#terminal);
  }

  /** Where the cursor is, from 0 on, and which of the terminal's two screens is shown. */
  state(): { readonly x: number; readonly y: number; readonly screen: "normal" | "alternate" } {
    const { active } = this.#terminal.buffer;
    return { x: active.cursorX, y: active.cursorY, screen: active.type };
  }

  /** Let the screen stand still, or show the present again. */
  toggle(): void {
    this.#follow(!this.following);
  }

  #follow(on: boolean): void {
    if (on === this.following) return;
    this.following = on;
    this.model.client.feedTerminal(on);
    this.dispatchEvent(new Event("following", { bubbles: true, composed: true }));
  }

  /** Scroll as a key wants it; returns whether it did. */
  key(key: string): boolean {
    const terminal = this.#terminal;
    if (key === "PageUp" || key === "PageDown") terminal.scrollPages(key === "PageUp" ? -1 : 1);
    else if (key === "ArrowUp" || key === "ArrowDown") terminal.scrollLines(key === "ArrowUp" ? -1 : 1);
    else if (key === "Home") terminal.scrollToTop();
    else if (key === "End") {
      terminal.scrollToBottom();
      this.#follow(true);
    } else return false;
    return true;
  }

  /** Select the next match of what is looked for, further down or up; returns how many there are. */
  async step(by: 1 | -1): Promise<number> {
    await this.#look();
    const found = this.#found;
    if (found === undefined || found.matches.length === 0) return 0;
    found.at = (found.at + by + found.matches.length) % found.matches.length;
    this.#show(found.matches[found.at]);
    this.dispatchEvent(new Event("found", { bubbles: true, composed: true }));
    return found.matches.length;
  }

  /** Which match is selected, of how many; the event "found" tells of others. */
  get found(): FoundCount {
    const { at = -1, matches = [] } = this.#found ?? {};
    return { at: at < 0 ? undefined : at + 1, of: matches.length };
  }

  /** Find what is looked for anew, and show the first match in sight, else the last, if it was not looked for before. */
  async #look(): Promise<void> {
    const query = this.model.view.find;
    if (query === undefined || query.text === "") {
      const found = this.#found !== undefined;
      this.#found = undefined;
      this.#dress();
      if (found) this.#terminal.clearSelection();
      return;
    }
    await this.#lookFor(query);
    this.dispatchEvent(new Event("found", { bubbles: true, composed: true }));
  }

  async #lookFor(query: Query): Promise<void> {
    try {
      const matches = matchesOf(this.#terminal, await compile(query));
      const before = this.#found?.query === query ? this.#found : undefined;
      const top = this.#terminal.buffer.active.viewportY;
      const inSight = matches.findIndex(({ row }) => row >= top);
      const first = inSight < 0 ? matches.length - 1 : inSight;
      this.#found = { query, matches, at: Math.min(before?.at ?? first, matches.length - 1) };
      if (before === undefined) this.#show(matches[first]);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      this.#found = undefined;
    }
  }

  #show(match: Match | undefined): void {
    if (match === undefined) return;
    this.#dress();
    this.#terminal.select(match.column, match.row, match.length);
    this.#terminal.scrollToLine(Math.max(0, match.row - Math.floor(this.#terminal.rows / 2)));
  }

  /** What programs may not do here, or xterm.js cannot. */
  #refuse(): void {
    const { parser, buffer } = this.#terminal;
    for (const final of ["h", "l"]) {
      parser.registerCsiHandler({ prefix: "?", final }, (modes) => modes.every((mode) => typeof mode === "number" && MOUSE.includes(mode)));
    }
    for (const code of PALETTE) parser.registerOscHandler(code, () => true);
    // Every link in the scrollback is kept, whatever its length.
    parser.registerOscHandler(8, (link) => link.length > LONGEST_LINK);
    // xterm.js 6.0.0 throws when it erases up to the last cell of the last row that there is. Nothing is erased then.
    for (const prefix of ["", "?"]) {
      parser.registerCsiHandler({ prefix, final: "J" }, ([how]) => {
        const { active } = buffer;
        const last = active.cursorX + 1 >= this.#terminal.cols && active.cursorY + 1 >= active.length;
        return how === 1 && last;
      });
    }
  }

  #take(piece: Piece): void {
    // What was on the way when it was stopped.
    if (!this.following) return;
    const terminal = this.#terminal;
    const { run, bytes, size } = piece;
    // In order: what was written before is still being parsed.
    if (run !== this.#run) {
      this.#run = run;
      this.partial = piece.exact === false;
      terminal.write("", () => terminal.reset());
    }
    if (size !== undefined) {
      terminal.write("", () => {
        const cols = Math.min(size.cols, MOST_COLS);
        terminal.options.scrollback = Math.min(SCROLLBACK, Math.floor(MOST_CELLS / cols));
        terminal.resize(cols, Math.min(size.rows, MOST_ROWS));
        this.#fit();
      });
    }
    if (bytes === undefined) return;
    for (let at = 0; at < bytes.length; at += AT_ONCE) {
      const some = bytes.subarray(at, at + AT_ONCE);
      terminal.write(some, () => this.model.client.written(run, some.length));
    }
  }

  /** Choose the letters as large as the view allows, but so that they can be read; then the view scrolls. */
  #fit(): void {
    const view = this.renderRoot.querySelector<HTMLElement>(".view");
    if (view === null || view.offsetWidth === 0) return;
    const { options, cols, rows } = this.#terminal;
    const style = getComputedStyle(view);
    // Without scroll bars: one that is there may be so only until this is done.
    const width = view.offsetWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const height = view.offsetHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
    const { fontSize, lineHeight } = fit({ width, height }, cols, rows, devicePixelRatio, this.#letters);
    if (options.fontSize !== fontSize) options.fontSize = fontSize;
    if (options.lineHeight !== lineHeight) options.lineHeight = lineHeight;
  }

  #dress(): void {
    const { theme } = this.model.settings;
    const dark = theme === "dark" || (theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
    // While something is looked for, what is selected is the current match.
    this.#terminal.options.theme = this.#found === undefined ? themeOf(dark) : { ...themeOf(dark), ...CURRENT };
    this.#fit();
  }

  /** A program fills its rows with blanks up to the right: what is copied has none. */
  #copySelection(event: Event): void {
    const terminal = this.#terminal;
    if (!(event instanceof ClipboardEvent) || !terminal.hasSelection()) return;
    event.clipboardData?.setData("text/plain", withoutTrailing(terminal.getSelection()));
    event.preventDefault();
    event.stopPropagation();
  }

  async #copy(): Promise<void> {
    if (!(await copyText(this.screenText(), undefined, this.renderRoot))) return;
    this.copied = true;
    setTimeout(() => (this.copied = false), 1500);
  }
}

/** Open a link's address in a page that knows nothing of this one. */
function visit(address: string): void {
  if (isAddress(address)) open(address, "_blank", "noopener,noreferrer");
}

/** The current match, as in the log. */
const [now] = FOUND.current;
const CURRENT: ITheme = { selectionBackground: now, selectionInactiveBackground: now, selectionForeground: FOUND.text[0] };

const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;

function themeOf(dark: boolean): ITheme {
  const { background, foreground, ansi } = dark ? DARK : LIGHT;
  const colours: { [name: string]: string | undefined } = {};
  NAMES.forEach((name, i) => {
    colours[name] = ansi[i];
    colours[`bright${name.charAt(0).toUpperCase()}${name.slice(1)}`] = ansi[i + 8];
  });
  return {
    ...colours,
    background,
    foreground,
    cursor: foreground,
    cursorAccent: background,
    selectionBackground: dark ? "#3b5b8c80" : "#a8c7fa80",
  };
}

customElements.define("webtee-terminal", WebteeTerminal);
