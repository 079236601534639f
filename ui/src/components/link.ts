// The page's end of the line to the worker. A worker of another origin cannot be started directly, as an embedding page
// would have to: there it is a module of that page's own, a blob, which imports the real one. Where the page's
// Content-Security-Policy forbids that too, or no worker starts for another reason, the same code runs on this thread.
import type { ToPage, ToWorker } from "../worker/messages.ts";
import workerUrl from "../worker/main.ts?worker&url";

const OPTIONS: WorkerOptions = { type: "module", name: "webtee" };

/**
 * The worker of a page elsewhere. It imports as scripts do: what a static import may load, a page's policy says under
 * `worker-src`, where nobody would look for us. So it keeps what comes before that, and passes on why it failed.
 */
function foreignWorker(url: string): string {
  return `const early = [];
onmessage = (event) => early.push(event);
import(${JSON.stringify(url)}).then(
  () => early.forEach((event) => onmessage(event)),
  (error) => setTimeout(() => { throw error; }),
);`;
}

export class Link {
  readonly #onMessage: (message: ToPage) => void;
  /** What to send to: a worker, or this end of a channel. */
  #to: Worker | MessagePort | undefined;
  #blob = "";
  /** What has been said, until there is an answer: whoever takes over from a worker that does not start hears it all. */
  #unanswered: ToWorker[] | undefined = [];

  constructor(onMessage: (message: ToPage) => void) {
    this.#onMessage = onMessage;
    try {
      this.#to = this.#start(new URL(workerUrl, import.meta.url));
    } catch {
      this.#serveHere();
    }
  }

  post(message: ToWorker): void {
    this.#unanswered?.push(message);
    this.#to?.postMessage(message);
  }

  /** End the other side. */
  close(): void {
    this.post({ type: "close" });
    this.#settle();
    this.#to = undefined;
  }

  #start(url: URL): Worker {
    const ours = url.origin === location.origin;
    if (!ours) {
      this.#blob = URL.createObjectURL(new Blob([foreignWorker(url.href)], { type: "text/javascript" }));
    }
    const worker = new Worker(ours ? url : this.#blob, OPTIONS);
    worker.onmessage = (event: MessageEvent<ToPage>) => this.#take(event.data);
    // Refused workers say so later.
    worker.onerror = (event) => {
      if (this.#unanswered === undefined) return;
      event.preventDefault();
      worker.terminate();
      this.#serveHere();
    };
    return worker;
  }

  #serveHere(): void {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event: MessageEvent<ToPage>) => this.#take(event.data);
    this.#to = port1;
    for (const message of this.#unanswered ?? []) port1.postMessage(message);
    this.#settle();
    import(/* @vite-ignore */ new URL(workerUrl, import.meta.url).href)
      .then(({ serve }: typeof import("../worker/serve.ts")) => serve(port2))
      .catch((error: unknown) => console.error("webtee:", error));
  }

  #take(message: ToPage): void {
    this.#settle();
    this.#onMessage(message);
  }

  #settle(): void {
    this.#unanswered = undefined;
    URL.revokeObjectURL(this.#blob);
  }
}
