"""An answer that is written as it is found, no faster than it is read."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from aiohttp import web

from webtee.web.connection import Connection
from webtee.web.turns import Turns
from webtee.web.watch import WATCH


async def streamed(
    request: web.Request,
    turns: Turns,
    chunks: AsyncGenerator[bytes, None],
    headers: dict[str, str],
) -> web.StreamResponse:
    """Answer with ``chunks``; the next is asked for when its reader has taken most of the last.

    Args:
        request: What is answered.
        turns: What the chunks' maker takes part in: not while it waits for the reader.
        chunks: The body; closed when the reader goes.
        headers: Of the answer.
    """
    answer = web.StreamResponse(
        headers={
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "X-Accel-Buffering": "no",  # nginx would otherwise collect before it passes on
        }
        | headers
    )
    async with aclosing(chunks):
        await answer.prepare(request)
        if request.method == "HEAD":
            return answer
        with request.app[WATCH].over(Connection(request)):
            async for chunk in chunks:
                with turns.aside():
                    await answer.write(chunk)
        await answer.write_eof()
    return answer
