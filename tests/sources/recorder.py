"""A sink that remembers, and waits for what it is to remember instead of sleeping."""

import asyncio
import os
from collections.abc import Sequence
from typing import Any

from webtee.sources.base import Exit, Started
from webtee.sources.command import Command
from webtee.sources.patience import Patience

BRIEF = Patience(linger_idle=0.05, linger_total=0.5, grace=0.2)
"""Short enough for a test; where a test must not run into it, it uses the real one."""


class Recorder:
    """Takes everything; :meth:`until` waits for an expected output."""

    def __init__(self) -> None:
        self.out = bytearray()
        self.err = bytearray()
        self.calls = 0
        self._changed = asyncio.Event()

    def output(self, data: bytes) -> None:
        assert data
        self.calls += 1
        self.out += data
        self._changed.set()

    def error(self, data: bytes) -> None:
        assert data
        self.err += data
        self._changed.set()

    async def until(self, text: bytes, *, seconds: float = 20) -> None:
        """Wait until the output contains something."""
        async with asyncio.timeout(seconds):
            while text not in self.out:
                self._changed.clear()
                await self._changed.wait()


class Run:
    """A finished run."""

    def __init__(self, started: Started, exit_: Exit, sink: Recorder) -> None:
        self.started = started
        self.exit = exit_
        self.out = bytes(sink.out)
        self.err = bytes(sink.err)


async def run(command: Sequence[str], **options: Any) -> Run:
    """Run a command to its end."""
    sink = Recorder()
    source = Command(command, **options)
    started = source.start(sink)
    return Run(started, await source.wait(), sink)


def sh(script: str, *args: str) -> list[str]:
    """A shell's command line."""
    return ["sh", "-c", script, "sh", *args]


async def gone(pid: int, *, seconds: float = 20) -> None:
    """Wait until a process, of ours or not, has exited."""
    try:
        pidfd = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    loop = asyncio.get_running_loop()
    exited = asyncio.Event()
    loop.add_reader(pidfd, exited.set)
    try:
        async with asyncio.timeout(seconds):
            await exited.wait()
    finally:
        loop.remove_reader(pidfd)
        os.close(pidfd)
