"""Real WebSocket clients behind one small face, so that a test can be run with each of them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import websockets
from websockets.asyncio.client import connect as connect_websockets
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory as Deflate

from tests.support.running import PATIENCE
from tests.support.watching import Watched

V1 = "webtee.v1"


class Closed(Exception):  # noqa: N818 (it is how every watch ends)
    """The server closed the connection.

    Attributes:
        code: The close code.
        reason: What it said.
    """

    def __init__(self, code: int, reason: str = "") -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


class Client:
    """One open WebSocket.

    Attributes:
        extensions: What was negotiated.
    """

    def __init__(self, receive: Callable[[], Any], extensions: str) -> None:
        self._receive = receive
        self.extensions = extensions

    async def receive(self) -> str | bytes:
        """Return the next message.

        Raises:
            Closed: There is none.
        """
        async with asyncio.timeout(PATIENCE):
            message: str | bytes = await self._receive()
            return message

    async def rest(self) -> tuple[list[str | bytes], int]:
        """Return all messages to the end, and the close code."""
        messages = []
        try:
            while True:
                messages.append(await self.receive())
        except Closed as closed:
            return messages, closed.code

    async def feed(self, viewer: Watched, until: Callable[[], object]) -> None:
        """Give a viewer what comes until a condition holds."""
        while not until():
            viewer.take(await self.receive())


CLIENTS = [
    "websockets",  # its default: a window of 12 bits in older versions, the full one in newer ones
    "websockets-shared",
    "websockets-window12",
    "websockets-no-takeover",
    "websockets-uncompressed",
    "aiohttp-shared",
    "aiohttp-uncompressed",
]
"""The kinds of client there are."""

SHARED = ("websockets-shared", "aiohttp-shared")
"""Those that can take the log's own messages."""

OTHERS = [kind for kind in CLIENTS if kind.count("-") and kind not in SHARED]
"""Those that cannot."""


@contextlib.asynccontextmanager
async def connected(kind: str, url: str, *, protocol: str | None = V1) -> AsyncIterator[Client]:
    """Open a WebSocket with a client of some kind.

    Args:
        kind: One of ``CLIENTS``.
        url: Where, as ``http://…``.
        protocol: The subprotocol to ask for; None for none.
    """
    library, _, way = kind.partition("-")
    open_it = _with_aiohttp if library == "aiohttp" else _with_websockets
    async with open_it(way, url, [protocol] if protocol else []) as client:
        yield client


@contextlib.asynccontextmanager
async def _with_websockets(way: str, url: str, protocols: list[str]) -> AsyncIterator[Client]:
    extensions = {
        "shared": [Deflate()],
        "window12": [Deflate(server_max_window_bits=12, client_max_window_bits=12)],
        "no-takeover": [Deflate(server_no_context_takeover=True)],
    }.get(way)
    async with connect_websockets(
        url.replace("http", "ws", 1),
        subprotocols=[websockets.Subprotocol(name) for name in protocols] or None,
        extensions=extensions,
        compression=None if way else "deflate",
        max_size=None,
        proxy=None,
        user_agent_header=None,
    ) as socket:
        assert socket.subprotocol == (protocols[0] if protocols else None)
        assert socket.response is not None

        async def receive() -> str | bytes:
            try:
                return await socket.recv()
            except websockets.ConnectionClosed as error:
                end = error.rcvd
                raise Closed(*((end.code, end.reason) if end else (1006,))) from error

        yield Client(receive, socket.response.headers.get("Sec-WebSocket-Extensions", ""))


@contextlib.asynccontextmanager
async def _with_aiohttp(way: str, url: str, protocols: list[str]) -> AsyncIterator[Client]:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(
            url, protocols=protocols, compress=15 if way == "shared" else 0, max_msg_size=0
        ) as socket,
    ):
        assert socket.protocol == (protocols[0] if protocols else None)

        async def receive() -> str | bytes:
            message = await socket.receive()
            if message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                data: str | bytes = message.data
                return data
            code = socket.close_code
            raise Closed(1006 if code is None else int(code), str(message.extra or ""))

        headers = socket._response.headers  # it has no other way to tell
        yield Client(receive, headers.get("Sec-WebSocket-Extensions", ""))
