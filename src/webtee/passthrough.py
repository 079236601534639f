"""The `tee` part: every byte of a source also goes to webtee's own stdout and stderr.

Blocking as tee's is, without blocking the event loop: a thread does plain blocking writes from a
bounded queue, and a queue that is full pauses the source. The flags of stdout are shared with other
processes, so it is never made non-blocking. Nothing is lost while someone reads; when no one does
any more (`webtee … | head`), pass-through ends and webtee goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import threading
from collections import deque
from typing import TYPE_CHECKING

from webtee.terminal import write_all

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

BOUND = 1 << 20
"""Bytes waiting to be written, above which the source is paused."""

_JOIN = 64 << 10
"""Bytes up to which waiting small pieces are joined into one write: what a pipe holds."""


class Onlcr:
    r"""Undoes what a pty's ONLCR did: gives back what the command wrote.

    ONLCR, a pty's only output mapping by default, puts one ``\r`` before each ``\n`` and changes
    nothing else. So in its output each ``\n`` has exactly one inserted ``\r``, right before it, and
    there is no inserted one anywhere else. To take away the ``\r`` right before each ``\n`` is thus
    to take away all that were inserted and none that the command wrote: ``\r\r\n`` gives ``\r\n``.

    A command that turns ONLCR off (raw mode, `stty -onlcr`) and then writes ``\r\n`` itself loses
    that ``\r`` as well: the stream does not say that it was off.
    """

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held = False

    def feed(self, data: bytes) -> bytes:
        r"""Map the next bytes.

        Args:
            data: What the pty gave, cut anywhere.

        Returns:
            What the command wrote; a last ``\r`` is held back until it is known what follows.
        """
        if self._held:
            data = b"\r" + data
        self._held = data.endswith(b"\r")
        if self._held:
            data = data[:-1]
        return data.replace(b"\r\n", b"\n")

    def flush(self) -> bytes:
        r"""Give a ``\r`` that was held back; nothing follows it.

        Returns:
            ``\r`` or nothing.
        """
        held, self._held = self._held, False
        return b"\r" if held else b""


class PassThrough:
    """Writes to stdout and stderr in a thread of its own; is a `Sink`.

    Its methods are for the event loop's thread. Order is kept, also between the two.

    Args:
        loop: The running event loop, in which `pause` and `resume` are called.
        pause: Called when more than the bound waits; may be called from within `output`.
        resume: Called after a pause once less than half the bound waits.
        stdout: The descriptor for output.
        stderr: The descriptor for errors.
        undo_onlcr: Whether output comes from a pty and stdout is no terminal (see `Onlcr`).
        bound: Bytes.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        pause: Callable[[], None],
        resume: Callable[[], None],
        *,
        stdout: int = 1,
        stderr: int = 2,
        undo_onlcr: bool = False,
        bound: int = BOUND,
    ) -> None:
        self._loop = loop
        self._pause = pause
        self._resume = resume
        self._stdout = stdout
        self._stderr = stderr
        self._onlcr = Onlcr() if undo_onlcr else None
        self._bound = bound
        # What both threads touch, under the condition's lock.
        self._condition = threading.Condition()
        self._queue: deque[tuple[int, bytes] | asyncio.Future[None]] = deque()
        self._waiting = 0
        self._paused = False
        self._closed = False
        self._ended: set[int] = set()
        self._thread = threading.Thread(target=self._write_all, name="pass-through", daemon=True)
        self._thread.start()

    def output(self, data: bytes) -> None:
        """Pass output on to stdout; see `Sink.output`."""
        if self._onlcr is not None:
            data = self._onlcr.feed(data)
        self._put(self._stdout, data)

    def error(self, data: bytes) -> None:
        """Pass errors on to stderr; see `Sink.error`."""
        self._put(self._stderr, data)

    async def flush(self) -> None:
        """Wait until all that was given has been written, or can no longer be.

        Takes as long as the reader of stdout takes, as with tee. May be cancelled; `close` ends it.
        """
        if self._onlcr is not None:
            self._put(self._stdout, self._onlcr.flush())
        with self._condition:
            if self._closed:
                return
            written: asyncio.Future[None] = self._loop.create_future()
            self._queue.append(written)
            self._condition.notify()
        await written

    def close(self) -> int:
        """End pass-through now; what waits is dropped (`flush` first). Idempotent, never blocks.

        Returns:
            How many bytes were dropped. Of the piece that is just being written, which counts as
            dropped, some may have been passed on all the same.
        """
        with self._condition:
            self._closed = True
            flushes = [item for item in self._queue if not isinstance(item, tuple)]
            self._queue.clear()
            dropped, self._waiting = self._waiting, 0
            self._condition.notify()
        for written in flushes:
            _release(written)
        self._go_on()
        return dropped

    def _put(self, fd: int, data: bytes) -> None:
        if not data:
            return
        with self._condition:
            if self._closed or fd in self._ended:
                return
            self._queue.append((fd, data))
            self._waiting += len(data)
            full = self._waiting > self._bound and not self._paused
            self._paused = self._paused or full
            self._condition.notify()
        if full:
            self._pause()

    def _go_on(self) -> None:
        """Resume the source if it is paused and there is room by now; in the loop's thread."""
        with self._condition:
            if not self._paused or self._waiting * 2 > self._bound:
                return
            self._paused = False
        self._resume()

    # The writing thread.

    def _write_all(self) -> None:
        while (batch := self._next_batch()) is not None:
            fd, data, size = batch
            if isinstance(data, asyncio.Future):
                self._call(_release, data)
                continue
            if fd not in self._ended:
                self._write(fd, data)
            with self._condition:
                if self._closed:
                    return
                self._waiting -= size
                room = self._paused and self._waiting * 2 <= self._bound
            if room:
                self._call(self._go_on)

    def _next_batch(self) -> tuple[int, bytes | asyncio.Future[None], int] | None:
        """Take what is next: one piece, or small ones for the same descriptor joined."""
        with self._condition:
            while not self._queue and not self._closed:
                self._condition.wait()
            if self._closed:
                return None
            queue = self._queue
            first = queue.popleft()
            if not isinstance(first, tuple):
                return -1, first, 0
            fd, data = first
            pieces = [data]
            size = len(data)
            while (
                queue
                and isinstance((piece := queue[0]), tuple)
                and piece[0] == fd
                and size + len(piece[1]) <= _JOIN
            ):
                queue.popleft()
                pieces.append(piece[1])
                size += len(piece[1])
        return fd, (data if len(pieces) == 1 else b"".join(pieces)), size

    def _write(self, fd: int, data: bytes) -> None:
        try:
            write_all(fd, data)
        except OSError as error:
            with self._condition:
                self._ended.add(fd)
            # A reader that has gone, or a stdout that was never open, is not worth a word.
            if error.errno not in (errno.EPIPE, errno.EBADF):
                log.warning("passing output through to descriptor %d ends here: %s", fd, error)

    def _call(self, function: Callable[..., None], *args: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop was closed: no one waits any more
            self._loop.call_soon_threadsafe(function, *args)


def _release(written: asyncio.Future[None]) -> None:
    if not written.done():
        written.set_result(None)
