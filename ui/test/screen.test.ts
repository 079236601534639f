// What the server says of the present screen, and what a terminal gets of each record.
import { describe, expect, test } from "vitest";
import { parseScreen, pieceOf } from "../src/core/terminal/screen.ts";
import { Kind, type Record } from "../src/core/log/record.ts";

const encoder = new TextEncoder();
const part = { from: 5, to: null, before: "\u001b[!p\u00ff", cols: 80, rows: 24, segments: [1, 40] };
const answer = { epoch: "e", on: true, cols: 80, rows: 24, last_seq: 41, exact: false, parts: [part] };

function record(payload: string, offset: number, kind: number = Kind.output): Record {
  return { kind, seq: 1, offset, line: 1, time: 0, payload: encoder.encode(payload) };
}

test("the server's answer is read", () => {
  const read = { from: 5, to: Infinity, before: Uint8Array.of(27, 91, 33, 112, 255), size: { cols: 80, rows: 24 }, segments: [1, 40] };
  expect(parseScreen(answer)).toEqual({ epoch: "e", on: true, size: { cols: 80, rows: 24 }, lastSeq: 41, exact: false, parts: [read] });
});

test.each([
  undefined,
  "screen",
  {},
  { ...answer, epoch: 5 },
  { ...answer, last_seq: -1 },
  { ...answer, parts: {} },
  { ...answer, parts: [{ ...part, from: "5" }] },
  { ...answer, parts: [{ ...part, to: -1 }] },
  { ...answer, parts: [{ ...part, cols: 0 }] },
  { ...answer, parts: [{ ...part, rows: 1e9 }] },
  { ...answer, parts: [{ ...part, before: null }] },
  { ...answer, parts: [{ ...part, segments: ["1"] }] },
])("what is none is not: %j", (json) => {
  expect(parseScreen(json)).toBeUndefined();
});

describe("a record gives of itself what belongs to the part", () => {
  const within = { from: 10, to: 20 };
  test.each([
    ["0123456789", 0, undefined],
    ["0123456789ab", 0, "ab"],
    ["0123", 10, "0123"],
    ["0123456789abcdef", 8, "23456789ab"],
    ["0123", 20, undefined],
  ])("%s at %i", (payload, offset, expected) => {
    const piece = pieceOf(record(payload, offset), within);
    expect(piece instanceof Uint8Array ? new TextDecoder().decode(piece) : piece).toBe(expected);
  });

  test("sizes, and nothing of other events", () => {
    const resize = JSON.stringify({ event: "resize", cols: 100, rows: 30 });
    expect(pieceOf(record(resize, 10, Kind.event), within)).toEqual({ cols: 100, rows: 30 });
    expect(pieceOf(record(resize, 9, Kind.event), within)).toBeUndefined();
    expect(pieceOf(record(resize, 21, Kind.event), within)).toBeUndefined();
    expect(pieceOf(record(JSON.stringify({ event: "resize", cols: 0, rows: 30 }), 10, Kind.event), within)).toBeUndefined();
    expect(pieceOf(record(JSON.stringify({ event: "screen", on: true }), 10, Kind.event), within)).toBeUndefined();
  });
});
