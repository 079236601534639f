"""A record, the one entry of a log, and its binary layout in ``webtee.v1``.

The layout is the wire contract: a little-endian header of 40 bytes, then the payload. Segments
over HTTP, messages over WebSocket and whatever stores a log hold the same bytes.
"""

import enum
import struct
from collections.abc import Iterator
from typing import NamedTuple

from webtee.errors import RecordError

HEADER = struct.Struct("<BBHIQQQQ")
"""kind, flags, reserved, payload length, seq, offset, line, time."""

HEADER_SIZE = HEADER.size


class Kind(enum.IntEnum):
    """What a record's payload is."""

    OUTPUT = 0
    """Bytes of standard output, or of a pty."""
    STDERR = 1
    """Bytes of standard error, where it is kept apart."""
    EVENT = 2
    """JSON that says something about the stream; not part of its output."""


class Record(NamedTuple):
    """One entry of a log.

    Attributes:
        seq: Its number in the log, from 1, without holes.
        kind: What the payload is.
        time: When it arrived, in microseconds since the Unix epoch; never less than the one before.
        line: The number, from 1, of the line that the first payload byte belongs to.
        offset: Output bytes (kinds 0 and 1) in the log before this record.
        payload: The bytes themselves.
    """

    seq: int
    kind: Kind
    time: int
    line: int
    offset: int
    payload: bytes

    def encode(self) -> bytes:
        """Return the record in the layout of ``webtee.v1``: the header, then the payload."""
        header = HEADER.pack(
            self.kind, 0, 0, len(self.payload), self.seq, self.offset, self.line, self.time
        )
        return header + self.payload


def split(data: bytes) -> list[bytes]:
    """Cut records that follow one another into one piece each, still encoded.

    Args:
        data: Encoded records without anything between them, such as an inflated segment.

    Raises:
        RecordError: The last record is not whole.
    """
    pieces = []
    position = 0
    while position < len(data):
        if len(data) - position < HEADER_SIZE:
            raise RecordError(f"a record's header is cut off after {len(data) - position} bytes")
        end = position + HEADER_SIZE + int.from_bytes(data[position + 4 : position + 8], "little")
        if end > len(data):
            raise RecordError(f"a record's payload is cut off {end - len(data)} bytes early")
        pieces.append(data[position:end])
        position = end
    return pieces


def decode(data: bytes) -> Iterator[Record]:
    """Yield the records that ``data`` holds one after another.

    Raises:
        RecordError: A record is not whole, or of a kind that this version does not know.
    """
    for piece in split(data):
        kind, _flags, _reserved, _length, seq, offset, line, time = HEADER.unpack_from(piece)
        try:
            known = Kind(kind)
        except ValueError:
            raise RecordError(f"record {seq} is of unknown kind {kind}") from None
        yield Record(seq, known, time, line, offset, piece[HEADER_SIZE:])
