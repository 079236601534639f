// Which gaps fill by themselves: those that someone has scrolled to, and those with lines that a filter lets through.
import type { Place } from "../../core/rows/rows.ts";
import type { Client } from "../client.ts";

/** Fill what is lacking for these rows, of which those between lines that are in sight are named again. */
export function fillGaps(client: Client, places: readonly Place[], extrasInSight: readonly Place[]): void {
  const { cache, rows } = client;
  for (const place of extrasInSight) {
    const extra = rows.extra(place);
    if (extra?.kind === "gap" && extra.reason === "slow") client.fillGap(extra.id);
  }
  if (rows.filter === undefined) return;
  for (const { line, sub } of places) {
    if (sub > 0 || cache.get(line) !== undefined) continue;
    const gap = rows.gapOf(line);
    if (gap?.reason === "slow") client.fillGap(gap.id);
  }
}
