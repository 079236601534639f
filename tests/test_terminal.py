"""What webtee says itself: in order, whole, and without anyone having to read it."""

import fcntl
import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from webtee.terminal import Lines, write_all


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    yield reading, writing
    for descriptor in (reading, writing):
        os.close(descriptor)


def read(descriptor: int, size: int) -> bytes:
    data = b""
    while len(data) < size and (piece := os.read(descriptor, size - len(data))):
        data += piece
    return data


def test_lines_come_in_order_and_are_there_after_a_flush(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    lines = Lines(writing)
    for number in range(100):
        lines.say(f"line {number} \udcff")
    lines.flush(20)
    expected = b"".join(b"webtee: line %d ?\n" % number for number in range(100))
    os.set_blocking(reading, False)
    assert os.read(reading, 4096) == expected


def test_log_entries_are_lines(pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = pipe
    monkeypatch.setattr(logging, "root", root := logging.RootLogger(logging.DEBUG))
    lines = Lines(writing)
    lines.log(debug=False)
    lines.add("first")
    root.warning("two\nlines of %s", "it", exc_info=ValueError("bad"))
    root.info("never")
    lines.flush(20)
    assert os.read(reading, 4096) == b"first\nwebtee: two lines of it: bad\n"


def test_nobody_waits_for_a_reader_and_what_is_left_out_is_said(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    lines = Lines(writing, bound=10)
    lines.add("x" * 10_000)  # more than the pipe holds
    for number in range(20):
        lines.add(str(number))
    lines.flush(0.01)
    expected = b"x" * 10_000 + b"\n" + b"".join(b"%d\n" % number for number in range(9))
    expected += b"webtee: lines left out, as nobody read them: 11\n"
    assert read(reading, len(expected)) == expected
    lines.flush(20)
    lines.add("on it goes")
    assert read(reading, 11) == b"on it goes\n"


def test_a_reader_who_has_gone_is_no_matter(pipe: tuple[int, int], tmp_path: Path) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    lines = Lines(full)
    lines.say("nothing depends on it")
    lines.flush(20)
    os.close(full)


@pytest.mark.parametrize("blocking", [True, False])
def test_all_is_written_whether_or_not_someone_made_it_non_blocking(
    pipe: tuple[int, int], blocking: bool
) -> None:
    reading, writing = pipe
    os.set_blocking(writing, blocking)
    data = os.urandom(100_000)
    writer = threading.Thread(target=write_all, args=(writing, data))
    writer.start()
    assert read(reading, len(data)) == data
    writer.join()
    assert os.get_blocking(writing) is blocking
