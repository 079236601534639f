"""Finding: the next and the previous line that matches, of everything that is kept."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Open, Run
from tests.e2e.test_filter import lines, text
from tests.e2e.view import View

pytestmark = pytest.mark.browser


def current(view: View) -> int:
    """The line that is marked as the current hit, once it is in sight."""
    mark = view.page.locator(".line.current")
    expect(mark).to_have_count(1)
    expect(mark).to_be_in_viewport()
    return int(mark.get_attribute("data-line") or 0)


def test_next_and_previous_around_the_ends(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet")
    puppet.say(lines(1, 30_000))
    view = open_page(f"{process.url}#find=r:^error%20[123]0000%20")
    view.expect_line(30_000, text(30_000))
    view.press("n")
    assert current(view) == 30_000
    view.expect_following(False)
    view.press("n")
    assert current(view) == 10_000
    view.press("n")
    assert current(view) == 20_000
    view.expect_line(20_000, text(20_000))
    box, log = view.line(20_000).bounding_box(), view.log.bounding_box()
    assert box is not None
    assert log is not None
    assert 0.4 < (box["y"] - log["y"]) / log["height"] < 0.6
    view.press("N")
    assert current(view) == 10_000
    view.press("N")
    assert current(view) == 30_000
    # From what is in sight, when one has gone elsewhere.
    view.press("Home")
    view.expect_line(1, text(1))
    view.press("n")
    assert current(view) == 10_000
    # What comes counts.
    puppet.say("error 30000 again\n")
    view.expect_lines(30_001)
    view.press("N")
    assert current(view) == 30_001


def test_first_step_from_the_end_leads_to_the_last_hit(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet")
    puppet.say(lines(1, 5000))
    view = open_page(f"{process.url}#find=r:^error%20[1-4]000%20")
    view.expect_line(5000, text(5000))
    view.press("n")
    assert current(view) == 4000
    view.press("n")
    assert current(view) == 1000
    view.press("End")
    view.expect_line(5000, text(5000))
    view.press("n")
    assert current(view) == 4000
    view.press("Home")
    view.expect_line(1, text(1))
    view.press("N")
    assert current(view) == 1000


def test_find_within_a_filter(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet")
    puppet.say(lines(1, 20_000))
    view = open_page(f"{process.url}#filter=:error&find=r:%20[0-9]*5[05]%20")
    view.expect_line(20_000, text(20_000))
    for number in (19_950, 19_850, 19_750):
        view.press("N")
        assert current(view) == number
    assert all(row.line % 10 == 0 for row in view.rows() if row.kind == "line")
    view.show("find=r:%20[0-9]*5[05]%20")
    assert any(text(row.line).startswith("fine") for row in view.rows() if row.kind == "line")
    view.press("n")
    first = current(view)
    view.press("n")
    assert {first % 100, current(view) % 100} == {50, 55}
