"""``webtee.v1`` over WebSocket: a hello, then the log's own messages."""

from contextlib import ExitStack

from aiohttp import web

from webtee.log.cursor import Lag, Resume, resume
from webtee.log.encoding import DEFLATE, PLAIN, PULSE, control
from webtee.log.frame import PING
from webtee.stream import Stream
from webtee.web.connection import Connection, attached
from webtee.web.query import choice, number, stream_of
from webtee.web.sockets import SOCKETS, is_upgrade
from webtee.web.watch import WATCH

PROTOCOL = "webtee.v1"


async def live(request: web.Request) -> web.StreamResponse:
    """Serve ``GET /s/NAME/live``: see the wire contract in docs/protocol.md."""
    stream = stream_of(request)
    after, tail = number(request, "after"), number(request, "tail")
    lag = Lag(choice(request, "lag", tuple(Lag), Lag.KEEP))
    if not is_upgrade(request):
        raise web.HTTPUpgradeRequired(
            headers={"Upgrade": "websocket"}, text="This is a WebSocket: ask for an upgrade.\n"
        )
    offered = request.headers.get("Sec-WebSocket-Protocol", "").split(",")
    if PROTOCOL not in (name.strip() for name in offered):
        raise web.HTTPBadRequest(text=f"This WebSocket speaks only the subprotocol {PROTOCOL}.\n")

    sockets = request.app[SOCKETS]
    socket = await sockets.accept(request, (PROTOCOL,))
    connection = Connection(request)
    encoder = DEFLATE if _takes_shared_deflate(socket) else PLAIN
    cursor, how = resume(
        stream.log,
        encoder,
        after=after,
        epoch=request.query.get("epoch"),
        tail=tail,
        lag=lag,
        unsent=stream.unsent,
    )
    watch = request.app[WATCH]
    greeting = {"type": "hello"} | hello(stream, how) | {"pulse": watch.interval}
    connection.transport.write(control(greeting))
    with ExitStack() as watching:
        watching.enter_context(watch.over(connection, PING + PULSE))
        watching.enter_context(attached(stream, cursor, connection))
        socket.before_close = watching.close
        await sockets.listen(request, socket)
    return socket


def hello(stream: Stream, how: Resume) -> dict[str, object]:
    """Return what a viewer is told first."""
    first = stream.log.first._asdict()
    del first["offset"]
    return {
        "epoch": stream.log.epoch,
        "stream": describe(stream),
        "first": first,
        "head": stream.log.head._asdict(),
        "resume": how,
    }


def describe(stream: Stream) -> dict[str, object]:
    """Return what viewers are told about a stream."""
    return {
        "name": stream.name,
        "title": stream.title,
        "command": stream.command,
        "pty": stream.pty,
        "cols": stream.cols,
        "rows": stream.rows,
        "screen": stream.screen,
    }


def _takes_shared_deflate(socket: web.WebSocketResponse) -> bool:
    """Return whether what was negotiated allows the log's own messages (RFC 7692, section 7.1).

    They need the full window, and the context of one message for the next.
    """
    agreed = socket.headers.get("Sec-WebSocket-Extensions", "")
    parameters = [part.strip().lower() for part in agreed.split(";")]
    return parameters[0] == "permessage-deflate" and not any(
        parameter.startswith(("server_no_context_takeover", "server_max_window_bits"))
        for parameter in parameters[1:]
    )
