"""The composition root: builds source, log, stream and server from Settings, and runs them.

It knows the order of things, and nothing of how any of them is done: listen, start the command,
pass its output on, tell how it ended, serve on, and leave with the command's exit status.

Nothing that is waited for on the way out may keep webtee from leaving once it was asked to: not the
reader of its stdout, not a viewer, not a browser.
"""

import asyncio
import contextlib
import dataclasses
import errno
import os
import resource
import secrets
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator

import uvloop

from webtee import terminal
from webtee.browser import open_browser
from webtee.errors import LimitError
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
_GRACE = 5.0  # seconds for each wait on the way out, once webtee was asked to stop
_AT_ONCE = 0.2  # seconds for the same when it was asked again: what is ready gets out
_USUAL_END = 1.0  # seconds within which most have ended after Ctrl-C
_FIRST_LINES = 0.5  # seconds for webtee's own lines before the command's output
_LITTLE = 1 << 16  # bytes of history below which someone meant another unit
_LAST_LINES = 1.0  # seconds for them in the end
_SWITCH = 0.0005  # seconds that the event loop waits for threads that search; Python's 5 ms add up
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
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
        say: Takes a line for the person who started it; must not block.
        said: Waits a moment for those lines to be written.
        handle_signals: Whether Ctrl-C, SIGTERM and SIGHUP end the run, unless they were ignored
            when webtee was started, and SIGWINCH resizes its terminal. Needs the main thread.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        say: Callable[[str], None],
        said: Callable[[], object] = bool,
        handle_signals: bool = False,
    ) -> None:
        self._settings = settings
        self._say = say
        self._said = said
        self._handle_signals = handle_signals
        self._pty = settings.pty and bool(settings.command)
        self._size = terminal.size(settings.cols, settings.rows)
        self._stopping: asyncio.Future[None] | None = None
        self._stopped_by: signal.Signals | None = None
        self._leaving = asyncio.Event()
        self._hurrying = asyncio.Event()
        self._stream = Stream(
            settings.stream_name,
            Log(secrets.token_hex(8), keep=settings.keep_bytes),
            title=settings.stream_title,
            command=settings.shown_command,
            pty=self._pty,
            cols=self._size[0] if self._pty else None,
            rows=self._size[1] if self._pty else None,
            resize=self._resize_terminal,
        )
        self._server = Server(
            {self._stream.name: self._stream},
            host=settings.host,
            port=settings.port,
            tail=settings.tail,
            allow_hosts=settings.allow_host,
            allow_origins=settings.allow_origin,
        )
        self._source = self._make_source()
        self._pass_through: PassThrough | None = None

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
                    self._leaving.set()
                    await self._wait_for(self._server.close("webtee was stopped"))

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
        self._say(self._server.url)
        for url in self._server.others_urls:
            self._say(f"on the network: {url}")
        if not self._settings.local:
            self._say("open to the network without access control: who can reach it can watch")
        if self._settings.keep_bytes < _LITTLE:
            self._say(f"--keep {self._settings.keep} keeps hardly more than the newest lines")
        if self._settings.open:
            open_browser(self._server.url)
        # What the command writes is read only after this: a program that takes the whole screen
        # would be written over, or hide where it can be watched.
        self._said()

    async def _until_done(self) -> int:
        ended = await self._source.wait()
        how = self._how(ended)
        if not self._settings.command and (
            self._stopped_by is signal.SIGINT or (self._stopped_by is not None and ended.signal)
        ):
            # There was no one to send a signal to: what ended the reading is the one that we got.
            ended = dataclasses.replace(ended, code=None, signal=self._stopped_by)
        self._stream.event(
            event="exit",
            run=_RUN,
            code=ended.code,
            signal=ended.signal,
            seconds=round(ended.seconds, 3),
        )
        self._stream.end()
        if self._pass_through is not None:
            if os.isatty(1):  # which a program that was killed left as it was
                self._pass_through.output(self._stream.tidying())
            await self._pass_on(self._pass_through)
        self._tell(how, ended.seconds)
        if self._settings.exit:
            grace = _GRACE if self._leaving.is_set() else None
            self._leaving.set()
            await self._wait_for(self._stream.delivered(_DELIVERY_PATIENCE), grace)
        else:
            await self._leaving.wait()
        return ended.status

    async def _pass_on(self, pass_through: PassThrough) -> None:
        """Pass the rest on: for as long as its reader takes, until webtee is asked to stop."""
        flushing = asyncio.ensure_future(pass_through.flush())
        leaving = asyncio.ensure_future(self._leaving.wait())
        await asyncio.wait((flushing, leaving), return_when=asyncio.FIRST_COMPLETED)
        leaving.cancel()
        await self._wait_for(flushing, _GRACE)
        if dropped := pass_through.close():
            self._say(f"{dropped} bytes were not passed on: nobody read them")

    def _how(self, ended: Exit) -> str:
        if self._settings.command:
            return f"the command {_how(ended)}"
        if ended.signal is not None:
            by = (self._stopped_by or signal.Signals(ended.signal)).name
            return f"reading standard input was interrupted ({by})"
        return "standard input ended"

    def _tell(self, how: str, seconds: float) -> None:
        serving_on = not self._settings.exit and not self._leaving.is_set()
        after = f"after {seconds:.1f} s"
        # Where it was said first is out of sight after a program that had the whole screen.
        where = f" at {self._server.url}" if self._stream.drew else ""
        still = f"; still serving it{where}, Ctrl-C ends" if serving_on else ""
        self._say(f"{how} {after}{still}")

    async def _wait_for(
        self, what: Coroutine[None, None, None] | asyncio.Future[None], grace: float | None = None
    ) -> None:
        """Wait for something that may take long.

        Args:
            what: It is cancelled when it is not waited for any more: when someone is in a hurry.
            grace: Seconds after which it is not waited for either; None for no bound.
        """
        task = asyncio.ensure_future(what)
        hurrying = asyncio.ensure_future(self._hurrying.wait())
        await asyncio.wait((task, hurrying), timeout=grace, return_when=asyncio.FIRST_COMPLETED)
        if hurrying.done():
            await asyncio.wait((task,), timeout=_AT_ONCE)
        hurrying.cancel()
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
        handled = []
        for number in _STOP_SIGNALS:
            # Ignored by whoever started us (nohup, a shell's `webtee … &`): not meant for us.
            if signal.getsignal(number) is not signal.SIG_IGN:
                loop.add_signal_handler(number, self._on_stop_signal, number)
                handled.append(number)
        if self._pty and not (self._settings.cols and self._settings.rows):
            handled.append(signal.SIGWINCH)
            loop.add_signal_handler(signal.SIGWINCH, self._on_resize)
        try:
            yield
        finally:
            for number in handled:
                loop.remove_signal_handler(number)

    def _on_stop_signal(self, number: signal.Signals) -> None:
        if not self._leaving.is_set():
            self._leaving.set()
            self._stopped_by = number
            if number == signal.SIGINT:
                self._source.interrupt()
                asyncio.get_running_loop().call_later(_USUAL_END, self._tell_what_is_waited_for)
                return
        else:
            self._hurrying.set()
        if self._stopping is None:
            self._stopping = asyncio.ensure_future(self._source.stop())
        else:
            self._source.kill()

    def _tell_what_is_waited_for(self) -> None:
        if not self._stream.ended and self._stopping is None:
            what = "the command" if self._settings.command else "standard input"
            self._say(f"waiting for {what} to end; Ctrl-C again ends it")

    def _resize_terminal(self, cols: int, rows: int) -> None:
        self._source.resize(cols, rows)

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
        LimitError: There are too few open files to be had.
    """
    sys.setswitchinterval(_SWITCH)
    lines = terminal.Lines()
    lines.log(debug=settings.debug)

    async def run() -> int:
        try:
            app = App(
                settings,
                say=lines.say,
                said=lambda: lines.flush(_FIRST_LINES),
                handle_signals=True,
            )
            return await app.run()
        finally:
            for number in _STOP_SIGNALS:  # all is over: one that comes now changes nothing
                signal.signal(number, signal.SIG_IGN)

    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(run())
    except OSError as error:
        if error.errno not in (errno.EMFILE, errno.ENFILE):
            raise
        raise LimitError("too few open files are allowed: raise the limit (ulimit -n).") from error
    finally:
        lines.flush(_LAST_LINES)


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
