// The time machine with a clock of the test's own: at any playhead the log is the bytes that had come by then, whatever
// is loaded in whatever order, and playing to the end shows all of it.
import { describe, expect, test } from "vitest";
import { extrasAt, Playback } from "../src/core/time/playback.ts";
import { Kind, type Record } from "../src/core/log/record.ts";
import type { Segment } from "../src/core/log/segments.ts";
import { Store, type Moment } from "../src/core/log/store.ts";
import { linesOf, random, recordsOf, text } from "./helpers.ts";

interface Write {
  readonly kind: number;
  readonly data: string;
}

interface Log {
  readonly writes: readonly Write[];
  readonly records: readonly Record[];
  readonly parts: readonly { readonly segment: Segment; readonly records: readonly Record[] }[];
}

const START = 1_700_000_000_000_000;

function made(next: () => number): Log {
  const pieces = ["a", "bc\n", "\n", "10 %\r", "20 %\r30 %\r", "long ".repeat(9), "\n\n", "x\ny"];
  const writes: Write[] = Array.from({ length: 4 + Math.floor(next() * 50) }, () => {
    const kind = next() < 0.8 ? Kind.output : next() < 0.6 ? Kind.stderr : Kind.event;
    return { kind, data: kind === Kind.event ? '{"event":"mark","text":"m"}' : (pieces[Math.floor(next() * pieces.length)] ?? "") };
  });
  let time = START;
  const records = recordsOf(writes).map((record) => {
    // Some at once, some soon after, a few after hours.
    time += next() < 0.4 ? 0 : Math.floor(10 ** (2 + next() * (next() < 0.1 ? 8 : 5)));
    return { ...record, time };
  });
  const parts: { segment: Segment; records: Record[] }[] = [];
  for (let at = 0; at < records.length; ) {
    const part = records.slice(at, at + 1 + Math.floor(next() * 9));
    at += part.length;
    const [first, last] = [part[0], part.at(-1)];
    if (first === undefined || last === undefined) break;
    const { seq, line, time: began, offset } = first;
    parts.push({ segment: { firstSeq: seq, lastSeq: last.seq, line, time: began, offset, raw: 1, sealed: true, midLine: false }, records: part });
  }
  return { writes, records, parts };
}

/** A store that knows where the log begins and ends, and nothing of what is in it. */
function cold({ records, parts }: Log): Store {
  const last = records.at(-1);
  const store = new Store(
    { seq: 1, line: 1, time: records[0]?.time ?? 0 },
    { seq: records.length, line: (last?.line ?? 0) + 1, time: last?.time ?? 0 },
  );
  store.setSegments(parts.map(({ segment }) => segment));
  return store;
}

function load(store: Store, log: Log, moment: Moment): void {
  for (const { firstSeq } of moment.wanted.segments) {
    for (const record of log.parts.find(({ segment }) => segment.firstSeq === firstSeq)?.records ?? []) store.append(record);
  }
}

/** That what is shown at `time` is what had been written by then, as far as it is loaded. */
function check(store: Store, { writes, records }: Log, time: number, moment: Moment, all: boolean): void {
  if (moment.shown === undefined) return;
  const had = writes.filter((_, index) => (records[index]?.time ?? 0) <= time);
  const expected = linesOf(had);
  expect(moment.shown.line).toBe(expected.length);
  for (const [index, line] of expected.entries()) {
    const got = store.line(index + 1, 1 << 20, moment.shown.until);
    if (all) expect(got).toBeDefined();
    if (got === undefined || (!got.complete && !all)) continue;
    expect({ line: index + 1, kind: got.kind, data: text(got.bytes) }).toEqual({ line: index + 1, ...line });
  }
  expect(store.line(expected.length + 1, 1 << 20, moment.shown.until)).toBeUndefined();
}

test("at any time, asked in any order, the log is what had been written by then", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const next = random(seed);
    const log = made(next);
    const store = cold(log);
    const [from, to] = [store.times.from, store.times.to];
    expect([from, to]).toEqual([log.records[0]?.time, log.records.at(-1)?.time]);
    for (let i = 0; i < 25; i++) {
      const exactly = log.records[Math.floor(next() * log.records.length)]?.time ?? 0;
      const time = next() < 0.5 ? exactly : from + Math.floor(next() * (to - from + 1));
      let moment = store.moment(time);
      for (let tries = 0; moment.shown === undefined; moment = store.moment(time), tries++) {
        expect(tries).toBeLessThan(4);
        expect(moment.wanted.segments).not.toHaveLength(0);
        load(store, log, moment);
      }
      check(store, log, time, moment, false);
      const later = log.records.find((record) => record.time > time)?.time;
      expect(moment.next).toBe(later ?? Infinity);
    }
  }
});

