// Text of pieces: whatever the bytes and wherever they are cut, the pieces' texts joined are what a decoder makes of the
// whole, and it does not matter when and in which order they are decoded.
import { expect, test } from "vitest";
import { TextPieces } from "../src/core/text/utf8.ts";
import { bytes, random } from "./helpers.ts";

/** Bytes that begin, go on with and end characters, rightly and wrongly. */
const ODD = [0x00, 0x41, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc0, 0xc3, 0xdf, 0xe0, 0xe2, 0xed, 0xef, 0xbb, 0xf0, 0xf4, 0xf5, 0xf8, 0xff];
const WORDS = ["a", "é", "€", "😀", "\ufeff", "\n"].map(bytes);

function anything(next: () => number): Uint8Array {
  const parts = Array.from({ length: Math.floor(next() * 12) }, () =>
    next() < 0.5 ? Uint8Array.of(ODD[Math.floor(next() * ODD.length)] ?? 0) : (WORDS[Math.floor(next() * WORDS.length)] ?? bytes("")),
  );
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function cuts(whole: Uint8Array, next: () => number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < whole.length; ) {
    const end = at + Math.floor(next() * 4);
    pieces.push(whole.subarray(at, end));
    at = end;
  }
  return pieces;
}

test("is what a decoder makes of the whole", () => {
  const next = random(1);
  for (let i = 0; i < 5000; i++) {
    const whole = anything(next);
    const pieces = new TextPieces();
    const texts = cuts(whole, next).map((piece) => pieces.take(piece));
    // The last first; a line's end ends whatever has been begun.
    const end = pieces.take(bytes("\n"))();
    const read = texts.reverse().map((text) => text()).reverse().join("");
    expect(read + end).toBe(new TextDecoder("utf-8", { ignoreBOM: true }).decode(whole) + "\n");
  }
});

test("a character belongs to the piece that ends it", () => {
  const pieces = new TextPieces();
  const [a = 0, b = 0, c = 0] = bytes("€");
  expect([Uint8Array.of(0x41, a), Uint8Array.of(b), Uint8Array.of(c, 0x42)].map((piece) => pieces.take(piece)())).toEqual(["A", "", "€B"]);
});

test("what was begun before a cut is forgotten", () => {
  const pieces = new TextPieces();
  pieces.take(Uint8Array.of(0xe2, 0x82));
  pieces.cut();
  expect(pieces.take(bytes("next"))()).toBe("next");
});
