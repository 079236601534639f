// The look of a <webtee-stream> around its log view. The page around it decides: sizes and fonts that it gives the
// element count, our colours are custom properties that it may set, and the pieces are parts that it may style.
import { css } from "lit";
import type { Settings } from "../core/settings.ts";
import { rowHeight, themeStyles } from "../components/theme.ts";

/** Pixels that are not the lines': the borders and the bar. */
const FRAME = 28;

const frame = css`
  :host {
    display: flex;
    flex-direction: column;
    min-width: 0;
    box-sizing: border-box;
    overflow: hidden;
    border: 1px solid var(--rule);
    border-radius: 6px;
    contain: content;
  }
  :host([hidden]) {
    display: none;
  }
  .body {
    display: grid;
    flex: 1;
    min-height: 0;
  }
  .fault[hidden] {
    display: none;
  }
  .fault {
    align-self: center;
    justify-self: center;
    max-width: 60ch;
    margin: 0;
    padding: 16px;
    overflow-wrap: anywhere;
    text-align: center;
    color: var(--bad);
  }
  footer {
    display: flex;
    flex: none;
    align-items: center;
    gap: 12px;
    height: 25px;
    padding: 0 10px;
    border-top: 1px solid var(--rule);
    background: var(--bar);
    color: var(--quiet);
    font: 12px/25px var(--sans);
  }
  .title {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    color: inherit;
    text-decoration: none;
  }
  .title:hover {
    text-decoration: underline;
  }
  .title:focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: -2px;
  }
  .state {
    margin-left: auto;
    white-space: nowrap;
  }
  .state[data-state="live"],
  .state.passed {
    color: var(--accent);
  }
  .state[data-state="reconnecting"] {
    color: var(--warn);
  }
  .state[data-state="failed"],
  .state.failed {
    color: var(--bad);
  }
`.styleSheet;

/** What is the same for all of them; each shadow root adopts it. */
export const embeddedStyles: readonly CSSStyleSheet[] = [themeStyles.styleSheet, frame].filter((sheet) => sheet !== undefined);

/**
 * What depends on the attributes: the theme, by itself that of the page around, and the height where the page gives none.
 *
 * @param height In pixels, of the lines.
 */
export function hostRules({ theme, fontSize }: Settings, height: number): string {
  const scheme = theme === "auto" ? "inherit" : theme;
  return `:host { color-scheme: ${scheme}; height: ${height + FRAME}px; --font-size: ${fontSize}px; --row: ${rowHeight(fontSize)}px; }`;
}
