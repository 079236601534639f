"""How a browser likes its logs: it takes effect at once, stays, and is the same in all tabs."""

from itertools import pairwise

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Open, Run
from tests.e2e.view import View

pytestmark = pytest.mark.browser


def menu(view: View) -> Locator:
    view.page.get_by_role("button", name="Menu").click()
    return view.page.get_by_role("dialog", name="Menu")


def light(view: View) -> bool:
    bar = view.colour(view.page.locator("webtee-bar"), "backgroundColor")
    return sum(bar[:3]) > 600


@pytest.mark.parametrize("system", ["dark", "light"])
def test_theme(open_page: Open, run: Run, system: str) -> None:
    process, puppet = run()
    puppet.say("text\n")
    view = open_page(process.url, color_scheme=system)
    view.expect_line(1, "text")
    assert light(view) == (system == "light")
    other = "Dark" if system == "light" else "Light"
    menu(view).get_by_role("button", name=other).click()
    expect(view.page.get_by_role("button", name=other)).to_have_attribute("aria-pressed", "true")
    assert light(view) == (system == "dark")
    log = view.colour(view.page.locator("webtee-log"), "backgroundColor")
    assert (sum(log[:3]) > 600) == (system == "dark")
    colours: list[str] = view.page.locator('meta[name="theme-color"]').evaluate_all(
        "(all) => all.map((meta) => meta.content)"
    )
    assert len(set(colours)) == 1  # whatever the system says
    view.page.reload()
    view.expect_line(1, "text")
    assert light(view) == (system == "dark")
    menu(view).get_by_role("button", name="Auto").click()
    assert light(view) == (system == "light")


def test_text_size(open_page: Open, run: Run) -> None:
    process, puppet = run()
    puppet.say("".join(f"{n}\n" for n in range(1, 101)))
    view = open_page(process.url)
    view.expect_line(100, "100")
    rows = len(view.rows())
    for _ in range(7):
        if not view.page.get_by_role("dialog", name="Menu").is_visible():
            menu(view)
        view.page.get_by_role("button", name="Larger").click()
    expect(view.page.get_by_role("dialog", name="Menu").locator("output")).to_have_text("20")
    view.press("Escape")
    view.expect_line(100, "100")
    assert view.line(100).evaluate("(e) => getComputedStyle(e).fontSize") == "20px"
    assert len(view.rows()) < rows
    tops = [row.top for row in view.rows()]
    steps = {round(b - a) for a, b in pairwise(tops)}
    assert steps == {30}


def test_other_tabs_follow(open_page: Open, run: Run) -> None:
    process, _ = run()
    view = open_page(process.url)
    page = view.page.context.new_page()
    page.goto(process.url)
    other = View(page)
    other.expect_state("live")
    menu(view).get_by_role("button", name="Light").click()
    expect(page.locator("webtee-app")).to_have_css("color-scheme", "light")
    assert light(other)
    other.press("+")
    expect(view.page.get_by_role("dialog", name="Menu").locator("output")).to_have_text("14")


@pytest.mark.parametrize("stored", ["", "nonsense", "[]", '{"theme":7,"fontSize":1e9,"wrap":"x"}'])
def test_what_is_stored_may_be_anything(open_page: Open, run: Run, stored: str) -> None:
    process, puppet = run()
    puppet.say("text\n")
    view = open_page(process.url)
    view.page.evaluate("(stored) => localStorage.setItem('webtee', stored)", stored)
    view.page.reload()
    view.expect_line(1, "text")
    expect(menu(view).get_by_role("switch", name="Wrap long lines")).to_be_checked()


def test_browser_that_keeps_nothing(open_page: Open, run: Run) -> None:
    process, puppet = run()
    puppet.say("text\n")
    view = open_page(process.url, wait=False)
    view.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })"
    )
    view.page.reload()
    view.expect_line(1, "text")
    menu(view).get_by_role("button", name="Light").click()
    assert light(view)
