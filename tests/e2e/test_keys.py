"""One table of keys, which the page obeys and lists; nothing is taken that is not ours."""

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Open, Run
from tests.e2e.view import View

pytestmark = pytest.mark.browser

TAKEN = """(keys) => keys.filter((init) => {
  const ways = { bubbles: true, cancelable: true, composed: true };
  const event = new KeyboardEvent("keydown", { ...init, ...ways });
  document.body.dispatchEvent(event);
  return event.defaultPrevented;
})"""

_LISTED = """(dialog) => [...dialog.querySelectorAll("dd")].map((dd) =>
  [...dd.querySelectorAll("kbd")].map((kbd) => kbd.textContent))"""


@pytest.fixture
def view(open_page: Open, run: Run) -> View:
    process, puppet = run("--pipe")
    puppet.say("".join(f"line {n}\n" for n in range(1, 301)))
    view = open_page(process.url)
    view.expect_line(300, "line 300")
    return view


def help_(view: View) -> Locator:
    return view.page.get_by_role("dialog", name="Keyboard")


def test_list_of_keys(view: View) -> None:
    view.log.focus()
    view.press("?")
    expect(help_(view)).to_be_visible()
    expect(help_(view)).to_contain_text("To the beginning")
    view.press("g")  # not while a dialog is open
    view.press("Escape")
    expect(help_(view)).to_be_hidden()
    expect(view.log).to_be_focused()
    view.expect_following()
    view.press("?")
    help_(view).get_by_role("button", name="Close").click()
    expect(help_(view)).to_be_hidden()


def test_keys_that_are_listed_do_something(view: View) -> None:
    """What the list names is taken by the page, so that no browser does anything else with it."""
    view.press("?")
    listed: list[list[str]] = help_(view).evaluate(_LISTED)
    view.press("Escape")
    expect(help_(view)).to_be_hidden()
    names = {"↑": "ArrowUp", "↓": "ArrowDown", "PgUp": "PageUp", "PgDn": "PageDown", "Space": " "}
    assert len(listed) >= 12
    for keys in listed:
        # Full screen is for hands only; Enter and Esc are for fields and what is open.
        if not {"F", "Ctrl", "Esc"} & {*keys}:
            init = [{"key": names.get(key, key)} for key in keys if key not in ("Shift", "Enter")]
            assert view.page.evaluate(TAKEN, init) == init
            view.press("Escape")


def test_other_keys_stay_the_browsers(view: View) -> None:
    others = [
        {"key": key, modifier: True}
        for key in "gGwtlfncFT+-? /"
        for modifier in ("ctrlKey", "metaKey", "altKey")
        if (key, modifier)
        not in {("f", "ctrlKey"), ("f", "metaKey"), ("F", "ctrlKey"), ("F", "metaKey")}
    ]
    others += [{"key": key} for key in ("Tab", "F5", "F11", "x", "Enter", "Backspace", "a")]
    assert view.page.evaluate(TAKEN, others) == []
    view.expect_following()


def test_letters_can_be_switched_off(view: View) -> None:
    view.press("?")
    switch = help_(view).get_by_role("checkbox")
    expect(switch).to_be_checked()
    switch.uncheck()
    view.press("Escape")
    expect(help_(view)).to_be_hidden()
    view.press("g")
    view.press("Space")
    view.expect_following()
    view.press("Home")  # no letter
    view.expect_following(False)
    view.expect_line(1, "line 1")


def test_text_size(view: View) -> None:
    size = "(e) => getComputedStyle(e).getPropertyValue('--font-size')"
    app = view.page.locator("webtee-app")
    assert app.evaluate(size) == "13px"
    view.press("+")
    view.press("=")
    assert app.evaluate(size) == "15px"
    view.press("-")
    assert app.evaluate(size) == "14px"
    for _ in range(30):
        view.press("-")
    assert app.evaluate(size) == "9px"


def test_space_on_a_button_presses_it(view: View) -> None:
    view.pause.focus()
    view.press("Space")
    view.expect_following(False)
    view.press("Enter")
    view.expect_following()


def test_times_one_after_the_other(view: View) -> None:
    toast = view.page.get_by_test_id("toast")
    for words in ("local time", "utc", "ago", "since start", "off"):
        view.press("Shift+T")
        expect(toast).to_have_text(f"Times: {words}")
