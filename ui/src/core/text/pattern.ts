// A query, ready to look at lines. What a person typed never becomes a RegExp of the browser's, which could take forever:
// literal text is found by indexOf, a regular expression by re2js, which has RE2's syntax and linear time like the
// server's engine, and is loaded when the first one is needed. How much is looked at and found is bounded.
import type { Query } from "../view-state.ts";

export type Range = readonly [from: number, to: number];

export interface Pattern {
  readonly query: Query;
  /** Whether a line with this text is meant. */
  test(text: string): boolean;
  /**
   * Where it matches: not empty, not overlapping, ascending; nowhere when lines without a match are meant. Where a large
   * expression would take too long to say that of a long text, it is all of it.
   */
  ranges(text: string): Range[];
}

/** A regular expression that makes no sense; the message says in one line what is wrong, and where. */
export class PatternError extends Error {
  override name = "PatternError";
}

/** UTF-16 units of a line that are looked at. */
export const MOST_LOOKED_AT = 64 * 1024;
export const MOST_RANGES = 1000;
/** Steps of the engine, an instruction for a unit of text each, that finding a match may take: some 20 ms. */
const MOST_STEPS = 512 * 1024;
/** And finding all of a line's: some expressions look to its end for each. */
const MOST_WORK = 16 * 1024 * 1024;

// eslint-disable-next-line no-control-regex
const BEYOND_ASCII = /[^\x00-\x7f]/;
const DOTLESS_I = "\u0131";

function foldOne(char: string): string {
  if (char === DOTLESS_I) return char;
  const upper = char.toUpperCase();
  const lower = (upper.length === char.length ? upper : char).toLowerCase();
  return lower.length === char.length ? lower : char;
}

/** The text without differences of case, as long as before: what has no counterpart of its own length stays as it is. */
export function fold(text: string): string {
  if (!BEYOND_ASCII.test(text)) return text.toLowerCase();
  let folded = "";
  for (const char of text) folded += char < "\x80" ? char.toLowerCase() : foldOne(char);
  return folded;
}

function within(text: string): string {
  return text.length > MOST_LOOKED_AT ? text.slice(0, MOST_LOOKED_AT) : text;
}

function literal(query: Query): Pattern {
  const prepare = query.caseSensitive ? within : (text: string): string => fold(within(text));
  const wanted = query.caseSensitive ? query.text : fold(query.text);
  return {
    query,
    test: (text) => prepare(text).includes(wanted) !== query.invert,
    ranges(text) {
      const ranges: Range[] = [];
      if (query.invert || wanted === "") return ranges;
      const prepared = prepare(text);
      let at = prepared.indexOf(wanted);
      while (at !== -1 && ranges.length < MOST_RANGES) {
        ranges.push([at, at + wanted.length]);
        at = prepared.indexOf(wanted, at + wanted.length);
      }
      return ranges;
    },
  };
}

async function regex(query: Query): Promise<Pattern> {
  const { RE2JS, RE2JSException } = await import("re2js");
  let compiled: InstanceType<typeof RE2JS>;
  try {
    compiled = RE2JS.compile(query.text, query.caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    // The flag that says to ignore case has come before what was typed.
    const reason = query.caseSensitive ? error.message : error.message.replace("`(?i)", "`");
    throw new PatternError(reason.replace(/^error parsing regexp: /, "").replaceAll("`", '"'));
  }
  return {
    query,
    test: (text) => compiled.test(within(text)) !== query.invert,
    ranges(text) {
      const ranges: Range[] = [];
      if (query.invert) return ranges;
      const looked = within(text);
      // Whether there is a match is known at once, where it is may take long.
      if (!compiled.test(looked)) return ranges;
      const steps = compiled.programSize();
      if (looked.length * steps > MOST_STEPS) return [[0, looked.length]];
      const matcher = compiled.matcher(looked);
      let work = 0;
      while (ranges.length < MOST_RANGES && work < MOST_WORK && matcher.find()) {
        const [from, to] = [matcher.start(), matcher.end()];
        if (to > from) ranges.push([from, to]);
        work += (looked.length - from) * steps;
      }
      return ranges;
    },
  };
}

/** Make a query ready; a regular expression that makes no sense is a `PatternError`. */
export function compile(query: Query): Promise<Pattern> {
  return query.regex ? regex(query) : Promise.resolve(literal(query));
}
