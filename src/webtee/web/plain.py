"""The plain contract: a WebSocket without a subprotocol gets the last lines, then all output.

Text messages and nothing else, so that one line of script makes a page. They are valid UTF-8
whatever the process writes.
"""

import asyncio
import json
from contextlib import ExitStack
from typing import Self

from aiohttp import WSCloseCode, web

from webtee.log.cursor import Cursor
from webtee.log.encoding import Gap
from webtee.log.frame import PING, TEXT, frame
from webtee.log.log import Log
from webtee.log.record import HEADER_SIZE, Kind
from webtee.log.segment import Segment
from webtee.stream import Stream
from webtee.text.utf8 import Utf8
from webtee.web.connection import Connection, attached
from webtee.web.query import TAIL, number
from webtee.web.sockets import SOCKETS
from webtee.web.text import BytesEncoder
from webtee.web.watch import WATCH


class TextEncoder(BytesEncoder):
    """Output as text messages. Stdout and stderr are two streams of characters.

    Args:
        skip: Bytes of the first record that the viewer does not get.
    """

    name = "text"

    def __init__(self, skip: int = 0) -> None:
        super().__init__(skip)
        self._utf8 = (Utf8(), Utf8())

    def encode(self, log: Log, segment: Segment, start: int, stop: int) -> bytes:
        """Return the output in these records as messages; events have none."""
        messages = []
        for record in log.records(segment)[start:stop]:
            if record[0] == Kind.EVENT:
                text = self._rest() if _is_exit(record) else b""
            else:
                text = self._utf8[record[0]].feed(self._wanted(record))
            if text:
                messages.append(frame(TEXT, text))
        return b"".join(messages)

    def gap(self, gap: Gap) -> bytes:
        """Return the gap as a line of text."""
        self._utf8 = (Utf8(), Utf8())
        return frame(TEXT, super().gap(gap))

    def fork(self) -> Self:
        """Return an encoder that holds back the same bytes."""
        copy = super().fork()
        copy._utf8 = (self._utf8[0].fork(), self._utf8[1].fork())
        return copy

    def _rest(self) -> bytes:
        """Return what was held back when the output ended in the middle of a character."""
        return b"".join(utf8.flush() for utf8 in self._utf8)


def _is_exit(record: bytes) -> bool:
    event: dict[str, object] = json.loads(record[HEADER_SIZE:])
    return event.get("event") == "exit"


async def plain(request: web.Request, stream: Stream) -> web.StreamResponse:
    """Serve a WebSocket at ``/`` or ``/s/NAME``: ``?tail=LINES`` of the past, then all output."""
    tail = number(request, "tail")
    sockets = request.app[SOCKETS]
    socket = await sockets.accept(request)
    connection = Connection(request)
    seq, skip = stream.log.seek_tail(request.app[TAIL] if tail is None else tail)
    cursor = Cursor(stream.log, TextEncoder(skip), seq, unsent=stream.unsent)
    closing: list[asyncio.Future[None]] = []

    async def close() -> None:
        await connection.flushed()  # until then it has not been sent everything
        await socket.close(code=WSCloseCode.OK, message=b"the stream has ended")

    def end() -> None:
        closing.append(asyncio.ensure_future(close()))

    with ExitStack() as watching:
        watching.enter_context(request.app[WATCH].over(connection, PING))
        watching.enter_context(attached(stream, cursor, connection, on_end=end))
        socket.before_close = watching.close
        await sockets.listen(request, socket)
    await asyncio.gather(*closing, return_exceptions=True)
    return socket
