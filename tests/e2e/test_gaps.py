"""What a page was not sent is told in its place, and comes when someone wants it, if it is kept."""

import random
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import LOST, Complaints, Open, Run
from tests.e2e.proxy import Proxy
from tests.e2e.view import Row

pytestmark = pytest.mark.browser

TALL = {"width": 1280, "height": 2400}


class Noise:
    """Lines that are many bytes on the wire and few letters on the screen, also in pieces."""

    def __init__(self) -> None:
        self._chance = random.Random(7)
        # Control characters that show and do nothing.
        self._table = bytes([*range(7), 11, 12, *range(14, 27), *range(28, 32)]) * 11
        self._table = self._table[:256].ljust(256, b"\0")

    def lines(self, first: int, last: int) -> bytes:
        """Return the lines with these numbers: 12 KB each, more than half of it compressed."""
        return b"".join(
            f"line {number}".encode()
            + self._chance.randbytes(12_000).translate(self._table)
            + b"\n"
            for number in range(first, last + 1)
        )


def wanted(first: int, last: int) -> list[tuple[int, str]]:
    return [(number, f"line {number}") for number in range(first, last + 1)]


def check(rows: list[Row], last: int) -> int:
    """Every line from 1 to the last is shown or said to be gone; returns how many are gone."""
    number = 0
    gone = 0
    for index, row in enumerate(rows):
        if row.kind == "line":
            number += 1
            assert row.line == number
            # A gap may have taken a line's first half, its second half is told by nobody.
            half = index > 0 and rows[index - 1].kind == "gap"
            assert row.text == f"line {number}" or half
        elif row.kind == "gap":
            lines = int(re.sub(r"\D", "", re.findall(r"[\d,]+ lines", row.text)[0]))
            number += lines
            gone += lines
    assert number == last
    return gone


def test_gap_of_a_page_that_cannot_keep_up(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet")
    noise = Noise()
    with Proxy(process.port) as proxy:
        view = open_page(proxy.url, viewport=TALL)
        puppet.say(noise.lines(1, 10))
        view.expect_line(10, "line 10")
        proxy.stall()
        puppet.say(noise.lines(11, 800))
        proxy.flow()
        view.expect_lines(800)
        view.expect_line(800, "line 800")
        # The tail is there at once; what is missing is said where it is missing.
        expect(view.gaps.last).to_contain_text(re.compile(r"[\d,]+ lines skipped"))
        rows = view.rows()
        at = max(index for index, row in enumerate(rows) if row.kind == "gap")
        after = rows[at + 1].line
        assert [(row.line, row.text) for row in rows[at + 2 :]] == wanted(after + 1, 800)
        view.expect_following()
        proxy.stall()  # what fills a gap is not live

        view.gaps.last.get_by_role("button").click()
        rows = view.rows()
        assert all(row.kind == "line" for row in rows if row.kind != "boundary")
        lines = rows[1:]  # the first may be what another gap, out of sight, has left of a line
        assert all(row.text == f"line {row.line}" for row in lines if row.kind == "line")
        rows = view.read_all(filling=True)
        assert check(rows, 800) == 0


def test_gap_that_is_scrolled_to_fills_itself(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet")
    noise = Noise()
    with Proxy(process.port) as proxy:
        view = open_page(proxy.url)
        puppet.say(noise.lines(1, 100))
        view.expect_line(100, "line 100")
        proxy.stall()
        puppet.say(noise.lines(101, 800))
        proxy.flow()
        view.expect_lines(800)
        rows = view.read_all(filling=True)
        assert check(rows, 800) == 0


def test_gap_that_is_no_longer_kept(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet", "--keep", "3MiB")
    noise = Noise()
    with Proxy(process.port) as proxy:
        view = open_page(proxy.url, viewport=TALL)
        puppet.say(noise.lines(1, 10))
        view.expect_line(10, "line 10")
        proxy.stall()
        # Far more than the kernel's buffers on the way (4 MiB) and webtee together hold.
        puppet.say(noise.lines(11, 1600))
        proxy.flow()
        view.expect_lines(1600)
        view.expect_line(1600, "line 1600")
        rows = view.read_all(filling=True)
        assert check(rows, 1600) > 50
        gaps = [row for row in rows if row.kind == "gap"]
        assert all("no longer kept" in row.text for row in gaps)


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
        puppet.say(noise.lines(11, 800))
        proxy.up(process.port)
        view.expect_state("live")
        view.expect_lines(800)
        view.expect_line(800, "line 800")
        rows = view.read_all(filling=True)
        gaps = [row for row in rows if row.kind == "gap"]
        assert len(gaps) == 1
        assert "no longer kept" in gaps[0].text
        assert check(rows, 800) > 200


def test_page_begins_where_the_log_does(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet", "--keep", "3MiB")
    puppet.say(Noise().lines(1, 1000))
    view = open_page(process.url)
    view.expect_line(1000, "line 1000")
    rows = [row for row in view.read_all(filling=True) if row.kind == "line"]
    first = rows[0].line
    assert first > 500
    assert [(row.line, row.text) for row in rows[1:]] == wanted(first + 1, 1000)
    view.expect_lines(1000)


def test_what_is_read_may_expire(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet", "--keep", "3MiB")
    noise = Noise()
    puppet.say(noise.lines(1, 150))
    view = open_page(process.url)
    view.expect_line(150, "line 150")
    view.press("Home")
    view.expect_line(1, "line 1")
    with view.standing_still():
        for first in range(151, 1151, 100):
            puppet.say(noise.lines(first, first + 99))
        view.expect_lines(1150)
    view.press("End")
    view.expect_line(1150, "line 1150")
