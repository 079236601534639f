"""Server-sent events: ``GET /s/NAME/events``, which a browser's EventSource resumes by itself.

An event's id is all that it takes to go on behind it: the epoch, the seq, and the bytes of a
character that was cut there. So the server remembers nothing, and nothing is lost or sent twice.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import NamedTuple, Self

from aiohttp import web

from webtee.log.cursor import Cursor, Resume
from webtee.log.encoding import Gap
from webtee.log.log import Log
from webtee.log.record import HEADER, HEADER_SIZE, Kind
from webtee.log.segment import Segment
from webtee.stream import Stream
from webtee.text.utf8 import Utf8
from webtee.web.body import CLOSING, Body
from webtee.web.connection import attached
from webtee.web.live import hello
from webtee.web.query import choice, number, stream_of
from webtee.web.watch import WATCH

_PING = b":\n\n"  # a comment
_RETRY = 1000  # ms after which a lost connection is made anew
_KINDS = ("output", "stderr")
_ID = re.compile(r"([^/\s]+)/([0-9]{1,20})(?:/((?:[0-9a-f]{2}){0,3})-((?:[0-9a-f]{2}){0,3}))?")
_GROWTH = 4  # by how much a record is longer as an event, about


class Place(NamedTuple):
    """Where a reader is.

    Attributes:
        epoch: The log's; None for whichever there is.
        seq: The last record that it has.
        held: Of stdout and of stderr, the bytes that were sent in part: the beginning of a
            character, or a carriage return that was sent as a newline.
    """

    epoch: str | None
    seq: int
    held: tuple[bytes, bytes] = (b"", b"")

    def __str__(self) -> str:
        """Return the id of an event behind which it is."""
        held = "-".join(each.hex() for each in self.held) if any(self.held) else ""
        return f"{self.epoch}/{self.seq}/{held}".rstrip("/")

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Return the place that an id names; None if it is none of ours."""
        match = _ID.fullmatch(text)
        if match is None:
            return None
        epoch, seq, output, stderr = match.groups("")
        return cls(epoch, int(seq), (bytes.fromhex(output), bytes.fromhex(stderr)))


class _Text:
    """One output's bytes as text that can be sent.

    Args:
        held: Bytes at the end of what was sent so far; see :class:`Place`.
        newlines: Whether carriage returns become newlines. An event's data cannot hold them.
    """

    def __init__(self, held: bytes = b"", *, newlines: bool) -> None:
        self._newlines = newlines
        self._returned = held == b"\r"
        self._utf8 = Utf8()
        if not self._returned:
            self._utf8.feed(held)

    @property
    def held(self) -> bytes:
        # After the beginning of a character comes no newline that would belong to the return.
        return self._utf8.held or (b"\r" if self._returned else b"")

    def feed(self, data: bytes) -> str:
        return self._sendable(self._utf8.feed(data).decode())

    def flush(self) -> str:
        return self._sendable(self._utf8.flush().decode())

    def _sendable(self, text: str) -> str:
        if not self._newlines or not text:
            return text
        if self._returned:
            text = text.removeprefix("\n")
        self._returned = text.endswith("\r")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def fork(self) -> "_Text":
        copy = _Text(newlines=self._newlines)
        copy._returned = self._returned
        copy._utf8 = self._utf8.fork()
        return copy


