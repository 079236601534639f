// The look of the log: a monospaced sheet with a quiet gutter. Line numbers are generated content, so that they are
// neither selected nor copied.
import { css } from "lit";

export const viewStyles = [
  css`
    :host {
      display: block;
      position: relative;
      min-height: 0;
      background: var(--bg);
      color: var(--fg);
      font: var(--font-size, 13px) / var(--row, 20px) var(--mono, monospace);
    }
    .scroller {
      position: absolute;
      inset: 0;
      overflow-x: hidden;
      overflow-y: scroll;
      overflow-anchor: none;
      overscroll-behavior: contain;
      scrollbar-color: color-mix(in srgb, var(--quiet) 55%, transparent) transparent;
      outline: none;
    }
    .scroller:focus-visible {
      outline: 2px solid var(--accent);
      outline-offset: -2px;
    }
    .sheet {
      position: sticky;
      top: 0;
      overflow: hidden;
      contain: strict;
      width: 100%;
    }
    .spacer {
      position: relative;
      min-height: 100%;
    }
    .strip {
      /* From the left: the number, the time when there is one, a place for a toggle, the text. */
      --edge: 12px;
      --slot: 20px;
      --numbers: calc(var(--digits, 3) * 1ch + var(--edge));
      --times: calc(var(--time, 0) * 1ch + min(var(--time, 0) * 1px, 12px));
      --gutter: calc(var(--numbers) + var(--times) + var(--slot));
      position: absolute;
      left: 0;
      right: 0;
      top: 0;
      padding: 0;
      will-change: transform;
    }
    .line {
      position: relative;
      min-height: var(--row);
      padding: 0 14px 0 var(--gutter);
      white-space: pre-wrap;
      overflow-wrap: anywhere;
      tab-size: 8;
      /* Clipped too: marks piled on a character must not reach into other lines. */
      contain: content;
    }
    .number,
    .time {
      position: absolute;
      left: 0;
      top: var(--top, 0);
      width: var(--numbers);
      text-align: right;
      color: var(--quiet);
      font-variant-numeric: tabular-nums;
      white-space: pre;
      user-select: none;
      text-decoration: none;
    }
    .number::before {
      content: attr(data-number);
    }
    .number:hover {
      color: var(--accent);
    }
    .time {
      left: var(--numbers);
      width: var(--times);
      opacity: 0.85;
    }
    .line:hover {
      background: color-mix(in srgb, var(--hover) 45%, transparent);
    }
    .line.pending::after {
      content: "";
      position: absolute;
      left: var(--gutter);
      top: 7px;
      width: min(38ch, 50%);
      height: 6px;
      border-radius: 3px;
      background: var(--rule);
    }
    .stderr {
      background: color-mix(in srgb, var(--bad) 5%, transparent);
    }
    .stderr:hover {
      background: color-mix(in srgb, var(--bad) 10%, transparent);
    }
    .mark {
      position: absolute;
      left: calc(var(--gutter) - 5px);
      top: var(--top, 0);
      bottom: 0;
      width: 3px;
      background: var(--bad);
      opacity: 0.8;
      user-select: none;
    }
    .text {
      unicode-bidi: isolate;
    }
    .more,
    .load {
      font: inherit;
      font-size: 12px;
      line-height: 18px;
      padding: 0 8px;
      margin: 0 0 0 6px;
      border: 1px solid var(--rule);
      border-radius: 9px;
      background: var(--hover);
      color: var(--accent);
      user-select: none;
    }
    button {
      cursor: pointer;
    }
    button:hover {
      border-color: var(--accent);
    }
    button:focus-visible {
      outline: 2px solid var(--accent);
      outline-offset: 1px;
    }
    .gap,
    .boundary {
      display: flex;
      align-items: center;
      gap: 10px;
      min-height: 28px;
      padding: 0 14px;
      font: 12px/18px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
      color: var(--quiet);
      user-select: none;
      contain: layout style;
    }
    .gap::before,
    .gap::after,
    .boundary::before,
    .boundary::after {
      content: "";
      flex: 1 1 16px;
      min-width: 12px;
      border-top: 1px solid var(--rule);
    }
    .gap::before,
    .gap::after {
      border-top: 1px dashed color-mix(in srgb, var(--warn) 60%, transparent);
    }
    .gap .label {
      color: var(--warn);
    }
    .gap.expired .label {
      color: var(--quiet);
    }
    .label {
      overflow-wrap: anywhere;
      max-width: 80%;
    }
    .start .label {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .at {
      flex: none;
      font-variant-numeric: tabular-nums;
    }
    @media (max-width: 640px) {
      .strip {
        --edge: 5px;
        --slot: 16px;
      }
      .line {
        padding-right: 8px;
      }
      .at {
        display: none;
      }
    }
    .exit .label {
      color: var(--accent);
      font-weight: 600;
    }
    .exit.failed .label {
      color: var(--bad);
    }
    .load {
      margin: 0;
    }
    .empty {
      position: absolute;
      inset: 0;
      display: grid;
      place-items: center;
      padding: 24px;
      text-align: center;
      color: var(--quiet);
      font: 14px/22px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
      pointer-events: none;
    }
    .empty[hidden] {
      display: none;
    }
    .resume {
      position: absolute;
      left: 50%;
      bottom: 18px;
      transform: translateX(-50%);
      padding: 6px 14px;
      border: 1px solid color-mix(in srgb, var(--accent) 45%, var(--rule));
      border-radius: 999px;
      background: var(--bg);
      color: var(--accent);
      font: 600 13px/20px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
      font-variant-numeric: tabular-nums;
      box-shadow: 0 4px 16px rgb(0 0 0 / 0.28);
      white-space: nowrap;
    }
    .resume[hidden] {
      display: none;
    }
    .probe {
      position: absolute;
      visibility: hidden;
      white-space: pre;
    }
  `,
];
