"""1 GB of log lines into standard input, with 0 and 10 viewers, beside tee; speed and memory."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import proctree, serve
from benchmarks.report import Report, Target, in_turns, spread
from benchmarks.serve import LOG, WEBTEE

COPIES = 10  # of the log, which is 107 MB
VIEWERS = 10


@dataclass(frozen=True)
class Turn:
    """One program, one flood."""

    seconds: float  # until the last byte was taken
    caught_up: float  # seconds more until viewers had what they were to get
    peak: int  # bytes resident
    cpu: float
    received: float  # share of the bytes that the watching viewer was sent; the rest was announced


@contextmanager
def _pipe() -> Iterator[tuple[int, int]]:
    read, write = os.pipe()
    try:
        yield read, write
    finally:
        os.close(read)
        os.close(write)


def _pour(into: int) -> float:
    """Write the log into a pipe, as a shell's `cat LOG LOG … |` would; returns seconds."""
    begin = time.monotonic()
    with subprocess.Popen(["cat", *[str(LOG)] * COPIES], stdout=into) as cat:
        try:
            cat.wait(60)
        finally:
            cat.kill()
    return time.monotonic() - begin


def tee(copy: str) -> Turn:
    """Flood `tee COPY >/dev/null`."""
    with _pipe() as (read, write):
        process = subprocess.Popen(["tee", copy], stdin=read, stdout=subprocess.DEVNULL)
        try:
            seconds = _pour(write)
            peak, cpu = proctree.memory(process.pid, "VmHWM"), proctree.cpu(process.pid)
        finally:
            process.kill()
            process.wait()
    return Turn(seconds, 0, peak, cpu, 1)


def webtee(count: int) -> Turn:
    """Flood `webtee >/dev/null` with `count` viewers."""
    with _pipe() as (read, write), ExitStack() as stack:
        server = stack.enter_context(serve.webtee("--name", "flood", stdin=read))
        watch = None
        if count:
            stack.enter_context(serve.viewers(server, WEBTEE, count - 1, name="flood"))
            watch = stack.enter_context(serve.watcher(server, WEBTEE, name="flood"))
        time.sleep(0.5)
        cpu = server.cpu()
        seconds = _pour(write)
        cpu = server.cpu() - cpu
        caught_up, received = 0.0, 0.0
        if watch:
            caught_up, end = _settle(watch)
            received = end["raw"] / (COPIES * LOG.stat().st_size)
            if end["faults"]:
                raise RuntimeError(f"flood: {end['faults']} messages could not be decoded")
        return Turn(seconds, caught_up, server.memory("VmHWM"), cpu, received)


def _settle(watch: serve.Client) -> tuple[float, dict[str, int]]:
    """Wait until nothing more comes; seconds until then, and the viewer's counts."""
    begin = last = time.monotonic()
    seen = watch.snap()
    while time.monotonic() - last < 0.5 and time.monotonic() - begin < 20:
        time.sleep(0.05)
        new = watch.snap()
        if new["wire"] != seen["wire"]:
            last = time.monotonic()
        seen = new
    return last - begin, seen


def run(rounds: int, window: float) -> Report:
    """Measure; `window` does not matter here."""
    del window
    with tempfile.TemporaryDirectory(dir=serve.CACHE) as folder:
        turns = in_turns(
            rounds,
            {
                "tee /dev/null": lambda: tee("/dev/null"),
                "tee FILE": lambda: tee(str(Path(folder) / "copy")),
                "webtee, no viewer": lambda: webtee(0),
                f"webtee, {VIEWERS} viewers": lambda: webtee(VIEWERS),
            },
        )
    size = COPIES * LOG.stat().st_size / 1e6
    report = Report(
        "flood",
        "Flood: as much input as it takes",
        f"`cat` writes {size:,.0f} MB of log lines into standard input; standard output is "
        "`/dev/null`. Speed is of what the program takes: from the start of `cat` until it has "
        "written all. Viewers are pages (`lag=skip`): one that cannot keep up is sent the "
        "newest and told what it missed.",
        ["program", "MB/s", "CPU s", "peak MB resident", "viewers' share", "s until they had it"],
    )
    for name, results in turns.items():
        speed = spread(results, lambda turn: size / turn.seconds)
        peak = spread(results, lambda turn: turn.peak / 1e6)
        seen = spread(results, lambda turn: 100 * turn.received)
        later = spread(results, lambda turn: turn.caught_up)
        watched = name.endswith("viewers")
        report.rows.append(
            [
                name,
                speed.show(0),
                spread(results, lambda turn: turn.cpu).show(1),
                peak.show(0),
                seen.show(0, "%") if watched else "",
                later.show(1) if watched else "",
            ]
        )
        if name == "webtee, no viewer":
            report.targets.append(Target("none watching", speed.median, 150, True, 0, "MB/s"))
        if name.startswith("webtee"):
            what = f"resident, {name.split(', ')[1]}"
            report.targets.append(Target(what, max(peak.values), 250, digits=0, unit="MB"))
    return report
