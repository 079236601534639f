"""What a filter lets through, as one text: parts in order, context across them, groups apart.

As grep does, ``--`` stands between lines that do not follow each other when context is asked for.
"""

from collections import deque
from dataclasses import dataclass

from webtee.search.lines import places
from webtee.search.runs import around, within
from webtee.search.scan import Query, bounds, wanted
from webtee.search.snapshot import Job
from webtee.search.steps import Steps

_REMEMBERED = 4 << 20
"""Bytes of lines that may come to be context: of very long lines there are fewer."""

Line = tuple[int, bytes]
"""A line's number and its text with a newline."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a part has to say.

    Attributes:
        first: The number of the first line that is within the ranges.
        count: How many are.
        matches: The first and the last match, counted from there; None without any.
        blocks: Lines in a row: where they begin, counted from there, how many, and their text.
        head: As many lines from the first on as context may need.
        tail: The last ones.
    """

    first: int
    count: int
    matches: tuple[int, int] | None
    blocks: tuple[tuple[int, int, bytes], ...]
    head: tuple[bytes, ...]
    tail: tuple[bytes, ...]


def choose(job: Job, query: Query) -> Steps[Chosen]:
    """Read one part."""
    lines = job.lines()
    begin, stop = bounds(lines, query)
    runs = yield from wanted(lines, query)
    matches = (runs[0] - begin, runs[-2] + runs[-1] - 1 - begin) if runs else None
    text = yield from lines.shown()
    first, count = lines.first + begin, max(stop - begin, 0)
    if runs == [0, lines.count] and not query.context:
        return Chosen(first, count, matches, ((0, count, text),), (), ())
    begins = places(text)
    shown = within(around(runs, query.context), begin, stop) if query.context else runs
    pairs = zip(shown[::2], shown[1::2], strict=True)
    blocks = tuple((at - begin, n, text[begins[at] : begins[at + n]]) for at, n in pairs)

    def texts(first: int, stop: int) -> tuple[bytes, ...]:
        return tuple(text[begins[at] : begins[at + 1]] for at in range(first, stop))

    head = texts(begin, min(begin + query.context, stop))
    tail = texts(max(stop - query.context, begin), stop)
    return Chosen(first, count, matches, blocks, head, tail)


class Joiner:
    """Joins what the parts of a log have to say, oldest first.

    Args:
        context: Lines before and after each match.
    """

    def __init__(self, context: int) -> None:
        self._context = context
        self._owed = 0  # lines of context that the last match still wants
        self._last: int | None = None  # the last line that was given out
        self._tail: deque[Line] = deque()
        self._tail_size = 0

    def add(self, chosen: Chosen) -> bytes:
        """Return what there is to write now that one more part is known."""
        parts: list[bytes] = []
        owed = min(self._owed, chosen.blocks[0][0] if chosen.blocks else chosen.count)
        if owed:
            self._give(parts, chosen.first, owed, b"".join(chosen.head[:owed]))
        if chosen.matches is not None:
            first, last = chosen.matches
            for number, line in self._tail:
                if number >= chosen.first + first - self._context and number > (self._last or 0):
                    self._give(parts, number, 1, line)
            self._owed = max(self._context - (chosen.count - 1 - last), 0)
        else:
            self._owed = max(self._owed - chosen.count, 0)
        for begin, count, text in chosen.blocks:
            self._give(parts, chosen.first + begin, count, text)
        self._remember(chosen)
        return b"".join(parts)

    def _give(self, parts: list[bytes], first: int, count: int, text: bytes) -> None:
        if self._context and self._last is not None and first > self._last + 1:
            parts.append(b"--\n")
        parts.append(text)
        self._last = first + count - 1

    def _remember(self, chosen: Chosen) -> None:
        numbers = range(chosen.first + chosen.count - len(chosen.tail), chosen.first + chosen.count)
        for number, line in zip(numbers, chosen.tail, strict=True):
            self._tail.append((number, line))
            self._tail_size += len(line)
        while len(self._tail) > self._context or self._tail_size > _REMEMBERED:
            self._tail_size -= len(self._tail.popleft()[1])
