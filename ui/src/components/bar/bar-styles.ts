// The look of the bar above the log: one row where there is room, two on a phone.
import { css } from "lit";

export const barStyles = css`
  :host {
    display: block;
    background: var(--bar);
    border-bottom: 1px solid var(--rule);
  }
  header {
    display: flex;
    align-items: center;
    gap: 4px 12px;
    min-height: 44px;
    padding: 4px 8px 4px 16px;
    box-sizing: border-box;
  }
  h1 {
    flex: 0 1 auto;
    min-width: 0;
    margin: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font: 600 13px/20px var(--mono);
  }
  .state {
    display: inline-flex;
    flex: none;
    align-items: center;
    gap: 8px;
    height: 24px;
    box-sizing: border-box;
    padding: 0 10px;
    border: 1px solid color-mix(in srgb, var(--tone) 32%, transparent);
    border-radius: 999px;
    background: color-mix(in srgb, var(--tone) 9%, transparent);
    color: var(--tone);
    font-weight: 600;
    font-size: 12px;
    line-height: 16px;
    white-space: nowrap;
    --tone: var(--quiet);
  }
  .state::before {
    content: "";
    flex: none;
    width: 8px;
    height: 8px;
    border-radius: 50%;
    background: var(--tone);
  }
  .state[data-state="live"],
  .state.passed {
    --tone: var(--accent);
  }
  .state[data-state="replay"],
  .state[data-state="reconnecting"] {
    --tone: var(--warn);
  }
  .state.failed {
    --tone: var(--bad);
  }
  .state[data-state="reconnecting"]::before,
  .state[data-state="connecting"]::before {
    animation: breathe 1.2s ease-in-out infinite alternate;
  }
  @keyframes breathe {
    to {
      opacity: 0.25;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .state::before {
      animation: none !important;
    }
  }
  .figures {
    display: flex;
    flex: none;
    gap: 16px;
    margin-left: auto;
    color: var(--quiet);
    font-variant-numeric: tabular-nums;
  }
  .figure {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    white-space: nowrap;
  }
  .short {
    display: none;
  }
  .buttons {
    display: flex;
    flex: none;
    align-items: center;
    gap: 4px;
  }
  .pause {
    min-width: 88px;
    margin-right: 4px;
  }
  #menu {
    position: fixed;
    inset: 48px 8px auto auto;
    margin: 0;
    padding: 0;
    width: 288px;
    max-width: calc(100vw - 16px);
    max-height: calc(100dvh - 64px);
    box-sizing: border-box;
    overflow-y: auto;
    overscroll-behavior: contain;
    border: 1px solid var(--rule);
    border-radius: 10px;
    background: var(--raised);
    color: var(--fg);
    box-shadow: 0 12px 36px rgb(0 0 0 / 0.28);
  }
  @media (max-width: 899px) {
    .seldom {
      display: none;
    }
  }
  @media (max-width: 640px) {
    header {
      flex-wrap: wrap;
      padding: 4px 4px 8px 12px;
    }
    h1 {
      flex: 1 1 0;
      order: -3;
    }
    .buttons {
      order: -2;
      gap: 0;
    }
    button.pause {
      min-width: var(--control);
      margin: 0;
      padding: 0;
      border: 0;
      background: none;
    }
    .pause span,
    .word {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
      white-space: nowrap;
    }
    .state {
      flex: 0 1 auto;
      min-width: 0;
    }
    .state span {
      overflow: hidden;
      text-overflow: ellipsis;
    }
    .figures {
      gap: 12px;
      padding-right: 8px;
    }
    .long {
      display: none;
    }
    .short {
      display: inline;
    }
    .break {
      flex-basis: 100%;
      order: -1;
    }
  }
`;
