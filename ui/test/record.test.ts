import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { decodeMessage, HEADER_BYTES, RecordError, RecordReader, type Record } from "../src/core/log/record.ts";
import { bytes, encode, random } from "./helpers.ts";

interface Golden {
  readonly cases: readonly {
    readonly name: string;
    readonly segment_body: string;
    readonly records: readonly (Omit<Record, "payload"> & { readonly payload: string })[];
  }[];
}

const golden = JSON.parse(readFileSync(new URL("../../tests/golden/records.json", import.meta.url), "utf8")) as Golden;

/** Every field of a record, its payload copied: a reader's payloads do not outlive the call. */
function plain(record: Record): object {
  return { ...record, payload: Buffer.from(record.payload).toString("base64") };
}

function read(body: Uint8Array, sizes: () => number): object[] {
  const reader = new RecordReader();
  const records: object[] = [];
  for (let at = 0; at < body.length; ) {
    const size = Math.max(1, sizes());
    reader.push(body.subarray(at, at + size), (record) => records.push(plain(record)));
    at += size;
  }
  expect(reader.pending).toBe(0);
  return records;
}

describe("the Python encoder's golden vectors", () => {
  test("there are some", () => {
    expect(golden.cases.length).toBeGreaterThan(0);
  });

  for (const { name, segment_body, records } of golden.cases) {
    test(`${name}: whole, byte by byte, and in any pieces`, () => {
      const body = inflateRawSync(Buffer.from(segment_body, "base64"));
      const expected = records.map((record) => expect.objectContaining(record) as unknown);
      const next = random(7);
      expect(read(body, () => body.length)).toEqual(expected);
      expect(read(body, () => 1)).toEqual(expected);
      expect(read(body, () => Math.floor(next() * 90))).toEqual(expected);
    });
  }
});

describe("one message", () => {
  const record: Record = { kind: 1, seq: 2 ** 52 - 1, offset: 2 ** 40 + 3, line: 2 ** 33, time: 1_790_000_000_000_000, payload: bytes("héllo\n") };

  test("every field comes back, up to the largest number", () => {
    expect(plain(decodeMessage(encode(record)))).toEqual(plain(record));
  });

  test("what is shorter or longer than its header says is refused", () => {
    const message = encode(record);
    for (const length of [0, 1, HEADER_BYTES - 1, message.length - 1]) {
      expect(() => decodeMessage(message.subarray(0, length))).toThrow(RecordError);
    }
    expect(() => decodeMessage(new Uint8Array([...message, 0]))).toThrow(RecordError);
  });

  test("numbers that a page cannot count are refused", () => {
    const message = encode(record);
    message[14] = 0x10;
    expect(() => decodeMessage(message)).toThrow(/2\^52/);
  });

  test("a clock that is far ahead says the year 9999", () => {
    const message = encode(record);
    message.fill(255, 32, 40);
    const { time } = decodeMessage(message);
    expect(new Date(time / 1000).toISOString()).toBe("9999-12-31T23:59:59.999Z");
  });

  test("any bytes are a record or refused with a documented error", () => {
    const next = random(3);
    for (let i = 0; i < 2000; i++) {
      const noise = Uint8Array.from({ length: Math.floor(next() * 60) }, () => Math.floor(next() * 256) * (next() < 0.5 ? 0 : 1));
      try {
        decodeMessage(noise);
      } catch (error) {
        expect(error).toBeInstanceOf(RecordError);
      }
    }
  });
});

test("a body with an absurd length is refused before memory is spent", () => {
  const message = encode({ kind: 0, seq: 1, offset: 0, line: 1, time: 0, payload: bytes("x") });
  message.set([255, 255, 255, 255], 4);
  expect(() => new RecordReader().push(message, () => undefined)).toThrow(RecordError);
});
