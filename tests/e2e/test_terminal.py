"""The terminal view: whoever comes late sees what one sees who was there from the start."""

import contextlib
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Open, Run
from tests.e2e.view import View
from tests.support.running import webtee

COLS, ROWS = 90, 28
SIZE = ("--cols", str(COLS), "--rows", str(ROWS))

# Waits to be told, says who it is, writes so many lines, and becomes the program.
_BEGIN = (
    'read go <"$1"; echo $$ >"$2"; seq -f "line %.0f of what was before" "$3"; shift 3; exec "$@"'
)

PROGRAMS = {
    "htop": ["htop", "-d", "5"],
    "vim": ["vim.tiny", "-N", "-u", "NONE", "-i", "NONE", "/etc/passwd"],
    "watch": ["watch", "-n", "0.5", "date; seq 10"],
    "less": ["less", "/etc/services"],
    "top": ["top", "-d", "0.5"],
}
SAYS = {
    "htop": "Load average",
    "vim": "root:",
    "watch": "Every 0.5s",
    "less": "tcp",
    "top": "Tasks:",
}


class Program:
    """A program that begins when it is told to, and can be stopped."""

    def __init__(self, folder: Path, command: list[str], lines: int = 0) -> None:
        self._go, self._pid = folder / "go", folder / "pid"
        os.mkfifo(self._go)
        self.command = (
            *("/bin/sh", "-c", _BEGIN, "sh"),
            *(str(self._go), str(self._pid), str(lines), *command),
        )

    def begin(self) -> None:
        """Let it begin."""
        self._go.write_text("go\n")

    def stop(self) -> None:
        """Have it do nothing any more."""
        os.kill(int(self._pid.read_text()), signal.SIGSTOP)


def terminal(view: View) -> Locator:
    return view.page.locator("webtee-terminal")


def shown(view: View) -> dict[str, Any]:
    """Return all that a page's terminal shows."""
    state: dict[str, Any] = terminal(view).evaluate(
        "(terminal) => ({cells: terminal.cells(), ...terminal.state()})"
    )
    return state


def text(view: View) -> str:
    words: str = terminal(view).evaluate("(terminal) => terminal.screenText()")
    return words


def expect_text(view: View, words: str) -> None:
    """Wait until the terminal says so."""
    expect(terminal(view)).to_be_visible()
    view.page.wait_for_function(
        """(words) => document.querySelector("webtee-app").shadowRoot
            .querySelector("webtee-view").shadowRoot
            .querySelector("webtee-terminal")?.screenText().includes(words)""",
        arg=words,
    )


def expect_same(early: View, late: View) -> None:
    """Wait until two terminals show the same: everything that was written has to get there."""
    expected, seen = shown(early), shown(late)
    for _ in range(200):
        if expected == seen:
            return
        late.page.wait_for_timeout(50)
        expected, seen = shown(early), shown(late)
    differing = [
        (y, "".join(c["text"] or " " for c in a), "".join(c["text"] or " " for c in b))
        for y, (a, b) in enumerate(zip(expected["cells"], seen["cells"], strict=True))
        if a != b
    ]
    places = [{key: each[key] for key in ("x", "y", "screen")} for each in (expected, seen)]
    raise AssertionError(f"{places}, rows that differ: {differing}")


@contextlib.contextmanager
def running(folder: Path, command: list[str], *options: str, lines: int = 0) -> Iterator[Any]:
    program = Program(folder, command, lines)
    with webtee(*SIZE, *options, *program.command) as process:
        yield process.url, program


@pytest.mark.parametrize("name", PROGRAMS)
def test_who_comes_late_sees_the_same(name: str, open_page: Open, tmp_path: Path) -> None:
    with running(tmp_path, PROGRAMS[name]) as (url, program):
        early = open_page(url)
        program.begin()
        expect_text(early, SAYS[name])
        program.stop()
        late = open_page(url)
        expect_text(late, SAYS[name])
        expect_same(early, late)


@pytest.mark.parametrize("name", PROGRAMS)
def test_nor_does_it_matter_how_much_was_before(name: str, open_page: Open, tmp_path: Path) -> None:
    with running(tmp_path, PROGRAMS[name], "--keep", "1M", lines=300_000) as (url, program):
        early = open_page(url)
        program.begin()
        expect_text(early, SAYS[name])
        # It has to be free to draw anew, where it is asked to, for the one who comes then.
        open_page(url)
        late = open_page(url)
        expect_text(late, SAYS[name])
        program.stop()
        expect_same(early, late)


def expect_log(view: View) -> None:
    expect(terminal(view)).to_have_count(0)
    expect(view.log).to_be_visible()


def expect_terminal(view: View) -> None:
    expect(terminal(view)).to_be_visible()


def test_the_page_goes_there_by_itself_and_back(open_page: Open, run: Run) -> None:
    process, puppet = run(*SIZE)
    puppet.say("plain\n")
    view = open_page(process.url)
    view.expect_line(1, "plain")
    expect_log(view)
    puppet.say("\x1b[?1049h\x1b[H\x1b[2Jon the whole screen")
    expect_text(view, "on the whole screen")
    puppet.say("\x1b[?1049l")
    expect_log(view)
    view.expect_following()
    puppet.say("plain again\n")
    expect(view.page.get_by_text("plain again")).to_be_in_viewport()


