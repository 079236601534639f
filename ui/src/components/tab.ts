// What the browser's own frame shows of the page: the tab's title and icon, and the colour of the bars around it.
import type { Settings } from "../core/settings.ts";
import { COLOURS } from "./theme.ts";

export function showTitle(title: string): void {
  if (document.title !== title) document.title = title;
}

/** Let the document around the view, and the browser's bars, go with its theme. */
export function showTheme({ theme }: Settings): void {
  document.documentElement.style.colorScheme = theme === "auto" ? "light dark" : theme;
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const dark = theme === "auto" ? meta.media.includes("dark") : theme === "dark";
    meta.content = COLOURS.bar[dark ? 1 : 0];
  }
}
