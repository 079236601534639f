"""A viewer's connection: what all kinds of viewers do with the transport under them.

aiohttp negotiates, parses what comes in and answers pings; every outbound data byte is ours,
written straight to the transport, so that one write of shared bytes is all that a viewer costs.
"""

import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from aiohttp import web

from webtee.audience import Viewer
from webtee.log.cursor import Cursor
from webtee.stream import Stream

_TCP_INFO = struct.Struct("=2x B B 52x I")
# The beginning of struct tcp_info (linux/tcp.h): tcpi_retransmits, tcpi_probes, tcpi_last_ack_recv.


class Connection:
    """The transport under one viewer.

    Args:
        request: What the viewer asked for; its response is prepared.

    Raises:
        ConnectionResetError: The viewer is gone already.
    """

    __slots__ = ("_request", "transport")

    def __init__(self, request: web.Request) -> None:
        if request.transport is None:
            raise ConnectionResetError("the viewer went away while its request was answered")
        self._request = request
        self.transport = request.transport

    async def drained(self) -> None:
        """Wait until little enough waits in this process that it makes sense to write more."""
        await self._request.writer.drain()

    async def flushed(self) -> None:
        """Wait until nothing waits in this process; nothing more may be written meanwhile."""
        self.transport.set_write_buffer_limits(high=0)
        await self.drained()

    @property
    def waits(self) -> bool:
        """Whether what is written now would wait in this process, or come to nothing."""
        return self.transport.is_closing() or self.transport.get_write_buffer_size() > 0

    def silent_for(self) -> float:
        """Return for how many seconds the other machine has owed us an acknowledgement.

        0 where the system cannot tell.
        """
        transport_socket = self.transport.get_extra_info("socket")
        if transport_socket is None or not hasattr(socket, "TCP_INFO"):
            return 0.0
        try:
            info = transport_socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size)
        except OSError:
            return 0.0
        return silence(info)


def silence(tcp_info: bytes) -> float:
    """Return for how many seconds a machine has owed an acknowledgement.

    A viewer that reads slowly or not at all owes none: its machine answers the kernel's probes of
    its full buffer, even if these become rare. One that sleeps or has lost its network answers
    neither what is sent nor a probe.

    Args:
        tcp_info: The beginning of a ``struct tcp_info``, 60 bytes.
    """
    retransmits, probes, since_last = _TCP_INFO.unpack(tcp_info)
    return since_last / 1000 if retransmits or probes else 0.0


@contextmanager
def attached(
    stream: Stream,
    cursor: Cursor,
    connection: Connection,
    *,
    write: Callable[[bytes], object] | None = None,
    on_end: Callable[[], None] | None = None,
    until: int | None = None,
) -> Iterator[Viewer]:
    """Have ``stream`` send to ``connection`` for as long as the block runs.

    Args:
        stream: What to follow.
        cursor: From where.
        connection: Where to.
        write: How bytes are written, if not as they are.
        on_end: Called when the viewer has been given everything that will ever come.
        until: The record to end before, for a viewer that does not follow.
    """
    # Half the bound for what has been written, so that a chunk on top of it stays within.
    connection.transport.set_write_buffer_limits(high=stream.unsent // 2)
    viewer = Viewer(
        cursor,
        write=write or connection.transport.write,
        unsent=connection.transport.get_write_buffer_size,
        drained=connection.drained,
        on_end=on_end,
        until=until,
    )
    stream.attach(viewer)
    try:
        yield viewer
    finally:
        stream.detach(viewer)
