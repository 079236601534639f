"""The lines that begin in one segment: their text, numbers, outputs and times of arrival.

A line belongs to the segment in which it begins, and takes what is missing of it from those that
follow. Lines end at newlines, and where stdout and stderr meet in the middle of one.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from webtee.log.record import HEADER_SIZE, Kind
from webtee.log.segment import Segment
from webtee.search.steps import Steps
from webtee.text.plain import controlled, plain, valid

LONGEST = 1 << 20
"""Bytes of a line that are looked at: of one that goes on in other segments at most these."""

_SHOWN = 32 << 10  # bytes of lines that are made plain in one go: hostile ones take 2 µs each

_HEAD = 16 << 10  # bytes of a segment in which a line that began before it usually ends


@dataclass(frozen=True, slots=True)
class Piece:
    """What is read of a segment: immutable, so that any thread may.

    Attributes:
        segment: Sealed, or not to be touched but for its first record's place.
        count: How many of its records.
        records: These, if the segment is open.
        times: When they arrived.
        lines: The lines that they start in.
    """

    segment: Segment
    count: int
    records: list[bytes] | None
    times: "array[int]"
    lines: "array[int]"

    @classmethod
    def of(cls, segment: Segment, count: int) -> "Piece":
        """Return the first ``count`` records of a segment; in the event loop's thread."""
        if segment.sealed:
            return cls(segment, count, None, segment.times, segment.lines)
        records = segment.records()[:count]
        return cls(segment, count, records, segment.times[:count], segment.lines[:count])

    def raw(self, limit: int = 0) -> bytes:
        """Return the encoded records and perhaps more, or the first ``limit`` bytes of them."""
        if self.records is None:
            return self.segment.raw(limit)
        raw = b"".join(self.records)
        return raw[:limit] if limit else raw


def outputs(raw: bytes, count: int) -> Iterator[tuple[int, int, bytes]]:
    """Yield index, kind and payload of the records of output among the first ``count``.

    Args:
        raw: Encoded records; the last one may be cut off.
        count: How many of them count.
    """
    at = 0
    for index in range(count):
        begin = at + HEADER_SIZE
        if begin > len(raw):
            return
        kind = raw[at]
        at = begin + int.from_bytes(raw[begin - 36 : begin - 32], "little")
        if kind != Kind.EVENT:
            yield index, kind, raw[begin:at]


