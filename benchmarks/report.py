"""What a benchmark says: a table, and each target with pass or short; printed, or kept."""

import os
import platform
import re
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

DOCS: Final = Path(__file__).parent.parent / "docs" / "benchmarks.md"
_INTRODUCTION: Final = """\
# Benchmarks

What webtee costs, beside its peers. `scripts/bench NAME --write` measures one again and replaces
its section here; `scripts/bench all --write` does all, in about half an hour. How:

- Programs that are compared run in the same run, in turns (A B A B), each turn with fresh
  processes. A cell is the median of the turns, with the least and the most in brackets; ratios are
  of medians.
- CPU is of the whole process tree of the program measured (the command that it runs included),
  never of the clients. The kernel's part of receiving on loopback happens in the sender's `send()`
  and so counts there, for each program alike.
- Clients are a C program that reads and counts; one more decodes everything, checks it and times
  it. They share the machine's cores with the program measured. All offer permessage-deflate, as
  browsers do, and get what the program gives them: webtee compresses, the others do not.
- Input is a generated access log of 800,000 lines, 107 MB (`benchmarks/inputs.py`).
- *short* means that the target was not reached here.
"""

_QUIET: Final = 0.1

R = TypeVar("R")


@dataclass(frozen=True)
class Spread:
    """A measurement's turns: median, least and most."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle of the turns."""
        return statistics.median(self.values)

    def show(self, digits: int = 2, unit: str = "") -> str:
        """`median (least-most)` with a unit."""
        low, high = min(self.values), max(self.values)
        tail = f" {unit}" if unit else ""
        if len(self.values) == 1:
            return f"{self.median:,.{digits}f}{tail}"
        return f"{self.median:,.{digits}f}{tail} ({low:,.{digits}f}-{high:,.{digits}f})"


def spread(values: Sequence[R], get: Callable[[R], float]) -> Spread:
    """The spread of one figure over the turns."""
    return Spread(tuple(get(value) for value in values))


@dataclass(frozen=True)
class Target:
    """One line of the issue's table: what must be reached, and what was."""

    what: str
    value: float
    limit: float
    at_least: bool = False
    digits: int = 2
    unit: str = ""

    @property
    def reached(self) -> bool:
        """Whether the value is on the right side of the limit."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def show(self) -> str:
        """The target in a sentence, with its verdict first."""
        verdict = "pass" if self.reached else "short"
        bound = "at least" if self.at_least else "at most"
        unit = f" {self.unit}" if self.unit else ""
        value, limit = (f"{number:,.{self.digits}f}" for number in (self.value, self.limit))
        return f"**{verdict}**: {self.what}: {value}{unit} ({bound} {limit}{unit})"


@dataclass
class Report:
    """A benchmark's result."""

    name: str
    title: str
    about: str
    columns: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    load: float = field(default_factory=lambda: os.getloadavg()[0])

    def text(self) -> str:
        """The section as Markdown, which also reads well in a terminal."""
        rows = [list(self.columns), *map(list, self.rows)]
        widths = [max(len(row[i]) for row in rows) for i in range(len(self.columns))]
        lines = [
            "| "
            + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            + " |"
            for row in rows
        ]
        lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
        lines += ["", *(f"- {target.show()}" for target in self.targets)]
        lines += [f"- {note}" for note in self.notes]
        return f"## {self.title}\n\n{self.about}\n\n" + "\n".join([*lines, "", self._machine(), ""])

    def _machine(self) -> str:
        kernel = ".".join(re.findall(r"\d+", platform.release())[:2])
        return (
            f"*{os.cpu_count()} cores, Linux {kernel}, Python {platform.python_version()}; "
            f"load average {self.load:.1f} before.*"
        )

    def write(self, path: Path = DOCS) -> None:
        """Replace this benchmark's section of the page, or add it at its end."""
        page = path.read_text(encoding="utf-8") if path.exists() else _INTRODUCTION
        section = f"<!-- {self.name} -->\n{self.text()}<!-- end of {self.name} -->\n"
        old = re.compile(f"<!-- {self.name} -->\n.*?<!-- end of {self.name} -->\n", re.DOTALL)
        if old.search(page):
            page = old.sub(lambda _: section, page)
        else:
            page = f"{page.rstrip()}\n\n{section}"
        path.parent.mkdir(exist_ok=True)
        path.write_text(page, encoding="utf-8")


def in_turns(rounds: int, programs: Mapping[str, Callable[[], R]]) -> dict[str, list[R]]:
    """Run each program once per round, one after another, so that all meet the same machine."""
    results: dict[str, list[R]] = {name: [] for name in programs}
    for turn in range(rounds):
        for name, run in programs.items():
            busy = others()
            print(f"  {turn + 1}/{rounds} {name} (others use {busy:.0%})", flush=True)
            results[name].append(run())
    return results


def others() -> float:
    """Wait until the rest of the machine is quiet; return the share of it that is in use.

    At most for the seconds that WEBTEE_BENCH_PATIENCE says (--patience), by default not at all.
    """
    deadline = time.monotonic() + float(os.environ.get("WEBTEE_BENCH_PATIENCE", "0"))
    while True:
        idle, total = _idle()
        time.sleep(0.25)
        idle_now, total_now = _idle()
        busy = 1 - (idle_now - idle) / max(1, total_now - total)
        if busy < _QUIET or time.monotonic() >= deadline:
            return busy


def _idle() -> tuple[int, int]:
    """Ticks that all cores together have been idle, and all their ticks."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    return int(fields[3]) + int(fields[4]), sum(map(int, fields[:8]))
