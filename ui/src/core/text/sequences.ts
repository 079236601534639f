// Where a control sequence ends (ECMA-48 5.4, as xterm reads it), so that none leaves residue: CSI sequences, strings (OSC,
// DCS, APC, PM, SOS and the title that screen sets), escape sequences with intermediates. What the line's end or a control
// character cuts off is skipped as far as it goes.

export interface Sequence {
  /** Index after the sequence. */
  end: number;
  /** The final byte of a CSI sequence without prefix or intermediates, otherwise "". */
  final: string;
  /** The parameters of that; what an OSC string says; or the escape sequence's bytes between ESC and its end. */
  params: string;
}

/** What else `final` may be: an OSC string that was ended, and the choice of a character set. */
export const OSC = "]";
export const CHARSET = "(";

// An ESC that does not end the string ends it all the same, and begins a sequence of its own.
// eslint-disable-next-line no-control-regex
const STRING_END = /[\x07\x9c\x18\x1a]|\x1b\\?/g;
const BEL = 0x07;
const ESC = 0x1b;

function stringAt(text: string, from: number, kind: "osc" | "other"): Sequence {
  STRING_END.lastIndex = from;
  let found = STRING_END.exec(text);
  // BEL is xterm's end of an OSC string and of no other.
  while (kind === "other" && found !== null && text.charCodeAt(found.index) === BEL) found = STRING_END.exec(text);
  if (found === null) return { end: text.length, final: "", params: "" };
  const cut = found[0] === "\x1b";
  const cancelled = cut || found[0] === "\x18" || found[0] === "\x1a";
  return {
    end: cut ? found.index : STRING_END.lastIndex,
    final: kind === "osc" && !cancelled ? OSC : "",
    params: kind === "osc" && !cancelled ? text.slice(from, found.index) : "",
  };
}

function csiAt(text: string, from: number): Sequence {
  let i = from;
  let c = text.charCodeAt(i);
  while (c >= 0x30 && c <= 0x3f) c = text.charCodeAt(++i);
  const params = text.slice(from, i);
  let plain = !/^[<-?]/.test(params);
  while (c >= 0x20 && c <= 0x2f) {
    plain = false;
    c = text.charCodeAt(++i);
  }
  if (c >= 0x40 && c <= 0x7e) return { end: i + 1, final: plain ? text.charAt(i) : "", params };
  return { end: i, final: "", params: "" };
}

/** The control sequence whose introducer (ESC or a C1 code) is at `at`. */
export function sequenceAt(text: string, at: number): Sequence {
  let code = text.charCodeAt(at);
  let i = at + 1;
  if (code === ESC) {
    // ESC, intermediates (charset designations), final; a 7-bit introducer stands for the C1 code 0x40 above it.
    let c = text.charCodeAt(i);
    if (c === 0x6b) return stringAt(text, i + 1, "osc"); // ESC k: a title of screen and tmux
    if (c >= 0x40 && c <= 0x5f) {
      code = c + 0x40;
      i += 1;
    } else {
      while (c >= 0x20 && c <= 0x2f) c = text.charCodeAt(++i);
      // A control character inside it ends it and is looked at by itself.
      if (c < 0x30 || c > 0x7e || Number.isNaN(c)) return { end: i, final: "", params: "" };
      const params = text.slice(at + 1, i + 1);
      return { end: i + 1, final: /^[()]./.test(params) ? CHARSET : "", params };
    }
  }
  if (code === 0x9b) return csiAt(text, i);
  if (code === 0x9d) return stringAt(text, i, "osc");
  if (code === 0x90 || code === 0x98 || code === 0x9e || code === 0x9f) return stringAt(text, i, "other");
  return { end: i, final: "", params: "" };
}
