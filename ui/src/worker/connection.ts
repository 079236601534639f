// The WebSocket of a stream and its reconnecting: a thin shell around core/session.ts, which decides.
import { decodeMessage, RecordError, type Record } from "../core/log/record.ts";
import { ProtocolError, type Action, type Session } from "../core/log/session.ts";
import type { Gap } from "../core/log/store.ts";

const SUBPROTOCOL = "webtee.v1";
/** An application's own close code (4000 to 4999): the server said what we cannot understand. */
const NOT_UNDERSTOOD = 4000;
/** Milliseconds in which a server says hello, or there is none: what hangs somewhere would hang for ever. */
const GREETS_WITHIN = 20_000;
/** What a browser says of a connection that was cut (RFC 6455, 7.4.1). */
const CUT = 1006;

export interface Listener {
  onAction(action: Action): void;
  onRecord(record: Record): void;
  onGap(gap: Gap): void;
  /** The phase, or what is known of the stream, may have changed. */
  onState(): void;
}

export class Connection {
  readonly #url: string;
  readonly #others: () => Promise<readonly string[] | undefined>;
  readonly #session: Session;
  readonly #listener: Listener;
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #pulse: ReturnType<typeof setTimeout> | undefined;
  #opened = 0;

  /**
   * @param url The absolute ws: or wss: URL of the stream's live endpoint, without query.
   * @param others Finds out which streams the server has, where it has not this one: a browser does not say why a WebSocket failed.
   */
  constructor(url: string, others: () => Promise<readonly string[] | undefined>, session: Session, listener: Listener) {
    this.#url = url;
    this.#others = others;
    this.#session = session;
    this.#listener = listener;
  }

  open(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const socket = new WebSocket(`${this.#url}?${this.#session.query()}`, [SUBPROTOCOL]);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#opened = performance.now();
    socket.onopen = () => {
      this.#opened = performance.now();
      this.#session.opened();
    };
    socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => this.#take(socket, event.data);
    socket.onclose = (event) => this.#closed(socket, event.code);
    this.#patience = setTimeout(() => this.#giveUp(socket), GREETS_WITHIN);
  }

  /** Say what there is instead, if there is no such stream, and put off the next attempt. */
  async #ask(timer: ReturnType<typeof setTimeout>): Promise<void> {
    const others = await this.#others();
    if (this.#timer !== timer) return;
    const delay = this.#session.missing(others);
    if (delay !== undefined) {
      clearTimeout(timer);
      this.#timer = setTimeout(() => this.open(), delay);
    }
    this.#listener.onState();
  }

  /** The network or the tab came back: connect at once rather than when the delay has passed, or see who is still there. */
  wake(): void {
    this.#session.wake();
    if (this.#timer !== undefined) this.open();
    else this.#look();
  }

  /** Whether the server still says something; and again when it is time. A timer that is late only finds out late. */
  #look(): void {
    clearTimeout(this.#pulse);
    const socket = this.#socket;
    const left = socket === undefined ? undefined : this.#session.look(Date.now());
    if (socket === undefined || left === undefined) return;
    if (left > 0) this.#pulse = setTimeout(() => this.#look(), left);
    else this.#giveUp(socket);
  }

  /** Wait no longer for its end, which takes long where nobody answers. */
  #giveUp(socket: WebSocket): void {
    socket.close();
    this.#closed(socket, CUT);
  }

  /** End it for good. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    clearTimeout(this.#patience);
    clearTimeout(this.#pulse);
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    socket.onclose = null;
    socket.close();
  }

  #closed(socket: WebSocket, code: number): void {
    if (socket !== this.#socket) return;
    clearTimeout(this.#patience);
    clearTimeout(this.#pulse);
    this.#socket = undefined;
    const { greeted } = this.#session;
    const delay = this.#session.closed(code, performance.now() - this.#opened);
    const timer = (this.#timer = setTimeout(() => this.open(), delay));
    this.#listener.onState();
    if (!greeted) void this.#ask(timer);
  }

  #take(socket: WebSocket, data: string | ArrayBuffer): void {
    if (socket !== this.#socket) return;
    clearTimeout(this.#patience);
    this.#session.heard(Date.now());
    try {
      if (typeof data === "string") {
        const action = this.#session.message(data);
        if (action.kind === "reset" || action.kind === "resume") this.#look();
        this.#listener.onAction(action);
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
