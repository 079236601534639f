// The far side of a view: the place where bytes come in. It owns the connection, the segments that are loaded and the
// index of their lines; the view asks for the lines that it draws (messages.ts). Nothing here knows how a line looks, nor
// whether it runs in a worker (main.ts) or, where a page forbids workers, beside the view.
import { Session } from "../core/log/session.ts";
import { Store } from "../core/log/store.ts";
import { Connection } from "./connection.ts";
import { Feed } from "./feed.ts";
import { Fetcher } from "./fetcher.ts";
import type { Port, ToPage, ToWorker } from "./messages.ts";
import { otherStreams } from "./others.ts";
import { Notice } from "./notice.ts";
import { Searches } from "./searches.ts";
import { TerminalFeed } from "./terminal.ts";

interface Stream {
  readonly connection: Connection;
  readonly feed: Feed;
  readonly notice: Notice;
  readonly searches: Searches;
  readonly terminal: TerminalFeed;
}

type Send = (message: ToPage, transfer: Transferable[]) => void;

function open({ base, name, line }: ToWorker & { readonly type: "open" }, send: Send): Stream {
  const url = new URL(`s/${encodeURIComponent(name)}/`, base);
  const live = new URL("live", url);
  live.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const session = new Session(Math.random);
  const fetcher = new Fetcher(url.href, () => {
    feed.changed();
    terminal.changed();
  });
  const search = new URL("search", url).href;
  const searches = new Searches(search, session, () => feed.store, () => feed.changed());
  const feed: Feed = new Feed(session, fetcher, searches, send, (playhead, jumps) => terminal.play(playhead, jumps));
  const notice = new Notice((news) => send(news, []));
  const drawing = (on: boolean): void => {
    session.screen(on);
    feed.stateChanged();
  };
  const terminal: TerminalFeed = new TerminalFeed(url.href, send, drawing, (seq) => feed.holding(seq));
  const connection = new Connection(live.href, () => otherStreams(base, name), session, {
    onAction(action) {
      if (action.kind === "reset") {
        const { first, head } = action.hello;
        const words = action.restarted ? "webtee was restarted: a new log begins here" : undefined;
        feed.reset(new Store(first, head, words));
        notice.reset();
        terminal.restart();
      } else if (action.kind === "resume") {
        feed.store.update(action.hello.first, action.hello.head);
        searches.wake();
        feed.changed();
      } else if (action.kind === "gap") {
        feed.store.gap(action.gap);
        feed.changed();
        notice.skip();
        if (session.stream?.pty === true) terminal.skip();
      }
    },
    onRecord(record) {
      feed.store.append(record);
      // Most records are output and change neither the phase nor the run.
      if (record.kind === 2) feed.stateChanged();
      feed.changed(record.payload.length);
      notice.record(record);
      terminal.record(record);
    },
    onGap(gap) {
      feed.store.gap(gap);
      notice.skip();
      if (session.stream?.pty === true) terminal.skip();
    },
    onState() {
      feed.stateChanged();
    },
  });
  connection.open();
  if (line !== undefined) feed.wish(line);
  return { connection, feed, notice, searches, terminal };
}

/** Answer what comes through a port, until it says "close". */
export function serve(port: Port): void {
  let stream: Stream | undefined;
  port.onmessage = ({ data: message }) => {
    switch (message.type) {
      case "open":
        stream ??= open(message, (answer, transfer) => port.postMessage(answer, transfer));
        port.postMessage({ type: "opened" }, []);
        break;
      case "view":
        stream?.feed.view(message);
        break;
      case "search":
        stream?.searches.set(message);
        break;
      case "gap":
        stream?.feed.store.openGap(message.id);
        stream?.feed.changed();
        break;
      case "replay":
        stream?.feed.replay(message.order);
        break;
      case "wake":
        stream?.connection.wake();
        break;
      case "notify":
        void stream?.notice.watch(message.query);
        break;
      case "heard":
        stream?.notice.heard();
        break;
      case "terminal":
        stream?.terminal.follow(message.on);
        break;
      case "written":
        stream?.terminal.written(message.run, message.bytes);
        break;
      case "close":
        stream?.connection.close();
        stream?.feed.close();
        stream?.terminal.follow(false);
        port.close();
        break;
    }
  };
}
