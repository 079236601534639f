// The words of the timeline: the hours below its columns, and what the cursor points at.
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { clockWords, ticks, tickWords } from "../../core/time/ticks.ts";
import { endOf, sum, type Timeline } from "../../core/time/timeline.ts";
import { count } from "../format.ts";
import { dayWords, spanWords } from "./when.ts";

/** Pixels that a tick needs, and half of the words of one. */
const TICK_EVERY = 90;
const HALF_TICK = 20;

/** The hours below a timeline that is so many pixels wide. */
export function axis(timeline: Timeline, width: number): TemplateResult[] {
  const [from, to] = [timeline.from / 1000, endOf(timeline) / 1000];
  const span = Math.max(1, to - from);
  const { step, at } = ticks(from, to, Math.max(2, Math.floor(width / TICK_EVERY)));
  // There may be no round time in a short log.
  const times = at.length > 0 ? at : [from + span / 2];
  return times.map((time) => {
    const share = Math.max(0, Math.min(1, (time - from) / span));
    const place = share * width < HALF_TICK ? "first" : (1 - share) * width < HALF_TICK ? "last" : "";
    const words = at.length > 0 ? tickWords(time, step, dayWords) : clockWords(time, timeline.width / 1000);
    return html`<span class="tick ${place}" style=${styleMap({ left: `${100 * share}%` })}>${words}</span>`;
  });
}

/** What the buckets from `first` to `last` hold, beside the cursor; `play` when one may play from there. */
export function tip(
  timeline: Timeline,
  cursor: number,
  [first, last]: readonly [number, number],
  play: (() => unknown) | undefined,
): TemplateResult {
  const { lines, warnings, errors } = sum(timeline, first, last);
  const share = (100 * (cursor + 0.5)) / timeline.lines.length;
  return html`<div class="tip" data-testid="timeline-tip" style=${styleMap({ "--left": `${share}%`, "--share": String(share) })}>
    <div>${spanWords(timeline, first, last)}</div>
    <div class="counts">
      <span class=${lines === 0 ? "none" : ""}><b>${count(lines)}</b> ${lines === 1 ? "line" : "lines"}</span>
      ${warnings === 0 ? nothing : html`<span class="warnings"><b>${count(warnings)}</b> ${warnings === 1 ? "warning" : "warnings"}</span>`}
      ${errors === 0 ? nothing : html`<span class="errors"><b>${count(errors)}</b> ${errors === 1 ? "error" : "errors"}</span>`}
    </div>
    ${play === undefined ? nothing : html`<button type="button" @click=${play}>▶ Play from here</button>`}
  </div>`;
}
