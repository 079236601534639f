// What stands around the log: its colours, the rate of lines, the QR code, the table of keys.
import { generate } from "lean-qr";
import { describe, expect, test } from "vitest";
import { rateWords, titleOf } from "../src/components/format.ts";
import { keyOf, SHORTCUTS } from "../src/components/keys.ts";
import { contrast } from "../src/components/palette.ts";
import { qrPath } from "../src/components/bar/qr.ts";
import { COLOURS, rowHeight } from "../src/components/theme.ts";
import { Rate } from "../src/core/log/rate.ts";

describe("colours can be read (WCAG AA)", () => {
  const backgrounds = ["bg", "bar", "field", "raised", "hover"] as const;
  const texts = ["fg", "quiet", "accent", "warn", "bad"] as const;
  for (const [side, name] of ["light", "dark"].entries()) {
    for (const background of backgrounds) {
      test.each(texts)(`${name}: %s on ${background}`, (text) => {
        expect(contrast(COLOURS[text][side] ?? "", COLOURS[background][side] ?? "")).toBeGreaterThanOrEqual(4.5);
      });
    }
  }
});

describe("the rate", () => {
  test("is what comes in a second, and nothing soon after it stops", () => {
    const rate = new Rate();
    for (let at = 0; at <= 10_000; at += 16) rate.add(at, 1000 + at / 10);
    expect(rate.at(10_000)).toBeCloseTo(100, -1);
    expect(rate.at(11_500)).toBeGreaterThan(0);
    expect(rate.at(13_100)).toBe(0);
    expect(rate.at(1e6)).toBe(0);
    rate.add(1e6, 2000);
    rate.add(1e6 + 10, 2001);
    expect(rate.at(1e6 + 20)).toBe(1);
  });

  test("does not count what was there before, or another log", () => {
    const rate = new Rate();
    expect(rate.at(5)).toBe(0);
    rate.add(100, 800_000);
    expect(rate.at(200)).toBe(0);
    rate.add(300, 800_010);
    rate.clear();
    rate.add(400, 3);
    expect(rate.at(500)).toBe(0);
  });

  test("in words", () => {
    expect([0.3, 1.4, 99.4, 1234, 52_345, 412_345].map(rateWords)).toEqual(["< 1/s", "1/s", "99/s", "1,230/s", "52,350/s", "412 k/s"]);
  });
});

test("a stream is called what it was told to be, or by its command, or by its name", () => {
  const stream = { name: "make", title: "", command: ["make", "-j8"], pty: true, cols: 1, rows: 1, screen: false };
  expect([undefined, { ...stream, title: "T" }, stream, { ...stream, command: [] }].map(titleOf)).toEqual(["webtee", "T", "make -j8", "make"]);
});

test("the rows' height goes with the text", () => {
  expect([9, 13, 28].map(rowHeight)).toEqual([14, 20, 42]);
});

test("a QR code's path is its dark modules, with a quiet zone of four", () => {
  const code = generate("http://build.example.org:9000/s/make#L120-L140&epoch=5f0c");
  const { path, size } = qrPath(code);
  expect(size).toBe(code.size + 8);
  const drawn = new Set<string>();
  const rest = path.replace(/M(\d+) (\d+)h(\d+)v1h-(\d+)z/g, (_, x: string, y: string, width: string, back: string) => {
    expect(back).toBe(width);
    for (let i = 0; i < Number(width); i++) drawn.add(`${Number(x) + i} ${y}`);
    return "";
  });
  expect(rest).toBe("");
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) expect(drawn.has(`${x} ${y}`)).toBe(code.get(x - 4, y - 4));
});

test("each key means one thing", () => {
  const keys = SHORTCUTS.flatMap((shortcut) => shortcut.keys);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keyOf("help")).toBe("?");
});
