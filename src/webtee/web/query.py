"""What a request asks for, checked: the stream that it names and the numbers in its query."""

from collections.abc import Mapping

from aiohttp import web

from webtee.stream import Stream

STREAMS: web.AppKey[Mapping[str, Stream]] = web.AppKey("streams", Mapping)
"""The streams that are served, by name; the first is the one at ``/``."""

TAIL: web.AppKey[int] = web.AppKey("tail", int)
"""Lines of the past that a plain WebSocket gets first."""


def stream_of(request: web.Request) -> Stream:
    """Return the stream that the path names, or the first one where it names none.

    Raises:
        web.HTTPNotFound: There is no such stream.
    """
    streams = request.app[STREAMS]
    name = request.match_info.get("name")
    if name is None:
        return next(iter(streams.values()))
    try:
        return streams[name]
    except KeyError:
        raise web.HTTPNotFound(
            text=f"There is no stream {name!r} here; /api/streams lists those there are.\n"
        ) from None


def number(request: web.Request, name: str) -> int | None:
    """Return a whole number, 0 or more, from the query; None if it is not there.

    Raises:
        web.HTTPBadRequest: It is something else.
    """
    text = request.query.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 20):
        raise web.HTTPBadRequest(text=f"{name}={text!r:.60} is not a whole number, 0 or more.\n")
    return int(text)


def at_most(request: web.Request, name: str, most: int, default: int) -> int:
    """Return a whole number up to ``most`` from the query.

    Raises:
        web.HTTPBadRequest: It is something else.
    """
    value = number(request, name)
    if value is not None and value > most:
        raise web.HTTPBadRequest(text=f"{name}={value} is more than {most}.\n")
    return default if value is None else value


def choice(request: web.Request, name: str, choices: tuple[str, ...], default: str) -> str:
    """Return one of ``choices`` from the query.

    Raises:
        web.HTTPBadRequest: It is something else.
    """
    text = request.query.get(name, default)
    if text not in choices:
        raise web.HTTPBadRequest(text=f"{name}={text!r:.60} is not one of {', '.join(choices)}.\n")
    return text
