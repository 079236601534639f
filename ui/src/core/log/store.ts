// What a page knows of one log: where it begins and ends, the map of its segments, the blocks that are loaded, its gaps
// and its events. Answers two questions: what is there of these lines, and what has to be fetched for them. Records
// come in live or from segments, in any order and more than once; memory stays within a budget.
import { Blocks } from "./blocks.ts";
import type { LineBytes, Ranges } from "./loaded.ts";
import { parseEvent } from "./events.ts";
import { Kind, type Record } from "./record.ts";
import type { Extra, GapExtra, NoteExtra } from "../rows/rows.ts";
import { SegmentMap, type Segment } from "./segments.ts";

/** Loaded bytes that are kept, and how many of them are the newest that always stay. */
const BUDGET = 32 * 1024 * 1024;
const LIVE = 6 * 1024 * 1024;
const MAX_EVENTS = 10_000;
const MAX_GAPS = 500;
/** Segments that one request for lines may ask to fetch. */
const MAX_WANTED = 4;

export interface Gap {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly bytes: number;
  readonly reason: "slow" | "expired";
}

/** The log as it was at a time. */
export interface Moment {
  /** The bytes of the output that had come, and the last line with any of them; undefined while that is not loaded. */
  readonly shown: { readonly until: number; readonly line: number } | undefined;
  /** When the last record until then came, and when the next one; infinite at the end of the log. */
  readonly last: number;
  readonly next: number;
  /** What has to be fetched to know this, or what comes after. */
  readonly wanted: Wanted;
}

interface PlacedGap extends Gap {
  readonly id: number;
  readonly after: number;
  hideTo: number;
}

interface PlacedEvent {
  readonly seq: number;
  readonly extra: Extra;
}

export interface Wanted {
  readonly segments: readonly Segment[];
  /** Something lies beyond the list that is known. */
  readonly renewList: boolean;
}

const NOTHING: Wanted = { segments: [], renewList: false };

/** Where a log begins, or ends. */
interface End {
  readonly seq: number;
  readonly line: number;
  readonly time?: number;
}

function eventExtra(record: Record, after: number): Extra | undefined {
  const event = parseEvent(record);
  if (event === undefined || event.kind === "screen" || event.kind === "resize") return undefined;
  const base = { after, key: `e${record.seq}`, time: record.time };
  return event.kind === "mark" ? { ...base, kind: "note", text: event.text } : { ...base, ...event };
}

export class Store {
  readonly map = new SegmentMap();
  readonly #blocks = new Blocks();
  #gaps: PlacedGap[] = [];
  #events: PlacedEvent[] = [];
  #gapIds = 0;
  /** The first record kept, and the newest one known. */
  #firstSeq: number;
  #firstLine: number;
  #headSeq: number;
  #headLine: number;
  readonly #firstTime: number;
  #headTime: number;
  /** The gap whose end waits for the record after it. */
  #openGap: PlacedGap | undefined;
  #notice: NoteExtra | undefined;
  /** Counts the changes of `extras()`. */
  extrasVersion = 0;

  constructor(first: End, head: End, notice?: string) {
    this.#firstSeq = first.seq;
    this.#firstLine = first.line;
    this.#headSeq = head.seq;
    this.#headLine = head.line;
    this.#firstTime = first.time ?? 0;
    this.#headTime = head.time ?? 0;
    if (notice !== undefined) {
      this.#notice = { kind: "note", key: "notice", after: this.firstLine - 1, time: 0, text: notice };
    }
  }

  /** A resumed connection says where the log begins and ends now. */
  update(first: End, head: End): void {
    this.#firstSeq = Math.max(this.#firstSeq, first.seq);
    this.#firstLine = Math.max(this.#firstLine, first.line);
    this.#headSeq = Math.max(this.#headSeq, head.seq);
    this.#headLine = Math.max(this.#headLine, head.line);
    this.#headTime = Math.max(this.#headTime, head.time ?? 0);
  }

