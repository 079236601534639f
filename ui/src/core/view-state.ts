// What of the view can be shared: everything that the page's URL says after the `#`. `L120-L140` and `name=value` parts,
// joined by `&`; a query is its flags, a colon and its text. What makes no sense is left out, never an error: URLs are
// cut and typed by people.

/** What is looked for in lines. */
export interface Query {
  readonly text: string;
  /** The text is a regular expression (RE2's syntax), not itself. */
  readonly regex: boolean;
  readonly caseSensitive: boolean;
  /** Lines that do not match are meant. */
  readonly invert: boolean;
}

/** Lines that a link points at; numbers mean something only within their epoch, which old or typed links lack. */
export interface Selected {
  readonly from: number;
  readonly to: number;
  readonly epoch: string | undefined;
}

/** Arrival times in microseconds since the Unix epoch, both inclusive. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

export interface ViewState {
  /** Matches are marked and can be stepped through; everything stays in sight. */
  readonly find: Query | undefined;
  /** Only matching lines are shown, each with so many lines of context before and after it. */
  readonly filter: Query | undefined;
  readonly context: number;
  /** Highlights that stay, each in its colour. */
  readonly marks: readonly Query[];
  readonly selected: Selected | undefined;
  readonly range: TimeRange | undefined;
  /** Which view was chosen; by itself it is the terminal while the program addresses the screen. */
  readonly display: "log" | "terminal" | undefined;
}

export const MOST_CONTEXT = 100;
export const MOST_MARKS = 8;

export const NOTHING_CHOSEN: ViewState = {
  find: undefined,
  filter: undefined,
  context: 0,
  marks: [],
  selected: undefined,
  range: undefined,
  display: undefined,
};

const LINES = /^L([1-9]\d{0,15})(?:-L?([1-9]\d{0,15}))?$/;
const QUERY = /^([rcv]*):([^]*)$/;
const MOST_TEXT = 1000;

export function formatQuery(query: Query): string {
  return `${query.regex ? "r" : ""}${query.caseSensitive ? "c" : ""}${query.invert ? "v" : ""}:${query.text}`;
}

/** Read flags, a colon and a text; undefined when it is something else, or the text is empty. */
export function parseQuery(value: string): Query | undefined {
  const [, flags, text] = QUERY.exec(value) ?? [];
  if (flags === undefined || text === undefined || text === "" || text.length > MOST_TEXT) return undefined;
  return { text, regex: flags.includes("r"), caseSensitive: flags.includes("c"), invert: flags.includes("v") };
}

export function sameQuery(a: Query | undefined, b: Query | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && formatQuery(a) === formatQuery(b));
}

/** Whole numbers that a URL may name: anything else is NaN. */
function whole(value: string | undefined): number {
  const number = value !== undefined && /^\d{1,16}$/.test(value) ? Number(value) : NaN;
  return Number.isSafeInteger(number) ? number : NaN;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Halves of characters, which no URL can hold. */
const HALVES = /\p{Surrogate}/gu;

/** Only what would end the part or the URL, or is not shown as itself, is escaped: links are read by people. */
function encode(value: string): string {
  return encodeURIComponent(value.replace(HALVES, "\ufffd")).replace(/%(?:3A|2F|2C|40|24|3B|3F)/gi, decodeURIComponent);
}

function parseLines(part: string): [from: number, to: number] | undefined {
  const found = LINES.exec(part);
  if (found === null) return undefined;
  const from = Number(found[1]);
  const to = found[2] === undefined ? from : Number(found[2]);
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) return undefined;
  return from <= to ? [from, to] : [to, from];
}

/** Read what follows a URL's `#`, with or without it. */
export function parseView(hash: string): ViewState {
  const values = new Map<string, string>();
  const marks: Query[] = [];
  let lines: [from: number, to: number] | undefined;
  for (const part of hash.replace(/^#/, "").split("&")) {
    const equals = part.indexOf("=");
    if (equals === -1) {
      lines ??= parseLines(decode(part));
      continue;
    }
    const name = part.slice(0, equals);
    const value = decode(part.slice(equals + 1));
    const mark = name === "mark" ? parseQuery(value) : undefined;
    if (mark !== undefined && marks.length < MOST_MARKS) marks.push(mark);
    values.set(name, value);
  }
  const context = whole(values.get("context"));
  const [from, to] = [whole(values.get("from")), whole(values.get("to"))];
  const display = values.get("view");
  return {
    find: parseQuery(values.get("find") ?? ""),
    filter: parseQuery(values.get("filter") ?? ""),
    context: context <= MOST_CONTEXT ? context : 0,
    marks,
    selected: lines === undefined ? undefined : { from: lines[0], to: lines[1], epoch: values.get("epoch") },
    range: from <= to ? { from, to } : undefined,
    display: display === "log" || display === "terminal" ? display : undefined,
  };
}

/** The inverse of `parseView`: what follows the `#`, empty when nothing is chosen. */
export function formatView(view: ViewState): string {
  const parts: string[] = [];
  const say = (name: string, value: string): unknown => parts.push(`${name}=${encode(value)}`);
  const { selected, range } = view;
  if (selected !== undefined) {
    parts.push(selected.from === selected.to ? `L${selected.from}` : `L${selected.from}-L${selected.to}`);
    if (selected.epoch !== undefined) say("epoch", selected.epoch);
  }
  if (view.find !== undefined) say("find", formatQuery(view.find));
  if (view.filter !== undefined) say("filter", formatQuery(view.filter));
  if (view.context > 0) say("context", String(view.context));
  for (const mark of view.marks) say("mark", formatQuery(mark));
  if (range !== undefined) {
    say("from", String(range.from));
    say("to", String(range.to));
  }
  if (view.display !== undefined) say("view", view.display);
  return parts.join("&");
}
