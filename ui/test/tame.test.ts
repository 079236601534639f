// Sequences that tell a terminal to do something a billion times do it as often as the screen is large.
import { describe, expect, test } from "vitest";
import { Tamer } from "../src/core/terminal/tame.ts";

const encode = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
const decode = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** Each byte apart. */
const bytewise = (text: string): string[] => Array.from(text, (char) => char);

function tamed(...pieces: readonly string[]): string {
  const tamer = new Tamer();
  tamer.limit = 80;
  return pieces.map((piece) => decode(tamer.tame(encode(piece)))).join("");
}

describe("what is lowered", () => {
  test.each([
    ["\x1b[2147483648L", "\x1b[0000000080L"],
    ["\x1b[81M", "\x1b[80M"],
    ["\x1b[5;999S", "\x1b[5;080S"],
    ["\x1b[1:999;7T", "\x1b[1:080;7T"],
    ["\xc2\x9b99999b", "\xc2\x9b00080b"],
    ["\x1b[99\n99@", "\x1b[00\n80@"],
    ["\x1b]0;t\x1b[999Pa", "\x1b]0;t\x1b[080Pa"],
  ])("%j becomes %j", (given, expected) => {
    expect(tamed(given)).toBe(expected);
    for (let cut = 0; cut <= given.length; cut++) expect(tamed(given.slice(0, cut), given.slice(cut))).toBe(expected);
    expect(tamed(...bytewise(given))).toBe(expected);
  });
});

describe("what is not", () => {
  test.each(["\x1b[80L", "\x1b[38;2;255;200;100m", "\x1b[?1049h", "\x1b[999;999H", "999L", "\x1b999L", "\x1b[9\x18999L", "\xc2\xa99999L", "\x1b[\x1b]999L", "\xe6\xbc\xa2"])(
    "%j",
    (given) => {
      expect(tamed(given)).toBe(given);
      expect(tamed(...bytewise(given))).toBe(given);
    },
  );
});

test("a sequence without end counts for nothing, and is not kept", () => {
  const endless = `\x1b[${"9".repeat(1000)}`;
  expect(tamed("text", endless, "99", "9L", "\x1b[999L")).toBe(`text\x1b[${"0".repeat(1000)}000L\x1b[080L`);
});

test("what waits comes with the rest", () => {
  const tamer = new Tamer();
  expect(decode(tamer.tame(encode("a\x1b[3")))).toBe("a\x1b[");
  expect(decode(tamer.tame(encode("1mb")))).toBe("31mb");
});
