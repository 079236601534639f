# mypy: ignore-errors
# (Twisted and Autobahn are installed for the benchmarks only, not where types are checked.)
"""A command's output to every WebSocket client, on Twisted and Autobahn, as simply as can be.

What most people would write, and what the first program of this kind did: one process under a
pty, each read sent to each client with `sendMessage`, the last ten reads for who comes later.

    python -m benchmarks.peers.autobahn_tee PORT COMMAND [ARG...]
"""

import os
import sys
from collections import deque

from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from twisted.internet import protocol, reactor


class Output(protocol.ProcessProtocol):
    """The command: whatever it writes goes to the factory."""

    def __init__(self, factory):
        self.factory = factory

    def outReceived(self, data):  # noqa: N802  (Twisted's name)
        """Send one read to everyone."""
        self.factory.broadcast(data)


class Viewer(WebSocketServerProtocol):
    """One client."""

    def onOpen(self):  # noqa: N802  (Autobahn's name)
        """Register, and send the latest output."""
        self.factory.viewers.add(self)
        for message in self.factory.latest:
            self.sendMessage(message)

    def connectionLost(self, reason):  # noqa: N802  (Twisted's name)
        """Forget the client."""
        super().connectionLost(reason)
        self.factory.viewers.discard(self)


class Tee(WebSocketServerFactory):
    """All clients of one command."""

    protocol = Viewer

    def __init__(self, command):
        super().__init__()
        self.viewers = set()
        self.latest = deque(maxlen=10)
        reactor.spawnProcess(Output(self), command[0], command, os.environ, usePTY=True)

    def broadcast(self, message):
        """Send a message to each client."""
        self.latest.append(message)
        for viewer in self.viewers:
            viewer.sendMessage(message)


if __name__ == "__main__":
    reactor.listenTCP(int(sys.argv[1]), Tee(sys.argv[2:]), backlog=4096, interface="127.0.0.1")
    reactor.run()
