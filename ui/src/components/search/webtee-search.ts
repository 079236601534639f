// <webtee-search>: the bar for finding (matches are marked and stepped through) and filtering (the rest is hidden). What is
// typed takes effect after a moment, through the model, and so is in the page's URL. When it is closed, what goes on
// having effect stays in sight as chips: a filter, a range of time, highlights.
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { MOST_CONTEXT, MOST_MARKS, sameQuery, type Query } from "../../core/view-state.ts";
import { wishOf } from "../../core/text/structure.ts";
import { controlStyles } from "../controls.ts";
import { fault, LONGEST, moved, NOTHING, type Mode } from "./draft.ts";
import type { FoundCount } from "./finder.ts";
import { icon, type Icon } from "../icons.ts";
import { ActionEvent } from "../keys.ts";
import type { Model } from "../model.ts";
import { filterWords, findWords, progressOf } from "./search-words.ts";
import { endsShown } from "../format.ts";
import { searchStyles } from "./search-styles.ts";
import { whenWords } from "../time/when.ts";

/** Milliseconds after the last key until what is typed takes effect. */
const SETTLED = 150;

export class WebteeSearch extends LitElement {
  static override styles = [controlStyles, searchStyles];
  static override properties = {
    model: { attribute: false },
    found: { attribute: false },
    terminal: { type: Boolean },
    open: { type: Boolean, reflect: true },
    mode: { state: true },
    draft: { state: true },
    wrong: { state: true },
    hint: { state: true },
  };

  declare model: Model;
  /** Which match is shown, of how many. */
  declare found: FoundCount;
  /** The terminal is what is shown: only what is in it is found. */
  declare terminal: boolean;
  declare open: boolean;
  declare mode: Mode;
  declare draft: Query;
  /** Why what is typed makes no sense. */
  declare wrong: string;
  declare hint: string;

  readonly #cleanup = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts what was typed: the answer to an older text is void. */
  #typed = 0;
  /** A step that waits for the first match. */
  #step: "next" | "previous" | undefined;
  #opener: HTMLElement | undefined;

  constructor() {
    super();
    this.found = { at: undefined, of: 0 };
    this.terminal = false;
    this.open = false;
    this.mode = "find";
    this.draft = NOTHING;
    this.wrong = "";
    this.hint = "";
  }

