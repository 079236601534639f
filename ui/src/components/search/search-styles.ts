// The look of the bar for finding and filtering: one row where there is room, two on a phone, chips below.
import { css } from "lit";

export const searchStyles = css`
  :host {
    display: block;
    background: var(--bar);
    border-bottom: 1px solid var(--rule);
  }
  :host([hidden]) {
    display: none;
  }
  .row {
    position: relative;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    padding: 6px 8px 6px 12px;
  }
  .field {
    display: flex;
    flex: 1 1 280px;
    align-items: center;
    max-width: 560px;
    min-width: 0;
    height: var(--control);
    box-sizing: border-box;
    border: 1px solid var(--rule);
    border-radius: 6px;
    background: var(--field);
  }
  .field:focus-within {
    border-color: var(--accent);
    box-shadow: 0 0 0 1px var(--accent);
  }
  .field.wrong {
    border-color: var(--bad);
    box-shadow: 0 0 0 1px var(--bad);
  }
  .field input[type="text"] {
    flex: 1;
    height: 100%;
    padding: 0 4px 0 10px;
    border: 0;
    background: none;
    outline: none;
    font: 13px/20px var(--mono);
  }
  .field button {
    min-width: 28px;
    width: auto;
    height: calc(100% - 6px);
    margin-right: 3px;
    padding: 0 5px;
    border-radius: 4px;
    color: var(--quiet);
    font: 12px/16px var(--mono);
  }
  .field button[aria-pressed="true"] {
    color: var(--accent);
  }
  .count {
    flex: none;
    min-width: 84px;
    color: var(--quiet);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .group {
    display: flex;
    flex: none;
    align-items: center;
  }
  .group.context {
    gap: 0;
    color: var(--quiet);
  }
  .context output {
    min-width: 20px;
    color: var(--fg);
    text-align: center;
    font-variant-numeric: tabular-nums;
  }
  .close {
    margin-left: auto;
  }
  .message {
    margin: 0;
    padding: 0 12px 8px;
    overflow-wrap: anywhere;
  }
  .message.wrong {
    color: var(--bad);
  }
  .progress {
    position: absolute;
    left: 0;
    bottom: -1px;
    width: 100%;
    height: 2px;
    background: var(--accent);
    transform: scaleX(var(--share));
    transform-origin: left;
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 8px;
    margin: 0;
    padding: 4px 8px 4px 12px;
    list-style: none;
  }
  .row + .chips,
  .message + .chips {
    padding-top: 0;
  }
  .chips li {
    display: inline-flex;
    align-items: center;
    min-width: 0;
    max-width: 100%;
    border: 1px solid var(--rule);
    border-radius: 6px;
    background: var(--bg);
  }
  .chips button {
    height: calc(var(--control) - 8px);
    min-width: 28px;
    gap: 6px;
    border: 0;
    border-radius: 5px;
    color: var(--quiet);
  }
  .chips .icon {
    width: 14px;
    height: 14px;
  }
  .chips .what {
    min-width: 0;
    padding: 0 2px 0 8px;
    color: var(--fg);
  }
  .chips .what span {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .chips .text {
    font: 12px/20px var(--mono);
  }
  .chips .quiet {
    color: var(--quiet);
    font-variant-numeric: tabular-nums;
  }
  .chips .wrong {
    color: var(--bad);
  }
  .dot {
    flex: none;
    width: 10px;
    height: 10px;
    border-radius: 3px;
    background: var(--colour);
  }
  @media (pointer: coarse) {
    .field button {
      min-width: 36px;
      height: 36px;
      margin-right: 1px;
    }
    .chips button {
      height: 36px;
      min-width: 36px;
    }
  }
  @media (max-width: 640px) {
    .row {
      gap: 6px;
      padding: 4px 4px 6px 8px;
    }
    .field {
      order: -3;
      flex: 1 1 0;
      max-width: none;
    }
    .field button {
      min-width: 36px;
      height: 36px;
      margin-right: 1px;
    }
    .close {
      order: -2;
      margin: 0;
    }
    .break {
      order: -1;
      flex-basis: 100%;
    }
    .segments button {
      padding: 0 8px;
    }
    .count {
      flex: 1 1 0;
      min-width: 0;
      overflow: hidden;
      text-overflow: ellipsis;
    }
    .context .word {
      display: none;
    }
  }
`;
