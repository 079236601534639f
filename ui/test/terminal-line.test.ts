import { describe, expect, test } from "vitest";
import { Flag, PLAIN, RGB, type Style } from "../src/core/text/sgr.ts";
import { renderLine, renderText } from "../src/core/text/terminal-line.ts";
import { columns } from "../src/core/text/width.ts";
import { bytes, random } from "./helpers.ts";

function shown(line: string): string {
  return renderText(line)
    .map((span) => span.text)
    .join("");
}

function styled(line: string): [string, Style][] {
  return renderText(line).map((span) => [span.text, span.style]);
}

describe("what a line says in the end", () => {
  test.each([
    ["plain", "plain"],
    ["", ""],
    ["windows\r", "windows"],
    ["twice\r\r", "twice"],
    ["10%\r50%\r100%", "100%"],
    ["longer text\rshort", "shorttext".slice(0, 5) + "r text"],
    ["longer text\rshort\x1b[K", "short"],
    ["a\tb\rX", "X" + " ".repeat(7) + "b"],
    ["abc\b\bX", "aXc"],
    ["\b\b\bx", "x"],
    ["abc\x1b[2Kd", "   d"],
    ["abcdef\x1b[3D\x1b[1K!", "   !ef"],
    ["abc\x1b[1GX", "Xbc"],
    ["abc\x1b[GX", "Xbc"],
    ["a\x1b[3Cb", "a   b"],
    ["abcdef\r\x1b[2Px", "xdef"],
    ["abcdef\r\x1b[2@x", "x abcdef"],
    ["abcdef\r\x1b[3Xx", "x  def"],
    ["漢字\rab", "ab字"],
    ["漢字\rx", "x 字"],
    ["e\u0301a\rx", "xa"],
    ["tab\tstays", "tab\tstays"],
  ])("%j shows %j", (line, expected) => {
    expect(shown(line)).toBe(expected);
  });
});

describe("no residue", () => {
  test.each([
    ["\x1b[?25lhidden cursor\x1b[?25h", "hidden cursor"],
    ["\x1b]0;window title\x07text", "text"],
    ["\x1b]8;;http://example.org\x1b\\link\x1b]8;;\x1b\\", "link"],
    ["\x1bPq#0;2;0;0;0#0~~@@vv\x1b\\sixel", "sixel"],
    ["\x1b_apc\x1b\\\x1b^pm\x1b\\\x1bXsos\x1b\\x", "x"],
    ["\x1b(Bcharset\x1b)0", "charset"],
    ["\x1b=\x1b>\x1b7\x1b8\x1bMx", "x"],
    ["\x1b[>4;2mkeys\x1b[<u", "keys"],
    ["\x1b[2 qcursor style", "cursor style"],
    ["\x1b[12;40Haddressed", "addressed"],
    ["\u009b31mc1\u009b0m", "c1"],
    ["\u009dtitle\u009cc1 string", "c1 string"],
    ["bell\x07 nul\x00 vt\x0b ff\x0c del\x7f", "bell nul vt ff del"],
    ["cut off \x1b[38;5", "cut off "],
    ["cut off \x1b]0;never ends", "cut off "],
    ["cut off \x1b", "cut off "],
    ["cancelled \x1b]0;string\x18 goes on", "cancelled  goes on"],
    ["begun anew \x1b]0;string\x1b[31m goes on", "begun anew  goes on"],
    ["\x1bktitle of screen\x1b\\text", "text"],
    ["\x1bPtmux;\x1b\x1b]0;title\x07\x1b\\passed through", "passed through"],
    ["\x1bPa bell\x07 does not end it\x1b\\text", "text"],
    ["a string that is \x1b_cut \x07", "a string that is "],
    ["cut off \x1b(", "cut off "],
    ["cut off \x1b]8;;http://example.org", "cut off "],
  ])("%j shows %j", (line, expected) => {
    expect(shown(line)).toBe(expected);
  });
});

describe("styles", () => {
  test("spans of sixteen, 256 and true colours, with flags", () => {
    expect(styled("a\x1b[31mb\x1b[1;92mc\x1b[0md")).toEqual([
      ["a", PLAIN],
      ["b", { ...PLAIN, fg: 1 }],
      ["c", { ...PLAIN, fg: 10, flags: Flag.bold }],
      ["d", PLAIN],
    ]);
    expect(styled("\x1b[38;5;200;48;2;1;2;3;4mx")).toEqual([["x", { ...PLAIN, fg: 200, bg: RGB + 0x010203, flags: Flag.underline }]]);
    expect(styled("\x1b[38:2::255:0:16mx\x1b[4:0;39my")).toEqual([
      ["x", { ...PLAIN, fg: RGB + 0xff0010 }],
      ["y", PLAIN],
    ]);
  });

  test("a style that the line begins in, and overwriting keeps each cell's own", () => {
    const red: Style = { ...PLAIN, fg: 1 };
    expect(renderText("abc\rX", red)).toEqual([{ text: "Xbc", style: red }]);
    expect(styled("abc\r\x1b[32mX\x1b[m")).toEqual([
      ["X", { ...PLAIN, fg: 2 }],
      ["bc", PLAIN],
    ]);
  });

  test("grep's colours with erasing after them stay in the fast way", () => {
    expect(styled("a\x1b[01;31m\x1b[Kb\x1b[m\x1b[Kc")).toEqual([
      ["a", PLAIN],
      ["b", { ...PLAIN, fg: 1, flags: Flag.bold }],
      ["c", PLAIN],
    ]);
  });
});

