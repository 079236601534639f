// What the page and its worker say to each other. The page sends a `view` once per drawn frame at most; each arms the
// worker for one `frame` in return, as soon as there is news. So nothing piles up however fast the log grows, a tab in
// the background costs nothing, and no timer is involved. What matters to someone who looks elsewhere is `news`: one at a
// time, each answered by `heard`.
import type { Ranges } from "../core/log/loaded.ts";
import type { ExitStatus, Extra } from "../core/rows/rows.ts";
import type { Part } from "../core/rows/selection.ts";
import type { Size } from "../core/terminal/screen.ts";
import type { Phase, StreamInfo } from "../core/log/session.ts";
import type { TaskProgress } from "../core/terminal/task-progress.ts";
import type { Query, TimeRange } from "../core/view-state.ts";

/** What the page shows, and which lines it lacks. */
export interface ViewMessage {
  readonly type: "view";
  /** Show the newest `count` rows. */
  readonly follow: boolean;
  readonly count: number;
  /** Lines that are wanted. */
  readonly ranges: Ranges;
  /** The lines in sight, [from, to) of each run of neighbours, ascending: their blocks stay loaded. */
  readonly seen: Ranges;
  /** Lines that may be longer than usual: how many of their bytes to send. */
  readonly limits: readonly (readonly [line: number, bytes: number, after: number])[];
  /**
   * Lines of those that the page has: the `total` it knows of each, and whether that is all there will be. When
   * following they are left out as long as no line in sight is missing.
   */
  readonly known: readonly (readonly [line: number, total: number, complete: boolean])[];
}

/**
 * What is asked of the time machine. `seek` enters it, and plays on from there if it says so; `live` leaves it; `tick` is
 * the clock (milliseconds) of a page's frame.
 */
export type Order =
  | { readonly what: "seek"; readonly time: number; readonly play?: boolean }
  | { readonly what: "play" | "pause" | "live" }
  | { readonly what: "speed"; readonly speed: number }
  | { readonly what: "idle"; readonly skip: boolean }
  | { readonly what: "tick"; readonly clock: number };
export interface SearchRequest {
  /** Undefined when all lines are meant: of a range. */
  readonly query: Query | undefined;
  /** Lines before and after each match that are shown too. */
  readonly context: number;
  /** When the lines have to have arrived. */
  readonly range: TimeRange | undefined;
}

/** Search for something else from now on, or for nothing. */
export interface SearchMessage {
  readonly type: "search";
  readonly which: "filter" | "find";
  /** Grows with each one. */
  readonly id: number;
  readonly request: SearchRequest | undefined;
}

export interface Progress {
  readonly matches: number;
  /** Of what is kept, how much was searched: 0 to 1. */
  readonly share: number;
  readonly done: boolean;
  /** There is more than was looked for. */
  readonly limited: boolean;
  /** Why nothing can be found so. */
  readonly error: string | undefined;
}

export interface SearchNews {
  readonly which: "filter" | "find";
  /** The message that was heard last, and how far what it asks for has come. */
  readonly id: number;
  readonly progress: Progress | undefined;
  /** What is shown: what the message `id` asked for, and the parts of it that are new. */
  readonly shown: { readonly id: number; readonly context: number; readonly parts: readonly Part[] } | undefined;
}

export type ToWorker =
  /** `line`: what the page is going to show first, if not the newest lines. */
  | { readonly type: "open"; readonly base: string; readonly name: string; readonly line: number | undefined }
  | { readonly type: "wake" }
  | { readonly type: "close" }
  | { readonly type: "gap"; readonly id: number }
  /** Tell of lines that this finds; of none any more. */
  | { readonly type: "notify"; readonly query: Query | undefined }
  | { readonly type: "heard" }
  | { readonly type: "replay"; readonly order: Order }
  /** Send what the terminal is to be fed, or no more. */
  | { readonly type: "terminal"; readonly on: boolean }
  /** The terminal has taken so many bytes of the pieces with this number. */
  | { readonly type: "written"; readonly run: number; readonly bytes: number }
  | ViewMessage
  | SearchMessage;

/** Lines of a batch: their bytes one after another, and `LINE_FIELDS` numbers for each. */
export interface LineBatch {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly numbers: Float64Array<ArrayBuffer>;
}

/** line, length of its bytes, bytes before and after them, total, complete, kind, time, and the style (fg, bg, line, flags), and whether its beginning is lost. */
export const LINE_FIELDS = 13;

export interface State {
  readonly epoch: string | undefined;
  readonly phase: Phase;
  readonly stream: StreamInfo | undefined;
  readonly viewers: number | undefined;
  readonly exit: ExitStatus | undefined;
  readonly started: number | undefined;
  /** The streams that the server has, where it has none of this name any more. */
  readonly others: readonly string[] | undefined;
  /** Since when nothing has come, in milliseconds since the Unix epoch, where the connection was given up for that. */
  readonly silent: number | undefined;
}

/** The time machine: the playhead, and the times that it may go to, in microseconds since the Unix epoch. */
export interface Replay {
  readonly time: number;
  readonly from: number;
  readonly to: number;
  readonly playing: boolean;
  readonly speed: number;
  readonly skipIdle: boolean;
  /** What comes next is being loaded. */
  readonly waiting: boolean;
  /** How often the playhead was moved by someone, and what is there is shown. */
  readonly jumps: number;
}

export interface Frame {
  readonly type: "frame";
  /** Changes with each log: what was cached of another is void. */
  readonly log: number;
  readonly first: number;
  readonly last: number;
  /** While it is there, all else is as it was then. */
  readonly replay: Replay | undefined;
  readonly state: State | undefined;
  readonly extras: readonly Extra[] | undefined;
  readonly lines: LineBatch | undefined;
  /** The lines in sight that others belong to, and how many; as before when it is not there. */
  readonly belongs: readonly (readonly [line: number, count: number])[] | undefined;
  readonly searches: readonly SearchNews[];
}

export interface News {
  readonly type: "news";
  /** How far the program says it is. */
  readonly progress: TaskProgress | undefined;
  /** Lines that were waited for: how many, and the last of them. */
  readonly noticed: { readonly count: number; readonly line: number; readonly text: string } | undefined;
  /** How the run ended, if it just did. */
  readonly ended: ExitStatus | undefined;
}

/** What a terminal takes next. */
export interface Piece {
  readonly type: "piece";
  /** With each number a fresh terminal begins. */
  readonly run: number;
  /** Said where a run begins: whether nothing of the screen is missing. */
  readonly exact: boolean | undefined;
  readonly size: Size | undefined;
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
}

/** The stream was opened: the first thing that is said. */
export interface Opened {
  readonly type: "opened";
}

export type ToPage = Opened | Frame | News | Piece;

/** What the far side is reached through, seen from there: a worker's global scope, or a `MessagePort`. */
export interface Port {
  onmessage: ((event: MessageEvent<ToWorker>) => unknown) | null;
  postMessage(message: ToPage, transfer: Transferable[]): void;
  close(): void;
}
