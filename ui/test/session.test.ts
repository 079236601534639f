import { describe, expect, test } from "vitest";
import { Kind, type Record } from "../src/core/log/record.ts";
import { ProtocolError, Session, type Start } from "../src/core/log/session.ts";
import { bytes } from "./helpers.ts";

function hello(epoch: string, head: number, resume = "fresh"): string {
  return JSON.stringify({
    type: "hello",
    epoch,
    stream: { name: "s", title: "t", command: ["make", "-j8"], pty: true, cols: 80, rows: 24, screen: false },
    first: { seq: 1, line: 1, time: 1 },
    head: { seq: head, line: head + 1, offset: 10, time: 2 },
    resume,
  });
}

function record(seq: number, event?: object): Record {
  const payload = event === undefined ? bytes("x\n") : bytes(JSON.stringify(event));
  return { kind: event === undefined ? Kind.output : Kind.event, seq, offset: 0, line: seq, time: 5, payload };
}

function connect(session: Session, text: string): ReturnType<Session["message"]> {
  session.opened();
  return session.message(text);
}

test("from connecting to live to ended to gone", () => {
  const session = new Session(() => 0);
  expect(session.phase).toBe("connecting");
  expect(session.query()).toBe("lag=skip");
  expect(connect(session, hello("e", 0))).toMatchObject({ kind: "reset", restarted: false });
  expect(session.phase).toBe("live");
  session.record(record(1, { event: "start", run: 1 }));
  session.message('{"type":"status","viewers":3}');
  expect(session.viewers).toBe(3);
  session.closed(1006, 10);
  expect(session.phase).toBe("reconnecting");
  expect(session.viewers).toBeUndefined();
  connect(session, hello("e", 1, "exact"));
  session.record(record(2, { event: "exit", run: 1, code: 3, signal: null, seconds: 1.2 }));
  expect(session.phase).toBe("ended");
  expect(session.exit).toEqual({ code: 3, signal: null, seconds: 1.2 });
  session.closed(1001, 10);
  expect(session.phase).toBe("gone");
  connect(session, hello("e", 2, "exact"));
  session.record(record(3, { event: "start", run: 2 }));
  expect(session.phase).toBe("live");
});

test("a server that has other streams is asked rarely, until it has this one again", () => {
  const session = new Session(() => 0);
  connect(session, hello("e", 0));
  session.closed(1001, 10_000);
  expect(session.missing(undefined)).toBeUndefined();
  expect(session.others).toBeUndefined();
  expect(session.closed(1006, 0)).toBeLessThanOrEqual(10_000);
  expect(session.missing(["other"])).toBeGreaterThanOrEqual(30_000);
  expect([session.others, session.phase]).toEqual([["other"], "reconnecting"]);
  connect(session, hello("f", 0));
  expect([session.others, session.phase]).toEqual([undefined, "live"]);
});

describe("resuming", () => {
  test("drops what it has, takes each seq once", () => {
    const session = new Session(() => 0);
    connect(session, hello("a/b", 0));
    expect([1, 2, 3].map((seq) => session.record(record(seq)))).toEqual([true, true, true]);
    session.closed(1006, 10);
    expect(session.query()).toBe("after=3&epoch=a%2Fb&lag=skip");
    expect(connect(session, hello("a/b", 5, "exact"))).toMatchObject({ kind: "resume" });
    expect([1, 2, 3, 4, 5, 5].map((seq) => session.record(record(seq)))).toEqual([false, false, false, true, true, false]);
  });

  test("another epoch is another log", () => {
    const session = new Session(() => 0);
    connect(session, hello("a", 0));
    session.record(record(1, { event: "exit", run: 1, code: 0, signal: null, seconds: 1 }));
    session.closed(1006, 10);
    expect(connect(session, hello("b", 0))).toMatchObject({ kind: "reset", restarted: true });
    expect(session.phase).toBe("live");
    expect(session.record(record(1))).toBe(true);
  });

  test("the same epoch with fewer records than were seen is another log too", () => {
    const session = new Session(() => 0);
    connect(session, hello("a", 0));
    session.record(record(7));
    session.closed(1006, 10);
    expect(connect(session, hello("a", 3))).toMatchObject({ kind: "reset" });
  });
});

