// The WebSocket of a stream and its reconnecting: a thin shell around core/session.ts, which decides.
import { decodeMessage, RecordError, type Record } from "../core/log/record.ts";
import { ProtocolError, type Action, type Session } from "../core/log/session.ts";
import type { Gap } from "../core/log/store.ts";

const SUBPROTOCOL = "webtee.v1";
/** An application's own close code (4000 to 4999): the server said what we cannot understand. */
const NOT_UNDERSTOOD = 4000;

export interface Listener {
  onAction(action: Action): void;
  onRecord(record: Record): void;
  onGap(gap: Gap): void;
  /** The phase, or what is known of the stream, may have changed. */
  onState(): void;
}

export class Connection {
  readonly #url: string;
  readonly #session: Session;
  readonly #listener: Listener;
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `url` is the absolute ws: or wss: URL of the stream's live endpoint, without query. */
  constructor(url: string, session: Session, listener: Listener) {
    this.#url = url;
    this.#session = session;
    this.#listener = listener;
  }

  open(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const socket = new WebSocket(`${this.#url}?${this.#session.query()}`, [SUBPROTOCOL]);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    let opened = performance.now();
    socket.onopen = () => {
      opened = performance.now();
      this.#session.opened();
    };
    socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => this.#take(socket, event.data);
    socket.onclose = (event) => {
      this.#socket = undefined;
      const delay = this.#session.closed(event.code, performance.now() - opened);
      this.#timer = setTimeout(() => this.open(), delay);
      this.#listener.onState();
    };
  }

  /** The network or the tab came back: connect at once rather than when the delay has passed. */
  wake(): void {
    this.#session.wake();
    if (this.#timer !== undefined) this.open();
  }

  /** End it for good. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    socket.onclose = null;
    socket.close();
  }

  #take(socket: WebSocket, data: string | ArrayBuffer): void {
    if (socket !== this.#socket) return;
    try {
      if (typeof data === "string") {
        this.#listener.onAction(this.#session.message(data));
        this.#listener.onState();
        return;
      }
      const record = decodeMessage(new Uint8Array(data));
      const accepted = this.#session.record(record);
      if (accepted === false) return;
      if (accepted !== true) this.#listener.onGap(accepted);
      this.#listener.onRecord(record);
    } catch (error) {
      if (!(error instanceof ProtocolError || error instanceof RecordError)) throw error;
      socket.close(NOT_UNDERSTOOD, error.message.slice(0, 100));
    }
  }
}
