"""A WebSocket by hand, for what no client library would send, or would not read."""

import asyncio
import base64
import contextlib
import os
import socket
from collections.abc import AsyncIterator

from tests.support.running import PATIENCE

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


def frame(
    opcode: int, payload: bytes = b"", *, masked: bool = True, rsv: int = 0, final: bool = True
) -> bytes:
    """Return a frame as a client sends it, or as none should."""
    length = len(payload)
    mask_bit = 0x80 if masked else 0
    head = bytes([(0x80 if final else 0) | rsv << 4 | opcode])
    if length < 126:
        head += bytes([mask_bit | length])
    elif length < 1 << 16:
        head += bytes([mask_bit | 126]) + length.to_bytes(2, "big")
    else:
        head += bytes([mask_bit | 127]) + length.to_bytes(8, "big")
    if not masked:
        return head + payload
    mask = os.urandom(4)
    return head + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))


class Raw:
    """A connection of which every byte is ours.

    Attributes:
        reader: What comes.
        writer: What goes.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def answer(self, request: bytes) -> tuple[int, dict[str, str]]:
        """Send a request and return the status and the headers (names in lower case)."""
        self.writer.write(request)
        async with asyncio.timeout(PATIENCE):
            head = await self.reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines if line)
        return int(first.split()[1]), {name.lower(): value.strip() for name, _, value in pairs}

    async def upgrade(self, path: str, headers: dict[str, str] | None = None) -> dict[str, str]:
        """Become a WebSocket; returns the answer's headers."""
        status, answered = await self.answer(handshake(path, headers))
        assert status == 101
        return answered

    async def frame(self) -> tuple[int, int, bytes]:
        """Return the next frame: its opcode, its reserved bits and its payload."""
        async with asyncio.timeout(PATIENCE):
            first, length = await self.reader.readexactly(2)
            assert first & 0x80, "every frame is a whole message"
            assert length < 0x80, "a server masks nothing"
            if length == 126:
                length = int.from_bytes(await self.reader.readexactly(2), "big")
            elif length == 127:
                length = int.from_bytes(await self.reader.readexactly(8), "big")
            return first & 0x0F, first >> 4 & 7, await self.reader.readexactly(length)

    async def close_code(self) -> int:
        """Return the code of the close frame, whatever comes before it."""
        while True:
            opcode, _, payload = await self.frame()
            if opcode == CLOSE:
                return int.from_bytes(payload[:2], "big")

    async def rest(self) -> bytes:
        """Return everything up to the end of the connection."""
        async with asyncio.timeout(PATIENCE):
            return await self.reader.read()

    async def until_gone(self) -> None:
        """Wait until the other side has ended the connection, in whatever way."""
        with contextlib.suppress(ConnectionError):
            await self.rest()


def handshake(path: str, headers: dict[str, str] | None = None) -> bytes:
    """Return the request that asks for a WebSocket."""
    key = base64.b64encode(os.urandom(16)).decode()
    lines = {
        "Host": "localhost",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": key,
    } | (headers or {})
    text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"GET {path} HTTP/1.1\r\n{text}\r\n".encode()


@contextlib.asynccontextmanager
async def raw(port: int, *, receive_buffer: int | None = None) -> AsyncIterator[Raw]:
    """Connect to a port of this machine.

    Args:
        port: Which.
        receive_buffer: Bytes that the kernel may keep for us unread; nothing reads ahead then.
    """
    plug = socket.socket()
    try:
        if receive_buffer is not None:
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        plug.setblocking(False)
        await asyncio.get_running_loop().sock_connect(plug, ("127.0.0.1", port))
        reader, writer = await asyncio.open_connection(sock=plug, limit=receive_buffer or (1 << 16))
    except BaseException:
        plug.close()
        raise
    try:
        yield Raw(reader, writer)
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