describe("playing", () => {
  test.each([true, false])("to the end shows every moment as it was, and all of it at last (skipping idle: %s)", (skipIdle) => {
    for (let seed = 1; seed <= 50; seed++) {
      const next = random(seed * 7);
      const log = made(next);
      const store = cold(log);
      const playback = new Playback(store.times.from);
      playback.skipIdle = skipIdle;
      playback.speed = skipIdle ? 1 + Math.floor(next() * 100) : 1e5;
      playback.play();
      let asked: Moment[] = [];
      let before = playback.time;
      let ended = false;
      for (let clock = 0; !ended; clock += Math.floor(next() * 300)) {
        expect(clock).toBeLessThan(2e6);
        ended = playback.tick(clock, (time) => {
          const moment = store.moment(time);
          asked.push(moment);
          return moment;
        });
        expect(playback.time).toBeGreaterThanOrEqual(before);
        before = playback.time;
        const moment = store.moment(playback.time);
        if (!playback.waiting) check(store, log, playback.time, moment, false);
        // What is fetched takes its time to arrive.
        if (next() < 0.5) {
          for (const each of [...asked, moment]) load(store, log, each);
          asked = [];
        }
      }
      expect([playback.playing, playback.time]).toEqual([false, store.times.to]);
      for (const { records } of log.parts) for (const record of records) store.append(record);
      check(store, log, playback.time, store.moment(playback.time), true);
    }
  });

  /** Lines at these seconds, all loaded. */
  function at(...seconds: number[]): Store {
    const writes = seconds.map((second) => ({ kind: Kind.output, data: `${second}\n` }));
    const store = new Store({ seq: 1, line: 1 }, { seq: seconds.length, line: seconds.length + 1 });
    for (const [i, record] of recordsOf(writes).entries()) store.append({ ...record, time: START + 1e6 * (seconds[i] ?? 0) });
    return store;
  }

  /** Where the playhead is after each of some frames, in seconds. */
  function play(playback: Playback, store: Store, clocks: readonly number[]): number[] {
    return clocks.map((clock) => {
      playback.tick(clock, (time) => store.moment(time));
      return (playback.time - START) / 1e6;
    });
  }

  test("goes as fast as it is asked to", () => {
    const playback = new Playback(START);
    playback.play();
    const store = at(0, 3, 6);
    expect(play(playback, store, [1000, 1100, 1200])).toEqual([0, 0.1, 0.2]);
    playback.speed = 20;
    expect(play(playback, store, [1250])).toEqual([1.2]);
  });

  test("stands still while nothing draws", () => {
    const playback = new Playback(START);
    playback.play();
    expect(play(playback, at(0, 3, 6), [0, 60_000, 60_100])).toEqual([0, 0.25, 0.35]);
  });

  test("goes on where it was paused", () => {
    const playback = new Playback(START);
    playback.play();
    const store = at(0, 3, 6);
    play(playback, store, [0, 100]);
    playback.playing = false;
    expect(play(playback, store, [200, 300])).toEqual([0.1, 0.1]);
    playback.play();
    expect(play(playback, store, [900, 1000])).toEqual([0.1, 0.2]);
  });

  test("of a long idle stretch shows the end only, where that is wished", () => {
    const store = at(0, 600, 604);
    const playback = new Playback(START);
    playback.play();
    expect(play(playback, store, [0])).toEqual([599]);
    expect(play(playback, store, [250, 500, 750, 1000])).toEqual([599.25, 599.5, 599.75, 600]);
    const patient = new Playback(START);
    patient.skipIdle = false;
    patient.play();
    expect(play(patient, store, [0, 250])).toEqual([0, 0.25]);
  });

  test("waits for what is not loaded, and for nothing when it is", () => {
    const store = new Store({ seq: 1, line: 1, time: START }, { seq: 9, line: 9, time: START + 9e6 });
    const playback = new Playback(START);
    playback.play();
    expect(play(playback, store, [0, 100])).toEqual([0, 0]);
    expect(playback.waiting).toBe(true);
    for (const record of recordsOf(Array.from({ length: 9 }, () => ({ kind: Kind.output, data: "x\n" })))) {
      store.append({ ...record, time: START + 1e6 * (record.seq - 1) });
    }
    expect(play(playback, store, [150])).toEqual([0.05]);
    expect(playback.waiting).toBe(false);
  });
});

test("a gap in the way is opened and loaded", () => {
  const next = random(5);
  const log = made(next);
  const store = cold(log);
  const [head] = log.parts;
  const tail = log.parts.at(-1);
  for (const record of head?.records ?? []) store.append(record);
  const firstSeq = (head?.segment.lastSeq ?? 0) + 1;
  const lastSeq = (tail?.segment.firstSeq ?? 0) - 1;
  store.gap({ firstSeq, lastSeq, firstLine: 1, lastLine: log.records[lastSeq]?.line ?? 1, bytes: 1, reason: "slow" });
  for (const record of tail?.records ?? []) store.append(record);
  const time = log.records[firstSeq]?.time ?? 0;
  expect(store.extras().some(({ kind }) => kind === "gap")).toBe(true);
  let moment = store.moment(time);
  expect(store.extras().some(({ kind }) => kind === "gap")).toBe(false);
  for (let tries = 0; moment.shown === undefined && tries < 9; moment = store.moment(time), tries++) load(store, log, moment);
  check(store, log, time, moment, false);
});

test("what was let go in the middle is stepped over", () => {
  const log = made(random(9));
  const store = cold(log);
  for (const record of log.parts[0]?.records ?? []) store.append(record);
  const kept = log.parts.slice(2);
  store.setSegments(kept.map(({ segment }) => segment));
  const moment = store.moment(log.parts[0]?.records.at(-1)?.time ?? 0);
  expect(moment.shown?.line).toBeGreaterThan(0);
  expect(moment.next).toBe(kept[0]?.segment.time);
});

test("rows between lines come in their time", () => {
  const note = { kind: "note", text: "m" } as const;
  const early = { ...note, after: 3, key: "a", time: 5 };
  const late = { ...note, after: 3, key: "b", time: 9 };
  const below = { ...note, after: 4, key: "c", time: 5 };
  const gap = { kind: "gap", after: 2, hideTo: 3, key: "d", id: 1, bytes: 0, reason: "slow" } as const;
  const open = { ...gap, hideTo: 4 };
  expect(extrasAt([gap, early, late, below, open], 3, 7)).toEqual([gap, early]);
});