describe("gaps", () => {
  const gap = { type: "gap", first_seq: 2, last_seq: 9, first_line: 2, last_line: 30, bytes: 500, reason: "slow" };

  test("an announced one is skipped over, once", () => {
    const session = new Session(() => 0);
    connect(session, hello("a", 0));
    session.record(record(1));
    expect(session.message(JSON.stringify(gap))).toMatchObject({ kind: "gap", gap: { firstSeq: 2, lastSeq: 9, lastLine: 30 } });
    expect(session.message(JSON.stringify(gap))).toEqual({ kind: "none" });
    expect(session.record(record(9))).toBe(false);
    expect(session.record(record(10))).toBe(true);
    expect(session.query()).toContain("after=10&");
  });

  test("one that was not announced is noticed", () => {
    const session = new Session(() => 0);
    connect(session, hello("a", 0));
    session.record(record(1));
    expect(session.record(record(5))).toMatchObject({ firstSeq: 2, lastSeq: 4 });
  });
});

describe("reconnecting", () => {
  test("waits longer each time, with jitter, up to a cap", () => {
    const most = new Session(() => 0.999_999);
    const least = new Session(() => 0);
    const delays = Array.from({ length: 12 }, () => [least.closed(1006, 0), most.closed(1006, 0)] as const);
    expect(delays[0]?.[0]).toBeCloseTo(125);
    expect(delays[0]?.[1]).toBeCloseTo(250, 0);
    expect(delays.at(-1)?.[0]).toBeCloseTo(5000);
    expect(Math.max(...delays.flat())).toBeLessThanOrEqual(10_000);
  });

  test("a connection that held, or a wake, makes the next attempt a first one", () => {
    const session = new Session(() => 0);
    for (let i = 0; i < 5; i++) session.closed(1006, 0);
    connect(session, hello("a", 0));
    expect(session.closed(1006, 60_000)).toBeCloseTo(125);
    for (let i = 0; i < 5; i++) session.closed(1006, 0);
    session.wake();
    expect(session.closed(1006, 0)).toBeCloseTo(125);
    session.wake();
    expect(session.closed(1013, 0)).toBeGreaterThanOrEqual(1000);
  });
});

describe("what makes no sense", () => {
  test.each(["", "null", "[", '{"type":"hello"}', '{"type":"hello","stream":{},"first":{"seq":-1}}', '{"type":"gap"}', '{"type":"status"}'])(
    "%j is refused",
    (text) => {
      const session = new Session(() => 0);
      expect(() => session.message(text)).toThrow(ProtocolError);
    },
  );

  test("messages of another time are ignored, records before hello are not", () => {
    const session = new Session(() => 0);
    expect(session.message('{"type":"tomorrow"}')).toEqual({ kind: "none" });
    expect(() => session.record(record(1))).toThrow(ProtocolError);
  });
});

describe("a beginning of one's own", () => {
  const begin = (start: Partial<Start>): Session => new Session(() => 0, { lag: "keep", ...start });

  test("is asked for until there is something to go on from", () => {
    expect(begin({}).query()).toBe("lag=keep");
    expect(begin({ epoch: "e" }).query()).toBe("lag=keep");
    const session = begin({ tail: 10 });
    expect(session.query()).toBe("tail=10&lag=keep");
    connect(session, hello("e", 5));
    session.record(record(5));
    // A log that takes the place of this one begins there, too.
    expect(session.query()).toBe("after=5&epoch=e&tail=10&lag=keep");
  });

  test("behind a record, of whichever log", () => {
    const session = begin({ after: 3 });
    expect(session.query()).toBe("after=3&tail=1000000000&lag=keep");
    expect(connect(session, hello("e", 5, "exact"))).toMatchObject({ kind: "resume" });
    expect([2, 3, 4].map((seq) => session.record(record(seq)))).toEqual([false, false, true]);
    expect(session.query()).toBe("after=4&epoch=e&tail=1000000000&lag=keep");
    expect(session.epoch).toBe("e");
  });

  test("behind a record that this log never had is a new one", () => {
    const session = begin({ after: 30 });
    expect(connect(session, hello("e", 5))).toMatchObject({ kind: "reset", restarted: false });
    expect(session.record(record(1))).toBe(true);
  });

  test("in a log that is gone is a new one", () => {
    const session = begin({ after: 3, epoch: "d" });
    expect(session.query()).toContain("after=3&epoch=d&");
    expect(session.phase).toBe("connecting");
    expect(connect(session, hello("e", 5))).toMatchObject({ kind: "reset", restarted: true });
    expect(session.record(record(1))).toBe(true);
    expect(session.phase).toBe("live");
  });

  test("at the very first record brings everything that is kept, and what is not as a gap", () => {
    const session = begin({ after: 0 });
    connect(session, hello("e", 5, "gap"));
    const gap = { type: "gap", first_seq: 1, last_seq: 3, first_line: null, last_line: 9, bytes: null, reason: "expired" };
    expect(session.message(JSON.stringify(gap))).toMatchObject({ kind: "gap", gap: { firstSeq: 1, lastSeq: 3 } });
    expect([3, 4].map((seq) => session.record(record(seq)))).toEqual([false, true]);
  });
});
