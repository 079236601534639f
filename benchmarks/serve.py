"""Starting what is measured and what measures, and ending all of it again.

Everything is a context manager; leaving it ends the whole process tree by its ids, also when a
benchmark fails or is interrupted.
"""

import compileall
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks import proctree

ROOT: Final = Path(__file__).parent.parent
CACHE: Final = ROOT / ".cache" / "bench"
BIN: Final = CACHE / "bin"
LOG: Final = CACHE / "access.log"
SOURCE: Final = CACHE / "src"  # webtee as it was when the run began
_SILENT: Final = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
_READY: Final = re.compile(r"webtee: http://[^:/]+:(\d+)/")


@dataclass(frozen=True)
class Server:
    """A running program that viewers connect to."""

    pid: int
    port: int

    def cpu(self) -> float:
        """CPU seconds of its tree so far."""
        return proctree.cpu(self.pid)

    def memory(self, field: str = "Rss") -> int:
        """Bytes of memory of its tree (see `proctree.memory`)."""
        return proctree.memory(self.pid, field)


@dataclass(frozen=True)
class Kind:
    """How a kind of program is watched: path, arguments for the C clients."""

    path: str
    arguments: tuple[str, ...]
    lines_in_text: bool  # else a message is a line


WEBTEE: Final = Kind("/s/{name}/live?lag=skip", ("--deflate", "--protocol", "webtee.v1"), True)
PLAIN: Final = Kind("/", (), True)
AUTOBAHN: Final = Kind("/", ("--deflate",), True)
WEBSOCKETD: Final = Kind("/", ("--deflate",), False)


@contextmanager
def _process(
    command: Sequence[str], grace: float = 5.0, **options: Any
) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(command, text=True, start_new_session=True, **options)
    try:
        yield process
    finally:
        proctree.end(process.pid, grace)
        process.wait()


def take_source() -> None:
    """Copy webtee as it is now, so that a whole run measures one and the same."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src" / "webtee", SOURCE / "webtee", ignore=unwanted)
    compileall.compile_dir(SOURCE, quiet=2)


def _environment() -> dict[str, str]:
    paths = [str(SOURCE), str(ROOT)]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths)}


@contextmanager
def webtee(
    *arguments: str, stdin: int | None = subprocess.DEVNULL, stdout: int | None = subprocess.DEVNULL
) -> Iterator[Server]:
    """Run webtee on a port of its choice.

    Args:
        arguments: Options and the command; `--port 0` is added.
        stdin: A file descriptor that it reads when there is no command.
        stdout: Where it passes output through to.
    """
    CACHE.mkdir(parents=True, exist_ok=True)
    words = CACHE / "webtee.err"
    with words.open("w") as error:
        command = [sys.executable, "-m", "webtee", "--port", "0", *arguments]
        with _process(
            command, stdin=stdin, stdout=stdout, stderr=error, env=_environment()
        ) as process:
            deadline = time.monotonic() + 20
            while not (ready := _READY.search(words.read_text())):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"webtee did not start: {words.read_text()[-300:]}")
                time.sleep(0.005)
            yield Server(process.pid, int(ready[1]))
    complaint = words.read_text()
    if "Traceback" in complaint:
        print(f"webtee said:\n{complaint[-3000:]}", file=sys.stderr)


@contextmanager
def starting(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run webtee without waiting for it."""
    command = [sys.executable, "-m", "webtee", *arguments]
    with _process(command, stdin=subprocess.DEVNULL, **_SILENT, env=_environment()) as process:
        yield process


@contextmanager
def autobahn(*command: str) -> Iterator[Server]:
    """Run the Twisted and Autobahn program."""
    port = free_port()
    arguments = [sys.executable, "-m", "benchmarks.peers.autobahn_tee", str(port), *command]
    with _process(arguments, 0.5, **_SILENT, env=_environment()) as process:
        yield _listening(process, port)


@contextmanager
def websocketd(*command: str) -> Iterator[Server]:
    """Run websocketd, which starts the command for each client."""
    port = free_port()
    arguments = [
        "websocketd",
        f"--port={port}",
        "--address=127.0.0.1",
        "--loglevel=fatal",
        *command,
    ]
    with _process(arguments, 0.5, **_SILENT) as process:
        yield _listening(process, port)


@contextmanager
def frontail(*command: str, options: Sequence[str] = ()) -> Iterator[Server]:
    """Run frontail on what a command writes."""
    script = CACHE / "npm" / "node_modules" / "frontail" / "bin" / "frontail"
    if not script.exists():
        raise RuntimeError("frontail could not be installed")
    port = free_port()
    arguments = ["node", str(script), "--host", "127.0.0.1", "--port", str(port)]
    arguments += ["--disable-usage-stats", *options, "-"]
    pipe = subprocess.PIPE
    with (
        _process(command, 0.5, stdout=pipe, stdin=subprocess.DEVNULL, env=_environment()) as source,
        _process(arguments, 0.5, stdin=source.stdout, **_SILENT) as process,
    ):
        yield _listening(process, port)


def _listening(process: subprocess.Popen[str], port: int) -> Server:
    deadline = time.monotonic() + 20
    while not accepts(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{process.args!r} did not start")
        time.sleep(0.02)
    return Server(process.pid, port)


def accepts(port: int) -> bool:
    """Whether someone listens there."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Client:
    """One of the C clients: a line of JSON for each request."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.ready = self._answer()

    def snap(self) -> dict[str, Any]:
        """The counts so far (see load.c and watch.c)."""
        self.say("snap")
        return self._answer()

    def say(self, word: str) -> None:
        """Send a line to the client."""
        assert self.process.stdin
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.process.args!r} ended with {self.process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    answer = _answer


@contextmanager
def client(*arguments: str | int | Path) -> Iterator[Client]:
    """Run one of the C programs with pipes to it."""
    command = [str(BIN / str(arguments[0])), *map(str, arguments[1:])]
    pipe = subprocess.PIPE
    with _process(command, stdin=pipe, stdout=pipe) as process:
        yield Client(process)


@contextmanager
def viewers(
    server: Server, kind: Kind, count: int, *options: str, name: str = "tail", lazy: int = 5
) -> Iterator[Client]:
    """Connect viewers that count.

    Args:
        server: Where to.
        kind: What they are.
        count: How many.
        options: More options of load.c.
        name: The stream's.
        lazy: They read every so many milliseconds; 0: at once.
    """
    path = kind.path.format(name=name)
    extra: list[str | int] = ["--lazy", lazy, *kind.arguments, *options]
    with client("load", server.port, path, count, *extra) as load:
        if load.ready["lost"]:
            raise RuntimeError(f"{load.ready['lost']} of {count} viewers could not connect")
        yield load


@contextmanager
def watcher(
    server: Server, kind: Kind, *options: str | Path, name: str = "tail"
) -> Iterator[Client]:
    """Connect the one viewer that decodes, checks and times everything."""
    bare = () if kind.lines_in_text else ("--bare-lines",)
    path = kind.path.format(name=name)
    with client("watch", server.port, path, *kind.arguments, *bare, *options) as watch:
        if watch.ready["lost"]:
            raise RuntimeError("the watching viewer could not connect")
        yield watch


@contextmanager
def pace(rate: float, *options: str | Path) -> Iterator[subprocess.Popen[str]]:
    """Write log lines at an even rate, from outside the program measured."""
    with _process([str(BIN / "pace"), str(LOG), str(rate), *map(str, options)]) as process:
        yield process
