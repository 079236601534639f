// What the view's measures follow from: its size, the font's, the columns beside the lines, whether lines wrap. A line
// that does not wrap scrolls sideways below its number, which stays.
import type { Look } from "./look.ts";
import type { Model } from "../model.ts";
import type { Viewport } from "./viewport.ts";

interface Parts {
  readonly scroller: HTMLElement;
  readonly sheet: HTMLElement;
  readonly strip: HTMLElement;
  /** Ten characters of a line. */
  readonly probe: HTMLElement;
}

/** Keep the measures of a view right. */
export function fit(parts: Parts, viewport: Viewport, model: Model, look: Look, redraw: () => void, signal: AbortSignal): void {
  const { scroller, sheet, strip, probe } = parts;
  const measure = (): void => {
    const { width, height } = probe.getBoundingClientRect();
    viewport.measured(width / 10 || 8, height || 20);
    strip.style.setProperty("--view", `${sheet.clientWidth}px`);
    redraw();
  };
  const settle = (): void => {
    strip.style.setProperty("--time", String(look.timeColumns));
    const { wrap } = model.settings;
    strip.classList.toggle("nowrap", !wrap);
    sheet.classList.toggle("sideways", !wrap);
    if (wrap) sheet.scrollLeft = 0;
    viewport.wraps = wrap;
    viewport.forget();
  };
  settle();
  model.addEventListener("settings", settle, { signal });
  sheet.addEventListener("scroll", () => strip.style.setProperty("--x", `${sheet.scrollLeft}px`), { signal, passive: true });
  const resized = new ResizeObserver(measure);
  // The probe is as large as the font makes it, and the sheet has less room where it scrolls sideways.
  for (const element of [scroller, sheet, probe]) resized.observe(element);
  signal.addEventListener("abort", () => resized.disconnect());
  measure();
}
