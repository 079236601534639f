"""How many lines came when: ``GET /s/NAME/timeline``, a histogram over all that is kept."""

from collections.abc import Iterator
from contextlib import aclosing
from functools import partial

from aiohttp import web

from webtee.search.levels import Counts, Histogram, count
from webtee.search.memo import Memo
from webtee.search.snapshot import Job, Part, Snapshot
from webtee.search.steps import Steps
from webtee.web.query import at_most, number, stream_of
from webtee.web.turns import COUNTS, TURNS, Known

MOST_BUCKETS = 5000
"""Buckets that can be asked for."""

_AT_ONCE = 4 << 20  # bytes that counts may take before they are added up


async def timeline(request: web.Request) -> web.Response:
    """Serve ``GET /s/NAME/timeline?buckets=N``: lines, warnings and errors in each bucket."""
    stream = stream_of(request)
    memo: Memo[Counts] = request.app[COUNTS]
    with request.app[TURNS].taken() as asker:
        buckets = max(at_most(request, "buckets", MOST_BUCKETS, 200), 1)
        begin, end = number(request, "from_time"), number(request, "to_time")
        stream.flush()
        snapshot = Snapshot(stream.log)
        parts = snapshot.parts
        begin = (parts[0].first_time if parts else 0) if begin is None else begin
        end = (parts[-1].last_time if parts else 0) if end is None else end
        if end < begin:
            raise web.HTTPBadRequest(text="to_time is before from_time.\n")
        histogram = Histogram(begin, end, buckets, snapshot.first_line)
        inside = [part for part in parts if part.last_time >= begin and part.first_time <= end]
        histogram.skip(
            sum(part.last_line - part.first_line + 1 for part in parts if part.last_time < begin)
        )
        counted: list[Counts] = []
        size = 0
        async with aclosing(asker.each(_jobs(snapshot, inside, memo))) as each:
            async for job, counts in each:
                if job is not None:
                    job.keep(memo, counts)
                counted.append(counts)
                size += counts.size
                if size > _AT_ONCE:
                    await asker.run(partial(histogram.add, *counted))
                    counted.clear()
                    size = 0
        await asker.run(partial(histogram.add, *counted))
    return web.json_response(
        {
            "epoch": snapshot.epoch,
            "from": begin,
            "to": end,
            "width": histogram.width,
            "last_seq": snapshot.last_seq,
            "lines": histogram.lines,
            "warnings": histogram.warnings,
            "errors": histogram.errors,
            "first_line": histogram.first_lines,
        },
        headers={"Cache-Control": "no-store"},
    )


Counted = tuple[Job | None, Counts]


def _jobs(
    snapshot: Snapshot, parts: list[Part], memo: Memo[Counts]
) -> Iterator[Steps[Counted] | Known[Counted]]:
    """Yield what counts each part that is still kept, or what is known already."""
    for part in parts:
        job = snapshot.job(part)
        if job is None:  # let go meanwhile; its lines count, so that those after it are right
            yield Known((None, Counts.unread(part)))
            continue
        known = job.known(memo)
        yield _count(job) if known is None else Known((job, known))


def _count(job: Job) -> Steps[Counted]:
    return job, (yield from count(job))
