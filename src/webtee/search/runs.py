"""Runs: sets of lines as pairs of start and length, ascending and apart.

Many matches are lines in a row, so that this is short where a list of them would be long.
"""

Runs = list[int]
"""start, length, start, length, …"""


def count(runs: Runs) -> int:
    """Return how many lines there are."""
    return sum(runs[1::2])


def add(runs: Runs, start: int, length: int) -> None:
    """Add lines that begin not before the last run does."""
    if runs and start <= runs[-2] + runs[-1]:
        runs[-1] = max(runs[-1], start + length - runs[-2])
    else:
        runs += (start, length)


def within(runs: Runs, first: int, stop: int) -> Runs:
    """Return those from ``first`` to before ``stop``."""
    found: Runs = []
    for start, length in zip(runs[::2], runs[1::2], strict=True):
        begin, end = max(start, first), min(start + length, stop)
        if begin < end:
            found += (begin, end - begin)
    return found


def others(runs: Runs, total: int) -> Runs:
    """Return the lines, of ``total`` from 0, that are not there."""
    found: Runs = []
    at = 0
    for start, length in zip(runs[::2], runs[1::2], strict=True):
        if start > at:
            found += (at, start - at)
        at = start + length
    if at < total:
        found += (at, total - at)
    return found


def around(runs: Runs, context: int) -> Runs:
    """Return the runs with ``context`` lines before and after each; some may be below 0."""
    found: Runs = []
    for start, length in zip(runs[::2], runs[1::2], strict=True):
        add(found, start - context, length + 2 * context)
    return found


def moved(runs: Runs, by: int) -> Runs:
    """Return the runs with every start moved."""
    found = runs.copy()
    found[::2] = [start + by for start in runs[::2]]
    return found


def first(runs: Runs, wanted: int) -> Runs:
    """Return the first ``wanted`` lines, or all if there are not more."""
    for index in range(0, len(runs), 2):
        if runs[index + 1] >= wanted:
            return [*runs[:index], runs[index], wanted] if wanted else runs[:index]
        wanted -= runs[index + 1]
    return runs


def last(runs: Runs, wanted: int) -> Runs:
    """Return the last ``wanted`` lines, or all if there are not more."""
    for index in range(len(runs) - 2, -1, -2):
        start, length = runs[index : index + 2]
        if length >= wanted:
            rest = runs[index + 2 :]
            return [start + length - wanted, wanted, *rest] if wanted else rest
        wanted -= length
    return runs
