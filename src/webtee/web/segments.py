"""History over HTTP: the list of segments, and each as one raw deflate stream.

A sealed segment never changes, so that browsers and caches may keep it for ever, under a URL that
names its epoch too.
"""

from aiohttp import web

from webtee.log.segment import Segment
from webtee.stream import Stream
from webtee.web.query import stream_of

_FOR_EVER = "public, max-age=31536000, immutable"


async def segments(request: web.Request) -> web.Response:
    """Serve ``GET /s/NAME/segments``: what is kept, oldest first."""
    stream = stream_of(request)
    listed = [
        {
            "first_seq": segment.first_seq,
            "last_seq": segment.last_seq,
            "line": segment.lines[0],
            "time": segment.times[0],
            "offset": segment.offsets[0],
            "raw": segment.raw_size,
            "stored": segment.body_size,
            "sealed": segment.sealed,
            "mid_line": segment.mid_line,
        }
        for segment in stream.log.segments
    ]
    return web.json_response(
        {"epoch": stream.log.epoch, "segments": listed}, headers={"Cache-Control": "no-store"}
    )


async def segment(request: web.Request) -> web.Response:
    """Serve ``GET /s/NAME/segments/SEQ``: the records of the segment that begins with SEQ.

    With ``?epoch=E`` it is only served if the log is still that one, and can be cached for ever.
    """
    stream = stream_of(request)
    seq = int(request.match_info["seq"])
    epoch = request.query.get("epoch")
    if epoch not in (None, stream.log.epoch):
        raise web.HTTPGone(text="That log has ended: webtee was started anew since.\n")
    found = _find(stream, seq)
    caching = _FOR_EVER if found.sealed and epoch is not None else "no-store"
    return web.Response(
        body=stream.log.body(found),
        content_type="application/octet-stream",
        headers={"Cache-Control": caching},
    )


def _find(stream: Stream, seq: int) -> Segment:
    log = stream.log
    if seq < log.first_seq:
        raise web.HTTPGone(text=f"Record {seq} is no longer kept.\n")
    try:
        found, index = log.find(seq)
    except LookupError:
        raise web.HTTPNotFound(text=f"There is no record {seq} yet.\n") from None
    if index:
        raise web.HTTPNotFound(
            text=f"No segment begins with record {seq}; it is in the one of {found.first_seq}.\n"
        )
    return found
