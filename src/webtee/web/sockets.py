"""What both WebSocket contracts share: the handshake, the read side and the end.

Viewers only watch. What they send beyond pongs makes no sense, and is answered with the close code
for it and one log line.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from socket import SO_RCVBUF, SOL_SOCKET

from aiohttp import WSCloseCode, WSMsgType, web

_MESSAGE_SIZE = 4096  # bytes; no message from a viewer makes sense, so there is no need for more
_RECEIVE_BUFFER = 4096  # bytes; for the same reason, and it bounds what one turn has to parse
_CLOSE_PATIENCE = 5.0  # seconds for the viewer's side of the closing handshake

_logger = logging.getLogger(__name__)


class Socket(web.WebSocketResponse):
    """A viewer's WebSocket.

    Attributes:
        before_close: Called before its Close frame is sent, which nothing may follow (RFC 6455,
            section 5.5.1), whoever closes it and why.
        sent_code: What its Close frame said; None before that.
    """

    before_close: Callable[[], None] | None = None
    sent_code: int | None = None

    async def close(
        self, *, code: int = WSCloseCode.OK, message: bytes = b"", drain: bool = True
    ) -> bool:
        """Close it; see aiohttp's."""
        if self.before_close is not None:
            self.before_close()
        if code == WSCloseCode.OK and self.exception() is not None:
            code = WSCloseCode.PROTOCOL_ERROR  # what was read could not be inflated
        if self.sent_code is None:
            self.sent_code = code
        return await super().close(code=code, message=message, drain=drain)


class Sockets:
    """The open WebSockets, so that they can be told when the server goes."""

    def __init__(self) -> None:
        self._open: dict[Socket, None] = {}

    async def accept(self, request: web.Request, protocols: Iterable[str] = ()) -> Socket:
        """Answer the opening handshake.

        Raises:
            web.HTTPBadRequest: It is not one.
        """
        socket = Socket(
            protocols=protocols,
            compress=True,
            max_msg_size=_MESSAGE_SIZE,
            timeout=_CLOSE_PATIENCE,
            autoping=False,
        )
        await socket.prepare(request)
        transport_socket = socket.get_extra_info("socket")
        if transport_socket is not None:
            transport_socket.setsockopt(SOL_SOCKET, SO_RCVBUF, _RECEIVE_BUFFER)
        return socket

    async def listen(self, request: web.Request, socket: Socket) -> None:
        """Read until the viewer goes. Nothing that it can say is welcome."""
        self._open[socket] = None
        try:
            message = await socket.receive()
            while message.type in (WSMsgType.PING, WSMsgType.PONG):
                if message.type is WSMsgType.PING:
                    await socket.pong(message.data)
                await asyncio.sleep(0)  # whoever sends many gets no more turns than others
                message = await socket.receive()
            if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                _logger.warning(
                    "%s sent a message to %s, which takes none: closed with 1003",
                    request.remote,
                    request.path,
                )
                await socket.close(
                    code=WSCloseCode.UNSUPPORTED_DATA, message=b"viewers only watch here"
                )
            elif message.type is WSMsgType.ERROR:
                _logger.warning(
                    "%s broke the WebSocket protocol at %s: %s: closed with %s",
                    request.remote,
                    request.path,
                    message.data,
                    socket.sent_code,
                )
        finally:
            del self._open[socket]

    async def close(self, reason: bytes) -> None:
        """Close all with 1001 and ``reason``; those that do not answer are cut off."""
        if self._open:
            await asyncio.wait(
                [
                    asyncio.ensure_future(socket.close(code=WSCloseCode.GOING_AWAY, message=reason))
                    for socket in self._open
                ],
                timeout=_CLOSE_PATIENCE,
            )


SOCKETS: web.AppKey[Sockets] = web.AppKey("sockets", Sockets)


def is_upgrade(request: web.Request) -> bool:
    """Return whether the request wants to become a WebSocket."""
    return request.headers.get("Upgrade", "").lower().strip() == "websocket"
