"""Programs that draw on the whole screen, at webtee's own terminal: what is left and said."""

import os
import pty
import re
import sys
from collections.abc import Iterator

import pytest

from tests.support.running import Heard, webtee

ALL_OFF = b"\x1b[?1049l"


@pytest.fixture
def terminal() -> Iterator[tuple[int, Heard]]:
    master, slave = pty.openpty()
    try:
        yield slave, Heard(master)
    finally:
        os.close(slave)


WAITING = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.write(1, sys.argv[1].encode() + b"ready")
signal.pause()
"""


def shown_by(terminal: tuple[int, Heard], output: str) -> bytes:
    """Show something and "ready" at a terminal, interrupt, and return what was shown in all."""
    command = (sys.executable, "-c", WAITING, output)
    slave, shown = terminal
    with webtee("--exit", *command, stdin=slave, stdout=slave, stderr=slave) as process:
        shown.until("ready")
        process.interrupt()
        process.wait()
        shown.until(r"webtee: the command was ended by SIGINT")
    return shown.data


def test_what_was_switched_on_is_switched_off_again(terminal: tuple[int, Heard]) -> None:
    output = "\x1b[?1049h\x1b[?25l\x1b[?1000h\x1b[?2004h\x1b[31m"
    after = shown_by(terminal, output).partition(b"ready")[2]
    before_words = after.partition(b"webtee: ")[0]
    assert before_words.startswith(ALL_OFF)
    for sequence in (b"\x1b[?25h", b"\x1b[?1000l", b"\x1b[?2004l", b"\x1b[0m"):
        assert sequence in before_words
    assert b"?1004" not in before_words


@pytest.mark.parametrize("output", ["", "\x1b[?25l\x1b[31m\x1b[0m\x1b[?25h"])
def test_nothing_is_written_where_nothing_is_on(terminal: tuple[int, Heard], output: str) -> None:
    after = shown_by(terminal, output).partition(b"ready")[2]
    assert after.lstrip().startswith(b"webtee: the command was ended")
    assert b"\x1b" not in after


def test_nothing_is_written_to_what_is_no_terminal() -> None:
    with webtee("sh", "-c", r"printf '\033[?1049h'; echo ready; sleep 1000") as process:
        process.out.until("ready")
        process.interrupt()
        process.wait()
    assert process.out.all() == b"\x1b[?1049hready\n"


def test_where_it_can_be_watched_is_said_before_and_after(terminal: tuple[int, Heard]) -> None:
    slave, shown = terminal
    script = r"printf '\033[?1049hfull'; printf '\033[?1049l'"
    with webtee("sh", "-c", script, stdin=slave, stdout=slave, stderr=slave) as process:
        shown.until("Ctrl-C ends")
        process.interrupt()
        assert process.wait() == 0
    url = re.escape(shown.until(r"^webtee: (http://\S+/)\r*$"))
    whole = shown.data.decode()
    assert re.search(rf"^webtee: {url}\s+\x1b\[\?1049hfull\x1b\[\?1049l", whole)
    assert re.search(rf"still serving it at {url}, Ctrl-C ends", whole)
