// What hands do to the log, whatever it holds: wheel, touch, the scroll bar, keys that move and a selection of text.
// Following ends at any upward move or at a selection, and resumes when a downward one reaches the bottom.
import type { Viewport } from "./viewport.ts";

/** Milliseconds without a scroll event after which scrolling has ended, where browsers do not say so. */
const REST_AFTER = 150;

/** The view that hands move. */
export interface Held {
  readonly following: boolean;
  follow(): void;
  pause(): void;
  redraw(): void;
  /** Whether a node lies within the view. */
  holds(node: Node): boolean;
  /** What of its text is selected. */
  selection(): Selection | null;
}

export class Hands {
  readonly #held: Held;
  readonly #viewport: Viewport;
  /** The mouse button is down: a selection may be about to begin, so that lines must not move. */
  pressed = false;
  /** The last move was downwards, so that reaching the bottom means to follow. */
  downwards = false;
  /** Scrolling has not ended yet. */
  #moving = false;
  #touchY: number | undefined;
  #restTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(held: Held, viewport: Viewport, scroller: HTMLElement, signal: AbortSignal) {
    this.#held = held;
    this.#viewport = viewport;
    const quietly = { signal, passive: true };
    document.addEventListener("selectionchange", () => this.#selected(), { signal });
    scroller.addEventListener("scroll", () => this.#scrolled(), quietly);
    // It also tells of the bar that was put right.
    scroller.addEventListener("scrollend", () => this.#moving && this.#rest(), quietly);
    scroller.addEventListener("wheel", (event) => this.#wheel(event), quietly);
    scroller.addEventListener("touchstart", (event) => (this.#touchY = event.touches[0]?.clientY), quietly);
    scroller.addEventListener("touchmove", (event) => this.#touched(event), quietly);
    scroller.addEventListener("pointerdown", (event) => this.#pointerDown(event, scroller), quietly);
    addEventListener("pointerup", () => this.#pointerUp(), { signal });
    addEventListener("pointercancel", () => this.#pointerUp(), { signal });
    signal.addEventListener("abort", () => clearTimeout(this.#restTimer));
  }

  /** Do what a key means for where one is; false when it means nothing. */
  key(key: string): boolean {
    const viewport = this.#viewport;
    const page = viewport.height - 2 * viewport.rowHeight;
    const steps: { readonly [key: string]: number } = {
      ArrowUp: -2 * viewport.rowHeight,
      ArrowDown: 2 * viewport.rowHeight,
      PageUp: -page,
      PageDown: page,
    };
    const step = steps[key];
    if (step !== undefined) this.#move(step);
    else if (key === "Home" || key === "g") {
      this.#held.pause();
      viewport.toTop();
      this.#held.redraw();
    } else if (key === "End" || key === "G") this.#held.follow();
    else return false;
    return true;
  }

  #move(pixels: number): void {
    if (pixels < 0) this.#held.pause();
    if (this.#held.following) return;
    this.downwards = pixels > 0;
    this.#viewport.scrollBy(pixels);
    this.#rest();
    this.#held.redraw();
  }

  #scrolled(): void {
    const direction = this.#viewport.scrolled();
    if (direction === 0) return;
    if (direction < 0) this.#held.pause();
    this.downwards = direction > 0;
    this.#moving = true;
    if (!("onscrollend" in window)) {
      clearTimeout(this.#restTimer);
      this.#restTimer = setTimeout(() => this.#rest(), REST_AFTER);
    }
    this.#held.redraw();
  }

  /** Scrolling has ended: the bar may be put right. */
  #rest(): void {
    this.#moving = false;
    requestAnimationFrame(() => this.#viewport.syncBar());
  }

  #wheel(event: WheelEvent): void {
    if (event.ctrlKey || event.deltaY === 0) return;
    if (event.deltaY < 0) this.#held.pause();
    else if (this.#viewport.atBottom && !this.#held.following) {
      // Nothing is left to scroll, so that no scroll event would say it.
      this.downwards = true;
      this.#held.redraw();
    }
  }

  #touched(event: TouchEvent): void {
    const y = event.touches[0]?.clientY;
    if (y === undefined || this.#touchY === undefined) return;
    if (y - this.#touchY > 3) this.#held.pause();
  }

  #pointerDown(event: PointerEvent, scroller: HTMLElement): void {
    if (event.pointerType !== "mouse" || event.button !== 0) return;
    if (event.offsetX >= scroller.clientWidth && event.target === scroller) this.#viewport.barHeld = true;
    else this.pressed = true;
  }

  #pointerUp(): void {
    if (this.#viewport.barHeld) {
      // What the bar was moved to in this very frame counts as moved by the hand that held it.
      this.#scrolled();
      this.#viewport.barHeld = false;
      this.#rest();
    }
    if (!this.pressed) return;
    this.pressed = false;
    this.#held.redraw();
  }

  #selected(): void {
    if (!this.#held.following) return;
    const selection = this.#held.selection();
    if (selection?.type === "Range" && selection.anchorNode !== null && this.#held.holds(selection.anchorNode)) this.#held.pause();
  }
}
