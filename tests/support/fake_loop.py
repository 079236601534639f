"""An event loop whose clock is the test's: waiting takes no time."""

import asyncio
import selectors
from typing import Any


class _NoWaiting(selectors.DefaultSelector):
    """Instead of waiting for a timeout, moves the loop's clock on by it."""

    loop: "FakeLoop"

    def select(self, timeout: float | None = None) -> Any:
        if timeout is None:
            raise AssertionError("the test waits for something that will never happen")
        self.loop.now += timeout
        return super().select(0)


class FakeLoop(asyncio.SelectorEventLoop):
    """Runs timers in order, at the times they asked for, without waiting."""

    def __init__(self) -> None:
        self.now = 1000.0
        selector = _NoWaiting()
        selector.loop = self
        super().__init__(selector)

    def time(self) -> float:
        return self.now
