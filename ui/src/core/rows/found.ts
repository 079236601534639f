// What the server answers to a search (docs/protocol.md, "Search"): one JSON object per line, as values.
import type { Part } from "./selection.ts";

/** A line that came along: number, kind, time of arrival in microseconds, and its text with its escape sequences. */
export type FoundText = readonly [line: number, kind: number, time: number, text: string];

export type Found =
  | { readonly type: "search"; readonly epoch: string; readonly lastLine: number; readonly midLine: boolean }
  | { readonly type: "part"; readonly part: Part; readonly texts: readonly FoundText[] }
  | { readonly type: "end"; readonly complete: boolean };

/** The answer is none that we know. */
export class FoundError extends Error {
  override readonly name = "FoundError";
}

function whole(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw new FoundError("a number of the search is none");
  return value;
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
      const runs: unknown = found["runs"];
      const texts: unknown = found["texts"];
      return {
        type: "part",
        part: {
          first: whole(found["first_line"]),
          last: whole(found["last_line"]),
          runs: Array.isArray(runs) ? runs.map(whole) : [],
        },
        texts: Array.isArray(texts) ? (texts as FoundText[]) : [],
      };
    }
    case "end":
      return { type: "end", complete: found["complete"] !== false };
    default:
      return undefined;
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
