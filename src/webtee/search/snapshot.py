"""All that a log keeps at one moment, as the parts that a search goes through one by one.

A log is not to be touched by other threads, and moves on: so this is made, and asked for each part,
in the event loop's thread. It holds numbers only. What a slow search has not got to is let go as
always, and found missing then.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from webtee.log.log import Log
from webtee.log.segment import Segment
from webtee.search.lines import LONGEST, Lines, Piece
from webtee.search.memo import Memo, T


class Part(NamedTuple):
    """The lines that begin in one segment.

    Attributes:
        first_seq: The segment's first record.
        first_line: The first of the lines.
        last_line: The last one; less than the first if none begins there.
        first_time: When the first record arrived, in µs since the Unix epoch.
        last_time: When the last one did.
        whole: Whether the rest of a line that began earlier is counted: nothing before it is kept.
    """

    first_seq: int
    first_line: int
    last_line: int
    first_time: int
    last_time: int
    whole: bool


class Job(NamedTuple):
    """What it takes to read a part, in any thread.

    Attributes:
        part: The part.
        piece: Its segment.
        following: Those after it into which its last line goes on.
        final: Whether its lines will never change: they have ended, and the segment is sealed.
    """

    part: Part
    piece: Piece
    following: Sequence[Piece]
    final: bool

    def lines(self) -> Lines:
        """Return the lines that begin there."""
        return Lines(self.piece, self.following, whole=self.part.whole)

    def known(self, memo: Memo[T]) -> T | None:
        """Return what was found out about it before."""
        return memo.get(self.piece.segment, whole=self.part.whole)

    def keep(self, memo: Memo[T], known: T) -> None:
        """Keep what was found out about it, if it will stay true."""
        if self.final:
            memo.put(self.piece.segment, known, whole=self.part.whole)


class Snapshot:
    """What a log keeps now.

    Args:
        log: The log; what waits to be appended to it is.

    Attributes:
        epoch: The log's.
        last_seq: The newest record.
        mid_line: Whether the last line has not ended.
        parts: Oldest first; they have no lines between them.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self.epoch = log.epoch
        self.last_seq = log.next_seq - 1
        self.mid_line = log.mid_line
        begun: list[tuple[int, bool]] = []  # each part's first line, and whether it is whole
        nothing_before = True
        for segment in log.segments:
            first_line = segment.lines[0] + segment.mid_line
            whole = nothing_before and segment.mid_line
            if segment.end_offset > segment.offsets[0]:
                # Records without output have the offset of the one after them.
                index = bisect_right(segment.offsets, segment.offsets[0]) - 1
                first_line = segment.lines[index] if whole else first_line
                nothing_before = False
            begun.append((first_line, whole))
        self.parts: list[Part] = []
        next_line = log.head.line + log.mid_line
        for segment, (line, whole) in zip(reversed(log.segments), reversed(begun), strict=True):
            first_line = min(line, next_line)
            times = segment.times
            self.parts.append(
                Part(segment.first_seq, first_line, next_line - 1, times[0], times[-1], whole)
            )
            next_line = first_line
        self.parts.reverse()

    @property
    def first_line(self) -> int:
        """The first line, or where the first one will be."""
        return self.parts[0].first_line if self.parts else self._log.head.line

    @property
    def last_line(self) -> int:
        """The last line; one less than the first if there is none."""
        return self.parts[-1].last_line if self.parts else self.first_line - 1

    def job(self, part: Part) -> Job | None:
        """Return what it takes to read ``part``; None if it is no longer kept."""
        log = self._log
        if part.first_seq < log.first_seq:
            return None
        segment, _ = log.find(part.first_seq)
        following = []
        room = LONGEST
        seq = segment.last_seq + 1
        while room > 0 and seq <= self.last_seq:
            after, _ = log.find(seq)
            if not after.mid_line:
                break
            following.append(self._piece(after))
            if after.lines[-1] > after.lines[0]:
                break
            room -= after.end_offset - after.offsets[0]
            seq = after.last_seq + 1
        piece = self._piece(segment)
        ended = part.last_line < self.last_line or not self.mid_line
        # It may have been sealed only since, with more in it than is looked at.
        whole = piece.records is None and piece.count == len(segment)
        return Job(part, piece, following, final=whole and ended)

    def _piece(self, segment: Segment) -> Piece:
        return Piece.of(segment, min(len(segment), self.last_seq - segment.first_seq + 1))
