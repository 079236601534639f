"""What a log is folded by: ``GET /s/NAME/groups``, over all that is kept."""

import json
from collections.abc import Iterator
from contextlib import aclosing

from aiohttp import web

from webtee.search.groups import Group, Markers, assemble, markers
from webtee.search.memo import Memo
from webtee.search.snapshot import Job, Snapshot
from webtee.search.steps import Steps
from webtee.web.query import number, stream_of
from webtee.web.turns import MARKERS, TURNS, Known

MOST_GROUPS = 10_000
"""Groups that an answer has at most."""

MOST_MARKERS = 30_000
"""Markers that are read for an answer: the newest, and those of their segment."""

Read = tuple[Job, Markers]


async def groups(request: web.Request) -> web.Response:
    """Serve ``GET /s/NAME/groups``: those that begin or end after ``after_line``."""
    stream = stream_of(request)
    memo: Memo[Markers] = request.app[MARKERS]
    with request.app[TURNS].taken() as asker:
        after = number(request, "after_line") or 0
        stream.flush()
        snapshot = Snapshot(stream.log)
        found: list[Markers] = []
        left = MOST_MARKERS
        async with aclosing(asker.each(_jobs(snapshot, memo))) as each:
            async for job, read in each:
                job.keep(memo, read)
                found.append(read)
                left -= len(read.found)
                if left < 0:
                    break
        more = left < 0 or any(part.more for part in found)
        body = await asker.run(lambda: _answer(snapshot, found[::-1], after, more=more))
    return web.Response(
        body=body, content_type="application/json", headers={"Cache-Control": "no-store"}
    )


def _answer(snapshot: Snapshot, found: list[Markers], after: int, *, more: bool) -> bytes:
    """Return the groups that begin or end after a line; in a thread, as they may be many."""
    made = [group for group in assemble(found) if max(group.line, group.end_line or 0) > after]
    answer = {
        "epoch": snapshot.epoch,
        "last_seq": snapshot.last_seq,
        "groups": [_described(group) for group in made[:MOST_GROUPS]],
        "more": more or len(made) > MOST_GROUPS,
    }
    return json.dumps(answer).encode()


def _jobs(snapshot: Snapshot, memo: Memo[Markers]) -> Iterator[Steps[Read] | Known[Read]]:
    """Yield what reads each part that is still kept, the newest first, or what is known already."""
    for part in reversed(snapshot.parts):
        job = snapshot.job(part)
        if job is None:
            continue
        known = job.known(memo)
        yield _read(job) if known is None else Known((job, known))


def _read(job: Job) -> Steps[Read]:
    return job, (yield from markers(job))


def _described(group: Group) -> dict[str, object]:
    return {
        "line": group.line,
        "end_line": group.end_line,
        "name": group.name,
        "depth": group.depth,
        "from": group.begin,
        "to": group.end,
        "style": group.style,
        "collapsed": group.collapsed,
    }
