"""Starting a command: which file it is, what it inherits, and what to say when it does not start.

``posix_spawn`` instead of fork with a preexec function: it is safe with threads and does not copy
our page tables. The command leads a session and a process group of its own; environment, limits,
mask and inherited descriptors are ours, as if it had been started in our place.
"""

import contextlib
import errno
import os
import signal
import stat
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from webtee.errors import CommandError

FileAction = tuple[Any, ...]
"""What to do with a descriptor in the child, as :func:`os.posix_spawn` takes it."""

# Python ignores these for itself; a command must find them as its own defaults.
_DEFAULT_SIGNALS = [signal.SIGPIPE, signal.SIGXFSZ]


def inherits_stdin(fd: int) -> bool:
    """Tell whether a command gets our own standard input.

    A pipe, a file or a socket was put there for the command: ``zcat big.gz | webtee sh -c wc``. A
    terminal was not: a command in another session that reads it gets an error, and would compete
    with whoever else reads there. Nor was /dev/null, which is what services, cron and nohup give:
    with it a ``top`` under a pty would see its input end and quit. So character devices (and a
    closed descriptor) are replaced by the pty, or by /dev/null with pipes.

    Args:
        fd: The standard input's number.

    Returns:
        Whether it is a pipe, a regular file or a socket.
    """
    try:
        mode = os.fstat(fd).st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode)


def spawn(
    command: Sequence[str],
    actions: Sequence[FileAction],
    env: Mapping[str, str],
    cwd: str | os.PathLike[str] | None,
) -> int:
    """Start a command as leader of a new session.

    Args:
        command: Program and arguments, exactly as they are to arrive.
        actions: What to do with descriptors; done in the new session, before the program runs.
        env: The whole environment; a program without a slash is looked for in *its* PATH.
        cwd: The directory to start in, from which relative programs and PATHs count; None for ours.

    Returns:
        Its pid.

    Raises:
        CommandError: It did not start; status 127 when there is no such program, else 126.
    """
    name = command[0] if command else ""
    try:
        with _directory(name, cwd):
            path = _resolve(name, env.get("PATH", os.defpath))
            try:
                return os.posix_spawn(
                    path,
                    list(command),
                    env,
                    file_actions=actions,
                    setsid=True,
                    setsigdef=_DEFAULT_SIGNALS,
                )
            except OSError as error:
                raise _explain(name, path, error) from error
    except ValueError as error:  # a NUL byte, or a variable's name with "="
        raise CommandError(name, f"cannot be started: {error}; check its arguments", 126) from error


@contextlib.contextmanager
def _directory(name: str, cwd: str | os.PathLike[str] | None) -> Iterator[None]:
    """Be in a directory for the moment of spawning.

    The working directory is the whole process's, but a spawn takes about a millisecond of the
    loop's own thread, and no thread of ours opens relative paths. Python's file actions have no
    chdir. We return by descriptor, which works also where our own directory has been removed.
    """
    if cwd is None:
        yield
        return
    here = os.open(".", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            os.chdir(cwd)
        except OSError as error:
            reason = f"cannot start in {os.fspath(cwd)} ({error.strerror}); give another directory"
            raise CommandError(name, reason, 126) from error
        try:
            yield
        finally:
            os.fchdir(here)
    finally:
        os.close(here)


def _resolve(name: str, search: str) -> str:
    """Find the program as execvp(3) does, but in the child's PATH and with reasons."""
    if not name:
        raise CommandError("''", "there is no program with an empty name; give a command", 127)
    if "/" in name:
        return name
    denied = None
    for directory in search.split(os.pathsep):
        candidate = os.path.join(directory or ".", name)
        if os.path.isfile(candidate):
            if os.access(candidate, os.X_OK):
                return candidate
            denied = denied or candidate
    if denied is not None:
        raise CommandError(name, f"permission denied: {denied} is not executable (chmod +x)", 126)
    raise CommandError(name, "command not found; check its name and PATH", 127)


def _explain(name: str, path: str, error: OSError) -> CommandError:
    """Turn what the kernel says into what the user can do."""
    status = 126
    if os.path.isdir(path):
        reason = "is a directory, not a program; name a file in it"
    elif error.errno == errno.ENOENT and os.path.exists(path):
        reason = "its interpreter is missing; check its first line (#!) or its architecture"
    elif error.errno in (errno.ENOENT, errno.ENOTDIR):
        status = 127
        reason = "no such file; check the path"
    elif error.errno in (errno.EACCES, errno.EPERM):
        reason = "permission denied; make it executable (chmod +x)"
    elif error.errno == errno.ENOEXEC:
        reason = "exec format error; a script needs a first line (#!) or a shell: sh " + name
    elif error.errno == errno.E2BIG:
        reason = "its arguments and environment are too long; shorten them"
    else:
        reason = f"cannot be started: {error.strerror}"
    return CommandError(name, reason, status)
