// Takes the sting out of control sequences before a terminal reads them. xterm.js does as often as it is told what it is told
// to repeat (insert lines, scroll, repeat a character …): ten bytes of output could stop the page for minutes. More
// than the screen holds is never different from just that, so such numbers are lowered; nothing else is changed, not
// even the number of bytes. A sequence that is cut waits for its rest.

const ESC = 0x1b;
const C1_LEAD = 0xc2;
const C1_CSI = 0x9b;
/** Bytes of a sequence that wait for its rest; in a longer one no number counts. */
const LONGEST = 256;
/** The finals of the sequences that say how often. */
const REPEATING = new Set("@ILMPSTXZ^b".split("").map((final) => final.charCodeAt(0)));

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

/** What the next byte belongs to: after ESC, or the first of the two bytes of an 8-bit control, a sequence may begin. */
type Within = "text" | "escape" | "lead" | "sequence";

export class Tamer {
  #limit = 1000;
  #held = new Uint8Array(0);
  #within: Within = "text";
  /** Where the numbers of the sequence begin. */
  #start = 0;
  #overlong = false;

  /** No sequence does something more often than this; what the screen has of columns or rows, whichever is more. */
  set limit(limit: number) {
    this.#limit = limit;
  }

  /** The next bytes, cut anywhere, as the terminal may have them; their own buffer. */
  tame(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.#held.length + bytes.length);
    all.set(this.#held);
    all.set(bytes, this.#held.length);
    for (let at = this.#held.length; at < all.length; at++) this.#next(all, at);
    const open = this.#within === "sequence" && !this.#overlong;
    const end = open ? this.#start : all.length;
    this.#held = all.slice(end);
    if (open) this.#start = 0;
    if (this.#held.length > LONGEST) return this.#giveUp(all);
    return all.slice(0, end);
  }

  #next(all: Uint8Array, at: number): void {
    const byte = all[at] ?? 0;
    if (this.#within === "sequence") {
      if (this.#overlong && isDigit(byte)) all[at] = 0x30;
      if (byte >= 0x40 && byte <= 0x7e) {
        if (REPEATING.has(byte) && !this.#overlong) this.#lower(all, at);
        this.#within = "text";
      } else if (byte === 0x18 || byte === 0x1a) this.#within = "text";
    } else if ((this.#within === "escape" && byte === 0x5b) || (this.#within === "lead" && byte === C1_CSI)) {
      this.#within = "sequence";
      this.#start = at + 1;
      this.#overlong = false;
      return;
    } else this.#within = "text";
    if (byte === ESC) this.#within = "escape";
    else if (byte === C1_LEAD) this.#within = "lead";
  }

  /** Lower the numbers of a sequence that ends here. */
  #lower(all: Uint8Array, end: number): void {
    let digits: number[] = [];
    for (let at = this.#start; at <= end; at++) {
      const byte = all[at] ?? 0;
      if (isDigit(byte)) digits.push(at);
      // Controls within a sequence are obeyed, and do not end a number.
      else if (byte >= 0x20) {
        this.#lowerNumber(all, digits);
        digits = [];
      }
    }
  }

  #lowerNumber(all: Uint8Array, digits: readonly number[]): void {
    const value = digits.reduce((sum, at) => sum * 10 + (all[at] ?? 0x30) - 0x30, 0);
    if (value <= this.#limit) return;
    const lowered = String(this.#limit).padStart(digits.length, "0");
    digits.forEach((at, i) => (all[at] = lowered.charCodeAt(i)));
  }

  #giveUp(all: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    for (let at = all.length - this.#held.length; at < all.length; at++) if (isDigit(all[at] ?? 0)) all[at] = 0x30;
    this.#held = new Uint8Array(0);
    this.#overlong = true;
    return all;
  }
}
