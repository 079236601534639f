// What the scroll bar stands for: the whole kept log, however long. Its length is bounded (browsers stop at 16 to 33
// million pixels), so a position in it is a share of the lines above and below what is in sight, not a sum of heights.

/** Well below what every browser can lay out. */
const LONGEST = 10_000_000;

/** Height in pixels of what is scrolled, for so many rows of `rowHeight` in a view of `viewHeight`. */
export function scrollLength(rows: number, rowHeight: number, viewHeight: number): number {
  return Math.max(viewHeight, Math.min(LONGEST, Math.ceil(rows * rowHeight)));
}

/** The share (0 to 1) of the scroll bar at which `above` rows are above the view and `below` are below it. */
export function share(above: number, below: number): number {
  const hidden = above + below;
  return hidden <= 0 ? 0 : Math.min(1, Math.max(0, above / hidden));
}

/** How many rows are above the view at that share, when `rows` exist and `inSight` of them fit. */
export function rowsAbove(at: number, rows: number, inSight: number): number {
  return Math.max(0, rows - inSight) * Math.min(1, Math.max(0, at));
}
