// The store against the obvious way to split a log into lines: whatever is loaded in whatever order, in however many
// pieces, with gaps and with the oldest let go, a line that is said to be complete is exactly the line.
import { describe, expect, test } from "vitest";
import { Kind, type Record } from "../src/core/log/record.ts";
import { PLAIN } from "../src/core/text/sgr.ts";
import type { Segment } from "../src/core/log/segments.ts";
import { Store } from "../src/core/log/store.ts";
import { linesOf, random, recordsOf, text } from "./helpers.ts";

interface Write {
  kind: number;
  data: string;
}

function randomWrites(next: () => number, count: number): Write[] {
  const pieces = ["a", "bc\n", "\n", "long ".repeat(20), "\n\n\n", "x\ny", "\x1b[31m", "\x1b[0m\n"];
  return Array.from({ length: count }, () => {
    const kind = next() < 0.75 ? Kind.output : next() < 0.7 ? Kind.stderr : Kind.event;
    if (kind === Kind.event) return { kind, data: '{"event":"mark","text":"m"}' };
    return { kind, data: pieces[Math.floor(next() * pieces.length)] ?? "" };
  });
}

function segmentsOf(records: readonly Record[], sizes: () => number): { segment: Segment; records: Record[] }[] {
  const segments: { segment: Segment; records: Record[] }[] = [];
  for (let at = 0; at < records.length; ) {
    const part = records.slice(at, at + Math.max(1, sizes()));
    at += part.length;
    const [first, last] = [part[0], part.at(-1)];
    if (first === undefined || last === undefined) break;
    const { seq, line, time, offset } = first;
    segments.push({ segment: { firstSeq: seq, lastSeq: last.seq, line, time, offset, raw: 1, sealed: at < records.length, midLine: false }, records: part });
  }
  return segments;
}

function headOf(records: readonly Record[]): { seq: number; line: number } {
  return { seq: records.at(-1)?.seq ?? 0, line: (records.at(-1)?.line ?? 1) + 1 };
}

const FIRST = { seq: 1, line: 1 };

describe("any log, loaded in any order", () => {
  for (let seed = 1; seed <= 60; seed++) {
    test(`seed ${seed}`, () => {
      const next = random(seed);
      const writes = randomWrites(next, 5 + Math.floor(next() * 60));
      const records = recordsOf(writes);
      const expected = linesOf(writes);
      const parts = segmentsOf(records, () => Math.floor(next() * 8));
      const store = new Store(FIRST, headOf(records));
      store.setSegments(parts.map(({ segment }) => segment));
      const order = parts.map((_, index) => index).sort(() => next() - 0.5);
      const check = (all: boolean): void => {
        for (const [index, line] of expected.entries()) {
          const got = store.line(index + 1, 1 << 20);
          const last = index === expected.length - 1;
          if (all) expect(got).toBeDefined();
          if (got === undefined || (!got.complete && !all)) continue;
          expect({ line: index + 1, kind: got.kind, data: text(got.bytes) }).toEqual({ line: index + 1, ...line });
          if (!last) expect(got.complete).toBe(true);
        }
      };
      for (const index of order) {
        for (const record of parts[index]?.records ?? []) store.append(record);
        if (next() < 0.3) for (const record of parts[index]?.records ?? []) store.append(record);
        check(false);
      }
      check(true);
      expect(store.lastLine).toBe(expected.length);
      expect(store.wanted(1, expected.length + 1, false)).toEqual({ segments: [], renewList: false });
    });
  }
});

describe("asking for what is missing", () => {
  test("fetching what is wanted, again and again, brings any window of lines", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const next = random(seed * 101);
      const writes = randomWrites(next, 80);
      const records = recordsOf(writes);
      const expected = linesOf(writes);
      const parts = segmentsOf(records, () => 1 + Math.floor(next() * 8));
      const store = new Store(FIRST, headOf(records));
      store.setSegments(parts.map(({ segment }) => segment));
      const from = 1 + Math.floor(next() * expected.length);
      const to = Math.min(expected.length + 1, from + 1 + Math.floor(next() * 10));
      for (let round = 0; ; round++) {
        const { segments, renewList } = store.wanted(from, to, next() < 0.5);
        expect(renewList).toBe(false);
        if (segments.length === 0) break;
        expect(round).toBeLessThan(100);
        for (const segment of segments) {
          for (const record of parts.find((part) => part.segment === segment)?.records ?? []) store.append(record);
        }
      }
      for (let line = from; line < to; line++) {
        const want = expected[line - 1];
        const got = store.line(line, 1 << 20);
        expect(got === undefined ? undefined : text(got.bytes)).toBe(want?.data);
      }
    }
  });

  test("a list that is too old is to be renewed", () => {
    const records = recordsOf(Array.from({ length: 10 }, (_, i) => ({ kind: 0, data: `line ${i}\n` })));
    const store = new Store(FIRST, headOf(records));
    expect(store.wanted(1, 3, false).renewList).toBe(true);
    const [old] = segmentsOf(records.slice(0, 4), () => 4);
    if (old !== undefined) store.setSegments([old.segment]);
    expect(store.wanted(8, 9, false).renewList).toBe(true);
    expect(store.wanted(1, 3, false).segments).toHaveLength(1);
  });
});

