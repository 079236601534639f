// The time machine of a view: does what the page asks of it, keeps the playhead, and says where the log is cut off to look
// as it did then. The page's animation frames move it ("tick"), so that a hidden tab stands still and no timer is
// involved. What the stream sends meanwhile goes into the store as always.
import { Playback } from "../core/time/playback.ts";
import type { Moment, Store, Wanted } from "../core/log/store.ts";
import type { Order, Replay } from "./messages.ts";

/** Seconds of playing that are fetched ahead. */
const AHEAD = 3;
/** Shares of the log's time: when it has grown by one, whoever looks at where in it the playhead is can see that. */
const SHARES = 500;

/** The log as it looks at the playhead. */
export interface Cut {
  readonly line: number;
  readonly until: number;
  readonly time: number;
  /** When the last record until then came. */
  readonly last: number;
}

export class Player {
  #store: Store;
  readonly #fetch: (wanted: Wanted) => void;
  readonly #present: () => boolean;
  #playback: Playback | undefined;
  #cut: Cut | undefined;
  /** Until when the log went when that was said last. */
  #told = 0;
  #jumps = 0;
  #jumping = false;

  /** `present` says whether the end of the log is the present: more may come. */
  constructor(store: Store, fetch: (wanted: Wanted) => void, present: () => boolean) {
    this.#store = store;
    this.#fetch = fetch;
    this.#present = present;
  }

  /** Another log begins: there is nothing to go back to. */
  reset(store: Store): void {
    this.#store = store;
    this.#playback = undefined;
    this.#cut = undefined;
  }

  /** Undefined while the log is shown as it is. */
  get cut(): Cut | undefined {
    return this.#cut;
  }

  /** How often the playhead was moved by hand, and what is there is shown. */
  get jumps(): number {
    return this.#jumps;
  }

  get replay(): Replay | undefined {
    if (this.#playback === undefined) return undefined;
    const { time, playing, speed, skipIdle, waiting } = this.#playback;
    const { times } = this.#store;
    this.#told = times.to;
    return { ...times, time, playing, speed, skipIdle, waiting, jumps: this.#jumps };
  }

  do(order: Order): void {
    if (order.what === "seek") this.#seek(order.time, order.play);
    const playback = this.#playback;
    if (playback === undefined) return;
    switch (order.what) {
      case "play":
        if (playback.time >= this.#store.times.to) this.#seek(this.#store.times.from);
        playback.play();
        break;
      case "pause":
        playback.playing = false;
        break;
      case "speed":
        playback.speed = order.speed;
        break;
      case "idle":
        playback.skipIdle = order.skip;
        break;
      case "tick":
        this.#tick(playback, order.clock);
        break;
      case "live":
        this.reset(this.#store);
        break;
    }
  }

  /** The log goes on behind the playhead; whether it is noticeably longer than was said last. */
  get longer(): boolean {
    const { from, to } = this.#store.times;
    return this.#playback !== undefined && to > this.#told && (to - this.#told) * SHARES >= to - from;
  }

  /** More of the log is loaded; whether that was waited for. */
  arrived(): boolean {
    const playback = this.#playback;
    if (playback?.waiting !== true) return false;
    playback.waiting = !this.#look(playback);
    return !playback.waiting;
  }

  #seek(time: number, play = false): void {
    const { from, to } = this.#store.times;
    this.#playback ??= new Playback(time);
    if (play) this.#playback.play();
    this.#playback.time = Math.max(from, Math.min(to, time));
    this.#jumping = true;
    this.#playback.waiting = !this.#look(this.#playback);
  }

  #tick(playback: Playback, clock: number): void {
    // What is no longer kept cannot be shown.
    playback.time = Math.max(playback.time, this.#store.times.from);
    const ended = playback.tick(clock, (time) => this.#moment(time));
    if (ended && this.#present()) this.reset(this.#store);
    else if (!this.#look(playback)) playback.waiting = true;
    if (playback.playing) this.#moment(playback.time + AHEAD * playback.speed * 1_000_000);
  }

  /** Show the log as it was at the playhead; false while that is not loaded. */
  #look({ time }: Playback): boolean {
    const { shown, last } = this.#moment(time);
    if (shown === undefined) return false;
    this.#cut = { ...shown, time, last };
    if (this.#jumping) this.#jumps += 1;
    this.#jumping = false;
    return true;
  }

  #moment(time: number): Moment {
    const moment = this.#store.moment(time);
    const { segments, renewList } = moment.wanted;
    if (segments.length > 0 || renewList) this.#fetch(moment.wanted);
    return moment;
  }
}
