import { expect, test } from "vitest";
import { applySgr, Flag, lastReset, PLAIN, RGB, scanStyle, type Style } from "../src/core/text/sgr.ts";
import { bytes, random } from "./helpers.ts";

test.each<[string, Partial<Style>]>([
  ["", {}],
  ["0", {}],
  ["1;2;3;4;7;8;9", { flags: Flag.bold | Flag.dim | Flag.italic | Flag.underline | Flag.inverse | Flag.hidden | Flag.strike }],
  ["1;2;22", {}],
  ["7;27;9;29;3;23;4;24;8;28", {}],
  ["37;107", { fg: 7, bg: 15 }],
  ["38;5;300", { fg: 255 }],
  ["48;5;17", { bg: 17 }],
  ["38;2;1;2;3", { fg: RGB + 0x010203 }],
  ["31;38;9;1", { fg: 1 }],
  ["38;5;1;39", {}],
  ["1;;3", { flags: Flag.italic }],
  ["4:3", { flags: Flag.curly }],
  ["4:3;21", { flags: Flag.double }],
  ["4:5;4:4;4:2;4:1", { flags: Flag.underline }],
  ["4:9", { flags: Flag.underline }],
  ["4:3;24", {}],
  ["5;53", { flags: Flag.blink | Flag.overline }],
  ["5;53;25;55", {}],
  ["58;5;9", { line: 9 }],
  ["58:2::1:2:3", { line: RGB + 0x010203 }],
  ["58;2;1;2;3;59", {}],
  ["38:2:1:2:3;48:5:7", { fg: RGB + 0x010203, bg: 7 }],
  ["999;31", { fg: 1 }],
])("SGR %j", (params, expected) => {
  expect(applySgr(PLAIN, params)).toEqual({ ...PLAIN, ...expected });
});

test("scanning bytes goes over other sequences and cut ones", () => {
  expect(scanStyle(bytes("a\x1b[31mb\x1b[K\x1b]0;\x07\x1b[1"), PLAIN)).toEqual({ ...PLAIN, fg: 1 });
});

test("38;5;0 is a colour and no reset", () => {
  expect(lastReset(bytes("x\x1b[38;5;0m"))).toBe(-1);
  expect(lastReset(bytes("x\x1b[39;49m"))).toBe(-1);
  expect(lastReset(bytes("x\x1b[my\x1b[31mz"))).toBe(1);
});

test("from the last full reset on, what was before does not matter", () => {
  const next = random(5);
  const codes = ["0", "", "1", "31", "38;5;0", "48;2;0;0;0", "0;32", "39", "22", "7;0"];
  for (let i = 0; i < 500; i++) {
    const data = bytes(
      Array.from({ length: Math.floor(next() * 12) }, () => `t\x1b[${codes[Math.floor(next() * codes.length)] ?? ""}m`).join(""),
    );
    const reset = lastReset(data);
    const odd: Style = { fg: 5, bg: 6, line: 7, flags: Flag.strike };
    if (reset !== -1) expect(scanStyle(data.subarray(reset), PLAIN)).toEqual(scanStyle(data, odd));
  }
});
