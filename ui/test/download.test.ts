import { afterEach, expect, test, vi } from "vitest";
import { downloadUrl, notCopied, textOf, TooMuchError } from "../src/components/download.ts";
import { NOTHING_CHOSEN } from "../src/core/view-state.ts";
import { bytes } from "./helpers.ts";

const stream = new URL("http://webtee.example/s/make/");

afterEach(() => vi.unstubAllGlobals());

/** A server that sends pieces for as long as they are taken. */
function serve(pieces: readonly string[], status = 200): { sent: number; stopped: boolean } {
  const served = { sent: 0, stopped: false };
  vi.stubGlobal("fetch", (_: string, { signal }: { signal: AbortSignal }) => {
    const body = new ReadableStream({
      pull(to) {
        const piece = pieces[served.sent];
        if (piece === undefined) {
          to.close();
          return;
        }
        served.sent += 1;
        to.enqueue(bytes(piece));
      },
    });
    signal.addEventListener("abort", () => (served.stopped = true));
    return Promise.resolve(new Response(body, { status }));
  });
  return served;
}

test("the address names the lines and what a filter lets through", () => {
  const filter = { text: "a b", regex: true, caseSensitive: false, invert: true };
  const url = new URL(downloadUrl(stream, { ...NOTHING_CHOSEN, filter, context: 2 }, { from: 3, to: 9 }));
  expect(url.pathname).toBe("/s/make/download");
  expect(Object.fromEntries(url.searchParams)).toEqual({
    format: "text", q: "a b", mode: "regex", case: "0", invert: "1", context: "2", from_line: "3", to_line: "9",
  });
});

test("text is taken whole, wherever it was cut", async () => {
  serve(["on\u00e9\ntw", "o\n"]);
  expect(await textOf(stream, NOTHING_CHOSEN, { from: 1, to: 2 })).toBe("on\u00e9\ntwo\n");
});

test("more than can be copied is not waited for, and said", async () => {
  const served = serve(Array.from({ length: 1000 }, () => "0123456789"));
  const refused = textOf(stream, NOTHING_CHOSEN, { from: 1, to: 2 }, 95);
  await expect(refused).rejects.toThrow(TooMuchError);
  expect(served.stopped).toBe(true);
  expect(served.sent).toBeLessThan(20);
  expect(notCopied(await refused.catch((error: unknown) => error))).toContain("128 MiB");
});

test("an error is no text", async () => {
  serve(["too many are searching"], 503);
  await expect(textOf(stream, NOTHING_CHOSEN, { from: 1, to: 2 })).rejects.toThrow("too many");
  expect(notCopied(new Error("no"))).toContain("does not answer");
});
