// A line's row: its text with colours, links and highlights, or the short form of a structured line; when it came; and
// what can be done with it. What is worked out of a line is kept as long as the line is, so that painting it again
// (another highlight, another theme of times) costs little; a plain line never takes the long way.
import { mayHaveLinks, links } from "../../core/text/links.ts";
import { troubleIn } from "../../core/text/levels.ts";
import { Kind } from "../../core/log/record.ts";
import { commandIn, unescaped, type Command } from "../../core/text/commands.ts";
import { DEFAULT_COLOUR, PLAIN } from "../../core/text/sgr.ts";
import { structured as structureIn, type Structure } from "../../core/text/structure.ts";
import type { Span } from "../../core/text/terminal-line.ts";
import type { CachedLine } from "./cache.ts";
import { count, duration, size } from "../format.ts";
import type { Highlights } from "./highlights.ts";
import { compact, tree } from "./paint-structure.ts";
import { button, element, paintPieces, type Piece } from "./paint-text.ts";

/** Bytes of one line that the page shows at once. */
export const MOST_SHOWN = 256 * 1024;

/** What can be folded behind a line. */
export interface Fold {
  /** The lines that are shown or hidden with it; undefined while there is nothing to hide, or a group goes on. */
  readonly lines: number | undefined;
  readonly folded: boolean;
  /** The line is the header of a CI system's group. */
  readonly group: { readonly name: string; readonly seconds: number | undefined } | undefined;
}

/** How lines are painted at present. */
export interface Manner {
  readonly structured: boolean;
  readonly highlights: Highlights;
  readonly fold: Fold | undefined;
  /** The nodes of its tree that are not as they would be by themselves, when the line is open. */
  readonly open: ReadonlySet<string> | undefined;
}

interface Worked {
  readonly spans: readonly Span[];
  readonly text: string;
  structure: Structure | null | undefined;
}

const worked = new WeakMap<CachedLine, Worked>();

function workOn(line: CachedLine): Worked {
  let known = worked.get(line);
  if (known === undefined) {
    const spans = line.spans();
    known = { spans, text: spans.length === 1 ? (spans[0]?.text ?? "") : spans.map((span) => span.text).join(""), structure: undefined };
    worked.set(line, known);
  }
  return known;
}

/** The structure of a line; none when what would be told has colours of its own. */
export function structureOf(line: CachedLine): Structure | undefined {
  const known = workOn(line);
  if (known.structure === undefined) {
    const structure = line.before > 0 ? undefined : structureIn(known.text);
    known.structure = structure !== undefined && plainFrom(known.spans, structure.from) ? structure : null;
  }
  return known.structure ?? undefined;
}

function commandOf(line: CachedLine): Command | undefined {
  return line.before > 0 ? undefined : commandIn(workOn(line).text);
}

function isPlain(span: Span): boolean {
  return span.style.fg === DEFAULT_COLOUR && span.style.bg === DEFAULT_COLOUR && span.style.flags === 0 && span.link === undefined;
}

function plainFrom(spans: readonly Span[], from: number): boolean {
  let end = 0;
  for (const span of spans) {
    end += span.text.length;
    if (end > from && !isPlain(span)) return false;
  }
  return true;
}

/** The spans before `to`, from `from` on. */
function between(spans: readonly Span[], from: number, to = Infinity): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const span of spans) {
    if (at >= to) break;
    const text = span.text.slice(Math.max(0, from - at), Math.max(0, to - at));
    if (text !== "") pieces.push({ ...span, text });
    at += span.text.length;
  }
  return pieces;
}

/** What a build's command says, as its own page shows it. */
function commanded(spans: readonly Span[], { kind, from, to, word, where }: Command): Piece[] {
  const className = `order ${kind}`;
  const said = between(spans, to).map((piece) => {
    const text = unescaped(piece.text).replace(/\s*[\r\n]+\s*/g, " ↵ ");
    return kind === "notice" || piece.style !== PLAIN ? { ...piece, text } : { ...piece, text, className };
  });
  const pieces = [...between(spans, 0, from), ...(word === "" ? [] : [{ text: word, className: `${className} word` }]), ...said];
  return where === "" ? pieces : [...pieces, { text: `  ${where}`, className: "key" }];
}

