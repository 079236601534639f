"""The menu's Copy and Clear: plain text without numbers, and an empty page here only."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Open, Run
from tests.e2e.view import View

pytestmark = pytest.mark.browser


def copied(view: View, words: str = "Copied") -> str:
    expect(view.page.get_by_test_id("toast")).to_have_text(words)
    return clipboard(view)


def clipboard(view: View) -> str:
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


def text_at(view: View, line: int, character: int) -> tuple[float, float]:
    """Return where on the screen the left edge of a character of a line is."""
    x, y = view.line(line).evaluate(
        """(text, at) => {
          const nodes = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
          let node = nodes.nextNode();
          for (; node.length <= at; node = nodes.nextNode()) at -= node.length;
          const range = document.createRange();
          range.setStart(node, at);
          range.setEnd(node, at + 1);
          const box = range.getBoundingClientRect();
          return [box.left, box.top + box.height / 2];
        }""",
        character,
    )
    return x, y


def test_a_drag_over_lines_that_are_no_longer_drawn(view: View) -> None:
    """Up to where the mouse goes, with the wheel turned meanwhile, and after scrolling away."""
    view.page.mouse.move(*text_at(view, 990, 5))
    view.page.mouse.down()
    view.page.mouse.move(*text_at(view, 985, 5), steps=3)
    for _ in range(12):
        view.page.mouse.wheel(0, -1000)
        view.rows()
    top = next(iter(view.lines())) + 5
    assert top < 600
    view.page.mouse.move(*text_at(view, top, 2), steps=3)
    view.page.mouse.up()
    view.press("Home")
    assert top not in view.lines()
    view.press("Control+c")
    between = [f"line {n}" for n in range(top + 1, 990)]
    wanted = "\n".join([f"line {top}"[2:], *between, "line "])
    assert copied(view, f"Copied {990 - top + 1} lines") == wanted


def test_a_shift_click_far_away(view: View) -> None:
    view.page.mouse.click(*text_at(view, 990, 5))
    view.press("Home")
    view.expect_line(3, "line 3")
    view.page.keyboard.down("Shift")
    view.page.mouse.click(*text_at(view, 3, 5))
    view.page.keyboard.up("Shift")
    view.press("c")
    wanted = "\n".join(["3", *(f"line {n}" for n in range(4, 990)), "line "])
    assert copied(view, "Copied 988 lines") == wanted


def test_all_of_it(view: View) -> None:
    view.press("Control+a")
    expect(view.notice).to_contain_text("1,000 lines selected")
    view.expect_following(False)
    view.press("Home")
    view.expect_line(1, "line 1")
    view.press("Control+c")
    assert copied(view, "Copied 1,000 lines") == "\n".join(f"line {n}" for n in range(1, 1001))
    # What is selected in a field is something else.
    view.press("/")
    view.page.keyboard.type("own words")
    view.press("Control+a")
    view.press("Control+c")
    assert clipboard(view) == "own words"
    view.press("Escape")
    view.press("Escape")
    expect(view.notice).to_be_hidden()
    view.page.evaluate("navigator.clipboard.writeText('before')")
    view.press("Control+c")
    assert clipboard(view) == "before"
    # What a filter lets through; and a click lets go.
    view.press("f")
    view.page.keyboard.type("line 10")
    expect(view.page.get_by_test_id("found")).to_have_text("12 lines")
    view.press("Enter")
    view.log.focus()
    view.press("Control+a")
    expect(view.notice).to_contain_text("12 lines selected")
    view.press("c")
    wanted = [n for n in range(1, 1001) if str(n).startswith("10")]
    assert copied(view, "Copied 12 lines") == "\n".join(f"line {n}" for n in wanted)
    view.page.mouse.click(*text_at(view, 100, 2))
    expect(view.notice).to_be_hidden()


def test_all_of_it_without_a_clipboard(view: View) -> None:
    """On plain http from another machine, browsers offer pages no clipboard."""
    view.page.evaluate(
        """() => {
          window.kept = navigator.clipboard;
          Object.defineProperty(navigator, "clipboard", { value: undefined, configurable: true });
        }"""
    )
    view.press("Control+a")
    view.press("Control+c")
    expect(view.page.get_by_test_id("toast")).to_have_text("Copied 1,000 lines")
    text = view.page.evaluate("window.kept.readText()")
    assert text == "\n".join(f"line {n}" for n in range(1, 1001))


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
