// What belongs together: the lines after an entry's first one (stack traces of Python, Java, JavaScript, Go, Rust, Ruby,
// .NET and PHP; a compiler's excerpts; indented lines after a log entry). A line is judged by its beginning and by the kind
// of entry that it would belong to, so that reading is linear and any place of a log can be begun at.

/** Bytes of a line that decide. */
export const LOOKED_AT = 256;
/** Lines before those asked for that are read to know what the first of them belong to, and the most of one entry. */
const BEFORE = 64;
export const MOST_BELONGING = 2000;

/** What the entry is, of which a line was the last one so far. */
type Entry = "none" | "log" | "trace" | "python" | "raised" | "go" | "rust" | "panicked";

// Colours at the beginning, and what containers put before each line.
// eslint-disable-next-line no-control-regex
const DECORATION = /\x1b\[[0-9;:]*[mK]|\r/g;
const STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(?:Z|[+-]\d\d:\d\d) (?:std(?:out|err) [FP] )?/;

const FRAME = /^\s+(?:at |from |File "|\.{3} \d+ |Suppressed: |--- End of )|^\t.*\.go:\d+/;
const CAUSE = /^(?:Caused by: |Suppressed: |During handling of the above |The above exception was )/;
const TRACEBACK = "Traceback (most recent call last):";
const RAISED = /^[A-Za-z_][\w.]*(?::|$)/;
const TRACE = /^(?:Exception in thread |Unhandled exception|Uncaught |(?:PHP )?Fatal error: |[\w.$]{1,100}(?:Error|Exception|Throwable)(?::| \[|$))/;
const GO = /^(?:panic: |fatal error: |goroutine \d+ \[)/;
const GO_GOES_ON = /^(?:goroutine \d+ \[|created by |exit status \d|\[signal |\[recovered\]|runtime[.:]|[\w./*()·{}[\]-]+\(.*\)$)/;
const RUST = /^thread '.*' (?:\(\d+\) )?panicked at /;
const RUST_GOES_ON = /^(?:stack backtrace:|note: (?:run with|Some details))/;
const LOG =
  /^(?:[[(<]?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d|\[?\d\d:\d\d:\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|[IWEF]\d{4} \d\d:|\[?(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL|SEVERE)\b|(?:error|warning)(?:\[\w+\])?: |[\w./+-]+:\d+(?::\d+)?: (?:fatal )?(?:error|warning|note): )/;
const LOG_GOES_ON = /^(?:Stack trace:|#\d+ |\d+ +\| )/;

/** The entry after a line that begins one. */
function begun(text: string): Entry {
  if (text.includes(TRACEBACK)) return "python";
  if (GO.test(text)) return "go";
  if (RUST.test(text)) return text.endsWith(":") ? "panicked" : "rust";
  if (TRACE.test(text)) return "trace";
  return LOG.test(text) ? "log" : "none";
}

/** The entry after a line that goes on with `entry`; `undefined` when it does not. */
function goneOn(text: string, entry: Entry): Entry | undefined {
  if (FRAME.test(text)) return entry === "none" || entry === "log" ? "trace" : entry;
  if (CAUSE.test(text)) return entry === "raised" ? "python" : entry === "none" ? "trace" : entry;
  if (entry === "none") return undefined;
  if (text.includes(TRACEBACK)) return "python";
  if (/^\s/.test(text)) return entry === "raised" ? undefined : entry;
  switch (entry) {
    case "python":
      return RAISED.test(text) ? "raised" : undefined;
    case "go":
      return GO_GOES_ON.test(text) ? "go" : undefined;
    case "panicked":
      return "rust";
    case "rust":
      return RUST_GOES_ON.test(text) ? "rust" : undefined;
    case "trace":
      return text === "}" || LOG_GOES_ON.test(text) ? "trace" : undefined;
    case "log":
      if (LOG_GOES_ON.test(text)) return "log";
      return GO.test(text) || RUST.test(text) ? begun(text) : undefined;
    default:
      return undefined;
  }
}

const decoder = new TextDecoder("latin1");

/** Reads lines in their order and says of each whether it belongs to those before it. */
export class Entries {
  #entry: Entry = "none";

  /** Whether the line belongs to the entry before it; an empty line does only if the next one with text does: `undefined`. */
  continues(line: Uint8Array): boolean | undefined {
    const whole = decoder.decode(line.subarray(0, LOOKED_AT)).replace(DECORATION, "").replace(/\n$/, "");
    const text = whole.replace(STAMP, "");
    if (text.trim() === "") return this.#entry === "none" ? false : undefined;
    const entry = goneOn(text, this.#entry);
    if (entry === undefined) {
      const begins = begun(text);
      this.#entry = begins === "none" ? begun(whole) : begins;
      return false;
    }
    this.#entry = entry;
    return true;
  }
}

/**
 * The lines of [from, to) that others belong to, with the number of those.
 *
 * `line` gives a line's bytes, with or without its `\n`; nothing where it is not there, and there every entry ends.
 */
export function belonging(line: (number: number) => Uint8Array | undefined, from: number, to: number): Map<number, number> {
  const found = new Map<number, number>();
  let entries = new Entries();
  let head: number | undefined;
  for (let number = from - BEFORE; number < to || (head !== undefined && number <= head + MOST_BELONGING); number++) {
    const bytes = line(number);
    if (bytes === undefined) {
      entries = new Entries();
      head = undefined;
      continue;
    }
    const continues = entries.continues(bytes);
    if (continues === undefined) continue;
    if (!continues) {
      if (number >= to) break;
      head = number;
    } else if (head !== undefined && head >= from && number <= head + MOST_BELONGING) {
      found.set(head, number - head);
    }
  }
  return found;
}
