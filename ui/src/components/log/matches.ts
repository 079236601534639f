// Going to matches: to the next and the previous one; and, where none is in sight, to the nearest of what was just typed, as
// browsers and less do. From there one can go back to where one was, until something else is done.
import type { Client } from "../client.ts";
import type { Finder } from "../search/finder.ts";
import type { Sight } from "./sight.ts";

/** The log that the matches are in. */
export interface Searched {
  readonly client: Client;
  readonly following: boolean;
  /** The lines that are wholly in sight: [from, to). */
  readonly inSight: readonly [from: number, to: number];
  pause(): void;
  follow(): void;
  goTo(line: number, share: number): void;
  redraw(): void;
}

interface Origin {
  readonly following: boolean;
  readonly line: number;
  /** How far down the view it is, as a share of its height. */
  readonly share: number;
}

const MIDDLE = 1 / 2;

export class Matches {
  readonly #log: Searched;
  readonly #finder: Finder;
  readonly #sight: Sight;
  /** A step that waits for something to be found. */
  #toStep: 1 | -1 | undefined;
  /** Where one was when something was typed that is being searched for. */
  #from: Origin | undefined;
  /** What was brought into sight: the first step goes there. */
  #brought: number | undefined;
  /** Where one was before that. */
  #origin: Origin | undefined;

  constructor(log: Searched, finder: Finder, sight: Sight) {
    this.#log = log;
    this.#finder = finder;
    this.#sight = sight;
  }

  /** Go to the next (1) or the previous (-1) match. */
  step(direction: 1 | -1): void {
    const { client, inSight } = this.#log;
    const { rows, search } = client;
    const brought = this.#brought;
    this.#from = undefined;
    this.moved();
    let line = brought !== undefined && this.#sight.shows(brought) && search.hits?.has(brought) === true ? brought : undefined;
    if (line === undefined) line = this.#finder.step(direction, inSight);
    else this.#finder.current = line;
    // Nothing has been found yet: go there when something has.
    this.#toStep = line === undefined && search.find?.done === false ? direction : undefined;
    if (line === undefined) return;
    this.#log.pause();
    for (let fold = rows.folds.hiding(line); fold !== undefined; fold = rows.folds.hiding(line)) rows.folds.unfold(fold.from);
    if (!this.#sight.shows(line)) this.#log.goTo(line, MIDDLE);
    this.#sight.reveal(line);
    this.#log.redraw();
  }

  /** Something was typed: bring the nearest match into sight where none is, as soon as it is known. */
  seek(): void {
    this.#from = this.#here();
    this.searched();
  }

  /** More has been searched. */
  searched(): void {
    if (this.#toStep !== undefined) this.step(this.#toStep);
    else if (this.#from !== undefined) this.#bring(this.#from);
  }

  /** Something else was done: there is no way back any more. */
  moved(): void {
    this.#brought = this.#origin = undefined;
  }

  /** Nothing is looked for any more: go back to where one was, if there is a way. */
  back(): void {
    const origin = this.#origin;
    this.#from = undefined;
    this.moved();
    if (origin?.following === true) this.#log.follow();
    else if (origin !== undefined) this.#log.goTo(origin.line, origin.share);
  }

  #here(): Origin {
    const { following, inSight } = this.#log;
    return { following, line: inSight[0], share: this.#sight.shareOf(inSight[0]) };
  }

  #bring(from: Origin): void {
    const { client, following, inSight } = this.#log;
    const { find } = client.search;
    const here = this.#here();
    const left = here.following !== from.following || (!following && (here.line !== from.line || Math.abs(here.share - from.share) > 0.01));
    if (find === undefined || left) this.#from = undefined;
    if (this.#from === undefined || find === undefined) return;
    // It is searched from the newest line on: who follows has the newest match at once.
    if (!find.done && (find.matches === 0 || !following)) return;
    this.#from = undefined;
    const line = this.#finder.nearest(inSight, following);
    if (line === undefined) return;
    const origin = this.#origin ?? from;
    this.#log.goTo(line, MIDDLE);
    this.#sight.reveal(line);
    this.#origin = origin;
    this.#brought = line;
  }
}
