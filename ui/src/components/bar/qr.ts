// A QR code as one SVG path: a rectangle for each run of dark modules, with the quiet zone of four that readers need
// (ISO/IEC 18004).

/** What lean-qr makes. */
export interface Modules {
  readonly size: number;
  get(x: number, y: number): boolean;
}

const QUIET = 4;

/** The path, and the side of the square that it is drawn in. */
export function qrPath(code: Modules): { path: string; size: number } {
  let path = "";
  for (let y = 0; y < code.size; y++) {
    for (let x = 0; x < code.size; x++) {
      if (!code.get(x, y)) continue;
      const from = x;
      while (code.get(x + 1, y)) x += 1;
      const width = x + 1 - from;
      path += `M${from + QUIET} ${y + QUIET}h${width}v1h-${width}z`;
    }
  }
  return { path, size: code.size + 2 * QUIET };
}
