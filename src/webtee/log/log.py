"""The log: the append-only sequence of a stream's segments, and how to find a place in it.

It numbers what it is given (seq, line, offset), seals segments, lets the oldest go when more is
kept than may be, and answers where a seq, a line or a time is. Times are passed in.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from webtee.log.recent import Recent
from webtee.log.record import HEADER_SIZE, Kind, Record
from webtee.log.segment import QUICK, TIGHT, Segment

SEGMENT_SIZE = 1 << 20
"""Raw bytes after which a segment is sealed."""

KEEP = 64 << 20
"""Bytes of memory that a log's segments may take."""

_HURRY = 100_000  # µs: where a segment fills in less, packing the next tightly takes too long
_RECENT = 8  # sealed segments of which what was made for someone is kept for the next


class Position(NamedTuple):
    """A place in a log.

    Attributes:
        seq: A record's number.
        line: The number of a line, from 1.
        offset: Output bytes before this place.
        time: Microseconds since the Unix epoch; 0 where nothing has been written yet.
    """

    seq: int
    line: int
    offset: int
    time: int


class Log:
    """The append-only sequence of a stream's segments.

    Args:
        epoch: Identifies this incarnation: a seq means something only within it.
        segment_size: Raw bytes after which a segment is sealed.
        keep: Bytes of memory that segments may take. The oldest go first; the newest always stays.
    """

    def __init__(self, epoch: str, *, segment_size: int = SEGMENT_SIZE, keep: int = KEEP) -> None:
        self.epoch = epoch
        self._segment_size = segment_size
        self._keep = keep
        self._segments: list[Segment] = []
        self._kept = 0  # of the sealed segments
        self._wire_size = 0
        self._next_seq = 1
        self._line = 1
        self._offset = 0
        self._time = 0
        self._last_kind = Kind.OUTPUT
        self._mid_line = False
        self._records: Recent[list[bytes]] = Recent(_RECENT)
        self._bodies: Recent[bytes] = Recent(_RECENT)

    # Writing

    def append(self, kind: Kind, payload: bytes, time: int) -> int:
        """Add a record at the end.

        Lines end at a newline, and where stdout and stderr meet in the middle of one.

        Args:
            kind: What the payload is.
            payload: Its bytes.
            time: The time of arrival in microseconds since the Unix epoch. A clock that went back
                does not take the log with it: a record is never older than the one before.

        Returns:
            The record's seq.
        """
        if kind is not Kind.EVENT:
            if self._mid_line and kind is not self._last_kind:
                self._line += 1
                self._mid_line = False
            self._last_kind = kind
        self._time = max(self._time, time)
        record = Record(self._next_seq, kind, self._time, self._line, self._offset, payload)
        self._store(record)
        self._next_seq += 1
        if kind is not Kind.EVENT and payload:
            self._line += payload.count(b"\n")
            self._offset += len(payload)
            self._mid_line = not payload.endswith(b"\n")
        return record.seq

    def _store(self, record: Record) -> None:
        newest = self._segments[-1] if self._segments else None
        if newest is None or newest.sealed:
            hurry = newest is not None and record.time - newest.times[0] < _HURRY
            newest = Segment(
                record,
                self._wire_size,
                mid_line=self._mid_line,
                level=QUICK if hurry else TIGHT,
            )
            self._segments.append(newest)
        else:
            newest.append(record)
        self._wire_size = newest.wire_start + newest.stored_size
        if newest.raw_size >= self._segment_size:
            newest.seal()
            self._kept += newest.kept_size
            self._let_go()

    def _let_go(self) -> None:
        count = 0
        while self._kept > self._keep and count < len(self._segments) - 1:
            self._kept -= self._segments[count].kept_size
            count += 1
        for segment in self._segments[:count]:
            self._records.forget(segment.first_seq)
            self._bodies.forget(segment.first_seq)
        del self._segments[:count]

    # Where things are

    @property
    def segments(self) -> Sequence[Segment]:
        """The kept segments, oldest first; all but perhaps the last are sealed."""
        return self._segments

    @property
    def first(self) -> Position:
        """The first record that is kept, or where the first one will be."""
        if not self._segments:
            return Position(self._next_seq, self._line, self._offset, self._time)
        return self.position(self.first_seq)

    @property
    def first_seq(self) -> int:
        """The first record that is kept, or what the first one will be."""
        return self._segments[0].first_seq if self._segments else self._next_seq

    @property
    def next_seq(self) -> int:
        """The next record to come."""
        return self._next_seq

    @property
    def head(self) -> Position:
        """The newest record's seq and time, and the line and offset that the next byte will have.

        Its seq is one less than the first's while the log is empty.
        """
        return Position(self._next_seq - 1, self._line, self._offset, self._time)

    @property
    def mid_line(self) -> bool:
        """Whether the output so far ends in the middle of a line."""
        return self._mid_line

    @property
    def wire_size(self) -> int:
        """Message bytes ever written."""
        return self._wire_size

    def position(self, seq: int) -> Position:
        """Return the place of record ``seq``, which may also be the next one to come.

        Raises:
            LookupError: It is not kept, or further in the future.
        """
        if seq == self._next_seq:
            return Position(seq, self._line, self._offset, self._time)
        segment, index = self.find(seq)
        return Position(seq, segment.lines[index], segment.offsets[index], segment.times[index])

    def find(self, seq: int) -> tuple[Segment, int]:
        """Return the segment that holds record ``seq``, and its index in there.

        Raises:
            LookupError: It is not kept, or not written yet.
        """
        place = len(self._segments) - 1
        if place >= 0 and seq < self._segments[place].first_seq:  # mostly it is in the newest
            place = bisect_right(self._segments, seq, key=lambda segment: segment.first_seq) - 1
        if place < 0 or seq > self._segments[place].last_seq:
            raise LookupError(f"record {seq} is not kept")
        segment = self._segments[place]
        return segment, seq - segment.first_seq

    def segment_start(self, seq: int) -> int:
        """Return the first record that one has to have to inflate record ``seq``.

        The next record to come goes on in the open segment, or begins one of its own.

        Raises:
            LookupError: It is not kept, or further in the future.
        """
        if seq == self._next_seq:
            newest = self._segments[-1] if self._segments else None
            return newest.first_seq if newest and not newest.sealed else seq
        return self.find(seq)[0].first_seq

    def records(self, segment: Segment) -> list[bytes]:
        """Return a segment's encoded records; a sealed one is inflated once for several viewers."""
        if not segment.sealed:
            return segment.records()
        return self._records.get(segment.first_seq, segment.records)

    def body(self, segment: Segment) -> bytes:
        """Return a segment's HTTP body; a sealed one's is made once for several viewers."""
        if not segment.sealed:
            return segment.body()
        return self._bodies.get(segment.first_seq, segment.body)

    def seek_time(self, time: int) -> int:
        """Return the seq of the first kept record that arrived at ``time`` (µs) or later.

        It is the next seq to come if all are older.
        """
        place = bisect_left(self._segments, time, key=lambda segment: segment.times[-1])
        if place == len(self._segments):
            return self._next_seq
        segment = self._segments[place]
        return segment.first_seq + bisect_left(segment.times, time)

    def seek_line(self, line: int) -> tuple[int, int]:
        """Find where a line begins.

        Returns:
            The seq of the record in which it does, and the payload bytes there before it. If the
            line's beginning is no longer kept: the first kept record and 0. If the line is yet to
            come: the next seq to come and 0.
        """
        place = bisect_left(self._segments, line, key=lambda segment: segment.lines[-1])
        if place < len(self._segments):
            segment = self._segments[place]
            seq = segment.first_seq + bisect_left(segment.lines, line)
        else:
            seq = self._next_seq
        # ``seq`` is the first record whose first byte is in this line or a later one. The line
        # itself begins there, or after a newline in the output record before it.
        before = self._output_before(seq)
        if before is None:
            return seq, 0
        segment, index = before
        payload = self.records(segment)[index][HEADER_SIZE:]
        at = 0
        for _ in range(line - segment.lines[index]):
            at = payload.find(b"\n", at) + 1
            if not at:
                return seq, 0
        return (seq, 0) if at == len(payload) else (segment.first_seq + index, at)

    def seek_tail(self, lines: int) -> tuple[int, int]:
        """Find where the last ``lines`` lines begin, as :meth:`seek_line` does.

        A line that has begun but not ended counts, as it does for ``tail``.
        """
        last = self._line if self._mid_line else self._line - 1
        if lines <= 0:
            return self._next_seq, 0
        return self.seek_line(max(last - lines + 1, 1))

    def _output_before(self, seq: int) -> tuple[Segment, int] | None:
        """Return where the last output record before ``seq`` is; None if none is kept."""
        while seq > self.first_seq:
            seq -= 1
            segment, index = self.find(seq)
            last = index + 1 == len(segment)
            end = segment.end_offset if last else segment.offsets[index + 1]
            if end > segment.offsets[index]:
                return segment, index
        return None
