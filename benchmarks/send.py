"""CPU per message and viewer at 1,000 viewers, beside a C program that only calls send().

The source writes 20 log lines in one write, 20 times a second, so that each write is one message
however long a tick is. What a viewer of webtee receives is recorded, frame by frame with its time,
and the C program then sends these very bytes at these very times to as many receivers of the same
kind. webtee's CPU is that of its whole process tree, source included; the C program's is its
loop's.
"""

import struct
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks import serve
from benchmarks.report import Report, Target, in_turns, spread
from benchmarks.serve import BIN, LOG, WEBTEE

VIEWERS = 1_000
BLOCK, RATE = 20, 400  # lines per write, lines per second


@dataclass(frozen=True)
class Turn:
    """One program, one window."""

    cpu: float  # seconds
    sends: int  # messages times viewers
    messages: int
    size: float  # bytes of a message on the wire

    @property
    def each(self) -> float:
        """Microseconds of CPU per message and viewer."""
        return 1e6 * self.cpu / self.sends


def webtee(count: int, window: float, recording: Path) -> Turn:
    """Send to `count` viewers for `window` seconds, and record what the last of them gets."""
    source = [str(BIN / "pace"), str(LOG), str(RATE), "--block", str(BLOCK)]
    with (
        serve.webtee("--quiet", "--pipe", "--name", "send", *source) as server,
        serve.viewers(server, WEBTEE, max(1, count - 1), name="send") as load,
        serve.watcher(server, WEBTEE, "--record", recording, name="send") as watch,
    ):
        time.sleep(1.5)
        old, start, cpu = load.snap(), watch.snap(), server.cpu()
        time.sleep(window)
        cpu = server.cpu() - cpu
        new, end = load.snap(), watch.snap()
    _cut(recording, start["now_ns"], end["now_ns"])
    messages = end["messages"] - start["messages"]
    sends = new["messages"] - old["messages"] + messages
    return Turn(cpu, sends, messages, (end["wire"] - start["wire"]) / messages)


def _cut(recording: Path, start: int, end: int) -> None:
    """Keep the frames of the window."""
    data, kept, at = recording.read_bytes(), bytearray(), 0
    while at + 12 <= len(data):
        moment, size = struct.unpack_from("<qI", data, at)
        if start <= moment <= end:
            kept += data[at : at + 12 + size]
        at += 12 + size
    recording.write_bytes(kept)


def sendloop(count: int, recording: Path) -> Turn:
    """Send the recorded frames again from C."""
    with serve.client("sendloop", count, recording) as sender:
        server = serve.Server(sender.process.pid, sender.ready["port"])
        with serve.viewers(server, serve.PLAIN, count, "--raw"):
            sender.answer()
            time.sleep(0.5)
            sender.say("go")
            done = sender.answer()
    if done["refused"]:
        raise RuntimeError(f"sendloop could not send {done['refused']} of {done['sent']} frames")
    size = recording.stat().st_size / done["messages"] - 12
    return Turn(done["cpu"], done["sent"], done["messages"], size)


def run(rounds: int, window: float) -> Report:
    """Measure."""
    with tempfile.TemporaryDirectory(dir=serve.CACHE) as folder:
        recording, other = Path(folder) / "frames", Path(folder) / "others"
        turns = in_turns(
            rounds,
            {
                "webtee": lambda: webtee(VIEWERS, window, recording),
                "send() in C": lambda: sendloop(VIEWERS, recording),
                "webtee, 2 viewers": lambda: webtee(2, window, other),
            },
        )
    report = Report(
        "send",
        "Sending: CPU per message and viewer",
        f"{VIEWERS:,} viewers, {RATE // BLOCK} messages/s of {BLOCK} log lines each, for "
        f"{window:.0f} s. The C program accepts, then sends the same frames, as webtee "
        "compressed them, at the same moments to receivers of the same kind, one `send()` each. "
        "webtee's CPU is everything that its tree uses: the source, reading, compressing, "
        "sending.",
        ["program", "messages", "bytes each", "CPU s", "µs per message and viewer"],
    )
    for name, results in turns.items():
        report.rows.append(
            [
                name,
                f"{spread(results, lambda turn: turn.messages).median:,.0f}",
                f"{spread(results, lambda turn: turn.size).median:,.0f}",
                spread(results, lambda turn: turn.cpu).show(),
                spread(results, lambda turn: turn.each).show(),
            ]
        )
    ours, floor = (
        spread(turns[name], lambda turn: turn.each).median for name in ("webtee", "send() in C")
    )
    what = "webtee by send() in C, per message and viewer"
    report.targets.append(Target(what, ours / floor, 1.25))
    few = turns["webtee, 2 viewers"]
    base = spread(few, lambda turn: turn.cpu / turn.messages).median
    report.notes.append(
        f"What does not depend on the number of viewers (two viewers' run) is {1e6 * base:,.0f} "
        f"µs per message, which is {1e6 * base / VIEWERS:.2f} µs of each of the {VIEWERS:,}; "
        f"sending alone is then {(ours - 1e6 * base / VIEWERS) / floor:.2f} times the C "
        "program's."
    )
    return report
