"""A viewer whose messages come from a real client: what it saw, checked as it comes.

A test that only watches already fails for a record lost, doubled, misnumbered or out of order.
"""

import json
import zlib
from dataclasses import dataclass
from typing import Any

from tests.support.v1 import Seen, V1Viewer, parse

TEXT, BINARY = 1, 2


@dataclass
class Watched(V1Viewer):
    """What one viewer has seen over any number of connections."""

    _greeted: bool = False
    _resent: int = 0
    _offset: int | None = None

    def connect(self) -> None:
        """Begin a new connection, which begins with a hello."""
        super().connect()
        self._greeted = False
        self._resent = 0

    def take(self, message: str | bytes) -> None:
        """Take one message as a client's library hands it out."""
        if isinstance(message, str):
            self.message(TEXT, message.encode())
        else:
            self.message(BINARY, message)

    @property
    def last(self) -> int:
        """The seq to resume after."""
        return self.after or 0

    @property
    def output(self) -> bytes:
        """The output, stdout and stderr joined as they came."""
        return b"".join(record.payload for record in self.records if record.kind < 2)

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events."""
        return [json.loads(record.payload) for record in self.records if record.kind == 2]

    def _take(self, record: Seen) -> None:
        assert self._greeted, "a record came before the hello"
        if record.seq <= self.last:
            assert self._resent in (0, record.seq - 1), "records sent again are in order too"
            self._resent = record.seq
            return super()._take(record)
        assert self._resent in (0, record.seq - 1)
        self._resent = 0
        assert self._offset in (None, record.offset), "offsets count the bytes before"
        if self.records:
            assert record.time >= self.records[-1].time
            assert record.line >= self.records[-1].line
        self._offset = record.offset + (len(record.payload) if record.kind < 2 else 0)
        return super()._take(record)

    def _control(self, message: dict[str, Any]) -> None:
        assert (message["type"] == "hello") != self._greeted, "one hello, and first"
        self._greeted = True
        if message["type"] == "gap":
            known = message["bytes"] is not None and self._offset is not None
            self._offset = (self._offset or 0) + message["bytes"] if known else None
        super()._control(message)


def inflate(body: bytes) -> list[Seen]:
    """Return the records in a segment's body, which has to be one complete raw deflate stream."""
    decompressor = zlib.decompressobj(-zlib.MAX_WBITS)
    raw = decompressor.decompress(body) + decompressor.flush()
    assert decompressor.eof
    assert not decompressor.unused_data
    return parse(raw)
