// Colours: the page's own, and what the 16 ANSI colours mean in light and in dark. As text each has a contrast of at
// least 4.5:1 with the page's background (WCAG AA; a test holds it). Behind text the classic colours are used in both,
// with foregrounds that were made for them.

export interface Theme {
  readonly background: string;
  readonly foreground: string;
  /** Black, red, green, yellow, blue, magenta, cyan, white, and the bright eight. */
  readonly ansi: readonly string[];
}

export const DARK: Theme = {
  background: "#0f1318",
  foreground: "#d5dbe3",
  ansi: [
    "#8a94a3", "#ff7b72", "#56d364", "#e3b341", "#6cb0ff", "#d2a8ff", "#56d4dd", "#d5dbe3",
    "#9aa5b4", "#ffa198", "#7ee787", "#f2cc60", "#9ecbff", "#e2c5ff", "#87e3e9", "#ffffff",
  ],
};

export const LIGHT: Theme = {
  background: "#ffffff",
  foreground: "#1f2630",
  ansi: [
    "#1f2630", "#b3201a", "#12662b", "#7a4d00", "#0b54c5", "#8127a5", "#0b6069", "#59636e",
    "#656f7a", "#c8251d", "#177a35", "#8d5b00", "#1665da", "#9a37c2", "#12727c", "#3d4753",
  ],
};

/** Backgrounds, and the text on them where the output names no colour of its own. */
export const CLASSIC: readonly string[] = [
  "#14181e", "#b42f2a", "#2c7a3c", "#e0ac2b", "#2257b8", "#8a3aa6", "#1f7d86", "#d5dbe3",
  "#5a6572", "#cc4640", "#4fc26a", "#f0cb5c", "#3b74dd", "#a457c2", "#59cbd4", "#ffffff",
];

/** Text colours on any of those backgrounds. */
export const CLASSIC_TEXT: readonly string[] = [
  "#000000", "#7d0f0b", "#0c4a1c", "#ffe9a3", "#0b2a66", "#4a1260", "#08424a", "#ffffff",
  "#2b323b", "#ffb3ad", "#b5f5bf", "#fff3c9", "#cfe3ff", "#f0d9ff", "#c9f7fa", "#ffffff",
];

/** What is looked for, and where one stands; then the highlights that stay, in light and in dark, with the text on them. */
export const FOUND = { background: ["#ffe070", "#e3b341"], current: ["#ff9a3c", "#ff9a3c"], text: ["#14181e", "#14181e"] } as const;
export const MARKS: readonly (readonly [light: string, dark: string])[] = [
  ["#cfe3ff", "#1d4f91"],
  ["#cdf3d3", "#1d6536"],
  ["#ffd6d2", "#8f2f2b"],
  ["#ebdaff", "#63389a"],
  ["#c3f0f4", "#0f5f6a"],
  ["#ffddb0", "#774a00"],
  ["#ffd2ea", "#86295f"],
  ["#dfe4ea", "#4d5866"],
];
export const MARK_TEXT = ["#14181e", "#ffffff"] as const;

function channel(value: number): number {
  const c = value / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}

/** Relative luminance (WCAG 2.2) of `#rrggbb`. */
export function luminance(hex: string): number {
  const rgb = Number.parseInt(hex.slice(1), 16);
  return 0.2126 * channel(rgb >> 16) + 0.7152 * channel((rgb >> 8) & 255) + 0.0722 * channel(rgb & 255);
}

export function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

/** The colours 16 to 255 of the 256-colour palette: a cube of 6 x 6 x 6, then 24 greys. */
export function indexed(colour: number): string {
  const level = (n: number): number => (n === 0 ? 0 : 55 + 40 * n);
  const rgb =
    colour < 232
      ? [Math.floor((colour - 16) / 36), Math.floor((colour - 16) / 6) % 6, (colour - 16) % 6].map(level)
      : Array<number>(3).fill(8 + 10 * (colour - 232));
  return `#${rgb.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

function both(light: string | undefined, dark: string | undefined): string {
  return `light-dark(${light ?? ""},${dark ?? ""})`;
}

function readableOn(colour: string): string {
  return contrast(colour, "#000000") > contrast(colour, "#ffffff") ? "#000000" : "#ffffff";
}

/** The rules of the log's colours, for a shadow root's style sheet. */
export function paletteRules(): string {
  const declared = DARK.ansi.map((colour, i) => `--a${i}:${both(LIGHT.ansi[i], colour)};`).join("");
  const text = DARK.ansi.map((_, i) => `.f${i}{--c:var(--a${i});color:var(--c)}`).join("\n");
  const on = CLASSIC_TEXT.map((colour, i) => `.on.f${i}{color:${colour}}`).join("\n");
  const behind = CLASSIC.map((colour, i) => {
    return `.b${i}{background:${colour};color:${readableOn(colour)}}`;
  }).join("\n");
  const marks = MARKS.map(([light, dark], i) => `mark.m${i + 1}{background:${both(light, dark)};color:${both(...MARK_TEXT)}}`).join("\n");
  return `:host{${declared}--bg:${both(LIGHT.background, DARK.background)};--fg:${both(LIGHT.foreground, DARK.foreground)}}
${behind}
${text}
${on}
${marks}
mark.find{background:${both(...FOUND.background)};color:${both(...FOUND.text)}}
.current mark.find{background:${both(...FOUND.current)}}`;
}

/**
 * The rules with which xterm.js's rows look as the log does. Its own are one palette for text and what is behind it, and a
 * contrast that it reckons with the wrong colour where text is inverse: hence the important ones.
 */
export function terminalRules(): string {
  const behind = CLASSIC.map((colour, i) => `.xterm .xterm-rows .xterm-bg-${i}{background:${colour};color:${readableOn(colour)}!important}`).join("\n");
  const on = CLASSIC.flatMap((colour, i) =>
    CLASSIC_TEXT.flatMap((text, j) =>
      contrast(text, colour) < 4.5 ? [] : [`.xterm .xterm-rows .xterm-bg-${i}.xterm-fg-${j}{color:${text}!important}`])).join("\n");
  const dim = (colour: string): string => `color:color-mix(in srgb,${colour} 70%,${both(LIGHT.background, DARK.background)})`;
  const dimmed = DARK.ansi.map((colour, i) => `.xterm .xterm-rows .xterm-dim.xterm-fg-${i}{${dim(both(LIGHT.ansi[i], colour))}}`).join("\n");
  return `.xterm .xterm-rows .xterm-dim{${dim(both(LIGHT.foreground, DARK.foreground))}}
${dimmed}
${behind}
${on}
.xterm .xterm-rows .xterm-bg-257{color:${both(LIGHT.background, DARK.background)}!important}`;
}
