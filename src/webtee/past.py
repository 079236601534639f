"""The terminal's screen as it was: what the tracker knew when the output had come so far.

It is found out anew, from the nearest copy of the tracker (text/checkpoints.py) and the records
that are kept from there on. From what it knew, replay.py tells what to feed to a terminal.
"""

import json
from collections.abc import Iterator

from webtee.log.log import Log
from webtee.log.record import HEADER, HEADER_SIZE, Kind
from webtee.text.checkpoints import Checkpoints
from webtee.text.screen import Screen

_PIECE = 4 << 10  # bytes that are looked at at once: hostile ones take their time


class Past:
    """The screen when the records up to one had come.

    Args:
        log: Where the records are.
        checkpoints: What the tracker knew before.
        seq: The last of the records; the one after it is kept or the next to come.

    Attributes:
        seq: As given.
        screen: What the tracker knew then, once all steps are done.
        sure: Whether nothing of the output that it depends on was let go.
    """

    def __init__(self, log: Log, checkpoints: Checkpoints, seq: int) -> None:
        self.seq = seq
        self._log = log
        # What is let go from here on is still had.
        self._segments = list(log.segments)
        first = log.first.offset
        self.screen: Screen = checkpoints.before(log.position(seq + 1).offset)
        self.sure = self.screen.offset >= first
        if not self.sure:
            self.screen.skip(first)

    def steps(self) -> Iterator[None]:
        """Find out, a little with each step."""
        for segment in self._segments:
            if segment.end_offset < self.screen.offset or segment.first_seq > self.seq:
                continue
            for record in self._log.records(segment)[: self.seq + 1 - segment.first_seq]:
                yield from self._take(record)

    def _take(self, record: bytes) -> Iterator[None]:
        kind, _, _, _, _, offset, _, _ = HEADER.unpack_from(record)
        start = HEADER_SIZE + self.screen.offset - offset
        if kind == Kind.EVENT:
            if start <= HEADER_SIZE:
                self._event(json.loads(record[HEADER_SIZE:]))
            return
        for at in range(start, len(record), _PIECE):
            self.screen.feed(record[at : at + _PIECE])
            yield

    def _event(self, event: dict[str, object]) -> None:
        cols, rows = event.get("cols"), event.get("rows")
        if event["event"] == "resize" and isinstance(cols, int) and isinstance(rows, int):
            self.screen.resize(cols, rows)
        elif event["event"] == "exit":
            self.screen.end()
