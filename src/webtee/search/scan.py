"""The search of one segment: which of its lines match, and the texts of those that are shown."""

import json
from dataclasses import dataclass, replace
from typing import Any

from webtee.search.lines import Lines, places
from webtee.search.pattern import Pattern
from webtee.search.runs import Runs, add, around, count, first, last, moved, others, within
from webtee.search.snapshot import Job, Part
from webtee.search.steps import Steps

TEXT = 16 << 10
"""Bytes of a line's text that are told."""

_MANY = 16  # where more than one line in so many matches, whole runs are asked for


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for.

    Attributes:
        pattern: What lines have to match.
        invert: Whether those are wanted that do not.
        first_line: The first line that is searched.
        last_line: The last one; None for no end.
        first_time: When the first byte of a line may have arrived at the earliest, in µs.
        last_time: At the latest; None for no end.
        context: Lines before and after each match that are shown with it.
        texts: Bring the texts of the lines of a part if these are not more.
    """

    pattern: Pattern
    invert: bool = False
    first_line: int = 0
    last_line: int | None = None
    first_time: int = 0
    last_time: int | None = None
    context: int = 0
    texts: int = 0

    def may_match(self, part: Part) -> bool:
        """Return whether a line of ``part`` can be among those that are searched."""
        return (
            part.last_line >= self.first_line
            and (self.last_line is None or part.first_line <= self.last_line)
            and part.last_time >= self.first_time
            and (self.last_time is None or part.first_time <= self.last_time)
            and not (self.invert and self.pattern.everything)
        )


Text = tuple[int, int, int, str]
"""line, kind, time in µs, text"""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a part.

    Attributes:
        first_line: The first line that was looked at.
        last_line: The last one.
        runs: The matching lines, counted from the first.
        texts: Of these and their context, unless they are too many.
    """

    first_line: int
    last_line: int
    runs: Runs
    texts: tuple[Text, ...] | None

    @property
    def matches(self) -> int:
        """How many lines match."""
        return count(self.runs)

    def cut(self, most: int, *, newest: bool) -> "Found":
        """Return as much as has ``most`` matches, of more: from its end, or from its beginning."""
        if newest:
            skipped = first(self.runs, self.matches - most)
            begin = skipped[-2] + skipped[-1]
            runs = moved(last(self.runs, most), -begin)
            found = replace(self, first_line=self.first_line + begin, runs=runs)
        else:
            stop = last(self.runs, self.matches - most)[0]
            found = replace(self, last_line=self.first_line + stop - 1, runs=first(self.runs, most))
        if self.texts is None:
            return found
        lines = range(found.first_line, found.last_line + 1)
        return replace(found, texts=tuple(text for text in self.texts if text[0] in lines))

    @classmethod
    def decode(cls, line: bytes) -> "Found":
        """Return what :meth:`encode` said."""
        message = json.loads(line)
        texts = message.get("texts")
        texts = None if texts is None else tuple((*text,) for text in texts)
        return cls(message["first_line"], message["last_line"], message["runs"], texts)

    def encode(self) -> bytes:
        """Return it as one line of JSON."""
        message: dict[str, object] = {
            "type": "part",
            "first_line": self.first_line,
            "last_line": self.last_line,
            "matches": self.matches,
            "runs": self.runs,
        }
        if self.texts is not None:
            message["texts"] = self.texts
        return json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def nothing(part: Part, query: Query) -> Found:
    """Return what is found in a part that no job is needed for, or that is no longer kept."""
    return Found(part.first_line, part.last_line, [], () if query.texts else None)


def search(job: Job, query: Query) -> Steps[Found]:
    """Search one part."""
    lines = job.lines()
    runs = yield from wanted(lines, query)
    shown = selected(lines, runs, query)
    texts = None
    if query.texts and count(shown) <= query.texts:
        texts = tuple(_texts(lines, shown)) if shown else ()
    return Found(lines.first, lines.first + lines.count - 1, runs, texts)


