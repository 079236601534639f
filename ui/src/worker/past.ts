// Feeds the page's terminal with the past: what makes the screen of the time machine's playhead, then the records that
// follow as the playhead reaches them. It reads segments of its own, one at a time: what the log view has loaded is lines,
// and the terminal wants records. Going back, or far ahead, begins anew; a terminal that cannot keep up does, too.
import type { Record } from "../core/log/record.ts";
import { pieceOf } from "../core/terminal/screen.ts";
import { readSegment } from "./fetcher.ts";
import { askScreen, type Pipe } from "./pipe.ts";

const RETRY_AFTER = 2_000;
const ALL = { from: 0, to: Infinity };

/** Where the playhead is: a time, how many bytes of output had come by then, and when the last record until then came. */
export interface Playhead {
  readonly time: number;
  readonly until: number;
  readonly last: number;
}

export class Past {
  readonly #base: string;
  readonly #pipe: Pipe;
  readonly #holding: (seq: number) => number | undefined;
  #playhead: Playhead | undefined;
  /** The playhead was moved by hand: what is in between need not be shown. */
  #jumped = false;
  /** The time up to which the terminal was fed; where in the log that is, and when the last record before that came. */
  #shown = Infinity;
  #epoch = "";
  #offset = 0;
  #came = 0;
  /** Records that come next, as far as they are here: neighbours, `#next` being the first that was not fed. */
  #reel: Record[] = [];
  #next = 0;
  /** The record after the reel's last. */
  #after = 0;
  #loading: AbortController | undefined;
  #behind = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param base The stream's URL, ending in a slash.
   * @param holding Finds the first seq of the segment that holds a record, or of the first that is kept, where that comes
   *   later; undefined while it is not known.
   */
  constructor(base: string, pipe: Pipe, holding: (seq: number) => number | undefined) {
    this.#base = base;
    this.#pipe = pipe;
    this.#holding = holding;
  }

  /** Show the screen of the playhead. `jumped`: it was moved by hand. */
  show(playhead: Playhead, jumped: boolean): void {
    this.#playhead = playhead;
    this.#jumped ||= jumped;
    this.look();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#loading?.abort();
    this.#loading = undefined;
    this.#playhead = undefined;
    this.#reel = [];
    this.#shown = Infinity;
    this.#behind = false;
  }

  /** Go on where something was missing: more of the log is known, or the terminal has taken what it was fed. */
  look(): void {
    const playhead = this.#playhead;
    if (playhead === undefined || this.#loading !== undefined) return;
    const near = playhead.time >= this.#shown && (!this.#jumped || playhead.time <= (this.#reel.at(-1)?.time ?? this.#shown));
    if (this.#behind ? this.#pipe.idle : !near) this.#begin(playhead);
    else if (!this.#behind) this.#play(playhead);
  }

  /** What is under way is finished before the next is begun, so that who scrubs sees something. */
  #load(what: (signal: AbortSignal) => Promise<boolean>): void {
    const loading = (this.#loading = new AbortController());
    what(loading.signal).then(
      (more) => {
        if (loading.signal.aborted) return;
        this.#loading = undefined;
        if (more) this.look();
      },
      () => {
        if (loading.signal.aborted) return;
        this.#shown = Infinity;
        this.#timer = setTimeout(() => {
          this.#loading = undefined;
          this.look();
        }, RETRY_AFTER);
      },
    );
  }

  #begin({ time }: Playhead): void {
    this.#jumped = this.#behind = false;
    this.#pipe.begin();
    this.#load(async (signal) => {
      const replay = await askScreen(this.#base, `?to_time=${time}`, signal);
      this.#epoch = replay.epoch;
      this.#reel = [];
      this.#next = 0;
      this.#after = replay.lastSeq + 1;
      await this.#pipe.feed(this.#base, replay, signal, replay.lastSeq, (record) => this.#keep(record));
      if (signal.aborted) return false;
      // It may have changed right at the end, where no part is.
      this.#pipe.give(replay.size);
      this.#shown = this.#came = time;
      this.#offset = replay.parts.at(-1)?.to ?? 0;
      return true;
    });
  }

  #play(playhead: Playhead): void {
    const { time, until, last } = playhead;
    this.#jumped = false;
    for (let record = this.#reel[this.#next]; record !== undefined && record.time <= time; record = this.#reel[this.#next]) {
      this.#next += 1;
      this.#came = record.time;
      const piece = pieceOf(record, ALL);
      if (piece instanceof Uint8Array) this.#offset += piece.length;
      this.#pipe.give(piece);
      if (this.#pipe.full) {
        this.#behind = true;
        return;
      }
    }
    this.#shown = time;
    if ((this.#offset >= until && this.#came >= last) || this.#next < this.#reel.length) return;
    const segment = this.#holding(this.#after);
    if (segment === undefined) return;
    if (segment > this.#after) {
      this.#begin(playhead);
      return;
    }
    this.#load(async (signal) => {
      const before = this.#after;
      this.#reel = [];
      this.#next = 0;
      await readSegment(this.#base, segment, this.#epoch, (record) => this.#keep(record), signal);
      return this.#after > before;
    });
  }

  #keep(record: Record): void {
    if (record.seq !== this.#after) return;
    this.#after += 1;
    // A record's bytes are its reader's.
    this.#reel.push({ ...record, payload: record.payload.slice() });
  }
}
