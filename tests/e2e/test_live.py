"""What someone sees who watches a command: all of it, how things stand, and how it ended."""

import re
import shutil
import signal
import subprocess

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import LOST, Complaints, Open, Run
from tests.support.running import webtee

pytestmark = pytest.mark.browser


def test_output_appears_as_it_is_written(open_page: Open, run: Run) -> None:
    process, puppet = run()
    view = open_page(process.url)
    view.expect_state("live")
    puppet.say("one\n")
    view.expect_line(1, "one")
    puppet.say("two\nthr")
    view.expect_line(2, "two")
    view.expect_line(3, "thr")
    view.expect_lines(3)
    puppet.say("ee\n")
    view.expect_line(3, "three")
    view.expect_lines(3)


def test_page_begins_with_what_is_kept(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe")
    puppet.say("".join(f"line {n}\n" for n in range(1, 301)))
    view = open_page(process.url)
    view.expect_lines(300)
    view.expect_line(300, "line 300")
    rows = view.read_all()
    assert [(row.line, row.text) for row in rows if row.line] == [
        (n, f"line {n}") for n in range(1, 301)
    ]
    assert rows[0].kind == "boundary"
    assert "puppet.py" in rows[0].text


def test_nothing_written_yet(open_page: Open, run: Run) -> None:
    process, puppet = run()
    view = open_page(process.url)
    view.expect_state("live")
    view.expect_lines(0)
    puppet.say("at last\n")
    view.expect_line(1, "at last")


def test_title_is_the_command_or_as_given(open_page: Open) -> None:
    with webtee("sh", "-c", "exit 0") as process:
        view = open_page(process.url)
        expect(view.page).to_have_title("exit 0")
        expect(view.page.get_by_role("heading")).to_have_text("exit 0")
    with webtee("--title", "The build", "true") as process:
        view = open_page(process.url)
        expect(view.page).to_have_title("The build")
        expect(view.page.get_by_role("heading")).to_have_text("The build")


def test_pages_count_each_other(open_page: Open, run: Run) -> None:
    process, _ = run()
    first = open_page(process.url)
    expect(first.viewers).to_have_text(re.compile(r"^\s*1\s*viewer\s*$"), use_inner_text=True)
    second = open_page(process.url)
    for view in (first, second):
        expect(view.viewers).to_have_text(re.compile(r"^\s*2\s*viewers\s*$"), use_inner_text=True)
    second.page.close()
    expect(first.viewers).to_have_text(re.compile(r"^\s*1\s*viewer\s*$"), use_inner_text=True)


@pytest.mark.parametrize("code", [0, 3])
def test_exit_code_is_shown(open_page: Open, run: Run, code: int) -> None:
    process, puppet = run()
    view = open_page(process.url)
    puppet.say("last words")
    view.expect_line(1, "last words")
    puppet.exit(code)
    view.expect_state("ended")
    expect(view.state).to_contain_text(re.compile(rf"exit {code}\b.*\d (ms|s)$"))
    expect(view.page.locator(".boundary").last).to_contain_text(
        re.compile(rf"code {code} after \d.* (ms|s)")
    )
    view.expect_line(1, "last words")


@pytest.mark.parametrize(
    ("number", "name"), [(signal.SIGKILL, "SIGKILL"), (signal.SIGRTMIN + 1, "signal 35")]
)
def test_signal_is_shown(open_page: Open, run: Run, number: int, name: str) -> None:
    process, puppet = run()
    view = open_page(process.url)
    puppet.kill(number)
    view.expect_state("ended")
    expect(view.state).to_contain_text(re.compile(rf"{name}.*\d (ms|s)$"))
    expect(view.page.locator(".boundary").last).to_contain_text(re.compile(name))
    process.interrupt()
    assert process.wait() == 128 + number


def test_command_that_ended_before_anyone_came(open_page: Open) -> None:
    with webtee("sh", "-c", "echo hello; exit 4") as process:
        process.err.until("4")  # it says how the command ended
        view = open_page(process.url)
        view.expect_state("ended")
        expect(view.state).to_contain_text("exit 4")
        view.expect_line(1, "hello")
        rows = view.rows()
        assert [row.kind for row in rows] == ["boundary", "line", "boundary"]
        assert "code 4" in rows[2].text


def test_standard_input(open_page: Open) -> None:
    with webtee(stdin=subprocess.PIPE) as process:
        view = open_page(process.url)
        process.send(b"piped\n")
        view.expect_line(1, "piped")
        process.end_input()
        view.expect_state("ended")
        # It has no exit code.
        expect(view.page.get_by_text("Standard input ended after")).to_be_in_viewport()
        expect(view.page.get_by_text(re.compile("exit"))).to_have_count(0)


def test_exit_option_shows_everything_and_goes(
    open_page: Open, run: Run, complaints: Complaints
) -> None:
    complaints.allow(LOST)  # the page goes on asking whether the server is back
    process, puppet = run("--pipe", "--exit")
    view = open_page(process.url)
    view.expect_state("live")
    puppet.say("".join(f"line {n}\n" for n in range(1, 20_001)) + "the last")
    puppet.exit(7)
    view.expect_state("gone")
    assert process.wait() == 7
    expect(view.state).to_contain_text(re.compile("exit 7"))
    view.expect_lines(20_001)
    view.expect_line(20_001, "the last")
    assert "code 7" in view.rows()[-1].text


def test_server_that_goes_while_the_command_runs(
    open_page: Open, run: Run, complaints: Complaints
) -> None:
    complaints.allow(LOST)
    process, puppet = run()
    view = open_page(process.url)
    puppet.say("still here\n")
    view.expect_line(1, "still here")
    process.popen.kill()
    view.expect_state("reconnecting")
    view.expect_line(1, "still here")


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_curl_and_page_at_once(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe")
    view = open_page(process.url)
    puppet.say("one\n")
    curl = subprocess.Popen(["curl", "-sN", process.url], stdout=subprocess.PIPE)
    assert curl.stdout is not None
    with curl, curl.stdout as output:
        assert output.readline() == b"one\n"
        puppet.say("two\n")
        assert output.readline() == b"two\n"
        view.expect_line(2, "two")
        expect(view.viewers).to_contain_text("2")
        puppet.say("three")
        puppet.exit()
        assert output.read() == b"three"
    view.expect_state("ended")
    view.expect_line(3, "three")
