"""Links to lines: made by clicking on numbers; they lead to the line or say why not."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LOST, Complaints, Open, Run
from tests.e2e.proxy import Proxy
from tests.e2e.test_gaps import Noise
from tests.e2e.view import View

pytestmark = pytest.mark.browser


def numbered(first: int, last: int) -> str:
    return "".join(f"line {n}\n" for n in range(first, last + 1))


def fragment(page: Page) -> str:
    return urlsplit(page.url).fragment


def expect_selected(view: View, *numbers: int) -> None:
    marked = view.page.locator(".line.selected")
    expect(marked).to_have_count(len(numbers))
    for number in numbers:
        expect(view.page.locator(f'.line.selected[data-line="{number}"]')).to_be_in_viewport()


def test_click_on_numbers(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe")
    puppet.say(numbered(1, 1000))
    view = open_page(process.url)
    view.expect_line(1000, "line 1000")
    view.number(990).click()
    view.expect_following(False)
    expect_selected(view, 990)
    assert re.fullmatch(r"L990&epoch=[0-9a-f]+", fragment(view.page))
    with view.standing_still():
        puppet.say(numbered(1001, 1500))
        view.expect_lines(1500)
    view.number(993).click(modifiers=["Shift"])
    expect_selected(view, 990, 991, 992, 993)
    assert fragment(view.page).startswith("L990-L993&epoch=")
    view.number(988).click(modifiers=["Shift"])
    expect_selected(view, 988, 989, 990)
    view.number(992).click()
    expect_selected(view, 992)
    with view.standing_still():
        view.press("Escape")
        expect_selected(view)
    assert fragment(view.page) == ""
    view.number(992).click()
    expect_selected(view, 992)
    view.number(992).click()
    expect_selected(view)
    assert fragment(view.page) == ""


def test_link_leads_to_the_line_and_its_marks_last(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet")
    puppet.say("".join(f"line {n} {n * 7919 % 10007:0100}\n" for n in range(1, 60_001)))
    first = open_page(process.url)
    first.expect_lines(60_000)
    first.press("PageUp")
    first.number(59_950).click()
    first.number(59_952).click(modifiers=["Shift"])
    link = first.page.url

    second = open_page(link)
    expect_selected(second, 59_950, 59_951, 59_952)
    second.expect_following(False)
    box, log = second.line(59_950).bounding_box(), second.log.bounding_box()
    assert box is not None
    assert log is not None
    assert 0.2 < (box["y"] - log["y"]) / log["height"] < 0.5
    # A hash that is typed, or a link followed, within the page.
    second.page.evaluate("location.hash = 'L30000'")
    expect_selected(second, 30_000)
    assert second.lines()[30_000].startswith("line 30000 ")
    second.page.evaluate("location.hash = 'L1-L3'")
    expect_selected(second, 1, 2, 3)
    second.press("End")
    second.expect_following()
    expect(second.notice).to_be_hidden()


def test_link_that_leads_nowhere(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet", "--keep", "3MiB")
    puppet.say(Noise().lines(1, 1000))
    for hash_, words in [
        ("L12", "Line 12 is no longer kept"),
        ("L12-L14", "Lines 12 to 14 are no longer kept"),
        ("L2050", "Line 2,050 is not written yet"),
        ("L990&epoch=abc", "This link is to an earlier log"),
    ]:
        view = open_page(f"{process.url}#{hash_}")
        expect(view.notice).to_contain_text(words)
        view.expect_following()
        view.expect_line(1000, "line 1000")
        view.notice.get_by_role("button").click()
        expect(view.notice).to_be_hidden()


def test_log_of_another_epoch(open_page: Open, run: Run, complaints: Complaints) -> None:
    complaints.allow(LOST)
    process, puppet = run("--pipe", "--quiet")
    puppet.say(numbered(1, 200))
    with Proxy(process.port) as proxy:
        view = open_page(proxy.url)
        view.expect_line(200, "line 200")
        view.number(195).click()
        expect_selected(view, 195)
        proxy.down()
        view.expect_state("reconnecting")
        again, other = run("--pipe", "--quiet")
        other.say(numbered(1, 300))
        proxy.up(again.port)
        view.expect_line(300, "line 300")
        expect(view.notice).to_contain_text("This link is to an earlier log")
        expect_selected(view)
        view.expect_following()


def test_numbers_are_not_copied(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe")
    puppet.say(numbered(1, 5))
    view = open_page(process.url)
    view.expect_line(5, "line 5")
    copied = view.page.evaluate(
        """() => {
          const root = document.querySelector("webtee-app").shadowRoot;
          const inner = root.querySelector("webtee-view").shadowRoot;
          const log = inner.querySelector("webtee-log").shadowRoot;
          getSelection().selectAllChildren(log.querySelector(".strip"));
          return getSelection().toString();
        }"""
    )
    assert "line 3" in copied
    assert not re.search(r"^\s*\d", copied, re.MULTILINE)
