// Answers the page's views: holds the store of the current log, gathers the lines that a view lacks into one batch,
// has missing segments fetched, and sends one frame per view, as soon as there is news.
import type { LineBytes, Ranges } from "../core/log/loaded.ts";
import { belonging, LOOKED_AT } from "../core/text/folds.ts";
import { extrasAt } from "../core/time/playback.ts";
import { Rows, type Extra } from "../core/rows/rows.ts";
import type { SegmentList } from "../core/log/segments.ts";
import type { Session } from "../core/log/session.ts";
import { Store, type Wanted } from "../core/log/store.ts";
import type { Fetcher } from "./fetcher.ts";
import { LINE_FIELDS, type Frame, type LineBatch, type Order, type State, type ViewMessage } from "./messages.ts";
import type { Playhead } from "./past.ts";
import { Player } from "./player.ts";
import type { Searches } from "./searches.ts";

/** Bytes of one line that are sent unless more are asked for. */
export const LINE_LIMIT = 16 * 1024;
/** Bytes of lines in one frame: what does not fit comes with the next. */
const BATCH_LIMIT = 512 * 1024;
/** Lines around those in sight that are loaded too, so that scrolling finds them there. */
const MARGIN = 400;
/** Milliseconds for which the first frame waits for the line that the page is going to show. */
const WISH_PATIENCE = 250;
/** Records may bring this many bytes before the store is asked to keep its budget again. */
const EVICT_EVERY = 1024 * 1024;

export class Feed {
  readonly #session: Session;
  readonly #fetcher: Fetcher;
  readonly #searches: Searches;
  readonly #send: (frame: Frame, transfer: Transferable[]) => void;
  readonly #rows = new Rows();
  readonly #player: Player;
  readonly #onPlay: (playhead: Playhead | undefined, jumps: number) => void;
  #store: Store;
  #log = 0;
  #view: ViewMessage | undefined;
  /** What the page knows of lines that others belong to. */
  #belongs = "";
  #armed = false;
  #news = true;
  #stateNews = true;
  #replayNews = false;
  #sent = { first: 1, last: 0 };
  #extrasSent = "";
  #extrasKnown: { readonly version: number; readonly extras: readonly Extra[] } = { version: -1, extras: [] };
  #unchecked = 0;
  /** The list of another epoch than the session's: it may have come before the greeting. */
  #early: SegmentList | undefined;
  /**
   * The line that the page is going to show. It is fetched as soon as the list says where it is, and the first frame
   * waits for it: it spares the page to draw the log's end, and empty rows in its place.
   */
  #wish: { readonly line: number; impatient: boolean } | undefined;

  /** `onPlay` is told where the playhead of the time machine is, and how often it jumped; undefined when that is off. */
  constructor(
    session: Session,
    fetcher: Fetcher,
    searches: Searches,
    send: (frame: Frame, transfer: Transferable[]) => void,
    onPlay: (playhead: Playhead | undefined, jumps: number) => void,
  ) {
    this.#session = session;
    this.#fetcher = fetcher;
    this.#searches = searches;
    this.#send = send;
    this.#onPlay = onPlay;
    this.#store = new Store({ seq: 1, line: 1 }, { seq: 0, line: 1 });
    this.#player = new Player(this.#store, (wanted) => this.#load(wanted), () => session.phase === "live");
  }

  get store(): Store {
    return this.#store;
  }

