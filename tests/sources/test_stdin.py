"""Standard input of every kind: read to its end, its flags left alone, the loop not starved."""

import asyncio
import fcntl
import os
import random
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from webtee.errors import CommandError
from webtee.sources.stdin import Stdin

from .recorder import Recorder

DATA = random.Random(3).randbytes(3_000_000)

Opener = Callable[[bytes], int]


def write_all(fd: int, data: bytes) -> None:
    with suppress(BrokenPipeError):
        while data:
            data = data[os.write(fd, data) :]
    os.close(fd)


@pytest.fixture(params=["pipe", "fifo", "socket", "file"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Open an input of some kind that contains given bytes."""
    threads: list[threading.Thread] = []
    fds: list[int] = []

    def feed(fd: int, data: bytes) -> None:
        threads.append(threading.Thread(target=write_all, args=(fd, data)))
        threads[-1].start()

    def open_(data: bytes) -> int:
        if request.param == "pipe":
            fd, writing = os.pipe()
            feed(writing, data)
        elif request.param == "fifo":
            os.mkfifo(tmp_path / "fifo")
            fd = os.open(tmp_path / "fifo", os.O_RDONLY | os.O_NONBLOCK)
            os.set_blocking(fd, True)
            feed(os.open(tmp_path / "fifo", os.O_WRONLY), data)
        elif request.param == "socket":
            ours, theirs = socket.socketpair()
            fd = ours.detach()
            feed(theirs.detach(), data)
        else:
            (tmp_path / "file").write_bytes(data)
            fd = os.open(tmp_path / "file", os.O_RDONLY)
        fds.append(fd)
        return fd

    yield open_
    for fd in fds:
        os.close(fd)
    for thread in threads:
        thread.join()


async def test_every_byte_and_then_the_end(opened: Opener) -> None:
    fd = opened(DATA)
    flags = fcntl.fcntl(fd, fcntl.F_GETFL)
    source, sink = Stdin(fd), Recorder()
    started = source.start(sink)
    assert (started.pid, started.pty) == (None, False)
    assert fcntl.fcntl(fd, fcntl.F_GETFL) == flags
    exit_ = await source.wait()
    assert bytes(sink.out) == DATA
    assert (exit_.code, exit_.signal) == (0, None)
    assert exit_.seconds > 0
    assert fcntl.fcntl(fd, fcntl.F_GETFL) == flags
    assert await source.wait() is exit_


@pytest.mark.parametrize("data", [b"", b"x", b"a\nb"])
async def test_little(opened: Opener, data: bytes) -> None:
    source, sink = Stdin(opened(data)), Recorder()
    source.start(sink)
    assert (await source.wait()).code == 0
    assert sink.out == data


async def test_pausing_loses_nothing(opened: Opener) -> None:
    source, sink = Stdin(opened(DATA)), Recorder()

    class Stubborn(Recorder):
        def output(self, data: bytes) -> None:
            sink.output(data)
            source.pause()
            asyncio.get_running_loop().call_soon(source.resume)

    source.pause()
    source.start(Stubborn())
    for _ in range(3):
        await asyncio.sleep(0)
    assert not sink.out
    source.resume()
    source.resume()
    assert (await source.wait()).code == 0
    assert bytes(sink.out) == DATA


async def test_others_get_their_turn(opened: Opener) -> None:
    source, sink = Stdin(opened(DATA)), Recorder()
    most = seen = 0

    def turn() -> None:
        nonlocal most, seen
        most, seen = max(most, sink.calls - seen), sink.calls
        asyncio.get_running_loop().call_soon(turn)

    asyncio.get_running_loop().call_soon(turn)
    source.start(sink)
    await source.wait()
    assert most == 1


async def test_no_descriptors_leak(opened: Opener) -> None:
    fd = opened(b"x")
    before = os.listdir("/proc/self/fd")
    source = Stdin(fd)
    source.start(Recorder())
    await source.wait()
    assert len(os.listdir("/proc/self/fd")) <= len(before)


async def test_stop_takes_what_is_there() -> None:
    reading, writing = os.pipe()
    source, sink = Stdin(reading), Recorder()
    source.start(sink)
    os.write(writing, b"last words")
    await source.stop()
    assert sink.out == b"last words"
    exit_ = await source.wait()
    assert (exit_.code, exit_.signal, exit_.status) == (None, signal.SIGTERM, 143)
    await source.stop()
    source.kill()
    os.close(writing)
    os.close(reading)


async def test_stop_at_the_end_is_the_end() -> None:
    reading, writing = os.pipe()
    source, sink = Stdin(reading), Recorder()
    source.start(sink)
    os.close(writing)
    await source.stop()
    assert (await source.wait()).code == 0
    os.close(reading)


async def test_kill_takes_nothing_more() -> None:
    reading, writing = os.pipe()
    source, sink = Stdin(reading), Recorder()
    source.start(sink)
    os.write(writing, b"unheard")
    source.kill()
    assert (await source.wait()).signal == signal.SIGKILL
    assert not sink.out
    os.close(writing)
    os.close(reading)


async def test_a_stopped_file_is_read_no_further(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(DATA)
    fd = os.open(path, os.O_RDONLY)
    source, sink = Stdin(fd), Recorder()
    source.start(sink)
    await asyncio.sleep(0)
    await source.stop()
    size = len(sink.out)
    assert (await source.wait()).signal == signal.SIGTERM
    for _ in range(3):
        await asyncio.sleep(0)
    assert len(sink.out) == size < len(DATA)
    os.close(fd)


async def test_a_terminal_and_its_flags() -> None:
    master, slave = os.openpty()
    flags = fcntl.fcntl(slave, fcntl.F_GETFL)
    source, sink = Stdin(slave), Recorder()
    source.start(sink)
    source.resize(80, 24)
    os.write(master, b"typed\n")
    await sink.until(b"typed\n")
    assert fcntl.fcntl(slave, fcntl.F_GETFL) == flags
    os.write(master, b"\x04")
    assert (await source.wait()).code == 0
    os.close(master)
    os.close(slave)


async def test_null() -> None:
    fd = os.open(os.devnull, os.O_RDONLY)
    source = Stdin(fd)
    source.start(Recorder())
    assert (await source.wait()).code == 0
    os.close(fd)


async def test_a_spurious_readiness_of_a_non_blocking_input_is_harmless() -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    source, sink = Stdin(reading), Recorder()
    source.start(sink)
    source._ready()
    os.write(writing, b"x")
    os.close(writing)
    assert (await source.wait()).code == 0
    assert sink.out == b"x"
    os.close(reading)


async def test_what_cannot_be_read_ends_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fd = os.open(tmp_path, os.O_RDONLY)
    source = Stdin(fd)
    source.start(Recorder())
    assert (await source.wait()).code == 1
    assert "reading standard input failed" in caplog.text
    os.close(fd)


async def test_what_is_not_open_is_refused() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    os.close(writing)
    with pytest.raises(CommandError, match="standard input: cannot be read"):
        Stdin(reading).start(Recorder())
