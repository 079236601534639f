"""Text over HTTP, for curl and whatever else does not ask for HTML: the output's own bytes."""

import asyncio
from typing import Self

from aiohttp import web

from webtee.log.cursor import Cursor
from webtee.log.encoding import Gap
from webtee.log.log import Log
from webtee.log.record import HEADER_SIZE, Kind
from webtee.log.segment import Segment
from webtee.stream import Stream
from webtee.web.body import Body
from webtee.web.connection import attached
from webtee.web.query import choice, number
from webtee.web.watch import WATCH


def notice(gap: Gap) -> bytes:
    """Return a gap as the line of text that a viewer without control messages gets."""
    size = "an unknown number of" if gap.bytes is None else str(gap.bytes)
    why = "no longer kept" if gap.reason == "expired" else "skipped"
    return f"\n[webtee: {size} bytes up to line {gap.last_line} {why}]\n".encode()


class BytesEncoder:
    """Output as it is.

    Args:
        skip: Bytes of the first record that the viewer does not get.
    """

    name = "bytes"
    from_segment_start = False

    def __init__(self, skip: int = 0) -> None:
        self._skip = skip

    def fit(self, segment: Segment, start: int, limit: int) -> int:
        """Return up to where the output is at most ``limit`` bytes."""
        return segment.fit(start, limit, inflated=True)

    def encode(self, log: Log, segment: Segment, start: int, stop: int) -> bytes:
        """Return the output in these records."""
        outputs = (r for r in log.records(segment)[start:stop] if r[0] != Kind.EVENT)
        return b"".join(self._wanted(record) for record in outputs)

    def _wanted(self, record: bytes) -> bytes:
        """Return a record's payload, without what comes before the viewer's first line."""
        skip, self._skip = self._skip, 0
        return record[HEADER_SIZE + skip :]

    def gap(self, gap: Gap) -> bytes:
        """Return the gap as a line of text."""
        self._skip = 0
        return notice(gap)

    def status(self, viewers: int) -> bytes:  # noqa: ARG002 (the protocol's)
        """Return nothing: output is all that this contract has."""
        return b""

    def fork(self) -> Self:
        """Return an encoder that goes on from the same state."""
        return type(self)(self._skip)


async def text(request: web.Request, stream: Stream) -> web.StreamResponse:
    """Serve ``GET /`` or ``/s/NAME`` as text: ``?tail=LINES`` of the past, then what comes.

    ``?follow=0`` ends at the present. Without ``tail`` it begins at the beginning of what is kept.
    """
    tail = number(request, "tail")
    follow = choice(request, "follow", ("0", "1"), "1") == "1"
    body = Body(request, "text/plain; charset=utf-8")
    connection = await body.begin()
    if connection is None:
        return body.response
    log = stream.log
    stream.flush()
    # From the very first record, so that what is no longer kept is announced.
    seq, skip = (1, 0) if tail is None else log.seek_tail(tail)
    cursor = Cursor(log, BytesEncoder(skip), seq, unsent=stream.unsent)
    ended = asyncio.Event()

    with (
        request.app[WATCH].over(connection),
        attached(
            stream,
            cursor,
            connection,
            write=body.write,
            on_end=ended.set,
            until=None if follow else max(log.next_seq, seq),
        ),
    ):
        await ended.wait()
        await connection.flushed()  # still attached: until then it has not been sent everything
    return await body.end()