  /** Another log begins. */
  reset(store: Store): void {
    this.#store = store;
    this.#player.reset(store);
    this.#played();
    this.#log += 1;
    this.#extrasSent = "";
    this.#belongs = "";
    this.#extrasKnown = { version: -1, extras: [] };
    this.#view = undefined;
    this.#stateNews = true;
    this.#fetcher.stop();
    if (this.#early?.epoch === this.#session.epoch) store.setSegments(this.#early?.segments ?? []);
    else this.renewList();
    this.#early = undefined;
    this.#searches.reset();
    this.changed();
  }

  /** The page is going to show this line: be quick. */
  wish(line: number): void {
    const wish = { line, impatient: false };
    this.#wish = wish;
    this.renewList();
    setTimeout(() => {
      wish.impatient = true;
      this.#answer();
    }, WISH_PATIENCE);
  }

  /** Records, gaps or segments came in. */
  changed(bytes = 0): void {
    this.#unchecked += bytes;
    if (this.#unchecked >= EVICT_EVERY) this.#evict();
    this.#searches.look();
    // What is new is no part of what was.
    if (bytes === 0 || this.#player.cut === undefined) this.#news = true;
    if (this.#player.longer) this.#replayNews = true;
    if (this.#player.arrived()) {
      this.#replayNews = true;
      this.#played();
    }
    this.#answer();
  }

  stateChanged(): void {
    this.#stateNews = true;
    this.#answer();
  }

  /** The page wants the log as it was. */
  replay(order: Order): void {
    const before = this.#player.cut;
    this.#player.do(order);
    const now = this.#player.cut;
    if (before?.until !== now?.until || before?.line !== now?.line) this.#news = true;
    this.#replayNews = true;
    this.#played();
    this.#answer();
  }

  #played(): void {
    this.#onPlay(this.#player.cut, this.#player.jumps);
  }

  /**
   * The first seq of the segment that holds a record, or of the first that is kept, where that comes later; undefined
   * while it is not known, which is then asked for.
   */
  holding(seq: number): number | undefined {
    const { map } = this.#store;
    const segment = map.first !== undefined && map.first.firstSeq > seq ? map.first : map.holding(seq);
    if (segment === undefined) this.renewList();
    return segment?.firstSeq;
  }

  /** The page drew a frame and shows this now. */
  view(view: ViewMessage): void {
    const before = this.#view;
    this.#view = view;
    this.#armed = true;
    // Whoever goes on following has everything but what is news anyway, unless it did not fit into one batch.
    const whole = view.known.length === 0 && view.ranges.length === 0;
    const same = before?.follow === true && view.follow && before.count === view.count && whole && sameLimits(before, view);
    if (!same) this.#news = true;
    this.#answer();
  }

  /** Nobody looks any more. */
  close(): void {
    this.#armed = false;
    this.#fetcher.stop();
    this.#searches.close();
  }

  renewList(): void {
    this.#fetcher.list((list) => {
      const ours = list.epoch === this.#session.epoch;
      if (ours) this.#store.setSegments(list.segments);
      else this.#early = list;
      return ours;
    });
  }

  /** Whether a wish is still to be waited for; has it fetched. */
  #wishing(): boolean {
    if (this.#wish === undefined || this.#wish.impatient) return false;
    const { line } = this.#wish;
    if (!this.#store.map.known) return true;
    const wanted = this.#store.wanted(line, line + 1, false);
    this.#load(wanted);
    return wanted.segments.length > 0;
  }

  #evict(): void {
    this.#unchecked = 0;
    this.#store.evict(this.#around(this.#view?.seen ?? []));
  }

  #answer(): void {
    if (this.#wishing() || !this.#armed || !(this.#news || this.#stateNews || this.#replayNews)) return;
    const searches = this.#news ? this.#searches.news() : [];
    const lines = this.#news ? this.#lines() : undefined;
    const belongs = this.#news ? this.#belonging() : undefined;
    const { first, last } = this.#ends();
    const all = this.#extras();
    const version = `${this.#extrasKnown.version}/${all.length}`;
    const extras = version === this.#extrasSent ? undefined : all;
    const moved = first !== this.#sent.first || last !== this.#sent.last;
    this.#news = false;
    const quiet = lines === undefined && belongs === undefined && extras === undefined && !moved && searches.length === 0;
    if (quiet && !this.#stateNews && !this.#replayNews) return;
    this.#sent = { first, last };
    this.#extrasSent = version;
    this.#replayNews = false;
    const { replay } = this.#player;
    const state = this.#stateNews ? this.#state() : undefined;
    this.#stateNews = false;
    this.#armed = false;
    const transfer = lines === undefined ? [] : [lines.bytes.buffer, lines.numbers.buffer];
    this.#send({ type: "frame", log: this.#log, first, last, replay, state, extras, lines, belongs, searches }, transfer);
  }

  /** The first and the last line that there are, or were. */
  #ends(): { readonly first: number; readonly last: number } {
    return { first: this.#store.firstLine, last: this.#player.cut?.line ?? this.#store.lastLine };
  }

  /** The rows between the lines, or those that there were. */
  #extras(): readonly Extra[] {
    const version = this.#store.extrasVersion;
    if (version !== this.#extrasKnown.version) this.#extrasKnown = { version, extras: this.#store.extras() };
    const { cut } = this.#player;
    const { extras } = this.#extrasKnown;
    return cut === undefined ? extras : extrasAt(extras, cut.line, cut.time);
  }

  #state(): State {
    const { epoch, phase, stream, viewers, exit, started, others, silent } = this.#session;
    return { epoch, phase, stream, viewers, exit, started, others, silent };
  }

  /** The lines that the view lacks and that are there; the others are sent for. */
  #lines(): LineBatch | undefined {
    const view = this.#view;
    if (view === undefined) return undefined;
    const numbers = this.#wished(view) ?? (view.follow ? this.#newest(view) : []);
    const filtered = this.#searches.filter !== undefined;
    if (!filtered) {
      if (view.follow) this.#fetch(numbers.at(-1) ?? 0, (numbers[0] ?? -1) + 1, true);
      else for (const [from, to] of this.#around(view.seen)) this.#fetch(from, to, false);
    }
    for (const [from, to] of view.ranges) for (let line = from; line < to; line++) numbers.push(line);
    const limits = new Map(view.limits.map(([line, bytes, after]) => [line, { bytes, after }]));
    const known = new Map(view.known.map(([line, total, complete]) => [line, { total, complete }]));
    const found: [number, LineBytes][] = [];
    let size = 0;
    for (const number of numbers) {
      if (size >= BATCH_LIMIT) break;
      const line = this.#line(number, limits.get(number));
      if (line === undefined && filtered) this.#fetch(number, number + 1, true);
      if (line === undefined || line.total === 0) continue;
      const had = known.get(number);
      if (had?.total === line.total && had.complete === line.complete) continue;
      found.push([number, line]);
      size += line.bytes.length;
    }
    return found.length > 0 ? batch(found, size) : undefined;
  }

  /** The lines around the one that was wished for, once. */
  #wished(view: ViewMessage): number[] | undefined {
    if (this.#wish === undefined) return undefined;
    const { line } = this.#wish;
    const { count } = view;
    this.#wish = undefined;
    // Whoever goes on following, as the line is none of this log's, was not sent what is newest.
    this.#view = { ...view, follow: false };
    return Array.from({ length: 2 * count }, (_, i) => line - count + i);
  }

  /** Which of the lines in sight others belong to, when that is something else than before. */
  #belonging(): Frame["belongs"] {
    const view = this.#view;
    // A filter shows lines whatever they belong to.
    if (view === undefined || this.#searches.filter !== undefined) return undefined;
    const { last } = this.#ends();
    const seen: Ranges = view.follow ? [[last + 1 - view.count, last + 1]] : view.seen;
    const until = this.#player.cut?.until;
    const beginning = (number: number): Uint8Array | undefined => this.#store.beginning(number, LOOKED_AT, until);
    const found = seen.flatMap(([from, to]) => [...belonging(beginning, from, to)]);
    const said = found.join();
    if (said === this.#belongs) return undefined;
    this.#belongs = said;
    return found;
  }

  #line(number: number, { bytes, after } = { bytes: LINE_LIMIT, after: 0 }): LineBytes | undefined {
    const { cut } = this.#player;
    const line = this.#store.line(number, bytes, cut?.until, after);
    return line?.complete === true || cut !== undefined ? line : (this.#searches.text(number) ?? line);
  }

  /** The lines among the newest rows, the newest first: what does not fit is what scrolls away first. */
  #newest(view: ViewMessage): number[] {
    const rows = this.#rows;
    Object.assign(rows, this.#ends(), { filter: this.#searches.filter });
    const extras = this.#extras();
    if (rows.extras !== extras) rows.extras = extras;
    // Whoever names what is there lacks only what is drawn.
    const least = view.known.length > 0 ? (view.seen[0]?.[0] ?? 0) : 0;
    const numbers: number[] = [];
    let place = rows.bottom;
    for (let left = view.count; left > 0 && place !== undefined && place.line >= least; left--) {
      if (place.sub === 0) numbers.push(place.line);
      place = rows.previous(place);
    }
    return numbers;
  }

  /** The lines in sight and near them. */
  #around(seen: Ranges): Ranges {
    return seen.map(([from, to]) => this.#store.map.around(from, to, MARGIN));
  }

  #fetch(from: number, to: number, upwards: boolean): void {
    if (to <= from) return;
    this.#load(this.#store.wanted(from, to, upwards));
  }

  #load({ segments, renewList }: Wanted): void {
    const epoch = this.#session.epoch;
    if (epoch === undefined) return;
    if (renewList) this.renewList();
    const store = this.#store;
    for (const segment of segments) {
      this.#fetcher.segment(
        segment,
        epoch,
        (record) => {
          store.append(record);
          this.#unchecked += record.payload.length;
        },
        () => this.renewList(),
      );
    }
  }
}

function sameLimits(a: ViewMessage, b: ViewMessage): boolean {
  return a.limits.length === b.limits.length && a.limits.every((limit, i) => limit.join() === b.limits[i]?.join());
}

function batch(lines: readonly (readonly [number, LineBytes])[], size: number): LineBatch {
  const bytes = new Uint8Array(size);
  const numbers = new Float64Array(lines.length * LINE_FIELDS);
  let at = 0;
  for (const [index, [number, line]] of lines.entries()) {
    bytes.set(line.bytes, at);
    at += line.bytes.length;
    const { before, more, total, complete, kind, time, style } = line;
    const { fg, bg, flags } = style;
    numbers.set([number, line.bytes.length, before, more, total, complete ? 1 : 0, kind, time, fg, bg, style.line, flags, line.lost ? 1 : 0], index * LINE_FIELDS);
  }
  return { bytes, numbers };
}
