"""What a filter lets through as a file: ``GET /s/NAME/download``, plain text, oldest first."""

import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from functools import partial
from urllib.parse import quote

from aiohttp import web

from webtee.search.joining import Chosen, Joiner, choose
from webtee.search.scan import Query
from webtee.search.snapshot import Snapshot
from webtee.search.steps import Steps
from webtee.web.query import choice, stream_of
from webtee.web.search import query_of
from webtee.web.streamed import streamed
from webtee.web.turns import TURNS, Asker


async def download(request: web.Request) -> web.StreamResponse:
    """Serve ``GET /s/NAME/download?format=text``, with the parameters of a search."""
    stream = stream_of(request)
    with request.app[TURNS].taken() as asker:
        choice(request, "format", ("text",), "text")
        query = await query_of(request, stream, asker)
        stream.flush()
        headers = {
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Disposition": _attachment(f"{stream.name}.txt"),
        }
        return await streamed(request, asker, _text(Snapshot(stream.log), query, asker), headers)


async def _text(snapshot: Snapshot, query: Query, asker: Asker) -> AsyncGenerator[bytes, None]:
    """Yield the text, piece by piece."""
    joiner = Joiner(query.context)
    async with aclosing(asker.each(_jobs(snapshot, query))) as parts:
        async for chosen in parts:
            # In a thread: it may be of many thousands of pieces.
            if text := await asker.run(partial(joiner.add, chosen)):
                yield text


def _jobs(snapshot: Snapshot, query: Query) -> Iterator[Steps[Chosen]]:
    """Yield what reads each part that is wanted and still kept."""
    for part in snapshot.parts:
        job = snapshot.job(part) if query.may_match(part) else None
        if job is not None:
            yield choose(job, query)


def _attachment(name: str) -> str:
    """Return a Content-Disposition that saves as ``name`` (RFC 6266), which may be anything."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name).lstrip(".") or "webtee.txt"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
