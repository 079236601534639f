"""Raw bytes by bytes on the wire for a viewer with permessage-deflate, at 1,000 lines/s."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial

from benchmarks import serve
from benchmarks.report import Report, Target, in_turns, spread
from benchmarks.serve import AUTOBAHN, BIN, LOG, WEBTEE, Kind, Server

RATE = 1_000
WINDOW = 9.0  # a segment is 8 s long at this rate: less would count its cheap or dear part only


@dataclass(frozen=True)
class Turn:
    """One program, one window, one viewer's bytes."""

    raw: int
    wire: int
    messages: int

    @property
    def ratio(self) -> float:
        """How many raw bytes one byte on the wire carries."""
        return self.raw / self.wire


def measure(
    start: Callable[[], AbstractContextManager[Server]], kind: Kind, count: int, window: float
) -> Turn:
    """Watch as one of `count` viewers."""
    with ExitStack() as stack:
        running = stack.enter_context(start())
        if count > 1:
            stack.enter_context(serve.viewers(running, kind, count - 1, name="wire"))
        watch = stack.enter_context(serve.watcher(running, kind, name="wire"))
        time.sleep(1.0)
        old = watch.snap()
        time.sleep(window)
        new = watch.snap()
    if new["faults"] or new["gaps"]:
        raise RuntimeError(f"wire: {new['faults']} faults, {new['gaps']} gaps")
    return Turn(*(new[name] - old[name] for name in ("raw", "wire", "messages")))


def run(rounds: int, window: float) -> Report:
    """Measure."""
    window = max(window, WINDOW)
    source = [str(BIN / "pace"), str(LOG), str(RATE)]

    def ours() -> AbstractContextManager[Server]:
        return serve.webtee("--quiet", "--name", "wire", *source)

    def theirs() -> AbstractContextManager[Server]:
        return serve.autobahn(*source)

    programs = {
        f"webtee, {count:,}": partial(measure, ours, WEBTEE, count, window)
        for count in (1, 100, 1_000)
    }
    programs["Twisted + Autobahn, 1"] = partial(measure, theirs, AUTOBAHN, 1, 2.0)
    turns = in_turns(rounds, programs)
    report = Report(
        "wire",
        "Bytes on the wire",
        f"A command under a pty writes {RATE:,} lines/s, a write each, for {window:.0f} s. Raw "
        "bytes are the output's own; bytes on the wire are the WebSocket's, frame headers and "
        "record headers included.",
        ["program, viewers", "KB/s raw", "messages/s", "bytes per message", "raw by wire"],
    )
    for name, results in turns.items():
        seconds = window if name.startswith("webtee") else 2.0
        ratio = spread(results, lambda turn: turn.ratio)
        report.rows.append(
            [
                name,
                f"{spread(results, lambda turn: turn.raw).median / seconds / 1e3:,.0f}",
                f"{spread(results, lambda turn: turn.messages).median / seconds:,.0f}",
                f"{spread(results, lambda turn: turn.wire / turn.messages).median:,.0f}",
                ratio.show(),
            ]
        )
        if name.startswith("webtee"):
            what = f"raw by wire at {name.split()[1]} viewer{'s' * (not name.endswith(' 1'))}"
            report.targets.append(Target(what, ratio.median, 5, at_least=True))
    return report
