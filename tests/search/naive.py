"""Searching as the contract defines it, line by line: what a search by segments agrees with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from tests.support.v1 import Seen, parse
from webtee.log.log import Log
from webtee.log.record import Kind
from webtee.search.steps import Steps

T = TypeVar("T")


@dataclass(frozen=True)
class Line:
    number: int
    kind: int
    time: int
    raw: bytes


def result_of(steps: Steps[T]) -> T:
    """Do all the steps, and return what they return."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: T = end.value
            return found


def written(entries: list[tuple[Kind, bytes]], *, segment_size: int, keep: int = 1 << 30) -> Log:
    """Return a log of these records, which came a millisecond apart."""
    log = Log("e", segment_size=segment_size, keep=keep)
    for index, (kind, payload) in enumerate(entries):
        log.append(kind, payload, 1000 * index)
    return log


def records_of(log: Log) -> list[Seen]:
    return [seen for segment in log.segments for seen in parse(b"".join(log.records(segment)))]


def lines_of(log: Log) -> list[Line]:
    """Return every line of which something is kept, by the numbers in the records."""
    found: dict[int, Line] = {}
    for record in records_of(log):
        if record.kind == 2:
            continue
        for number, piece in enumerate(record.payload.split(b"\n"), record.line):
            before = found.get(number)
            if before is not None:
                found[number] = Line(number, before.kind, before.time, before.raw + piece)
            elif piece or number - record.line < record.payload.count(b"\n"):
                found[number] = Line(number, record.kind, record.time, piece)
    return [found[number] for number in sorted(found)]


def matches(
    lines: list[Line], wanted: Callable[[Line], bool], *, invert: bool = False
) -> list[int]:
    return [line.number for line in lines if wanted(line) != invert]
