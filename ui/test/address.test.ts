// Where an embedded stream is, as a page says it, and waiting for one that is not there.
import { getEventListeners } from "node:events";
import { afterEach, expect, test, vi } from "vitest";
import { locate, parseAddress } from "../src/embed/address.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test.each([
  ["https://host/s/build", "https://host/", "build"],
  ["https://host/s/a%20b/?x#L3", "https://host/", "a b"],
  ["wss://host/below/s/build", "https://host/below/", "build"],
  ["http://host:9000", "http://host:9000/", undefined],
  ["http://host/below", "http://host/below/", undefined],
])("%s", (given, base, name) => {
  expect(parseAddress(given)).toEqual({ base, name });
});

test.each(["", "nonsense", "file:///s/build", "https://host/s/%zz"])("%j is none", (given) => {
  expect(() => parseAddress(given)).toThrow(TypeError);
});

test("a server that is not there is waited for, however long, and nothing piles up", async () => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", () => Promise.reject(new Error("refused")));
  const abort = new AbortController();
  const faults: string[] = [];
  const found = locate(parseAddress("http://host/s/build"), abort.signal, (why) => faults.push(why));
  await vi.advanceTimersByTimeAsync(100_000);
  expect(faults.length).toBeGreaterThan(9);
  expect(new Set(faults)).toEqual(new Set(["http://host/ cannot be reached."]));
  expect(getEventListeners(abort.signal, "abort").length).toBeLessThan(2);
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ streams: [{ name: "build" }] })));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await found).toEqual({ base: "http://host/", name: "build" });
});
