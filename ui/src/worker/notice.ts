// What the page is told even while nobody looks at it, when it draws nothing and so asks for no frames: that a line came
// which someone waits for, how far the program says it is, that the run ended. One message is under way at a time; what
// happens until it was heard is summed up in the next. So neither a flood nor a timer matters.
import { compile, type Pattern } from "../core/text/pattern.ts";
import { parseEvent } from "../core/log/events.ts";
import { Kind, type Record } from "../core/log/record.ts";
import { TaskProgressReader } from "../core/terminal/task-progress.ts";
import { renderText } from "../core/text/terminal-line.ts";
import type { Query } from "../core/view-state.ts";
import type { News } from "./messages.ts";

/** Bytes of a line that are looked at, and characters of it that are told. */
const LONGEST = 64 * 1024;
const TOLD = 200;
const LF = 10;
const MOST_MEANWHILE = 64;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export class Notice {
  readonly #tell: (news: News) => void;
  readonly #progress = new TaskProgressReader();
  #pattern: Pattern | undefined;
  /** What came while a pattern was being made ready, which takes a moment for the first regular expression. */
  #meanwhile: Record[] | undefined;
  #asked = 0;
  #noticed: News["noticed"];
  #ended: News["ended"];
  #dirty = false;
  #busy = false;
  /** The line that has not ended: its number, and as much of it as came. */
  #line = 0;
  #begun: Uint8Array[] = [];
  #length = 0;

  constructor(tell: (news: News) => void) {
    this.#tell = tell;
  }

  /** Look for this in each line that ends from now on. */
  async watch(query: Query | undefined): Promise<void> {
    const asked = ++this.#asked;
    this.#pattern = undefined;
    this.#drop();
    this.#meanwhile = query === undefined ? undefined : [];
    const pattern = query === undefined ? undefined : await compile(query);
    if (asked !== this.#asked) return;
    this.#pattern = pattern;
    for (const record of this.#meanwhile ?? []) if (pattern !== undefined) this.#lines(record, pattern);
    this.#meanwhile = undefined;
    this.#say();
  }

  /** A record came, live. */
  record(record: Record): void {
    if (record.kind === Kind.event) this.#event(record);
    else {
      if (this.#pattern !== undefined) this.#lines(record, this.#pattern);
      // A record's bytes are its reader's. In a flood the first of what came has to do.
      else if (this.#meanwhile !== undefined && this.#meanwhile.length < MOST_MEANWHILE) {
        this.#meanwhile.push({ ...record, payload: record.payload.slice() });
      }
      if (this.#progress.push(record.payload)) this.#dirty = true;
    }
    this.#say();
  }

  /** Records are missing. */
  skip(): void {
    this.#drop();
    if (this.#meanwhile !== undefined) this.#meanwhile = [];
  }

  /** Another log begins. */
  reset(): void {
    this.skip();
    if (this.#progress.clear()) this.#dirty = true;
    this.#say();
  }

  /** The page heard what it was told last. */
  heard(): void {
    this.#busy = false;
    this.#say();
  }

  #event(record: Record): void {
    const event = parseEvent(record);
    if (event?.kind === "exit") {
      this.#ended = event.status;
      this.#dirty = true;
    }
    if ((event?.kind === "exit" || event?.kind === "start") && this.#progress.clear()) this.#dirty = true;
  }

  #lines({ payload, line }: Record, pattern: Pattern): void {
    // stdout and stderr met in the middle of a line: it ended there.
    if (this.#length > 0 && line !== this.#line) this.#end(pattern);
    this.#line = line;
    let from = 0;
    for (let at = payload.indexOf(LF); at !== -1; at = payload.indexOf(LF, from)) {
      this.#take(payload.subarray(from, at));
      this.#end(pattern);
      this.#line += 1;
      from = at + 1;
    }
    this.#take(payload.subarray(from));
  }

  #take(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.#length >= LONGEST) return;
    // A record's bytes are its reader's: what is kept is copied.
    this.#begun.push(bytes.slice(0, LONGEST - this.#length));
    this.#length += Math.min(bytes.length, LONGEST - this.#length);
  }

  #end(pattern: Pattern): void {
    const [first] = this.#begun;
    const bytes = this.#begun.length === 1 && first !== undefined ? first : joined(this.#begun, this.#length);
    this.#drop();
    const text = plain(decoder.decode(bytes));
    if (!pattern.test(text)) return;
    const count = (this.#noticed?.count ?? 0) + 1;
    this.#noticed = { count, line: this.#line, text: text.slice(0, TOLD) };
    this.#dirty = true;
  }

  #drop(): void {
    this.#begun = [];
    this.#length = 0;
  }

  #say(): void {
    if (!this.#dirty || this.#busy) return;
    this.#dirty = false;
    this.#busy = true;
    this.#tell({ type: "news", progress: this.#progress.value, noticed: this.#noticed, ended: this.#ended });
    this.#noticed = undefined;
    this.#ended = undefined;
  }
}

function plain(text: string): string {
  return renderText(text)
    .map((span) => span.text)
    .join("");
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
