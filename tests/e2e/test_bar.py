"""The bar above the log: how things stand, and what is one press away at any width."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import LOST, Complaints, Open, Run
from tests.e2e.view import View

pytestmark = pytest.mark.browser

FREQUENT = ("Pause", "Share", "Menu")


def overflow(view: View) -> int:
    """By how many pixels the page is wider than its window."""
    wide: int = view.page.locator("html").evaluate("(e) => e.scrollWidth - innerWidth")
    return max(0, wide)


def test_figures(open_page: Open, run: Run) -> None:
    process, puppet = run("--title", "a title")
    puppet.say("before\n" * 50)
    view = open_page(process.url)
    expect(view.page.get_by_role("heading", level=1)).to_have_text("a title")
    view.expect_lines(50)
    expect(view.viewers).to_have_text(re.compile(r"^\s*1\s*viewer\s*$"))
    rate = view.page.get_by_test_id("rate")
    expect(rate).to_be_hidden()  # what was there before did not come now
    for n in range(20):
        puppet.say(f"{n}\n" * 10)
    expect(rate).to_have_text(re.compile(r"^\d+/s$"))
    view.expect_lines(250)
    expect(rate).to_be_hidden()
    other = open_page(process.url)
    expect(view.viewers).to_have_text(re.compile(r"^\s*2\s*viewers\s*$"))
    other.page.close()
    expect(view.viewers).to_have_text(re.compile(r"^\s*1\s*viewer\s*$"))


def test_ended_run_has_neither_rate_nor_end(
    open_page: Open, run: Run, complaints: Complaints
) -> None:
    complaints.allow(LOST)
    process, puppet = run()
    puppet.say("begun\n")
    view = open_page(process.url)
    view.expect_line(1, "begun")  # what was there before did not come now
    rate = view.page.get_by_test_id("rate")
    for n in range(20):
        puppet.say(f"{n}\n" * 10)
    expect(rate).to_be_visible()
    puppet.exit(0)
    expect(view.state).to_contain_text("ended")
    # At once, and not as the mean of the last seconds falls.
    expect(rate).to_be_hidden(timeout=100)
    view.page.get_by_role("button", name="Menu").click()
    view.page.get_by_role("button", name="Notify me").click()
    dialog = view.page.get_by_role("dialog", name="Notify me")
    end = dialog.get_by_label("When the run ends: it has ended already")
    expect(end).to_be_disabled()
    expect(end).not_to_be_checked()


def test_state_of_the_run(open_page: Open, run: Run, complaints: Complaints) -> None:
    complaints.allow(LOST)
    process, puppet = run()
    view = open_page(process.url)
    expect(view.page.get_by_role("status").and_(view.state)).to_have_text("live")
    puppet.exit(3)
    expect(view.state).to_have_text(re.compile(r"^ended · exit 3 · \d.*s$"))


@pytest.mark.parametrize("width", [320, 360, 500, 700, 900, 1280, 1920])
def test_any_width(open_page: Open, run: Run, width: int) -> None:
    process, puppet = run("--title", "a rather long title, " * 8)
    puppet.say("text\n" * 1234)
    view = open_page(process.url, viewport={"width": width, "height": 740})
    view.expect_lines(1234)
    assert overflow(view) == 0
    for name in FREQUENT:
        button = view.page.get_by_role("button", name=name, exact=True)
        if name == "Share" and width < 900:
            expect(button).to_be_hidden()
        else:
            expect(button).to_be_in_viewport(ratio=1)
    for figure in (view.state, view.viewers, view.count):
        expect(figure).to_be_in_viewport(ratio=1)
    boxes = [
        figure.bounding_box()
        for figure in (view.page.get_by_role("heading"), view.state, view.count, view.pause)
    ]
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            assert a
            assert b
            beside = a["x"] >= b["x"] + b["width"] or b["x"] >= a["x"] + a["width"]
            below = a["y"] >= b["y"] + b["height"] or b["y"] >= a["y"] + a["height"]
            assert beside or below, (a, b)
    view.page.get_by_role("button", name="Menu").click()
    menu = view.page.get_by_role("dialog", name="Menu")
    expect(menu).to_be_in_viewport(ratio=1)
    expect(menu.get_by_role("button", name="Share")).to_be_visible(visible=width < 900)


def test_menu_by_keyboard(open_page: Open, run: Run) -> None:
    process, puppet = run()
    puppet.say("text\n")
    view = open_page(process.url)
    button = view.page.get_by_role("button", name="Menu")
    button.focus()
    view.press("Enter")
    menu = view.page.get_by_role("dialog", name="Menu")
    expect(menu).to_be_visible()
    expect(button).to_have_attribute("popovertarget", "menu")
    view.press("ArrowDown")
    wrap = menu.get_by_role("switch", name="Wrap long lines")
    expect(wrap).to_be_focused()
    expect(wrap).to_be_checked()
    view.press("Space")
    expect(wrap).not_to_be_checked()
    view.expect_following()  # Space was for the switch
    view.press("ArrowUp")
    expect(menu.get_by_role("button", name="Keyboard shortcuts")).to_be_focused()
    view.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()


def test_menu_closes_for_what_it_opens(open_page: Open, run: Run) -> None:
    process, _ = run()
    view = open_page(process.url)
    view.page.get_by_role("button", name="Menu").click()
    view.page.get_by_role("button", name="Keyboard shortcuts").click()
    expect(view.page.get_by_role("dialog", name="Menu")).to_be_hidden()
    expect(view.page.get_by_role("dialog", name="Keyboard")).to_be_visible()


def test_full_screen(open_page: Open, run: Run) -> None:
    process, _ = run()
    view = open_page(process.url)
    full = "() => document.fullscreenElement !== null"
    view.press("Shift+F")
    view.page.wait_for_function(full)
    view.press("Shift+F")
    view.page.wait_for_function("() => document.fullscreenElement === null")
    view.page.evaluate(
        "() => { Element.prototype.requestFullscreen = async () => { throw new Error(); }; }"
    )
    view.press("Shift+F")
    expect(view.page.get_by_test_id("toast")).to_have_text(re.compile("does not allow full screen"))
