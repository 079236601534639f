// Text into the clipboard. Browsers offer that on https and localhost only; elsewhere the text of a field is selected and
// copied as if by hand. Text that has yet to come is promised to the browser, which may ask only while a hand is at work.

/**
 * Copy text.
 *
 * @param field Where the text stands already, if anywhere; otherwise a field is made for it within `parent`.
 * @returns Whether it is in the clipboard now; rejected when the text is.
 */
export async function copyText(text: string | Promise<string>, field?: HTMLInputElement | null, parent: Node = document.body): Promise<boolean> {
  // Not there at all outside https and localhost, whatever the types say.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  try {
    if (clipboard !== undefined) {
      if (typeof text === "string") await clipboard.writeText(text);
      else await clipboard.write([new ClipboardItem({ "text/plain": text.then((words) => new Blob([words], { type: "text/plain" })) })]);
      return true;
    }
  } catch {
    // Refused, or the text did not come; by hand, then.
  }
  const come = await text;
  if (field !== undefined && field !== null) {
    field.select();
    return byHand();
  }
  const area = document.createElement("textarea");
  area.value = come;
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
