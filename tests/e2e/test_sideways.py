"""Long lines that do not wrap scroll sideways, and text has the size that one likes."""

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Open, Run

pytestmark = pytest.mark.browser

LONG = "".join(f"{n:09} " for n in range(200))


def test_empty_lines_are_as_high_as_others(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet")
    puppet.say("one\n\n\nfour\n\nsix\n")
    view = open_page(process.url)
    view.expect_line(6, "six")
    tops = [row.top for row in view.rows() if row.kind == "line"]
    view.press("w")
    toast = view.page.get_by_test_id("toast")
    expect(toast).to_have_text("Long lines go on to the right")
    assert [row.top for row in view.rows() if row.kind == "line"] == tops
    # What was said of the key covers lines only until something else is done.
    view.press("ArrowUp")
    expect(toast).to_be_hidden(timeout=1500)


def test_lines_that_do_not_wrap(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet")
    puppet.say("".join(f"{n} {LONG}\n" for n in range(1, 501)))
    view = open_page(process.url)
    view.expect_lines(500)
    view.expect_line(500, f"500 {LONG}")
    tall = view.line(500).bounding_box()
    assert tall is not None
    assert tall["height"] > 30
    view.press("w")
    view.expect_line(480, f"480 {LONG}")
    view.expect_line(500, f"500 {LONG}")
    rows = view.rows()
    heights = {round(b.top - a.top, 1) for a, b in pairwise(rows)}
    assert len(heights) == 1
    # All of the last one is above the bar that scrolls sideways.
    log, last = view.log.bounding_box(), view.line(500).bounding_box()
    assert log is not None
    assert last is not None
    assert last["y"] + last["height"] <= log["y"] + log["height"] - 10
    number, text = view.number(490).bounding_box(), view.line(490).bounding_box()
    view.log.hover()
    view.page.mouse.wheel(600, 0)
    moved = view.page.locator(".strip")
    expect(moved).to_have_css("--x", "600px")
    after, shifted = view.number(490).bounding_box(), view.line(490).bounding_box()
    assert number is not None
    assert text is not None
    assert after is not None
    assert shifted is not None
    assert abs(after["x"] - number["x"]) < 1
    assert abs(text["x"] - 600 - shifted["x"]) < 1
    view.expect_following()
    view.page.mouse.wheel(-400, 0)
    expect(moved).to_have_css("--x", "200px")
    view.page.mouse.wheel(-400, 0)
    expect(moved).to_have_css("--x", "0px")
    puppet.say("and on\n")
    view.expect_line(501, "and on")
    view.press("w")
    view.expect_line(501, "and on")
    tall = view.line(500).bounding_box()
    assert tall is not None
    assert tall["height"] > 30


def test_larger_text(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet")
    puppet.say("".join(f"line {n}\n" for n in range(1, 501)))
    view = open_page(process.url)
    view.expect_line(500, "line 500")
    count = len(view.rows())
    for _ in range(6):
        view.press("+")
    view.expect_line(500, "line 500")
    assert len(view.rows()) < count * 0.8
    view.press("PageUp")
    rows = view.rows()
    assert rows[-1].line < 500
    assert [row.line for row in rows] == list(range(rows[0].line, rows[-1].line + 1))


def test_a_match_far_to_the_right_is_brought_into_sight(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe")
    puppet.say(f"{'x' * 1000} needle\nshort haystack\n{'y' * 1000} needle\n")
    view = open_page(process.url)
    view.expect_line(2, "short haystack")
    view.press("w")
    expect(view.page.locator("mark")).to_have_count(0)
    view.show("filter=:needle")
    mark = view.page.locator('.line[data-line="1"] mark.through')
    expect(mark).to_have_text("needle")
    expect(mark).to_be_in_viewport()
    view.show("find=:haystack")
    expect(view.page.locator("mark.find")).to_have_count(1)
    view.press("n")
    expect(view.page.locator("mark.find")).to_be_in_viewport(ratio=1)
    view.show("find=:needle")
    expect(view.page.locator("mark.find")).to_have_count(2)
    view.press("n")
    expect(view.page.locator("mark.find").first).to_be_in_viewport(ratio=1)
