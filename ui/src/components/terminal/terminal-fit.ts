// How large a terminal's letters are: as large as its view has room for, in rows that cut nothing off them. A font's own
// measures are rounded to pixels, and at some sizes an underscore then lies below the row; such a row gets a pixel more.
import { MONO } from "../theme.ts";

/** Pixels that letters of a size take, of which those below the line are also measured as they are drawn. */
export interface Letters {
  readonly width: number;
  readonly ascent: number;
  readonly descent: number;
  readonly deepest: number;
}

export interface Fit {
  readonly fontSize: number;
  /** As a multiple of the letters' own height, as xterm.js takes it. */
  readonly lineHeight: number;
}

const LARGEST = 28;
/** Below this, sizes differ by less than a pixel: they are for small glass, whose pixels are fine. */
const WHOLE = 10;
const STEP = 0.25;
/** The smallest letters that can be read at all. */
const SMALLEST = 5.5;
/** Of a pixel: less is not seen. */
const UNSEEN = 0.1;

/**
 * Choose the letters of a terminal with so many columns and rows in a view of that size. Where not even the smallest fit,
 * the view scrolls.
 *
 * @param ratio Pixels of the glass in one of the page's.
 */
export function fit(view: { readonly width: number; readonly height: number }, cols: number, rows: number, ratio: number, measure: (size: number) => Letters): Fit {
  for (let size = LARGEST; ; size -= size > WHOLE ? 1 : STEP) {
    const { width, ascent, descent, deepest } = measure(size);
    const own = Math.ceil((ascent + descent) * ratio);
    const missing = Math.max(0, Math.ceil((deepest - UNSEEN) * ratio) - Math.round(descent * ratio));
    const height = own + missing;
    const fits = Math.round(width * cols) <= view.width && Math.round((height * rows) / ratio) <= view.height;
    // xterm.js rounds what comes of it down.
    if (fits || size <= SMALLEST) return { fontSize: size, lineHeight: missing === 0 ? 1 : (height + 0.01) / own };
  }
}

/** Returns what measures the letters of a size. */
export function letters(): (size: number) => Letters {
  const context = document.createElement("canvas").getContext("2d");
  return (size) => {
    if (context === null) return { width: size * 0.6, ascent: size, descent: size / 4, deepest: size / 4 };
    context.font = `${size}px ${MONO}`;
    const { width, fontBoundingBoxAscent, fontBoundingBoxDescent } = context.measureText("W");
    const deepest = context.measureText("_gjpqy").actualBoundingBoxDescent;
    return { width, ascent: fontBoundingBoxAscent, descent: fontBoundingBoxDescent, deepest };
  };
}
