// JSON that remembers how it was written: each value's place in the text, so that a filter can look for exactly that. Read
// in one pass without recursion, so that depth costs no stack; keys are values like others, so that no name is special.

export type JsonKind = "object" | "array" | "string" | "number" | "word";

export interface Json {
  readonly kind: JsonKind;
  /** Its place in the text. */
  readonly from: number;
  to: number;
  /** What it holds, of objects with their keys. */
  readonly members: Member[];
}

export interface Member {
  /** Place of the key with its quotes; both 0 in an array. */
  readonly keyFrom: number;
  readonly keyTo: number;
  readonly value: Json;
}

/** Deeper, and more, than anyone wants to see of a line. */
const DEEPEST = 64;
const MOST_VALUES = 5000;

const BLANK = /[ \t\r\n]*/y;
// eslint-disable-next-line no-control-regex
const STRING = /"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

function matched(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** The object that begins at `from` and is all that follows; `undefined` when that is anything else. */
export function parseObject(text: string, from: number): Json | undefined {
  if (text[from] !== "{") return undefined;
  const root: Json = { kind: "object", from, to: from, members: [] };
  const stack: Json[] = [root];
  let at = from + 1;
  let values = 0;
  const skip = (): string | undefined => text[(at = matched(BLANK, text, at))];
  // Each turn reads a member of the innermost value that is open, or its end.
  for (let parent: Json | undefined = root; parent !== undefined; parent = stack.at(-1)) {
    const closing = parent.kind === "object" ? "}" : "]";
    let next = skip();
    if (next === closing) {
      parent.to = at += 1;
      stack.pop();
      continue;
    }
    if (parent.members.length > 0) {
      if (next !== ",") return undefined;
      at += 1;
      next = skip();
    }
    let [keyFrom, keyTo] = [0, 0];
    if (parent.kind === "object") {
      [keyFrom, keyTo] = [at, matched(STRING, text, at)];
      if (keyTo === keyFrom) return undefined;
      at = keyTo;
      if (skip() !== ":") return undefined;
      at += 1;
      next = skip();
    }
    if (++values > MOST_VALUES || next === undefined) return undefined;
    const opens = next === "{" || next === "[";
    const kind: JsonKind = next === "{" ? "object" : next === "[" ? "array" : next === '"' ? "string" : /[-\d]/.test(next) ? "number" : "word";
    const value: Json = { kind, from: at, to: at, members: [] };
    parent.members.push({ keyFrom, keyTo, value });
    if (opens) {
      if (stack.length === DEEPEST) return undefined;
      at += 1;
      stack.push(value);
    } else {
      value.to = matched(kind === "string" ? STRING : SCALAR, text, at);
      if (value.to === at) return undefined;
      at = value.to;
    }
  }
  skip();
  return at === text.length ? root : undefined;
}

/** What a string says that is written like this, with its quotes. */
export function said(written: string): string {
  return written.includes("\\") ? (JSON.parse(written) as string) : written.slice(1, -1);
}

/** JSON as it is written, but with the characters themselves that it names by their numbers; not those that would end a string. */
export function readable(written: string): string {
  return written.replace(/\\(?:u([0-9a-fA-F]{4})|.)/g, (escape, code: string | undefined) => {
    const unit = code === undefined ? 0 : Number.parseInt(code, 16);
    return unit < 0xa0 ? (unit > 0x22 && unit < 0x7f && unit !== 0x5c ? String.fromCharCode(unit) : escape) : String.fromCharCode(unit);
  });
}

/** Control characters as signs that can be seen; newlines and tabs stay. */
export function visible(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, (control) => {
    const code = control.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? "\u2421" : "\ufffd";
  });
}
