// What a click in the log means: on a line's number, on a button in its row, or on something that the line says.
import type { Client } from "../client.ts";
import type { Look } from "./look.ts";
import type { Pointing } from "./pointing.ts";
import type { Strip } from "./strip.ts";
import type { Wants } from "./wants.ts";

/** The view that is clicked in. */
interface Clicked {
  readonly client: Client;
  readonly following: boolean;
  /** The lines in sight, [from, to). */
  readonly seen: readonly [from: number, to: number];
  notice: string;
  selection(): Selection | null;
  showAround(line: number): void;
  restore(): void;
  pause(): void;
  follow(): void;
  goTo(line: number, share: number): void;
  redraw(): void;
}

interface Parts {
  readonly strip: Strip;
  readonly look: Look;
  readonly pointing: Pointing;
  readonly wants: Wants;
}

/** Do what clicks on these rows mean. */
export function heedClicks(log: Clicked, rows: HTMLElement, { strip, look, pointing, wants }: Parts, signal: AbortSignal): void {
  const onNumber = (event: MouseEvent, line: number): void => {
    // The browser's own ways with a link stay: a new tab, its address to copy.
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    log.notice = "";
    if (event.detail === 2 && log.client.rows.filter !== undefined) {
      log.showAround(line);
      return;
    }
    pointing.click(line, event.shiftKey);
    log.pause();
  };
  /** Another part of a long line: it begins, or ends, where the eye is. */
  const onPart = (button: Element, line: number): void => {
    const { client } = log;
    log.pause();
    if (button.classList.contains("end")) {
      wants.end(line);
      const arrived = (): void => {
        const gone = log.following || line < log.seen[0] || line >= log.seen[1];
        if (!gone && client.cache.get(line)?.more !== 0) return;
        client.removeEventListener("frame", arrived);
        if (gone) return;
        if (line < client.rows.last) log.goTo(line + 1, 1 / 2);
        else log.follow();
      };
      client.addEventListener("frame", arrived, { signal });
      return;
    }
    const before = client.cache.get(line)?.before;
    if (button.classList.contains("earlier")) wants.earlier(line);
    else wants.more(line);
    if (before !== 0 || button.classList.contains("next")) log.goTo(line, 0);
  };
  const clicked = (event: MouseEvent): void => {
    const target = event.target as Element;
    const button = target.closest("button, .number");
    const row = target.closest(".line, .gap, .cleared");
    const place = row === null ? undefined : strip.placeOf(row);
    // Whoever selects text that can be clicked does not click it.
    if (place?.sub === 0 && log.selection()?.type !== "Range" && look.clicked(target, place.line)) {
      if (button !== null) log.pause();
      return;
    }
    if (button === null || place === undefined) return;
    if (button.classList.contains("number")) onNumber(event, place.line);
    else if (button.classList.contains("around")) log.showAround(place.line);
    else if (button.classList.contains("more")) onPart(button, place.line);
    else if (button.classList.contains("load")) {
      const extra = log.client.rows.extra(place);
      if (extra?.kind === "gap") log.client.fillGap(extra.id);
      if (extra?.kind === "cleared") log.restore();
      log.pause();
    }
    log.redraw();
  };
  rows.addEventListener("click", clicked, { signal });
}
