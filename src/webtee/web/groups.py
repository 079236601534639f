"""What a log is folded by: ``GET /s/NAME/groups``, over all that is kept."""

from collections.abc import Callable, Iterator
from contextlib import aclosing
from functools import partial

from aiohttp import web

from webtee.search.groups import Group, Markers, assemble, markers
from webtee.search.memo import Memo
from webtee.search.snapshot import Job, Snapshot
from webtee.web.query import number, stream_of
from webtee.web.turns import MARKERS, TURNS, Work

MOST_GROUPS = 10_000
"""Groups that an answer has at most."""

Read = tuple[Job, Markers]


async def groups(request: web.Request) -> web.Response:
    """Serve ``GET /s/NAME/groups``: those that begin or end after ``after_line``."""
    stream = stream_of(request)
    turns = request.app[TURNS]
    memo: Memo[Markers] = request.app[MARKERS]
    with turns.taken():
        after = number(request, "after_line") or 0
        stream.flush()
        snapshot = Snapshot(stream.log)
        found: list[Markers] = []
        async with aclosing(turns.each(_jobs(snapshot, memo))) as each:
            async for job, read in each:
                job.keep(memo, read)
                found.append(read)
        made = await turns.run(lambda: _since(assemble(found), after))
    return web.json_response(
        {
            "epoch": snapshot.epoch,
            "last_seq": snapshot.last_seq,
            "groups": [_described(group) for group in made[:MOST_GROUPS]],
            "more": len(made) > MOST_GROUPS or any(part.more for part in found),
        },
        headers={"Cache-Control": "no-store"},
    )


def _jobs(snapshot: Snapshot, memo: Memo[Markers]) -> Iterator[Work[Read] | Read]:
    """Yield what reads each part that is still kept, or what is known already."""
    for part in snapshot.parts:
        job = snapshot.job(part)
        if job is None:
            continue
        known = job.known(memo)
        yield partial(_read, job) if known is None else (job, known)


def _read(job: Job, going: Callable[[], bool]) -> Read:
    return job, markers(job, going)


def _since(made: list[Group], line: int) -> list[Group]:
    return [group for group in made if max(group.line, group.end_line or 0) > line]


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
