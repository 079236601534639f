// What the keyboard does: one table, for the page that listens and for the dialog that lists it. Keys without Ctrl, Alt or
// Meta mean something only while nobody types, and can be switched off (WCAG 2.2, 2.1.4); Ctrl+F and Ctrl+A are the only ones with.

/** What can be asked of the page, by a key, a button or the menu. */
export type Action =
  | "top" | "end" | "enter" | "toggle" | "scroll" | "find" | "filter" | "next" | "previous" | "seek" | "back" | "close" | "wrap" | "times" | "timeline"
  | "play" | "terminal" | "fullscreen" | "larger" | "smaller" | "help" | "share" | "notify" | "quiet" | "copy" | "all" | "clear";

/** A button or a menu asks the page for an action. */
export class ActionEvent extends Event {
  readonly action: Action;

  constructor(action: Action) {
    super("action", { bubbles: true, composed: true });
    this.action = action;
  }
}

declare global {
  interface HTMLElementEventMap {
    action: ActionEvent;
  }
}

export interface Shortcut {
  readonly group: "Move" | "Find and filter" | "View" | "Other";
  /** As keyboard events name them. */
  readonly keys: readonly string[];
  /** As keyboards name them. */
  readonly shown: readonly string[];
  readonly what: string;
  readonly action: Action;
}

export const SHORTCUTS: readonly Shortcut[] = [
  { group: "Move", keys: [" "], shown: ["Space"], what: "Stop following, or follow", action: "toggle" },
  { group: "Move", keys: ["Home", "g"], shown: ["Home", "g"], what: "To the beginning", action: "top" },
  { group: "Move", keys: ["End", "G"], shown: ["End", "G"], what: "To the newest line, and follow", action: "end" },
  { group: "Move", keys: ["ArrowUp", "ArrowDown"], shown: ["↑", "↓"], what: "Scroll", action: "scroll" },
  { group: "Move", keys: ["PageUp", "PageDown"], shown: ["PgUp", "PgDn"], what: "Scroll by a page", action: "scroll" },
  { group: "Move", keys: ["o"], shown: ["o", "Enter"], what: "Into a line's buttons and links: arrows, Enter, Esc", action: "enter" },
  { group: "Move", keys: ["p"], shown: ["p"], what: "Play the log from here as it was; Esc returns", action: "play" },
  { group: "Find and filter", keys: ["/"], shown: ["/", "Ctrl F"], what: "Find; with Ctrl F again, the browser's", action: "find" },
  { group: "Find and filter", keys: ["f"], shown: ["f"], what: "Filter: hide the other lines", action: "filter" },
  { group: "Find and filter", keys: ["n"], shown: ["n", "Enter"], what: "Next match", action: "next" },
  { group: "Find and filter", keys: ["N"], shown: ["N", "Shift Enter"], what: "Previous match", action: "previous" },
  { group: "Find and filter", keys: ["Escape"], shown: ["Esc"], what: "Close, unmark lines; a filter stays", action: "close" },
  { group: "View", keys: ["w"], shown: ["w"], what: "Wrap long lines", action: "wrap" },
  { group: "View", keys: ["T"], shown: ["Shift T"], what: "Times of arrival: which kind", action: "times" },
  { group: "View", keys: ["l"], shown: ["l"], what: "Timeline: how many lines came when", action: "timeline" },
  { group: "View", keys: ["t"], shown: ["t"], what: "Terminal, or back to the log", action: "terminal" },
  { group: "View", keys: ["+", "="], shown: ["+"], what: "Larger text", action: "larger" },
  { group: "View", keys: ["-"], shown: ["-"], what: "Smaller text", action: "smaller" },
  { group: "View", keys: ["F"], shown: ["Shift F"], what: "Full screen", action: "fullscreen" },
  { group: "Other", keys: ["c"], shown: ["c"], what: "Copy what is selected, the chosen lines, or those in sight", action: "copy" },
  { group: "Other", keys: [], shown: ["Ctrl A"], what: "Select all lines, to copy; Esc lets go", action: "all" },
  { group: "Other", keys: ["?"], shown: ["?"], what: "This list", action: "help" },
];

const WITH_CTRL: { readonly [key: string]: Action | undefined } = { f: "find", a: "all" };

/** The first way to ask for an action by keyboard, for tooltips and menus. */
export function keyOf(action: Action): string {
  return SHORTCUTS.find((shortcut) => shortcut.action === action)?.shown[0] ?? "";
}

/** The keys that fields take into which nobody types. */
const TAKEN: { readonly [type: string]: readonly string[] | undefined } = {
  range: ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End"],
  checkbox: [" "],
};

/** Whether what is pressed goes into a field. */
function goesInto(target: EventTarget | undefined, key: string): boolean {
  // The terminal view holds the focus in a field into which nobody can type.
  if (!(target instanceof HTMLElement) || target.closest(".xterm") !== null) return false;
  if (target.matches("select")) return key !== "Escape";
  const taken = target instanceof HTMLInputElement ? TAKEN[target.type] : undefined;
  return taken?.includes(key) ?? (target.matches("input, textarea") || target.isContentEditable);
}

/**
 * The action that a key asks for.
 *
 * @param letters Whether keys without Ctrl mean anything but moving.
 */
export function actionOf(event: KeyboardEvent, letters: boolean): Action | undefined {
  if (event.defaultPrevented || event.isComposing || event.altKey) return undefined;
  const target = event.composedPath()[0];
  if (event.ctrlKey || event.metaKey) {
    // Not while something is typed: there it is the browser's own, as in the field that the first one opens.
    if (event.shiftKey || goesInto(target, event.key)) return undefined;
    return WITH_CTRL[event.key.toLowerCase()];
  }
  if (goesInto(target, event.key)) return undefined;
  if (event.key === " " && target instanceof Element && target.matches("button, summary")) return undefined;
  if (event.key === "Enter") return target instanceof Element && target.matches("[role=log]") ? "enter" : undefined;
  const found = SHORTCUTS.find(({ keys }) => keys.includes(event.key));
  return found !== undefined && (letters || event.key.length > 1) ? found.action : undefined;
}
