// The page's end of the worker: starts it, keeps what it says (the state, where the log begins and ends, the rows
// between the lines, the lines themselves) and asks it for the lines that the view lacks.
import { Rows, type Extra } from "../core/rows/rows.ts";
import type { Frame, News, Order, Piece, Replay, State, ToPage, ToWorker, ViewMessage } from "../worker/messages.ts";
import { Jumps } from "../core/time/jumps.ts";
import type { Query, ViewState } from "../core/view-state.ts";
import { LineCache } from "./log/cache.ts";
import { Link } from "./link.ts";
import { Searches } from "./search/searches.ts";

const NOTHING: State = { epoch: undefined, phase: "connecting", stream: undefined, viewers: undefined, exit: undefined, started: undefined, others: undefined, silent: undefined };

/** Where a stream is: the server's URL, which ends in a slash, and the stream's name. */
export interface Place {
  readonly base: string;
  readonly name: string;
}

/** The page's own stream: the server writes its name into the page. */
function ofPage(): Place | undefined {
  const name = document.querySelector<HTMLMetaElement>('meta[name="webtee-stream"]')?.content ?? "";
  return name === "" ? undefined : { base: document.baseURI, name };
}

/** The first stream that there is, where the page is not served by webtee (development). */
async function firstOfAll(): Promise<Place> {
  const base = document.baseURI;
  const answer = await fetch(new URL("api/streams", base));
  const { streams } = (await answer.json()) as { streams: { name: string }[] };
  return { base, name: streams[0]?.name ?? "" };
}

/** What says which view is wanted (components/model.ts). */
export interface Shown extends EventTarget {
  readonly view: ViewState;
}

/** What the terminal is fed next. */
export class PieceEvent extends Event {
  readonly piece: Piece;

  constructor(piece: Piece) {
    super("piece");
    this.piece = piece;
  }
}

