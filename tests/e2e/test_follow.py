"""Following and reading: what is read never moves, and the newest line is one touch away."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Open, Run
from tests.e2e.puppet import Puppet
from tests.e2e.view import View

pytestmark = pytest.mark.browser


def numbered(first: int, last: int) -> str:
    return "".join(f"line {n}\n" for n in range(first, last + 1))


@pytest.fixture
def watch(open_page: Open, run: Run) -> Callable[..., tuple[View, Puppet]]:
    """A page that follows a log of 1,000 lines."""

    def watch(**options: Any) -> tuple[View, Puppet]:
        process, puppet = run("--pipe")
        puppet.say(numbered(1, 1000))
        view = open_page(process.url, **options)
        view.expect_lines(1000)
        view.expect_line(1000, "line 1000")
        view.expect_following()
        return view, puppet

    return watch


Watch = Callable[..., tuple[View, Puppet]]


def wheel_up(view: View) -> None:
    view.wheel(-300)


def page_up(view: View) -> None:
    view.press("PageUp")


def arrow_up(view: View) -> None:
    view.press("ArrowUp")


def home(view: View) -> None:
    view.press("Home")


def letter_g(view: View) -> None:
    view.press("g")


def space(view: View) -> None:
    view.press("Space")


def button(view: View) -> None:
    view.pause.click()


def select_text(view: View) -> None:
    box = view.line(990).bounding_box()
    assert box is not None
    mouse = view.page.mouse
    mouse.move(box["x"] + 1, box["y"] + 5)
    mouse.down()
    mouse.move(box["x"] + box["width"] - 2, box["y"] + 5, steps=5)
    mouse.up()


def double_click(view: View) -> None:
    view.line(990).dblclick()


@pytest.mark.parametrize(
    "act",
    [wheel_up, page_up, arrow_up, home, letter_g, space, button, select_text, double_click],
)
def test_reading_stands_still_while_thousands_of_lines_come(
    watch: Watch, act: Callable[[View], None]
) -> None:
    view, puppet = watch()
    act(view)
    view.expect_following(False)
    view.log.evaluate(  # a wheel turns on for a while
        """async (log) => {
          const frame = () => new Promise(requestAnimationFrame);
          for (let at = -1, same = 0; same < 10; await frame()) {
            same = log.scrollTop === at ? same + 1 : 0;
            at = log.scrollTop;
          }
        }"""
    )
    with view.standing_still():
        for first in range(1001, 6001, 500):
            puppet.say(numbered(first, first + 499))
        view.expect_lines(6000)
    expect(view.resume).to_be_visible()
    expect(view.resume).to_contain_text(re.compile(r"\b5,000\b"))
    view.resume.click()
    view.expect_following()
    view.expect_line(6000, "line 6000")
    expect(view.resume).to_be_hidden()
    puppet.say("and on\n")
    view.expect_line(6001, "and on")


def test_touch_drag_stops_and_reaching_the_bottom_resumes(watch: Watch) -> None:
    view, puppet = watch(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    drag(view, 400)
    view.expect_following(False)
    with view.standing_still():
        puppet.say(numbered(1001, 3000))
        view.expect_lines(3000)
    view.resume.tap()
    view.expect_line(3000, "line 3000")
    view.expect_following()
    drag(view, 300)
    view.expect_following(False)
    drag(view, -600)
    view.expect_following()


def drag(view: View, pixels: int) -> None:
    """Move the finger by so many pixels; positive is down, which brings earlier lines."""
    session = view.page.context.new_cdp_session(view.page)
    start = 400 - pixels // 2

    def touch(kind: str, *points: int) -> None:
        at = [{"x": 60, "y": y} for y in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    touch("touchStart", start)
    for step in range(1, 11):
        touch("touchMove", start + pixels * step // 10)
    touch("touchEnd")
    session.detach()


def test_keys_that_resume(watch: Watch) -> None:
    view, puppet = watch()
    for last, key in ((1100, "End"), (1200, "G"), (1300, "Space")):
        view.press("PageUp")
        view.expect_following(False)
        puppet.say(numbered(last - 99, last))
        view.expect_lines(last)
        view.press(key)
        view.expect_following()
        view.expect_line(last, f"line {last}")


def test_reaching_the_bottom_resumes(watch: Watch) -> None:
    view, puppet = watch()
    ways: list[tuple[str, Callable[[], None]]] = [
        ("PageUp", lambda: view.press("PageDown")),
        ("ArrowUp", lambda: view.press("ArrowDown")),
        ("PageUp", lambda: view.wheel(400)),
    ]
    for last, (up, down) in enumerate(ways, 1001):
        view.press(up)
        view.expect_following(False)
        puppet.say(numbered(last, last))
        view.expect_lines(last)
        for _ in range(30):
            view.rows()
            if view.pause.get_attribute("aria-pressed") == "false":
                break
            down()
        view.expect_following()
        view.expect_line(last, f"line {last}")
    puppet.say("next\n")
    view.expect_line(1004, "next")


def test_pausing_loses_nothing(watch: Watch) -> None:
    view, puppet = watch(viewport={"width": 1280, "height": 2400})
    view.pause.click()
    view.expect_following(False)
    puppet.say(numbered(1001, 2500))
    view.expect_lines(2500)
    view.pause.click()
    view.expect_line(2500, "line 2500")
    rows = view.read_all()
    assert [row.text for row in rows if row.line] == [f"line {n}" for n in range(1, 2501)]


def test_line_that_goes_on_while_reading_ends_up_right(watch: Watch) -> None:
    view, puppet = watch()
    puppet.say("begun")
    view.expect_line(1001, "begun")
    view.press("Space")
    view.expect_following(False)
    puppet.say(", done\n")
    view.expect_line(1001, "begun, done")


def test_click_alone_does_not_stop_following(watch: Watch) -> None:
    view, puppet = watch()
    view.line(990).click()
    puppet.say("next\n")
    view.expect_line(1001, "next")
    view.expect_following()


def test_nothing_moves_under_a_pressed_button(watch: Watch) -> None:
    view, puppet = watch()
    view.line(990).hover()
    view.page.mouse.down()
    with view.standing_still():
        puppet.say(numbered(1001, 1500))
        view.expect_lines(1500)
    view.page.mouse.up()
    view.expect_line(1500, "line 1500")
