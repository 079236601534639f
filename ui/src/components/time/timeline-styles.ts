// The look of the timeline: a strip as high as the bar, with the columns above and the hours below them.
import { css } from "lit";

export const timelineStyles = css`
  :host {
    display: block;
    position: relative;
    height: 44px;
    box-sizing: border-box;
    border-bottom: 1px solid var(--rule);
    background: var(--bar);
    color: var(--quiet);
    font: 10px/13px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
    font-variant-numeric: tabular-nums;
    user-select: none;
    -webkit-user-select: none;
    z-index: 2;
  }
  :host([hidden]) {
    display: none;
  }
  .area {
    position: absolute;
    inset: 4px 12px 13px;
  }
  .plot {
    position: absolute;
    inset: 0;
    cursor: pointer;
    touch-action: pan-y;
    outline: none;
    border-bottom: 1px solid var(--rule);
  }
  /* What is aimed at may be missed by a few pixels, by a finger above all. */
  .plot::before {
    content: "";
    position: absolute;
    inset: -4px -12px -13px;
  }
  .plot:focus-visible::after {
    content: "";
    position: absolute;
    inset: -3px -8px -2px;
    border: 2px solid var(--accent);
    border-radius: 4px;
    pointer-events: none;
  }
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    pointer-events: none;
  }
  .tone {
    display: none;
  }
  .errors {
    color: var(--bad);
  }
  .warnings {
    color: var(--warn);
  }
  .others {
    color: light-dark(#a3afbb, #687688);
  }
  .tick {
    position: absolute;
    top: 100%;
    padding-top: 1px;
    white-space: nowrap;
    pointer-events: none;
    transform: translateX(-50%);
  }
  .tick::before {
    content: "";
    position: absolute;
    left: 50%;
    top: -1px;
    height: 3px;
    border-left: 1px solid var(--quiet);
  }
  .tick.first {
    transform: none;
  }
  .tick.first::before {
    left: 0;
  }
  .tick.last {
    transform: translateX(-100%);
  }
  .tick.last::before {
    left: 100%;
  }
  .seen,
  .out,
  .range,
  .cursor,
  .playhead {
    position: absolute;
    pointer-events: none;
    left: var(--left, 0);
    width: var(--width, auto);
  }
  .seen {
    bottom: -2px;
    height: 3px;
    min-width: 5px;
    border-radius: 2px;
    background: var(--accent);
  }
  .out {
    top: -4px;
    bottom: 0;
    background: color-mix(in srgb, var(--bar) 70%, transparent);
  }
  .range {
    top: -4px;
    bottom: 0;
    box-sizing: border-box;
    border: solid var(--accent);
    border-width: 0 1px;
    background: color-mix(in srgb, var(--accent) 12%, transparent);
  }
  .cursor {
    top: -4px;
    bottom: -1px;
    width: 1px;
    margin-left: -0.5px;
    background: color-mix(in srgb, var(--fg) 65%, transparent);
  }
  .playhead {
    top: -4px;
    bottom: -2px;
    width: 2px;
    margin-left: -1px;
    background: var(--accent);
  }
  .playhead::before {
    content: "";
    position: absolute;
    left: -3px;
    top: 0;
    border: solid transparent;
    border-width: 0 4px;
    border-top: 5px solid var(--accent);
  }
  .clear {
    position: absolute;
    top: 0;
    left: clamp(0px, var(--left) + 3px, 100% - 24px);
    width: 24px;
    height: 24px;
    padding: 0;
    border: 1px solid var(--rule);
    border-radius: 6px;
    background: var(--bg);
    color: var(--fg);
    font: 14px/20px system-ui, sans-serif;
    cursor: pointer;
  }
  .clear:hover {
    border-color: var(--accent);
  }
  button {
    touch-action: manipulation;
  }
  button:focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 1px;
  }
  .tip {
    position: absolute;
    /* Without a gap, so that the pointer gets to its button. */
    top: calc(100% + 12px);
    left: var(--left);
    transform: translateX(calc(-1% * var(--share)));
    padding: 6px 10px;
    border: 1px solid var(--rule);
    border-radius: 8px;
    background: var(--bg);
    color: var(--fg);
    font-size: 12px;
    line-height: 17px;
    white-space: nowrap;
    box-shadow: 0 4px 16px rgb(0 0 0 / 0.25);
    pointer-events: none;
  }
  .tip b {
    font-weight: 600;
  }
  .tip .none {
    color: var(--quiet);
  }
  .tip .counts {
    display: flex;
    gap: 10px;
  }
  .tip button {
    display: block;
    width: 100%;
    min-height: 28px;
    margin-top: 6px;
    border: 1px solid var(--rule);
    border-radius: 6px;
    background: var(--bar);
    color: var(--fg);
    font: inherit;
    cursor: pointer;
    pointer-events: auto;
  }
  .tip button:hover {
    border-color: var(--accent);
  }
  .nothing {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    font-size: 11px;
    pointer-events: none;
  }
  @media (pointer: coarse) {
    .clear {
      width: 30px;
      height: 30px;
      left: clamp(0px, var(--left) + 3px, 100% - 30px);
    }
    .tip button {
      min-height: 36px;
    }
  }
`;
