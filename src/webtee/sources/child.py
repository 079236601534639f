"""Our child processes: when one has exited, who is left of its group, and reaping it.

asyncio's subprocess support is not used: it reaps a child as soon as it exits, and then the number
of its process group could be another's when we signal it. Here a child stays a zombie, its number
taken, until the caller is done with the group. No handler for SIGCHLD, so that any loop will do.
"""

import asyncio
import contextlib
import logging
import os
import signal
import threading
import time

_logger = logging.getLogger(__name__)


class Child:
    """A child process of ours that no one else reaps.

    Args:
        loop: The running event loop.
        pid: The child, just started.

    Attributes:
        pid: Its number, which stays its own until :meth:`reap`.
        exited: Done once it has exited, and is a zombie; its result is the monotonic time then.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, pid: int) -> None:
        self._loop = loop
        self._pidfd = -1
        self._reaped = False
        self.pid = pid
        self.exited: asyncio.Future[float] = loop.create_future()
        try:
            self._pidfd = os.pidfd_open(pid)
        except ProcessLookupError:  # someone ignores SIGCHLD: gone without a trace
            self._on_exit()
        except (AttributeError, OSError):
            # Python has none if built with old kernel headers (as uv's and conda's have been), a
            # sandbox may refuse it, or the last descriptor is taken; the child runs already.
            threading.Thread(target=self._block, name=f"wait-{pid}", daemon=True).start()
        else:
            loop.add_reader(self._pidfd, self._on_exit)

    def _block(self) -> None:
        with contextlib.suppress(ChildProcessError):
            os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
            self._loop.call_soon_threadsafe(self._on_exit)

    def _on_exit(self) -> None:
        self._forget()
        if not self.exited.done():
            self.exited.set_result(time.monotonic())

    def _forget(self) -> None:
        if self._pidfd >= 0:
            self._loop.remove_reader(self._pidfd)
            os.close(self._pidfd)
            self._pidfd = -1

    def kill(self) -> None:
        """Send KILL to this process alone."""
        if not self._reaped:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def reap(self) -> tuple[int | None, int | None]:
        """Take the exit status and give the number back; blocks unless it has exited.

        Returns:
            Exit code and signal; one of them is None.
        """
        self._forget()
        self._reaped = True
        try:
            status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        except ChildProcessError:
            _logger.warning("%d was reaped by someone else: its exit status is lost", self.pid)
            return 255, None
        return (status, None) if status >= 0 else (None, -status)

    def abandon(self) -> None:
        """Reap it in a thread of its own, for when the loop goes away first."""
        self._forget()
        self._reaped = True

        def block() -> None:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self.pid, 0)

        threading.Thread(target=block, name=f"reap-{self.pid}", daemon=True).start()


def signal_group(group: int, number: int) -> None:
    """Send a signal to a process group whose leader has not been reaped.

    Args:
        group: The group, which is its leader's pid.
        number: The signal.
    """
    # EPERM: every member has another user by now (sudo, setuid); nothing that we could do.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def group_members(group: int) -> list[str] | None:
    """Name the processes of a group that are alive; zombies are not.

    Asking the kernel for each process's group is one short system call each (about 1 ms for a
    thousand processes) and needs no files read; it is asked only when a run ends.

    Args:
        group: The group.

    Returns:
        "name (pid)" of each, or None where there is no /proc to tell: some chroots and sandboxes.
    """
    members: list[str] = []
    try:
        entries = os.listdir("/proc")
    except OSError:
        return None
    for entry in entries:
        if not entry.isdecimal():
            continue
        try:
            if os.getpgid(int(entry)) != group:
                continue
            with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as file:
                # proc(5): pid (comm) state …; comm may hold anything, also parentheses.
                head, _, rest = file.read().rpartition(")")
        except OSError:  # gone meanwhile
            continue
        if rest[1:2] not in ("Z", "X"):
            members.append(f"{head.partition('(')[2]} ({entry})")
    return members


def group_names(group: int) -> str:
    """Return the names of a group's living processes for people, or its number for want of them."""
    return ", ".join(group_members(group) or [f"process group {group}"])
