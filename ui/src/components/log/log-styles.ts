// The look of what lies over the log's lines or marks them: notices, and the lines that were pointed at.
import { css } from "lit";

export const logStyles = css`
  .sheet.sideways {
    overflow-x: auto;
    overflow-y: hidden;
  }
  .strip.nowrap {
    width: max-content;
    min-width: 100%;
  }
  .nowrap .line {
    white-space: pre;
    overflow-wrap: normal;
  }
  .nowrap .line > :is(.number, .time, .fold, .twist, .mark, .day, .around) {
    translate: var(--x, 0);
  }
  .nowrap .line > .text {
    display: inline-block;
    /* On the baseline, one without text would stand higher than its row. */
    vertical-align: top;
    min-height: var(--row);
    clip-path: inset(0 0 0 var(--x, 0));
  }
  .nowrap :is(.gap, .boundary) {
    position: sticky;
    left: 0;
    width: var(--view);
    box-sizing: border-box;
  }
  /* It holds an end of someone's selection, far from here. */
  .line.kept {
    position: absolute;
    top: -1000000px;
    pointer-events: none;
  }
  .all .line > .text {
    background: color-mix(in srgb, var(--accent) 30%, transparent);
  }
  .line.selected {
    background: color-mix(in srgb, var(--accent) 16%, transparent);
    box-shadow: inset 3px 0 0 var(--accent);
  }
  .line.selected .number {
    color: var(--accent);
    opacity: 1;
  }
  .line.context .text {
    opacity: 0.62;
  }
  .line.apart {
    --top: 6px;
    padding-top: var(--top);
    border-top: 1px dashed var(--rule);
  }
  .line.current {
    background: color-mix(in srgb, var(--warn) 18%, transparent);
    box-shadow: inset 3px 0 0 var(--warn);
  }
  .around {
    position: absolute;
    left: 0;
    top: 0;
    bottom: 0;
    width: 14px;
    padding: 0;
    border: 0;
    background: none;
    color: var(--accent);
    font: inherit;
    user-select: none;
    opacity: 0;
  }
  .around::before {
    content: "↕";
  }
  .line:hover .around,
  .around:focus-visible {
    opacity: 1;
  }
  .notice {
    position: absolute;
    left: 50%;
    top: 12px;
    transform: translateX(-50%);
    display: flex;
    align-items: center;
    gap: 10px;
    max-width: calc(100% - 48px);
    padding: 6px 6px 6px 14px;
    box-sizing: border-box;
    border: 1px solid color-mix(in srgb, var(--warn) 45%, var(--rule));
    border-radius: 8px;
    background: var(--bg);
    color: var(--warn);
    font: 500 13px/20px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
    box-shadow: 0 4px 16px rgb(0 0 0 / 0.28);
  }
  .notice[hidden] {
    display: none;
  }
  .notice button {
    width: 24px;
    height: 24px;
    border: 0;
    border-radius: 6px;
    background: none;
    color: inherit;
    font: inherit;
  }
`;
