"""From write() in the child to receipt in a client, at 10 lines/s, beside websocketd.

The child puts CLOCK_MONOTONIC into each line just before it writes it; a C client that decodes all
compares. Where many watch, two such clients do: the first and the last that connected.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack

from benchmarks import serve
from benchmarks.report import Report, Spread, Target, in_turns
from benchmarks.serve import BIN, LOG, WEBSOCKETD, WEBTEE, Kind, Server

RATE = 10


def measure(
    start: Callable[[], AbstractContextManager[Server]], kind: Kind, count: int, window: float
) -> list[float]:
    """Delays in milliseconds, as one or two of `count` viewers meet them."""
    with ExitStack() as stack:
        server = stack.enter_context(start())
        watches = [stack.enter_context(serve.watcher(server, kind, name="late"))]
        if count > 1:
            stack.enter_context(serve.viewers(server, kind, count - 2, name="late"))
            watches.append(stack.enter_context(serve.watcher(server, kind, name="late")))
        time.sleep(1.0)
        for watch in watches:
            watch.snap()  # what was kept before has old stamps
        time.sleep(window)
        ends = [watch.snap() for watch in watches]
    if any(end["missing"] for end in ends) or not all(end["delays_ns"] for end in ends):
        raise RuntimeError(f"latency: {[end['missing'] for end in ends]} lines are missing")
    return [delay / 1e6 for end in ends for delay in end["delays_ns"]]


def run(rounds: int, window: float) -> Report:
    """Measure."""
    source = [str(BIN / "pace"), str(LOG), str(RATE), "--stamp"]

    def pty() -> AbstractContextManager[Server]:
        return serve.webtee("--quiet", "--name", "late", *source)

    def pipe() -> AbstractContextManager[Server]:
        return serve.webtee("--quiet", "--pipe", "--name", "late", *source)

    def theirs() -> AbstractContextManager[Server]:
        return serve.websocketd(*source)

    turns = in_turns(
        rounds,
        {
            "webtee, 1": lambda: measure(pty, WEBTEE, 1, window),
            "websocketd, 1": lambda: measure(theirs, WEBSOCKETD, 1, window),
            "webtee --pipe, 1": lambda: measure(pipe, WEBTEE, 1, window),
            "webtee, 100": lambda: measure(pty, WEBTEE, 100, window),
            "websocketd, 100": lambda: measure(theirs, WEBSOCKETD, 100, window),
            "webtee, 1,000": lambda: measure(pty, WEBTEE, 1_000, window),
        },
    )
    report = Report(
        "latency",
        "Latency",
        "From just before `write()` in the child to a decoded line in a client, in "
        f"milliseconds; {RATE} lines/s, {rounds} times {window:.0f} s. webtee reads a pty, and "
        "compresses; websocketd reads a pipe, and runs a child for each client. p99 and the "
        "greatest are of all turns together.",
        ["program, viewers", "p50 ms", "p99 ms", "greatest ms", "lines"],
    )
    middles = {}
    for name, results in turns.items():
        every = sorted(delay for result in results for delay in result)
        p50 = Spread(tuple(_quantile(sorted(result), 0.5) for result in results))
        middles[name] = p50.median
        report.rows.append(
            [
                name,
                p50.show(),
                f"{_quantile(every, 0.99):.2f}",
                f"{every[-1]:.2f}",
                f"{len(every):,}",
            ]
        )
    what = "p50 at 1 viewer by websocketd's"
    report.targets.append(Target(what, middles["webtee, 1"] / middles["websocketd, 1"], 1.0))
    return report


def _quantile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
