"""What is shown as a file: the whole log, or what a filter and a range of time let through."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Open, Run
from tests.e2e.test_playback import stop_at
from tests.e2e.view import View

pytestmark = pytest.mark.browser


def download(view: View, name: str) -> str:
    view.page.get_by_role("button", name="Menu").click()
    with view.page.expect_download() as waiting:
        view.page.get_by_role("dialog", name="Menu").get_by_role("link", name=name).click()
    assert waiting.value.suggested_filename.endswith(".txt")
    text = Path(waiting.value.path()).read_text("utf-8")
    view.press("Escape")
    return text


def test_download(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe")
    puppet.say(
        "".join(f"\033[32m{'error' if n % 10 == 0 else 'fine'}\033[0m {n}\n" for n in range(1, 101))
    )
    view = open_page(process.url)
    view.expect_line(100, "error 100")
    plain = [f"{'error' if n % 10 == 0 else 'fine'} {n}" for n in range(1, 101)]
    assert download(view, "Download").splitlines() == plain
    view.press("f")
    view.page.keyboard.type("error")
    expect(view.page.get_by_test_id("found")).to_have_text("10 lines")
    assert download(view, "Download the lines shown").splitlines() == plain[9::10]
    view.page.get_by_role("button", name="Hide matching lines").click()
    expect(view.page.get_by_test_id("found")).to_have_text("90 lines")
    wanted = [line for line in plain if "error" not in line]
    assert download(view, "Download the lines shown").splitlines() == wanted


def test_neither_what_was_cleared_away_nor_what_is_yet_to_come(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe")
    puppet.say("one\n")
    view = open_page(process.url)
    view.expect_line(1, "one")
    view.page.get_by_role("button", name="Menu").click()
    view.page.get_by_role("button", name="Clear", exact=True).click()
    for number, text in ((2, "two"), (3, "three")):
        puppet.say(f"{text}\n")
        view.expect_line(number, text)
    puppet.exit()
    view.expect_state("ended")
    assert download(view, "Download the lines shown").split() == ["two", "three"]
    stop_at(view, "Home")
    expect(view.page.locator(".line")).to_have_count(0)
    assert download(view, "Download the lines shown") == ""