  override firstUpdated(): void {
    const { signal } = this.#cleanup;
    this.model.addEventListener("view", () => this.#viewChanged(), { signal });
    this.model.addEventListener("settings", () => this.requestUpdate(), { signal });
    this.model.client.addEventListener("search", () => this.#searched(), { signal });
    this.model.client.addEventListener("replay", () => this.requestUpdate(), { signal });
    this.#viewChanged();
  }

  /** The element is not used again once it has left the page. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#cleanup.abort();
  }

  /** Open, with what is found or filtered now, or else with `text`, if that is part of one line. */
  show(mode: Mode, text = ""): void {
    if (!this.open) this.#opener = focused();
    this.open = true;
    this.#turnTo(mode);
    if (text !== "" && text.length <= LONGEST && !text.includes("\n") && this.model.view[mode] === undefined) {
      this.draft = { ...this.draft, text };
      void this.#apply();
    }
    void this.updateComplete.then(() => this.#field?.select());
  }

  /** Close, and find nothing any more; a filter stays. */
  close(): void {
    clearTimeout(this.#timer);
    this.#typed += 1;
    this.#step = undefined;
    this.open = false;
    this.wrong = "";
    this.draft = NOTHING;
    if (this.model.view.find !== undefined) this.model.show({ find: undefined });
    this.#opener?.focus();
    this.#opener = undefined;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("open")) this.dispatchEvent(new Event("toggled"));
    if (changed.has("draft") || changed.has("mode")) this.hint = "";
    this.hidden = !this.open && this.#chips().length === 0;
  }

  override render(): TemplateResult {
    const chips = this.#chips();
    return html`
      ${this.open ? this.#bar() : nothing}
      ${chips.length === 0 ? nothing : html`<ul class="chips" aria-label="In effect">${chips}</ul>`}
    `;
  }

  get #field(): HTMLInputElement | null {
    return this.renderRoot.querySelector("input");
  }

  #bar(): TemplateResult {
    const { mode, draft, wrong } = this;
    const { view, client } = this.model;
    const progress = progressOf(client, mode, view);
    const words = mode === "find" ? findWords(progress, this.found, this.terminal || view.filter !== undefined || view.range !== undefined) : filterWords(progress);
    const message = wrong === "" ? (progress?.error ?? "") : wrong;
    return html`
      <search class="row">
        <span class="segments" role="group" aria-label="What to do with matches">
          ${(["find", "filter"] as const).map(
            (name) => html`<button type="button" aria-pressed=${mode === name} @click=${() => this.#use(name)}>
              ${name === "find" ? "Find" : "Filter"}
            </button>`,
          )}
        </span>
        <span class="field ${message === "" ? "" : "wrong"}">
          <input
            type="text"
            aria-label=${mode === "find" ? "Find" : "Show only lines with"}
            placeholder=${mode === "find" ? "Find" : draft.invert ? "Hide lines with" : "Show only lines with"}
            maxlength=${LONGEST}
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            enterkeyhint="search"
            .value=${draft.text}
            aria-invalid=${message === "" ? "false" : "true"}
            aria-describedby="message"
            @input=${(event: Event) => this.#type((event.target as HTMLInputElement).value)}
            @keydown=${(event: KeyboardEvent) => this.#key(event)}
            @paste=${(event: ClipboardEvent) => this.#paste(event)}
          />
          ${this.#flag("Aa", "Match case", "caseSensitive")} ${this.#flag(".*", "Regular expression", "regex")}
          ${mode === "filter" ? this.#flag("≠", "Hide matching lines", "invert") : nothing}
        </span>
        <span class="break"></span>
        ${mode === "filter" ? this.#context(view.context) : nothing}
        <span class="count" role="status" data-testid="found">${words}</span>
        <span class="group">
          ${mode === "find"
            ? html`${this.#button("up", "Previous match", "Shift Enter", () => this.#go("previous"), (progress?.matches ?? 0) === 0)}
              ${this.#button("down", "Next match", "Enter", () => this.#go("next"), (progress?.matches ?? 0) === 0)}`
            : nothing}
          ${this.#button("keep", "Keep as highlight", "", () => this.#keep(), !this.#canKeep)}
        </span>
        <button class="square close" type="button" aria-label="Close" title="Close (Esc)" @click=${() => this.close()}>${icon("close")}</button>
        ${progress === undefined || progress.done || progress.share === 0
          ? nothing
          : html`<span class="progress" style=${styleMap({ "--share": progress.share.toFixed(3) })}></span>`}
      </search>
      <p id="message" class="message ${message === "" ? "" : "wrong"}" role="status" ?hidden=${message === "" && this.hint === ""}>
        ${message === "" ? this.hint : message}
      </p>
    `;
  }

  #flag(shown: string, what: string, flag: "caseSensitive" | "regex" | "invert"): TemplateResult {
    const on = this.draft[flag];
    const press = (): void => {
      this.draft = { ...this.draft, [flag]: !on };
      void this.#apply();
      this.#field?.focus();
    };
    return html`<button type="button" aria-label=${what} title=${what} aria-pressed=${on} @click=${press}>${shown}</button>`;
  }

  #button(shape: Icon, what: string, key: string, press: () => void, disabled: boolean): TemplateResult {
    const title = key === "" ? what : `${what} (${key})`;
    return html`<button class="square" type="button" aria-label=${what} title=${title} ?disabled=${disabled} @click=${press}>${icon(shape)}</button>`;
  }

  #context(context: number): TemplateResult {
    const set = (by: number): void => this.model.show({ context: Math.max(0, Math.min(MOST_CONTEXT, context + by)) });
    return html`<span class="group context" role="group" aria-label="Lines of context">
      <span class="word">Context</span>
      ${this.#button("minus", "Less context", "", () => set(-1), context === 0)}
      <output>${context}</output>
      ${this.#button("plus", "More context", "", () => set(1), context === MOST_CONTEXT)}
    </span>`;
  }

  #chips(): TemplateResult[] {
    const { view, client } = this.model;
    const chips: TemplateResult[] = [];
    if (view.filter !== undefined && !(this.open && this.mode === "filter")) {
      const { text, invert, regex } = view.filter;
      // A click on a value asks for an expression that nobody wants to read.
      const said = (regex ? wishOf(text) : undefined) ?? text;
      const progress = progressOf(client, "filter", view);
      const wrong = progress?.error;
      const what = html`${icon("filter")}<span class="text">${invert ? "≠ " : ""}${endsShown(said)}</span>
        <span class=${wrong === undefined ? "quiet" : "wrong"}>${wrong ?? filterWords(progress)}</span>`;
      chips.push(chip("filter", what, said === text ? "Change the filter" : `Change the filter: ${text}`, () => this.show("filter"), "Show all lines", () => this.#clearFilter()));
    }
    // The timeline shows it, where it is open.
    if (view.range !== undefined && !this.model.settings.timeline) {
      const { from, to } = view.range;
      // As exact as tells its ends apart.
      const step = to - from < 10e6 ? 10 : 1000;
      const words = html`<span>${whenWords(from, step)} – ${whenWords(to, step)}</span>`;
      chips.push(chip("range", words, "", undefined, "Show all times", () => this.model.show({ range: undefined })));
    }
    for (const [index, mark] of view.marks.entries()) {
      const dot = html`<span class="dot" style=${styleMap({ "--colour": `var(--mark${index})` })}></span><span class="text">${endsShown(mark.text)}</span>`;
      const drop = (): void => this.model.show({ marks: view.marks.filter((each) => each !== mark) });
      chips.push(chip("mark", dot, "Find this", () => this.#find(mark), "Remove highlight", drop));
    }
    return chips;
  }

  #viewChanged(): void {
    // A link may bring something to find; what is being typed is not disturbed by its own effect.
    if (this.model.view.find !== undefined && !this.open) {
      this.open = true;
      this.mode = "find";
    }
    const now = this.model.view[this.mode];
    if (this.#timer === undefined && this.wrong === "" && !sameQuery(now, this.draft)) {
      if (now !== undefined) this.draft = now;
      else if (this.draft.text !== "") this.draft = { ...this.draft, text: "" };
    }
    this.requestUpdate();
  }

  #searched(): void {
    const found = this.model.client.search.find?.matches ?? 0;
    if (this.#step !== undefined && found > 0) {
      this.dispatchEvent(new ActionEvent(this.#step));
      this.#step = undefined;
    }
    this.requestUpdate();
  }

  /** Show what is typed, and searched for, in this way. */
  #turnTo(mode: Mode): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#typed += 1;
    this.mode = mode;
    this.wrong = "";
    this.draft = this.model.view[mode] ?? { ...this.draft, text: "", invert: false };
  }

  /** The person turned to the other way: what was typed comes along. */
  #use(mode: Mode): void {
    if (mode !== this.mode) {
      const { text } = this.draft;
      this.model.show(moved(this.model.view, mode));
      this.#turnTo(mode);
      if (this.draft.text === "") this.#type(text);
    }
    this.#field?.focus();
  }

  #type(text: string): void {
    this.draft = { ...this.draft, text };
    this.#step = undefined;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#apply(), SETTLED);
  }

  /** Let what is typed take effect, if it makes sense. */
  async #apply(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { mode, draft } = this;
    const typed = ++this.#typed;
    const wrong = draft.text === "" ? "" : await fault(draft);
    if (typed !== this.#typed) return;
    this.wrong = wrong;
    const wanted = draft.text === "" ? undefined : draft;
    if (wrong !== "" || sameQuery(this.model.view[mode], wanted)) return;
    this.model.show({ [mode]: wanted });
    if (mode === "find") this.dispatchEvent(new ActionEvent("seek"));
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      this.dispatchEvent(new ActionEvent("back"));
      this.close();
    } else if (event.key === "Enter") void this.#enter(event.shiftKey ? "previous" : "next");
    else return;
    event.preventDefault();
  }

  async #enter(step: "next" | "previous"): Promise<void> {
    if (this.#timer !== undefined) await this.#apply();
    if (this.wrong !== "" || this.draft.text === "") return;
    if (this.mode === "find") this.#go(step);
    else this.close();
  }

  #go(step: "next" | "previous"): void {
    if ((this.model.client.search.find?.matches ?? 0) > 0) this.dispatchEvent(new ActionEvent(step));
    else this.#step = step;
  }

  #paste(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const [first = "", ...more] = text.split(/\r\n|\r|\n/);
    if (!more.some((line) => line !== "")) return;
    event.preventDefault();
    const field = event.target as HTMLInputElement;
    field.setRangeText(first.slice(0, LONGEST), field.selectionStart ?? 0, field.selectionEnd ?? 0, "end");
    this.#type(field.value);
    void this.updateComplete.then(() => (this.hint = "Only the first line was pasted: patterns look at one line."));
  }

  get #canKeep(): boolean {
    const { marks } = this.model.view;
    const { text } = this.draft;
    return text !== "" && this.wrong === "" && marks.length < MOST_MARKS && !marks.some((mark) => sameQuery(mark, { ...this.draft, invert: false }));
  }

  #keep(): void {
    this.model.show({ marks: [...this.model.view.marks, { ...this.draft, invert: false }] });
    this.#field?.select();
  }

  #find(query: Query): void {
    this.model.show({ find: query });
    this.show("find");
  }

  #clearFilter(): void {
    this.model.show({ filter: undefined, context: 0 });
  }
}

/** What has the focus, in whatever shadow root. */
function focused(): HTMLElement | undefined {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement != null) active = active.shadowRoot.activeElement;
  return active instanceof HTMLElement ? active : undefined;
}

function chip(
  kind: string,
  what: TemplateResult,
  title: string,
  press: (() => void) | undefined,
  remove: string,
  drop: () => void,
): TemplateResult {
  return html`<li data-testid="chip-${kind}">
    ${press === undefined ? html`<span class="what">${what}</span>` : html`<button class="what" type="button" title=${title} @click=${press}>${what}</button>`}
    <button type="button" aria-label=${remove} title=${remove} @click=${drop}>${icon("close")}</button>
  </li>`;
}

customElements.define("webtee-search", WebteeSearch);
