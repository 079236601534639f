// Feeds the page's terminal: what makes the present screen (core/screen.ts), then every record as it comes, in order and
// each once. The terminal says what it has taken. One that cannot keep up is not fed any longer; once it has taken what
// is under way, it begins anew with the screen as it is then. So does one that misses records.
import { parseScreen, pieceOf, type ScreenReplay, type Size } from "../core/terminal/screen.ts";
import type { Record } from "../core/log/record.ts";
import { Tamer } from "../core/terminal/tame.ts";
import { readSegment } from "./fetcher.ts";
import type { Piece } from "./messages.ts";

/** Bytes that may be under way to the terminal, and as many may wait while the present screen is fetched. */
const MOST_UNDER_WAY = 4 * 1024 * 1024;
/** Bytes under way below which a terminal that fell behind is fed again. */
const CAUGHT_UP = 64 * 1024;
const RETRY_AFTER = 2_000;
/** All that comes, wherever it is. */
const ALL = { from: 0, to: Infinity };

export class Screen {
  readonly #base: string;
  readonly #send: (piece: Piece, transfer: Transferable[]) => void;
  readonly #drawing: (on: boolean) => void;
  #following = false;
  #asking = false;
  #run = 0;
  /** The beginning of a run has been sent. */
  #begun = false;
  #exact = true;
  #underWay = 0;
  #tamer = new Tamer();
  /** The last record that the terminal was fed; undefined while what comes first is being fetched. */
  #last: number | undefined;
  #waiting: Record[] = [];
  #waitingBytes = 0;
  /** It fell behind: nothing is sent until it has caught up. */
  #behind = false;
  #loading: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `base` is the stream's URL, ending in a slash; `drawing` is told whether the program draws, where a record that said so was missed. */
  constructor(base: string, send: (piece: Piece, transfer: Transferable[]) => void, drawing: (on: boolean) => void) {
    this.#base = base;
    this.#send = send;
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
      void this.#ask(new AbortController().signal, false)
        .then((answer) => this.#drawing(answer.on), () => undefined)
        .finally(() => (this.#asking = false));
    }
  }

  record(record: Record): void {
    if (!this.#following || this.#behind) return;
    if (this.#last === undefined) this.#wait(record);
    else this.#pass(record);
  }

  /** The terminal has taken so many bytes of a run. */
  written(run: number, bytes: number): void {
    if (run !== this.#run) return;
    this.#underWay -= bytes;
    this.#catchUp();
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
    this.#run += 1;
    this.#begun = false;
    this.#underWay = 0;
    this.#tamer = new Tamer();
    this.#feed(loading.signal).catch(() => {
      if (loading.signal.aborted) return;
      this.#timer = setTimeout(() => this.#load(), RETRY_AFTER);
    });
  }

  async #ask(signal: AbortSignal, redraw: boolean): Promise<ScreenReplay> {
    const answer = await fetch(`${this.#base}screen${redraw ? "?redraw=1" : ""}`, { signal, cache: "no-cache" });
    const replay = answer.ok ? parseScreen(await answer.json()) : undefined;
    if (replay === undefined) throw new Error("the server does not tell the screen");
    return replay;
  }

  async #feed(signal: AbortSignal): Promise<void> {
    const replay = await this.#ask(signal, true);
    this.#drawing(replay.on);
    this.#exact = replay.exact;
    let last = replay.lastSeq;
    for (const part of replay.parts) {
      if (signal.aborted) return;
      this.#give(part.size);
      this.#give(part.before);
      for (const seq of part.segments) {
        await readSegment(this.#base, seq, replay.epoch, (record) => {
          this.#give(pieceOf(record, part));
          last = Math.max(last, record.seq);
        }, signal);
      }
    }
    if (signal.aborted) return;
    this.#loading = undefined;
    this.#last = last;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const record of waiting) this.#pass(record);
    this.#catchUp();
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
      this.#load();
      return;
    }
    this.#last = record.seq;
    this.#give(pieceOf(record, ALL));
    if (this.#underWay > MOST_UNDER_WAY) this.#fallBehind();
  }

  #fallBehind(): void {
    this.#behind = true;
    this.#waiting = [];
    this.#catchUp();
  }

  /** One that fell behind begins anew when it has taken what it was sent, but not before it was sent anything. */
  #catchUp(): void {
    if (this.#behind && this.#loading === undefined && this.#underWay <= CAUGHT_UP) this.#load();
  }

  #give(piece: Uint8Array | Size | undefined): void {
    if (piece === undefined) return;
    const bytes = piece instanceof Uint8Array ? this.#tamer.tame(piece) : undefined;
    const size = piece instanceof Uint8Array ? undefined : piece;
    if (size !== undefined) this.#tamer.limit = Math.max(size.cols, size.rows);
    if (bytes?.length === 0) return;
    const exact = this.#begun ? undefined : this.#exact;
    this.#begun = true;
    this.#underWay += bytes?.length ?? 0;
    this.#send({ type: "piece", run: this.#run, exact, size, bytes }, bytes === undefined ? [] : [bytes.buffer]);
  }
}