describe("gaps", () => {
  test("two that meet within a line are one", () => {
    const store = new Store({ seq: 1, line: 1 }, { seq: 0, line: 1 });
    const records = recordsOf([1, 2, 3, 4, 5].map((n) => ({ kind: Kind.output, data: `a${n}\nb${n}` })));
    const [first, , third, , fifth] = records;
    if (first === undefined || third === undefined || fifth === undefined) throw new Error("no records");
    store.append(first);
    store.gap({ firstSeq: 2, lastSeq: 2, firstLine: 2, lastLine: third.line, bytes: 5, reason: "slow" });
    store.gap({ firstSeq: 3, lastSeq: 4, firstLine: third.line, lastLine: fifth.line, bytes: 10, reason: "slow" });
    store.append(fifth);
    expect(store.extras()).toMatchObject([{ kind: "gap", after: 2, hideTo: fifth.line - 1, bytes: 15 }]);
  });

  const records = recordsOf(Array.from({ length: 10 }, (_, i) => ({ kind: 0, data: `line ${i + 1}\npart` })));

  test("hide the lines of which nothing is there, and become lines to load when opened", () => {
    const store = new Store(FIRST, { seq: 1, line: 2 });
    for (const record of records.slice(0, 3)) store.append(record);
    const [third, seventh] = [records[3], records[7]];
    if (third === undefined || seventh === undefined) throw new Error("no records");
    store.gap({ firstSeq: 4, lastSeq: 7, firstLine: third.line, lastLine: seventh.line, bytes: 40, reason: "slow" });
    expect(store.extras()).toMatchObject([{ kind: "gap", after: 4, hideTo: 8 }]);
    for (const record of records.slice(7)) store.append(record);
    // The eighth record goes on in the line that the gap ends in, so that line is there in part.
    expect(store.extras()).toMatchObject([{ kind: "gap", after: 4, hideTo: 7 }]);
    store.setSegments(segmentsOf(records, () => 5).map(({ segment }) => segment));
    expect(store.wanted(1, 11, false).segments).toEqual([]);
    expect(store.line(4, 100)?.complete).toBe(false);
    store.openGap(1);
    expect(store.extras()).toEqual([]);
    expect(store.wanted(1, 11, false).segments).toHaveLength(2);
    for (const record of records) store.append(record);
    expect(text(store.line(4, 100)?.bytes ?? new Uint8Array())).toBe("partline 4");
    expect(store.line(4, 100)?.complete).toBe(true);
  });

  test("what the server no longer keeps stays as such", () => {
    const store = new Store(FIRST, { seq: 0, line: 1 });
    for (const record of records.slice(0, 2)) store.append(record);
    store.gap({ firstSeq: 3, lastSeq: 5, firstLine: 3, lastLine: 6, bytes: 30, reason: "expired" });
    for (const record of records.slice(5)) store.append(record);
    store.openGap(1);
    expect(store.extras()).toMatchObject([{ kind: "gap", reason: "expired", after: 3, hideTo: 5 }]);
  });
});

describe("events", () => {
  test("stand after the last line that has a byte, once however often they come", () => {
    const store = new Store(FIRST, { seq: 0, line: 1 });
    const records = recordsOf([
      { kind: 2, data: '{"event":"start","run":1,"command":["make"],"pid":3,"pty":true}' },
      { kind: 0, data: "one\nno newline" },
      { kind: 2, data: '{"event":"exit","run":1,"code":null,"signal":"SIGTERM","seconds":1.5}' },
      { kind: 2, data: "{not json" },
      { kind: 2, data: '{"event":"from the future"}' },
    ]);
    for (const record of [...records, ...records]) store.append(record);
    expect(store.extras()).toMatchObject([
      { kind: "start", after: 0, command: ["make"] },
      { kind: "exit", after: 2, status: { code: null, signal: "SIGTERM", seconds: 1.5 } },
    ]);
    expect(store.lastLine).toBe(2);
  });
});

