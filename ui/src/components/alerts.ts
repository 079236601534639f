// What someone who looks elsewhere is told: a line that was waited for, the end of a run, how far a program is. By the
// browser's notifications where they are allowed, and always by the tab's title, until the tab is looked at again.
import type { ExitStatus } from "../core/rows/rows.ts";
import { formatQuery, parseQuery, type Query } from "../core/view-state.ts";
import type { Client } from "./client.ts";
import { count, exitWords, titleOf } from "./format.ts";
import { showProgress, showTitle } from "./tab.ts";

/** What is waited for. */
export interface Wanted {
  readonly query: Query | undefined;
  /** The end of the run. */
  readonly end: boolean;
}

export interface Alert {
  readonly words: string;
  /** The line that it is about. */
  readonly line: number | undefined;
}

export class Alerts {
  readonly #client: Client;
  readonly #onAlert: (alert: Alert, seen: boolean) => void;
  readonly #onClick: (line: number) => void;
  readonly #onChange: () => void;
  /** Under which name this tab keeps what is waited for; undefined until it is known which stream it is. */
  #place: string | undefined;
  #wanted: Wanted = { query: undefined, end: false };
  #badge = 0;

  /**
   * @param onAlert Something that was waited for; `seen` when the page is being looked at, and so has to say it itself.
   * @param onClick A notification about this line was clicked.
   * @param onChange Something else is waited for.
   */
  constructor(
    client: Client,
    signal: AbortSignal,
    onAlert: (alert: Alert, seen: boolean) => void,
    onClick: (line: number) => void,
    onChange: () => void,
  ) {
    this.#client = client;
    this.#onAlert = onAlert;
    this.#onClick = onClick;
    this.#onChange = onChange;
    client.addEventListener("news", () => this.#take(), { signal });
    client.addEventListener("state", () => {
      this.#restore();
      this.#show();
    }, { signal });
    document.addEventListener("visibilitychange", () => this.#looked(), { signal });
    addEventListener("focus", () => this.#looked(), { signal });
  }

  get wanted(): Wanted {
    return this.#wanted;
  }

  get waiting(): boolean {
    return this.#wanted.query !== undefined || this.#wanted.end;
  }

  /** What is waited for, in words; empty when nothing is. */
  get words(): string {
    const { query, end } = this.#wanted;
    const lines = query === undefined ? [] : [`lines with ${query.regex ? `/${query.text}/` : `“${query.text}”`}`];
    return [...lines, ...(end ? ["the end of the run"] : [])].join(" and ");
  }

  /** Wait for this, and ask the browser to allow notifications: to be called for a click. */
  async want(wanted: Wanted): Promise<void> {
    this.#set(wanted);
    if (this.#place !== undefined) keep(this.#place, this.waiting ? formatWanted(wanted) : undefined);
    if (this.waiting && allowed() === "default") await Notification.requestPermission();
  }

  #set(wanted: Wanted): void {
    this.#wanted = wanted;
    this.#client.notify(wanted.query);
    this.#onChange();
  }

  /** Wait for what was waited for in this tab before it was loaded again. */
  #restore(): void {
    const name = this.#client.state.stream?.name;
    if (this.#place !== undefined || name === undefined) return;
    this.#place = `webtee notify ${name}`;
    const wanted = parseWanted(kept(this.#place));
    if (!this.waiting && wanted !== undefined) this.#set(wanted);
  }

  #take(): void {
    const { news } = this.#client;
    if (news === undefined) return;
    const { progress, noticed, ended } = news;
    showProgress(progress);
    if (noticed !== undefined && this.#wanted.query !== undefined) {
      const more = noticed.count > 1 ? ` (and ${count(noticed.count - 1)} more)` : "";
      this.#alert({ words: noticed.text + more, line: noticed.line }, noticed.count);
    }
    if (ended !== undefined && this.#wanted.end) this.#alert({ words: this.#endWords(ended), line: undefined }, 1);
    this.#show();
  }

  #endWords(status: ExitStatus): string {
    const { stream } = this.#client.state;
    const words = exitWords(status, stream);
    return stream?.command.length === 0 ? words : `The run ${words}`;
  }

  #alert(alert: Alert, times: number): void {
    const seen = !away();
    if (!seen) {
      this.#badge += times;
      this.#notify(alert);
    }
    this.#onAlert(alert, seen);
  }

  #notify({ words, line }: Alert): void {
    if (allowed() !== "granted") return;
    const title = titleOf(this.#client.state.stream);
    try {
      // One for each stream: what comes later takes its place.
      const shown = new Notification(title, { body: words, tag: `webtee ${location.href.replace(/#.*/s, "")}` });
      shown.onclick = () => {
        focus();
        if (line !== undefined) this.#onClick(line);
        shown.close();
      };
    } catch {
      // Android's Chrome wants a service worker for it; the title says it there.
    }
  }

  #looked(): void {
    if (away()) return;
    this.#badge = 0;
    this.#show();
  }

  #show(): void {
    showTitle(titleOf(this.#client.state.stream), this.#badge, this.#client.news?.progress);
  }
}

/** Whether the browser lets this page notify; only https and localhost may ask. */
export function allowed(): NotificationPermission {
  return "Notification" in window && isSecureContext ? Notification.permission : "denied";
}

/** As a tab keeps it: the query as it is in an address, after a mark for the end of the run. */
function formatWanted({ query, end }: Wanted): string {
  return (end ? "+" : "-") + (query === undefined ? "" : formatQuery(query));
}

function parseWanted(said: string | null): Wanted | undefined {
  if (said === null) return undefined;
  const wanted: Wanted = { query: parseQuery(said.slice(1)), end: said.startsWith("+") };
  return wanted.query !== undefined || wanted.end ? wanted : undefined;
}

/** A browser may refuse to keep anything. */
function kept(place: string): string | null {
  try {
    return sessionStorage.getItem(place);
  } catch {
    return null;
  }
}

function keep(place: string, said: string | undefined): void {
  try {
    if (said === undefined) sessionStorage.removeItem(place);
    else sessionStorage.setItem(place, said);
  } catch {
    return;
  }
}

function away(): boolean {
  return document.hidden || !document.hasFocus();
}
