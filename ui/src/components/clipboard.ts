// Text into the clipboard. Browsers offer that on https and localhost only; elsewhere the text of a field is selected and
// copied as if by hand.

/**
 * Copy text.
 *
 * @param field Where the text stands already, if anywhere; otherwise a field is made for it within `parent`.
 * @returns Whether it is in the clipboard now.
 */
export async function copyText(text: string, field?: HTMLInputElement | null, parent: Node = document.body): Promise<boolean> {
  // Not there at all outside https and localhost, whatever the types say.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  try {
    if (clipboard !== undefined) {
      await clipboard.writeText(text);
      return true;
    }
  } catch {
    // Refused; by hand, then.
  }
  if (field !== undefined && field !== null) {
    field.select();
    return byHand();
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.setAttribute("aria-hidden", "true");
  area.style.cssText = "position:fixed;opacity:0";
  parent.appendChild(area);
  area.select();
  const done = byHand();
  area.remove();
  return done;
}

/** Copy what is selected on the page, or whatever handles the event "copy" makes of it. */
export function byHand(): boolean {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else is there on plain http
  return document.execCommand("copy");
}
