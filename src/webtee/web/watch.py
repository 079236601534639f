"""A watch over all viewers' connections: it pings them, and lets go of those that are not there.

Who can hear nothing else of it is told by the same write that the server is there.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from webtee.web.connection import Connection

PING_INTERVAL = 15.0
"""Seconds between two pings: less than the 30 or 60 after which proxies take quiet for the end.

A page that has been told nothing for twice as long takes the connection for lost.
"""


class Watch:
    """Follows connections for as long as they are open.

    The ping keeps a quiet connection open through proxies and address translation. A closed laptop
    says nothing; that its machine stopped acknowledging is what tells.

    Args:
        interval: Seconds between two pings.
        patience: Seconds without an acknowledgement after which a viewer is gone.
    """

    def __init__(self, interval: float = PING_INTERVAL, patience: float = 60.0) -> None:
        self.interval = interval
        self._patience = patience
        self._connections: dict[Connection, bytes] = {}

    @contextmanager
    def over(self, connection: Connection, ping: bytes = b"") -> Iterator[None]:
        """Watch ``connection`` for as long as the block runs.

        Args:
            connection: The viewer's.
            ping: What it is sent each time, whole frames; empty for a protocol that has none.
        """
        self._connections[connection] = ping
        try:
            yield
        finally:
            del self._connections[connection]

    async def run(self) -> None:
        """Ping and look, until cancelled."""
        while True:
            await asyncio.sleep(self.interval)
            for count, (connection, ping) in enumerate(list(self._connections.items())):
                if connection in self._connections:
                    self._look(connection, ping)
                if count % 100 == 99:
                    await asyncio.sleep(0)  # ten thousand pings must not hold up the output

    def _look(self, connection: Connection, ping: bytes) -> None:
        if connection.silent_for() > self._patience + self.interval:
            connection.transport.abort()
        elif ping and not connection.waits:
            connection.transport.write(ping)


WATCH: web.AppKey[Watch] = web.AppKey("watch", Watch)