export class Client extends EventTarget {
  readonly rows = new Rows();
  readonly cache = new LineCache();
  readonly search = new Searches(this.rows, (message) => this.#post(message));
  state: State = NOTHING;
  /** How many lines belong to a line in sight and come after it. */
  belongs: ReadonlyMap<number, number> = new Map();
  /** What came with the last event "news". */
  news: News | undefined;
  /** The time machine, while it is on: all else is as it was then. */
  replay: Replay | undefined;
  /** The stream's URL, which ends in a slash; undefined until it is known. */
  url: URL | undefined;
  #link: Link | undefined;
  #opened = (): void => undefined;
  #model: Shown | undefined;
  #log = 0;
  #asked = "";
  readonly #filled = new Set<number>();
  /** What the worker says there is. */
  #kept: { readonly first: number; readonly extras: readonly Extra[] } = { first: 1, extras: [] };
  #cleared: number | undefined;
  /** The rows right behind the last cleared line that were cleared with it. */
  #clearedRows: ReadonlySet<string> = new Set();
  readonly #jumps = new Jumps();
  readonly #cleanup = new AbortController();

  /** Whose wishes this client fulfils. */
  shows(model: Shown): void {
    this.#model = model;
    model.addEventListener("view", () => {
      if (this.search.wish(model.view)) this.dispatchEvent(new Event("filtered"));
      this.dispatchEvent(new Event("search"));
    });
  }

  /**
   * Connect to a stream; without one, to the page's own. It has begun when this returns, if it is known which, and the
   * far side is there when the promise is kept.
   */
  async start(place = ofPage()): Promise<void> {
    const { base, name } = place ?? (await firstOfAll());
    const { signal } = this.#cleanup;
    if (signal.aborted) return;
    this.url = new URL(`s/${encodeURIComponent(name)}/`, base);
    const opened = new Promise<void>((resolve) => (this.#opened = resolve));
    this.#link = new Link((message) => this.#receive(message));
    this.#post({ type: "open", base, name, line: this.#model?.view.selected?.from });
    if (this.#model !== undefined) this.search.begin(this.#model.view);
    const wake = (): void => {
      if (!document.hidden) this.#post({ type: "wake" });
    };
    document.addEventListener("visibilitychange", wake, { signal });
    addEventListener("online", wake, { signal });
    this.dispatchEvent(new Event("frame"));
    await opened;
  }

  /** Disconnect for good. */
  close(): void {
    this.#cleanup.abort();
    this.#link?.close();
    this.#link = undefined;
  }

  /** Tell the worker what is shown; it answers with one frame. Saying the same again without one in between is nothing. */
  ask(view: ViewMessage): void {
    const asked = JSON.stringify(view);
    if (asked === this.#asked || this.#link === undefined) return;
    this.#asked = asked;
    this.#post(view);
  }

  /** Tell of lines that this finds, by the event "news"; of none any more. */
  notify(query: Query | undefined): void {
    this.#post({ type: "notify", query });
  }

  /** Have the log as it was: `seek` to a time begins that, `live` ends it. "replay" tells of the playhead, "jump" when it was moved by hand. */
  order(order: Order): void {
    this.#jumps.asked(order.what);
    this.#post({ type: "replay", order });
  }

  /** Have the terminal fed, by events "piece"; or no more. */
  feedTerminal(on: boolean): void {
    this.#post({ type: "terminal", on });
  }

  /** The terminal has taken so many bytes of a run. */
  written(run: number, bytes: number): void {
    this.#post({ type: "written", run, bytes });
  }

  /** Turn a gap into lines to load. */
  fillGap(id: number): void {
    if (this.#filled.has(id)) return;
    this.#filled.add(id);
    this.#post({ type: "gap", id });
    this.#arrange();
  }

  /** The last line that was cleared away; undefined when none is. */
  get cleared(): number | undefined {
    return this.#cleared;
  }

  /** Hide everything up to a line, or nothing any more: here, and nowhere else. */
  clear(line: number | undefined): void {
    this.#cleared = line;
    this.#clearedRows = new Set(this.#kept.extras.filter(({ after }) => after === line).map(({ key }) => key));
    this.#arrange();
    this.dispatchEvent(new Event("frame"));
  }

  /**
   * What there is, as it is shown here: without what was cleared away, and without the gaps that the worker has not yet
   * heard are to be filled, so that a jump into one arrives where it aims.
   */
  #arrange(): void {
    const { first, extras } = this.#kept;
    const cleared = this.replay === undefined && this.#cleared !== undefined && this.#cleared >= first ? this.#cleared : undefined;
    const open = extras.filter((extra) => extra.kind !== "gap" || !this.#filled.has(extra.id));
    this.rows.first = cleared === undefined ? first : cleared + 1;
    if (cleared === undefined) {
      this.rows.extras = open;
      return;
    }
    const note: Extra = { kind: "cleared", key: "cleared", after: cleared, lines: cleared - first + 1 };
    const since = open.filter(({ after, key }) => after > cleared || (after === cleared && !this.#clearedRows.has(key)));
    this.rows.extras = [note, ...since];
  }

  #receive(message: ToPage): void {
    if (message.type === "opened") this.#opened();
    else if (message.type === "frame") this.#take(message);
    else if (message.type === "news") this.#hear(message);
    else this.dispatchEvent(new PieceEvent(message));
  }

  #hear(news: News): void {
    this.#post({ type: "heard" });
    this.news = news;
    this.dispatchEvent(new Event("news"));
  }

  #post(message: ToWorker): void {
    this.#link?.post(message);
  }

  #take(frame: Frame): void {
    this.#asked = "";
    if (frame.log !== this.#log) {
      this.#log = frame.log;
      this.cache.clear();
      this.rows.folds.clear();
      this.#kept = { first: 0, extras: [] };
      this.#cleared = undefined;
      this.#filled.clear();
      this.search.clear();
      this.dispatchEvent(new Event("newlog"));
    }
    if (frame.first !== this.#kept.first) this.search.drop(frame.first);
    const moved = frame.extras !== undefined || frame.first !== this.#kept.first;
    this.#kept = { first: frame.first, extras: frame.extras ?? this.#kept.extras };
    this.rows.last = frame.last;
    if (frame.lines !== undefined) this.cache.take(frame.lines);
    if (frame.belongs !== undefined) this.belongs = new Map(frame.belongs);
    const before = this.replay;
    this.replay = frame.replay;
    if (moved || (before === undefined) !== (frame.replay === undefined)) this.#arrange();
    if (frame.replay !== undefined || before !== undefined) {
      const jumped = this.#jumps.told(frame.replay);
      if (jumped) this.dispatchEvent(new Event("jump"));
      this.dispatchEvent(new Event("replay"));
    }
    for (const news of frame.searches) {
      if (this.search.take(news)) this.dispatchEvent(new Event("filtered"));
    }
    if (frame.searches.length > 0) this.dispatchEvent(new Event("search"));
    if (frame.state !== undefined) {
      this.state = frame.state;
      this.dispatchEvent(new Event("state"));
    }
    this.dispatchEvent(new Event("frame"));
  }
}