class EventEncoder:
    """Records as server-sent events, one each.

    Args:
        epoch: The log's.
        json: Whether output is told as JSON, or as its text alone.
        skip: Bytes of the first record of output that the reader does not get.
        held: What of the outputs before it was sent in part.
    """

    from_segment_start = False

    def __init__(
        self,
        epoch: str,
        *,
        as_json: bool,
        skip: int = 0,
        held: tuple[bytes, bytes] = (b"", b""),
    ) -> None:
        self.name = "events, JSON" if as_json else "events, text"
        self._epoch = epoch
        self._json = as_json
        self._skip = skip
        self._texts = tuple(_Text(each, newlines=not as_json) for each in held)

    def fit(self, segment: Segment, start: int, limit: int) -> int:
        """Return up to where the events are about ``limit`` bytes at most."""
        return segment.fit(start, limit // _GROWTH, inflated=True)

    def encode(self, log: Log, segment: Segment, start: int, stop: int) -> bytes:
        """Return an event, or two, for each of these records."""
        return b"".join(map(self._event, log.records(segment)[start:stop]))

    def _event(self, record: bytes) -> bytes:
        kind, _, _, _, seq, offset, line, time = HEADER.unpack_from(record)
        payload = record[HEADER_SIZE:]
        if kind == Kind.EVENT:
            return self._stream_event(seq, time, json.loads(payload))
        skip, self._skip = self._skip, 0
        where = {"line": line + payload.count(b"\n", 0, skip), "offset": offset + skip}
        text = self._texts[kind].feed(payload[skip:])
        said = {"seq": seq, "kind": _KINDS[kind], "time": time} | where
        return self._id(seq) + self._said(said, text) + b"\n"

    def _said(self, fields: dict[str, object], text: str) -> bytes:
        """Return output as an event's data; without any, nobody is told of the event."""
        if not text:
            return b""
        return _data([_compact(fields | {"text": text})] if self._json else text.split("\n"))

    def _stream_event(self, seq: int, time: int, fields: dict[str, object]) -> bytes:
        rest = b""
        if fields.get("event") == "exit":  # what was held back will not become whole
            for kind, text in zip(_KINDS, self._texts, strict=True):
                if said := self._said({"seq": seq, "kind": kind, "time": time}, text.flush()):
                    rest += said + b"\n"
        return rest + self._id(seq) + message("event", {"seq": seq, "time": time} | fields)

    def _id(self, seq: int) -> bytes:
        held = self._texts[0].held, self._texts[1].held
        return f"id: {Place(self._epoch, seq, held)}\n".encode()

    def gap(self, gap: Gap) -> bytes:
        """Return the event that announces the gap."""
        self._skip = 0
        self._texts = tuple(_Text(newlines=not self._json) for _ in self._texts)
        return self._id(gap.last_seq) + message("gap", asdict(gap))

    def status(self, viewers: int) -> bytes:  # noqa: ARG002 (the protocol's)
        """Return nothing: it would wake its readers for no news of theirs."""
        return b""

    def fork(self) -> Self:
        """Return an encoder that goes on from the same state."""
        copy = type(self)(self._epoch, as_json=self._json, skip=self._skip)
        copy._texts = tuple(text.fork() for text in self._texts)
        return copy


def message(name: str, fields: dict[str, object]) -> bytes:
    """Return an event of this name with JSON for its data."""
    return b"event: %b\n%b\n" % (name.encode(), _data([_compact(fields)]))


def _compact(fields: dict[str, object]) -> str:
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False)


def _data(lines: Iterable[str]) -> bytes:
    return "".join(f"data: {line}\n" for line in lines).encode()


async def events(request: web.Request) -> web.StreamResponse:
    """Serve ``GET /s/NAME/events``: see docs/protocol.md."""
    stream = stream_of(request)
    as_json = choice(request, "as", ("json", "text"), "json") == "json"
    tail, known = number(request, "tail"), _known(request, stream)
    body = Body(request, "text/event-stream; charset=utf-8")
    connection = await body.begin()
    if connection is None:
        return body.response
    log = stream.log
    stream.flush()
    how: Resume = "fresh"
    if known is not None:
        encoder = EventEncoder(log.epoch, as_json=as_json, held=known.held)
        cursor = Cursor(log, encoder, known.seq + 1, unsent=stream.unsent)
        how = "exact" if cursor.gap is None else "gap"
    else:
        # From the very first record, so that what is no longer kept is announced.
        seq, skip = (1, 0) if tail is None else log.seek_tail(tail)
        encoder = EventEncoder(log.epoch, as_json=as_json, skip=skip)
        cursor = Cursor(log, encoder, seq, unsent=stream.unsent)

    def end() -> None:
        if not connection.transport.is_closing():
            body.write(message("end", {}))

    body.write(b"retry: %d\n" % _RETRY + message("hello", hello(stream, how)))
    with (
        request.app[WATCH].over(connection, body.chunk(_PING)),
        attached(
            stream,
            cursor,
            connection,
            write=body.write,
            on_end=end,
        ),
    ):
        await request.app[CLOSING].wait()
    return await body.end()


def _known(request: web.Request, stream: Stream) -> Place | None:
    """Return the place that a reader goes on from; None if it has to begin anew.

    A reconnecting EventSource asks for the same address again, and says in a header where it was.

    Raises:
        web.HTTPBadRequest: It names no place at all.
    """
    after = number(request, "after")
    known = None if after is None else Place(request.query.get("epoch"), after)
    if last := request.headers.get("Last-Event-ID"):
        known = Place.parse(last)
        if known is None:
            raise web.HTTPBadRequest(text=f"Last-Event-ID: {last!r:.60} is no id of an event.\n")
    if known is None or known.epoch not in (None, stream.log.epoch):
        return None
    return known if known.seq < stream.log.next_seq else None
