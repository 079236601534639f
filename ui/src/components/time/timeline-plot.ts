// The columns of the timeline on a canvas, drawn for the pixels of the device: sharp edges, one pixel between columns.
import { columns, type Timeline } from "../../core/time/timeline.ts";

/** Pixels from one column to the next; buckets that are wider get a column in their middle. */
export const PITCH = 4;
const WIDEST = 12;

export interface Tones {
  readonly errors: string;
  readonly warnings: string;
  readonly others: string;
}

/** Draw `timeline` over the whole canvas, `width` by `height` CSS pixels. */
export function plot(canvas: HTMLCanvasElement, timeline: Timeline | undefined, width: number, height: number, tones: Tones): void {
  const scale = devicePixelRatio;
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.clearRect(0, 0, wide, high);
  if (timeline === undefined) return;
  const pitch = wide / timeline.lines.length;
  const space = pitch >= 3 * scale ? Math.max(1, Math.round(scale)) : 0;
  const column = Math.max(1, Math.min(pitch - space, WIDEST * scale));
  for (const [i, { errors, warnings, others }] of columns(timeline, height).entries()) {
    const left = Math.round(i * pitch + (pitch - space - column) / 2);
    const size = Math.max(1, Math.round(i * pitch + (pitch - space + column) / 2) - left);
    let bottom = high;
    for (const [part, tone] of [
      [errors, tones.errors],
      [warnings, tones.warnings],
      [others, tones.others],
    ] as const) {
      if (part === 0) continue;
      const tall = Math.max(1, Math.round(part * scale));
      context.fillStyle = tone;
      context.fillRect(left, bottom - tall, size, tall);
      bottom -= tall;
    }
  }
}
