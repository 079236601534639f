"""Every case of the corpus, in both views: what can be shown is shown, and what comes after it.

No script runs, no request goes elsewhere, nothing fails (the tests' ears hear all of that), nothing
of the output becomes an element, and what is a link leads to where links may lead.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import Open, Run
from tests.e2e.corpus import CASES
from tests.e2e.view import View

pytestmark = pytest.mark.browser

# Ends whatever a case has left open, in both views.
_RESET = b"\x18\x1b\\\x1b[?1049l\x1bc\x1b[0m"
_LONGEST = 20_000
"""Milliseconds after which a view stands still."""

# What is shown, through shadow roots, once it holds these words.
_LOG_SHOWS = """(words) => [...document.querySelector("webtee-app").shadowRoot
    .querySelector("webtee-view").shadowRoot
    .querySelector("webtee-log").shadowRoot.querySelectorAll(".line .text")]
    .some((text) => text.textContent.includes(words))"""
# The page goes to the log by itself when a program has stopped to draw.
_TERMINAL_SHOWS = """(words) => {
  const view = document.querySelector("webtee-app").shadowRoot.querySelector("webtee-view");
  const terminal = view.shadowRoot.querySelector("webtee-terminal");
  if (terminal === null) location.hash = "#view=terminal";
  return terminal?.screenText().includes(words);
}"""

_ELEMENTS = """() => {
  const rows = document.querySelector("webtee-app").shadowRoot
    .querySelector("webtee-view").shadowRoot
    .querySelector("webtee-log").shadowRoot.querySelector(".strip");
  // What the browser would do with it, whatever it looks like.
  const leads = (element) => {
    if (!element.hasAttribute("href")) return element.tagName !== "A";
    const to = new URL(element.getAttribute("href"), document.baseURI);
    if (!element.classList.contains("number")) return /^(?:https?|mailto):$/.test(to.protocol);
    const { origin, pathname, search } = location;
    return to.origin === origin && to.pathname === pathname && to.search === search
      && to.hash === `#L${element.dataset.number}`;
  };
  const wrong = [];
  for (const element of rows.querySelectorAll("*")) {
    const harmless = ["DIV", "SPAN", "A", "BUTTON", "TIME"].includes(element.tagName);
    const handler = element.getAttributeNames().some((name) => name.startsWith("on"));
    if (!harmless || handler || !leads(element)) wrong.push(element.outerHTML.slice(0, 200));
  }
  if ({}.polluted !== undefined) wrong.push("a prototype is polluted");
  return wrong;
}"""


def shows(page: Page, how: str, words: str) -> None:
    """Wait until a view shows these words."""
    page.wait_for_function(how, arg=words, timeout=_LONGEST)


def through(
    view: View, say: Callable[[bytes], None], how: str, look: Callable[[str], None]
) -> None:
    """Say each case and wait until what comes after it is shown."""
    for number, (name, case) in enumerate(CASES.items()):
        words = f"after case {number}"
        say(b"before\n" + case + _RESET + b"\n" + words.encode() + b"\n")
        try:
            shows(view.page, how, words)
            look(name)
        except Exception as error:
            error.add_note(f"case {number}: {name}")
            raise


def test_log_view(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet")
    view = open_page(f"{process.url}#view=log")
    title = view.page.title()

    def look(name: str) -> None:
        view.press("PageUp")
        view.rows()
        assert not view.page.evaluate(_ELEMENTS), name
        view.press("End")
        view.expect_following()
        assert view.page.title() == title

    through(view, puppet.say, _LOG_SHOWS, look)
    again = open_page(process.url)
    shows(again.page, _LOG_SHOWS, f"after case {len(CASES) - 1}")


def test_terminal_view(open_page: Open, run: Run) -> None:
    process, puppet = run("--quiet")
    view = open_page(f"{process.url}#view=terminal")
    through(view, puppet.say, _TERMINAL_SHOWS, lambda _: None)
