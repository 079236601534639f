"""Standard input as a source: ``make 2>&1 | webtee``.

The open file behind a standard input is shared with other processes, so its flags are not ours: it
stays blocking, and is read once each time that it is ready. libuv would set O_NONBLOCK on what it
polls; therefore an epoll of our own stands between (an epoll can itself be polled). What cannot be
polled, regular files above all, never blocks for long and is read a slice per turn of the loop.
"""

import asyncio
import logging
import os
import select
import signal
import stat
import time
from contextlib import suppress

from webtee.errors import CommandError
from webtee.sources.base import Exit, Sink, Started
from webtee.sources.life import Event, Life
from webtee.sources.reader import PIPE_TURN, enlarge_pipe

_logger = logging.getLogger(__name__)


class Stdin:
    """Reads a descriptor that was given to us to its end.

    It ends with code 0 at the end of the input and with code 1, after a warning, when reading
    fails. There is no process to signal: :meth:`stop` takes what is already there and ends the run
    as TERM ends a command (143 to a shell); :meth:`kill` takes nothing more and ends it as KILL
    does.

    Args:
        fd: Its number; not closed by us, and its flags are left alone.
    """

    def __init__(self, fd: int = 0) -> None:
        self._fd = fd
        self._life = Life()
        self._paused = False
        self._poller: select.epoll | None = None
        self._next: asyncio.Handle | None = None
        self._loop: asyncio.AbstractEventLoop
        self._done: asyncio.Future[Exit]
        self._began: float
        self._sink: Sink

    def start(self, sink: Sink) -> Started:
        """Begin to read; see :meth:`Source.start`.

        Raises:
            CommandError: The descriptor is not open.
        """
        self._life.check(Event.BEGIN)
        self._loop = asyncio.get_running_loop()
        try:
            os.fstat(self._fd)
            self._poller = _poller(self._fd)
        except OSError as error:
            self._life.on(Event.FAIL)
            reason = f"cannot be read ({error.strerror}); pipe into webtee or give it a command"
            raise CommandError("standard input", reason, 126) from error
        enlarge_pipe(self._fd)
        self._life.on(Event.BEGIN)
        self._sink = sink
        self._done = self._loop.create_future()
        self._began = time.monotonic()
        if not self._paused:
            self.resume()
        return Started(None, pty=False, cols=None, rows=None)

    async def wait(self) -> Exit:
        """Wait for the end of the input; see :meth:`Source.wait`."""
        self._life.check_begun()
        return await asyncio.shield(self._done)

    def pause(self) -> None:
        """Stop reading; see :meth:`Source.pause`."""
        self._paused = True
        if self._life.alive:
            self._rest()

    def resume(self) -> None:
        """Go on reading; see :meth:`Source.resume`."""
        self._paused = False
        if not self._life.alive:
            return
        if self._poller is not None:
            self._loop.add_reader(self._poller.fileno(), self._ready)
        elif self._next is None:
            self._next = self._loop.call_soon(self._slice)

    def interrupt(self) -> None:
        """Read on to the end of a pipe; see :meth:`Source.interrupt`.

        Whoever writes into it mostly got the same Ctrl-C as we, and has last words. A file or a
        device has none: it ends as with :meth:`stop`.
        """
        if self._life.alive and not _has_writer(self._fd):
            self._stop()

    async def stop(self, grace: float | None = None) -> None:  # noqa: ARG002 (nothing to wait for)
        """Take what is already there, at most 1 MiB, and end; see :meth:`Source.stop`."""
        if self._life.alive:
            self._stop()

    def _stop(self) -> None:
        if self._poller is not None and self._poller.poll(0):
            self._ready()
        if self._life.alive:
            self._end(None, signal.SIGTERM)

    def kill(self) -> None:
        """End at once; see :meth:`Source.kill`."""
        if self._life.alive:
            self._end(None, signal.SIGKILL)

    def resize(self, cols: int, rows: int) -> None:
        """Do nothing: an input has no size."""

    def _ready(self) -> None:
        # One read for one readiness: a second could block, and with it the loop.
        try:
            data = os.read(self._fd, PIPE_TURN)
        except BlockingIOError:  # another process made it non-blocking, and took what there was
            return
        except OSError as error:
            _logger.warning("reading standard input failed, it ends here: %s", error)
            self._end(1, None)
            return
        if data:
            self._sink.output(data)
        else:
            self._end(0, None)

    def _slice(self) -> None:
        self._next = None
        self._ready()
        if self._life.alive and not self._paused:
            # Not at once but in the next turn: everyone else has theirs in between.
            self._next = self._loop.call_soon(self._slice)

    def _rest(self) -> None:
        if self._poller is not None:
            self._loop.remove_reader(self._poller.fileno())
        elif self._next is not None:
            self._next.cancel()
            self._next = None

    def _end(self, code: int | None, number: int | None) -> None:
        self._rest()
        if self._poller is not None:
            self._poller.close()
        self._life.on(Event.EXIT)
        self._life.on(Event.END)
        self._done.set_result(Exit(code, number, time.monotonic() - self._began))


def _has_writer(fd: int) -> bool:
    mode = os.fstat(fd).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def _poller(fd: int) -> select.epoll | None:
    """Return what tells when a descriptor is ready, or None for what always is."""
    poller = select.epoll()
    try:
        with suppress(PermissionError):  # epoll's word for "cannot be polled"
            poller.register(fd, select.EPOLLIN)
            return poller
    except BaseException:
        poller.close()
        raise
    poller.close()
    return None
