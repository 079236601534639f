// Fetches segments and their list over HTTP, and decodes them as they arrive. Two at a time, each once; a failure is
// remembered for a while, so that rows which cannot be had do not ask again in every frame.
import { RecordError, RecordReader, type Record } from "../core/log/record.ts";
import { parseSegmentList, type Segment, type SegmentList } from "../core/log/segments.ts";
import { fetchPatiently } from "./patient.ts";

const AT_ONCE = 2;
const RETRY_AFTER = 3_000;
/** Lists that are had within that time: more of them are not what is lacking. */
const MOST_LISTS = 5;
/** Bytes of a segment, inflated: far more than the server puts into one. */
const MOST_BYTES = 64 * 1024 * 1024;

/** The server has let this go: the list that named it is old. */
export class Gone extends Error {
  override readonly name = "Gone";
}

/** Inflate a raw deflate stream, giving each piece as soon as it is there. */
async function inflate(body: ReadableStream<Uint8Array<ArrayBuffer>>, onPiece: (piece: Uint8Array) => void): Promise<void> {
  const reader = body.pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onPiece(value);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/**
 * Fetch the segment that begins with a seq, and call `onRecord` for each of its records as they arrive. Returns the seq of
 * the last one.
 */
export async function readSegment(
  base: string,
  firstSeq: number,
  epoch: string,
  onRecord: (record: Record) => void,
  signal: AbortSignal,
): Promise<number> {
  const url = `${base}segments/${firstSeq}?epoch=${encodeURIComponent(epoch)}`;
  const answer = await fetchPatiently(url, { signal });
  if (answer.status === 404 || answer.status === 410) throw new Gone("the segment is no longer kept");
  if (!answer.ok || answer.body === null) throw new Error(`the server answered ${answer.status}`);
  const reader = new RecordReader();
  let [next, size] = [firstSeq, 0];
  const take = (record: Record): void => {
    if (record.seq !== next) throw new RecordError(`record ${record.seq} of a segment came instead of ${next}`);
    next += 1;
    onRecord(record);
  };
  await inflate(answer.body, (piece) => {
    size += piece.length;
    if (size > MOST_BYTES) throw new RecordError("a segment does not end");
    if (!signal.aborted) reader.push(piece, take);
  });
  return next - 1;
}

export class Fetcher {
  readonly #base: string;
  readonly #changed: () => void;
  readonly #running = new Map<number, AbortController>();
  readonly #failed = new Map<number, number>();
  #listing = false;
  #listFailed = -RETRY_AFTER;
  #listed: number[] = [];

  /** `base` is the absolute URL of the stream, ending in a slash; `changed` is called after whatever has arrived or failed. */
  constructor(base: string, changed: () => void) {
    this.#base = base;
    this.#changed = changed;
  }

  /** Fetch the list of segments, unless that is under way or has just failed; `onList` says whether it is of any use. */
  list(onList: (list: SegmentList) => boolean): void {
    if (this.#listing || performance.now() - this.#listFailed < RETRY_AFTER) return;
    this.#listing = true;
    this.#getList()
      .then((list) => {
        if (!onList(list)) throw new Error("the list is of another log");
        const now = performance.now();
        this.#listed = [...this.#listed.filter((at) => now - at < RETRY_AFTER), now];
        if (this.#listed.length === MOST_LISTS) throw new Error("one list after the other lacks what is looked for");
      })
      .catch(() => {
        this.#listFailed = performance.now();
        this.#again();
      })
      .finally(() => {
        this.#listing = false;
        this.#changed();
      })
      .catch(() => undefined);
  }

  /** Fetch a segment, unless it is under way, has just failed, or enough others are; `onGone` when it is no longer kept. */
  segment(segment: Segment, epoch: string, onRecord: (record: Record) => void, onGone: () => void): void {
    const key = segment.firstSeq;
    const failed = this.#failed.get(key) ?? -Infinity;
    if (this.#running.has(key) || this.#running.size >= AT_ONCE || performance.now() - failed < RETRY_AFTER) return;
    const abort = new AbortController();
    this.#running.set(key, abort);
    readSegment(this.#base, segment.firstSeq, epoch, onRecord, abort.signal)
      .then((last) => {
        if (last < segment.lastSeq) throw new Error("the segment ended too early");
        this.#failed.delete(key);
      })
      .catch((error: unknown) => {
        if (abort.signal.aborted) return;
        this.#failed.set(key, performance.now());
        this.#again();
        if (error instanceof Gone) onGone();
      })
      .finally(() => {
        // After a stop it may be another log's segment.
        if (this.#running.get(key) === abort) this.#running.delete(key);
        this.#changed();
      })
      .catch(() => undefined);
  }

  /** Stop what is under way: the log is another now. */
  stop(): void {
    for (const abort of this.#running.values()) abort.abort();
    this.#running.clear();
    this.#failed.clear();
    this.#listFailed = -RETRY_AFTER;
  }

  /** Whoever lacks it may ask once more, some time later. */
  #again(): void {
    setTimeout(this.#changed, RETRY_AFTER + 1);
  }

  async #getList(): Promise<SegmentList> {
    const answer = await fetchPatiently(`${this.#base}segments`, { cache: "no-cache" });
    const list = answer.ok ? parseSegmentList(await answer.json()) : undefined;
    if (list === undefined) throw new Error("no list of segments");
    return list;
  }
}
