"""Find and filter, as hands and eyes use them: typed, stepped through, kept, shared and cleared."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Open, Run
from tests.e2e.puppet import Puppet
from tests.e2e.view import View

pytestmark = pytest.mark.browser

LINES = [
    f"{'ERROR' if n % 100 == 0 else 'info'} {'(a+b)' if n % 250 == 0 else 'work'} {n}"
    for n in range(1, 1001)
]
ERRORS = [n for n in range(1, 1001) if n % 100 == 0]

Watch = Callable[[str], tuple[View, Puppet]]


@pytest.fixture
def watch(open_page: Open, run: Run) -> Watch:
    def watch(hash_: str = "") -> tuple[View, Puppet]:
        process, puppet = run("--pipe")
        puppet.say("".join(f"{line}\n" for line in LINES))
        view = open_page(process.url + hash_)
        view.expect_lines(1000)
        return view, puppet

    return watch


@pytest.fixture
def view(watch: Watch) -> View:
    view, _ = watch("")
    view.expect_line(1000, LINES[-1])
    return view


def field(view: View) -> Locator:
    return view.page.get_by_role("search").get_by_role("textbox")


def found(view: View) -> Locator:
    return view.page.get_by_test_id("found")


def option(view: View, name: str) -> Locator:
    return view.page.get_by_role("search").get_by_role("button", name=name)


@pytest.mark.parametrize("key", ["/", "Control+f"])
def test_find(view: View, key: str) -> None:
    view.press(key)
    expect(field(view)).to_be_focused()
    view.page.keyboard.type("error")
    expect(found(view)).to_have_text("10 matches")
    expect(view.page).to_have_url(re.compile(r"#find=:error$"))
    view.expect_following()  # looking does not move anything yet
    for at, line in ((10, 1000), (1, 100), (2, 200)):
        view.press("Enter")
        expect(found(view)).to_have_text(f"{at} of 10")
        expect(view.line(line)).to_be_in_viewport()
    view.press("Shift+Enter")
    expect(found(view)).to_have_text("1 of 10")
    option(view, "Previous match").click()
    expect(found(view)).to_have_text("10 of 10")
    option(view, "Next match").click()
    expect(found(view)).to_have_text("1 of 10")
    view.log.focus()
    view.press("n")
    expect(found(view)).to_have_text("2 of 10")
    view.press("Shift+N")
    expect(found(view)).to_have_text("1 of 10")
    view.press("Escape")
    expect(field(view)).to_be_hidden()
    expect(view.page).not_to_have_url(re.compile("find"))


def test_second_ctrl_f_is_the_browsers(view: View) -> None:
    taken = """(element) => {
      const ways = { bubbles: true, cancelable: true, composed: true };
      const event = new KeyboardEvent("keydown", { key: "f", ctrlKey: true, ...ways });
      element.dispatchEvent(event);
      return event.defaultPrevented;
    }"""
    assert view.page.locator("body").evaluate(taken)
    expect(field(view)).to_be_focused()
    assert not field(view).evaluate(taken)


def test_typing_brings_the_nearest_match_and_escape_goes_back(view: View) -> None:
    view.press("/")
    view.page.keyboard.type("work 600")
    expect(view.line(600)).to_be_in_viewport()
    view.expect_following(False)
    expect(found(view)).to_have_text("1 match")
    view.press("Enter")
    expect(found(view)).to_have_text("1 of 1")
    view.press("Escape")  # something else was done there: it stays
    expect(field(view)).to_be_hidden()
    rows = view.rows()
    assert 600 in {row.line for row in rows}
    view.press("/")
    view.page.keyboard.type("(a+b)")
    expect(view.line(750)).to_be_in_viewport()
    view.page.keyboard.type(" 5")
    expect(view.line(500)).to_be_in_viewport()
    view.press("Escape")
    expect(field(view)).to_be_hidden()
    assert view.rows() == rows
    view.press("End")
    view.expect_following()
    view.press("/")
    view.page.keyboard.type("(a+b) 250")
    expect(view.line(250)).to_be_in_viewport()
    view.press("Escape")
    view.expect_following()
    view.expect_line(1000, LINES[-1])


def test_enter_at_once_finds_what_was_just_typed(view: View) -> None:
    view.press("/")
    view.page.keyboard.type("ERROR work 600")
    view.press("Enter")
    expect(found(view)).to_have_text("1 of 1")
    expect(view.line(600)).to_be_in_viewport()


def test_case_and_regular_expression(view: View) -> None:
    view.press("/")
    view.page.keyboard.type("(a+b)")
    expect(found(view)).to_have_text("4 matches")
    option(view, "Regular expression").click()
    expect(found(view)).to_have_text("No matches")
    expect(field(view)).to_be_focused()
    expect(view.page).to_have_url(re.compile(r"find=r:"))
    field(view).fill("ERR|INFO")
    expect(found(view)).to_have_text("1,000 matches")
    option(view, "Match case").click()
    expect(found(view)).to_have_text("10 matches")
    expect(view.page).to_have_url(re.compile(r"find=rc:"))


@pytest.mark.parametrize("pattern", ["(a", "a**", "[", r"\q", "(?<=a)b"])
def test_pattern_that_makes_no_sense(view: View, pattern: str) -> None:
    view.press("f")
    option(view, "Regular expression").click()
    view.page.keyboard.type("ERROR")
    expect(found(view)).to_have_text("10 lines")
    field(view).fill(pattern)
    expect(field(view)).to_have_attribute("aria-invalid", "true")
    expect(field(view)).to_have_accessible_description(re.compile(r"\w"))
    assert [*view.lines()] == ERRORS  # what was filtered stays
    option(view, "Regular expression").click()
    expect(field(view)).to_have_attribute("aria-invalid", "false")


def test_filter(view: View) -> None:
    view.press("f")
    expect(field(view)).to_be_focused()
    view.page.keyboard.type("ERROR")
    expect(found(view)).to_have_text("10 lines")
    assert [*view.lines()] == ERRORS
    expect(view.page).to_have_url(re.compile(r"#filter=:ERROR$"))
    option(view, "Hide matching lines").click()
    expect(found(view)).to_have_text("990 lines")
    assert not {*ERRORS} & {*view.lines()}
    option(view, "Hide matching lines").click()
    expect(found(view)).to_have_text("10 lines")
    option(view, "More context").click()
    assert {99, 100, 101} <= {*view.lines()} or {999, 1000} <= {*view.lines()}
    expect(view.page).to_have_url(re.compile("context=1"))
    option(view, "Less context").click()
    assert [*view.lines()] == ERRORS
    view.press("Escape")
    expect(field(view)).to_be_hidden()
    chip = view.page.get_by_test_id("chip-filter")
    expect(chip).to_contain_text(re.compile(r"ERROR\s+10 lines"))
    assert [*view.lines()] == ERRORS  # a filter stays
    chip.get_by_role("button", name="ERROR").click()
    expect(field(view)).to_have_value("ERROR")
    view.press("Enter")
    expect(field(view)).to_be_hidden()
    chip.get_by_role("button", name="Show all lines").click()
    expect(chip).to_be_hidden()
    expect(view.page).not_to_have_url(re.compile("filter"))
    assert len(view.lines()) > 20


def test_find_within_a_filter(view: View) -> None:
    view.press("f")
    view.page.keyboard.type("ERROR")
    expect(found(view)).to_have_text("10 lines")
    view.press("Enter")
    view.press("/")
    view.page.keyboard.type("(a+b)")
    expect(found(view)).to_have_text("2 matches")  # 500 and 1000
    view.press("Enter")
    view.press("Enter")
    expect(found(view)).to_have_text(re.compile("of 2$"))
    assert [*view.lines()] == ERRORS


def test_the_same_words_the_other_way(view: View) -> None:
    view.press("/")
    view.page.keyboard.type("ERROR")
    expect(found(view)).to_have_text("10 matches")
    option(view, "Filter").click()
    expect(found(view)).to_have_text("10 lines")
    expect(field(view)).to_be_focused()
    expect(view.page).to_have_url(re.compile(r"#filter=:ERROR$"))
    option(view, "Find").click()
    expect(found(view)).to_have_text(re.compile("10"))
    expect(view.page).to_have_url(re.compile(r"#find=:ERROR$"))
    assert len(view.lines()) > 20


def test_highlights_that_stay(view: View) -> None:
    view.press("/")
    for n, word in enumerate(["ERROR", "work", "7"], 1):
        field(view).fill(word)
        expect(found(view)).to_contain_text("match")
        option(view, "Keep as highlight").click()
        expect(view.page.get_by_test_id("chip-mark")).to_have_count(n)
        expect(option(view, "Keep as highlight")).to_be_disabled()  # it is kept
    view.press("Escape")
    expect(view.page).to_have_url(re.compile(r"#mark=:ERROR&mark=:work&mark=:7$"))
    chips = view.page.get_by_test_id("chip-mark")
    colours = {view.colour(chips.nth(n).locator(".dot"), "backgroundColor") for n in range(3)}
    assert len(colours) == 3
    chips.nth(1).get_by_role("button", name="Remove highlight").click()
    expect(chips).to_have_count(2)
    expect(view.page).to_have_url(re.compile(r"#mark=:ERROR&mark=:7$"))
    chips.nth(0).get_by_role("button", name="ERROR").click()
    expect(field(view)).to_have_value("ERROR")
    expect(found(view)).to_have_text("10 matches")


def test_shared_view(watch: Watch) -> None:
    view, puppet = watch("#find=c:work&filter=r:ERR..%20&context=0&mark=:500")
    expect(field(view)).to_have_value("work")
    expect(option(view, "Match case")).to_have_attribute("aria-pressed", "true")
    expect(found(view)).to_have_text("8 matches")
    expect(view.page.get_by_test_id("chip-filter")).to_contain_text("ERR..")
    expect(view.page.get_by_test_id("chip-mark")).to_contain_text("500")
    assert [*view.lines()] == ERRORS
    puppet.say("info\nERROR work\n")
    expect(found(view)).to_have_text("9 matches")
    assert [*view.lines()] == [*ERRORS, 1002]
    view.page.evaluate("location.hash = ''")
    expect(view.page.get_by_test_id("chip-filter")).to_be_hidden()
    expect(field(view)).to_have_value("")


def test_range_of_time_without_its_timeline(watch: Watch) -> None:
    view, _ = watch("#from=1&to=2")
    chip = view.page.get_by_test_id("chip-range")
    expect(chip).to_have_text(re.compile(r"(\w+ \w+, \d\d:\d\d:\d\d\.\d\d\W*){2}"))
    expect(view.log).to_be_visible()
    assert view.lines() == {}
    view.press("l")
    expect(chip).to_be_hidden()  # the timeline shows it
    view.press("l")
    chip.get_by_role("button", name="Show all times").click()
    expect(chip).to_be_hidden()
    view.expect_line(1000, LINES[-1])


def test_several_lines_are_pasted(view: View) -> None:
    view.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    view.page.evaluate(r"navigator.clipboard.writeText('ERROR\ninfo\n')")
    view.press("/")
    view.press("Control+v")
    expect(field(view)).to_have_value("ERROR")
    expect(field(view)).to_have_accessible_description(re.compile("Only the first line"))
    expect(found(view)).to_have_text("10 matches")


def test_selected_text_is_looked_for(view: View) -> None:
    box = view.line(1000).bounding_box()
    assert box is not None
    view.page.mouse.dblclick(box["x"] + 10, box["y"] + 8)
    view.press("Control+f")
    expect(field(view)).to_have_value("ERROR")
    expect(found(view)).to_have_text("10 matches")


def test_by_mouse(view: View) -> None:
    button = view.page.get_by_role("button", name="Find and filter")
    button.click()
    expect(field(view)).to_be_focused()
    expect(button).to_have_attribute("aria-pressed", "true")
    view.page.keyboard.type("ERROR")
    expect(found(view)).to_have_text("10 matches")
    option(view, "Close").click()
    expect(field(view)).to_be_hidden()
    expect(button).to_be_focused()
    button.click()
    expect(field(view)).to_be_focused()
    button.click()
    expect(field(view)).to_be_hidden()


def test_letters_in_the_field_are_letters(view: View) -> None:
    view.press("/")
    view.page.keyboard.type("gGnNfw t?/l+-")
    expect(field(view)).to_have_value("gGnNfw t?/l+-")
    view.expect_following()
    expect(view.page.get_by_role("dialog")).to_have_count(0)