def wanted(lines: Lines, query: Query) -> Steps[Runs]:
    """Return the lines that match and are within the ranges, counted from the first."""
    if query.pattern.everything:
        runs = [0, lines.count] if lines.count else []
    else:
        shown = yield from lines.shown()
        runs = yield from matching(shown, query.pattern)
    if query.invert:
        runs = others(runs, lines.count)
    begin, stop = bounds(lines, query)
    return runs if (begin, stop) == (0, lines.count) else within(runs, begin, stop)


def selected(lines: Lines, runs: Runs, query: Query) -> Runs:
    """Return the lines that are shown for those in ``runs``: with context, within the ranges."""
    return within(around(runs, query.context), *bounds(lines, query)) if query.context else runs


def bounds(lines: Lines, query: Query) -> tuple[int, int]:
    """Return from which to before which line, counted from the first, the ranges are."""
    begin = max(query.first_line - lines.first, 0)
    stop = lines.count
    if query.last_line is not None:
        stop = min(stop, query.last_line - lines.first + 1)
    if query.first_time:
        begin = max(begin, lines.arrived(query.first_time))
    if query.last_time is not None:
        stop = min(stop, lines.arrived(query.last_time + 1))
    return begin, stop


def matching(text: bytes, pattern: Pattern) -> Steps[Runs]:
    """Return the lines that match, counted from 0.

    Args:
        text: Lines of valid UTF-8, each ended by a newline; as much of each is looked at as the
            pattern reaches.
        pattern: What to look for; not the empty one.
    """
    if _has_longer(text, pattern.reach):
        text = cut(text, pattern.reach)
    runs: Runs = []
    line = begin = 0
    many = False
    while begin < len(text):
        yield
        end = text.find(b"\n", begin + pattern.stride) + 1 or len(text)
        run = pattern.run if many else None
        if run is None:
            found = _one_by_one(text, begin, end, pattern)
        else:
            found = _by_runs(text, begin, end, run)
        for start, length in zip(found[::2], found[1::2], strict=True):
            add(runs, line + start, length)
        lines = text.count(b"\n", begin, end)
        many = count(found) * _MANY > lines
        line += lines
        begin = end
    return runs


def _one_by_one(text: bytes, at: int, end: int, pattern: Pattern) -> Runs:
    """Return the lines from ``at`` to ``end`` that match, counted from there."""
    found: Runs = []
    line = 0
    for hit in pattern.hits(text, at, end):
        if hit < at:
            continue  # once more in the line before
        if hit == end:
            break  # in the empty line that is not there
        line += text.count(b"\n", at, hit)
        at = text.find(b"\n", hit) + 1
        add(found, line, 1)
        line += 1
    return found


def _by_runs(text: bytes, at: int, end: int, run: Any) -> Runs:
    """Return the same where many lines match, by the expression for a whole run of them."""
    all_match = run.match(text, at, end)  # which takes half the time of looking for it
    if all_match is not None and all_match.end() == end:
        return [0, text.count(b"\n", at, end)]
    found: Runs = []
    line = 0
    for match in run.finditer(text, at, end):
        begin, stop = match.span()
        line += text.count(b"\n", at, begin)
        length = text.count(b"\n", begin, stop)
        add(found, line, length)
        line += length
        at = stop
    return found


def _has_longer(text: bytes, most: int) -> bool:
    """Return whether a line has more than so many bytes."""
    at = 0
    while len(text) - at > most:
        at = text.rfind(b"\n", at, at + most + 1) + 1
        if not at:
            return True
    return False


def cut(text: bytes, most: int) -> bytes:
    """Return lines with so many bytes of each at most, as valid UTF-8."""
    text = b"\n".join([line[:most] for line in text.split(b"\n")])
    return text if text.isascii() else text.decode(errors="ignore").encode()


def _texts(lines: Lines, shown: Runs) -> list[Text]:
    begins = places(lines.text)
    texts = []
    for start, length in zip(shown[::2], shown[1::2], strict=True):
        for index in range(start, start + length):
            place = begins[index]
            end = min(begins[index + 1] - 1, place + TEXT)
            text = lines.text[place:end].decode(errors="replace")
            texts.append((lines.first + index, lines.kind(place), lines.time(place), text))
    return texts
