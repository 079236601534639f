"""10,000 viewers connected: memory for each, and how soon all have a line."""

import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import serve
from benchmarks.report import Report, Target, in_turns, spread
from benchmarks.serve import AUTOBAHN, WEBTEE, Kind, Server

VIEWERS = 10_000
LINES = 5


@dataclass(frozen=True)
class Turn:
    """One program with all its viewers."""

    connect: float  # seconds for all to connect
    each: float  # bytes of the program's memory per viewer
    line: float  # seconds until all have a line: the median of some


@contextmanager
def webtee() -> Iterator[tuple[Server, int]]:
    """Start webtee on a pipe; also gives the pipe's end to write to."""
    read, write = os.pipe()
    try:
        with serve.webtee("--quiet", "--name", "many", stdin=read) as server:
            yield server, write
    finally:
        os.close(read)
        os.close(write)


@contextmanager
def autobahn() -> Iterator[tuple[Server, int]]:
    """Start the Twisted and Autobahn program with a `cat` to write to."""
    with tempfile.TemporaryDirectory(dir=serve.CACHE) as folder:
        path = Path(folder) / "pipe"
        os.mkfifo(path)
        write = os.open(path, os.O_RDWR)
        try:
            with serve.autobahn("cat", str(path)) as server:
                yield server, write
        finally:
            os.close(write)


def measure(
    start: Callable[[], AbstractContextManager[tuple[Server, int]]], kind: Kind, count: int
) -> Turn:
    """Connect all, look at the memory, write some lines."""
    with start() as (server, write):
        time.sleep(1.0)
        before = server.memory("Pss")
        with serve.viewers(server, kind, count, name="many", lazy=0) as load:
            time.sleep(1.0)
            each = (server.memory("Pss") - before) / count
            delays = [_line(load, write, number) for number in range(LINES)]
            if lost := load.snap()["lost"]:
                raise RuntimeError(f"viewers: {lost} connections were lost")
    return Turn(load.ready["seconds"], each, statistics.median(delays))


def _line(load: serve.Client, write: int, number: int) -> float:
    """Write a line, and give the seconds until the last viewer has it."""
    least = load.snap()["least_messages"]
    begin = time.monotonic_ns()
    os.write(write, b"line %d: %s\n" % (number, b"." * 80))
    deadline = time.monotonic() + 20
    while (seen := load.snap())["least_messages"] <= least:
        if time.monotonic() > deadline:
            raise RuntimeError("viewers: a line did not reach every viewer within 20 s")
        time.sleep(0.1)
    time.sleep(1.0)  # longer than any tick
    return float(seen["last_message_ns"] - begin) / 1e9


def run(rounds: int, window: float) -> Report:
    """Measure; `window` does not matter here."""
    del window
    count = min(VIEWERS, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 500)
    turns = in_turns(
        rounds,
        {
            "webtee": lambda: measure(webtee, WEBTEE, count),
            "Twisted + Autobahn": lambda: measure(autobahn, AUTOBAHN, count),
        },
    )
    report = Report(
        "viewers",
        f"{count:,} viewers",
        f"Memory is the process tree's (Pss) with all {count:,} connected less what it was "
        f"before, by their number; the kernel's socket buffers are not in it. Then {LINES} "
        f"single lines, {LINES} s or so apart: from write to the last viewer's receipt.",
        ["program", "KB per viewer", "ms until all have a line", "s to connect all"],
    )
    for name, results in turns.items():
        each = spread(results, lambda turn: turn.each / 1e3)
        line = spread(results, lambda turn: turn.line * 1e3)
        connect = spread(results, lambda turn: turn.connect)
        report.rows.append([name, each.show(1), line.show(0), connect.show(1)])
        if name == "webtee":
            report.targets.append(Target("each viewer", each.median, 20, digits=1, unit="KB"))
    if count < VIEWERS:
        report.notes.append(f"Fewer than {VIEWERS:,}: the limit of open files is too low here.")
    return report
