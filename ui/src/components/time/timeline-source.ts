// Where the timeline's data come from: the server's histogram, fetched anew while output comes. At a modest rate, never two
// at a time, and only while someone can see it: no request is made for a hidden tab.
import { parseTimeline, type Timeline } from "../../core/time/timeline.ts";

/** Milliseconds from one answer to the next request at least, and so many times what the last one took. */
const REST = 1_000;
const REST_TIMES = 20;
const RETRY_AFTER = 5_000;

export class TimelineSource {
  readonly #onData: (timeline: Timeline | undefined) => void;
  #url: URL | undefined;
  #buckets = 0;
  #stale = true;
  #shown = false;
  #running: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #notBefore = 0;

  constructor(onData: (timeline: Timeline | undefined) => void, signal: AbortSignal) {
    this.#onData = onData;
    document.addEventListener("visibilitychange", () => this.#next(), { signal });
    signal.addEventListener("abort", () => this.#stop());
  }

  /** Whether there is anyone to see it, and a server to ask. */
  show(shown: boolean): void {
    if (shown && !this.#shown) this.#stale = true;
    this.#shown = shown;
    this.#next();
  }

  /** Have so many buckets of the stream at `url`, which ends in a slash; at once when that is something else than before. */
  want(url: URL | undefined, buckets: number): void {
    if (url?.href === this.#url?.href && buckets === this.#buckets) return;
    this.#url = url;
    this.#buckets = buckets;
    this.renew();
  }

  /** There is more output. */
  changed(): void {
    this.#stale = true;
    this.#next();
  }

  /** What is here is of no use: ask at once. */
  renew(): void {
    this.#stop();
    this.#stale = true;
    this.#notBefore = 0;
    this.#next();
  }

  #stop(): void {
    this.#running?.abort();
    this.#running = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #next(): void {
    if (this.#running !== undefined || this.#timer !== undefined || !this.#stale || !this.#shown || document.hidden) return;
    if (this.#url === undefined || this.#buckets <= 0) return;
    const wait = this.#notBefore - performance.now();
    if (wait > 0) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#next();
      }, wait);
      return;
    }
    this.#fetch(new URL(`timeline?buckets=${this.#buckets}`, this.#url)).catch(() => undefined);
  }

  async #fetch(url: URL): Promise<void> {
    const abort = new AbortController();
    this.#running = abort;
    this.#stale = false;
    const began = performance.now();
    try {
      const answer = await fetch(url, { signal: abort.signal, cache: "no-store" });
      if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
      const timeline = parseTimeline(await answer.json());
      this.#notBefore = performance.now() + Math.max(REST, REST_TIMES * (performance.now() - began));
      this.#onData(timeline);
    } catch {
      if (abort.signal.aborted) return;
      // Not by itself again: there will be more output, or another connection.
      this.#notBefore = performance.now() + RETRY_AFTER;
    }
    this.#running = undefined;
    this.#next();
  }
}
