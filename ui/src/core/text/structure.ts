// Lines that programs write for programs: JSON objects and logfmt, alone or after a prefix (a container's time, a pod's
// name, words). Recognised in time linear in the line's length, and up to a length only; what a reader looks for first
// (time, level, message) is told from the rest. Every value keeps how it is written, to filter by it.
import { parseObject, said, type Json } from "./json.ts";
import { levelOf, type Level } from "./levels.ts";

/** UTF-16 units of a line beyond which it is only text. */
export const MOST_STRUCTURED = 64 * 1024;
const LONGEST_PREFIX = 200;
/** A value that is filtered by is looked for up to this length. */
const LONGEST_WANTED = 300;

export type FieldKind = Json["kind"];

export interface Field {
  readonly key: string;
  readonly kind: FieldKind;
  /** What it says: strings without quotes and escapes, everything else as it is written. */
  readonly text: string;
  /** Key and value as they are written; the key is empty in an array. */
  readonly written: readonly [key: string, value: string];
  /** What it holds, in JSON. */
  readonly json: Json | undefined;
}

export interface Structure {
  readonly notation: "json" | "logfmt";
  /** The text that it was read from, and where it begins there, behind a prefix. */
  readonly source: string;
  readonly from: number;
  readonly time: Field | undefined;
  readonly level: Level | undefined;
  /** The field that named the level. */
  readonly levelField: Field | undefined;
  readonly message: Field | undefined;
  /** All others, as they are written. */
  readonly rest: readonly Field[];
  readonly all: readonly Field[];
}

// In lower case.
const TIME = ["time", "timestamp", "ts", "@timestamp", "t", "datetime", "date", "@t", "asctime"];
const LEVEL = ["level", "lvl", "severity", "loglevel", "log.level", "levelname", "@level", "log_level", "@l", "priority"];
const MESSAGE = ["msg", "message", "@message", "short_message", "event", "@m", "@mt", "renderedmessage", "messagetemplate", "log", "text"];

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** What a value begins with, in its notation, as a regular expression; all of it unless it is very long. */
function beginning(raw: string, end: string): string {
  if (raw.length <= LONGEST_WANTED) return quoted(raw) + end;
  return quoted(raw.slice(0, LONGEST_WANTED).replace(/[\ud800-\udbff]$/, ""));
}

/** The regular expression that finds lines with the same value; `undefined` for what holds other values. */
export function wantedBy(notation: Structure["notation"], { kind, written: [key, value], json }: Field): string | undefined {
  if (json !== undefined) return undefined;
  if (notation === "json") {
    const named = key === "" ? "" : `${quoted(key)}\\s*:\\s*`;
    return named + beginning(value, kind === "string" ? "" : "(?:[,}\\]\\s]|$)");
  }
  const bare = value.startsWith('"') ? value.slice(1, -1) : value;
  const needsQuotes = bare === "" || /[\s"\\=]/.test(bare);
  const wanted = needsQuotes ? beginning(value, "(?:\\s|$)") : `"?${beginning(bare, '"?(?:\\s|$)')}`;
  return `(?:^|\\s)${quoted(key)}=${wanted}`;
}

const READABLE = [
  { notation: "json", of: /^(?:("[^]*?[^\\]"|"")\\s\*:\\s\*)?([^]+?)(?:\(\?:\[,\}\\\]\\s\]\|\$\))?$/ },
  { notation: "logfmt", of: /^\(\?:\^\|\\s\)([^]+?)=(?:"\?)?([^]*?)(?:"\?)?(?:\(\?:\\s\|\$\))?$/ },
] as const;

/** What an expression of `wantedBy` wants, as someone would say it; undefined when it is any other. */
export function wishOf(text: string): string | undefined {
  for (const { notation, of } of READABLE) {
    const [key = "", value = ""] = (of.exec(text) ?? []).slice(1).map((part) => (part as string | undefined)?.replace(/\\([\\^$.*+?()[\]{}|])/g, "$1") ?? "");
    const kind = value.startsWith('"') ? "string" : "number";
    // Whatever is not exactly what would be asked for by a click was typed by someone.
    if (value === "" || wantedBy(notation, { key: "", kind, text: "", written: [key, value], json: undefined }) !== text) continue;
    const name = notation === "json" && key !== "" ? said(key) : key;
    return name === "" ? value : `${name} = ${value}`;
  }
  return undefined;
}

