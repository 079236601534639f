"""What webtee says to the person who started it: lines on standard error, and the terminal's size.

Its own lines are single ones that begin with its name, so that they can be told from the output
that passes through beside them.
"""

import contextlib
import logging
import os
import sys

SIZE = (120, 40)
"""Columns and rows where there is no terminal to ask."""


def say(line: str) -> None:
    """Write a line to standard error. Nothing depends on anyone reading it."""
    with contextlib.suppress(OSError):
        os.write(2, f"webtee: {line}\n".encode(errors="replace"))


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


class _OneLine(logging.Formatter):
    """Keeps a log entry to one line; where an error comes from is for ``--debug``."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        message = record.getMessage() + (f": {error}" if error is not None else "")
        return "webtee: " + " ".join(message.split())


def log_to_stderr(*, debug: bool) -> None:
    """Send log entries to standard error: from warnings on, or all and whole with ``debug``."""
    handler = logging.StreamHandler(sys.stderr)
    if debug:
        handler.setFormatter(logging.Formatter("webtee: %(asctime)s %(name)s: %(message)s"))
    else:
        handler.setFormatter(_OneLine())
    logging.basicConfig(level=logging.DEBUG if debug else logging.WARNING, handlers=[handler])
