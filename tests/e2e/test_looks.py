"""Light and dark, large and small: the page can be read and used on what people have."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import LOST, Complaints, Open, Run
from tests.e2e.view import View, contrast

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}


def words_can_be_read(view: View) -> None:
    background = view.colour(view.page.locator("webtee-log"), "backgroundColor")
    for element in (view.line(1), view.state, view.count, view.page.get_by_role("heading")):
        assert contrast(view.colour(element), background) >= 4.5


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_schemes(open_page: Open, run: Run, scheme: str) -> None:
    process, puppet = run()
    puppet.say("text\n")
    view = open_page(process.url, color_scheme=scheme)
    view.expect_line(1, "text")
    background = view.colour(view.page.locator("webtee-log"), "backgroundColor")
    assert (sum(background[:3]) > 600) == (scheme == "light")
    words_can_be_read(view)
    other = "light" if scheme == "dark" else "dark"
    view.page.emulate_media(color_scheme="light" if other == "light" else "dark")
    expect(view.page.locator("webtee-log")).not_to_have_css(
        "background-color", f"rgb{background[:3]}"
    )
    words_can_be_read(view)


def test_phone(open_page: Open, run: Run, complaints: Complaints) -> None:
    complaints.allow(LOST)
    process, puppet = run("--title", "a rather long title, " * 5)
    view = open_page(process.url, viewport=PHONE, has_touch=True, is_mobile=True)
    puppet.say("".join(f"{n} {'word ' * 30}\n" for n in range(1, 101)))
    view.expect_lines(100)
    html = view.page.locator("html")
    assert html.evaluate("(e) => e.scrollWidth <= 360 && e.scrollHeight <= 740")
    for element in (view.state, view.viewers, view.count, view.pause):
        expect(element).to_be_in_viewport(ratio=1)
    box = view.pause.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 36  # for a finger
    view.pause.tap()
    view.expect_following(False)
    puppet.say("more\n")
    expect(view.resume).to_be_in_viewport(ratio=1)
    view.resume.tap()
    view.expect_following()
    view.expect_line(101, "more")
    puppet.exit(3)
    view.expect_state("ended")
    expect(view.state).to_be_in_viewport(ratio=1)
    expect(view.state).to_contain_text(re.compile("exit 3"))
    assert html.evaluate("(e) => e.scrollWidth <= 360")


def test_window_that_changes_its_size(open_page: Open, run: Run) -> None:
    process, puppet = run()
    puppet.say("".join(f"{n} {'word ' * 30}\n" for n in range(1, 201)))
    view = open_page(process.url)
    view.expect_line(200, f"200 {'word ' * 30}")
    for width, height in ((360, 740), (1600, 1000), (740, 360)):
        view.page.set_viewport_size({"width": width, "height": height})
        view.expect_line(200, f"200 {'word ' * 30}")
        view.expect_following()
        rows = view.rows()
        assert rows[-1].line == 200
    view.press("PageUp")
    top = view.rows()[0].line
    view.page.set_viewport_size({"width": 1600, "height": 1000})
    assert top in view.lines()
    view.expect_following(False)


def test_page_that_was_hidden(open_page: Open, run: Run) -> None:
    """A page in the background is at the newest line when someone comes back to it."""
    process, puppet = run("--pipe", "--quiet")
    view = open_page(process.url)
    other = view.page.context.new_page()
    other.bring_to_front()
    puppet.say("".join(f"line {n}\n" for n in range(1, 50_001)))
    view.page.bring_to_front()
    view.expect_lines(50_000)
    view.expect_line(50_000, "line 50000")
