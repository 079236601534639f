"""A body that goes on for as long as its reader stays: text over HTTP, and server-sent events.

Written straight to the transport, as with WebSockets, so that what is sent to many is made once.
"""

import asyncio
import socket

from aiohttp import HttpVersion11, web

from webtee.web.connection import Connection

CLOSING: web.AppKey[asyncio.Event] = web.AppKey("closing", asyncio.Event)
"""Set when the server is about to go."""


class Body:
    """The answer to a request, written piece by piece.

    Args:
        request: What is answered.
        content_type: What the body is.

    Attributes:
        response: What the handler returns in the end.
    """

    def __init__(self, request: web.Request, content_type: str) -> None:
        self._request = request
        self._chunked = request.version >= HttpVersion11
        self.response = web.StreamResponse(
            headers={
                "Content-Type": content_type,
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
                "X-Accel-Buffering": "no",  # nginx would otherwise collect before it passes on
            }
        )
        if self._chunked:
            self.response.enable_chunked_encoding()

    async def begin(self) -> Connection | None:
        """Send the headers, and return what the body is written to; None if there is none.

        Raises:
            ConnectionResetError: The viewer is gone already.
        """
        writer = await self.response.prepare(self._request)
        if writer is None or self._request.method == "HEAD":
            return None
        writer.send_headers()
        connection = Connection(self._request)
        self._transport = connection.transport
        _keep_alive(connection)
        return connection

    def chunk(self, data: bytes) -> bytes:
        """Return how ``data`` looks on the wire; HTTP/1.0 knows no chunks."""
        return b"%x\r\n%b\r\n" % (len(data), data) if self._chunked else data

    def write(self, data: bytes) -> None:
        """Write a piece, not an empty one, once it has begun."""
        self._transport.write(self.chunk(data))

    async def end(self) -> web.StreamResponse:
        """Say that this was all."""
        await self.response.write_eof()
        return self.response


def _keep_alive(connection: Connection) -> None:
    """Have the kernel ask now and then whether a viewer is there: HTTP has no ping."""
    viewer_socket: socket.socket | None = connection.transport.get_extra_info("socket")
    if viewer_socket is not None and hasattr(socket, "TCP_KEEPIDLE"):
        viewer_socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        viewer_socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 20)
        viewer_socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 20)
