"""Filtering: only what matches is shown, over everything that is kept and all that comes."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import LOST, Complaints, Open, Run
from tests.e2e.proxy import Proxy
from tests.e2e.puppet import Puppet
from tests.e2e.test_gaps import Noise
from tests.e2e.view import View

pytestmark = pytest.mark.browser


def text(number: int) -> str:
    word = "error" if number % 10 == 0 else "fine"
    return f"{word} {number} {number * 7919 % 10_007:0120}"


def lines(first: int, last: int) -> str:
    return "".join(f"{text(number)}\n" for number in range(first, last + 1))


Watch = Callable[..., tuple[View, Puppet]]


@pytest.fixture
def watch(open_page: Open, run: Run) -> Watch:
    """A page of a log with so many lines, of which each tenth is an error."""

    def watch(count: int, fragment: str = "", **options: Any) -> tuple[View, Puppet]:
        process, puppet = run("--pipe", "--quiet")
        puppet.say(lines(1, count))
        view = open_page(f"{process.url}{fragment}", **options)
        view.expect_lines(count)
        return view, puppet

    return watch


def shown(view: View) -> list[int]:
    return [row.line for row in view.rows() if row.kind == "line"]


def tens(last: int, count: int) -> list[int]:
    return list(range(last - 10 * (count - 1), last + 1, 10))


def test_filter_of_a_link(watch: Watch) -> None:
    view, puppet = watch(60_000, "#filter=:error")
    view.expect_line(60_000, text(60_000))
    numbers = shown(view)
    assert numbers == tens(60_000, len(numbers))
    assert len(numbers) > 20
    view.expect_following()
    # What comes is looked at here.
    puppet.say(lines(60_001, 60_009))
    view.expect_lines(60_009)
    assert shown(view)[-1] == 60_000
    puppet.say(lines(60_010, 60_025))
    view.expect_line(60_020, text(60_020))
    assert shown(view)[-1] == 60_020
    # The scroll bar and the keys know only what is let through.
    view.press("Home")
    view.expect_line(10, text(10))
    numbers = shown(view)
    assert numbers == tens(10 * len(numbers), len(numbers))
    view.press("PageDown")
    assert shown(view)[0] > numbers[0]
    view.press("End")
    view.expect_line(60_020, text(60_020))


def test_line_that_grows_is_looked_at_again(watch: Watch) -> None:
    view, puppet = watch(100, "#filter=:error")
    view.expect_line(100, text(100))
    puppet.say("this becomes an ")
    view.expect_lines(101)
    assert shown(view)[-1] == 100
    puppet.say("error")
    view.expect_line(101, "this becomes an error")
    puppet.say(" or so\n")
    view.expect_line(101, "this becomes an error or so")


def test_inverted_filter_lets_a_line_go(watch: Watch) -> None:
    view, puppet = watch(100, "#filter=v:error")
    view.expect_line(99, text(99))
    puppet.say("fine so f")
    view.expect_line(101, "fine so f")
    puppet.say("ar, error\n")
    expect(view.line(101)).to_have_count(0)
    assert shown(view)[-1] == 99


def test_context(watch: Watch) -> None:
    view, puppet = watch(20_000, "#filter=r:error%205?%2B00%20&context=2")
    view.show("filter=rc:^error 1.00 &context=2")
    view.expect_line(1902, text(1902))
    groups = [range(n - 2, n + 3) for n in range(1000, 2000, 100)]
    assert shown(view) == [number for group in groups for number in group][-len(shown(view)) :]
    apart = view.page.locator(".line.apart").evaluate_all(
        "(rows) => rows.map((r) => r.dataset.line)"
    )
    assert len(apart) >= len(shown(view)) // 5 - 1
    assert all(int(number) % 100 == 98 for number in apart)
    puppet.say("error 1000 \n")
    view.expect_line(20_001, "error 1000 ")
    assert shown(view)[-3:] == [19_999, 20_000, 20_001]
    puppet.say("and what follows\n" * 4)
    view.expect_line(20_003, "and what follows")
    assert shown(view)[-1] == 20_003


def test_reading_stays_where_it_is(watch: Watch) -> None:
    view, _ = watch(30_000)
    view.page.evaluate("location.hash = 'L15000'")
    view.expect_line(15_000, text(15_000))
    top = next(row.top for row in view.rows() if row.line == 15_000)
    view.show("filter=:error")
    view.expect_following(False)
    expect(view.line(15_001)).to_have_count(0)
    numbers = shown(view)
    assert all(number % 10 == 0 for number in numbers)
    assert 15_000 in numbers
    # Back among the others, from another line.
    row = view.page.locator('.line[data-line="15020"]')
    before = next(row.top for row in view.rows() if row.line == 15_020)
    row.hover()
    row.get_by_role("button", name="context").click()
    expect(view.line(15_021)).to_be_in_viewport()
    after = {row.line: row.top for row in view.rows()}
    assert abs(after[15_020] - before) < 2
    assert "filter" not in view.page.url
    assert top > 0


def test_few_lines_are_shown_at_once_where_many_were(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet")
    puppet.say("error at the beginning " + "far too long " * 600 + "\n")
    puppet.say(lines(2, 130))
    view = open_page(f"{process.url}", viewport={"width": 360, "height": 640})
    view.expect_lines(130)
    view.wheel(-600)
    view.expect_following(False)
    view.rows()
    # The scroll bar is far shorter now: the browser moves it, and that is nobody's wish.
    view.show("filter=:error")
    expect(view.line(129)).to_have_count(0)
    assert {110, 120, 130} <= set(shown(view))


def test_typing_changes_what_is_shown(watch: Watch) -> None:
    view, _ = watch(30_000)
    for fragment, last in [
        ("filter=:e", 30_000),
        ("filter=:er", 30_000),
        ("filter=:error 2", 29_990),
        ("filter=:error 299", 29_990),
    ]:
        view.show(fragment)
        view.expect_line(last, text(last))
    view.show("filter=:nothing says this")
    expect(view.page.get_by_text("No line matches the filter")).to_be_visible()
    assert shown(view) == []
    # What makes no sense takes nothing away.
    view.show("filter=:error 1234")
    view.expect_line(12_340, text(12_340))
    view.show("filter=r:error (")
    view.expect_line(12_340, text(12_340))
    view.show("")
    view.expect_line(30_000, text(30_000))


def test_filter_finds_what_the_page_was_not_sent(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet")
    noise = Noise()
    with Proxy(process.port) as proxy:
        view = open_page(f"{proxy.url}#filter=r:^line%20\\d*5")
        puppet.say(noise.lines(1, 10))
        view.expect_line(5, "line 5")
        proxy.stall()
        puppet.say(noise.lines(11, 800))
        proxy.flow()
        view.expect_lines(800)
        view.expect_line(795, "line 795")
        wanted = [number for number in range(1, 801) if "5" in str(number)]
        read = [row for row in view.read_all() if row.kind == "line"]
        assert [row.line for row in read] == wanted
        assert [row.text for row in read] == [f"line {number}" for number in wanted]


def test_filter_of_a_new_log(open_page: Open, run: Run, complaints: Complaints) -> None:
    complaints.allow(LOST)
    process, puppet = run("--pipe", "--quiet")
    puppet.say(lines(1, 300))
    with Proxy(process.port) as proxy:
        view = open_page(f"{proxy.url}#filter=:error")
        view.expect_line(300, text(300))
        proxy.down()
        process.interrupt()
        process.wait()
        view.expect_state("reconnecting")
        again, other = run("--pipe", "--quiet")
        other.say(lines(1, 205))
        proxy.up(again.port)
        view.expect_lines(205)
        view.expect_line(200, text(200))
        numbers = shown(view)
        assert numbers == tens(200, len(numbers))


def test_time_range(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet")
    view = open_page(process.url)
    puppet.say(lines(1, 50))
    view.expect_line(50, text(50))
    between = view.page.evaluate("Date.now() * 1000")
    view.page.evaluate(
        """async (until) => {
          while (Date.now() * 1000 < until) await new Promise(requestAnimationFrame);
        }""",
        between + 50_000,
    )
    puppet.say(lines(51, 100))
    view.expect_line(100, text(100))
    view.show(f"from={between + 20000}&to={between + 600_000_000}")
    view.press("Home")
    view.expect_line(51, text(51))
    assert shown(view)[0] == 51
    view.show(f"from=0&to={between + 20000}")
    view.press("End")
    view.expect_line(50, text(50))
    puppet.say(lines(101, 105))
    view.expect_lines(105)
    assert shown(view)[-1] == 50
