"""CPU for `tail -F` at 1,000 lines/s to 100 and 1,000 viewers, beside two peers."""

import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import serve
from benchmarks.report import Report, Target, in_turns, spread
from benchmarks.serve import AUTOBAHN, WEBSOCKETD, WEBTEE, Kind, Server

RATE = 1_000
DRAIN = 1.0  # seconds after the last line, within which it counts as delivered


@dataclass(frozen=True)
class Turn:
    """One program, one window."""

    cpu: float  # seconds, from before the first line until DRAIN after the last
    wire: float  # bytes per viewer
    written: int  # lines
    delivered: float  # share of the lines times viewers
    clients: float  # CPU seconds of the clients that count
    faults: int  # gaps and undecodable messages that the watching viewer saw


def measure(
    start: Callable[..., AbstractContextManager[Server]], kind: Kind, count: int, window: float
) -> Turn:
    """Write lines for `window` seconds to a file that one program tails for `count` viewers."""
    with tempfile.TemporaryDirectory(dir=serve.CACHE) as folder:
        log = Path(folder) / "growing.log"
        log.touch()
        with (
            start("tail", "-F", str(log)) as server,
            serve.viewers(server, kind, count - 1) as load,
            serve.watcher(server, kind) as watch,
        ):
            time.sleep(1.0)  # what connecting and starting set off is over
            before, first, cpu = load.snap(), watch.snap(), server.cpu()
            with serve.pace(RATE, "--append", log, "--seconds", str(int(window))) as pace:
                pace.wait()
            time.sleep(DRAIN)
            cpu = server.cpu() - cpu
            after, seen = load.snap(), watch.snap()
        written = log.read_bytes().count(b"\n")
    messages = after["messages"] - before["messages"]
    if kind is WEBTEE:  # compressed: who got as many messages as the watching one got its lines
        got = seen["messages"] - first["messages"]
        lines = seen["lines"] * (1 + messages / got)
    else:
        counted = after["lines"] - before["lines"] if kind.lines_in_text else messages
        lines = counted + seen["lines"]
    return Turn(
        cpu,
        (after["wire"] - before["wire"]) / (count - 1),
        written,
        lines / (written * count),
        after["cpu"] - before["cpu"],
        seen["gaps"] + seen["faults"] + after["lost"],
    )


def run(rounds: int, window: float) -> Report:
    """Measure."""
    report = Report(
        "fanout",
        "Fan-out: CPU for many viewers",
        f"`tail -F` of a file that grows by {RATE:,} lines/s (a write each), for {window:.0f} s "
        f"and {DRAIN:.0f} s more: CPU of the whole process tree, the tails included.",
        ["viewers", "program", "CPU s", "times webtee", "KB on the wire per viewer", "delivered"],
        notes=[
            "Delivered: lines times viewers that arrived until a second after the last was "
            "written. A program that delivers less than 100 % has not done the work that its "
            "CPU is compared for: two cores did not suffice, and the ratio is better than the "
            "one shown.",
            "Only the first 100 or so of websocketd's tails get notified by the kernel (inotify's "
            "default limit); the others look at the file once a second, which costs them less.",
        ],
    )
    for count, limits in ((100, (6, 12)), (1_000, (4, 4))):
        programs = {
            "webtee": lambda n=count: measure(_quiet, WEBTEE, n, window),
            "Twisted + Autobahn": lambda n=count: measure(serve.autobahn, AUTOBAHN, n, window),
            "websocketd": lambda n=count: measure(serve.websocketd, WEBSOCKETD, n, window),
        }
        print(f"fanout: {count} viewers")
        turns = in_turns(rounds, programs)
        ours = spread(turns["webtee"], lambda turn: turn.cpu).median
        for name, results in turns.items():
            cpu = spread(results, lambda turn: turn.cpu)
            report.rows.append(
                [
                    f"{count:,}",
                    name,
                    cpu.show(),
                    f"{cpu.median / ours:.1f}",
                    f"{spread(results, lambda turn: turn.wire).median / 1e3:,.0f}",
                    spread(results, lambda turn: 100 * turn.delivered).show(1, "%"),
                ]
            )
        for name, limit in zip(("Twisted + Autobahn", "websocketd"), limits, strict=True):
            theirs = spread(turns[name], lambda turn: turn.cpu).median
            what = f"CPU of {name} by webtee's at {count:,} viewers"
            report.targets.append(Target(what, theirs / ours, limit, at_least=True, digits=1))
        lost = max(1 - turn.delivered for turn in turns["webtee"])
        report.targets.append(
            Target(f"webtee's lost lines at {count:,} viewers", 100 * lost, 0, unit="%")
        )
        faults = sum(turn.faults for turn in turns["webtee"])
        if faults:
            report.notes.append(
                f"webtee's viewers met {faults} gaps, faults or closed connections."
            )
    return report


def _quiet(*command: str) -> AbstractContextManager[Server]:
    return serve.webtee("--quiet", *command)
