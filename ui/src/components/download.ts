// Where what is shown can be had as a file: the lines that filter and range of time let through, as plain text.
import type { ViewState } from "../core/view-state.ts";

/** The address, of a stream at `stream` (which ends in a slash). */
export function downloadUrl(stream: URL, { filter, context, range }: ViewState): string {
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
  return url.href;
}
