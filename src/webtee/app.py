"""The composition root: builds source, log, stream and server from Settings, and runs them.

It knows the order of things, and nothing of how any of them is done: listen, start the command,
pass its output on, tell how it ended, serve on, and leave with the command's exit status.
"""

import asyncio
import contextlib
import os
import resource
import secrets
import signal
import webbrowser
from collections.abc import Awaitable, Callable, Iterator

import uvloop

from webtee import terminal
from webtee.log.log import Log
from webtee.log.record import Kind
from webtee.passthrough import PassThrough
from webtee.settings import Settings
from webtee.sources.base import Exit, Sink, Source
from webtee.sources.command import Command
from webtee.sources.stdin import Stdin
from webtee.stream import Stream
from webtee.web.server import Server

_DELIVERY_PATIENCE = 10.0  # seconds that --exit waits for a viewer that takes nothing
_RUN = 1  # a stream's command runs once


class _Tee:
    """Where a source's bytes go: into the stream, and on to this terminal."""

    def __init__(self, stream: Stream, terminal: Sink | None) -> None:
        self._stream = stream
        self._terminal = terminal

    def output(self, data: bytes) -> None:
        """Take bytes of stdout, of the pty, or of standard input."""
        self._stream.feed(Kind.OUTPUT, data)
        if self._terminal is not None:
            self._terminal.output(data)

    def error(self, data: bytes) -> None:
        """Take bytes of stderr."""
        self._stream.feed(Kind.STDERR, data)
        if self._terminal is not None:
            self._terminal.error(data)


