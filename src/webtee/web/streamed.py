"""An answer that is written as it is found, no faster than it is read.

Each has a few segments' worth of what was found waiting for its reader, so that they are bounded in
number. Where room is wanted, one whose reader takes nothing is cut off.
"""

import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager

from aiohttp import web

from webtee.web.connection import Connection
from webtee.web.turns import Asker, too_many
from webtee.web.watch import WATCH

MOST = 100
"""Answers that may be under way at once."""

STALLED = 30.0
"""Seconds after which one that was given nothing, as its reader took nothing, may be cut off."""

_SLICE = 64 << 10  # bytes that are written at a time: how finely it is told who reads


class Readers:
    """Those whose answers are under way."""

    def __init__(self) -> None:
        self._given: dict[Connection, float] = {}  # when something was last; the longest ago first

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._given)

    @contextmanager
    def reading(self, connection: Connection) -> Iterator[None]:
        """Count ``connection`` as one for as long as the block runs.

        Raises:
            web.HTTPServiceUnavailable: There are too many, and all of them read.
        """
        if len(self._given) >= MOST:
            idle, given = next(iter(self._given.items()))
            if time.monotonic() - given < STALLED:
                raise too_many()
            del self._given[idle]
            idle.transport.abort()
        self._given[connection] = time.monotonic()
        try:
            yield
        finally:
            self._given.pop(connection, None)

    def gave(self, connection: Connection) -> None:
        """Take note that a reader took what there was."""
        if self._given.pop(connection, None) is not None:
            self._given[connection] = time.monotonic()


READERS: web.AppKey[Readers] = web.AppKey("readers", Readers)
"""Those who read what is searched."""


async def streamed(
    request: web.Request,
    asker: Asker,
    chunks: AsyncGenerator[bytes, None],
    headers: dict[str, str],
) -> web.StreamResponse:
    """Answer with ``chunks``; the next is asked for when its reader has taken most of the last.

    Args:
        request: What is answered.
        asker: It wants no turn while it waits for the reader.
        chunks: The body; closed when the reader goes.
        headers: Of the answer.

    Raises:
        web.HTTPServiceUnavailable: Too many are under way.
    """
    answer = web.StreamResponse(
        headers={
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "X-Accel-Buffering": "no",  # nginx would otherwise collect before it passes on
        }
        | headers
    )
    connection, readers = Connection(request), request.app[READERS]
    async with aclosing(chunks):
        with readers.reading(connection), request.app[WATCH].over(connection):
            await answer.prepare(request)
            if request.method == "HEAD":
                return answer
            async for chunk in chunks:
                for at in range(0, len(chunk), _SLICE):
                    with asker.aside():
                        await answer.write(chunk[at : at + _SLICE])
                    readers.gave(connection)
            with asker.aside():
                await answer.write_eof()
    return answer
