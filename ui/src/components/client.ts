// The page's end of the worker: starts it, keeps what it says (the state, where the log begins and ends, the rows
// between the lines, the lines themselves) and asks it for the lines that the view lacks.
import { Rows, type Extra } from "../core/rows.ts";
import type { Frame, State, ToWorker, ViewMessage } from "../worker/messages.ts";
import { LineCache } from "./cache.ts";

const NOTHING: State = { phase: "connecting", stream: undefined, viewers: undefined, exit: undefined, started: undefined };

/** Where the stream is: the server writes its name into the page; without one (development) it is the first there is. */
async function streamName(): Promise<string> {
  const given = document.querySelector<HTMLMetaElement>('meta[name="webtee-stream"]')?.content ?? "";
  if (given !== "") return given;
  const answer = await fetch(new URL("api/streams", document.baseURI));
  const { streams } = (await answer.json()) as { streams: { name: string }[] };
  return streams[0]?.name ?? "";
}

export class Client extends EventTarget {
  readonly rows = new Rows();
  readonly cache = new LineCache();
  state: State = NOTHING;
  #worker: Worker | undefined;
  #log = 0;
  #asked = "";
  readonly #filled = new Set<number>();

  async start(): Promise<void> {
    const name = await streamName();
    this.#worker = new Worker(new URL("../worker/main.ts", import.meta.url), { type: "module", name: "webtee" });
    this.#worker.onmessage = (event: MessageEvent<Frame>) => this.#take(event.data);
    this.#post({ type: "open", base: document.baseURI, name });
    const wake = (): void => {
      if (!document.hidden) this.#post({ type: "wake" });
    };
    document.addEventListener("visibilitychange", wake);
    addEventListener("online", wake);
    this.dispatchEvent(new Event("frame"));
  }

  /** Tell the worker what is shown; it answers with one frame. Saying the same again without one in between is nothing. */
  ask(view: ViewMessage): void {
    const asked = JSON.stringify(view);
    if (asked === this.#asked || this.#worker === undefined) return;
    this.#asked = asked;
    this.#post(view);
  }

  /** Turn a gap into lines to load. */
  fillGap(id: number): void {
    if (this.#filled.has(id)) return;
    this.#filled.add(id);
    this.#post({ type: "gap", id });
    this.#setExtras(this.rows.extras);
  }

  /** What the worker has not yet heard of is left out here already, so that a jump into a gap arrives where it aims. */
  #setExtras(extras: readonly Extra[]): void {
    this.rows.extras = extras.filter((extra) => extra.kind !== "gap" || !this.#filled.has(extra.id));
  }

  #post(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  #take(frame: Frame): void {
    this.#asked = "";
    if (frame.log !== this.#log) {
      this.#log = frame.log;
      this.cache.clear();
      this.rows.extras = [];
      this.#filled.clear();
      this.dispatchEvent(new Event("newlog"));
    }
    this.rows.first = frame.first;
    this.rows.last = frame.last;
    if (frame.extras !== undefined) this.#setExtras(frame.extras);
    if (frame.lines !== undefined) this.cache.take(frame.lines);
    if (frame.state !== undefined) {
      this.state = frame.state;
      this.dispatchEvent(new Event("state"));
    }
    this.dispatchEvent(new Event("frame"));
  }
}
