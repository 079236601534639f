"""The timeline: how many lines came when, and ways to get there by mouse, keyboard and touch."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FloatRect, Locator, Request, expect

from tests.e2e.conftest import Open, Run
from tests.e2e.puppet import Puppet
from tests.e2e.view import View

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}

# How many of the columns' pixels are more red than anything else.
_RED = """(plot) => {
  const canvas = plot.querySelector("canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let red = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] > 200 && data[i] > 180 && data[i + 1] < 140 && data[i + 2] < 140) red += 1;
  }
  return red;
}"""


def numbered(first: int, last: int) -> str:
    return "".join(f"line {n}\n" for n in range(first, last + 1))


def timeline(view: View) -> Locator:
    return view.page.get_by_role("slider", name="Timeline")


def said(view: View) -> str:
    return timeline(view).get_attribute("aria-valuetext") or ""


def box(locator: Locator) -> FloatRect:
    found = locator.bounding_box()
    assert found is not None
    return found


def expect_counted(view: View, words: str) -> None:
    """Wait until all of the timeline together holds this."""
    expect(timeline(view)).not_to_have_attribute("aria-valuetext", "Nothing yet")
    timeline(view).focus()
    for key in ("Home", "Shift+End"):
        view.press(key)
    expect(timeline(view)).to_have_attribute("aria-valuetext", re.compile(f", {words}$"))
    view.press("Escape")


Watch = Callable[..., tuple[View, Puppet]]


@pytest.fixture
def watch(run: Run, open_page: Open) -> Watch:
    """A page with the timeline of 100 lines and then 200; it goes before its server."""

    def watch(**options: Any) -> tuple[View, Puppet]:
        process, puppet = run("--pipe")
        puppet.say(numbered(1, 100))
        view = open_page(process.url, **options)
        view.expect_lines(100)
        puppet.say(numbered(101, 299) + "error: all is lost\n")
        view.expect_lines(300)
        view.press("l")
        expect_counted(view, "300 lines, 1 error")
        return view, puppet

    return watch


def test_it_counts_lines_warnings_and_errors(run: Run, open_page: Open) -> None:
    process, puppet = run("--pipe")
    view = open_page(process.url)
    view.press("l")
    expect(timeline(view)).to_have_attribute("aria-valuetext", "Nothing yet")
    puppet.say(numbered(1, 7) + "warning: hot\nERROR: too hot\nerror: boom\n")
    expect_counted(view, "10 lines, 1 warning, 2 errors")


def test_it_grows_with_the_log(watch: Watch) -> None:
    view, puppet = watch()
    puppet.say("warning: more\n")
    expect_counted(view, "301 lines, 1 warning, 1 error")


def test_it_is_opened_and_closed_and_remembered(watch: Watch) -> None:
    view, _ = watch()
    view.page.reload()
    expect(timeline(view)).to_be_visible()
    view.page.get_by_role("button", name="Timeline").click()
    expect(timeline(view)).to_be_hidden()
    view.press("l")
    expect(timeline(view)).to_be_visible()


def test_nothing_is_asked_for_while_it_is_closed(watch: Watch) -> None:
    view, puppet = watch()
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/timeline" in request.url:
            asked.append(request.url)

    view.press("l")
    view.page.on("request", note)
    puppet.say("one more\n")
    view.expect_lines(301)
    assert asked == []
    view.press("l")
    expect_counted(view, "301 lines, 1 error")
    assert asked != []


def test_a_single_error_in_a_flood_is_seen(run: Run, open_page: Open) -> None:
    process, puppet = run("--pipe")
    view = open_page(process.url)
    puppet.say("one\n" * 40_000 + "error: here\n" + "two\n" * 40_000)
    view.press("l")
    expect_counted(view, "80,001 lines, 1 error")
    assert timeline(view).evaluate(_RED) >= 2


def test_a_click_goes_to_the_first_line_of_that_time(watch: Watch) -> None:
    view, _ = watch()
    place = box(timeline(view))
    view.page.mouse.click(place["x"] + 1, place["y"] + 5)
    view.expect_following(False)
    view.expect_line(1, "line 1")
    view.page.mouse.click(place["x"] + place["width"] - 1, place["y"] + 5)
    view.expect_line(101, "line 101")


def test_pointing_tells(watch: Watch) -> None:
    view, _ = watch()
    place = box(timeline(view))
    view.page.mouse.move(place["x"] + place["width"] - 1, place["y"] + 5)
    tip = view.page.get_by_test_id("timeline-tip")
    expect(tip).to_contain_text("1 error")
    inside = box(tip)
    assert inside["x"] >= 0
    assert inside["x"] + inside["width"] <= 1280
    view.log.hover()
    expect(tip).to_be_hidden()


def test_a_drag_chooses_a_range_and_a_button_drops_it(watch: Watch) -> None:
    view, _ = watch()
    place = box(timeline(view))
    mouse = view.page.mouse
    mouse.move(place["x"] + place["width"] / 2, place["y"] + 5)
    mouse.down()
    mouse.move(place["x"] + place["width"] * 0.75, place["y"] + 9)
    mouse.move(place["x"] + place["width"] - 1, place["y"] + 9)
    expect(view.page.get_by_test_id("timeline-tip")).to_contain_text("lines")
    mouse.up()
    expect(view.page).to_have_url(re.compile(r"#from=\d+&to=\d+$"))
    chosen = box(view.page.get_by_test_id("timeline-range"))
    assert abs(chosen["x"] - (place["x"] + place["width"] / 2)) < 6
    assert abs(chosen["width"] - place["width"] / 2) < 8
    view.page.get_by_role("button", name="Show all times").click()
    expect(view.page).not_to_have_url(re.compile("from="))
    expect(view.page.get_by_test_id("timeline-range")).to_have_count(0)


def test_keys_do_what_the_mouse_does(watch: Watch) -> None:
    view, _ = watch()
    timeline(view).focus()
    view.press("Home")
    at = said(view)
    view.press("ArrowRight")
    assert said(view) != at
    view.press("ArrowLeft")
    assert said(view) == at
    view.press("Enter")
    view.expect_line(1, "line 1")
    view.expect_following(False)
    view.press("Shift+PageUp")
    view.press("Enter")
    expect(view.page).to_have_url(re.compile(r"#from=\d+&to=\d+$"))
    view.press("Escape")
    view.press("Escape")
    expect(view.page).not_to_have_url(re.compile("from="))


def test_what_is_in_sight_is_marked(watch: Watch) -> None:
    view, _ = watch()
    mark = view.page.get_by_test_id("timeline-seen")
    place = box(timeline(view))
    view.log.focus()
    view.press("Home")
    view.expect_line(1, "line 1")
    assert box(mark)["x"] - place["x"] < 1
    view.press("End")
    view.expect_line(300, "error: all is lost")
    assert abs(box(mark)["x"] + box(mark)["width"] - place["x"] - place["width"]) < 6


def test_fingers_tap_and_drag(watch: Watch) -> None:
    view, _ = watch(**PHONE)
    place = box(timeline(view))
    view.page.touchscreen.tap(place["x"] + 1, place["y"] + 10)
    view.expect_line(1, "line 1")
    expect(view.page.get_by_role("button", name="▶ Play from here")).to_be_visible()
    touch = view.page.context.new_cdp_session(view.page)
    y = place["y"] + 10
    # A finger that rests before it is lifted: no fling, which the next tap would only stop.
    began = time.time() - 1
    steps = [("touchStart", 40), ("touchMove", 80), ("touchMove", 200), ("touchMove", 200)]
    for number, (kind, x) in enumerate([*steps, ("touchEnd", None)]):
        points = [] if x is None else [{"x": x, "y": y}]
        event = {"type": kind, "touchPoints": points, "timestamp": began + number / 5}
        touch.send("Input.dispatchTouchEvent", event)
    expect(view.page).to_have_url(re.compile(r"#from=\d+&to=\d+$"))
    chosen = box(view.page.get_by_test_id("timeline-range"))
    assert abs(chosen["x"] - 40) < 6
    assert abs(chosen["x"] + chosen["width"] - 200) < 6
    view.page.get_by_role("button", name="Show all times").tap()
    expect(view.page).not_to_have_url(re.compile("from="))