/** Fill `.text`; whether that is the short form. */
function paintText(into: Element, line: CachedLine, structure: Structure | undefined, { structured, highlights, fold, open }: Manner): boolean {
  const { spans, text } = workOn(line);
  if (fold?.group !== undefined) {
    const { name } = fold.group;
    paintPieces(into, [{ text: name }], links(name), highlights.in(name));
    return false;
  }
  const command = structure === undefined && structured ? commandOf(line) : undefined;
  if (structure !== undefined || command !== undefined) {
    const pieces = command !== undefined ? commanded(spans, command) : structure === undefined ? [] : [...between(spans, 0, structure.from), ...compact(structure, open !== undefined)];
    const short = pieces.map((piece) => piece.text).join("");
    // What is looked for has to be seen: a match that the short form hides brings the line as it is written.
    const find = open === undefined ? highlights.find : undefined;
    if (find === undefined || find.ranges(text).length <= find.ranges(short).length) {
      paintPieces(into, pieces, mayHaveLinks(short) ? links(short) : [], highlights.in(short));
      return true;
    }
  }
  paintPieces(into, spans, mayHaveLinks(text) ? links(text) : [], highlights.in(text));
  return false;
}

function stderrMark(): HTMLElement {
  const mark = element("span", "mark");
  mark.title = "standard error";
  mark.setAttribute("role", "img");
  mark.setAttribute("aria-label", "standard error:");
  return mark;
}

function lostMark(): HTMLElement {
  const mark = element("span", "lost", "beginning no longer kept …");
  mark.title = "The line's beginning is no longer kept";
  return mark;
}

/** Ways to what follows of a long line. */
function moreOf({ before, bytes, more }: CachedLine): HTMLElement[] {
  const next = before > 0 || bytes.length >= MOST_SHOWN - 4;
  const show = button(next ? "more next" : "more", "", `… ${size(more)} more: show${next ? " the next part" : ""}`);
  return more > MOST_SHOWN ? [show, button("more end", "", "to the end")] : [show];
}

/** The toggle of what can be folded, and what stands behind the text. */
function foldParts({ lines, folded, group }: Fold): [toggle: HTMLElement | undefined, behind: HTMLElement[]] {
  const behind: HTMLElement[] = [];
  let toggle: HTMLElement | undefined;
  if (lines !== undefined) {
    const what = `${count(lines)} ${lines === 1 ? "line" : "lines"}`;
    toggle = button("fold", group === undefined ? `${what} that belong to this one` : `${what} in ${group.name}`);
    toggle.setAttribute("aria-expanded", String(!folded));
    if (folded) {
      const hidden = element("span", "behind", `… ${what}`);
      hidden.setAttribute("aria-hidden", "true");
      behind.push(hidden);
    }
  }
  if (group?.seconds !== undefined) behind.push(element("span", "took", duration(group.seconds)));
  return [toggle, behind];
}

/** Fill the row of a line; `undefined` while it is not there yet. */
export function paintLine(row: HTMLElement, line: CachedLine | undefined, manner: Manner): void {
  if (line === undefined) {
    row.className = "line pending";
    row.replaceChildren(element("span", "text"));
    return;
  }
  const { fold } = manner;
  const stderr = line.kind === Kind.stderr;
  const structure = manner.structured ? structureOf(line) : undefined;
  const text = element("span", "text");
  const short = paintText(text, line, structure, manner);
  const open = structure === undefined ? undefined : manner.open;
  const trouble = stderr ? undefined : troubleOf(line, structureOf(line));
  row.className = ["line", stderr && "stderr", trouble, fold?.group !== undefined && "group", short && "short"].filter(Boolean).join(" ");
  const parts: HTMLElement[] = [];
  if (stderr) parts.push(stderrMark());
  if (structure !== undefined) {
    const toggle = button(fold?.lines === undefined ? "twist" : "twist second", "Fields");
    toggle.setAttribute("aria-expanded", String(open !== undefined));
    parts.push(toggle);
  }
  const [toggle, behind] = fold === undefined ? [undefined, []] : foldParts(fold);
  if (toggle !== undefined) parts.push(toggle);
  if (line.lost && line.before === 0) parts.push(lostMark());
  if (line.before > 0) parts.push(button("more earlier", "", `${size(line.before)} before …`));
  parts.push(text, ...behind);
  if (line.more > 0) parts.push(...moreOf(line));
  if (open !== undefined && structure !== undefined) parts.push(tree(structure, open, manner.highlights));
  row.replaceChildren(...parts);
}

/** Whether the line says that something is wrong, whatever its colours say. */
function troubleOf(line: CachedLine, structure: Structure | undefined): "warn" | "error" | undefined {
  if (structure?.level !== undefined) return structure.level === "warn" ? "warn" : structure.level === "error" || structure.level === "fatal" ? "error" : undefined;
  const { kind } = commandOf(line) ?? {};
  if (kind === "error") return "error";
  if (kind === "warning") return "warn";
  return line.before > 0 ? undefined : troubleIn(workOn(line).text);
}
