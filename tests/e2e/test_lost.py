"""Who joins late, and who loses the connection and comes back, has what everyone has."""

import random

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import LOST, Complaints, Open, Run
from tests.e2e.proxy import Proxy
from tests.e2e.view import Row

pytestmark = pytest.mark.browser

TALL = {"width": 1280, "height": 2400}


def numbered(first: int, last: int) -> str:
    return "".join(f"line {n}\n" for n in range(first, last + 1))


def texts(rows: list[Row]) -> list[tuple[int, str]]:
    return [(row.line, row.text) for row in rows if row.kind == "line"]


def test_pages_that_join_at_different_times_show_the_same(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe")
    views = []
    title = "t" * 10_000  # nothing to see, but a segment is full after some hundred lines
    for joined in range(3):
        views.append(open_page(process.url))
        for first in range(joined * 120 + 1, joined * 120 + 121, 40):
            lines = range(first, first + 40)
            puppet.say("".join(f"line\x1b]2;{title}\x07 {n}\n" for n in lines))
    for view in views:
        view.expect_lines(360)
        assert texts(view.read_all()) == [(n, f"line {n}") for n in range(1, 361)]


def test_cut_in_the_middle_of_a_frame(open_page: Open, run: Run, complaints: Complaints) -> None:
    complaints.allow(LOST)
    process, puppet = run("--pipe")
    with Proxy(process.port) as proxy:
        view = open_page(proxy.url)
        chance = random.Random(1)
        wanted: list[tuple[int, str]] = []
        for cut in range(1, 5):
            puppet.say(f"before cut {cut}\n")
            view.expect_line(len(wanted) + 1, f"before cut {cut}")
            # One record, which does not compress to less than twice what is let through of it.
            word = chance.randbytes(6_000).hex()
            proxy.cut(after=chance.randrange(1, 3_000))
            puppet.say(f"\x1b]0;{word}\x07cut {cut}\n")
            proxy.wait_cut()
            puppet.say(f"after cut {cut}\n")
            number = len(wanted)
            wanted += [
                (number + 1, f"before cut {cut}"),
                (number + 2, f"cut {cut}"),
                (number + 3, f"after cut {cut}"),
            ]
            view.expect_line(*wanted[-1])
            view.expect_state("live")
            view.expect_following()
        assert proxy.opened == 5
        assert texts(view.rows()) == wanted
        expect(view.gaps).to_have_count(0)


def test_cut_again_and_again_while_output_goes_on(
    open_page: Open, run: Run, complaints: Complaints
) -> None:
    complaints.allow(LOST)
    process, puppet = run("--pipe")
    with Proxy(process.port) as proxy:
        view = open_page(proxy.url, viewport=TALL)
        said = 0
        for cut in range(1, 5):
            for _ in range(10):
                puppet.say(numbered(said + 1, said + 10))
                said += 10
                if said % 100 == 50:
                    proxy.cut()
            proxy.wait_opened(cut + 1)
        view.expect_lines(said)
        view.expect_state("live")
        assert texts(view.read_all()) == [(n, f"line {n}") for n in range(1, said + 1)]
        expect(view.gaps).to_have_count(0)


def test_reading_is_not_disturbed_by_a_lost_connection(
    open_page: Open, run: Run, complaints: Complaints
) -> None:
    complaints.allow(LOST)
    process, puppet = run("--pipe")
    with Proxy(process.port) as proxy:
        view = open_page(proxy.url)
        puppet.say(numbered(1, 200))
        view.expect_line(200, "line 200")
        view.press("PageUp")
        view.expect_following(False)
        with view.standing_still():
            proxy.down()
            view.expect_state("reconnecting")
            puppet.say(numbered(201, 300))
            proxy.up(process.port)
            view.expect_state("live")
            view.expect_lines(300)
        view.press("End")
        view.expect_line(300, "line 300")


def test_restarted_webtee_is_a_new_log(open_page: Open, run: Run, complaints: Complaints) -> None:
    complaints.allow(LOST)
    process, puppet = run("--title", "the first")
    with Proxy(process.port) as proxy:
        view = open_page(proxy.url)
        puppet.say(numbered(1, 50))
        view.expect_line(50, "line 50")
        proxy.down()
        process.interrupt()
        process.wait()
        view.expect_state("reconnecting")
        again, puppet = run("--title", "the second")
        puppet.say("another life\n")
        proxy.up(again.port)
        view.expect_state("live")
        expect(view.page).to_have_title("the second")
        view.expect_line(1, "another life")
        view.expect_lines(1)
        rows = view.rows()
        assert [row.kind for row in rows] == ["boundary", "boundary", "line"]
        assert "new log" in rows[0].text
        puppet.say("goes on\n")
        view.expect_line(2, "goes on")


def test_a_stream_that_is_no_more_is_said_to_be(
    open_page: Open, run: Run, complaints: Complaints
) -> None:
    complaints.allow(LOST)
    process, puppet = run("--name", "first")
    with Proxy(process.port) as proxy:
        view = open_page(proxy.url)
        puppet.say(numbered(1, 50))
        view.expect_line(50, "line 50")
        proxy.down()
        process.interrupt()
        process.wait()
        again, puppet = run("--name", "second")
        puppet.say("another\n")
        proxy.up(again.port)
        alert = view.page.get_by_role("alert")
        expect(alert).to_contain_text("no stream “first” any more. There is second.")
        expect(view.state).to_contain_text("no longer here")
        # What was had is there to be read.
        assert [row.text for row in view.rows()][-1] == "line 50"
        alert.get_by_role("link", name="second").click()
        view.expect_state("live")
        view.expect_line(1, "another")
        expect(view.page.get_by_role("alert")).to_have_count(0)
