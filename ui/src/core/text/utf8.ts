// Bytes to text where bytes are cut anywhere: a character whose bytes are spread over several pieces belongs to the piece
// that ends it. A piece can be decoded at any time, or not at all, because what it lacks is known as soon as it has come.

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const NONE = new Uint8Array(0);

/** How many of the last bytes begin a character that they do not end: 0 to 3. */
function unfinished(bytes: Uint8Array): number {
  for (let length = 1; length <= Math.min(3, bytes.length); length++) {
    const byte = bytes[bytes.length - length] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return length < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? length : 0;
  }
  return 0;
}

/** Where a cut at `length` would split a UTF-8 character: the length without that character's first part. */
export function wholeCharacters(bytes: Uint8Array, length: number): number {
  let at = length;
  while (at > 0 && length - at < 3 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at -= 1;
  return at;
}

/** Where the first whole character begins in bytes that were cut anywhere. */
export function characterFrom(bytes: Uint8Array): number {
  let at = 0;
  while (at < Math.min(3, bytes.length) && ((bytes[at] ?? 0) & 0xc0) === 0x80) at += 1;
  return at;
}

export class TextPieces {
  #held = NONE;

  /** Take the next piece; what is returned decodes it. Bytes that are no UTF-8 become U+FFFD, as by a `TextDecoder`. */
  take(piece: Uint8Array): () => string {
    let whole = piece;
    if (this.#held.length > 0) {
      whole = new Uint8Array(this.#held.length + piece.length);
      whole.set(this.#held);
      whole.set(piece, this.#held.length);
    }
    const end = whole.length - unfinished(whole);
    this.#held = end < whole.length ? whole.slice(end) : NONE;
    return () => decoder.decode(whole.subarray(0, end));
  }

  /** What comes next does not follow what came. */
  cut(): void {
    this.#held = NONE;
  }
}
