import { describe, expect, test } from "vitest";
import { CLASSIC, contrast, DARK, FOUND, indexed, LIGHT, MARK_TEXT, MARKS } from "../src/components/palette.ts";
import { count, duration, exitWords, shortCount, size } from "../src/components/format.ts";
import { rowsAbove, scrollLength, share } from "../src/core/rows/scrollbar.ts";
import { MOST_MARKS } from "../src/core/view-state.ts";
import { parseSegmentList } from "../src/core/log/segments.ts";

describe("colours are readable (WCAG AA)", () => {
  for (const [name, theme] of Object.entries({ dark: DARK, light: LIGHT })) {
    test.each([["foreground", theme.foreground], ...theme.ansi.map((colour, i) => [`ANSI ${i}`, colour])])(
      `${name}: %s %s`,
      (_, colour) => {
        expect(contrast(colour, theme.background)).toBeGreaterThanOrEqual(4.5);
      },
    );
  }

  test.each(CLASSIC.map((colour, i) => [i, colour] as const))("text on background %i %s", (_, colour) => {
    expect(Math.max(contrast(colour, "#000000"), contrast(colour, "#ffffff"))).toBeGreaterThanOrEqual(4.5);
  });

  test("text on highlights, in light and in dark, whatever its own colour", () => {
    for (const side of [0, 1] as const) {
      for (const mark of MARKS) expect(contrast(mark[side], MARK_TEXT[side]), mark[side]).toBeGreaterThanOrEqual(4.5);
      for (const found of [FOUND.background, FOUND.current]) expect(contrast(found[side], FOUND.text[side])).toBeGreaterThanOrEqual(4.5);
    }
    expect(MARKS).toHaveLength(MOST_MARKS);
  });

  test("the 256-colour palette is xterm's", () => {
    expect([16, 21, 196, 231, 232, 255].map(indexed)).toEqual(["#000000", "#0000ff", "#ff0000", "#ffffff", "#080808", "#eeeeee"]);
  });
});

describe("words", () => {
  test("numbers", () => {
    expect([count(1234567), shortCount(99_999), shortCount(800_000), shortCount(1_234_567)]).toEqual(["1,234,567", "99,999", "800 k", "1.2 M"]);
    expect([size(1), size(1023), size(2048), size(5_500_000)]).toEqual(["1 byte", "1023 bytes", "2.0 KiB", "5.2 MiB"]);
    expect([0.004, 1.23, 59.97, 3599.6, 7322].map(duration)).toEqual(["4 ms", "1.2 s", "1 min 0 s", "1 h 0 min", "2 h 2 min"]);
  });

  test("how a run ended", () => {
    expect(exitWords({ code: 0, signal: null, seconds: 1.2 }, undefined)).toBe("exited with code 0 after 1.2 s");
    expect(exitWords({ code: null, signal: "SIGTERM", seconds: 61 }, undefined)).toBe("ended by SIGTERM after 1 min 1 s");
  });
});

describe("the scroll bar", () => {
  test("is never longer than a browser can lay out", () => {
    expect(scrollLength(1e9, 20, 700)).toBe(10_000_000);
    expect(scrollLength(10, 20, 700)).toBe(700);
  });

  test("a place in it and the rows above are each other's inverse", () => {
    for (const rows of [50, 1000, 8e5]) {
      for (const at of [0, 0.25, 0.5, 1]) {
        const above = rowsAbove(at, rows, 35);
        expect(share(above, rows - 35 - above)).toBeCloseTo(at);
      }
    }
    expect(share(0, 0)).toBe(0);
  });
});

describe("the list of segments", () => {
  test("is read, or refused", () => {
    const segment = { first_seq: 1, last_seq: 4, line: 1, time: 5, offset: 0, raw: 100, stored: 50, sealed: true };
    expect(parseSegmentList({ epoch: "e", segments: [segment] })?.segments).toEqual([
      { firstSeq: 1, lastSeq: 4, line: 1, time: 5, offset: 0, raw: 100, sealed: true, midLine: false },
    ]);
    for (const wrong of [null, 5, {}, { epoch: "e" }, { epoch: "e", segments: [1] }]) expect(parseSegmentList(wrong)).toBeUndefined();
  });
});
