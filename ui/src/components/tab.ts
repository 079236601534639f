// What the browser's own frame shows of the page: the tab's title and icon, and the colour of the bars around it.
import type { Settings } from "../core/settings.ts";
import type { TaskProgress } from "../core/terminal/task-progress.ts";
import { COLOURS } from "./theme.ts";

/** The tab's icons cannot know the theme of the bar that they are in: these are seen on light and on dark. */
const RING = { running: "#3fb37f", busy: "#3fb37f", paused: "#d29922", failed: "#e5534b" } as const;
const AROUND = 2 * Math.PI * 12;

/**
 * Show what the stream is called in the tab.
 *
 * @param badge How much has happened that was waited for and not been looked at.
 */
export function showTitle(title: string, badge: number, progress: TaskProgress | undefined): void {
  const share = progress?.percent === undefined ? "" : `${progress.percent} % `;
  const shown = `${badge > 0 ? `(${badge}) ` : ""}${share}${title}`;
  if (document.title !== shown) document.title = shown;
}

/** Let the tab's icon be a ring that fills while a program says how far it is; otherwise the page's own. */
export function showProgress(progress: TaskProgress | undefined): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (link === null) return;
  link.dataset["own"] ??= link.href;
  const href = progress === undefined ? link.dataset["own"] : ring(progress);
  if (link.href !== href) link.href = href;
}

function ring({ state, percent }: TaskProgress): string {
  const colour = RING[state];
  // Where the share is not known, a quarter of the ring stands for "at work"; a failure fills it.
  const filled = ((percent ?? (state === "failed" ? 100 : 25)) / 100) * AROUND;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke-width="6">
<circle cx="16" cy="16" r="12" stroke="${colour}" stroke-opacity="0.3"/>
<circle cx="16" cy="16" r="12" stroke="${colour}" stroke-dasharray="${filled.toFixed(1)} 100" transform="rotate(-90 16 16)"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** Let the document around the view, and the browser's bars, go with its theme. */
export function showTheme({ theme }: Settings): void {
  document.documentElement.style.colorScheme = theme === "auto" ? "light dark" : theme;
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const dark = theme === "auto" ? meta.media.includes("dark") : theme === "dark";
    meta.content = COLOURS.bar[dark ? 1 : 0];
  }
}
