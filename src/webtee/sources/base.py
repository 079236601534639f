"""The one interface between where bytes come in and whoever wants them.

A :class:`Source` gives what it reads to a :class:`Sink`, as it comes and unchanged, and says in the
end how it went. The interface knows no log, no viewer and no network, so a new kind of source
(another webtee, a push over HTTP) is one class. Everything here is called in the event loop's
thread.
"""

from dataclasses import dataclass
from typing import Protocol


class Sink(Protocol):
    """Takes what a source reads. Called in the event loop's thread only; must not block."""

    def output(self, data: bytes) -> None:
        """Take bytes of the standard output, of the pty, or of the standard input.

        Args:
            data: At least one byte, exactly as read; cut anywhere, also within a character.
        """

    def error(self, data: bytes) -> None:
        """Take bytes of the standard error, which only a command with pipes has apart.

        Args:
            data: At least one byte, exactly as read.
        """


@dataclass(frozen=True, slots=True)
class Started:
    """How a run began.

    Attributes:
        pid: The command's process and process group; None for standard input.
        pty: Whether the command runs under a pseudo-terminal.
        cols: The pty's columns; None without one.
        rows: The pty's rows; None without one.
    """

    pid: int | None
    pty: bool
    cols: int | None
    rows: int | None


@dataclass(frozen=True, slots=True)
class Exit:
    """How a run ended. Exactly one of code and signal is None.

    Attributes:
        code: The exit code, 0 to 255.
        signal: The number of the signal that ended it.
        seconds: How long the command itself ran, without the draining of its output.
    """

    code: int | None
    signal: int | None
    seconds: float

    @property
    def status(self) -> int:
        """What a shell would say in ``$?``: the code, or 128 plus the signal."""
        if self.code is not None:
            return self.code
        return 128 + (self.signal or 0)


class Source(Protocol):
    """Where a stream's bytes come from: one object is one run, from start to exit."""

    def start(self, sink: Sink) -> Started:
        """Begin; to be called once, in a running event loop's thread.

        Args:
            sink: Gets everything that is read, from the loop's next turn on.

        Returns:
            What was started.

        Raises:
            CommandError: The command cannot be started; there is nothing to clean up.
            LifeError: It was started before.
        """

    async def wait(self) -> Exit:
        """Wait until all output has been given to the sink and the run is over.

        Any number of callers may wait, also after the end. Cancelling a wait leaves the run alone.

        Returns:
            How the run ended.

        Raises:
            LifeError: It was never started.
        """

    def pause(self) -> None:
        """Stop reading until :meth:`resume`; the full pipe then slows the writer, as with tee."""

    def resume(self) -> None:
        """Go on reading."""

    def interrupt(self) -> None:
        """Ask the run to end by itself, as Ctrl-C at its own terminal would; returns at once.

        A command gets INT, and what has not ended after the source's grace is stopped (5 s). An
        input is read on to its end, where whoever writes it got the same Ctrl-C; any other ends.
        Before the start and after the end it does nothing.
        """

    async def stop(self, grace: float | None = None) -> None:
        """End the run: TERM, then KILL after the grace; returns when the run is over.

        Idempotent and callable at any time; before the start and after the end it does nothing. The
        earliest deadline of several calls holds. What had been written before still reaches the
        sink, even when paused. Cancelling a stop does not take it back.

        Args:
            grace: Seconds between TERM and KILL; None for the source's own (5).
        """

    def kill(self) -> None:
        """End the run at once with KILL; :meth:`wait` tells when it is over."""

    def resize(self, cols: int, rows: int) -> None:
        """Tell the command that its terminal has a new size; nothing where there is none.

        Args:
            cols: Columns, 1 to 65535.
            rows: Rows, 1 to 65535.
        """