describe("line drawing", () => {
  test.each([
    ["\x1b(0lqk\x1b(Bq", "┌─┐q"],
    ["\x1b)0a\x0ex\x0fx", "a│x"],
    ["z\r\x1b(0mqj", "└─┘"],
    ["\x1b(0漢A~", "漢A·"],
  ])("%j shows %j", (line, expected) => {
    expect(shown(line)).toBe(expected);
  });
});

describe("links that sequences give", () => {
  test("text leads to them until they are ended, whatever its style", () => {
    const link = "https://example.org/a;b";
    expect(renderText(`a\x1b]8;id=1;${link}\x07b\x1b[31mc\x1b]8;;\x1b\\d`)).toEqual([
      { text: "a", style: PLAIN },
      { text: "b", style: PLAIN, link },
      { text: "c", style: { ...PLAIN, fg: 1 }, link },
      { text: "d", style: { ...PLAIN, fg: 1 } },
    ]);
    expect(renderText(`xx\r\x1b]8;;${link}\x07y`)).toEqual([
      { text: "y", style: PLAIN, link },
      { text: "x", style: PLAIN },
    ]);
  });

  test.each(["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https:/x", "//x", "https://", "http://a b", ""])(
    "%j is none",
    (uri) => {
      expect(renderText(`\x1b]8;;${uri}\x07text`)).toEqual([{ text: "text", style: PLAIN }]);
    },
  );
});

describe("erasing with a background colour", () => {
  const blue: Style = { ...PLAIN, bg: 4 };

  test("fills to the end of the line, over which text goes on", () => {
    expect(renderText("\x1b[1;44mab\x1b[K\x1b[m c")).toEqual([
      { text: "ab", style: { ...blue, flags: Flag.bold } },
      { text: " c", style: PLAIN },
      { text: "", style: blue, fill: true },
    ]);
    expect(renderText("\x1b[44m\x1b[K\x1b[m\x1b[K")).toEqual([]);
  });

  test("the same where the cursor moves about", () => {
    expect(renderText("abc\r\x1b[44m\x1b[K\x1b[2Cx")).toEqual([
      { text: "  x", style: blue },
      { text: "", style: blue, fill: true },
    ]);
    expect(renderText("abc\r\x1b[44m\x1b[2X")).toEqual([
      { text: "  ", style: blue },
      { text: "c", style: PLAIN },
    ]);
  });
});

describe("hostile lines", () => {
  test("bytes that are no UTF-8 show as replacement characters", () => {
    expect(renderLine(new Uint8Array([0x61, 0xff, 0xc3, 0x62]))).toEqual([{ text: "a\ufffd\ufffdb", style: PLAIN }]);
  });

  test("a cursor cannot be sent out of bounds", () => {
    expect(shown("\x1b[999999999Cx").length).toBeLessThan(20_000);
    expect(shown("\r" + "\x1b[16384@x\r".repeat(3000)).length).toBeLessThan(20_000);
  });

  test.each([
    ["erased", "\x1b[2K\x1b[16384Gx"],
    ["erased from the start", "\r\x1b[K\x1b[16384Gx"],
  ])("a line that is %s and written far beyond its end takes time for its length, not for its columns", (_what, again) => {
    expect(shown(again.repeat(10))).toBe(`${" ".repeat(16_383)}x`);
    expect(shown(again.repeat(1000))).toBe("x");
  });

  test("marks do not pile up without end once cells are counted", () => {
    expect(shown("\rx\ry" + "\u0301".repeat(10_000)).length).toBeLessThan(32);
  });

  test("any characters: text without control characters, in time", () => {
    const next = random(11);
    const alphabet = "ab \t\r\b\x1b[[[]?;;0123mKGCDHPX@\x07\\\u009b\u009d漢😀\u0301\x18";
    const started = performance.now();
    for (let i = 0; i < 3000; i++) {
      const line = Array.from({ length: Math.floor(next() * 80) }, () => alphabet[Math.floor(next() * alphabet.length)]).join("");
      // eslint-disable-next-line no-control-regex
      expect(shown(line)).not.toMatch(/[\x00-\x08\x0a-\x1f\x7f-\x9f]/);
    }
    renderLine(bytes("\x1b[1K\r".repeat(12_000)));
    renderLine(bytes("x\x1b]".repeat(20_000)));
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

test("columns of characters", () => {
  expect(["a", "é", "漢", "😀", "\u0301", "\u200d"].map(columns)).toEqual([1, 1, 2, 2, 0, 0]);
  expect(["✅", "⌚", "☃", "한", "ｱ", "Ａ", "🇩", "🌶", "\u202e", "א"].map(columns)).toEqual([2, 2, 1, 2, 1, 2, 1, 1, 0, 1]);
});
