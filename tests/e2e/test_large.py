"""A log of any size: its end at once, the rest where someone goes, and little in memory."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Open, Run
from tests.e2e.puppet import Puppet
from tests.e2e.view import View

pytestmark = pytest.mark.browser

LINES = 220_000
MOST_ROWS = 300


def text(number: int) -> str:
    request = (number * 7919) % 10_007
    path = f"/{'/'.join(str(request * k % 1000) for k in (3, 5, 7, 11))}/{request:05}.html"
    host = f"10.0.{request % 256}.{request % 199}"
    return f"{number} {host} GET {path}?page={number % 97} 200 {request * 31} {'agent' * 14}"


@pytest.fixture(scope="module")
def large() -> bytes:
    """More than 30 MB of numbered lines."""
    output = "".join(f"{text(number)}\n" for number in range(1, LINES + 1)).encode()
    assert len(output) > 30_000_000
    return output


def check(view: View) -> tuple[int, int]:
    """Every line in sight says what it should; returns the first and the last of them."""
    lines = view.lines()
    assert lines == {number: text(number) for number in lines}
    assert list(lines) == list(range(min(lines), max(lines) + 1))
    assert view.page.locator(".line").count() < MOST_ROWS
    return min(lines), max(lines)


def scroll_to(view: View, share: float) -> None:
    """Drag the scroll bar's thumb to this share of the log."""
    box = view.log.bounding_box()
    assert box is not None
    at, length, bar = view.log.evaluate(
        """(log) => [
          log.scrollTop / (log.scrollHeight - log.clientHeight),
          log.scrollHeight,
          log.offsetWidth - log.clientWidth,
        ]"""
    )
    assert bar > 5
    track = box["height"] - 2 * bar  # between the two buttons
    thumb = max(bar, track * box["height"] / length)
    x = box["x"] + box["width"] - bar / 2
    first = box["y"] + bar + thumb / 2
    room = track - thumb
    mouse = view.page.mouse
    mouse.move(x, first + at * room)
    mouse.down()
    mouse.move(x, first + share * room, steps=8)
    view.rows()  # a hand rests before it lets go
    mouse.up()


def test_large_log(open_page: Open, run: Run, large: bytes) -> None:
    process, puppet = run("--pipe", "--quiet")
    puppet.say(large)
    fetched: list[str] = []
    view = open_page(process.url, wait=False)
    view.page.on("request", lambda request: fetched.append(request.url))
    view.expect_line(LINES, text(LINES))
    view.expect_lines(LINES)
    assert check(view)[1] == LINES

    def segments() -> int:
        return sum(bool(re.search(r"/segments/\d", url)) for url in fetched)

    assert segments() <= 2  # of some thirty

    view.press("Home")
    expect(view.line(1)).to_be_in_viewport()
    assert check(view)[0] == 1
    view.press("PageDown")
    assert check(view)[0] > 10
    assert 1 <= segments() <= 8

    scroll_to(view, 0.5)
    first, last = check(view)
    assert LINES * 0.3 < first < last < LINES * 0.7, first
    before = last
    for _ in range(5):
        view.press("PageDown")
        first, last = check(view)
        assert first <= before + 1
        assert last > before
        before = last
    for _ in range(3):
        view.wheel(-700)
        assert check(view)[0] < first
    assert segments() <= 20
    view.expect_following(False)

    scroll_to(view, 0.0)
    expect(view.line(1)).to_be_in_viewport()
    view.press("End")
    view.expect_line(LINES, text(LINES))
    view.expect_following()


def test_large_log_goes_on_while_its_beginning_is_read(
    open_page: Open, run: Run, large: bytes
) -> None:
    process, puppet = run("--pipe", "--quiet")
    puppet.say(large)
    view = open_page(process.url)
    view.press("Home")
    view.expect_line(1, text(1))
    with view.standing_still():
        more = "".join(f"{text(number)}\n" for number in range(LINES + 1, LINES + 20_001))
        puppet.say(more)
        view.expect_lines(LINES + 20_000)
    expect(view.resume).to_contain_text("20,000")
    view.resume.click()
    view.expect_line(LINES + 20_000, text(LINES + 20_000))
    check(view)


def test_page_that_was_there_from_the_beginning(open_page: Open, run: Run, large: bytes) -> None:
    process, puppet = run("--pipe", "--quiet")
    view = open_page(process.url)
    puppet.say(large)
    view.expect_lines(LINES)
    view.expect_line(LINES, text(LINES))
    view.press("Home")
    expect(view.line(1)).to_be_in_viewport()
    check(view)
    fill_what_is_missing(view, puppet)


def fill_what_is_missing(view: View, puppet: Puppet) -> None:
    """Some of it may have been skipped; whoever goes there gets it."""
    for share in (0.3, 0.6, 0.9):
        scroll_to(view, share)
        expect(view.gaps).to_have_count(0)
        check(view)
