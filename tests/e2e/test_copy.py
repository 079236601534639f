"""The menu's Copy and Clear: plain text without numbers, and an empty page here only."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Open, Run
from tests.e2e.view import View

pytestmark = pytest.mark.browser


def copied(view: View) -> str:
    expect(view.page.get_by_test_id("toast")).to_have_text("Copied")
    text: str = view.page.evaluate("navigator.clipboard.readText()")
    return text


@pytest.fixture
def view(open_page: Open, run: Run) -> View:
    process, puppet = run("--pipe")
    puppet.say("".join(f"\033[3{n % 8}mline\033[0m {n}\n" for n in range(1, 1001)))
    view = open_page(process.url)
    view.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    view.expect_line(1000, "line 1000")
    return view


def test_lines_in_sight(view: View) -> None:
    view.page.get_by_role("button", name="Menu").click()
    view.page.get_by_role("button", name="Copy").click()
    lines = copied(view).split("\n")
    assert lines[-1] == "line 1000"
    assert lines == [f"line {n}" for n in range(1001 - len(lines), 1001)]
    assert 30 <= len(lines) <= len(view.rows())


def test_chosen_lines_wherever_one_is(view: View) -> None:
    view.page.evaluate("location.hash = 'L20-L300'")
    view.expect_following(False)
    view.press("End")
    view.press("c")
    assert copied(view) == "\n".join(f"line {n}" for n in range(20, 301))


def test_selected_text(view: View) -> None:
    box = view.line(990).bounding_box()
    assert box is not None
    view.page.mouse.dblclick(box["x"] + 10, box["y"] + 8)
    view.expect_following(False)
    view.press("c")
    assert copied(view) == "line"


def test_only_what_a_filter_lets_through(view: View) -> None:
    view.press("f")
    view.page.keyboard.type("line 10")
    expect(view.page.get_by_test_id("found")).to_have_text("12 lines")
    view.press("Enter")
    view.press("c")
    wanted = [n for n in range(1, 1001) if str(n).startswith("10")]
    assert copied(view) == "\n".join(f"line {n}" for n in wanted)


def test_clipboard_that_is_refused(view: View) -> None:
    view.page.evaluate(
        """() => {
          navigator.clipboard.writeText = () => Promise.reject(new Error("no"));
          document.execCommand = () => false;
        }"""
    )
    view.press("c")
    expect(view.page.get_by_test_id("toast")).to_contain_text("does not allow copying")


def test_clear_is_local(view: View, open_page: Open) -> None:
    other = open_page(view.page.url)
    for _ in range(2):  # once more does no harm
        view.page.get_by_role("button", name="Menu").click()
        view.page.get_by_role("button", name="Clear", exact=True).click()
    assert view.lines() == {}
    view.expect_following()
    view.expect_lines(1000)
    other.expect_line(1000, "line 1000")
    view.log.get_by_role("button", name="show").click()
    view.press("End")
    view.expect_line(1000, "line 1000")