class Lines:
    """The lines that begin in a piece of a segment.

    Args:
        piece: The segment.
        following: The pieces after it that may hold the rest of its last line.
        whole: Whether the rest of a line that began earlier counts as one that begins here: nothing
            before it is kept.

    Attributes:
        first: The first line's number.
        text: The lines, each ended by a newline.
        count: How many they are.
    """

    def __init__(
        self, piece: Piece, following: Sequence[Piece] = (), *, whole: bool = False
    ) -> None:
        self._piece = piece
        self._starts: list[int] = []  # where records begin in the text, before the base is cut off
        self._indices: list[int] = []
        self._kinds: list[int] = []
        parts: list[bytes] = []
        size, kind, mid_line = 0, -1, False
        for index, kind_now, payload in outputs(piece.raw(), piece.count):
            if mid_line and kind_now != kind:
                parts.append(b"\n")
                size += 1
                mid_line = False
            kind = kind_now
            if payload:
                self._starts.append(size)
                self._indices.append(index)
                self._kinds.append(kind)
                parts.append(payload)
                size += len(payload)
                mid_line = not payload.endswith(b"\n")
        text = b"".join(parts)
        begun_before = piece.segment.mid_line
        line = piece.lines[self._indices[0]] if self._indices else piece.lines[0] + begun_before
        self._base = 0
        if self._indices and begun_before and not whole and line == piece.lines[0]:
            self._base = text.find(b"\n") + 1 or len(text)  # what belongs to a line before
            line += 1
            mid_line = mid_line and self._base < len(text)
        if mid_line:
            begin = max(text.rfind(b"\n") + 1, self._base)
            text += rest_of_line(following, kind, LONGEST - (len(text) - begin)) + b"\n"
        self.first = line
        self.text = text[self._base :] if self._base else text
        self.count = self.text.count(b"\n")
        self._shown: bytes | None = None

    def _record(self, place: int) -> int:
        return bisect_right(self._starts, place + self._base) - 1

    def kind(self, place: int) -> int:
        """Return which output the byte at ``place`` of the text is of."""
        return self._kinds[self._record(place)]

    def time(self, place: int) -> int:
        """Return when the byte at ``place`` of the text arrived, in µs since the Unix epoch."""
        return self._piece.times[self._indices[self._record(place)]]

    def arrived(self, time: int) -> int:
        """Return how many of the lines began before ``time`` (µs)."""
        record = bisect_left(self._indices, bisect_left(self._piece.times, time))
        if record == len(self._starts):
            return self.count
        place = self._starts[record] - self._base
        return self._begun(place, self.text.count(b"\n", 0, place)) if place > 0 else 0

    def _begun(self, place: int, newlines: int) -> int:
        """Return how many lines begin before a place with that many newlines before it."""
        return newlines if self.text[place - 1] == 0x0A else newlines + 1

    def arrivals(self) -> list[tuple[int, int]]:
        """Return when lines came: a time (µs), and how many had begun when its record had come."""
        found: list[tuple[int, int]] = []
        at = newlines = begun = 0
        for index, start in zip(self._indices, self._starts[1:], strict=False):
            place = start - self._base
            if place <= 0:
                continue
            newlines += self.text.count(b"\n", at, place)
            at = place
            before, begun = begun, self._begun(place, newlines)
            if begun > before:
                found.append((self._piece.times[index], begun))
        if begun < self.count:
            found.append((self._piece.times[self._indices[-1]], self.count))
        return found

    def shown(self) -> Steps[bytes]:
        """Return the lines as a reader sees them: as many, as valid UTF-8."""
        if self._shown is None:
            text = valid(self.text)
            self._shown = (yield from _plain(text)) if controlled(text) else text
        return self._shown


def _plain(text: bytes) -> Steps[bytes]:
    parts = []
    at = 0
    while at < len(text):
        yield
        end = text.find(b"\n", at + _SHOWN) + 1 or len(text)
        parts.append(plain(text[at:end]))
        at = end
    return b"".join(parts)


def places(text: bytes) -> list[int]:
    """Return where in ``text`` each line begins, and where the last one ends."""
    found = [0]
    at = 0
    while at := text.find(b"\n", at) + 1:
        found.append(at)
    return found


def rest_of_line(following: Sequence[Piece], kind: int, room: int) -> bytes:
    """Return how a line goes on, without a newline.

    Args:
        following: The pieces of the segments after it.
        kind: Which output it is of.
        room: Bytes to return at most.
    """
    parts: list[bytes] = []
    for piece in following:
        head = piece.raw(_HEAD)
        found, ended = _until_end(outputs(head, piece.count), kind, room)
        if not ended and len(head) == _HEAD:
            found, ended = _until_end(outputs(piece.raw(), piece.count), kind, room)
        parts.append(found)
        room -= len(found)
        if ended:
            break
    return b"".join(parts)


def _until_end(
    records: Iterator[tuple[int, int, bytes]], kind: int, room: int
) -> tuple[bytes, bool]:
    """Return what there is of a line, and whether that is all of it that is wanted."""
    parts: list[bytes] = []
    for _, kind_now, payload in records:
        if kind_now != kind or room <= 0:
            return b"".join(parts), True
        newline = payload.find(b"\n")
        part = payload[: room if newline < 0 else min(newline, room)]
        parts.append(part)
        room -= len(part)
        if newline >= 0:
            return b"".join(parts), True
    return b"".join(parts), room <= 0
