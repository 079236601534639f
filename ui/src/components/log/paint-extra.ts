// The rows between the lines, as elements: gaps, starts and ends of runs, notes.
import type { StreamInfo } from "../../core/log/session.ts";
import type { Extra } from "../../core/rows/rows.ts";
import { commandWords, count, exitWords, size } from "../format.ts";
import { button, element } from "./paint-text.ts";
import { whenWords } from "../time/when.ts";

function gapWords(extra: Extra & { kind: "gap" }): string {
  const lines = extra.hideTo - extra.after;
  const what = lines > 0 ? `${count(lines)} ${lines === 1 ? "line" : "lines"}` : size(extra.bytes);
  return extra.reason === "expired" ? `${what} no longer kept` : `${what} skipped (slow)`;
}

/** Fill the row of anything but a line. */
export function paintExtra(row: HTMLElement, extra: Extra, stream: StreamInfo | undefined): void {
  if (extra.kind === "gap") {
    row.className = `gap ${extra.reason}`;
    const label = element("span", "label", gapWords(extra));
    if (extra.reason === "expired") {
      row.replaceChildren(label);
      return;
    }
    row.replaceChildren(label, button("load", "", "load"));
    return;
  }
  if (extra.kind === "cleared") {
    row.className = "boundary cleared";
    const words = `cleared: ${count(extra.lines)} ${extra.lines === 1 ? "line" : "lines"} above`;
    row.replaceChildren(element("span", "label", words), button("load", "", "show"));
    return;
  }
  const label = element("span", "label");
  const at = extra.time > 0 ? element("time", "at", whenWords(extra.time, 1000)) : undefined;
  if (extra.kind === "start") {
    row.className = "boundary start";
    const command = commandWords(extra.command);
    label.textContent = command === "" ? "started reading standard input" : `started ${command}`;
    label.title = command;
  } else if (extra.kind === "exit") {
    const failed = extra.status.code !== 0;
    row.className = failed ? "boundary exit failed" : "boundary exit";
    label.textContent = exitWords(extra.status, stream);
  } else {
    row.className = "boundary note";
    label.textContent = extra.text;
  }
  row.replaceChildren(label, ...(at === undefined ? [] : [at]));
}
