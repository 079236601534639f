"""The terminal's screen, now or then: which parts of the output a fresh terminal has to be fed."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from aiohttp import web

from webtee.log.log import Log
from webtee.log.segment import Segment
from webtee.replay import Part
from webtee.replay import replay as parts_of
from webtee.stream import Stream
from webtee.web.query import choice, number, stream_of


async def screen(request: web.Request) -> web.Response:
    """Serve ``GET /s/NAME/screen``: see docs/protocol.md.

    With ``?redraw=1``, where nothing else makes the screen exact, the command is asked to draw it
    anew. With ``?to_time=T``, it is the screen of then.
    """
    stream = stream_of(request)
    redraw = choice(request, "redraw", ("0", "1"), "0") == "1"
    time = number(request, "to_time")
    answer = await (_present(stream, redraw) if time is None else _past(stream, time))
    headers = {"Cache-Control": "no-store"}
    return web.json_response({"epoch": stream.log.epoch, **answer}, headers=headers)


async def _present(stream: Stream, redraw: bool) -> dict[str, object]:
    parts, exact = stream.replay()
    if redraw and not exact:
        await stream.redraw()
        parts, exact = stream.replay()
    return {
        "on": stream.screen,
        "cols": stream.cols,
        "rows": stream.rows,
        "last_seq": stream.log.head.seq,
        "exact": exact,
        "parts": [_describe(stream.log, part) for part in parts],
    }


async def _past(stream: Stream, time: int) -> dict[str, object]:
    past = await stream.past(time)
    if past is None:
        return await _present(stream, redraw=False)
    then = past.screen
    parts, exact = parts_of(stream.log, then)
    # All of it is over.
    parts = [replace(part, end=then.offset) if part.end is None else part for part in parts]
    return {
        "on": then.on,
        "cols": then.size[0],
        "rows": then.size[1],
        "last_seq": past.seq,
        "exact": exact and past.sure,
        "parts": [_describe(stream.log, part) for part in parts],
    }


def _segments(log: Log, part: Part) -> Sequence[Segment]:
    """Return the segments that hold a part, and perhaps events at its beginning."""
    segments = log.segments
    first = bisect_left(segments, part.start, key=lambda segment: segment.end_offset)
    if part.end is None:
        return segments[first:]
    return segments[
        first : bisect_left(segments, part.end, first, key=lambda segment: segment.offsets[0])
    ]


def _describe(log: Log, part: Part) -> dict[str, object]:
    return {
        "from": part.start,
        "to": part.end,
        "before": part.before.decode("latin-1"),
        "cols": part.cols,
        "rows": part.rows,
        "segments": [segment.first_seq for segment in _segments(log, part)],
    }