class App:
    """One source, one stream, and the server that shows it.

    To be created and run in one event loop. Two can run in one process, if only one of them
    handles signals.

    Args:
        settings: What to do.
        handle_signals: Whether Ctrl-C and SIGTERM end the run, and SIGWINCH resizes its terminal.
            Needs the main thread.
    """

    def __init__(self, settings: Settings, *, handle_signals: bool = False) -> None:
        self._settings = settings
        self._handle_signals = handle_signals
        self._pty = settings.pty and bool(settings.command)
        self._size = terminal.size(settings.cols, settings.rows)
        self._stopping: asyncio.Future[None] | None = None
        self._asked_to_stop = asyncio.Event()
        self._asked_twice = asyncio.Event()
        self._stream = Stream(
            settings.stream_name,
            Log(secrets.token_hex(8), keep=settings.keep_bytes),
            title=settings.stream_title,
            command=settings.shown_command,
            pty=self._pty,
            cols=self._size[0] if self._pty else None,
            rows=self._size[1] if self._pty else None,
        )
        self._server = Server(
            {self._stream.name: self._stream},
            host=settings.host,
            port=settings.port,
            tail=settings.tail,
        )
        self._source = self._make_source()
        self._pass_through: PassThrough | None = None
        self._opening: asyncio.Future[bool] | None = None

    def _make_source(self) -> Source:
        if not self._settings.command:
            return Stdin(0)
        cols, rows = self._size
        return Command(
            self._settings.command,
            pty=self._pty,
            cols=cols,
            rows=rows,
            cwd=self._settings.cwd or None,
            env=self._settings.environment,
        )

    async def run(self) -> int:
        """Run until there is nothing more to do.

        Returns:
            The exit status: the command's own, or 128 plus the signal that ended it.

        Raises:
            ListenError: The address cannot be had.
            CommandError: The command cannot be started.
        """
        with _room_for_viewers() as usual_limits:
            await self._server.start()
            with self._signals_handled():
                try:
                    with usual_limits():
                        self._start()
                    return await self._until_done()
                finally:
                    if self._pass_through is not None:
                        self._pass_through.close()
                    self._asked_twice.clear()  # that was about the command; this is about viewers
                    await self._unless_asked_twice(self._server.close("webtee was stopped"))

    def _start(self) -> None:
        if not self._settings.quiet:
            self._pass_through = PassThrough(
                asyncio.get_running_loop(),
                self._source.pause,
                self._source.resume,
                undo_onlcr=self._pty and not os.isatty(1),
            )
        started = self._source.start(_Tee(self._stream, self._pass_through))
        self._stream.event(
            event="start",
            run=_RUN,
            command=self._stream.command,
            pid=started.pid,
            pty=started.pty,
            cols=started.cols,
            rows=started.rows,
        )
        terminal.say(self._server.url)
        if self._settings.open:
            # A browser may take its time to start; the loop has none.
            self._opening = asyncio.ensure_future(
                asyncio.to_thread(webbrowser.open, self._server.url)
            )

    async def _until_done(self) -> int:
        ended = await self._source.wait()
        self._stream.event(
            event="exit",
            run=_RUN,
            code=ended.code,
            signal=ended.signal,
            seconds=round(ended.seconds, 3),
        )
        self._stream.end()
        if self._pass_through is not None:
            await self._unless_asked_twice(self._pass_through.flush())
        self._tell(ended)
        if self._settings.exit:
            await self._unless_asked_twice(self._stream.delivered(_DELIVERY_PATIENCE))
        else:
            await self._asked_to_stop.wait()
        return ended.status

    def _tell(self, ended: Exit) -> None:
        if self._settings.command:
            how = f"the command {_how(ended)} after {ended.seconds:.1f} s"
        else:
            how = f"standard input ended after {ended.seconds:.1f} s"
        serving_on = not self._settings.exit and not self._asked_to_stop.is_set()
        terminal.say(f"{how}{'; still serving it, Ctrl-C ends' if serving_on else ''}")

    async def _unless_asked_twice(self, awaitable: Awaitable[None]) -> None:
        """Wait for something that may take long, until it is done or someone is impatient."""
        task = asyncio.ensure_future(awaitable)
        impatient = asyncio.ensure_future(self._asked_twice.wait())
        await asyncio.wait((task, impatient), return_when=asyncio.FIRST_COMPLETED)
        impatient.cancel()
        if not task.done():
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    # Signals

    @contextlib.contextmanager
    def _signals_handled(self) -> Iterator[None]:
        if not self._handle_signals:
            yield
            return
        loop = asyncio.get_running_loop()
        handled = [signal.SIGINT, signal.SIGTERM]
        for number in handled:
            loop.add_signal_handler(number, self._on_stop_signal)
        if self._pty and not (self._settings.cols and self._settings.rows):
            handled.append(signal.SIGWINCH)
            loop.add_signal_handler(signal.SIGWINCH, self._on_resize)
        try:
            yield
        finally:
            for number in handled:
                loop.remove_signal_handler(number)

    def _on_stop_signal(self) -> None:
        if self._asked_to_stop.is_set():
            self._asked_twice.set()
            self._source.kill()
        else:
            self._asked_to_stop.set()
            self._stopping = asyncio.ensure_future(self._source.stop())

    def _on_resize(self) -> None:
        size = terminal.size(self._settings.cols, self._settings.rows)
        if size != self._size and not self._stream.ended:
            self._size = size
            self._source.resize(*size)
            self._stream.resize(*size)


def main(settings: Settings) -> int:
    """Run webtee as the command line does: in the main thread, with signals and log lines.

    Returns:
        The exit status.

    Raises:
        ListenError: The address cannot be had.
        CommandError: The command cannot be started.
    """
    terminal.log_to_stderr(debug=settings.debug)

    async def run() -> int:
        return await App(settings, handle_signals=True).run()

    return uvloop.run(run())


def _how(ended: Exit) -> str:
    if ended.signal is not None:
        try:
            return f"was ended by {signal.Signals(ended.signal).name}"
        except ValueError:  # most real-time signals have no name
            return f"was ended by signal {ended.signal}"
    return f"exited with code {ended.code}"


@contextlib.contextmanager
def _room_for_viewers() -> Iterator[Callable[[], contextlib.AbstractContextManager[None]]]:
    """Allow as many open connections as the system does while the block runs.

    Yields:
        A context in which the usual limit holds again, for starting a command in: programs may
        take a high limit for a promise to need it.
    """
    usual, most = resource.getrlimit(resource.RLIMIT_NOFILE)

    @contextlib.contextmanager
    def limited(soft: int) -> Iterator[None]:
        before, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, most))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (before, most))

    with limited(most):
        yield lambda: limited(usual)
