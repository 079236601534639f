"""The page in real Chromium, beside frontail's and xterm.js: how soon, how smooth, how heavy."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from benchmarks import page_turns as turns
from benchmarks.browser import Frames
from benchmarks.page_turns import Flood, Memory
from benchmarks.report import Report, Spread, Target, in_turns

RATE: Final = 5_000
UPDATES: Final = 10
LONG: Final = 50.0  # milliseconds: a frame that takes more is felt
WEBTEE, FRONTAIL, XTERM = "webtee", "frontail", "xterm.js"

R = TypeVar("R")


@dataclass(frozen=True)
class Missing:
    """Why a peer was not measured."""

    why: str


def _peer(run: Callable[[], object]) -> Callable[[], object]:
    """What a peer did; the others are measured, too, when it cannot be had."""

    def attempt() -> object:
        try:
            return run()
        except (RuntimeError, OSError) as error:
            print(f"page: {error}", flush=True)
            return Missing(str(error))

    return attempt


class Results:
    """The turns of each program, less those in which it could not be had."""

    def __init__(self, rounds: int, programs: Mapping[str, Callable[[], object]]) -> None:
        self._made = in_turns(rounds, programs)

    def of(self, name: str, kind: type[R]) -> list[R]:
        """The turns of a program; empty when there is none."""
        return [each for each in self._made.get(name, ()) if isinstance(each, kind)]

    def why(self) -> list[str]:
        """What to say of those that were not measured."""
        reasons = {
            name: each.why
            for name, turns_made in self._made.items()
            for each in turns_made
            if isinstance(each, Missing)
        }
        return [f"{name} was not measured in every turn: {why}." for name, why in reasons.items()]


def cell(values: Sequence[float | None], digits: int, unit: str, otherwise: str = "") -> str:
    """A cell of the table.

    Args:
        values: The turns'; None in those that were given up.
        digits: After the point.
        unit: What they are in.
        otherwise: What to say when no turn has a value.
    """
    there = tuple(value for value in values if value is not None)
    if not there:
        return otherwise if values else ""
    shown = Spread(there).show(digits, unit)
    given_up = len(values) - len(there)
    return f"{shown}; {given_up} of {len(values)} given up" if given_up else shown


def target(
    what: str, values: Sequence[float | None], limit: float, digits: int = 0, unit: str = ""
) -> Target:
    """A target, of the median; a turn that was given up is worse than any."""
    known = [float("inf") if value is None else value for value in values]
    middle = sorted(known)[len(known) // 2] if known else float("inf")
    return Target(what, middle, limit, digits=digits, unit=unit)


def run(rounds: int, window: float) -> Report:
    """Measure; lines come for twelve windows where their rate is what matters."""
    floods = Results(
        rounds,
        {
            WEBTEE: turns.flood_webtee,
            FRONTAIL: _peer(turns.flood_frontail),
            XTERM: _peer(turns.draw_xterm),
        },
    )
    seconds = 12 * window
    rates = Results(
        rounds,
        {
            WEBTEE: lambda: turns.rate_webtee(RATE, seconds),
            FRONTAIL: _peer(lambda: turns.rate_frontail(RATE, seconds)),
        },
    )
    updates = Results(
        rounds,
        {
            WEBTEE: lambda: turns.updates_webtee(UPDATES, 2 * window),
            FRONTAIL: _peer(lambda: turns.updates_frontail(UPDATES, 2 * window)),
        },
    )
    report = Report(
        "page",
        "The page",
        "Chromium, headless, 1280x800, started anew for each turn, beside frontail 4.9.2 with its "
        "default cap of 2,000 lines and xterm.js 6.0.0 fed the same bytes from memory. A moment "
        "counts once the frame with what was waited for has been painted. The flood is 800,000 "
        "lines, 107 MB, written at once by a `--pipe` command; frontail is given up after "
        f"{turns.GIVE_UP:.0f} s. The browser, webtee and its command share the machine's cores.",
        ["what", WEBTEE, "an empty page beside it", FRONTAIL, XTERM],
    )
    _flood(report, floods)
    _memory(report, floods)
    _places(report, floods)
    _rates(report, rates, seconds)
    _updates(report, updates)
    report.notes += sorted({*floods.why(), *rates.why(), *updates.why()})
    return report


def _flood(report: Report, floods: Results) -> None:
    ours, theirs, drawn = (floods.of(name, Flood) for name in (WEBTEE, FRONTAIL, XTERM))
    never = f"not in {turns.GIVE_UP:.0f} s"
    report.rows.append(
        [
            "flood: from the last write to the last line on screen",
            cell([each.seconds for each in ours], 2, "s", never),
            "",
            cell([each.seconds for each in theirs], 2, "s", never),
            cell([each.seconds for each in drawn], 1, "s, drawing alone", "not drawn"),
        ]
    )
    frames = [
        [each.frames for each in ours],
        [each.beside for each in ours if each.beside],
        [each.frames for each in theirs],
        [each.frames for each in drawn],
    ]
    longest = [cell([each.longest for each in of], 0, "ms") for of in frames]
    report.rows.append(["longest gap between animation frames meanwhile", *longest])
    share = [cell([100 * each.share(LONG) for each in of], 0, "%") for of in frames]
    report.rows.append([f"time in frames over {LONG:.0f} ms meanwhile", *share])
    report.targets += [
        target("last line on screen", [each.seconds for each in ours], 1, 2, "s"),
        target("longest gap", [each.frames.longest for each in ours], LONG, 0, "ms"),
    ]


def _memory(report: Report, floods: Results) -> None:
    ours = floods.of(WEBTEE, Flood)

    def row(what: str, get: Callable[[Flood], Memory | None]) -> list[float]:
        memories = [memory for each in ours if (memory := get(each))]
        process = [memory.process / 1e6 for memory in memories]
        report.rows.append([what, cell(process, 0, "MB"), "", "", ""])
        collected = [memory.collected / 1e6 for memory in memories]
        report.rows.append([f"{what}, garbage collected", cell(collected, 0, "MB"), "", "", ""])
        heaps = [
            (memory.page.used + memory.page.buffers, memory.worker.used + memory.worker.buffers)
            for memory in memories
        ]
        words = [cell([heap[i] / 1e6 for heap in heaps], 0, "MB") for i in (0, 1)]
        report.rows.append([f"{what}, of that in V8: page, worker", ", ".join(words), "", "", ""])
        return process

    after = row("memory of the renderer after it", lambda each: each.after)
    scrolled = row("memory after scrolling through it", lambda each: each.scrolled)
    blank = cell([each.blank / 1e6 for each in ours], 0, "MB")
    report.rows.append(["memory of a renderer with nothing in it", blank, "", "", ""])
    report.targets += [
        target("memory after the flood", after, 200, 0, "MB"),
        target("memory after scrolling", scrolled, 200, 0, "MB"),
    ]
    report.notes.append(
        "Memory is the renderer's process (Pss): page, worker, layout, drawing, and what Chromium "
        f"itself needs there. Scrolling through it is {turns.JUMPS} places of the scroll bar from "
        f"the top to the end, each until its rows are there, then {turns.PAGES} pages by key."
    )
    missed = sum(each.missed for each in ours)
    if missed:
        report.notes.append(f"After {missed} moves of the scroll bar rows stayed empty for 5 s.")


def _places(report: Report, floods: Results) -> None:
    ours = floods.of(WEBTEE, Flood)

    def row(what: str, values: list[float | None], limit: float) -> None:
        milliseconds = [None if value is None else value * 1e3 for value in values]
        report.rows.append([what, cell(milliseconds, 0, "ms", "not in 10 s"), "", "", ""])
        report.targets.append(target(what, milliseconds, limit, 0, "ms"))

    row(
        f"a link to line {turns.MIDDLE:,} on a cold page, to visible",
        [each.jump for each in ours],
        300,
    )
    row("filter over all lines: first matches on screen", [each.first for each in ours], 200)
    row("filter over all lines: complete", [each.all for each in ours], 1_500)


def _rates(report: Report, rates: Results, seconds: float) -> None:
    ours, theirs = rates.of(WEBTEE, tuple), rates.of(FRONTAIL, Frames)
    frames = [[page for page, _ in ours], [blank for _, blank in ours], theirs]
    what = f"{RATE:,} lines/s for {seconds:.0f} s"
    shares = [[100 * each.share(LONG) for each in of] for of in frames]
    cells = [cell(of, 1, "%") for of in shares]
    report.rows.append([f"{what}: time in frames over {LONG:.0f} ms", *cells, ""])
    longest = [cell([each.longest for each in of], 0, "ms") for of in frames]
    report.rows.append([f"{what}: longest gap", *longest, ""])
    report.targets.append(target(f"{what}: time in long frames", shares[0], 0, 1, "%"))
    report.notes.append(
        "The empty page is in another tab and records its frames at the same time: what they take "
        "is the machine's part."
    )


def _updates(report: Report, updates: Results) -> None:
    ours, theirs = (updates.of(name, float) for name in (WEBTEE, FRONTAIL))
    what = f"{UPDATES} lines/s: CPU of the renderer"
    cells = [cell([100 * each for each in of], 1, "% of a core") for of in (ours, theirs)]
    report.rows.append([what, cells[0], "", cells[1], ""])
    if ours and theirs:
        ratio = Spread(tuple(ours)).median / Spread(tuple(theirs)).median
        report.targets.append(Target(f"{what}, by frontail's", ratio, 1 / 3))
    report.notes.append(
        f"At {UPDATES} lines/s, {turns.PREFILL:,} lines are on frontail's page already, as many as "
        "it keeps."
    )
