// Feeds the page's terminal with the present: what makes the screen now, then every record as it comes, in order and each
// once. A terminal that cannot keep up is not fed any longer; once it has taken what is under way, it begins anew with
// the screen as it is then. So does one that misses records.
import { pieceOf } from "../core/terminal/screen.ts";
import type { Record } from "../core/log/record.ts";
import { askScreen, MOST_UNDER_WAY, type Pipe } from "./pipe.ts";

const RETRY_AFTER = 2_000;
/** All that comes, wherever it is. */
const ALL = { from: 0, to: Infinity };

export class Screen {
  readonly #base: string;
  readonly #pipe: Pipe;
  readonly #drawing: (on: boolean) => void;
  #following = false;
  #asking = false;
  /** The last record that the terminal was fed; undefined while what comes first is being fetched. */
  #last: number | undefined;
  /** No record has followed on what was fetched first. */
  #fresh = false;
  /** What comes while the present screen is fetched: as much as may be under way. */
  #waiting: Record[] = [];
  #waitingBytes = 0;
  /** It fell behind: nothing is sent until it has caught up. */
  #behind = false;
  #loading: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `base` is the stream's URL, ending in a slash; `drawing` is told whether the program draws, where a record that said so was missed. */
  constructor(base: string, pipe: Pipe, drawing: (on: boolean) => void) {
    this.#base = base;
    this.#pipe = pipe;
    this.#drawing = drawing;
  }

  follow(on: boolean): void {
    if (on === this.#following) return;
    this.#following = on;
    if (on) this.#load();
    else this.#stop();
  }

  /** Another log begins. */
  restart(): void {
    if (this.#following) this.#load();
  }

  /** Records are missing, among them perhaps one that says whether the program draws. */
  skip(): void {
    if (this.#following) this.#load();
    else if (!this.#asking) {
      this.#asking = true;
      void askScreen(this.#base, "", new AbortController().signal)
        .then((answer) => this.#drawing(answer.on), () => undefined)
        .finally(() => (this.#asking = false));
    }
  }

  record(record: Record): void {
    if (!this.#following || this.#behind) return;
    if (this.#last === undefined) this.#wait(record);
    else this.#pass(record);
  }

  /** The terminal has taken some of what it was fed: one that fell behind begins anew when that was nearly all, but not before it was sent anything. */
  written(): void {
    if (this.#behind && this.#loading === undefined && this.#pipe.idle) this.#load();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#loading?.abort();
    this.#loading = undefined;
    this.#last = undefined;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#behind = false;
  }

  #load(): void {
    this.#stop();
    const loading = (this.#loading = new AbortController());
    this.#pipe.begin();
    this.#feed(loading.signal).catch(() => {
      if (!loading.signal.aborted) this.#loadLater();
    });
  }

  #loadLater(): void {
    this.#stop();
    this.#timer = setTimeout(() => this.#load(), RETRY_AFTER);
  }

  async #feed(signal: AbortSignal): Promise<void> {
    const replay = await askScreen(this.#base, "?redraw=1", signal);
    this.#drawing(replay.on);
    const last = await this.#pipe.feed(this.#base, replay, signal);
    if (signal.aborted) return;
    this.#loading = undefined;
    this.#last = last;
    this.#fresh = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const record of waiting) this.#pass(record);
    this.written();
  }

  /** Keep what comes while the present screen is fetched. */
  #wait(record: Record): void {
    this.#waitingBytes += record.payload.length;
    if (this.#waitingBytes <= MOST_UNDER_WAY) this.#waiting.push(record);
    else this.#fallBehind();
  }

  #pass(record: Record): void {
    if (this.#behind || this.#last === undefined || record.seq <= this.#last) return;
    if (record.seq !== this.#last + 1) {
      // Asked at once again, a server that is behind would only say the same.
      if (this.#fresh) this.#loadLater();
      else this.#load();
      return;
    }
    this.#fresh = false;
    this.#last = record.seq;
    this.#pipe.give(pieceOf(record, ALL));
    if (this.#pipe.full) this.#fallBehind();
  }

  #fallBehind(): void {
    this.#behind = true;
    this.#waiting = [];
    this.written();
  }
}
