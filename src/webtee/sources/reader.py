"""Reading one descriptor of our own from the event loop: a pty's master or a pipe's end.

Straight ``os.read`` in ``add_reader``, because asyncio's transports copy, buffer and know neither
ptys nor exact ends. One turn of the loop takes a bounded share, so that a flood starves no one;
what one turn reads is one call of the sink.
"""

import asyncio
import contextlib
import errno
import fcntl
import logging
import os
import time
from collections.abc import Callable

_logger = logging.getLogger(__name__)

PIPE_TURN = 1 << 20
"""Bytes that one turn of the loop takes from a pipe: what an enlarged pipe holds."""

PTY_TURN = 64 << 10
"""Bytes that one turn takes from a pty: at its 20 to 200 MB/s a few milliseconds at the most."""

HELD = 0.004
"""CPU seconds that what a turn took from a pty may keep the loop; after more, the next takes less.

It is looked for what draws on the screen. Where nothing but that comes, it takes 1,000 times as
long as for text.
"""

PTY_READ = 4096
"""The most that Linux gives in one read of a pty."""

PTY_FLOOD = 512
"""Bytes below which one read of a pty will have taken all that there was."""

REST = 0.008
"""Seconds without reading after little was read: less than a viewer could tell.

A command that writes a thousand lines a second would otherwise wake us a thousand times."""

CALM = 2048
"""Bytes below which a turn has read little. Twice that is what a pty holds."""

BUSY = 1.0
"""Seconds without a rest after a turn has read more: a flood is never made to wait."""


def enlarge_pipe(fd: int, size: int = PIPE_TURN) -> None:
    """Let a pipe hold more, so that a flood takes fewer turns; silently as it is where refused.

    Args:
        fd: Either end of a pipe; anything else is left alone.
        size: Bytes; unprivileged users may have up to /proc/sys/fs/pipe-max-size.
    """
    with contextlib.suppress(OSError):
        fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ, size)


class FdReader:
    """Reads a descriptor to its end and closes it.

    Args:
        loop: The running event loop; everything happens in its thread.
        fd: A pipe's or pty's descriptor, made non-blocking and owned from here on.
        deliver: Gets what one turn read, at least one byte.
        ended: Called once, after the last byte was delivered and the descriptor closed.
        pty: Whether it is a pty's master.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        fd: int,
        deliver: Callable[[bytes], None],
        ended: Callable[[], None],
        *,
        pty: bool = False,
    ) -> None:
        self._loop = loop
        self._deliver = deliver
        self._ended = ended
        self._pty = pty
        self._registered = False
        self._rest: asyncio.TimerHandle | None = None
        self._busy_until = 0.0
        self._turn = PTY_TURN if pty else PIPE_TURN
        self.fd = fd
        self.open = True
        self.last_read = loop.time()
        """When something was read last, on the loop's clock."""
        os.set_blocking(fd, False)
        if not pty:
            enlarge_pipe(fd)

    def resume(self) -> None:
        """Read whenever there is something to read."""
        if self.open and not self._registered and self._rest is None:
            self._loop.add_reader(self.fd, self._ready)
            self._registered = True

    def pause(self) -> None:
        """Read no more until :meth:`resume`."""
        if self._rest is not None:
            self._rest.cancel()
            self._rest = None
        if self._registered:
            self._loop.remove_reader(self.fd)
            self._registered = False

    def finish(self) -> None:
        """Deliver what was written up to now, then close, whoever else may hold the other end.

        Reads at least what a pipe or pty can hold and not much more: so what a process wrote before
        it ended is complete, and one that goes on writing cannot keep us.
        """
        if not self.open:
            return
        data, _ = self._read(PIPE_TURN, thorough=True)
        self._close()
        if data:
            self._deliver(data)
        self._ended()

    def close(self) -> None:
        """Close without reading or telling anyone."""
        if self.open:
            self._close()

    def _ready(self) -> None:
        data, eof = self._read(self._turn)
        if eof:
            self._close()
        if data:
            now = self.last_read = self._loop.time()
            begun = time.thread_time()
            self._deliver(data)
            if self._pty:
                self._pace(len(data), time.thread_time() - begun)
            if len(data) >= CALM:
                self._busy_until = now + BUSY
            elif now >= self._busy_until and self._registered:
                self.pause()
                self._rest = self._loop.call_later(REST, self._rested)
        if eof:
            self._ended()

    def _pace(self, size: int, took: float) -> None:
        """Choose what the next turn takes: less at once, more little by little."""
        if took > HELD:
            self._turn = max(int(size * HELD / took), PTY_READ)
        else:
            self._turn = min(self._turn + PTY_READ, PTY_TURN)

    def _rested(self) -> None:
        self._rest = None
        self.resume()

    def _close(self) -> None:
        self.pause()
        self.open = False
        os.close(self.fd)

    def _read(self, limit: int, *, thorough: bool = False) -> tuple[bytes, bool]:
        """Read about this many bytes; return them and whether this was the end.

        Args:
            limit: Bytes.
            thorough: Whether to read until there is nothing, where one may also come back for it.
        """
        if not self._pty:
            # One read empties an enlarged pipe; if not, the descriptor stays ready.
            return self._read_once(limit)
        pieces: list[bytes] = []
        size = 0
        eof = False
        while size < limit and not eof:
            data, eof = self._read_once(PTY_READ)
            if not data:
                break
            pieces.append(data)
            size += len(data)
            if len(data) < PTY_FLOOD and not thorough:
                break  # that was all; to be told so by another read costs as much as this one
        return (pieces[0] if len(pieces) == 1 else b"".join(pieces)), eof

    def _read_once(self, size: int) -> tuple[bytes, bool]:
        try:
            data = os.read(self.fd, size)
        except BlockingIOError:
            return b"", False
        except OSError as error:
            # A pty's master says EIO once no one holds the other side: that is its end.
            if error.errno != errno.EIO:
                _logger.warning("reading the command's output failed, it is cut here: %s", error)
            return b"", True
        return data, not data
