"""A running webtee: the real command line as a process, or a server and its streams in here.

Nothing sleeps: what a process says is waited for, and every process started is ended and reaped.
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import Any, cast

from webtee.log.log import Log
from webtee.stream import Stream
from webtee.web.server import Server

PATIENCE = 30.0
"""Seconds after which what should have happened has not."""


class Heard:
    """Everything that comes out of a descriptor, read by a thread so that nothing blocks.

    Args:
        descriptor: A pipe's end or a pty's master; taken over.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._data = bytearray()
        self._ended = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._descriptor, 1 << 20)
            except OSError:  # what a pty says when nobody holds its other side any more
                data = b""
            with self._changed:
                self._data += data
                self._ended = not data
                self._changed.notify_all()
                if self._ended:
                    os.close(self._descriptor)
                    return

    @property
    def data(self) -> bytes:
        """What has come so far."""
        with self._changed:
            return bytes(self._data)

    @property
    def lines(self) -> list[str]:
        """The same as lines."""
        return self.data.decode(errors="replace").splitlines()

    def until(self, pattern: str | Callable[[bytes], object], start: int = 0) -> str:
        """Wait until a regular expression matches what has come, or a condition holds for it.

        Returns:
            What matched: its first group, if it has one.
        """
        deadline = time.monotonic() + PATIENCE
        with self._changed:
            while True:
                if callable(pattern):
                    if pattern(bytes(self._data)):
                        return ""
                elif match := re.search(pattern.encode(), self._data[start:], re.MULTILINE):
                    return match[match.lastindex or 0].decode()
                left = deadline - time.monotonic()
                if self._ended or left <= 0:
                    raise AssertionError(f"{pattern} never came; this did: {bytes(self._data)!r}")
                self._changed.wait(left)

    def all(self) -> bytes:
        """Wait for the end and return everything."""
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), f"no end; so far: {self.data[-2000:]!r}"
        return self.data


class Process:
    """A webtee process whose output is listened to.

    Attributes:
        popen: The process.
        out: What it writes to stdout; None where that is not a pipe of ours.
        err: What it writes to stderr.
    """

    def __init__(self, popen: "subprocess.Popen[bytes]", out: Heard | None, err: Heard) -> None:
        self.popen = popen
        self._out = out
        self.err = err

    @property
    def out(self) -> Heard:
        """What it writes to stdout, or to its terminal."""
        assert self._out is not None
        return self._out

    @property
    def url(self) -> str:
        """Where it serves, from its ready line; with a slash at the end."""
        return self.err.until(r"^webtee: (http://\S+/)\r?$").replace("localhost", "127.0.0.1")

    @property
    def port(self) -> int:
        """The port that it serves on."""
        return int(self.url.rpartition(":")[2].rstrip("/"))

    def send(self, data: bytes) -> None:
        """Write to its standard input."""
        assert self.popen.stdin is not None
        self.popen.stdin.write(data)
        self.popen.stdin.flush()

    def end_input(self) -> None:
        """End its standard input."""
        assert self.popen.stdin is not None
        self.popen.stdin.close()

    def interrupt(self) -> None:
        """Send what Ctrl-C sends."""
        self.popen.send_signal(signal.SIGINT)

    def wait(self) -> int:
        """Wait for its end and return its exit status as a shell would."""
        status = self.popen.wait(PATIENCE)
        return status if status >= 0 else 128 - status


def environment(**more: str) -> dict[str, str]:
    """Return an environment without our own options, in which webtee is found from anywhere."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("WEBTEE_")}
    if paths := inherited.get("PYTHONPATH"):
        inherited["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, paths.split(os.pathsep)))
    return inherited | {"PYTHONWARNINGS": "error"} | more


COMMAND = (sys.executable, "-m", "webtee")


@contextlib.contextmanager
def webtee(
    *arguments: str,
    port: str | None = "0",
    env: Mapping[str, str] | None = None,
    stdin: int | None = subprocess.DEVNULL,
    stdout: int | None = None,
    stderr: int | None = None,
    **popen: Any,
) -> Iterator[Process]:
    """Run the command line in a process group of its own, and end it with the block.

    Args:
        arguments: Options and command.
        port: The value of ``--port``; None leaves it out.
        env: Variables to set.
        stdin: As Popen has it; ``subprocess.PIPE`` for :meth:`Process.send`.
        stdout: A descriptor instead of a pipe that is listened to.
        stderr: The same.
        popen: Anything else that Popen takes.
    """
    command: Sequence[str] = (*COMMAND, *(() if port is None else ("--port", port)), *arguments)
    started = subprocess.Popen(
        command,
        stdin=stdin,
        stdout=subprocess.PIPE if stdout is None else stdout,
        stderr=subprocess.PIPE if stderr is None else stderr,
        env=environment(**(env or {})),
        **({"process_group": 0} | popen),
    )
    process = cast("subprocess.Popen[bytes]", started)
    out = Heard(os.dup(process.stdout.fileno())) if process.stdout else None
    err = Heard(os.dup(process.stderr.fileno())) if process.stderr else None
    for file in (process.stdout, process.stderr):
        if file is not None:
            file.close()
    assert err is not None or out is not None or stderr is not None
    try:
        yield Process(process, out, err or _nothing())
    finally:
        if process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(PATIENCE)
                raise
    for heard in (out, err):
        if heard is not None:
            text = heard.all()
            assert b"Traceback" not in text, text.decode(errors="replace")


def _nothing() -> Heard:
    reading, writing = os.pipe()
    os.close(writing)
    return Heard(reading)


def stream(
    name: str = "s",
    *,
    epoch: str = "e1",
    segment_size: int = 1 << 20,
    keep: int = 64 << 20,
    **options: Any,
) -> Stream:
    """Return an empty stream; to be called in the event loop that serves it."""
    return Stream(name, Log(epoch, segment_size=segment_size, keep=keep), **options)


@contextlib.asynccontextmanager
async def serving(*streams: Stream, **options: Any) -> AsyncIterator[Server]:
    """Serve streams in this loop on a port of their own for as long as the block runs."""
    server = Server({served.name: served for served in streams}, port=0, **options)
    await server.start()
    try:
        yield server
    finally:
        await server.close("the test is over")
