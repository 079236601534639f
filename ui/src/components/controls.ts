// The look of what can be pressed, switched and typed into, the same in every bar, menu and dialog: quiet until it is
// pointed at, 32 pixels high, and 40 where fingers are.
import { css } from "lit";

export const controlStyles = css`
  :host {
    --control: 32px;
    accent-color: var(--accent);
  }
  @media (pointer: coarse), (max-width: 640px) {
    :host {
      --control: 40px;
    }
  }
  .icon {
    flex: none;
    width: 16px;
    height: 16px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.5;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .icon-menu {
    stroke-width: 2.8;
  }
  .icon-pause {
    stroke-width: 3;
    stroke-linecap: butt;
  }
  .icon-follow {
    fill: currentColor;
  }
  button,
  a.button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    box-sizing: border-box;
    min-width: var(--control);
    height: var(--control);
    margin: 0;
    padding: 0 8px;
    border: 1px solid transparent;
    border-radius: 6px;
    background: transparent;
    color: var(--fg);
    font: inherit;
    text-decoration: none;
    white-space: nowrap;
    cursor: pointer;
    touch-action: manipulation;
    -webkit-tap-highlight-color: transparent;
  }
  button.square {
    width: var(--control);
    padding: 0;
    color: var(--quiet);
  }
  button.framed,
  a.button {
    padding: 0 12px;
    border-color: var(--rule);
    background: var(--bg);
    font-weight: 500;
  }
  button.primary {
    border-color: color-mix(in srgb, var(--accent) 50%, transparent);
    background: color-mix(in srgb, var(--accent) 12%, transparent);
    color: var(--accent);
  }
  button:hover,
  a.button:hover {
    background: var(--hover);
    color: var(--fg);
  }
  button[aria-pressed="true"]:not(.framed),
  button[aria-expanded="true"] {
    background: color-mix(in srgb, var(--accent) 14%, transparent);
    color: var(--accent);
  }
  button:disabled {
    opacity: 0.4;
    cursor: default;
    background: transparent;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: -1px;
  }
  [hidden] {
    display: none !important;
  }
  .segments {
    display: inline-flex;
    flex: none;
    padding: 2px;
    border-radius: 8px;
    background: var(--hover);
    box-sizing: border-box;
    height: var(--control);
  }
  .segments button {
    height: 100%;
    padding: 0 10px;
    border-radius: 6px;
    color: var(--quiet);
  }
  .segments button[aria-pressed="true"] {
    background: var(--bg);
    color: var(--fg);
    box-shadow: 0 0 0 1px var(--rule);
  }
  input[type="text"],
  input[type="search"],
  select {
    box-sizing: border-box;
    height: var(--control);
    min-width: 0;
    padding: 0 8px;
    border: 1px solid var(--rule);
    border-radius: 6px;
    background: var(--field);
    color: var(--fg);
    font: inherit;
  }
  input[aria-invalid="true"] {
    border-color: var(--bad);
  }
  kbd {
    display: inline-block;
    box-sizing: border-box;
    min-width: 20px;
    padding: 0 5px;
    border: 1px solid var(--rule);
    border-radius: 4px;
    background: var(--bar);
    color: var(--quiet);
    font: 11px/18px var(--mono);
    text-align: center;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (forced-colors: active) {
    button[aria-pressed="true"] {
      border-color: Highlight;
    }
  }
`;

export const dialogStyles = css`
  dialog {
    box-sizing: border-box;
    width: min(var(--width, 480px), calc(100vw - 24px));
    max-height: calc(100dvh - 32px);
    padding: 0;
    border: 1px solid var(--rule);
    border-radius: 12px;
    background: var(--raised);
    color: var(--fg);
    font: 13px/20px var(--sans);
    box-shadow: 0 16px 48px rgb(0 0 0 / 0.35);
    overflow: auto;
    overscroll-behavior: contain;
  }
  dialog::backdrop {
    background: rgb(8 11 15 / 0.5);
  }
  dialog > header {
    position: sticky;
    top: 0;
    display: flex;
    align-items: center;
    justify-content: space-between;
    padding: 8px 8px 8px 20px;
    background: var(--raised);
  }
  h2 {
    margin: 0;
    font: 600 15px/24px var(--sans);
  }
  .body {
    display: grid;
    gap: 16px;
    padding: 4px 20px 20px;
  }
  p {
    margin: 0;
  }
  code {
    font: 12px/20px var(--mono);
    white-space: nowrap;
  }
  .note {
    color: var(--quiet);
  }
`;
