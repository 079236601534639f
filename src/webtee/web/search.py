"""Find and filter over all that is kept: ``GET /s/NAME/search``, one JSON object per line.

Segments are searched in threads, the newest first unless asked otherwise. The next is begun when
the reader has taken what was found, so that a slow one costs neither memory nor a thread.
"""

import json
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import replace
from functools import partial

from aiohttp import web

from webtee.errors import PatternError
from webtee.search.pattern import Pattern
from webtee.search.scan import Found, Query, nothing, search
from webtee.search.snapshot import Job, Snapshot
from webtee.search.steps import Steps
from webtee.stream import Stream
from webtee.web.query import at_most, choice, number, stream_of
from webtee.web.streamed import streamed
from webtee.web.turns import TURNS, Asker, Known

MOST_MATCHES = 2_000_000
"""Lines that an answer names at most."""

MOST_CONTEXT = 100
"""Lines before and after a match that can be asked for."""

MOST_TEXTS = 10_000
"""Lines of a part whose texts can be asked for."""


async def query_of(request: web.Request, stream: Stream, asker: Asker) -> Query:
    """Return what a request looks for.

    Raises:
        web.HTTPBadRequest: It makes no sense.
        web.HTTPGone: It means another log than the present one.
    """
    if request.query.get("epoch") not in (None, stream.log.epoch):
        raise web.HTTPGone(text="That log has ended: webtee was started anew since.\n")
    text = request.query.get("q", "")
    regex = choice(request, "mode", ("literal", "regex"), "literal") == "regex"
    ignore_case = choice(request, "case", ("0", "1"), "0") == "0"
    query = Query(
        Pattern(""),
        invert=choice(request, "invert", ("0", "1"), "0") == "1",
        first_line=number(request, "from_line") or 0,
        last_line=number(request, "to_line"),
        first_time=number(request, "from_time") or 0,
        last_time=number(request, "to_time"),
        context=at_most(request, "context", MOST_CONTEXT, 0),
        texts=at_most(request, "texts", MOST_TEXTS, 0),
    )
    if not text:
        return query
    try:
        # To compile the worst that is allowed takes long enough for others to notice.
        pattern = await asker.run(lambda: Pattern(text, regex=regex, ignore_case=ignore_case))
    except PatternError as error:
        raise web.HTTPBadRequest(text=f"q: {error}.\n") from None
    return replace(query, pattern=pattern)


async def find(request: web.Request) -> web.StreamResponse:
    """Serve ``GET /s/NAME/search``: which lines match, part by part."""
    stream = stream_of(request)
    with request.app[TURNS].taken() as asker:
        query = await query_of(request, stream, asker)
        newest = choice(request, "order", ("newest", "oldest"), "newest") == "newest"
        limit = at_most(request, "limit", MOST_MATCHES, MOST_MATCHES)
        stream.flush()
        told = _told(Snapshot(stream.log), query, asker, newest=newest, limit=limit)
        return await streamed(request, asker, told, {"Content-Type": "application/x-ndjson"})


async def _told(
    snapshot: Snapshot, query: Query, asker: Asker, *, newest: bool, limit: int
) -> AsyncGenerator[bytes, None]:
    """Yield what is said, line by line."""
    yield _line(
        type="search",
        epoch=snapshot.epoch,
        first_line=snapshot.first_line,
        last_line=snapshot.last_line,
        last_seq=snapshot.last_seq,
        mid_line=snapshot.mid_line,
    )
    matches = 0
    async with aclosing(asker.each(_jobs(snapshot, query, newest=newest))) as parts:
        async for count, encoded in parts:
            if count > limit - matches:
                if cut := await asker.run(partial(_cut, encoded, limit - matches, newest=newest)):
                    yield cut
                yield _line(type="end", matches=limit, complete=False)
                return
            matches += count
            yield encoded
    yield _line(type="end", matches=matches, complete=True)


Answered = tuple[int, bytes]
"""How many lines match and what is said of a part, and no more, as it may wait for its reader."""


def _jobs(
    snapshot: Snapshot, query: Query, *, newest: bool
) -> Iterator[Steps[Answered] | Known[Answered]]:
    """Yield what finds each part, or what is found where there is nothing to do."""
    for part in reversed(snapshot.parts) if newest else snapshot.parts:
        if part.first_line > part.last_line:
            continue
        job = snapshot.job(part) if query.may_match(part) else None
        if job is None:
            yield Known((0, nothing(part, query).encode()))
        else:
            yield _answer(job, query)


def _answer(job: Job, query: Query) -> Steps[Answered]:
    found = yield from search(job, query)
    return found.matches, found.encode()


def _cut(encoded: bytes, most: int, *, newest: bool) -> bytes:
    """Return what is said of as much as has ``most`` matches; nothing if that is no line."""
    cut = Found.decode(encoded).cut(most, newest=newest)
    return cut.encode() if cut.first_line <= cut.last_line else b""


def _line(**fields: object) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode() + b"\n"