def test_who_reads_back_is_left_alone(open_page: Open, run: Run) -> None:
    process, puppet = run(*SIZE)
    puppet.say("plain\n" * 200)
    view = open_page(process.url)
    view.expect_lines(200)
    view.press("Home")
    view.expect_following(False)
    puppet.say("\x1b[?1049h\x1b[H\x1b[2Jscreen")
    view.page.wait_for_function(
        """() => fetch(`s/${document.querySelector("meta[name=webtee-stream]").content}/screen`)
            .then((answer) => answer.json()).then(({ on }) => on)"""
    )
    expect_log(view)
    view.press("t")
    expect_text(view, "screen")


def test_a_choice_holds_until_the_program_does_something_else(open_page: Open, run: Run) -> None:
    process, puppet = run(*SIZE)
    puppet.say("plain\n")
    view = open_page(process.url)
    view.press("t")
    expect_text(view, "plain")
    puppet.say("more\n")
    expect_text(view, "more")
    view.press("t")
    expect_log(view)
    puppet.say("\x1b[?1049h\x1b[H\x1b[2Jone")
    expect_text(view, "one")
    view.press("t")
    expect_log(view)
    puppet.say("\x1b[H\x1b[2Jtwo")
    view.page.reload()
    expect_log(view)
    assert "view=log" in view.page.url
    puppet.say("\x1b[?1049l")
    expect(view.page).not_to_have_url(re.compile("view="))
    puppet.say("\x1b[?1049h\x1b[H\x1b[2Jthree")
    expect_text(view, "three")


