"""What a page was not sent is told in its place, and comes when someone wants it, if it is kept."""

import random
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import LOST, Complaints, Open, Run
from tests.e2e.proxy import Proxy

pytestmark = pytest.mark.browser

TALL = {"width": 1280, "height": 2400}


class Noise:
    """Lines that are many bytes on the wire and few letters on the screen."""

    def __init__(self) -> None:
        self._chance = random.Random(7)

    def lines(self, first: int, last: int) -> str:
        """Return the lines with these numbers: about 12 KB each, half of that compressed."""
        return "".join(
            f"{self._chance.randbytes(6_000).hex()}\r\x1b[Kline {number}\n"
            for number in range(first, last + 1)
        )


def wanted(first: int, last: int) -> list[tuple[int, str]]:
    return [(number, f"line {number}") for number in range(first, last + 1)]


def test_gap_of_a_page_that_cannot_keep_up(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet")
    noise = Noise()
    with Proxy(process.port) as proxy:
        view = open_page(proxy.url, viewport=TALL)
        puppet.say(noise.lines(1, 10))
        view.expect_line(10, "line 10")
        proxy.stall()
        puppet.say(noise.lines(11, 2500))
        proxy.flow()
        view.expect_lines(2500)
        view.expect_line(2500, "line 2500")
        # The tail is there at once; what is missing is said where it is missing.
        expect(view.gaps).to_have_count(1)
        expect(view.gaps).to_contain_text(re.compile(r"[\d,]+ lines skipped"))
        skipped = int(re.sub(r"\D", "", re.findall(r"[\d,]+ lines", view.gaps.inner_text())[0]))
        rows = view.rows()
        at = next(index for index, row in enumerate(rows) if row.kind == "gap")
        after = rows[at + 1].line
        assert 500 < skipped < 2490
        assert [(row.line, row.text) for row in rows[at + 1 :]] == wanted(after, 2500)
        view.expect_following()

        view.gaps.get_by_role("button").click()
        expect(view.gaps).to_have_count(0)
        view.expect_line(after - 1, f"line {after - 1}")
        view.expect_line(after, f"line {after}")
        view.press("PageUp")
        assert all(row.text == f"line {row.line}" for row in view.rows())
        first = after - skipped
        assert 10 <= first < 1500
        rows = view.read_all()
        assert [(row.line, row.text) for row in rows if row.kind != "boundary"] == wanted(1, 2500)


def test_gap_that_is_scrolled_to_fills_itself(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet")
    noise = Noise()
    with Proxy(process.port) as proxy:
        view = open_page(proxy.url)
        puppet.say(noise.lines(1, 100))
        view.expect_line(100, "line 100")
        proxy.stall()
        puppet.say(noise.lines(101, 2000))
        proxy.flow()
        view.expect_lines(2000)
        rows = view.read_all()
        assert [(row.line, row.text) for row in rows if row.kind != "boundary"] == wanted(1, 2000)


def test_gap_that_is_no_longer_kept(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet", "--keep", "3MiB")
    noise = Noise()
    with Proxy(process.port) as proxy:
        view = open_page(proxy.url, viewport=TALL)
        puppet.say(noise.lines(1, 10))
        view.expect_line(10, "line 10")
        proxy.stall()
        puppet.say(noise.lines(11, 3000))
        proxy.flow()
        view.expect_lines(3000)
        view.expect_line(3000, "line 3000")
        rows = view.read_all()
        gaps = [index for index, row in enumerate(rows) if row.kind == "gap"]
        assert len(gaps) == 1
        assert "no longer kept" in rows[gaps[0]].text
        shown = [(row.line, row.text) for row in rows if row.kind == "line"]
        before = rows[gaps[0] - 1].line
        after = rows[gaps[0] + 1].line
        assert 10 <= before < 1500 < after
        assert shown == wanted(1, before) + wanted(after, 3000)
        assert f"{after - before - 1:,} lines" in rows[gaps[0]].text


def test_page_that_comes_back_too_late(open_page: Open, run: Run, complaints: Complaints) -> None:
    complaints.allow(LOST)
    process, puppet = run("--pipe", "--quiet", "--keep", "3MiB")
    noise = Noise()
    with Proxy(process.port) as proxy:
        view = open_page(proxy.url, viewport=TALL)
        puppet.say(noise.lines(1, 10))
        view.expect_line(10, "line 10")
        proxy.down()
        view.expect_state("reconnecting")
        puppet.say(noise.lines(11, 3000))
        proxy.up(process.port)
        view.expect_state("live")
        view.expect_lines(3000)
        view.expect_line(3000, "line 3000")
        rows = view.read_all()
        gaps = [index for index, row in enumerate(rows) if row.kind == "gap"]
        assert len(gaps) == 1
        assert "no longer kept" in rows[gaps[0]].text
        after = rows[gaps[0] + 1].line
        shown = [(row.line, row.text) for row in rows if row.kind == "line"]
        assert shown == wanted(1, 10) + wanted(after, 3000)


def test_page_begins_where_the_log_does(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet", "--keep", "3MiB")
    puppet.say(Noise().lines(1, 1500))
    view = open_page(process.url)
    view.expect_line(1500, "line 1500")
    rows = [row for row in view.read_all() if row.kind == "line"]
    first = rows[0].line
    assert first > 500
    assert [(row.line, row.text) for row in rows] == wanted(first, 1500)
    view.expect_lines(1500)


def test_what_is_read_may_expire(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet", "--keep", "3MiB")
    noise = Noise()
    puppet.say(noise.lines(1, 300))
    view = open_page(process.url)
    view.expect_line(300, "line 300")
    view.press("Home")
    view.expect_line(1, "line 1")
    with view.standing_still():
        for first in range(301, 2301, 200):
            puppet.say(noise.lines(first, first + 199))
        view.expect_lines(2300)
    view.press("End")
    view.expect_line(2300, "line 2300")
