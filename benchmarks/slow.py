"""1 of 100 viewers never reads: what it does to the source, to the others and to memory."""

import json
import os
import signal
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks import proctree, serve
from benchmarks.report import Report, Target, in_turns, spread
from benchmarks.serve import BIN, LOG, WEBTEE

VIEWERS = 100
RATE, BLOCK = 30_000, 30  # lines/s, lines per write
FILL = 4.5  # seconds in which the kernel's and our buffers of the one that does not read fill up


@dataclass(frozen=True)
class Turn:
    """100 viewers, with or without one that never reads."""

    late: float  # ms: p99 of how long after its moment a write of the source was done
    p50: float  # ms from the write to receipt by one that reads
    p99: float
    peak: int  # bytes resident
    gaps: int


def measure(stalled: int, window: float) -> Turn:
    """Watch as one of the others."""
    with tempfile.TemporaryDirectory(dir=serve.CACHE) as folder:
        stats = Path(folder) / "stats"
        source = [str(BIN / "pace"), str(LOG), str(RATE), "--block", str(BLOCK), "--stamp"]
        with (
            serve.webtee("--quiet", "--name", "slow", *source, "--stats", str(stats)) as server,
            serve.viewers(
                server, WEBTEE, VIEWERS - 1, "--stall", str(stalled), name="slow"
            ) as load,
            serve.watcher(server, WEBTEE, name="slow") as watch,
        ):
            time.sleep(FILL)
            watch.snap()
            os.kill(proctree.find(server.pid, "pace"), signal.SIGUSR1)
            time.sleep(window)
            seen, lost = watch.snap(), load.snap()["lost"]
            peak = server.memory("VmHWM")
        late = json.loads(stats.read_text())["p99_us"] / 1e3
    if seen["faults"] or lost or not seen["delays_ns"]:
        raise RuntimeError(f"slow: {seen['faults']} faults, {lost} lost connections")
    delays = sorted(seen["delays_ns"])
    p50, p99 = (delays[int(share * len(delays))] / 1e6 for share in (0.5, 0.99))
    return Turn(late, p50, p99, peak, seen["gaps"])


def run(rounds: int, window: float) -> Report:
    """Measure."""
    turns = in_turns(
        max(rounds, 4),
        {"all read": lambda: measure(0, window), "1 never reads": lambda: measure(1, window)},
    )
    report = Report(
        "slow",
        "One viewer that never reads",
        f"{VIEWERS} viewers, {RATE:,} lines/s under a pty, {window:.0f} s, with and without one "
        "viewer that never reads after it has connected. The source is late when a write is "
        "done later than it was due; the others' delay is from write to receipt, as one of them "
        "meets it.",
        ["viewers", "source late, p99 ms", "others' p50 ms", "others' p99 ms", "peak MB resident"],
    )
    for name, results in turns.items():
        report.rows.append(
            [
                name,
                spread(results, lambda turn: turn.late).show(),
                spread(results, lambda turn: turn.p50).show(),
                spread(results, lambda turn: turn.p99).show(),
                spread(results, lambda turn: turn.peak / 1e6).show(1),
            ]
        )
    without, stalled = turns.values()
    for what, get in (
        ("source's p99", lambda turn: turn.late),
        ("others' p50", lambda turn: turn.p50),
        ("others' p99", lambda turn: turn.p99),
    ):
        base = spread(without, get)
        noise = max(base.values) - min(base.values)
        more = spread(stalled, get).median - base.median
        sentence = f"{what}, more than without it (the spread without it, but at least 1 ms)"
        report.targets.append(Target(sentence, more, max(1.0, noise), unit="ms"))
    memory = (spread(turns[name], lambda turn: turn.peak / 1e6).median for name in turns)
    base_memory, stalled_memory = memory
    more = stalled_memory - base_memory
    report.targets.append(Target("memory, more than without it", more, 4, digits=1, unit="MB"))
    if gaps := sum(turn.gaps for results in turns.values() for turn in results):
        report.notes.append(f"The watching viewer met {gaps} gaps.")
    return report