def test_pipes_have_no_terminal(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe")
    puppet.say("\x1b[?1049hplain\n")
    view = open_page(process.url)
    view.expect_line(1, "plain")
    view.press("t")
    expect(view.page.get_by_text("The command has no terminal")).to_be_visible()
    expect_log(view)


def test_colours_widths_and_characters_are_what_the_bytes_say(open_page: Open, run: Run) -> None:
    process, puppet = run(*SIZE)
    puppet.say(
        "\x1b[?1049h\x1b[H\x1b[2J"
        "\x1b[31mr\x1b[38;5;202mi\x1b[48;2;1;2;3;38;2;250;128;0mt\x1b[m漢é"
        "\x1b[1;3;4;7mx\x1b[m👨\u200d👩\u200d👧🎉e\u0301\x1b(0q\x1b(B."
    )
    view = open_page(process.url)
    expect_text(view, "漢é")
    cells = [cell for cell in shown(view)["cells"][0] if cell["width"] and cell["text"]]
    read = [(c["text"], c["width"], c["fg"], c["bg"], c["flags"]) for c in cells]
    assert read == [
        ("r", 1, "1", "", ""),
        ("i", 1, "202", "", ""),
        ("t", 1, "#fa8000", "#010203", ""),
        ("漢", 2, "", "", ""),
        ("é", 1, "", "", ""),
        ("x", 1, "", "", "biun"),
        ("👨\u200d👩\u200d👧", 2, "", "", ""),
        ("🎉", 2, "", "", ""),
        ("e\u0301", 1, "", "", ""),
        ("─", 1, "", "", ""),
        (".", 1, "", "", ""),
    ]


def test_the_screen_is_copied_as_text(open_page: Open, run: Run) -> None:
    process, puppet = run(*SIZE)
    puppet.say("\x1b[?1049h\x1b[H\x1b[2Jone\r\n  two 漢  \x1b[5;3Hfive")
    view = open_page(process.url, permissions=["clipboard-read", "clipboard-write"])
    expect_text(view, "five")
    view.page.get_by_test_id("copy-screen").click()
    expect(view.page.get_by_test_id("copy-screen")).to_have_text("Copied")
    assert view.page.evaluate("navigator.clipboard.readText()") == "one\n  two 漢\n\n\n  five"


def test_a_selection_is_copied_though_the_program_wants_the_mouse(
    open_page: Open, run: Run
) -> None:
    process, puppet = run(*SIZE)
    blanks = " " * (COLS - 4)
    puppet.say(f"\x1b[?1049h\x1b[?1003;1006h\x1b[H\x1b[2Jword another\r\nnext{blanks}\r\nlast")
    view = open_page(process.url, permissions=["clipboard-read", "clipboard-write"])
    expect_text(view, "word another")
    box = view.page.locator(".xterm-screen").bounding_box()
    assert box is not None
    view.page.mouse.dblclick(box["x"] + 1.5 * box["width"] / COLS, box["y"] + 5)
    view.page.keyboard.press("Control+c")
    assert view.page.evaluate("navigator.clipboard.readText()") == "word"
    # And without the blanks that fill the rows.
    row = box["height"] / ROWS
    view.page.mouse.move(box["x"] + 1, box["y"] + row / 2)
    view.page.mouse.down()
    view.page.mouse.move(box["x"] + 4.5 * box["width"] / COLS, box["y"] + 2.5 * row, steps=4)
    view.page.mouse.up()
    view.page.keyboard.press("Control+c")
    assert view.page.evaluate("navigator.clipboard.readText()") == "word another\nnext\nlast"
    view.press("t")
    expect_log(view)


def test_one_who_was_cut_off_goes_on_where_it_was(open_page: Open, run: Run) -> None:
    process, puppet = run(*SIZE)
    puppet.say("\x1b[?1049h\x1b[H\x1b[2Jfirst")
    early = open_page(process.url)
    expect_text(early, "first")
    early.page.context.set_offline(True)
    puppet.say("\x1b[2;1Hsecond")
    early.page.context.set_offline(False)
    expect_text(early, "second")
    late = open_page(process.url)
    expect_text(late, "second")
    expect_same(early, late)


def test_who_pauses_has_a_screen_that_stands_still(open_page: Open, run: Run) -> None:
    process, puppet = run(*SIZE)
    puppet.say("\x1b[?1049h\x1b[H\x1b[2Jfirst")
    view, other = open_page(process.url), open_page(process.url)
    expect_text(view, "first")
    view.press(" ")
    view.expect_following(False)
    before = shown(view)
    puppet.say("\x1b[H\x1b[2Jsecond\x1b[?1049l")
    expect_log(other)
    # Not even the end of the drawing changes it.
    assert shown(view) == before
    view.press(" ")
    view.expect_following()
    expect_log(view)
    puppet.say("\x1b[?1049h\x1b[H\x1b[2Jthird")
    expect_text(view, "third")
    view.pause.click()
    view.expect_following(False)
    puppet.say("\x1b[H\x1b[2Jfourth")
    expect_text(other, "fourth")
    assert text(view) == "third"
    view.press("End")
    expect_text(view, "fourth")


def test_one_who_cannot_keep_up_skips_to_the_present(open_page: Open, run: Run) -> None:
    process, puppet = run(*SIZE)
    puppet.say("\x1b[?1049h\x1b[H\x1b[2Jbegin")
    view = open_page(process.url)
    expect_text(view, "begin")
    frame = "\x1b[H\x1b[2J" + "\x1b[31mx\x1b[32my" * (COLS * ROWS // 2)
    puppet.say(frame * 1500)
    puppet.say("\x1b[H\x1b[2Jthe present")
    expect_text(view, "the present")
    late = open_page(process.url)
    expect_text(late, "the present")
    expect_same(view, late)


HOSTILE = [
    bytes(range(256)) * 40,
    b"\x1b]0;<script>alert(1)</script>\x07\x1b]2;<img src=http://example.org/x>\x1b\\",
    b"\x1b]8;;javascript:alert(1)\x07click\x1b]8;;\x07 http://example.org/ ",
    b"\x1b]52;c;c3RvbGVu\x07\x1b]4;1;rgb:00/00/00\x07\x1b]11;#000000\x07\x1b]11;?\x07",
    b"\x1b[2147483647L\x1b[2147483647S\x1b[2147483647b\x1b[4294967295@" * 200,
    b"\x1b[28;90H\x1b[1J\x1b[?1J",
    b"\x1b[c\x1b[>c\x1b[6n\x1b[?6n\x1bP+q544e\x1b\\\x1b[18t\x1b[21t",
    b"\x1b[" + b"1;" * 5000 + b"m\x1b]" + b"x" * 100_000 + b"\x1bP" + b"y" * 100_000,
    b"\x1b[8;5;5t\x1b[?3h\x1b[?1004h\x1b[?2026h",
    b"e" + "\u0301".encode() * 20_000,
]


def test_nothing_that_is_written_does_any_harm(open_page: Open, run: Run) -> None:
    process, puppet = run(*SIZE)
    puppet.say(b"\x1b[?1049h\x1b[H\x1b[2Jbegin")
    view = open_page(process.url)
    expect_text(view, "begin")
    for piece in HOSTILE:
        puppet.say(b"\x18\x1b\\" + piece)
        puppet.say(b"\x18\x1b\\\x0f\x1b[?1049h\x1b[!p\x1b[?2026l\x1b[m\x1b[H\x1b[2Jstill here")
        expect_text(view, "still here")
        puppet.say(b"\x1b[H\x1b[2J")
    late = open_page(process.url)
    puppet.say(b"the end")
    expect_text(late, "the end")
    expect_text(view, "the end")


def test_a_cell_holds_only_so_much(open_page: Open, run: Run) -> None:
    """What people write is whole; a browser would draw 60,000 accents on one letter for minutes."""
    process, puppet = run("--quiet")
    view = open_page(f"{process.url}#view=terminal")
    whole = ["n\u0303", "漢", "한", "👨‍👩‍👧‍👦", "🇩🇪", "☺\ufe0f", "👩🏽‍🚒", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"]
    puppet.say("".join(whole) + "\r\nz" + "\u0301" * 60_000 + "\r\nafter\n")
    expect_text(view, "after")
    first, second = shown(view)["cells"][:2]
    assert [cell["text"] for cell in first if cell["text"]] == whole
    assert max(len(cell["text"]) for cell in second) == 32
