"""A tiny process that ends a command's process group when webtee dies without a word.

``kill -9`` and the out-of-memory killer leave us no chance to clean up, and PR_SET_PDEATHSIG
reaches only the child, not its children, and is lost at setuid. So a shell in a session of its own
waits at a pipe whose only writer is webtee: when the pipe ends, webtee is gone, and the group gets
TERM and, after the grace, KILL. It is killed itself as soon as the group has gone, and before the
group's number is given back, so it never meets a number's next owner.
"""

import asyncio
import contextlib
import logging
import os
import signal

from webtee.sources.child import Child
from webtee.sources.spawn import FileAction

_logger = logging.getLogger(__name__)

_TICK = 0.1

# It looks ten times a second whether the group still is, and goes when it is not: so the final KILL
# cannot hit a group that came to the number later. Signals are ignored because whoever ends webtee
# with all around it (a supervisor's TERM to a cgroup) must not end this first.
_SCRIPT = f"""
trap '' HUP INT QUIT TERM USR1 USR2 TSTP TTIN TTOU PIPE
read -r group || exit 0
read -r never && exit 0
kill -s TERM -- "-$group" || exit 0
kill -s CONT -- "-$group"
while [ "$1" -gt 0 ]; do
    kill -s 0 -- "-$group" || exit 0
    sleep {_TICK} || sleep 1
    set -- $(($1 - 1))
done
kill -s KILL -- "-$group"
"""


class Guard:
    """Watches over one process group on behalf of this process.

    Args:
        loop: The running event loop.
        grace: Seconds between TERM and KILL.

    Raises:
        OSError: The guard cannot be started.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, grace: float) -> None:
        self._loop = loop
        self._grace = grace
        self._group = 0
        self._done = False
        self._start()

    def _start(self) -> None:
        reading, self._pipe = os.pipe()  # close-on-exec: no command inherits the writing end
        try:
            actions: list[FileAction] = [
                (os.POSIX_SPAWN_DUP2, reading, 0),
                (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_DUP2, 1, 2),
                *((os.POSIX_SPAWN_CLOSE, fd) for fd in _inheritable()),
            ]
            pid = os.posix_spawn(
                "/bin/sh",
                ["sh", "-c", _SCRIPT, "webtee-guard", str(round(self._grace / _TICK))],
                {"PATH": os.environ.get("PATH", os.defpath)},
                file_actions=actions,
                setsid=True,
                setsigdef=[signal.SIGPIPE],
            )
        except BaseException:
            os.close(self._pipe)
            raise
        finally:
            os.close(reading)
        self._child = Child(self._loop, pid)

    def watch(self, group: int) -> None:
        """Tell it which group; to be called right after the command was started.

        Args:
            group: The process group.
        """
        self._group = group
        self._child.exited.add_done_callback(self._on_exit)
        try:
            os.write(self._pipe, b"%d\n" % group)
        except OSError as error:
            _logger.warning("guard has gone: a kill -9 of webtee would orphan %d: %s", group, error)

    def _on_exit(self, _exited: object) -> None:
        """Put another in its place if somebody killed it."""
        if self._done:
            return
        _logger.warning("the guard of %d was killed; another takes its place", self._group)
        self._child.reap()
        os.close(self._pipe)
        try:
            self._start()
        except OSError as error:
            self._done = True
            _logger.warning("no guard: kill -9 of webtee would orphan %d: %s", self._group, error)
        else:
            self.watch(self._group)

    async def dismiss(self) -> None:
        """End it, once the group is gone; returns when it has been reaped."""
        if self._done:
            return
        self._done = True
        self._child.kill()
        await self._child.exited
        self._child.reap()
        os.close(self._pipe)

    def discard(self) -> None:
        """End it when there is no group to watch; blocks for the millisecond that this takes."""
        self._done = True
        self._child.kill()
        self._child.reap()
        os.close(self._pipe)

    def abandon(self) -> None:
        """Let it do its work now, as if webtee had died: for when the loop goes away first."""
        if self._done:
            return
        self._done = True
        with contextlib.suppress(OSError):
            os.close(self._pipe)
        self._child.abandon()


def _inheritable() -> list[int]:
    """Descriptors that webtee's own parent left open to it, which a guard should not keep open."""
    try:
        numbers = [int(name) for name in os.listdir("/proc/self/fd")]
    except OSError:  # no /proc in here, as in some chroots and sandboxes
        return []
    found = []
    for fd in numbers:
        with contextlib.suppress(OSError):  # the listing's own descriptor is closed by now
            if fd > 2 and os.get_inheritable(fd):
                found.append(fd)
    return found
