"""A command that does what the test tells it, when the test tells it, and says when it has done it.

Both ends: :class:`Puppet` in the test, and :func:`main`, which is the command. They talk over a
socket of Linux's abstract namespace, whose name the kernel gives.
"""

import contextlib
import os
import signal
import socket
import struct
import sys
import threading
from collections.abc import Iterator
from typing import Self

_INSTRUCTION = struct.Struct("!cI")
_DONE = b"."


class Puppet:
    """The strings of one command.

    Attributes:
        command: The command, to be given to webtee.
    """

    def __init__(self) -> None:
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind("")
        self._listener.listen(1)
        self._listener.settimeout(30)
        name: bytes = self._listener.getsockname()
        self.command = (sys.executable, "-I", "-S", __file__, name[1:].decode())
        self._connected: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        if self._connected is not None:
            self._connected.close()

    def say(self, data: bytes | str, *, stderr: bool = False) -> None:
        """Write ``data`` as one piece, if it fits into a pipe, and return when it is written."""
        data = data.encode() if isinstance(data, str) else data
        self._tell(b"e" if stderr else b"o", len(data), data)
        answer = self._socket.recv(1)
        assert answer == _DONE, "the command has gone"

    @contextlib.contextmanager
    def saying(self, data: bytes | str) -> Iterator[None]:
        """Write ``data`` while the block runs, and wait for the rest at its end."""
        thread = threading.Thread(target=self.say, args=(data,))
        thread.start()
        try:
            yield
        finally:
            thread.join()

    def exit(self, code: int = 0) -> None:
        """Exit with this code."""
        self._tell(b"x", code)

    def kill(self, number: int) -> None:
        """End by this signal."""
        self._tell(b"k", number)

    @property
    def _socket(self) -> socket.socket:
        if self._connected is None:
            self._connected, _ = self._listener.accept()
            self._connected.settimeout(60)
        return self._connected

    def _tell(self, what: bytes, number: int, data: bytes = b"") -> None:
        self._socket.sendall(_INSTRUCTION.pack(what, number))
        if data:
            self._socket.sendall(data)


def main() -> None:
    """Do what is told until the other side is gone."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a Ctrl-C has no more to say than its status
    told = socket.socket(socket.AF_UNIX)
    told.connect("\0" + sys.argv[1])
    with told.makefile("rb") as instructions:
        while head := instructions.read(_INSTRUCTION.size):
            what, number = _INSTRUCTION.unpack(head)
            if what == b"x":
                os._exit(number)
            if what == b"k":
                os.kill(os.getpid(), number)
            descriptor = 2 if what == b"e" else 1
            while number:
                data = instructions.read1(min(number, 1 << 20))
                number -= len(data)
                while data:
                    data = data[os.write(descriptor, data) :]
            told.sendall(_DONE)


if __name__ == "__main__":
    main()
