// One search over one log: the server looks through what is kept, newest first, and this end through the lines that come
// after. Lines that did not come (a gap), or not whole, are asked for by themselves. So every line is looked at once, and
// the last one again each time that it grows.
import { clip, FoundError, parseFound, Turns, type Found } from "../core/rows/found.ts";
import type { Pattern } from "../core/text/pattern.ts";
import { Selection, type Part } from "../core/rows/selection.ts";
import type { Store } from "../core/log/store.ts";
import { renderLine } from "../core/text/terminal-line.ts";
import type { Progress, SearchRequest } from "./messages.ts";
import { fetchPatiently } from "./patient.ts";
import type { Texts } from "./texts.ts";

/** Bytes of a line that are looked at here; longer ones are left to the server. */
const LOOKED_AT = 64 * 1024;
/** Parts with at most so many lines to show bring their texts. */
const TEXTS = 50;
const RETRY_AFTER = 3_000;
/** Parts of the live end are told together up to so many lines. */
const JOINED = 4096;
/** Characters of a line of the answer, and of what it says against a query. */
const MOST_OF_ANSWER = 32 * 1024 * 1024;
const MOST_OF_REFUSAL = 300;

/** The lines from the first to the last, both included. */
type Lines = readonly [first: number, last: number];

export class Search {
  /** The message that asked for it. */
  readonly id: number;
  readonly request: SearchRequest;
  readonly selection: Selection;
  readonly #url: string;
  readonly #epoch: string;
  /** Undefined when all lines are meant. */
  readonly #pattern: Pattern | undefined;
  readonly #store: Store;
  readonly #texts: Texts | undefined;
  readonly #changed: () => void;
  #news: Part[] = [];
  /** The first line that is still to be looked at here; unknown until the server says where it ends. */
  #next: number | undefined;
  /** The first line that was looked at here: what the server says of it and those after it is older. */
  #ownFrom = Infinity;
  /** The first line that is kept. */
  #kept = 0;
  /** What the last line that was looked at had: bytes. */
  #looked = { line: 0, total: 0 };
  #left: (Lines | undefined)[] = [undefined];
  /** The last line of an answer, when it was not ended yet. */
  #unfinished: number | undefined;
  #running: AbortController | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;
  #limited = false;
  #error: string | undefined;

  /** `url` is that of the stream's search; `texts` takes the lines that come along, if they are wanted. */
  constructor(
    url: string,
    epoch: string,
    id: number,
    request: SearchRequest,
    pattern: Pattern | undefined,
    store: Store,
    texts: Texts | undefined,
    changed: () => void,
  ) {
    this.#url = url;
    this.#epoch = epoch;
    this.id = id;
    this.request = request;
    this.selection = new Selection(request.context);
    this.#pattern = pattern;
    this.#store = store;
    this.#texts = texts;
    this.#changed = changed;
    this.#ask();
  }

  /** Ask no more. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retry);
    this.#running?.abort();
  }

  /** The server may be there again. */
  wake(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#ask();
  }

  get done(): boolean {
    return this.#error !== undefined || (this.#left.length === 0 && this.#running === undefined);
  }

  /** Whether there is something to be shown instead of what another search found. */
  get ready(): boolean {
    return this.done || this.selection.matches > 0;
  }

