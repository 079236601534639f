// Buttons and links of lines by keyboard. They are no stops for Tab, which would walk through all that is in sight: the log is
// one. Enter goes into a line; there arrows go from one to the next, and Esc goes back. Where a row is painted anew under
// the focus, what stands in its place has it next. Whoever clicks on something in a line has not gone into it.
import type { Strip } from "./strip.ts";

/** The view that this moves in. */
interface Roamed {
  /** Scroll by a key that moves. */
  key(key: string): boolean;
  redraw(): void;
  /** The line to begin with. */
  readonly currentLine: number;
}

export class Roving {
  readonly #view: Roamed;
  readonly #strip: Strip;
  readonly #element: HTMLElement;
  readonly #scroller: HTMLElement;
  /** Someone went into a line. */
  #inside = false;
  /** What has the focus there: a row, and which of its buttons and links. */
  #at: { readonly line: number; readonly index: number } | undefined;

  constructor(view: Roamed, strip: Strip, element: HTMLElement, scroller: HTMLElement, signal: AbortSignal) {
    this.#view = view;
    this.#strip = strip;
    this.#element = element;
    this.#scroller = scroller;
    element.addEventListener("keydown", (event) => this.#key(event), { signal });
    element.addEventListener("focusin", (event) => this.#entered(event.target as HTMLElement), { signal });
    // What is painted anew loses the focus without an event; whoever goes elsewhere leaves it for something.
    element.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget === null) return;
      this.#at = undefined;
      if (!element.contains(relatedTarget as Node)) this.#inside = false;
    }, { signal });
    document.addEventListener("pointerdown", () => this.#out(), { signal });
  }

  /** Go into the current line. */
  enter(): boolean {
    this.#inside = true;
    this.#inside = this.#focus(this.#strip.row({ line: this.#view.currentLine, sub: 0 }), 1);
    return this.#inside;
  }

  /** Rows have been drawn. */
  restore(): void {
    const at = this.#at;
    if (at === undefined || this.#element.querySelector(":focus") !== null) return;
    if (!this.#focus(this.#strip.row({ line: at.line, sub: 0 }), at.index)) this.#leave();
  }

  /** What can be pressed in a row: its number comes first. */
  #parts(row: Element): HTMLElement[] {
    return [...row.querySelectorAll<HTMLElement>("a[href], button")];
  }

  #focus(row: Element | null | undefined, index: number): boolean {
    const parts = row === null || row === undefined ? [] : this.#parts(row);
    const part = parts[Math.max(0, Math.min(index, parts.length - 1))];
    part?.focus({ preventScroll: true });
    return part !== undefined;
  }

  #entered(target: HTMLElement): void {
    if (!this.#inside) return;
    const row = target.closest(".line");
    const place = row === null ? undefined : this.#strip.placeOf(row);
    this.#at = row === null || place === undefined ? undefined : { line: place.line, index: this.#parts(row).indexOf(target) };
  }

  #out(): void {
    this.#at = undefined;
    this.#inside = false;
  }

  #leave(): void {
    this.#out();
    this.#scroller.focus({ preventScroll: true });
  }

  #key(event: KeyboardEvent): void {
    const row = (event.target as Element).closest(".line, .gap, .cleared");
    if (!this.#inside || row === null || event.ctrlKey || event.altKey || event.metaKey) return;
    const index = this.#parts(row).indexOf(event.target as HTMLElement);
    if (event.key === "Escape") this.#leave();
    else if (event.key === "ArrowLeft" && index > 0) this.#focus(row, index - 1);
    else if (event.key === "ArrowRight") this.#focus(row, index + 1);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const down = event.key === "ArrowDown";
      let next = down ? row.nextElementSibling : row.previousElementSibling;
      while (next !== null && (next.classList.contains("kept") || this.#parts(next).length === 0)) {
        next = down ? next.nextElementSibling : next.previousElementSibling;
      }
      this.#focus(next, 1);
      const [box, view] = [next?.getBoundingClientRect(), this.#scroller.getBoundingClientRect()];
      if (box !== undefined && (box.top < view.top || box.bottom > view.bottom)) this.#view.key(event.key);
    } else return;
    event.preventDefault();
  }
}
