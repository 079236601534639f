// A server that falls silent, in fake time: noticed in time, and never where it was the page that slept.
import { describe, expect, test } from "vitest";
import { Session } from "../src/core/log/session.ts";

const START = 1_700_000_000_000;
const POSITION = { seq: 0, line: 1, time: 1 };

function greeted(pulse: unknown, now = START): Session {
  const session = new Session(() => 0);
  greet(session, pulse, now);
  return session;
}

function greet(session: Session, pulse: unknown, now: number): void {
  session.opened();
  session.heard(now);
  session.message(JSON.stringify({ type: "hello", epoch: "e", stream: {}, first: POSITION, head: POSITION, resume: "exact", pulse }));
}

describe("a server that promises a pulse", () => {
  test("is given up when nothing came for twice as long, and what is said of it stays until it is back", () => {
    const session = greeted(15);
    expect(session.look(START)).toBe(30_000);
    session.heard(START + 14_000);
    expect(session.message('{"type":"pulse"}')).toEqual({ kind: "none" });
    expect(session.look(START + 30_000)).toBe(14_000);
    expect([session.silent, session.phase]).toEqual([undefined, "live"]);
    expect(session.look(START + 44_010)).toBe(0);
    session.closed(1006, 44_010);
    expect([session.silent, session.phase]).toEqual([START + 14_000, "reconnecting"]);
    expect(session.look(START + 50_000)).toBeUndefined();
    session.closed(1006, 0);
    expect(session.silent).toBe(START + 14_000);
    greet(session, 15, START + 60_000);
    expect([session.silent, session.phase]).toEqual([undefined, "live"]);
    expect(session.look(START + 60_000)).toBe(30_000);
  });

  test("is found silent at once by a page that wakes, after a moment in which what came meanwhile is read", () => {
    const session = greeted(15);
    session.look(START);
    const woke = START + 3_600_000;
    expect(session.look(woke)).toBe(1000);
    expect(session.look(woke + 400)).toBe(600);
    expect(session.look(woke + 1001)).toBe(0);
    expect(session.silent).toBe(START);
  });

  test("is not given up by a page that slept, if it has gone on", () => {
    const session = greeted(15);
    session.look(START);
    const woke = START + 3_600_000;
    expect(session.look(woke)).toBe(1000);
    session.heard(woke + 5);
    expect(session.look(woke + 1000)).toBe(29_005);
  });

  test("is not given up because a clock was put back", () => {
    const session = greeted(15);
    session.look(START);
    expect(session.look(START - 7_200_000)).toBe(30_000);
    expect(session.look(START - 7_170_000)).toBe(0);
  });

  test.each([0.05, 1, 3600])("of %d s is waited for that long, twice", (seconds) => {
    const session = greeted(seconds);
    let [now, times] = [START, 0];
    for (let left = session.look(now); left !== 0; left = session.look(now)) {
      now += left ?? Infinity;
      times += 1;
    }
    expect([now - START, times]).toEqual([seconds * 2000, 1]);
  });
});

test.each([undefined, null, 0, -1, "15", 1e9, 1e-9])("a server that promises %j is never too silent", (pulse) => {
  expect(greeted(pulse).look(START + 1e9)).toBeUndefined();
});
