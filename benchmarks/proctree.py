"""What a process and all that it started cost: CPU and memory from /proc, and their end.

CPU is utime and stime of every process of the tree and of the children that it has reaped, so that
it neither misses processes that come and go nor counts any twice: what a child used moves from
its own account to its parent's when it is reaped. Receiving on loopback is done by the kernel
in the sender's send() and so counts as the sender's, for every program that is compared.
"""

import contextlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TICK: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class _Stat:
    parent: int
    state: str
    started: int
    cpu: float


def _stat(pid: int) -> _Stat | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = text[text.rindex(")") + 2 :].split()  # the name in parentheses may hold anything
    cpu = sum(int(ticks) for ticks in fields[11:15]) / _TICK
    return _Stat(int(fields[1]), fields[0], int(fields[19]), cpu)


def tree(root: int) -> dict[int, _Stat]:
    """The process `root` and its descendants as they are now."""
    everyone = {pid: stat for pid in _pids() if (stat := _stat(pid))}
    children: dict[int, list[int]] = {}
    for pid, stat in everyone.items():
        children.setdefault(stat.parent, []).append(pid)
    found, todo = {}, [root]
    while todo:
        pid = todo.pop()
        if pid in everyone and pid not in found:
            found[pid] = everyone[pid]
            todo += children.get(pid, [])
    return found


def _pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def cpu(root: int) -> float:
    """CPU seconds that the tree has used so far, its reaped children included."""
    return sum(stat.cpu for stat in tree(root).values())


def memory(root: int, field: str = "Rss") -> int:
    """Bytes of the tree's memory now: "Rss", "Pss" (shared pages divided) or "VmHWM" (peaks)."""
    name = "status" if field.startswith("Vm") else "smaps_rollup"
    total = 0
    for pid in tree(root):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{pid}/{name}").read_text().splitlines():
                if line.startswith(f"{field}:"):
                    total += int(line.split()[1]) * 1024
    return total


def find(root: int, name: str) -> int:
    """The process of the tree whose program is called `name`."""
    for pid in tree(root):
        with contextlib.suppress(OSError):
            if Path(f"/proc/{pid}/comm").read_text().strip() == name:
                return pid
    raise LookupError(f"no process {name} under {root}")


def end(root: int, grace: float = 5.0) -> None:
    """End `root` with SIGTERM, then whatever is left of its tree with SIGKILL.

    Args:
        root: A child of this process; the caller reaps it.
        grace: Seconds that it has to go by itself.
    """
    before = tree(root)
    _signal(root, signal.SIGTERM)
    deadline = time.monotonic() + grace
    while time.monotonic() < deadline and _left(before):
        time.sleep(0.01)
    for pid in _left(before):
        _signal(pid, signal.SIGKILL)


def _left(before: dict[int, _Stat]) -> list[int]:
    """Those still alive; a number that was given to another process since is not ours."""
    now = {pid: _stat(pid) for pid in before}
    return [
        pid
        for pid, stat in now.items()
        if stat and stat.state != "Z" and stat.started == before[pid].started
    ]


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
