// What the page's terminal is fed through: runs of bytes and sizes, each beginning with a fresh terminal. The terminal says
// what it has taken, so that whoever feeds it knows what is still under way.
import type { Record } from "../core/log/record.ts";
import { parseScreen, pieceOf, type ScreenReplay, type Size } from "../core/terminal/screen.ts";
import { Tamer } from "../core/terminal/tame.ts";
import { readSegment } from "./fetcher.ts";
import type { Piece } from "./messages.ts";
import { fetchPatiently } from "./patient.ts";

/** Bytes that may be under way to the terminal before it is given a rest. */
export const MOST_UNDER_WAY = 4 * 1024 * 1024;
/** Bytes under way below which a terminal that fell behind is fed again. */
const CAUGHT_UP = 64 * 1024;

export class Pipe {
  readonly #send: (piece: Piece, transfer: Transferable[]) => void;
  #run = 0;
  /** The beginning of the run has been sent. */
  #begun = false;
  #exact = true;
  #underWay = 0;
  #tamer = new Tamer();

  constructor(send: (piece: Piece, transfer: Transferable[]) => void) {
    this.#send = send;
  }

  /** A fresh terminal from here on. What is under way to the one before counts no more. */
  begin(): void {
    this.#run += 1;
    this.#begun = false;
    this.#underWay = 0;
    this.#tamer = new Tamer();
  }

  /**
   * Feed what makes a screen, but no record after `until`: those are `later`.
   *
   * @returns The last record that was fed.
   */
  async feed(base: string, replay: ScreenReplay, signal: AbortSignal, until = Infinity, later?: (record: Record) => void): Promise<number> {
    let last = replay.lastSeq;
    for (const part of replay.parts) {
      // Another may be fed through this pipe by now.
      if (signal.aborted) break;
      this.#exact = replay.exact;
      this.give(part.size);
      this.give(part.before);
      for (const seq of part.segments) {
        await readSegment(base, seq, replay.epoch, (record) => {
          if (record.seq > until) {
            later?.(record);
            return;
          }
          this.give(pieceOf(record, part));
          last = Math.max(last, record.seq);
        }, signal);
      }
    }
    return last;
  }

  give(piece: Uint8Array | Size | undefined): void {
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

  /** The terminal has taken so many bytes of a run. */
  written(run: number, bytes: number): void {
    if (run === this.#run) this.#underWay -= bytes;
  }

  /** More is under way than the terminal takes in a moment. */
  get full(): boolean {
    return this.#underWay > MOST_UNDER_WAY;
  }

  /** It has taken nearly everything. */
  get idle(): boolean {
    return this.#underWay <= CAUGHT_UP;
  }
}

/** Ask how to get a screen: the present one, drawn anew if need be, or that of a time. */
export async function askScreen(base: string, query: string, signal: AbortSignal): Promise<ScreenReplay> {
  const answer = await fetchPatiently(`${base}screen${query}`, { signal, cache: "no-cache" });
  const replay = answer.ok ? parseScreen(await answer.json()) : undefined;
  if (replay === undefined) throw new Error("the server does not tell the screen");
  return replay;
}
