// What the server answers to a search (docs/protocol.md, "Search"): one JSON object per line, as values.
import type { Part } from "./selection.ts";

/** A line that came along: number, kind, time of arrival in microseconds, and its text with its escape sequences. */
export type FoundText = readonly [line: number, kind: number, time: number, text: string];

export type Found =
  | { readonly type: "search"; readonly epoch: string; readonly lastLine: number; readonly midLine: boolean }
  | { readonly type: "part"; readonly part: Part; readonly texts: readonly FoundText[] }
  | { readonly type: "end"; readonly complete: boolean };

/** Lines of a part: it is one segment's. */
const MOST_LINES = 2 ** 31;

/** The answer is none that we know. */
export class FoundError extends Error {
  override readonly name = "FoundError";
}

function whole(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw new FoundError("a number of the search is none");
  return value;
}

/** Pairs of a run's start and its length, one after another, within so many lines. */
function parseRuns(value: unknown, lines: number): number[] {
  const runs = Array.isArray(value) ? value.map(whole) : [];
  let end = 0;
  for (let i = 0; i < runs.length; i += 2) {
    const [start = 0, length = 0] = [runs[i], runs[i + 1]];
    if (start < end || length === 0 || start + length > lines) throw new FoundError("the runs of a part are none");
    end = start + length;
  }
  return runs;
}

function parseText(value: unknown): FoundText {
  const [line, kind, time, text] = Array.isArray(value) ? (value as unknown[]) : [];
  if (typeof text !== "string") throw new FoundError("a text of the search is none");
  return [whole(line), whole(kind), whole(time), text];
}

/**
 * Read one line of the answer; undefined for types that are not known.
 *
 * @throws FoundError when it makes no sense.
 */
export function parseFound(line: string): Found | undefined {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw new FoundError("a line of the search is no JSON");
  }
  if (typeof json !== "object" || json === null) throw new FoundError("a line of the search is no object");
  const found = json as { readonly [key: string]: unknown };
  switch (found["type"]) {
    case "search":
      return { type: "search", epoch: String(found["epoch"]), lastLine: whole(found["last_line"]), midLine: found["mid_line"] === true };
    case "part": {
      const [first, last] = [whole(found["first_line"]), whole(found["last_line"])];
      const texts: unknown = found["texts"];
      if (last - first >= MOST_LINES) throw new FoundError("a part of the search has too many lines");
      return {
        type: "part",
        part: { first, last, runs: parseRuns(found["runs"], last - first + 1) },
        texts: Array.isArray(texts) ? texts.map(parseText) : [],
      };
    }
    case "end":
      return { type: "end", complete: found["complete"] !== false };
    default:
      return undefined;
  }
}

/** The order of an answer: its beginning, the parts from the newest to the oldest line, and its end. */
export class Turns {
  #above: number | undefined;
  ended = false;

  /**
   * Pass on what comes next.
   *
   * @throws FoundError when it is not its turn.
   */
  follow(found: Found): Found {
    if (this.ended || (found.type === "search") !== (this.#above === undefined)) throw new FoundError("the search is out of order");
    if (found.type === "search") this.#above = Infinity;
    else if (found.type === "end") this.ended = true;
    else {
      const { first, last } = found.part;
      if (last >= first && last >= (this.#above ?? 0)) throw new FoundError("the parts of a search are out of order");
      this.#above = Math.min(this.#above ?? 0, first);
    }
    return found;
  }
}

/** What a part says of the lines [first, last] only; undefined when that is nothing. */
export function clip(part: Part, first: number, last: number): Part | undefined {
  if (first <= part.first && last >= part.last) return part;
  const [from, to] = [Math.max(first, part.first), Math.min(last, part.last)];
  if (to < from) return undefined;
  const runs: number[] = [];
  for (let i = 0; i + 1 < part.runs.length; i += 2) {
    const start = part.first + (part.runs[i] ?? 0);
    const begin = Math.max(from, start);
    const end = Math.min(to + 1, start + (part.runs[i + 1] ?? 0));
    if (end > begin) runs.push(begin - from, end - begin);
  }
  return { first: from, last: to, runs };
}
