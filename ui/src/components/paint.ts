// Rows as elements. Text goes in as text nodes only, whatever it holds; colours as classes, or as custom properties set
// through the CSSOM, so that neither a script nor a style of the output's making can come in.
import { DEFAULT_COLOUR, Flag, PLAIN, RGB, type Style } from "../core/sgr.ts";
import { Kind } from "../core/record.ts";
import type { Extra } from "../core/rows.ts";
import type { CachedLine } from "./cache.ts";
import { clock, count, exitWords, size } from "./format.ts";
import { indexed } from "./palette.ts";

function rgb(colour: number): string {
  if (colour >= RGB) return `#${(colour - RGB).toString(16).padStart(6, "0")}`;
  return indexed(colour);
}

const FLAG_CLASSES: readonly (readonly [number, string])[] = [
  [Flag.bold, "bold"],
  [Flag.dim, "dim"],
  [Flag.italic, "italic"],
  [Flag.hidden, "hidden"],
];

function decorate(element: HTMLElement, style: Style): void {
  const classes: string[] = [];
  let { fg, bg } = style;
  const { flags } = style;
  if (flags & Flag.inverse) {
    // Both colours given: they swap. Otherwise the page's own two take part, which only the style sheet knows.
    if (fg !== DEFAULT_COLOUR && bg !== DEFAULT_COLOUR) [fg, bg] = [bg, fg];
    else {
      if (bg !== DEFAULT_COLOUR) fg = bg = DEFAULT_COLOUR;
      classes.push("inverse");
    }
  }
  if (bg !== DEFAULT_COLOUR) classes.push("on");
  if (fg !== DEFAULT_COLOUR) {
    if (fg < 16) classes.push(`f${fg}`);
    else {
      classes.push("fx");
      element.style.setProperty("--c", rgb(fg));
    }
  }
  if (bg !== DEFAULT_COLOUR) {
    if (bg < 16) classes.push(`b${bg}`);
    else {
      classes.push("bx");
      element.style.setProperty("--b", rgb(bg));
    }
  }
  for (const [flag, name] of FLAG_CLASSES) if (flags & flag) classes.push(name);
  const underline = (flags & Flag.underline) !== 0;
  const strike = (flags & Flag.strike) !== 0;
  if (underline || strike) classes.push(underline && strike ? "underline-strike" : underline ? "underline" : "strike");
  element.className = classes.join(" ");
}

function element(tag: string, className: string, text = ""): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== "") made.textContent = text;
  return made;
}

function lineText(line: CachedLine): HTMLElement {
  const text = element("span", "text");
  for (const span of line.spans()) {
    if (span.style === PLAIN || (span.style.flags === 0 && span.style.fg === DEFAULT_COLOUR && span.style.bg === DEFAULT_COLOUR)) {
      text.append(span.text);
    } else {
      const styled = document.createElement("span");
      decorate(styled, span.style);
      styled.textContent = span.text;
      text.append(styled);
    }
  }
  return text;
}

/** Bytes of one line beyond which the page shows no more of it. */
export const MOST_SHOWN = 256 * 1024;

/** Fill the row of a line; `undefined` while it is not there yet. */
export function paintLine(row: HTMLElement, line: CachedLine | undefined): void {
  if (line === undefined) {
    row.className = "line pending";
    row.replaceChildren(element("span", "text"));
    return;
  }
  const stderr = line.kind === Kind.stderr;
  row.className = stderr ? "line stderr" : "line";
  const parts: HTMLElement[] = [];
  if (stderr) {
    const mark = element("span", "mark");
    mark.title = "standard error";
    mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", "standard error:");
    parts.push(mark);
  }
  parts.push(lineText(line));
  if (line.more > 0) {
    if (line.bytes.length < MOST_SHOWN) {
      const more = element("button", "more", `… ${size(line.more)} more: show`);
      more.setAttribute("type", "button");
      parts.push(more);
    } else {
      parts.push(element("span", "more", `… ${size(line.more)} more`));
    }
  }
  row.replaceChildren(...parts);
}

function gapWords(extra: Extra & { kind: "gap" }): string {
  const lines = extra.hideTo - extra.after;
  const what = lines > 0 ? `${count(lines)} ${lines === 1 ? "line" : "lines"}` : size(extra.bytes);
  return extra.reason === "expired" ? `${what} no longer kept` : `${what} skipped (slow)`;
}

/** Fill the row of anything but a line. */
export function paintExtra(row: HTMLElement, extra: Extra): void {
  if (extra.kind === "gap") {
    row.className = `gap ${extra.reason}`;
    const label = element("span", "label", gapWords(extra));
    if (extra.reason === "expired") {
      row.replaceChildren(label);
      return;
    }
    const load = element("button", "load", "load");
    load.setAttribute("type", "button");
    row.replaceChildren(label, load);
    return;
  }
  const label = element("span", "label");
  const at = extra.time > 0 ? element("time", "at", clock(extra.time)) : undefined;
  if (extra.kind === "start") {
    row.className = "boundary start";
    label.textContent = extra.command.length > 0 ? `started ${extra.command.join(" ")}` : "started reading standard input";
    label.title = extra.command.join(" ");
  } else if (extra.kind === "exit") {
    const failed = extra.status.code !== 0;
    row.className = failed ? "boundary exit failed" : "boundary exit";
    label.textContent = exitWords(extra.status);
  } else {
    row.className = "boundary note";
    label.textContent = extra.text;
  }
  row.replaceChildren(label, ...(at === undefined ? [] : [at]));
}
