// The groups that build systems mark, as the server tells them, by the line that names each; and which lines look as if
// they marked one that is not known yet.

export interface Group {
  /** The line that names it. */
  readonly line: number;
  /** Its last line; undefined while it goes on. */
  readonly end: number | undefined;
  readonly name: string;
  /** How long it took, where that could be measured. */
  readonly seconds: number | undefined;
  /** Whoever wrote it wants it folded. */
  readonly collapsed: boolean;
}

export interface GroupList {
  readonly epoch: string;
  readonly groups: readonly Group[];
  /** There are more, after the last one. */
  readonly more: boolean;
}

/** Less is no time: both ends came with one record. In microseconds. */
const LEAST = 1000;

function isWhole(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value);
}

function parseGroup(json: unknown): Group | undefined {
  if (typeof json !== "object" || json === null) return undefined;
  const { line, end_line: end, name, from, to, style, collapsed } = json as { readonly [field: string]: unknown };
  if (!isWhole(line) || line < 1 || (isWhole(end) && end < line) || typeof name !== "string") return undefined;
  const took = isWhole(from) && isWhole(to) && end !== line && to - from >= LEAST ? (to - from) / 1e6 : undefined;
  // Of the others nobody says so: what is told of them is what their own pages do.
  const folded = style === "gitlab" && collapsed === true;
  return { line, end: isWhole(end) ? end : undefined, name, seconds: took, collapsed: folded };
}

/** Read the answer to a request for groups. */
export function parseGroups(json: unknown): GroupList | undefined {
  if (typeof json !== "object" || json === null) return undefined;
  const { epoch, groups, more } = json as { readonly [field: string]: unknown };
  if (typeof epoch !== "string" || !Array.isArray(groups)) return undefined;
  return { epoch, groups: groups.map(parseGroup).filter((group) => group !== undefined), more: more === true };
}

// GitLab's are written over by the header that follows them, so that bytes are looked at.
const LOOKED_AT = 300;
// eslint-disable-next-line no-control-regex
const MARKER = /::(?:end)?group::|##\[(?:end)?group\]|section_(?:start|end):\d|^(?:\x1b\[[0-9;]*[mK])*(?:---|\+\+\+|~~~) \S/;
const decoder = new TextDecoder("latin1");

/** Whether a line may begin or end a group; the server knows whether it does. */
export function mayMark(bytes: Uint8Array): boolean {
  return MARKER.test(decoder.decode(bytes.subarray(0, LOOKED_AT)));
}
