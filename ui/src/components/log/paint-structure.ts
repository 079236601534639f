// A structured line as people read it: time, level and message first, the other fields quietly behind them; and opened,
// the tree of all it holds. Whatever has a value can be clicked to filter by it.
import { readable, visible } from "../../core/text/json.ts";
import { LEVELS } from "../../core/text/levels.ts";
import { clockOf, fieldOf, type Field, type Structure } from "../../core/text/structure.ts";
import type { Highlights } from "./highlights.ts";
import { appendText, button, element, paintPieces, type Piece } from "./paint-text.ts";

/** Fields that the short form shows, and units of a value there and of one in the tree. */
const MOST_FIELDS = 40;
const LONGEST_VALUE = 160;
const LONGEST_NESTED = 80;
const LONGEST_MESSAGE = 4000;
const LONGEST_IN_TREE = 20_000;
/** Members of one object or array that are shown, and how many of them are shown without asking. */
const MOST_MEMBERS = 300;
const FEW_MEMBERS = 12;

/** What values look like. */
const KINDS: { readonly [kind in Field["kind"]]: string } = { string: "words", number: "digits", word: "truth", object: "nested", array: "nested" };

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** In one line, with control characters that can be seen. */
function flat(text: string, longest: number): string {
  return visible(cut(text, longest).replace(/\s*\n\s*/g, " ↵ "));
}

/** What a field says, as it reads: within an object or array too. */
function reading(field: Field): string {
  return field.json === undefined ? field.text : readable(field.text);
}

function filtering(field: Field): string {
  const value = cut(field.text, LONGEST_VALUE);
  return field.key === "" ? `Show only lines with ${value}` : `Show only lines with ${field.key} = ${value}`;
}

/** The short form, behind what comes before the structure; without the other fields where the tree has them. */
export function compact(structure: Structure, open: boolean): Piece[] {
  const { time, level, levelField, message, rest, all } = structure;
  const pieces: Piece[] = [];
  const pathOf = (field: Field): string => String(all.indexOf(field));
  if (time !== undefined) pieces.push({ text: clockOf(time), className: "when", title: `${time.key}: ${time.text}` }, { text: " " });
  if (level !== undefined && levelField !== undefined) {
    const text = (level === "warn" ? "WARN" : level.toUpperCase()).padEnd(5);
    pieces.push({ text, className: `level ${level}`, path: pathOf(levelField), title: filtering(levelField) }, { text: " " });
  }
  if (message !== undefined) pieces.push({ text: flat(message.text, LONGEST_MESSAGE), className: "said" }, { text: "  " });
  const others = open ? [] : rest.slice(0, MOST_FIELDS);
  for (const field of others) {
    const value = flat(reading(field), field.json === undefined ? LONGEST_VALUE : LONGEST_NESTED);
    const shown = field.kind === "string" && (value === "" || /[\s=]/.test(value)) ? `"${value}"` : value;
    pieces.push({ text: `${flat(field.key, LONGEST_VALUE)}=`, className: "key" });
    if (field.json === undefined) pieces.push({ text: shown, className: `value ${KINDS[field.kind]}`, path: pathOf(field), title: filtering(field) });
    else pieces.push({ text: shown, className: "value nested" });
    pieces.push({ text: " " });
  }
  if (rest.length > MOST_FIELDS && !open) pieces.push({ text: `… ${rest.length - MOST_FIELDS} more`, className: "key" });
  else pieces.pop();
  return pieces;
}

/** The field at a path: its place among all, and then among the members of each that holds it. */
export function fieldAt(structure: Structure, path: string): Field | undefined {
  const [first, ...inner] = path.split(".").map(Number);
  let field = structure.all[first ?? -1];
  for (const index of inner) {
    const member = field?.json?.members[index];
    field = member === undefined ? undefined : fieldOf(structure.source, member);
  }
  return field;
}

/** Whether what has so many members is open before anyone says so. */
function opensItself(field: Field, depth: number): boolean {
  return depth < 2 && (field.json?.members.length ?? 0) <= FEW_MEMBERS;
}

function summary(field: Field): string {
  const count = field.json?.members.length ?? 0;
  const what = field.kind === "array" ? (count === 1 ? "item" : "items") : count === 1 ? "field" : "fields";
  return `${count} ${what}`;
}

/** How a tree is drawn. */
interface Drawing {
  readonly source: string;
  /** The nodes that are not as they would be by themselves. */
  readonly toggled: ReadonlySet<string>;
  readonly highlights: Highlights;
}

function branch(drawing: Drawing, field: Field, path: string, depth: number, name: string): HTMLElement {
  const made = element("div", field.json === undefined ? "branch leaf" : "branch");
  made.setAttribute("role", "listitem");
  if (field.json === undefined) {
    const key = element("span", "key");
    appendText(key, `${name}: `);
    const value = button(`value ${KINDS[field.kind]}`, "");
    value.title = filtering(field);
    value.dataset["path"] = path;
    const text = field.text === "" && field.kind === "string" ? '""' : cut(visible(field.text), LONGEST_IN_TREE);
    paintPieces(value, [{ text }], [], drawing.highlights.in(text));
    made.append(key, value);
    return made;
  }
  const open = opensItself(field, depth) !== drawing.toggled.has(path);
  const twig = button("twig", "");
  twig.setAttribute("aria-expanded", String(open));
  twig.dataset["path"] = path;
  const key = element("span", "key");
  appendText(key, `${name} `);
  twig.append(key, element("span", "count", summary(field)));
  made.append(twig);
  if (!open) return made;
  const members = field.json.members.slice(0, MOST_MEMBERS).map((member, index) => {
    const inner = fieldOf(drawing.source, member);
    const innerName = field.kind === "array" ? String(index) : flat(inner.key, LONGEST_VALUE);
    return branch(drawing, inner, `${path}.${index}`, depth + 1, innerName);
  });
  made.append(list(members, field.json.members.length));
  return made;
}

function list(branches: readonly HTMLElement[], all: number): HTMLElement {
  const made = element("div", "branches");
  made.setAttribute("role", "list");
  made.append(...branches);
  if (all > branches.length) made.append(element("div", "branch key", `… ${all - branches.length} more`));
  return made;
}

/** Everything that the line holds; `toggled` are the paths of nodes that are not as they would be by themselves. */
export function tree(structure: Structure, toggled: ReadonlySet<string>, highlights: Highlights): HTMLElement {
  const drawing: Drawing = { source: structure.source, toggled, highlights };
  const fields = structure.all.slice(0, MOST_MEMBERS);
  const made = element("div", "tree");
  const branches = fields.map((field, index) => {
    const drawn = branch(drawing, field, String(index), 0, flat(field.key, LONGEST_VALUE));
    if (field === structure.levelField && structure.level !== undefined) drawn.classList.add(...LEVELS.filter((level) => level === structure.level));
    return drawn;
  });
  made.append(list(branches, structure.all.length));
  return made;
}
