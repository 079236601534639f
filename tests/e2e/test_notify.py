"""Whoever looks elsewhere is told by the title and icon of the tab, and by notifications."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Open, Run
from tests.e2e.view import View

pytestmark = pytest.mark.browser

AWAY = "document.hasFocus = () => false"
"""Somebody looks at another window: the browser of the tests thinks of each page as looked at."""

NOTIFICATIONS = """
  window.shown = [];
  window.Notification = class {
    static permission = "default";
    static async requestPermission() {
      return (Notification.permission = window.answer);
    }
    constructor(title, { body }) {
      window.shown.push([title, body]);
      window.last = this;
    }
    close() {}
  };
"""


def ask(view: View, text: str = "", *, end: bool = False, regex: bool = False) -> None:
    """Fill in the dialog as a person does."""
    view.page.get_by_role("button", name="Menu").click()
    view.page.get_by_role("button", name="Notify me").click()
    dialog = view.page.get_by_role("dialog", name="Notify me")
    dialog.get_by_label("When a line comes with").fill(text)
    dialog.get_by_label("When the run ends").set_checked(end)
    if regex:
        dialog.get_by_role("button", name="Regular expression").click()
    dialog.get_by_role("button", name="Notify me").click()


@pytest.mark.parametrize("answer", ["granted", "denied"])
def test_line_that_is_waited_for(open_page: Open, run: Run, answer: str) -> None:
    process, puppet = run("--pipe", "--title", "shop")
    puppet.say("an error before\n")
    view = open_page(process.url, wait=False)
    view.page.add_init_script(f"{NOTIFICATIONS}; window.answer = '{answer}'")
    view.page.reload()
    view.expect_line(1, "an error before")
    ask(view, "err(or|ing)", regex=True)
    expect(view.page.get_by_role("dialog", name="Notify me")).to_be_hidden()
    view.page.evaluate(AWAY)
    puppet.say("fine\nan \033[31mERROR\033[0m now")
    view.expect_line(3, "an ERROR now")
    expect(view.page).to_have_title("shop")  # the line may yet change
    puppet.say(" and\nfine\n")
    expect(view.page).to_have_title("(1) shop")
    puppet.say("erring\nerror\n")
    expect(view.page).to_have_title("(3) shop")
    shown: list[Any] = view.page.evaluate("shown")
    assert bool(shown) == (answer == "granted")
    if shown:
        assert shown[0] == ["shop", "an ERROR now and"]
        view.page.evaluate("last.onclick()")
        expect(view.page).to_have_url(re.compile(r"#L6\b"))
    view.page.evaluate("delete document.hasFocus; dispatchEvent(new Event('focus'))")
    expect(view.page).to_have_title("shop")
    puppet.say("one more error\n")
    expect(view.page.get_by_test_id("toast")).to_have_text("one more error")
    expect(view.page).to_have_title("shop")


def test_end_of_the_run(open_page: Open, run: Run) -> None:
    process, puppet = run("--title", "build")
    view = open_page(process.url)
    ask(view, end=True)
    view.page.evaluate(AWAY)
    puppet.say("error\n")
    puppet.exit(3)
    expect(view.page).to_have_title("(1) build")
    view.expect_state("ended")


def test_nothing_is_told_any_more(open_page: Open, run: Run) -> None:
    process, puppet = run("--title", "build")
    view = open_page(process.url)
    ask(view, "error")
    view.page.get_by_role("button", name="Menu").click()
    view.page.get_by_role("button", name="Notify me").click()
    dialog = view.page.get_by_role("dialog", name="Notify me")
    expect(dialog.get_by_label("When a line comes with")).to_have_value("error")
    dialog.get_by_role("button", name="Stop").click()
    view.page.evaluate(AWAY)
    puppet.say("error\n\033]9;4;1;5\a")
    expect(view.page).to_have_title("5 % build")


def test_what_is_wished_for_is_seen_survives_a_reload_and_ends_with_a_click(
    open_page: Open, run: Run
) -> None:
    process, puppet = run("--pipe", "--title", "shop")
    view = open_page(process.url)
    bell = view.page.get_by_role("button", name="Notifying of")
    expect(bell).to_have_count(0)
    ask(view, "error|fail", end=True, regex=True)
    words = "Notifying of lines with /error|fail/ and the end of the run: stop"
    expect(bell).to_have_attribute("aria-label", words)
    view.page.reload()
    expect(bell).to_have_attribute("aria-label", words)
    view.page.evaluate(AWAY)
    puppet.say("it will fail\n")
    expect(view.page).to_have_title("(1) shop")
    bell.click()
    expect(bell).to_have_count(0)
    puppet.say("another failure\nlast\n")
    view.expect_line(3, "last")
    expect(view.page).to_have_title("(1) shop")
    view.page.reload()
    view.expect_line(3, "last")
    expect(bell).to_have_count(0)
    # Another tab wishes for nothing by itself.
    expect(open_page(process.url).page.get_by_role("button", name="Notifying of")).to_have_count(0)


def test_pattern_that_makes_no_sense(open_page: Open, run: Run) -> None:
    process, _ = run()
    view = open_page(process.url)
    ask(view, "a(b", regex=True)
    dialog = view.page.get_by_role("dialog", name="Notify me")
    field = dialog.get_by_label("When a line comes with")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("missing closing"))
    view.press("Escape")
    expect(dialog).to_be_hidden()


def test_progress_is_in_title_and_icon(open_page: Open, run: Run) -> None:
    process, puppet = run("--title", "build")
    view = open_page(process.url)
    icon = view.page.locator('link[rel="icon"]')
    own = icon.get_attribute("href")
    puppet.say("\033]9;4;1;42\033\\compiling\n")
    expect(view.page).to_have_title("42 % build")
    expect(icon).to_have_attribute("href", re.compile("^data:image/svg"))
    running = icon.get_attribute("href")
    puppet.say("\033]9;4;2;42\a")
    expect(icon).not_to_have_attribute("href", str(running))
    expect(icon).to_have_attribute("href", re.compile("e5534b"))
    loaded = view.page.evaluate(
        """async (src) => {
          const image = new Image();
          image.src = src;
          await image.decode();
          return image.naturalWidth > 0;
        }""",
        icon.get_attribute("href"),
    )
    assert loaded  # by a browser that minds the page's Content-Security-Policy
    puppet.exit()
    expect(view.page).to_have_title("build")
    assert own
    expect(icon).to_have_attribute("href", re.compile(re.escape(own.removeprefix("./"))))
