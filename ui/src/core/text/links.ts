// Links in output: addresses written out in text, and those that OSC 8 sequences give to text. Only http, https and mailto
// are links; whatever else claims to be one stays text. Where a written address ends is decided as terminals do: the
// punctuation of the sentence around it and a bracket that was opened before it are not part of it.

export interface Link {
  readonly from: number;
  readonly to: number;
  readonly href: string;
}

/** The longest address that is a link, and the most of them that are looked for in one line. */
const LONGEST = 4096;
const MOST = 200;

// What cannot be in an address: blanks, controls, quotes, angle brackets, punctuation of texts without blanks, and
// characters that turn or hide text.
const NOT = "、。「」『』【】（），；：！？《》…\\s\\u0000-\\u0020\\u007f-\\u00a0\"<>`\\u061c\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufffd";
const BEGINNING = /https?:\/\/|mailto:/gi;
const REST = new RegExp(`[^${NOT}]*`, "y");
const WHOLE = new RegExp(`^(?:https?://[^${NOT}/?#\\\\][^${NOT}]*|mailto:[^${NOT}]+)$`, "i");
const WORD = /\w/;
const HOST = /^https?:\/\/(?:[^/?#@]*@)?(?:\[[0-9a-f:.]+\]|[\p{L}\p{N}])/iu;
const MAIL = /^mailto:[^@\s]+@[\p{L}\p{N}]/iu;
/** What an address does not end with: punctuation, and brackets that nothing closes. */
const PUNCTUATION = ".,;:!?'*([{";
const OPEN: { readonly [close: string]: string } = { ")": "(", "]": "[", "}": "{" };

/** Whether a link may lead there at all; what an OSC 8 sequence names has to be a whole address. */
export function isAddress(text: string): boolean {
  return text.length <= LONGEST && WHOLE.test(text) && URL.canParse(text);
}

/** Where the address that begins `text` ends. */
function endOf(text: string): number {
  const depth: { [open: string]: number } = {};
  // The first bracket that closes what was opened before the address ends it, and so does all that comes after.
  let end = 0;
  for (; end < text.length; end++) {
    const char = text.charAt(end);
    const open = OPEN[char];
    if (open !== undefined) {
      const opened = depth[open] ?? 0;
      if (opened === 0) break;
      depth[open] = opened - 1;
    } else depth[char] = (depth[char] ?? 0) + 1;
  }
  while (end > 0 && PUNCTUATION.includes(text.charAt(end - 1))) end -= 1;
  return end;
}

/** The addresses that are written in a text, from left to right. */
export function links(text: string): Link[] {
  const found: Link[] = [];
  BEGINNING.lastIndex = 0;
  let tried = 0;
  for (let match = BEGINNING.exec(text); match !== null && tried < MOST; match = BEGINNING.exec(text)) {
    tried += 1;
    const from = match.index;
    // In the middle of a word it is none: `xhttp://…`.
    if (from > 0 && WORD.test(text.charAt(from - 1))) continue;
    REST.lastIndex = from;
    const rest = REST.exec(text)?.[0] ?? "";
    if (rest.length > LONGEST) {
      BEGINNING.lastIndex = from + rest.length;
      continue;
    }
    const href = rest.slice(0, endOf(rest));
    BEGINNING.lastIndex = from + Math.max(href.length, match[0].length);
    if (!(HOST.test(href) || MAIL.test(href)) || !isAddress(href)) continue;
    found.push({ from, to: from + href.length, href });
  }
  return found;
}

/** Whether `links` could find any: for lines without, which most are. */
export function mayHaveLinks(text: string): boolean {
  return text.includes("://") || text.includes("ailto:") || text.includes("AILTO:");
}
