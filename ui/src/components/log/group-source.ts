// Where groups come from: the server, which finds them in all that is kept. Asked when a line in sight looks like a marker
// that has not been told of, and so never for most logs; never two requests at a time, and at a modest rate.
import { parseGroups, type Group, type GroupList } from "../../core/rows/groups.ts";
import type { State } from "../../worker/messages.ts";

/** Milliseconds from one answer to the next request, and after many that failed. */
const REST = 1_000;
const LONGEST_REST = 60_000;
/** Lines that were asked about are remembered, so that one that only looks like a marker is not asked about again. */
const MOST_ASKED = 10_000;

/** What the source has to know of the log. */
export interface Log {
  readonly url: URL | undefined;
  readonly state: Pick<State, "epoch" | "phase">;
}

export class GroupSource {
  readonly #log: Log;
  readonly #told: (fresh: readonly Group[]) => void;
  readonly #groups = new Map<number, Group>();
  readonly #asked = new Set<number>();
  /** The last line that is known of, and the epoch that all of this is of. */
  #known = 0;
  #epoch: string | undefined;
  #running: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stale = false;
  /** Requests that failed, one after the other. */
  #failures = 0;

  /** `told` is called with the groups that were not known before. */
  constructor(log: Log, told: (fresh: readonly Group[]) => void, signal: AbortSignal) {
    this.#log = log;
    this.#told = told;
    signal.addEventListener("abort", () => this.#stop());
  }

  /** The group that a line names. */
  of(line: number): Group | undefined {
    return this.#groups.get(line);
  }

  /** A line that looks like a marker is in sight. */
  saw(line: number): void {
    if (line <= this.#known || this.#asked.has(line) || this.#asked.size >= MOST_ASKED) return;
    this.#asked.add(line);
    this.#stale = true;
    this.#next();
  }

  /** The state of log or connection is another. */
  changed(): void {
    const { epoch } = this.#log.state;
    if (epoch !== this.#epoch) this.#renew(epoch);
    this.#next();
  }

  #renew(epoch: string | undefined): void {
    this.#stop();
    this.#epoch = epoch;
    this.#groups.clear();
    this.#asked.clear();
    this.#known = 0;
    this.#stale = false;
    this.#failures = 0;
  }

  #stop(): void {
    this.#running?.abort();
    this.#running = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #next(): void {
    const { url, state } = this.#log;
    const there = state.phase === "live" || state.phase === "ended";
    if (url === undefined || !there || !this.#stale || this.#running !== undefined || this.#timer !== undefined) return;
    void this.#fetch(new URL(`groups?after_line=${this.#known}`, url));
  }

  async #fetch(url: URL): Promise<void> {
    const abort = new AbortController();
    this.#running = abort;
    this.#stale = false;
    try {
      const answer = await fetch(url, { signal: abort.signal });
      const list = answer.ok ? parseGroups(await answer.json()) : undefined;
      if (list === undefined) throw new TypeError("these are no groups");
      if (this.#running !== abort) return;
      this.#failures = 0;
      if (list.epoch === this.#epoch) this.#take(list);
    } catch {
      // No connection, a busy server, or another log: later, then.
      this.#failures += 1;
      this.#stale = true;
    } finally {
      if (this.#running === abort) {
        this.#running = undefined;
        this.#timer = setTimeout(() => {
          this.#timer = undefined;
          this.#next();
        }, Math.min(LONGEST_REST, REST * 2 ** this.#failures));
      }
    }
  }

  #take({ groups, more }: GroupList): void {
    const fresh = groups.filter(({ line }) => !this.#groups.has(line));
    const before = this.#known;
    for (const group of groups) {
      this.#groups.set(group.line, group);
      this.#known = Math.max(this.#known, group.line, group.end ?? 0);
    }
    if (more && this.#known > before) this.#stale = true;
    if (groups.length > 0) this.#told(fresh);
  }
}
