// The style that SGR sequences (ECMA-48 8.3.117, ISO 8613-6 colours) give to text: 16, 256 and true colour, bold, dim,
// italic, underlines and their colour, overline, inverse, strike, blink. A style is four small integers, so that it can be
// kept per checkpoint, posted and compared cheaply. The scanner reads styles from raw bytes (the worker carries them from
// line to line).

export interface Style {
  /** -1: default; 0 to 255: palette; RGB + 0xRRGGBB: true colour. */
  readonly fg: number;
  readonly bg: number;
  /** The colour of lines under, over and through the text; by default the text's. */
  readonly line: number;
  /** A set of `Flag`s. */
  readonly flags: number;
}

export const DEFAULT_COLOUR = -1;
export const RGB = 0x100_0000;

/** One of the underlines at most; all of them in `UNDERLINES`. */
export const Flag = {
  bold: 1,
  dim: 2,
  italic: 4,
  underline: 8,
  inverse: 16,
  strike: 32,
  hidden: 64,
  double: 128,
  curly: 256,
  dotted: 512,
  dashed: 1024,
  blink: 2048,
  overline: 4096,
} as const;

export const UNDERLINES = Flag.underline | Flag.double | Flag.curly | Flag.dotted | Flag.dashed;

export const PLAIN: Style = { fg: DEFAULT_COLOUR, bg: DEFAULT_COLOUR, line: DEFAULT_COLOUR, flags: 0 };

export function sameStyle(a: Style, b: Style): boolean {
  return a === b || (a.fg === b.fg && a.bg === b.bg && a.flags === b.flags && a.line === b.line);
}

const SET: Readonly<{ [code: number]: number }> = {
  1: Flag.bold,
  2: Flag.dim,
  3: Flag.italic,
  5: Flag.blink,
  6: Flag.blink,
  7: Flag.inverse,
  8: Flag.hidden,
  9: Flag.strike,
  53: Flag.overline,
};
const CLEAR: Readonly<{ [code: number]: number }> = {
  22: Flag.bold | Flag.dim,
  23: Flag.italic,
  24: UNDERLINES,
  25: Flag.blink,
  27: Flag.inverse,
  28: Flag.hidden,
  29: Flag.strike,
  55: Flag.overline,
};
/** What `4:N` asks for. */
const UNDERLINE_KINDS: readonly number[] = [0, Flag.underline, Flag.double, Flag.curly, Flag.dotted, Flag.dashed];

/** At most this many parameters of one sequence are looked at: a terminal has such a bound too (xterm: 30). */
const MAX_PARAMS = 32;

function byte(value: number | undefined): number {
  return Math.min(255, value ?? 0);
}

/** Reads `5;N` or `2;R;G;B` after 38, 48 or 58; returns the colour (or undefined when it makes no sense) and where it ends. */
function extendedColour(params: readonly number[], at: number): [colour: number | undefined, next: number] {
  if (params[at] === 5) return [byte(params[at + 1]), at + 2];
  if (params[at] === 2) {
    const colour = RGB + (byte(params[at + 1]) << 16) + (byte(params[at + 2]) << 8) + byte(params[at + 3]);
    return [colour, at + 4];
  }
  return [undefined, params.length];
}

/** Give the colour that 38, 48 or 58 names. */
function coloured(style: Style, code: number, colour: number): Style {
  if (code === 38) return { ...style, fg: colour };
  return code === 48 ? { ...style, bg: colour } : { ...style, line: colour };
}

function underlined(style: Style, kind: number): Style {
  return { ...style, flags: (style.flags & ~UNDERLINES) | (UNDERLINE_KINDS[kind] ?? Flag.underline) };
}

/** `38:2:CS:R:G:B`, `38:2:R:G:B`, `38:5:N` and `4:N` are one parameter each, whose parts are joined by colons. */
function colonParts(parts: readonly string[], style: Style): Style {
  const [code = 0, mode = 0, ...rest] = parts.map((part) => Number.parseInt(part, 10) || 0);
  if (code === 4) return underlined(style, mode);
  if (code !== 38 && code !== 48 && code !== 58) return style;
  if (mode === 5) return coloured(style, code, byte(rest[0]));
  if (mode !== 2) return style;
  const [r, g, b] = rest.length > 3 ? rest.slice(1) : rest;
  return coloured(style, code, RGB + (byte(r) << 16) + (byte(g) << 8) + byte(b));
}