/** The field of an object's or array's member. */
export function fieldOf(source: string, member: Json["members"][number]): Field {
  const { keyFrom, keyTo, value } = member;
  const key = source.slice(keyFrom, keyTo);
  const raw = source.slice(value.from, value.to);
  return {
    key: key === "" ? "" : said(key),
    kind: value.kind,
    text: value.kind === "string" ? said(raw) : raw,
    written: [key, raw],
    json: value.kind === "object" || value.kind === "array" ? value : undefined,
  };
}

function byKey(fields: readonly Field[], keys: readonly string[], fits: (field: Field) => boolean): Field | undefined {
  let best: Field | undefined;
  let rank = keys.length;
  for (const field of fields) {
    const at = keys.indexOf(field.key.toLowerCase());
    if (at !== -1 && at < rank && fits(field)) {
      best = field;
      rank = at;
    }
  }
  return best;
}

function structureOf(notation: "json" | "logfmt", source: string, from: number, all: readonly Field[]): Structure {
  const scalar = (field: Field): boolean => field.json === undefined && field.text !== "";
  const time = byKey(all, TIME, (field) => scalar(field) && /\d/.test(field.text));
  const levelField = byKey(all, LEVEL, (field) => scalar(field) && levelOf(field.text, field.kind === "number") !== undefined);
  const message = byKey(all, MESSAGE, (field) => field.kind === "string" && field.text !== "");
  const level = levelField === undefined ? undefined : levelOf(levelField.text, levelField.kind === "number");
  const rest = all.filter((field) => field !== time && field !== levelField && field !== message);
  return { notation, source, from, time, level, levelField, message, rest, all };
}

function jsonOf(text: string): Structure | undefined {
  const from = text.indexOf("{");
  if (from === -1 || from > LONGEST_PREFIX || !/\}\s*$/.test(text.slice(-8))) return undefined;
  if (from > 0 && !/[\s|:\]=]$/.test(text.slice(0, from))) return undefined;
  const json = parseObject(text, from);
  if (json === undefined || json.members.length === 0) return undefined;
  return structureOf("json", text, from, json.members.map((member) => fieldOf(text, member)));
}

const FIRST_PAIR = /(?:^|\s)(?=[A-Za-z_@][\w.@/-]{0,99}=)/;
const PAIR = /([A-Za-z_@][\w.@/-]{0,99})=("[^"\\]*(?:\\.[^"\\]*)*"|[^\s"]*)(?:\s+|$)/y;

function unquoted(raw: string): string {
  if (!raw.startsWith('"')) return raw;
  try {
    return JSON.parse(raw) as string;
  } catch {
    return raw.slice(1, -1);
  }
}

function logfmtOf(text: string): Structure | undefined {
  const first = FIRST_PAIR.exec(text.slice(0, LONGEST_PREFIX));
  if (first === null) return undefined;
  const from = first.index + first[0].length;
  const all: Field[] = [];
  PAIR.lastIndex = from;
  while (PAIR.lastIndex < text.length) {
    const [, key, raw] = PAIR.exec(text) ?? [];
    // What is not all pairs is a sentence that happens to have one.
    if (key === undefined || raw === undefined) return undefined;
    const kind: FieldKind = raw.startsWith('"') ? "string" : /^-?\d+(?:\.\d+)?$/.test(raw) ? "number" : /^(?:true|false|null|nil)$/.test(raw) ? "word" : "string";
    all.push({ key, kind, text: unquoted(raw), written: [key, raw], json: undefined });
  }
  const structure = structureOf("logfmt", text, from, all);
  const known = structure.level !== undefined || structure.message !== undefined;
  return all.length >= (known ? 2 : 3) ? structure : undefined;
}

/** The structure of a line's text, as it is seen; `undefined` when it has none. */
export function structured(text: string): Structure | undefined {
  if (text.length > MOST_STRUCTURED || text.length < 5) return undefined;
  if (text.includes("{")) {
    const json = jsonOf(text);
    if (json !== undefined) return json;
  }
  return text.includes("=") ? logfmtOf(text) : undefined;
}

/** A time as a program writes it, short: the clock of an ISO time as it stands, and of a number in UTC. */
export function clockOf(field: Field): string {
  const iso = /^\d{4}-\d\d-\d\d[T ](\d\d:\d\d:\d\d(?:[.,]\d{1,3})?)/.exec(field.text)?.[1];
  if (iso !== undefined) return iso.replace(",", ".");
  if (!/^\d{9,19}(?:\.\d+)?$/.test(field.text)) return field.text;
  let ms = Number(field.text);
  // Seconds, milliseconds, microseconds or nanoseconds: whichever is of our times.
  if (ms < 1e11) ms *= 1000;
  else while (ms >= 1e14) ms /= 1000;
  return `${new Date(ms).toISOString().slice(11, 23)}Z`;
}
