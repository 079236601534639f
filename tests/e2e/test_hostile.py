"""Output that is made to hurt: the page shows what can be shown, and answers all the while."""

import random

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Open, Run
from tests.e2e.view import View

pytestmark = pytest.mark.browser

ESC = "\x1b"


def answers(view: View) -> None:
    """A key does what it does within two seconds, drawn, however busy this machine is."""
    view.press("Space")
    expect(view.pause).to_have_attribute("aria-pressed", "true", timeout=2000)
    view.press("Space")
    expect(view.pause).to_have_attribute("aria-pressed", "false", timeout=2000)


def test_line_of_a_megabyte(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet")
    view = open_page(process.url)
    with puppet.saying("before\n" + "x" * ((1 << 20) - 3) + "END\nafter\n"):
        answers(view)
    view.expect_line(3, "after")
    view.expect_lines(3)
    answers(view)
    view.press("Home")
    view.expect_line(1, "before")
    shown = view.line(2).inner_text()
    assert set(shown) == {"x"}
    more = view.log.get_by_role("button", name="more")
    expect(more).to_contain_text("1008 KiB more")
    more.click()
    expect(more).not_to_contain_text("1008 KiB more")
    assert len(view.line(2).inner_text()) > len(shown)
    # All of it can be reached, a part at a time.
    parts = 0
    while "END" not in view.line(2).inner_text():
        before = more.first.inner_text()
        more.first.click()
        expect(view.log).not_to_contain_text(before)
        parts += 1
    assert parts == 4
    earlier = view.log.get_by_role("button", name="768 KiB before")
    earlier.click()
    expect(view.log.get_by_role("button", name="512 KiB before")).to_be_visible()
    expect(view.line(2)).not_to_contain_text("END")
    view.press("End")
    view.expect_line(3, "after")
    answers(view)


def test_ten_megabytes_without_a_newline(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet")
    view = open_page(process.url)
    with puppet.saying("y" * 10_000_000):
        expect(view.line(1)).to_be_attached()
        answers(view)
    view.expect_lines(1)
    puppet.say("END\nafter\n")
    view.expect_line(2, "after")
    answers(view)
    again = open_page(process.url)
    again.expect_line(2, "after")
    answers(again)
    again.press("Home")
    for _ in range(2):
        again.log.get_by_role("button", name="more: show").click()
    again.log.get_by_role("button", name="to the end").click()
    expect(again.line(2)).to_be_in_viewport()
    expect(again.line(1)).to_contain_text("END")
    again.press("End")
    answers(again)


def test_million_empty_lines(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet")
    view = open_page(process.url)
    with puppet.saying("\n" * 1_000_000):
        answers(view)
    puppet.say("after\n")
    view.expect_lines(1_000_001)
    view.expect_line(1_000_001, "after")
    answers(view)
    view.press("Home")
    view.expect_line(1, "")
    view.press("End")
    view.expect_line(1_000_001, "after")
    assert view.page.locator(".line").count() < 300


def test_flood_of_short_lines(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet")
    view = open_page(process.url)
    with puppet.saying("".join(f"{n}\n" for n in range(1, 1_500_001))):
        answers(view)
    view.expect_lines(1_500_000)
    view.expect_line(1_500_000, "1500000")


SEQUENCES = [
    f"{ESC}[" + "1;" * 20_000,
    f"{ESC}]0;" + "t" * 60_000,
    f"{ESC}P" + "q" * 60_000,
    f"{ESC}[31m" * 50_000,
    f"{ESC}[1000000C*" * 5_000,
    f"{ESC}[1000000@" * 5_000,
    f"a{ESC}[1K" * 20_000,
    "a\b" * 50_000,
    "e" + "\u0301" * 60_000,
    f"{ESC}[38;2;{ESC}[48;5;{ESC}]{ESC}_" * 5_000,
    "".join(f"{ESC}[{n % 108}m{n}" for n in range(20_000)),
]


def test_escape_sequences_without_end(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet")
    view = open_page(process.url)
    for index, sequence in enumerate(SEQUENCES):
        first = index * 10 + 1
        puppet.say(f"before\n{sequence}\n" * 4 + f"{ESC}[0mafter\n\n")
        view.expect_line(first + 8, "after")
        answers(view)
        for key in ("PageUp", "PageUp", "End"):
            view.press(key)
            assert view.rows()
        view.expect_line(first + 8, "after")
    answers(view)
    view.press("Home")
    view.expect_line(1, "before")


def test_random_bytes(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet")
    view = open_page(process.url)
    noise = random.Random(3).randbytes(3_000_000)
    with puppet.saying(noise):
        answers(view)
    puppet.say(f"\n{ESC}[0m\nafter\n")
    last = noise.count(b"\n") + 3
    view.expect_line(last, "after")
    answers(view)
    for key in ("Home", "PageDown", "PageDown", "End"):
        view.press(key)
        assert view.rows()
    view.expect_line(last, "after")


def test_lines_that_are_long_only_in_bytes(open_page: Open, run: Run) -> None:
    """As progress bars leave them behind: a screen is full of them, and they are all there."""
    process, puppet = run("--pipe", "--quiet")
    states = "".join(f"\r{percent} % {'=' * percent}" for percent in range(100))
    puppet.say("".join(f"{states}\r{ESC}[Kline {n}\n" for n in range(1, 501)))
    view = open_page(process.url, viewport={"width": 1280, "height": 1600})
    view.expect_line(500, "line 500")
    assert len(view.lines()) > 70
    read = [(row.line, row.text) for row in view.read_all() if row.line]
    assert read == [(n, f"line {n}") for n in range(1, 501)]
