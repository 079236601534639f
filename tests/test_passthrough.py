"""Pass-through: every byte in order, blocking as tee does, and an end that harms no one."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import functools
import itertools
import os
import random
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webtee.passthrough import Onlcr, PassThrough

if TYPE_CHECKING:
    import logging


def onlcr(data: bytes) -> bytes:
    """What the kernel does: a return before each newline."""
    return b"".join(b"\r\n" if byte == 10 else bytes([byte]) for byte in data)


def inverse(pieces: list[bytes]) -> bytes:
    mapper = Onlcr()
    return b"".join([*map(mapper.feed, pieces), mapper.flush()])


TEXT = st.one_of(st.binary(max_size=60), st.text("\r\na", max_size=40).map(str.encode))


@given(TEXT, st.lists(st.integers(0, 130), max_size=8))
def test_onlcr_is_undone_exactly_however_it_is_cut(written: bytes, cuts: list[int]) -> None:
    mapped = onlcr(written)
    places = [0, *sorted(cuts), len(mapped)]
    pieces = [mapped[a:b] for a, b in itertools.pairwise(places)]
    assert inverse(pieces) == written
    assert inverse([mapped]) == written
    assert inverse([mapped[i : i + 1] for i in range(len(mapped))]) == written


class Pipe:
    """A pipe whose reading end is read only when a test says so."""

    def __init__(self) -> None:
        self.reading, self.writing = os.pipe()
        self._open = {self.reading, self.writing}

    def read(self, size: int) -> bytes:
        data = b""
        while len(data) < size and (piece := os.read(self.reading, size - len(data))):
            data += piece
        return data

    def close(self, *fds: int) -> None:
        for fd in self._open & set(fds or self._open):
            os.close(fd)
            self._open.discard(fd)


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    pipe = Pipe()
    yield pipe
    pipe.close()


class Valve:
    """Remembers whether the source would be paused, and lets a test wait for its resumption."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.resumed = asyncio.Event()
        self.thread = threading.current_thread()

    def pause(self) -> None:
        assert threading.current_thread() is self.thread
        self.log.append("pause")

    def resume(self) -> None:
        assert threading.current_thread() is self.thread
        self.log.append("resume")
        self.resumed.set()


Make = Callable[..., PassThrough]


@pytest.fixture
async def valve() -> Valve:
    return Valve()


@pytest.fixture
async def make(valve: Valve) -> Make:
    return functools.partial(PassThrough, asyncio.get_running_loop(), valve.pause, valve.resume)


