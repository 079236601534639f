// The look of what a line's row has besides plain text: times, toggles, groups, structured lines and their trees.
import { css } from "lit";

export const lineStyles = css`
  .newday {
    --top: var(--row);
    padding-top: var(--row);
  }
  .day {
    position: absolute;
    top: 0;
    left: var(--gutter);
    right: 14px;
    overflow: hidden;
    color: var(--quiet);
    font-weight: 600;
    white-space: nowrap;
    user-select: none;
  }
  .fold,
  .twist {
    position: absolute;
    left: calc(var(--gutter) - var(--slot));
    top: var(--top, 0);
    width: calc(var(--slot) - 4px);
    height: var(--row);
    padding: 0;
    border: 0;
    background: none;
    color: var(--quiet);
    font: inherit;
    user-select: none;
  }
  .twist.second {
    position: static;
    width: auto;
    margin-right: 1ch;
  }
  .fold::before,
  .twist::before,
  .twig::before {
    content: "";
    display: inline-block;
    width: 0.34em;
    height: 0.34em;
    margin-right: 0.1em;
    border: solid currentColor;
    border-width: 0 1.5px 1.5px 0;
    transform: translate(-0.05em, -0.12em) rotate(-45deg);
  }
  .fold[aria-expanded="true"]::before,
  .twist[aria-expanded="true"]::before,
  .twig[aria-expanded="true"]::before {
    transform: translate(0, -0.2em) rotate(45deg);
  }
  @media (prefers-reduced-motion: no-preference) {
    .fold::before,
    .twist::before,
    .twig::before {
      transition: transform 0.12s;
    }
  }
  .fold:hover,
  .twist:hover {
    color: var(--accent);
  }
  .twist,
  .twig,
  .value {
    touch-action: manipulation;
  }
  .fold:focus-visible,
  .twist:focus-visible,
  .twig:focus-visible,
  .branch .value:focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: -1px;
    border-radius: 3px;
  }
  .lost {
    margin-right: 1ch;
    color: var(--quiet);
    font-style: italic;
    user-select: none;
  }
  .behind,
  .took {
    margin-left: 1.5ch;
    color: var(--quiet);
    user-select: none;
  }
  .behind {
    cursor: pointer;
  }
  .took {
    font-variant-numeric: tabular-nums;
  }
  .group .text {
    font-weight: 600;
  }
  .line.error::after,
  .line.warn::after {
    content: "";
    position: absolute;
    left: 0;
    top: var(--top, 0);
    bottom: 0;
    width: 2px;
    background: var(--bad);
    opacity: 0.75;
  }
  .line.warn::after {
    background: var(--warn);
  }
  .order.error {
    color: var(--bad);
  }
  .order.warning {
    color: var(--warn);
  }
  .order.debug {
    color: var(--a5);
  }
  .order.command {
    color: var(--a4);
  }
  .order.section {
    color: var(--a2);
  }
  .order.word {
    font-weight: 600;
  }
  .when,
  .key,
  .count {
    color: var(--quiet);
  }
  .level {
    --tone: var(--quiet);
    color: var(--tone);
    font-weight: 600;
  }
  .level.info {
    --tone: var(--a4);
  }
  .level.warn {
    --tone: var(--warn);
  }
  .level.error,
  .level.fatal {
    --tone: var(--bad);
  }
  .level.fatal {
    background: var(--bad);
    color: var(--bg);
  }
  .short .value {
    color: color-mix(in srgb, var(--fg) 82%, var(--bg));
  }
  .value.digits {
    color: var(--a6);
  }
  .value.truth {
    color: var(--a5);
  }
  .short [data-path] {
    cursor: pointer;
  }
  .short [data-path]:hover {
    text-decoration: underline;
    text-underline-offset: 2px;
  }
  .tree {
    margin: 2px 0 6px;
    padding-left: 1.5ch;
    border-left: 2px solid var(--rule);
  }
  .branches .branches {
    margin-left: 0.35em;
    padding-left: 1.8ch;
    border-left: 1px solid var(--rule);
  }
  .leaf {
    display: flex;
    align-items: flex-start;
  }
  .leaf .key {
    flex: none;
    max-width: 50%;
    white-space: pre-wrap;
  }
  .leaf .value {
    min-width: 0;
  }
  .twig::before {
    margin-right: 0.7ch;
  }
  .twig,
  .branch .value {
    display: inline;
    padding: 0;
    border: 0;
    background: none;
    font: inherit;
    text-align: left;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    user-select: text;
  }
  .branch .value.words {
    color: var(--fg);
  }
  .branch .value:hover {
    text-decoration: underline;
    text-underline-offset: 2px;
  }
  .branch.warn > .value {
    color: var(--warn);
  }
  .branch.error > .value,
  .branch.fatal > .value {
    color: var(--bad);
  }
`;
