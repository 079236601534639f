"""What webtee says to the person who started it: lines on standard error, and the terminal's size.

Its own lines are single ones that begin with its name, so that they can be told from the output
that passes through beside them. They are written by a thread: a terminal that is held (Ctrl-S) or a
pipe that is not read may keep a line waiting, but never the source or a viewer.
"""

import contextlib
import logging
import os
import select
import threading
from collections import deque

SIZE = (120, 40)
"""Columns and rows where there is no terminal to ask."""


class Lines:
    """Webtee's own lines, in order. Any thread may add one, and none waits for its being read.

    Args:
        descriptor: Where they are written.
        bound: Lines that may wait; what comes then is left out, and how much that was is said.
    """

    def __init__(self, descriptor: int = 2, bound: int = 1000) -> None:
        self._descriptor = descriptor
        self._bound = bound
        # What all threads touch, under the condition's lock.
        self._changed = threading.Condition()
        self._waiting: deque[str] = deque()
        self._left_out = 0
        threading.Thread(target=self._write_all, name="lines", daemon=True).start()

    def say(self, line: str) -> None:
        """Add a line of webtee's own; its name is put before it."""
        self.add(f"webtee: {line}")

    def add(self, line: str) -> None:
        """Add a line as it is."""
        with self._changed:
            if len(self._waiting) >= self._bound:
                self._left_out += 1
                return
            self._confess()
            self._waiting.append(line)
            self._changed.notify_all()

    def flush(self, patience: float) -> None:
        """Wait until all lines are written.

        Args:
            patience: Seconds after which they are not waited for any more.
        """
        with self._changed:
            self._confess()
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._waiting, patience)

    def log(self, *, debug: bool) -> None:
        """Take log entries, too: from warnings on, or all and whole with ``debug``."""
        handler = _Handler(self)
        if debug:
            handler.setFormatter(logging.Formatter("webtee: %(asctime)s %(name)s: %(message)s"))
        else:
            handler.setFormatter(_OneLine())
        # What aiohttp warns of there (a subprotocol that we do not speak) is nothing to act on.
        logging.getLogger("aiohttp.websocket").setLevel(logging.ERROR)
        logging.basicConfig(level=logging.DEBUG if debug else logging.WARNING, handlers=[handler])

    def _confess(self) -> None:
        if self._left_out:
            self._waiting.append(f"webtee: lines left out, as nobody read them: {self._left_out}")
            self._left_out = 0

    def _write_all(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting)
                line = self._waiting[0]
            with contextlib.suppress(OSError):  # nothing depends on anyone reading it
                write_all(self._descriptor, f"{line}\n".encode(errors="replace"))
            with self._changed:
                self._waiting.popleft()  # only now, so that flush waits for it
                self._changed.notify_all()


def write_all(descriptor: int, data: bytes) -> None:
    """Write to a descriptor that others share, and that so may or may not be blocking.

    Args:
        descriptor: Its number; its flags are left alone.
        data: Written whole; blocks until it is.

    Raises:
        OSError: It cannot be written any more.
    """
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(descriptor, rest) :]  # a part: a signal, or the disk's last block
        except BlockingIOError:  # someone else made it non-blocking
            poller = select.poll()
            poller.register(descriptor, select.POLLOUT)
            poller.poll()


def size(cols: int | None, rows: int | None) -> tuple[int, int]:
    """Return the columns and rows that a command's pseudo-terminal is to have.

    Args:
        cols: As asked for; None takes this terminal's.
        rows: The same.
    """
    present = SIZE
    for descriptor in (1, 2, 0):
        with contextlib.suppress(OSError):
            found = os.get_terminal_size(descriptor)
            if found.columns and found.lines:
                present = (found.columns, found.lines)
                break
    return cols or present[0], rows or present[1]


class _Handler(logging.Handler):
    """Adds log entries to the lines."""

    def __init__(self, lines: Lines) -> None:
        super().__init__()
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._lines.add(self.format(record))
        except Exception:  # its arguments do not fit: for logging to report, not for its caller
            self.handleError(record)


class _OneLine(logging.Formatter):
    """Keeps a log entry to one line; where an error comes from is for ``--debug``."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        message = record.getMessage() + (f": {error}" if error is not None else "")
        return "webtee: " + " ".join(message.split())
