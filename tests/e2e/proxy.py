"""A bad network between browser and webtee: cuts live connections where it is told to, or stalls.

Plain HTTP passes unharmed; what is done is done to WebSockets, which a browser opens on
connections of their own.
"""

import contextlib
import socket
import threading
from typing import Self

from tests.support.running import PATIENCE

_SMALL = 16 << 10  # so that little is under way between the three of us


_LIVE = (b"upgrade: websocket", b"accept: text/event-stream")


class Proxy:
    """Listens on a port of its own and passes everything on.

    Args:
        port: Where webtee is, on 127.0.0.1.

    Attributes:
        url: What a browser is given instead of webtee's address.
        opened: How many live connections there have been.
    """

    def __init__(self, port: int) -> None:
        self._target: int | None = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        self.opened = 0
        self._changed = threading.Condition()
        self._flows = threading.Event()
        self._flows.set()
        self._budget: int | None = None
        self._live: set[socket.socket] = set()
        self._open: set[socket.socket] = set()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        _shut(self._listener)
        with self._changed:
            self._target = None
            for one in self._open:
                _shut(one)
        self.flow()
        self._threads[0].join()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def cut(self, *, after: int | None = None) -> None:
        """Cut all live connections now, or the next after so many more bytes to a browser."""
        with self._changed:
            if after is not None:
                self._budget = after
            else:
                for one in self._live:
                    _shut(one)

    def wait_cut(self) -> None:
        """Wait until the cut that was ordered has been made."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._budget is None, PATIENCE), "never cut"

    def wait_opened(self, count: int) -> None:
        """Wait until there have been so many live connections."""
        with self._changed:
            opened = self._changed.wait_for(lambda: self.opened >= count, PATIENCE)
            assert opened, f"{self.opened} connections instead of {count}"

    def stall(self) -> None:
        """Let nothing more through to a browser on live connections, without closing them."""
        self._flows.clear()

    def flow(self) -> None:
        """End that."""
        self._flows.set()

    def down(self) -> None:
        """Be as if there were no server."""
        with self._changed:
            self._target = None
        self.cut()

    def up(self, port: int) -> None:
        """Pass on to this port from now on."""
        with self._changed:
            self._target = port

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self._listener.accept()
            except OSError:
                return
            with self._changed:
                target = self._target
            if target is None:
                browser.close()
                continue
            webtee = socket.socket()
            webtee.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL)
            try:
                webtee.connect(("127.0.0.1", target))
            except OSError:
                browser.close()
                webtee.close()
                continue
            with self._changed:
                self._open |= {browser, webtee}
            thread = threading.Thread(target=self._serve, args=(browser, webtee))
            self._threads.append(thread)
            thread.start()

    def _serve(self, browser: socket.socket, webtee: socket.socket) -> None:
        down: threading.Thread | None = None
        try:
            while data := browser.recv(1 << 16):
                webtee.sendall(data)
                if down is None:
                    live = any(sign in data.lower() for sign in _LIVE)
                    if live:
                        with self._changed:
                            self._live.add(browser)
                            self.opened += 1
                            self._changed.notify_all()
                    down = threading.Thread(target=self._down, args=(browser, webtee, live))
                    down.start()
        except OSError:
            pass  # cut
        finally:
            _shut(webtee)
            if down is not None:
                down.join()
            with self._changed:
                self._live.discard(browser)
                self._open -= {browser, webtee}
            browser.close()
            webtee.close()

    def _down(self, browser: socket.socket, webtee: socket.socket, live: bool) -> None:
        with contextlib.suppress(OSError):
            while data := webtee.recv(1 << 16):
                if live:
                    self._flows.wait()
                    with self._changed:
                        if self._budget is not None and len(data) >= self._budget:
                            browser.sendall(data[: self._budget])
                            self._budget = None
                            self._changed.notify_all()
                            break
                        if self._budget is not None:
                            self._budget -= len(data)
                browser.sendall(data)
        _shut(browser)


def _shut(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
