// What sequences say of the text that follows them: its style (SGR), where it leads (OSC 8) and whether its letters stand
// for lines and corners (DEC's special graphics). A pen lasts for a line; only styles go on in the next one.
import { isAddress } from "./links.ts";
import { CHARSET, OSC, type Sequence } from "./sequences.ts";
import { applySgr, DEFAULT_COLOUR, PLAIN, sameStyle, type Style } from "./sgr.ts";

export interface Span {
  text: string;
  readonly style: Style;
  /** Where an OSC 8 sequence says that this text leads. */
  readonly link?: string;
  /** Not text: from here to the end of the line is the style's background. */
  readonly fill?: true;
}

// DEC's special graphics, from "`" to "~".
const DRAWING = "◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·";

/** What the sequences said so far of the text that follows. */
export class Pen {
  style: Style;
  link: string | undefined;
  readonly #sets = ["B", "B"];
  #set = 0;

  constructor(style: Style) {
    this.style = style;
  }

  /** What erasing leaves behind. */
  get blank(): Style {
    return this.style.bg === DEFAULT_COLOUR ? PLAIN : { ...PLAIN, bg: this.style.bg };
  }

  take({ final, params }: Sequence): void {
    if (final === "m") this.style = applySgr(this.style, params);
    else if (final === CHARSET) this.#sets[params.startsWith("(") ? 0 : 1] = params.slice(1);
    else if (final === OSC && params.startsWith("8;")) {
      const uri = params.slice(params.indexOf(";", 2) + 1);
      this.link = isAddress(uri) ? uri : undefined;
    }
  }

  /** SO and SI choose between two character sets. */
  shift(code: number): void {
    if (code === 0x0e) this.#set = 1;
    else if (code === 0x0f) this.#set = 0;
  }

  drawn(text: string): string {
    if (this.#sets[this.#set] !== "0") return text;
    return text.replace(/[`-~]/g, (char) => DRAWING.charAt(char.charCodeAt(0) - 0x60));
  }

  span(text: string): Span {
    return this.link === undefined ? { text, style: this.style } : { text, style: this.style, link: this.link };
  }
}

/** Add a span, or its text to the last one when that looks the same. */
export function append(spans: Span[], span: Span): void {
  const last = spans.at(-1);
  if (last?.link === span.link && last !== undefined && sameStyle(last.style, span.style)) last.text += span.text;
  else spans.push(span);
}

/** What is left of erasing to the end of the line. */
export function filled(style: Style): Span[] {
  return style === PLAIN ? [] : [{ text: "", style, fill: true }];
}

