// The icons of the bars: 16 x 16, one path each, drawn in the text's colour. Words beside or behind them say what they do.
import { html, type TemplateResult } from "lit";

const PATHS = {
  pause: "M5 3v10M11 3v10",
  follow: "M4.5 2.8 13 8l-8.5 5.2z",
  start: "M4 3v10M13 3 6.5 8l6.5 5z",
  find: "M11.2 7a4.2 4.2 0 1 1-8.4 0 4.2 4.2 0 0 1 8.4 0zm-1.2 3 3.6 3.6",
  filter: "M2 3.5h12L9.5 9v4.5l-3-1.7V9z",
  timeline: "M2.7 13.3V9.6M6.2 13.3V5M9.8 13.3V7.6M13.3 13.3V2.7",
  terminal: "M2 3h12v10H2zM4.7 6.2 6.9 8 4.7 9.8M8.6 10.2h2.7",
  bell: "M3 11.5h10c-1.3-1-1.6-2.2-1.6-4.6C11.4 4.6 10 3 8 3S4.6 4.6 4.6 6.9C4.6 9.3 4.3 10.5 3 11.5zM6.8 13.6h2.4",
  share: "M5.8 7 10.2 4.7M5.8 9l4.4 2.3M14 3.7a2 2 0 1 1-4 0 2 2 0 0 1 4 0zM6 8a2 2 0 1 1-4 0 2 2 0 0 1 4 0zm8 4.3a2 2 0 1 1-4 0 2 2 0 0 1 4 0z",
  menu: "M8 3.2v.01M8 8v.01M8 12.8v.01",
  close: "m4 4 8 8M12 4l-8 8",
  up: "M3.5 10 8 5.5l4.5 4.5",
  down: "M3.5 6 8 10.5 12.5 6",
  minus: "M4 8h8",
  plus: "M4 8h8M8 4v8",
  keep: "m9.7 2.6 3.7 3.7-5.6 5.6H4.1V8.2zM2.5 14.3h11",
  viewers: "M1.2 8S3.6 3.7 8 3.7 14.8 8 14.8 8 12.4 12.3 8 12.3 1.2 8 1.2 8zM10 8a2 2 0 1 1-4 0 2 2 0 0 1 4 0z",
} as const;

export type Icon = keyof typeof PATHS;

export function icon(name: Icon): TemplateResult {
  return html`<svg class="icon icon-${name}" viewBox="0 0 16 16" aria-hidden="true"><path d=${PATHS[name]} /></svg>`;
}
