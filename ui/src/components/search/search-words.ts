// How far a search has come, in words.
import type { ViewState } from "../../core/view-state.ts";
import type { Progress } from "../../worker/messages.ts";
import type { Client } from "../client.ts";
import type { FoundCount } from "./finder.ts";
import { count } from "../format.ts";

/**
 * How far the search for what is found or filtered has come; undefined while nothing is wanted. In the time machine, lines
 * that are yet to come do not count.
 */
export function progressOf({ replay, rows, search }: Client, mode: "find" | "filter", view: ViewState): Progress | undefined {
  const progress = view[mode] === undefined ? undefined : search[mode];
  if (progress === undefined || replay === undefined) return progress;
  const found = mode === "find" ? search.hits : rows.filter;
  return { ...progress, matches: found?.matchesBefore(rows.last + 1) ?? 0 };
}

function soFar(progress: Progress): string {
  return progress.done ? "" : ` · ${Math.floor(progress.share * 100)} %`;
}

/** `filtered` when only some lines are let through: only matches among them count. */
export function findWords(progress: Progress | undefined, found: FoundCount, filtered: boolean): string {
  if (progress === undefined || progress.error !== undefined) return "";
  const matches = filtered ? found.of : progress.matches;
  if (matches === 0) return progress.done ? "No matches" : `Searching${soFar(progress)}`;
  const all = `${count(matches)}${progress.limited ? "+" : ""}`;
  const words = found.at === undefined ? `${all} ${matches === 1 ? "match" : "matches"}` : `${count(found.at)} of ${all}`;
  return words + soFar(progress);
}

export function filterWords(progress: Progress | undefined): string {
  if (progress === undefined || progress.error !== undefined) return "";
  if (progress.matches === 0) return progress.done ? "No lines" : `Searching${soFar(progress)}`;
  return `${count(progress.matches)}${progress.limited ? "+" : ""} ${progress.matches === 1 ? "line" : "lines"}${soFar(progress)}`;
}
