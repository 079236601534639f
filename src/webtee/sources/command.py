"""A command under a pty or with pipes: the source that ``webtee COMMAND`` runs.

One object is one run. It promises that all output reaches the sink, however soon the command exits,
that nothing of its process group outlives the run or webtee itself, and that it leaves no zombie.

When the command has gone but others (its children, a daemon it started) still hold its pty or
pipes, reading goes on until they let go, until nothing came for a second, or for five seconds in
all, whichever is first; what is left of the process group is then ended, and the run is over.
"""

import asyncio
import contextlib
import fcntl
import logging
import os
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence

from webtee.errors import CommandError
from webtee.sources.base import Exit, Sink, Started
from webtee.sources.child import Child, group_members, group_names, signal_group
from webtee.sources.guard import Guard
from webtee.sources.life import Event, Life, State
from webtee.sources.patience import Patience
from webtee.sources.reader import FdReader
from webtee.sources.spawn import FileAction, inherits_stdin, spawn

_logger = logging.getLogger(__name__)


class Command:
    """Runs a command and gives its output to a sink.

    The command's standard input is webtee's own where that is a pipe, a file or a socket, else the
    pty, or /dev/null with pipes (see :func:`inherits_stdin`).

    Args:
        command: Program and arguments, given to it exactly so; no shell is involved. Bytes that
            are not UTF-8 are preserved through surrogate escapes.
        pty: Under a pseudo-terminal, which controls it; else stdout and stderr are two pipes.
        cols: The pty's columns.
        rows: The pty's rows.
        cwd: Where it starts; None for where we are.
        env: What to set in its environment beside our own. Under a pty TERM is xterm-256color
            unless set here.
        patience: How long to wait for what does not end.
        stdin: The number of webtee's standard input.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        pty: bool = True,
        cols: int = 120,
        rows: int = 40,
        cwd: str | os.PathLike[str] | None = None,
        env: Mapping[str, str] | None = None,
        patience: Patience | None = None,
        stdin: int = 0,
    ) -> None:
        self._command = tuple(command)
        self._name = self._command[0] if self._command else ""
        self._pty = pty
        self._size = (cols, rows)
        self._cwd = cwd
        self._env = dict(env or {})
        self._patience = patience or Patience()
        self._stdin = stdin
        self._life = Life()
        self._paused = False
        self._stopping = False
        self._killed = False
        self._readers: list[FdReader] = []
        self._slave = -1
        self._guard: Guard | None = None
        self._int_timer: asyncio.TimerHandle | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._kill_timer: asyncio.TimerHandle | None = None
        # Set by start; every method checks the life's state before it touches them.
        self._loop: asyncio.AbstractEventLoop
        self._child: Child
        self._run: asyncio.Task[Exit]
        self._began: float
        self._changed: asyncio.Event
        self._hopeless: asyncio.Future[float]

    def start(self, sink: Sink) -> Started:
        """Start the command; see :meth:`Source.start`."""
        self._life.check(Event.BEGIN)
        loop = self._loop = asyncio.get_running_loop()
        try:
            pid = self._spawn(loop, sink)
        except BaseException as error:
            self._life.on(Event.FAIL)
            self._close()
            if self._guard is not None:
                self._guard.discard()
            if isinstance(error, OSError):  # no descriptors left, for instance
                reason = f"cannot be started: {error.strerror}"
                raise CommandError(self._name, reason, 126) from error
            raise
        self._life.on(Event.BEGIN)
        self._began = time.monotonic()  # a loop's own time may count milliseconds only
        self._changed = asyncio.Event()
        self._hopeless = loop.create_future()
        self._child = Child(loop, pid)
        if self._guard is not None:
            self._guard.watch(pid)
        self._run = loop.create_task(self._live(), name=f"run-{pid}")
        if not self._paused:
            self.resume()
        cols, rows = self._size if self._pty else (None, None)
        return Started(pid, self._pty, cols, rows)

    async def wait(self) -> Exit:
        """Wait for the end of the run; see :meth:`Source.wait`."""
        self._life.check_begun()
        return await asyncio.shield(self._run)

    def pause(self) -> None:
        """Stop reading; see :meth:`Source.pause`. Time spent paused is not counted as silence."""
        self._paused = True
        if self._life.alive:
            self._changed.set()
            for reader in self._readers:
                reader.pause()

    def resume(self) -> None:
        """Go on reading; see :meth:`Source.resume`."""
        self._paused = False
        if self._life.alive:
            self._changed.set()
            for reader in self._readers:
                reader.resume()

    def interrupt(self) -> None:
        """Send INT to the whole process group, TERM after the grace; see :meth:`Source.interrupt`.

        What a terminal's Ctrl-C is to a command. The run then ends as one that ends by itself.
        """
        if not self._life.alive:
            return
        signal_group(self._child.pid, signal.SIGINT)
        if self._int_timer is None:
            self._int_timer = self._loop.call_later(self._patience.grace, self._insist)

    async def stop(self, grace: float | None = None) -> None:
        """Send TERM to the whole process group, KILL after the grace; see :meth:`Source.stop`.

        Reaches every process of the command's group, also when the command itself has gone.
        Processes that moved to another group or session (daemons, the jobs of an interactive shell)
        are beyond reach; under a pty the kernel gives HUP to those that a terminal's end concerns.
        """
        if not self._life.alive:
            return
        self._stop(self._patience.grace if grace is None else grace)
        # Not for its result: whoever waits gets that, and an error of the run as well.
        await asyncio.wait([self._run])

    def kill(self) -> None:
        """Send KILL to the whole process group now; see :meth:`Source.kill`."""
        if not self._life.alive:
            return
        self._stopping = self._killed = True
        signal_group(self._child.pid, signal.SIGKILL)
        self._changed.set()
        if self._kill_timer is None:
            self._kill_timer = self._loop.call_later(self._patience.after_kill, self._hang_up)

    def resize(self, cols: int, rows: int) -> None:
        """Set the pty's size; the kernel tells the command by WINCH. See :meth:`Source.resize`."""
        self._size = (cols, rows)
        if self._pty and self._life.alive and self._readers[0].open:
            _set_size(self._readers[0].fd, cols, rows)

    # The start.

    def _spawn(self, loop: asyncio.AbstractEventLoop, sink: Sink) -> int:
        if signal.getsignal(signal.SIGCHLD) is signal.SIG_IGN:
            # Inherited from a careless parent: the kernel would then throw exit statuses away.
            with contextlib.suppress(ValueError):  # not the main thread: the status will be lost
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        # First of all: were it closed, the next descriptor that we open would get its number.
        inherits = inherits_stdin(self._stdin)
        env = {**os.environ, **({"TERM": "xterm-256color"} if self._pty else {}), **self._env}
        given: list[int] = []  # the command's ends of pipes, which are not ours to keep
        try:
            if self._pty:
                actions = self._open_pty(loop, sink)
                no_input: FileAction = (os.POSIX_SPAWN_DUP2, 1, 0)
            else:
                actions = self._open_pipes(loop, sink, given)
                no_input = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
            if inherits:
                actions.insert(0, (os.POSIX_SPAWN_DUP2, self._stdin, 0))
            else:
                actions.append(no_input)
            try:
                self._guard = Guard(loop, self._patience.grace)
            except OSError as error:
                _logger.warning("no guard: a kill -9 of webtee would orphan the command: %s", error)
            return spawn(self._command, actions, env, self._cwd)
        finally:
            for fd in given:
                os.close(fd)

    def _open_pty(self, loop: asyncio.AbstractEventLoop, sink: Sink) -> list[FileAction]:
        try:
            master, self._slave = os.openpty()
            self._readers = [FdReader(loop, master, sink.output, self._on_eof, pty=True)]
            name = os.ttyname(self._slave)
        except OSError as error:
            reason = f"no pseudo-terminal to be had ({error.strerror}); use pipes instead (--pipe)"
            raise CommandError(self._name, reason, 126) from error
        _set_size(master, *self._size)
        # Opened by its path in the new session, it becomes the controlling terminal. Our own copy
        # of the slave stays open until the command exits: so a command that closes its output, and
        # opens /dev/tty later, is not taken for ended.
        return [
            (os.POSIX_SPAWN_OPEN, 1, name, os.O_RDWR, 0),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ]

    def _open_pipes(
        self, loop: asyncio.AbstractEventLoop, sink: Sink, given: list[int]
    ) -> list[FileAction]:
        for deliver in (sink.output, sink.error):
            reading, writing = os.pipe()
            self._readers.append(FdReader(loop, reading, deliver, self._on_eof))
            try:
                # Were our own 1 or 2 closed, a pipe might have that number, and lose it to a dup2.
                given.append(fcntl.fcntl(writing, fcntl.F_DUPFD_CLOEXEC, 3))
            finally:
                os.close(writing)
        out, err = given
        return [(os.POSIX_SPAWN_DUP2, out, 1), (os.POSIX_SPAWN_DUP2, err, 2)]

    # The run.

    async def _live(self) -> Exit:
        try:
            await asyncio.wait(
                (self._child.exited, self._hopeless), return_when=asyncio.FIRST_COMPLETED
            )
            self._life.on(Event.EXIT)
            self._close_slave()
            await self._linger()
            await self._end_group()
            for reader in self._readers:
                reader.finish()
            if self._guard is not None:
                # Before the number is given back, so that the guard never meets its next owner.
                await self._guard.dismiss()
        except BaseException:
            # The loop is being torn down around us. No time for a grace here: the guard has it.
            self._abandon()
            raise
        finally:
            for timer in (self._int_timer, self._timer, self._kill_timer):
                if timer is not None:
                    timer.cancel()
        if self._child.exited.done():
            seconds = self._child.exited.result() - self._began
            code, number = self._child.reap()
        else:
            seconds = self._hopeless.result() - self._began
            code, number = None, signal.SIGKILL
            self._child.abandon()
        self._life.on(Event.END)
        return Exit(code, number, seconds)

    async def _linger(self) -> None:
        """Read on after the command's exit until the end, a silence, or long enough."""
        now = since = self._loop.time()
        left = self._patience.linger_total
        while not self._stopping and any(reader.open for reader in self._readers):
            self._changed.clear()
            if self._paused:
                # A slow pass-through holds us, not they: no time passes for them.
                await self._changed.wait()
                now = since = self._loop.time()
                continue
            quiet_since = max(since, *(reader.last_read for reader in self._readers))
            timeout = min(left, quiet_since + self._patience.linger_idle - now)
            if timeout <= 0:
                return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(timeout):
                    await self._changed.wait()
            before, now = now, self._loop.time()
            left -= now - before

    async def _end_group(self) -> None:
        """End what is left of the process group; its last words are still read."""
        if not self._left():
            return
        self._terminate(self._patience.grace)
        pause = 0.005
        deadline: float | None = None
        while self._left():
            if self._killed:
                deadline = deadline or self._loop.time() + self._patience.after_kill
                if self._loop.time() > deadline:
                    return  # in the kernel's hands, which does not let go of it
            await asyncio.sleep(pause)
            pause = min(pause * 2, 0.1)

    def _left(self) -> bool:
        members = group_members(self._child.pid)
        if members is None:  # no /proc in here: who holds the output open is taken for what is left
            return any(reader.open for reader in self._readers)
        return bool(members)

    def _stop(self, grace: float) -> None:
        self._terminate(grace)
        self._stopping = True
        self._changed.set()

    def _insist(self) -> None:
        """Go on to TERM where INT was not enough."""
        if not self._stopping:
            grace, names = self._patience.grace, group_names(self._child.pid)
            _logger.warning("still there %g s after INT, now asked to end: %s", grace, names)
            self._stop(grace)

    def _terminate(self, grace: float) -> None:
        """Send TERM once, and see to it that KILL follows after the grace."""
        due = self._loop.time() + grace
        if self._timer is None:
            signal_group(self._child.pid, signal.SIGTERM)
            # What is stopped (Ctrl-Z, SIGSTOP) would not see TERM before it goes on.
            signal_group(self._child.pid, signal.SIGCONT)
        elif self._timer.when() <= due:
            return
        else:
            self._timer.cancel()
        self._timer = self._loop.call_at(due, self._overdue, grace)

    def _overdue(self, grace: float) -> None:
        if self._left():
            names = group_names(self._child.pid)
            _logger.warning("still there %g s after TERM, now killed: %s", grace, names)
        self.kill()

    def _hang_up(self) -> None:
        """Do what is left when KILL did nothing: the command has another user (sudo), or is stuck.

        A pty that goes away means HUP to its session, from the kernel, which no user is denied; a
        pipe that goes away means PIPE. What that does not end either is left behind, rather than
        that we wait for ever.
        """
        if self._child.exited.done():
            return
        self._close_slave()
        for reader in self._readers:
            reader.finish()
        self._kill_timer = self._loop.call_later(self._patience.after_kill, self._give_up)

    def _give_up(self) -> None:
        if not self._child.exited.done():
            _logger.warning(
                "%s (%d) cannot be ended, and is left behind: it has another user, or is stuck",
                self._name,
                self._child.pid,
            )
            self._hopeless.set_result(time.monotonic())

    # The end.

    def _on_eof(self) -> None:
        self._changed.set()

    def _close_slave(self) -> None:
        if self._slave >= 0:
            os.close(self._slave)
            self._slave = -1

    def _close(self) -> None:
        self._close_slave()
        for reader in self._readers:
            reader.close()

    def _abandon(self) -> None:
        signal_group(self._child.pid, signal.SIGTERM if self._guard else signal.SIGKILL)
        self._close()
        if self._guard is not None:
            self._guard.abandon()
        self._child.abandon()
        if self._life.state is State.RUNNING:
            self._life.on(Event.EXIT)
        self._life.on(Event.END)


def _set_size(fd: int, cols: int, rows: int) -> None:
    with contextlib.suppress(OSError):
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
