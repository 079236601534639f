"""A cursor: a viewer's place in a log.

It says what to send next, when to skip, and which gap to announce. Joining late, resuming and
falling behind are the same thing here: a cursor that is not at the head.
"""

import enum
from typing import Literal

from webtee.log.encoding import Encoder, Gap
from webtee.log.log import Log, Position

UNSENT = 1 << 20
"""Message bytes that a viewer may be behind before one that would rather skip does so."""


class Lag(enum.StrEnum):
    """What a viewer wants when it falls too far behind."""

    SKIP = "skip"
    """Go on at the newest segment, and be told of the gap."""
    KEEP = "keep"
    """Get everything for as long as the log still holds it."""


Resume = Literal["exact", "gap", "fresh"]
"""How a viewer begins: exactly after what it has, after a gap, or anew."""


class Cursor:
    """A viewer's place in a log.

    Args:
        log: Where it reads.
        encoder: How records become bytes for this viewer.
        seq: The record to begin with; anything below what is kept is announced as a gap.
        lag: What to do when too far behind.
        unsent: Message bytes that make "too far".

    Attributes:
        seq: The next record to send.
        encoder: As given; exchanged when the viewer shares another's state.
    """

    __slots__ = ("_counts_from", "_has", "_known", "_lag", "_log", "_unsent", "encoder", "seq")

    def __init__(
        self, log: Log, encoder: Encoder, seq: int, *, lag: Lag = Lag.KEEP, unsent: int = UNSENT
    ) -> None:
        self._log = log
        self._lag = lag
        self._unsent = unsent
        self._counts_from = 0  # message bytes in the log before which nothing counts as lag
        self._has = 0  # the viewer has this record already, and is sent up to it again
        self._known = (1, 1, 0)  # a seq with its line and offset, for gaps after it is let go
        self.encoder = encoder
        self.seq = seq
        self.go_to(seq)

    def go_to(self, seq: int, place: Position | None = None) -> None:
        """Move to record ``seq``, announcing nothing.

        Args:
            seq: A record that is kept, or the next to come, or any whose place is given.
            place: What was the head before it, for one that may have been let go since.
        """
        self.seq = seq
        if self.wanted >= self._log.first_seq:
            place = self._log.position(self.wanted)
        if place is not None:
            self._known = (self.wanted, place.line, place.offset)

    def rewind(self, *, again: bool) -> None:
        """Move back to where an encoding with a shared context can be joined.

        That is the start of the segment that holds the record to go on with, or will hold it, so
        both are let go together.

        Args:
            again: Whether the viewer has the records up to here, and so misses none of them.
        """
        if again:
            self._has = self.seq - 1
        self.go_to(self._log.segment_start(self.seq))

    def forgive(self) -> None:
        """Do not count what is there now as lag: the viewer asked for it."""
        self._counts_from = self._log.wire_size

    @property
    def wanted(self) -> int:
        """The next record that the viewer does not have: less than it may be sent again."""
        return max(self.seq, self._has + 1)

    @property
    def gap(self) -> Gap | None:
        """The gap that the next :meth:`take` begins with, if it does."""
        first = self._log.first_seq
        if self.wanted < first:
            return self._gap_to(first, "expired")
        if self._lag is Lag.SKIP and self.wanted < self._log.next_seq:
            newest = self._log.segments[-1].first_seq
            segment, index = self._log.find(self.wanted)
            behind = self._log.wire_size - max(segment.wire_offset(index), self._counts_from)
            if self.wanted < newest and behind > self._unsent:
                return self._gap_to(newest, "slow")
        return None

    def take(self, limit: int, before: int) -> bytes:
        """Return what to send next, and move past it.

        Args:
            limit: About how many bytes to return at most; a record is never divided.
            before: The record to stop before, which is kept or the next to come.

        Returns:
            Bytes to write as they are. Empty if there is nothing to send, or only what this
            viewer's encoding has no bytes for: :attr:`seq` tells.
        """
        parts = []
        if gap := self.gap:
            parts.append(self.encoder.gap(gap))
            self.seq = gap.last_seq + 1
        while self.seq < before and limit > 0:
            segment, start = self._log.find(self.seq)
            stop = min(self.encoder.fit(segment, start, limit), before - segment.first_seq)
            parts.append(self.encoder.encode(self._log, segment, start, stop))
            limit -= len(parts[-1])
            self.seq = segment.first_seq + stop
        self.go_to(self.seq)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _gap_to(self, seq: int, reason: Literal["slow", "expired"]) -> Gap:
        """Return the gap from here to just before ``seq``, where a kept segment begins."""
        end = self._log.position(seq)
        known, line, offset = self._known
        begin = self.wanted
        return Gap(
            first_seq=begin,
            last_seq=seq - 1,
            first_line=line if known == begin else None,
            last_line=end.line if self._log.find(seq)[0].mid_line else end.line - 1,
            bytes=end.offset - offset if known == begin else None,
            reason=reason,
        )


def resume(
    log: Log,
    encoder: Encoder,
    *,
    after: int | None = None,
    epoch: str | None = None,
    tail: int | None = None,
    lag: Lag = Lag.KEEP,
    unsent: int = UNSENT,
) -> tuple[Cursor, Resume]:
    """Place a viewer that (re)connects.

    Args:
        log: Where it reads.
        encoder: How records become bytes for it.
        after: The last seq that it has, to go on behind it.
        epoch: The epoch that ``after`` belongs to; None means the present one.
        tail: Without ``after``: begin with at least that many last lines. By default a viewer
            begins at the newest segment's start.
        lag: What to do when it falls too far behind.
        unsent: Message bytes that make "too far".

    Returns:
        The cursor, and how its beginning relates to what the viewer had. It may be sent records
        again that it has, if its encoding needs a segment from the start.
    """
    known = after is not None and epoch in (None, log.epoch) and 0 <= after < log.next_seq
    if known:
        assert after is not None
        seq = after + 1
    elif tail is not None:
        seq, _ = log.seek_tail(tail)
    else:
        seq = log.segments[-1].first_seq if log.segments else log.next_seq
    cursor = Cursor(log, encoder, seq, lag=lag, unsent=unsent)
    if not known:
        cursor.forgive()
    gap = cursor.gap
    if gap is None and encoder.from_segment_start:
        cursor.rewind(again=known)
    if not known:
        return cursor, "fresh"
    return cursor, "gap" if gap else "exact"
