// The colours and fonts of everything around the log, for light and dark at once: `light-dark()` takes the side that the
// outermost element's `color-scheme` says, in all shadow roots below it. Each colour of text has a contrast of at least
// 4.5:1 with each of the backgrounds here (WCAG AA; a test holds it).
import { css, unsafeCSS } from "lit";
import type { Settings } from "../core/settings.ts";
import { MARKS } from "./palette.ts";

/** Each colour in light and in dark. */
export const COLOURS = {
  bg: ["#ffffff", "#0f1318"],
  bar: ["#f6f8fa", "#151a21"],
  field: ["#ffffff", "#0c1014"],
  raised: ["#ffffff", "#1a2029"],
  fg: ["#1f2630", "#e6ebf1"],
  quiet: ["#59636e", "#97a1af"],
  rule: ["#d9dfe5", "#2a323d"],
  hover: ["#eaeef2", "#222a34"],
  accent: ["#14713f", "#4cc38a"],
  warn: ["#8d5b00", "#e3b341"],
  bad: ["#b3201a", "#ff7b72"],
} as const;

export const SANS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
export const MONO = 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace';

/** The highlights that stay, for what stands beside the log. */
const marks = MARKS.map(([light, dark], i) => `--mark${i}: light-dark(${light}, ${dark});`);
const declared = Object.entries(COLOURS).map(([name, [light, dark]]) => `--${name}: light-dark(${light}, ${dark});`);

/** For the outermost element of a view. */
export const themeStyles = css`
  :host {
    color-scheme: light dark;
    ${unsafeCSS([...declared, ...marks].join("\n"))}
    --sans: ${unsafeCSS(SANS)};
    --mono: ${unsafeCSS(MONO)};
    background: var(--bg);
    color: var(--fg);
    font: 13px/20px var(--sans);
  }
`;

/** The height of a row of text, in pixels. */
export function rowHeight(fontSize: number): number {
  return Math.round(fontSize * 1.5);
}

/** Make the outermost element look as this browser's settings want it. */
export function applyTheme(host: HTMLElement, settings: Settings): void {
  host.style.colorScheme = settings.theme === "auto" ? "light dark" : settings.theme;
  host.style.setProperty("--font-size", `${settings.fontSize}px`);
  host.style.setProperty("--row", `${rowHeight(settings.fontSize)}px`);
}