  /** Take a record, live or from a segment. */
  append(record: Record): void {
    const known = this.#blocks.holes(record.seq, record.seq).length === 0;
    this.#blocks.append(record);
    if (record.seq > this.#headSeq) this.#headSeq = record.seq;
    if (this.#openGap?.lastSeq === record.seq - 1) {
      // Only now it is known whether the gap's last line goes on after it.
      this.#openGap.hideTo = Math.max(this.#openGap.after, record.line - 1);
      this.#openGap = undefined;
      this.extrasVersion += 1;
    }
    if (record.kind === Kind.event && !known) this.#addEvent(record);
  }

  /** Records that the server announced not to send. */
  gap(gap: Gap): void {
    if (this.#openGap?.lastSeq === gap.firstSeq - 1) this.#widen(this.#openGap, gap);
    else this.#place(gap);
    this.#headSeq = Math.max(this.#headSeq, gap.lastSeq);
    this.extrasVersion += 1;
  }

  #place(gap: Gap): void {
    const reaches = this.#blocks.lastLineUpTo(gap.firstSeq - 1);
    const after = reaches === undefined ? gap.firstLine - 1 : Math.min(reaches, gap.lastLine);
    const placed: PlacedGap = { ...gap, id: ++this.#gapIds, after, hideTo: Math.max(after, gap.lastLine) };
    this.#gaps.push(placed);
    this.#openGap = placed;
    // A map of many small gaps serves no one; the oldest become lines to load, as all history is.
    if (this.#gaps.length > MAX_GAPS) this.#gaps.shift();
  }

  /** Two gaps with nothing between them are one: the first may end within the line that the second begins in. */
  #widen(open: PlacedGap, gap: Gap): void {
    const wide: PlacedGap = {
      ...open,
      lastSeq: gap.lastSeq,
      lastLine: gap.lastLine,
      bytes: open.bytes + gap.bytes,
      hideTo: Math.max(open.hideTo, gap.lastLine),
      reason: open.reason === gap.reason ? gap.reason : "slow",
    };
    this.#gaps = this.#gaps.map((each) => (each === open ? wide : each));
    this.#openGap = wide;
  }

  /** Turn a gap into lines to load. */
  openGap(id: number): void {
    const gap = this.#gaps.find((each) => each.id === id);
    if (gap === undefined || gap.reason === "expired") return;
    this.#gaps = this.#gaps.filter((each) => each !== gap);
    if (this.#openGap === gap) this.#openGap = undefined;
    this.extrasVersion += 1;
  }

  setSegments(segments: readonly Segment[]): void {
    this.map.set(segments);
    const { first, last } = this.map;
    if (first !== undefined) {
      this.#blocks.start = { seq: first.firstSeq, midLine: first.midLine };
      this.#firstSeq = Math.max(this.#firstSeq, first.firstSeq);
      this.#firstLine = Math.max(this.#firstLine, first.line);
    }
    if (last !== undefined) this.#headSeq = Math.max(this.#headSeq, last.lastSeq);
    this.extrasVersion += 1;
  }

  /** The first line that is kept by the server, or still loaded here. */
  get firstLine(): number {
    const oldest = this.#blocks.oldest;
    return oldest === undefined || oldest.length === 0 ? this.#firstLine : Math.min(this.#firstLine, oldest.firstLine);
  }

  /** The last line that has any byte. */
  get lastLine(): number {
    return this.#blocks.lastLineUpTo(this.#headSeq) ?? Math.max(this.#headLine - 1, this.#blocks.newest?.lastShownLine ?? 0);
  }

  /** The rows between the lines, in the order of their places. */
  extras(): Extra[] {
    const extras: { seq: number; extra: Extra }[] = [...this.#events];
    const letGo = this.#letGo();
    for (const gap of this.#gaps) {
      const expired = gap.lastSeq < this.#firstSeq;
      // What was let go around it is told together with it.
      if (expired && letGo.some(({ seq, lastSeq }) => seq <= gap.firstSeq && gap.lastSeq <= lastSeq)) continue;
      const extra: GapExtra = {
        kind: "gap",
        key: `g${gap.id}`,
        id: gap.id,
        after: gap.after,
        hideTo: gap.hideTo,
        bytes: gap.bytes,
        reason: expired ? "expired" : gap.reason,
      };
      extras.push({ seq: gap.firstSeq, extra });
    }
    extras.push(...letGo);
    if (this.#notice !== undefined) extras.push({ seq: 0, extra: { ...this.#notice, after: this.firstLine - 1 } });
    extras.sort((a, b) => a.extra.after - b.extra.after || a.seq - b.seq);
    return extras.map(({ extra }) => extra);
  }

  /** What is loaded of a line behind its first `after` bytes, as it was when the output had `until` bytes. */
  line(line: number, limit: number, until = Infinity, after = 0): LineBytes | undefined {
    return this.#blocks.line(line, limit, until, after);
  }

  /** The first bytes that are there of a line. */
  beginning(line: number, most: number, until = Infinity): Uint8Array | undefined {
    return this.#blocks.beginning(line, most, until);
  }

  /** When the first record came that is kept or loaded, and when the newest. */
  get times(): { readonly from: number; readonly to: number } {
    const from = Math.min(this.map.first?.time ?? this.#firstTime, this.#blocks.oldest?.firstTime ?? Infinity);
    return { from, to: Math.max(from, this.#headTime, this.#blocks.newest?.lastTime ?? 0) };
  }

  /** How the log was at a time. A gap in the way becomes lines to load. */
  moment(time: number): Moment {
    const loaded = this.#blocks.moment(time);
    const last = loaded?.last ?? time;
    const before = loaded === undefined || loaded.firstSeq <= this.#firstSeq ? this.firstLine - 1 : undefined;
    const line = loaded?.line ?? before;
    if (loaded !== undefined && line === undefined) return { shown: undefined, last, next: time, wanted: this.#record(loaded.firstSeq - 1) };
    const until = loaded?.until ?? this.map.first?.offset ?? 0;
    const shown = line === undefined ? undefined : { until, line };
    if (loaded?.next !== undefined) return { shown, last, next: loaded.next, wanted: NOTHING };
    if (loaded !== undefined && loaded.lastSeq >= this.#headSeq) return { shown, last, next: Infinity, wanted: NOTHING };
    const seq = Math.max((loaded?.lastSeq ?? 0) + 1, this.map.at(time)?.firstSeq ?? 0, this.#firstSeq);
    const next = this.#blocks.timeFrom(seq);
    const wanted = next === undefined ? this.#record(seq) : NOTHING;
    const [segment] = wanted.segments;
    const begun = next ?? (segment?.firstSeq === seq ? segment.time : undefined);
    // Nothing but what is no longer kept lies between what is loaded and the next record.
    return begun !== undefined && begun > time ? { shown, last, next: begun, wanted } : { shown: undefined, last, next: time, wanted };
  }

  /** What has to be fetched for one record. */
  #record(seq: number): Wanted {
    const gap = this.#gaps.find((each) => each.firstSeq <= seq && each.lastSeq >= seq);
    if (gap !== undefined) this.openGap(gap.id);
    const segment = this.map.holding(seq);
    return { segments: segment === undefined ? [] : [segment], renewList: segment === undefined };
  }

  /** The first line from `line` on whose beginning is loaded. */
  loadedFrom(line: number): number | undefined {
    return this.#blocks.loadedFrom(line);
  }

  /** What has to be fetched for the lines [from, to), the nearest to `to` first when `upwards`. */
  wanted(from: number, to: number, upwards: boolean): Wanted {
    if (!this.map.known) return { segments: [], renewList: this.#headSeq >= this.#firstSeq };
    const segments = new Map<number, Segment>();
    const listed = this.map.last?.lastSeq ?? 0;
    let renewList = false;
    for (const [first, last] of this.#blocks.holes(this.#firstSeq, this.#headSeq)) {
      for (const [begin, end] of this.#outsideGaps(first, last)) {
        if (end > listed && this.#mayHold(begin, from, to)) renewList = true;
        for (const segment of this.map.covering(from, to, begin, end)) segments.set(segment.firstSeq, segment);
      }
    }
    const sorted = [...segments.values()].sort((a, b) => (upwards ? b.firstSeq - a.firstSeq : a.firstSeq - b.firstSeq));
    return { segments: sorted.slice(0, MAX_WANTED), renewList };
  }

  /** Keep within the budget; these lines are being looked at. */
  evict(seen: Ranges): void {
    const before = this.firstLine;
    this.#blocks.evict(BUDGET, LIVE, seen);
    if (this.firstLine !== before) this.extrasVersion += 1;
  }

  get weight(): number {
    return this.#blocks.weight;
  }

  #addEvent(record: Record): void {
    const after = this.#blocks.lastLineUpTo(record.seq) ?? record.line - 1;
    const extra = eventExtra(record, after);
    if (extra === undefined || this.#events.some((each) => each.seq === record.seq)) return;
    this.#events.push({ seq: record.seq, extra });
    if (this.#events.length > MAX_EVENTS) this.#events.shift();
    this.extrasVersion += 1;
  }

  /** Whether a hole that begins at `seq`, after the end of the list, can hold any of the lines [from, to). */
  #mayHold(seq: number, from: number, to: number): boolean {
    const above = this.#blocks.lastLineUpTo(seq - 1) ?? this.map.last?.line ?? 0;
    return above < to && from <= this.#headLineAtLeast();
  }

  #headLineAtLeast(): number {
    return Math.max(this.#headLine, this.lastLine);
  }

  /** [first, last] without the gaps in it: those are fetched only once they are opened. */
  #outsideGaps(first: number, last: number): [number, number][] {
    const parts: [number, number][] = [];
    let next = first;
    for (const gap of this.#gaps) {
      if (gap.lastSeq < next || gap.firstSeq > last) continue;
      if (gap.firstSeq > next) parts.push([next, gap.firstSeq - 1]);
      next = gap.lastSeq + 1;
    }
    if (next <= last) parts.push([next, last]);
    return parts;
  }

  /** Lines that the server no longer keeps, between older ones that are still loaded and those that are kept. */
  #letGo(): { seq: number; lastSeq: number; extra: GapExtra }[] {
    const oldest = this.#blocks.oldest;
    if (oldest === undefined || oldest.firstSeq >= this.#firstSeq) return [];
    const rows: { seq: number; lastSeq: number; extra: GapExtra }[] = [];
    for (const [first, last] of this.#blocks.holes(oldest.firstSeq, this.#firstSeq - 1)) {
      const after = this.#blocks.lastLineUpTo(first - 1);
      if (after === undefined || this.#gaps.some((gap) => gap.firstSeq <= first && gap.lastSeq >= last)) continue;
      const next = this.#blocks.firstLineFrom(last + 1) ?? this.#firstLine;
      rows.push({
        seq: first,
        lastSeq: last,
        extra: { kind: "gap", key: `x${first}`, id: 0, after, hideTo: Math.max(after, next - 1), bytes: 0, reason: "expired" },
      });
    }
    return rows;
  }
}