describe("where what is kept begins in the middle of a line", () => {
  const writes = [{ kind: 0, data: "one\n\x1b[31mtwo be" }, { kind: 0, data: "gan\nthree\x1b[0m\nfour\n" }];
  const [, second] = recordsOf(writes);
  const segment = { firstSeq: 2, lastSeq: 2, line: 2, time: 0, offset: 10, raw: 60, sealed: true };

  test.each([true, false])("its rest is told of as such: %s", (midLine) => {
    const store = new Store({ seq: 2, line: 2 }, { seq: 2, line: 5 });
    store.setSegments([{ ...segment, midLine }]);
    if (second !== undefined) store.append(second);
    expect(text(store.line(2, 100)?.bytes ?? new Uint8Array())).toBe("gan");
    expect(store.line(2, 100)).toMatchObject({ lost: midLine, complete: true });
    expect(store.line(3, 100)).toMatchObject({ lost: false, complete: true });
    // Nobody knows in which style it began: in none, not in one that is guessed.
    expect(store.line(2, 100)?.style).toEqual(PLAIN);
    expect(store.line(4, 100)?.style).toEqual(PLAIN);
  });

  test("is known once the list is", () => {
    const store = new Store({ seq: 2, line: 2 }, { seq: 2, line: 5 });
    if (second !== undefined) store.append(second);
    expect(store.line(2, 100)).toMatchObject({ lost: false, complete: false });
  });
});

describe("long lines", () => {
  test("are cut at a character, and say how much follows", () => {
    const store = new Store(FIRST, { seq: 0, line: 1 });
    for (const record of recordsOf([{ kind: 0, data: "é".repeat(1000) + "\n" }])) store.append(record);
    const line = store.line(1, 101);
    expect(text(line?.bytes ?? new Uint8Array())).toBe("é".repeat(50));
    expect(line?.more).toBe(2001 - 100);
  });

  test("are read part by part, forwards and backwards", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const next = random(seed);
      const chars = Array.from({ length: 200 + Math.floor(next() * 400) }, () => ["a", "é", "€", "😀"][Math.floor(next() * 4)] ?? "");
      const line = chars.join("");
      const store = new Store(FIRST, { seq: 0, line: 1 });
      for (const record of recordsOf([{ kind: 0, data: `first\n${line}\nlast\n` }])) store.append(record);
      const limit = 20 + Math.floor(next() * 100);
      let read = "";
      for (let after = 0, more = 1; more > 0; ) {
        const part = store.line(2, limit, Infinity, after);
        expect(part?.before).toBe(after);
        read += text(part?.bytes ?? new Uint8Array());
        more = part?.more ?? 0;
        after += part?.bytes.length ?? 0;
      }
      expect(read).toBe(line);
      // From anywhere, also within a character: what is told of the line's end.
      const { total = 0 } = store.line(2, limit) ?? {};
      const end = store.line(2, limit, Infinity, next() < 0.5 ? -1 : Math.max(1, total - limit));
      expect(end?.more).toBe(0);
      expect(line.endsWith(text(end?.bytes ?? new Uint8Array()))).toBe(true);
      expect((end?.before ?? 0) + (end?.bytes.length ?? 0)).toBe(total - 1);
    }
  });

  test("begin each part in the style that lasts there", () => {
    const store = new Store(FIRST, { seq: 0, line: 1 });
    const data = `\x1b[31m${"x".repeat(500)}\x1b[58;5;9;4m${"y".repeat(500)}\n`;
    for (const record of recordsOf([{ kind: 0, data }])) store.append(record);
    expect(store.line(1, 100, Infinity, 300)?.style).toMatchObject({ fg: 1, line: -1 });
    expect(store.line(1, 100, Infinity, 700)?.style).toMatchObject({ fg: 1, line: 9 });
  });

  test("of carriage returns give their latest state", () => {
    const store = new Store(FIRST, { seq: 0, line: 1 });
    const updates = Array.from({ length: 5000 }, (_, i) => `\r\x1b[3${i % 8}m${i} of 5000`).join("");
    for (const record of recordsOf([{ kind: 0, data: updates }])) store.append(record);
    const line = store.line(1, 200);
    expect(line?.more).toBe(0);
    expect(text(line?.bytes ?? new Uint8Array())).toMatch(/4999 of 5000$/);
    expect(line?.style.fg).toBeGreaterThanOrEqual(0);
  });
});

