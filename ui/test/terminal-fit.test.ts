// How large a terminal's letters are, with a font whose measures are rounded as browsers round them.
import { expect, test } from "vitest";
import { fit, type Letters } from "../src/components/terminal/terminal-fit.ts";

function measure(size: number): Letters {
  return { width: size * 0.6, ascent: Math.round(size * 0.93), descent: Math.round(size * 0.236), deepest: Math.ceil(size * 0.236) };
}

function rowOf(size: number, lineHeight: number, ratio: number): { height: number; below: number } {
  const { ascent, descent } = measure(size);
  const own = Math.ceil((ascent + descent) * ratio);
  const height = Math.floor(own * lineHeight);
  return { height, below: Math.round(descent * ratio) + height - own };
}

test("whatever the view and the terminal, letters fit and nothing of them is cut off", () => {
  for (const ratio of [1, 1.25, 2, 3]) {
    for (let height = 300; height < 1200; height += 7) {
      const { fontSize, lineHeight } = fit({ width: 1264, height }, 100, 30, ratio, measure);
      const row = rowOf(fontSize, lineHeight, ratio);
      expect(row.below).toBeGreaterThanOrEqual(measure(fontSize).deepest * ratio - 0.2 * ratio);
      expect(Math.round((row.height * 30) / ratio)).toBeLessThanOrEqual(height);
      if (fontSize > 10) expect(fontSize % 1).toBe(0);
    }
  }
});

test("a pixel is added only where it is missing", () => {
  expect(fit({ width: 2000, height: 720 }, 100, 30, 1, (size) => ({ ...measure(size), deepest: 1 })).lineHeight).toBe(1);
});

test("where a phone is too narrow letters are small, and at last the view scrolls", () => {
  const sizes = [40, 80, 100, 200, 2000].map((cols) => fit({ width: 344, height: 600 }, cols, 30, 2, measure).fontSize);
  expect(sizes).toEqual([14, 7, 5.5, 5.5, 5.5]);
});
