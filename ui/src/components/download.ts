// Where what is shown can be had as plain text, to download or to copy: the lines that filter and range of time let through.
import type { ViewState } from "../core/view-state.ts";

/** Both inclusive; without one, as far as there are any. */
interface Lines {
  readonly from?: number;
  readonly to?: number;
}

/** The address, of a stream at `stream` (which ends in a slash); of these lines only. */
export function downloadUrl(stream: URL, { filter, context, range }: ViewState, { from, to }: Lines): string {
  const url = new URL("download", stream);
  const say = (name: string, value: string | number): void => url.searchParams.set(name, String(value));
  say("format", "text");
  if (filter !== undefined) {
    say("q", filter.text);
    say("mode", filter.regex ? "regex" : "literal");
    say("case", filter.caseSensitive ? 1 : 0);
    say("invert", filter.invert ? 1 : 0);
    if (context > 0) say("context", context);
  }
  if (range !== undefined) {
    say("from_time", range.from);
    say("to_time", range.to);
  }
  if (from !== undefined) say("from_line", from);
  if (to !== undefined) say("to_line", to);
  return url.href;
}

/** Bytes of text that are copied at most: browsers hold it several times over. */
export const MOST_COPIED = 128 * 1024 * 1024;

/** More was asked for than `MOST_COPIED`. */
export class TooMuchError extends Error {
  override readonly name = "TooMuchError";
}

/**
 * The same as text, each line ended by a newline.
 *
 * @throws TooMuchError when it is more than `most` bytes, and another Error when the server does not answer well.
 */
export async function textOf(stream: URL, view: ViewState, lines: Lines, most = MOST_COPIED): Promise<string> {
  const abort = new AbortController();
  const answer = await fetch(downloadUrl(stream, view, lines), { cache: "no-store", signal: abort.signal });
  if (!answer.ok || answer.body === null) throw new Error(await answer.text());
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const reader = answer.body.getReader();
  let size = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    pieces.push(read.value);
    size += read.value.length;
    if (size <= most) continue;
    abort.abort();
    throw new TooMuchError(`more than ${most} bytes`);
  }
  return new Blob(pieces).text();
}

/** What to say when there was no text. */
export function notCopied(error: unknown): string {
  return error instanceof TooMuchError
    ? `Not copied: more than ${MOST_COPIED / 2 ** 20} MiB. The menu can download it`
    : "Not copied: the server does not answer";
}
