"""A segment: consecutive records that share one deflate context, each encoded exactly once.

Why this is legal (RFC 7692, section 7.2.3.2): a segment begins with an empty context, so that a
back-reference can only reach bytes of this segment, and whoever joins at its start has received all
of them. What a viewer's window held before does not matter. So one encoding serves every viewer,
the history in memory or on disk, and HTTP.
"""

from array import array
from bisect import bisect_right
from itertools import pairwise

from zlib_ng import zlib_ng

from webtee.log.frame import BINARY, frame, payload_start
from webtee.log.record import HEADER_SIZE, Kind, Record, split

QUICK = 1
"""The level of compression for a flood: zlib-ng's fastest."""

TIGHT = 5
"""The level for everything else: a third smaller, at a third of the speed (200 B to 5 KB each)."""

_SYNC_TAIL = b"\x00\x00\xff\xff"  # what a sync flush ends with and a message leaves out
_STREAM_END = b"\x03\x00"  # an empty final block, so that a body is a complete deflate stream
_FRAME_BYTES = 10  # at most, around one record
_INDEX_BYTES = 28  # per record: one u32 and three u64


class Segment:
    """Records in a row, encoded once; open until it is sealed, immutable afterwards.

    An open segment keeps its records as they are too, for viewers that cannot take deflate; sealing
    it lets them go, and :meth:`records` inflates when it is asked.

    Args:
        first: The record that it begins with.
        wire_start: Message bytes in the log before this segment.
        mid_line: Whether the output before it ends in the middle of a line.
        level: The level of compression.
    """

    def __init__(
        self, first: Record, wire_start: int, *, mid_line: bool = False, level: int = TIGHT
    ) -> None:
        self.first_seq = first.seq
        self.wire_start = wire_start
        self.mid_line = mid_line
        self.raw_size = 0
        """Bytes of the encoded records before compression, headers included."""
        self.end_offset = first.offset
        """Output bytes in the log up to the end of this segment."""
        self.sealed = False
        self.lines = array("Q")
        self.offsets = array("Q")
        self.times = array("Q")
        self._ends = array("I", (0,))
        self._body_excess = 0  # by how much the body is longer than the messages
        self._deflate = zlib_ng.compressobj(level, zlib_ng.DEFLATED, -zlib_ng.MAX_WBITS)
        self._messages: list[bytes] = []
        self._records: list[bytes] = []
        self._joined = b""
        self.append(first)

    def append(self, record: Record) -> None:
        """Encode ``record`` as this segment's next message.

        Raises:
            RuntimeError: The segment is sealed.
        """
        if self.sealed:
            raise RuntimeError("a sealed segment never changes: begin a new one")
        raw = record.encode()
        deflated = self._deflate.compress(raw) + self._deflate.flush(zlib_ng.Z_SYNC_FLUSH)
        message = frame(BINARY, deflated[: -len(_SYNC_TAIL)], compressed=True)
        self._records.append(raw)
        self._messages.append(message)
        self._ends.append(self._ends[-1] + len(message))
        self._body_excess += len(deflated) - len(message)
        self.lines.append(record.line)
        self.offsets.append(record.offset)
        self.times.append(record.time)
        self.raw_size += len(raw)
        if record.kind is not Kind.EVENT:
            self.end_offset += len(record.payload)

    def seal(self) -> None:
        """End the segment: what it holds is final, and its working memory is let go."""
        self.sealed = True
        self._joined = b"".join(self._messages)
        self._messages.clear()
        self._records.clear()
        del self._deflate

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.lines)

    @property
    def last_seq(self) -> int:
        """The seq of the newest record."""
        return self.first_seq + len(self.lines) - 1

    @property
    def stored_size(self) -> int:
        """Bytes of the messages."""
        return self._ends[-1]

    @property
    def body_size(self) -> int:
        """Bytes of :meth:`body`."""
        return self._ends[-1] + self._body_excess + len(_STREAM_END)

    @property
    def kept_size(self) -> int:
        """Bytes of memory that a sealed segment takes, its index included."""
        return self._ends[-1] + len(self.lines) * _INDEX_BYTES

    def wire_offset(self, index: int) -> int:
        """Return the message bytes in the log before the record at ``index``."""
        return self.wire_start + self._ends[index]

    def fit(self, start: int, limit: int, *, inflated: bool = False) -> int:
        """Return the ``stop`` that makes the records ``start`` to ``stop`` at most ``limit`` bytes.

        They are at least one, however large it is.

        Args:
            start: The first record's index.
            limit: Bytes.
            inflated: Whether the output in the records counts, and not their messages.
        """
        size = self._output_before if inflated else self._ends.__getitem__
        count = len(self.lines)
        if size(count) - size(start) <= limit:
            return count
        indices = range(start + 1, count + 1)
        return start + max(bisect_right(indices, size(start) + limit, key=size), 1)

    def _output_before(self, index: int) -> int:
        """Return the output bytes before a record, and what its header and frame take."""
        output = self.offsets[index] if index < len(self.offsets) else self.end_offset
        return output + index * (HEADER_SIZE + _FRAME_BYTES)

    def messages(self, start: int, stop: int) -> bytes:
        """Return the messages of the records ``start`` to ``stop``, as every viewer gets them."""
        if self.sealed:
            return self._joined[self._ends[start] : self._ends[stop]]
        if stop - start == 1:
            return self._messages[start]
        return b"".join(self._messages[start:stop])

    def records(self) -> list[bytes]:
        """Return all records, encoded but not compressed; inflates if the segment is sealed."""
        if not self.sealed:
            return self._records
        return split(self.raw())

    def raw(self, limit: int = 0) -> bytes:
        """Return the encoded records one after another, or the first ``limit`` bytes of them.

        Of a sealed segment, which nobody changes any more, any thread may ask this.
        """
        if not self.sealed:
            raw = b"".join(self._records)
            return raw[:limit] if limit else raw
        if not limit:
            return zlib_ng.decompress(self.body(), -zlib_ng.MAX_WBITS)
        return zlib_ng.decompressobj(-zlib_ng.MAX_WBITS).decompress(self.body(), limit)

    def body(self) -> bytes:
        """Return the segment as one complete raw deflate stream (RFC 1951).

        It is the messages' payloads joined, each with the tail of its flush put back; nothing is
        encoded again. Inflated, it is the encoded records one after another.
        """
        data = self._joined if self.sealed else b"".join(self._messages)
        parts = []
        for start, end in pairwise(self._ends):
            parts.append(data[payload_start(data, start) : end])
            parts.append(_SYNC_TAIL)
        parts.append(_STREAM_END)
        return b"".join(parts)