  get progress(): Progress {
    const { firstLine, lastLine } = this.#store;
    const lines = lastLine - firstLine + 1;
    const share = this.done || lines <= 0 ? 1 : Math.min(1, this.selection.searched / lines);
    return { matches: this.selection.matches, share, done: this.done, limited: this.#limited, error: this.#error };
  }

  /** What was found since this was asked last. */
  news(): Part[] {
    const news = this.#news;
    this.#news = [];
    return news;
  }

  /** Look at the lines that have come. */
  look(): void {
    if (this.#next === undefined) return;
    const store = this.#store;
    const last = store.lastLine;
    if (store.firstLine > this.#kept) this.#drop(store.firstLine);
    if (this.#unfinished !== undefined && last > this.#unfinished) {
      this.#lack(this.#unfinished, this.#unfinished);
      this.#unfinished = undefined;
    }
    let first = this.#next;
    let line = first;
    let runs: number[] = [];
    const told = (): void => {
      if (line > first) this.#put({ first, last: line - 1, runs });
      first = line;
      runs = [];
    };
    let growing = false;
    while (line <= last && !growing) {
      const loaded = store.loadedFrom(line);
      if (loaded === undefined) break;
      if (loaded > line) {
        told();
        this.#lack(line, loaded - 1);
        first = line = loaded;
        continue;
      }
      const found = store.line(line, LOOKED_AT);
      if (found === undefined) break;
      growing = !found.complete && line === last;
      if (growing && this.#looked.line === line && this.#looked.total === found.total) break;
      if (!growing && (!found.complete || found.more > 0)) {
        told();
        this.#lack(line, line);
        first = line += 1;
        continue;
      }
      if (this.#passes(found.bytes, found.time)) runs.push(line - first, 1);
      this.#looked = { line, total: found.total };
      line += 1;
    }
    told();
    this.#next = growing ? Math.min(line, last) : line;
    this.#ask();
  }

  /** Lines before this one are no longer kept. A page that is not looked at takes no news of them either. */
  #drop(line: number): void {
    this.#kept = line;
    this.selection.drop(line);
    this.#news = this.#news.filter(({ last }) => last >= line);
  }

  #passes(bytes: Uint8Array, time: number): boolean {
    const { range } = this.request;
    if (range !== undefined && (time < range.from || time > range.to)) return false;
    if (this.#pattern === undefined) return true;
    const spans = renderLine(bytes);
    return this.#pattern.test(spans.length === 1 ? (spans[0]?.text ?? "") : spans.map(({ text }) => text).join(""));
  }

  #put(part: Part): void {
    this.#ownFrom = Math.min(this.#ownFrom, part.first);
    this.selection.put(part);
    const before = this.#news.at(-1);
    // A page that is not looked at asks for no news: what comes line by line is joined.
    if (before !== undefined && part.first > before.first && part.first <= before.last + 1 && part.last - before.first < JOINED) {
      const kept = clip(before, before.first, part.first - 1);
      const runs = Array.from(kept?.runs ?? []);
      for (let i = 0; i < part.runs.length; i += 2) runs.push((part.runs[i] ?? 0) + part.first - before.first, part.runs[i + 1] ?? 0);
      this.#news[this.#news.length - 1] = { first: before.first, last: part.last, runs };
    } else this.#news.push(part);
  }

  #lack(first: number, last: number): void {
    const before = this.#left.at(-1);
    if (before?.[1] === first - 1) this.#left[this.#left.length - 1] = [before[0], last];
    else this.#left.push([first, last]);
  }

  #ask(): void {
    if (this.#stopped || this.#error !== undefined || this.#running !== undefined || this.#retry !== undefined) return;
    if (this.#left.length === 0) return;
    const lines = this.#left.shift();
    const abort = new AbortController();
    this.#running = abort;
    this.#fetch(lines, abort.signal)
      .catch(() => {
        if (this.#stopped) return;
        this.#left.unshift(lines);
        this.#retry = setTimeout(() => this.wake(), RETRY_AFTER);
      })
      .finally(() => {
        this.#running = undefined;
        this.#ask();
        if (!this.#stopped) this.#changed();
      })
      .catch(() => undefined);
  }

  async #fetch(lines: Lines | undefined, signal: AbortSignal): Promise<void> {
    const answer = await fetchPatiently(`${this.#url}?${this.#query(lines)}`, { signal });
    if (answer.status === 400) {
      const [reason = ""] = (await answer.text()).trim().split("\n");
      this.#error = reason.slice(0, MOST_OF_REFUSAL);
      return;
    }
    if (!answer.ok || answer.body === null) throw new Error(`the server answered ${answer.status}`);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    const turns = new Turns();
    try {
      while (!turns.ended) {
        const { done, value } = await reader.read();
        if (done) throw new FoundError("the search ended too early");
        const told = (rest + value).split("\n");
        rest = told.pop() ?? "";
        if (rest.length > MOST_OF_ANSWER) throw new FoundError("a line of the search does not end");
        for (const each of told) {
          const found = parseFound(each);
          if (found !== undefined) this.#take(turns.follow(found), lines);
        }
        this.#changed();
      }
    } finally {
      await reader.cancel().catch(() => undefined);
    }
  }

  #query(lines: Lines | undefined): URLSearchParams {
    const { query, context, range } = this.request;
    const params = new URLSearchParams({ epoch: this.#epoch });
    if (query !== undefined) {
      params.set("q", query.text);
      params.set("mode", query.regex ? "regex" : "literal");
      params.set("case", query.caseSensitive ? "1" : "0");
      params.set("invert", query.invert ? "1" : "0");
    }
    if (lines !== undefined) {
      params.set("from_line", String(lines[0]));
      params.set("to_line", String(lines[1]));
    }
    if (range !== undefined) {
      params.set("from_time", String(range.from));
      params.set("to_time", String(range.to));
    }
    if (this.#texts !== undefined) {
      params.set("context", String(context));
      params.set("texts", String(TEXTS));
    }
    return params;
  }

  #take(found: Found, lines: Lines | undefined): void {
    if (found.type === "search") {
      if (found.epoch !== this.#epoch) throw new Error("the search is of another log");
      if (lines === undefined) this.#next ??= found.midLine ? found.lastLine : found.lastLine + 1;
      else if (found.midLine && found.lastLine <= lines[1]) this.#unfinished = found.lastLine;
    } else if (found.type === "part") {
      const part = lines === undefined ? clip(found.part, 0, this.#ownFrom - 1) : clip(found.part, ...lines);
      if (part !== undefined) {
        this.selection.put(part);
        this.#news.push(part);
      }
      for (const [line, kind, time, text] of found.texts) {
        // The last one may have been cut where it grew on.
        if (this.#next === undefined || line < this.#next) this.#texts?.add(line, kind, time, text);
      }
    } else if (!found.complete) this.#limited = true;
  }
}
