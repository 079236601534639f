// What the page's terminal is fed, while there is one: the present screen, or that of the time machine's playhead.
import type { Record } from "../core/log/record.ts";
import type { Piece } from "./messages.ts";
import { Past, type Playhead } from "./past.ts";
import { Pipe } from "./pipe.ts";
import { Screen } from "./screen.ts";

export class TerminalFeed {
  readonly #pipe: Pipe;
  readonly #present: Screen;
  readonly #past: Past;
  #on = false;
  #playhead: Playhead | undefined;
  #jumps = 0;

  /**
   * @param base The stream's URL, ending in a slash.
   * @param drawing Is told whether the program draws, where a record that said so was missed.
   * @param holding Finds the first seq of the segment that holds a record: see past.ts.
   */
  constructor(
    base: string,
    send: (piece: Piece, transfer: Transferable[]) => void,
    drawing: (on: boolean) => void,
    holding: (seq: number) => number | undefined,
  ) {
    this.#pipe = new Pipe(send);
    this.#present = new Screen(base, this.#pipe, drawing);
    this.#past = new Past(base, this.#pipe, holding);
  }

  /** There is a terminal, or none any more. */
  follow(on: boolean): void {
    this.#on = on;
    this.#choose(true);
  }

  /** The playhead is there, after so many jumps; undefined in the present. */
  play(playhead: Playhead | undefined, jumps: number): void {
    const jumped = jumps !== this.#jumps;
    this.#playhead = playhead;
    this.#jumps = jumps;
    this.#choose(jumped);
  }

  /** Another log begins. */
  restart(): void {
    this.#past.stop();
    this.#present.restart();
  }

  /** Records are missing. */
  skip(): void {
    this.#present.skip();
  }

  record(record: Record): void {
    this.#present.record(record);
  }

  /** More of the log is known. */
  changed(): void {
    this.#past.look();
  }

  /** The terminal has taken so many bytes of a run. */
  written(run: number, bytes: number): void {
    this.#pipe.written(run, bytes);
    this.#present.written();
    this.#past.look();
  }

  #choose(jumped: boolean): void {
    const playhead = this.#on ? this.#playhead : undefined;
    if (playhead === undefined) this.#past.stop();
    this.#present.follow(this.#on && playhead === undefined);
    if (playhead !== undefined) this.#past.show(playhead, jumped);
  }
}