function applyCode(code: number, style: Style): Style {
  if (code === 0) return PLAIN;
  if (code === 4) return underlined(style, 1);
  if (code === 21) return underlined(style, 2);
  const set = SET[code];
  if (set !== undefined) return { ...style, flags: style.flags | set };
  const clear = CLEAR[code];
  if (clear !== undefined) return { ...style, flags: style.flags & ~clear };
  if (code >= 30 && code <= 37) return { ...style, fg: code - 30 };
  if (code >= 40 && code <= 47) return { ...style, bg: code - 40 };
  if (code >= 90 && code <= 97) return { ...style, fg: code - 90 + 8 };
  if (code >= 100 && code <= 107) return { ...style, bg: code - 100 + 8 };
  if (code === 39) return { ...style, fg: DEFAULT_COLOUR };
  if (code === 49) return { ...style, bg: DEFAULT_COLOUR };
  if (code === 59) return { ...style, line: DEFAULT_COLOUR };
  return style;
}

/** The style after `CSI text m`. Codes that it does not know change nothing. */
export function applySgr(style: Style, text: string): Style {
  if (text === "" || text === "0") return PLAIN;
  const fields = text.split(";", MAX_PARAMS);
  const params = fields.map((field) => Number.parseInt(field, 10) || 0);
  let at = 0;
  while (at < fields.length) {
    const field = fields[at] ?? "";
    const code = params[at] ?? 0;
    at += 1;
    if (field.includes(":")) {
      style = colonParts(field.split(":", MAX_PARAMS), style);
    } else if (code === 38 || code === 48 || code === 58) {
      const [colour, next] = extendedColour(params, at);
      at = next;
      if (colour !== undefined) style = coloured(style, code, colour);
    } else {
      style = applyCode(code, style);
    }
  }
  return style;
}

/** A style that no sequence can produce: what is left of it after a sequence was not set by that sequence. */
const UNKNOWN: Style = { fg: -2, bg: -2, line: -2, flags: 1 << 20 };

const ESC = 0x1b;
const MAX_SEQUENCE_BYTES = 256;

/** The parameter text of the SGR sequence whose ESC is at `at`, or undefined when there is none (or it is cut off). */
function sgrAt(bytes: Uint8Array, at: number): string | undefined {
  if (bytes[at + 1] !== 0x5b) return undefined;
  const limit = Math.min(bytes.length, at + MAX_SEQUENCE_BYTES);
  let text = "";
  for (let i = at + 2; i < limit; i++) {
    const c = bytes[i] ?? 0;
    if (c === 0x6d) return text;
    if ((c < 0x30 || c > 0x39) && c !== 0x3b && c !== 0x3a) return undefined;
    text += String.fromCharCode(c);
  }
  return undefined;
}

/** The style after all of `bytes`, when it is `style` before them. */
export function scanStyle(bytes: Uint8Array, style: Style): Style {
  for (let at = bytes.indexOf(ESC); at !== -1; at = bytes.indexOf(ESC, at + 1)) {
    const text = sgrAt(bytes, at);
    if (text !== undefined) style = applySgr(style, text);
  }
  return style;
}

/**
 * Where to begin scanning so that the style before it does not matter: the place of the last full reset in `bytes`,
 * or -1 when there is none. Logs reset often, so that looking backwards ends soon whatever was before.
 */
export function lastReset(bytes: Uint8Array): number {
  for (let at = bytes.lastIndexOf(ESC); at !== -1; at = at === 0 ? -1 : bytes.lastIndexOf(ESC, at - 1)) {
    const text = sgrAt(bytes, at);
    if (text !== undefined) {
      const after = applySgr(UNKNOWN, text);
      if (after.fg !== UNKNOWN.fg && after.bg !== UNKNOWN.bg && after.line !== UNKNOWN.line && (after.flags & UNKNOWN.flags) === 0) return at;
    }
  }
  return -1;
}
