// How far a program says it has come: OSC 9;4 (`ESC ] 9 ; 4 ; state ; percent`, ended by BEL or `ESC \`), as ConEmu, Windows
// Terminal and systemd know it. Only the latest one counts, wherever records are cut.

export interface TaskProgress {
  readonly state: "running" | "failed" | "busy" | "paused";
  /** 0 to 100; undefined where the program does not know itself. */
  readonly percent: number | undefined;
}

const ESC = 0x1b;
const START = "\x1b]9;4;";
// eslint-disable-next-line no-control-regex
const WHOLE = /^(\d)(?:;(\d{0,9}))?(?:\x07|\x1b\\)/;
/** No sequence that counts is longer. */
const LONGEST = 48;

const STATES: readonly (TaskProgress["state"] | undefined)[] = [undefined, "running", "failed", "busy", "paused"];
// One character for each byte, so that places in the text are places in the bytes.
const latin = new TextDecoder("latin1");

/** What a sequence says after its start: `null` when nothing is left to do, `undefined` when it makes no sense. */
function read(text: string): TaskProgress | null | undefined {
  const [, digit, percent] = WHOLE.exec(text) ?? [];
  if (digit === "0") return null;
  const state = STATES[Number(digit)];
  if (state === undefined) return undefined;
  const known = state !== "busy" && percent !== undefined && percent !== "";
  return { state, percent: known ? Math.min(100, Number(percent)) : undefined };
}

export class TaskProgressReader {
  value: TaskProgress | undefined;
  /** The end of what came before, where a sequence may have begun. */
  #tail = "";

  /** Take the next bytes of output; true when they say something new. */
  push(bytes: Uint8Array): boolean {
    if (this.#tail === "" && !bytes.includes(ESC)) return false;
    const text = this.#tail + latin.decode(bytes);
    const escape = text.lastIndexOf("\x1b");
    // What may go on in the next record: at most the last two sequences, one of which may be the other's end.
    this.#tail = text.length - escape <= LONGEST ? text.slice(-LONGEST) : "";
    for (let at = text.lastIndexOf(START); at !== -1; at = at === 0 ? -1 : text.lastIndexOf(START, at - 1)) {
      const found = read(text.slice(at + START.length, at + LONGEST));
      if (found !== undefined) return this.#set(found ?? undefined);
    }
    return false;
  }

  /** Nothing is under way any more. */
  clear(): boolean {
    this.#tail = "";
    return this.#set(undefined);
  }

  #set(value: TaskProgress | undefined): boolean {
    const before = this.value;
    if (before?.state === value?.state && before?.percent === value?.percent) return false;
    this.value = value;
    return true;
  }
}
