"""The terminal view: whoever comes late sees what one sees who was there from the start."""

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Open
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
            .querySelector("webtee-terminal")?.screenText().includes(words)""",
        arg=words,
    )


def expect_same(early: View, late: View) -> None:
    """Wait until two terminals show the same: everything that was written has to get there."""
    for _ in range(200):
        expected, seen = shown(early), shown(late)
        if expected == seen:
            return
        late.page.wait_for_timeout(50)
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