describe("memory", () => {
  const chunk = `${"x".repeat(99)}\n`.repeat(1000);
  const writes = Array.from({ length: 600 }, () => ({ kind: 0, data: chunk }));
  const records = recordsOf(writes);

  test("stays within the budget, keeps the newest and what is looked at, and gets the rest again", () => {
    const store = new Store(FIRST, { seq: 0, line: 1 });
    for (const record of records) {
      store.append(record);
      store.evict([[1000, 1100]]);
    }
    expect(store.weight).toBeLessThan(40 * 1024 * 1024);
    expect(store.firstLine).toBe(1);
    expect(store.line(1050, 200)?.complete).toBe(true);
    expect(store.line(600_000, 200)?.complete).toBe(true);
    expect(store.line(300_000, 200)).toBeUndefined();
    store.setSegments(segmentsOf(records, () => 10).map(({ segment }) => segment));
    const { segments } = store.wanted(300_000, 300_010, false);
    for (const { firstSeq, lastSeq } of segments) {
      for (const record of records.slice(firstSeq - 1, lastSeq)) store.append(record);
    }
    expect(store.line(300_000, 200)?.bytes.length).toBe(99);
  });

  test("is not taken by lines around those that are looked at when they are long", () => {
    const long = `${"x".repeat(999_999)}\n`;
    const short = `${"y".repeat(99)}\n`;
    const writes = [...Array<string>(60).fill(long), ...Array<string>(500).fill(short), ...Array<string>(60).fill(long)];
    const records = recordsOf(writes.map((data) => ({ kind: Kind.output, data })));
    const segments = segmentsOf(records, () => 1);
    const store = new Store({ seq: 1, line: 1 }, headOf(records));
    store.setSegments(segments.map(({ segment }) => segment));
    const seen = [store.map.around(30, 32, 400)];
    for (const [from, to] of seen) {
      expect(from).toBeLessThan(30);
      expect(to).toBeGreaterThan(32);
      for (let wanted = store.wanted(from, to, false); wanted.segments.length > 0; wanted = store.wanted(from, to, false)) {
        for (const segment of wanted.segments) for (const record of segments.find((each) => each.segment === segment)?.records ?? []) store.append(record);
        store.evict(seen);
      }
    }
    expect(store.weight).toBeLessThan(12 * 1024 * 1024);
    // Short lines are there as ever, in however many segments they are.
    expect(new Store({ seq: 1, line: 1 }, headOf(records)).map.around(30, 32, 400)).toEqual([-370, 432]);
    const few = new Store({ seq: 1, line: 1 }, headOf(records));
    few.setSegments(segments.filter((_, i) => i % 300 === 0).map(({ segment }) => segment));
    expect(few.map.around(310, 320, 400)).toEqual([1, 720]);
  });
});

describe("style", () => {
  test("carries over lines, records, blocks, and a sequence that is split between two", () => {
    const split = "\x1b[3";
    const fill = `${"y".repeat(1023)}\n`.repeat(1024);
    const writes = [
      { kind: 0, data: `\x1b[32m${fill.slice(5 + split.length)}${split}` },
      { kind: 0, data: "1mred from here\nstill red\n" },
    ];
    const store = new Store(FIRST, { seq: 0, line: 1 });
    for (const record of recordsOf(writes)) store.append(record);
    expect(store.line(500, 100)?.style.fg).toBe(2);
    expect(store.line(1026, 100)).toMatchObject({ style: { fg: 1 } });
  });

  test("is found again when what came before was loaded later", () => {
    const records = recordsOf([
      { kind: 0, data: "\x1b[31mred\n" },
      { kind: 0, data: "red too\n" },
      { kind: 0, data: "red as well\x1b[0m\n" },
      { kind: 0, data: "plain\n" },
    ]);
    const store = new Store(FIRST, { seq: 4, line: 5 });
    for (const record of records.slice(1)) store.append(record);
    expect(store.line(4, 100)?.style).toEqual(PLAIN);
    expect(store.line(3, 100)?.style).toEqual(PLAIN);
    for (const record of records) store.append(record);
    expect(store.line(3, 100)?.style.fg).toBe(1);
    expect(store.line(4, 100)?.style).toEqual(PLAIN);
  });
});
