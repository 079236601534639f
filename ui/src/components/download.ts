// Where what is shown can be had as plain text, to download or to copy: the lines that filter and range of time let through.
import type { ViewState } from "../core/view-state.ts";

/** Both inclusive. */
interface Lines {
  readonly from: number;
  readonly to: number;
}

/** The address, of a stream at `stream` (which ends in a slash); of these lines only, when they are given. */
export function downloadUrl(stream: URL, { filter, context, range }: ViewState, lines?: Lines): string {
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
  if (lines !== undefined) {
    say("from_line", lines.from);
    say("to_line", lines.to);
  }
  return url.href;
}

/** The same as text, without a line's end after the last. */
export async function textOf(stream: URL, view: ViewState, lines: Lines): Promise<string> {
  const answer = await fetch(downloadUrl(stream, view, lines), { cache: "no-store" });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.text()).replace(/\n$/, "");
}