def warnings(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """What we said, without what asyncio's debug mode says about a machine that is busy."""
    return [record for record in caplog.records if record.name.startswith("webtee")]


async def in_thread(function: Callable[[], bytes]) -> bytes:
    return await asyncio.to_thread(function)


async def test_every_byte_in_order(pipe: Pipe, make: Make) -> None:
    source = random.Random(4)
    pieces = [source.randbytes(source.choice([1, 10, 5000, 70_000])) for _ in range(300)]
    expected = b"".join(pieces)
    tee = make(stdout=pipe.writing, bound=1 << 30)
    reader = asyncio.create_task(in_thread(lambda: pipe.read(len(expected))))
    for piece in pieces:
        tee.output(piece)
    await tee.flush()
    assert await reader == expected
    tee.close()


async def test_order_between_stdout_and_stderr_is_kept(pipe: Pipe, make: Make) -> None:
    tee = make(stdout=pipe.writing, stderr=(other := os.dup(pipe.writing)))
    for i in range(100):
        (tee.error if i % 3 else tee.output)(b"%d\n" % i)
    await tee.flush()
    expected = b"".join(b"%d\n" % i for i in range(100))
    assert pipe.read(len(expected)) == expected
    tee.close()
    os.close(other)


async def test_a_slow_reader_pauses_and_resumes_the_source(
    pipe: Pipe, make: Make, valve: Valve
) -> None:
    tee = make(stdout=pipe.writing, bound=200_000)
    capacity = fcntl.fcntl(pipe.writing, fcntl.F_GETPIPE_SZ)
    data = random.Random(5).randbytes(capacity + 300_000)
    for start in range(0, len(data), 10_000):
        tee.output(data[start : start + 10_000])
    assert valve.log == ["pause"]
    assert await in_thread(lambda: pipe.read(len(data))) == data
    await asyncio.wait_for(valve.resumed.wait(), 20)
    assert valve.log == ["pause", "resume"]
    await tee.flush()
    tee.close()


async def test_the_loop_runs_on_while_a_write_blocks(pipe: Pipe, make: Make) -> None:
    tee = make(stdout=pipe.writing)
    data = bytes(500_000)
    tee.output(data)
    flush = asyncio.create_task(tee.flush())
    done, _ = await asyncio.wait([flush], timeout=0.05)
    assert not done
    assert os.get_blocking(pipe.writing)
    assert await in_thread(lambda: pipe.read(len(data))) == data
    await flush
    tee.close()


async def test_a_reader_that_goes_away_ends_it_silently(
    pipe: Pipe, make: Make, valve: Valve, caplog: pytest.LogCaptureFixture
) -> None:
    other = Pipe()
    tee = make(stdout=pipe.writing, stderr=other.writing, bound=100_000)
    tee.output(bytes(500_000))
    assert valve.log == ["pause"]
    pipe.close(pipe.reading)
    await asyncio.wait_for(valve.resumed.wait(), 20)
    tee.output(bytes(500_000))
    tee.error(b"still here")
    await tee.flush()
    assert other.read(10) == b"still here"
    assert not warnings(caplog)
    tee.close()
    other.close()


async def test_a_stdout_that_was_never_open_is_no_matter(
    pipe: Pipe, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    pipe.close()
    tee = make(stdout=pipe.writing)
    tee.output(b"x")
    await tee.flush()
    assert not warnings(caplog)
    tee.close()


async def test_a_full_disk_ends_it_with_one_warning(
    make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    tee = make(stdout=full)
    for _ in range(3):
        tee.output(b"x")
        await tee.flush()
    [record] = warnings(caplog)
    assert os.strerror(errno.ENOSPC) in record.getMessage()
    tee.close()
    os.close(full)


async def test_a_stdout_that_someone_made_non_blocking_is_waited_for(
    pipe: Pipe, make: Make
) -> None:
    os.set_blocking(pipe.writing, False)
    tee = make(stdout=pipe.writing)
    data = random.Random(6).randbytes(500_000)
    tee.output(data)
    assert await in_thread(lambda: pipe.read(len(data))) == data
    await tee.flush()
    tee.close()


async def test_onlcr_is_undone_for_stdout_only(pipe: Pipe, make: Make) -> None:
    other = Pipe()
    tee = make(stdout=pipe.writing, stderr=other.writing, undo_onlcr=True)
    for piece in (b"a\r", b"\nb\r\r", b"\n\r"):
        tee.output(piece)
    tee.error(b"\r\n")
    await tee.flush()
    assert pipe.read(6) == b"a\nb\r\n\r"
    assert other.read(2) == b"\r\n"
    tee.close()
    other.close()


async def test_close_drops_what_waits_and_ends_a_flush(
    pipe: Pipe, make: Make, valve: Valve
) -> None:
    tee = make(stdout=pipe.writing, bound=100_000)
    tee.output(bytes(500_000))
    flush = asyncio.create_task(tee.flush())
    assert await in_thread(lambda: pipe.read(1)) == b"\0"
    assert tee.close() == 500_000
    await flush
    assert valve.log == ["pause", "resume"]
    tee.output(b"never")
    await tee.flush()
    assert tee.close() == 0
    await in_thread(lambda: pipe.read(499_999))  # the piece that was being written


async def test_what_was_passed_on_is_not_counted_as_dropped(pipe: Pipe, make: Make) -> None:
    tee = make(stdout=pipe.writing)
    tee.output(b"x" * 1000)
    await tee.flush()
    assert tee.close() == 0


async def test_a_loop_that_has_gone_is_no_matter(pipe: Pipe) -> None:
    loop = asyncio.new_event_loop()
    tee = PassThrough(loop, lambda: None, lambda: None, stdout=pipe.writing, bound=10)
    tee.output(bytes(100_000))
    loop.close()
    assert len(await in_thread(lambda: pipe.read(100_000))) == 100_000
    tee.close()
