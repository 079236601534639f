"""A viewer of ``webtee.v1`` without a network: bytes of the connection in, records and gaps out.

Written from the contract, not from the encoder: frames by RFC 6455, inflated with the standard
library's zlib in one window for the whole connection, as browsers do.
"""

import json
import struct
import zlib
from dataclasses import dataclass, field
from typing import Any

_TAIL = b"\x00\x00\xff\xff"


@dataclass(frozen=True)
class Seen:
    """A record as a viewer has it."""

    seq: int
    kind: int
    time: int
    line: int
    offset: int
    payload: bytes


def split_frames(data: bytes) -> tuple[list[tuple[int, bool, bytes]], bytes]:
    """Return whole frames as (opcode, compressed, payload), and what is left of ``data``."""
    frames = []
    at = 0
    while len(data) - at >= 2:
        first, length = data[at], data[at + 1]
        start = at + 2
        if length == 126:
            start, length = at + 4, int.from_bytes(data[at + 2 : at + 4], "big")
        elif length == 127:
            start, length = at + 10, int.from_bytes(data[at + 2 : at + 10], "big")
        if len(data) < start + length:
            break
        assert first & 0x80, "every message is one frame"
        assert not first & 0x30, "no extension but permessage-deflate"
        frames.append((first & 0x0F, bool(first & 0x40), data[start : start + length]))
        at = start + length
    return frames, data[at:]


def parse(raw: bytes) -> list[Seen]:
    """Return the records in ``raw``, which follow one another."""
    records = []
    while raw:
        kind, flags, reserved, length, seq, offset, line, time = struct.unpack_from(
            "<BBHIQQQQ", raw
        )
        assert (flags, reserved) == (0, 0)
        assert len(raw) >= 40 + length
        records.append(Seen(seq, kind, time, line, offset, raw[40 : 40 + length]))
        raw = raw[40 + length :]
    return records


@dataclass
class V1Viewer:
    """What a viewer has made of all that it was sent, over any number of connections."""

    records: list[Seen] = field(default_factory=list)
    gaps: list[dict[str, Any]] = field(default_factory=list)
    hello: dict[str, Any] | None = None
    viewers: int | None = None
    repeated: int = 0
    deflated: int = 0
    _rest: bytes = b""
    _inflate: Any = None

    def connect(self) -> None:
        """Begin a new connection, with an empty window."""
        self._rest = b""
        self._inflate = zlib.decompressobj(-15)

    @property
    def after(self) -> int | None:
        """The last seq that it has or knows that it was not sent."""
        seqs = [record.seq for record in self.records[-1:]]
        seqs += [gap["last_seq"] for gap in self.gaps[-1:]]
        return max(seqs, default=None)

    def feed(self, data: bytes) -> None:
        """Take bytes of the connection."""
        frames, self._rest = split_frames(self._rest + data)
        for opcode, compressed, payload in frames:
            self.message(opcode, payload, compressed=compressed)

    def message(self, opcode: int, payload: bytes, *, compressed: bool = False) -> None:
        """Take one message."""
        if compressed:
            self.deflated += 1
            payload = self._inflate.decompress(payload + _TAIL)
            assert not self._inflate.unused_data
        if opcode == 2:
            (record,) = parse(payload)
            self._take(record)
        elif opcode == 1:
            assert not compressed, "control messages stay outside the window"
            self._control(json.loads(payload))

    def _take(self, record: Seen) -> None:
        if self.after is not None and record.seq <= self.after:
            self.repeated += 1
            return
        if self.after is not None:
            assert record.seq == self.after + 1, "a record is missing and no gap was announced"
        self.records.append(record)

    def _control(self, message: dict[str, Any]) -> None:
        if message["type"] == "hello":
            self.hello = message
        elif message["type"] == "status":
            self.viewers = message["viewers"]
        elif message["type"] != "pulse":
            assert message["type"] == "gap"
            if self.after is not None:
                assert message["first_seq"] == self.after + 1
            assert message["first_seq"] <= message["last_seq"]
            self.gaps.append(message)

    @staticmethod
    def _meets(records: dict[int, Seen], seq: int) -> bool:
        """Return whether ``seq`` may be where stdout and stderr meet: it could end a line."""
        before = [record.kind for record in records.values() if record.seq < seq]
        return any(kind != records[seq].kind for kind in before if kind != 2)

    def check_against(self, records: list[Seen]) -> None:
        """Assert that this is exactly ``records`` from where it began, less the announced gaps."""
        mine = {record.seq: record for record in self.records}
        assert len(mine) == len(self.records), "a record came twice"
        theirs = {record.seq: record for record in records}
        for gap in self.gaps:
            skipped = [theirs[seq] for seq in range(gap["first_seq"], gap["last_seq"] + 1)]
            assert not any(record.seq in mine for record in skipped)
            if gap["bytes"] is not None:
                size = sum(len(record.payload) for record in skipped if record.kind != 2)
                assert gap["bytes"] == size
                assert skipped[0].line - gap["first_line"] in (
                    (0, 1) if self._meets(theirs, gap["first_seq"]) else (0,)
                )
            mine |= {record.seq: record for record in skipped}
        if mine:
            assert [mine[seq] for seq in sorted(mine)] == records[min(mine) - 1 : max(mine)]
            assert len(mine) == max(mine) - min(mine) + 1
