// The look of the output's text: colours, weights and lines as its sequences ask for, links, and what is highlighted in it.
import { css, unsafeCSS } from "lit";
import { paletteRules } from "../palette.ts";

export const textStyles = [
  unsafeCSS(paletteRules()),
  css`
    .fx {
      color: var(--c);
    }
    .bx {
      background: var(--b);
      color: #fff;
    }
    @supports (color: oklch(from red l c h)) {
      .fx {
        color: light-dark(oklch(from var(--c) min(l, 0.52) c h), oklch(from var(--c) max(l, 0.66) c h));
      }
      .bx {
        color: oklch(from var(--b) clamp(0, (0.62 - l) * 1000, 1) 0 h);
      }
    }
    .on.fx {
      color: var(--c);
    }
    .on,
    .inverse {
      /* As high as the row: backgrounds of one colour are one area, as in a terminal. */
      padding-block: calc((var(--row, 20px) - 1.17em) / 2 + 1px);
      white-space: break-spaces;
    }
    .fill {
      padding-right: 8000px;
      margin-right: -8000px;
    }
    .dim {
      color: color-mix(in srgb, var(--c, var(--fg)) 70%, var(--bg));
    }
    .inverse {
      background: var(--c, var(--fg));
      color: var(--bg);
    }
    .hidden {
      color: transparent;
    }
    .bold {
      font-weight: 700;
    }
    .italic {
      font-style: italic;
    }
    .underline,
    .overline,
    .strike,
    .underline-overline,
    .underline-strike,
    .overline-strike,
    .underline-overline-strike {
      text-decoration-color: var(--line, currentColor);
    }
    .underline {
      text-decoration-line: underline;
    }
    .overline {
      text-decoration-line: overline;
    }
    .strike {
      text-decoration-line: line-through;
    }
    .underline-overline {
      text-decoration-line: underline overline;
    }
    .underline-strike {
      text-decoration-line: underline line-through;
    }
    .overline-strike {
      text-decoration-line: overline line-through;
    }
    .underline-overline-strike {
      text-decoration-line: underline overline line-through;
    }
    .double {
      text-decoration-style: double;
    }
    .curly {
      text-decoration-style: wavy;
    }
    .dotted {
      text-decoration-style: dotted;
    }
    .dashed {
      text-decoration-style: dashed;
    }
    @media (prefers-reduced-motion: no-preference) {
      .blink {
        animation: blink 1.2s steps(1) infinite;
      }
    }
    @keyframes blink {
      50% {
        opacity: 0.35;
      }
    }
    .link {
      color: inherit;
      text-decoration: underline;
      text-decoration-color: color-mix(in srgb, currentColor 45%, transparent);
      text-underline-offset: 2px;
    }
    .link:hover {
      text-decoration-color: currentColor;
    }
    .link:focus-visible {
      outline: 2px solid var(--accent);
      outline-offset: -1px;
    }
    .sign {
      unicode-bidi: isolate;
    }
    .sign::before {
      content: attr(data-code);
      margin-inline: 1px;
      padding-inline: 3px;
      border-radius: 3px;
      background: color-mix(in srgb, var(--warn) 18%, transparent);
      color: var(--warn);
      font-size: 0.8em;
      user-select: none;
    }
    mark {
      border-radius: 2px;
    }
    mark.through {
      background: color-mix(in srgb, var(--accent) 14%, transparent);
      color: inherit;
    }
    @media (forced-colors: active) {
      mark {
        background: Mark;
        color: MarkText;
        forced-color-adjust: none;
      }
      .current mark.find {
        background: Highlight;
        color: HighlightText;
      }
      .on,
      .inverse {
        forced-color-adjust: none;
      }
    }
  `,
];
