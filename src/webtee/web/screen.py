"""The terminal's present screen: which parts of the output a fresh terminal has to be fed."""

from bisect import bisect_left
from collections.abc import Sequence

from aiohttp import web

from webtee.log.log import Log
from webtee.log.segment import Segment
from webtee.replay import Part
from webtee.web.query import choice, stream_of


async def screen(request: web.Request) -> web.Response:
    """Serve ``GET /s/NAME/screen``: see docs/protocol.md.

    With ``?redraw=1``, where nothing else makes the screen exact, the command is asked to draw it
    anew.
    """
    stream = stream_of(request)
    redraw = choice(request, "redraw", ("0", "1"), "0") == "1"
    parts, exact = stream.replay()
    if redraw and not exact:
        await stream.redraw()
        parts, exact = stream.replay()
    return web.json_response(
        {
            "epoch": stream.log.epoch,
            "on": stream.screen,
            "cols": stream.cols,
            "rows": stream.rows,
            "last_seq": stream.log.head.seq,
            "exact": exact,
            "parts": [_describe(stream.log, part) for part in parts],
        },
        headers={"Cache-Control": "no-store"},
    )


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
