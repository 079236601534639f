"""Every test here that needs a loop has one whose clock is its own."""

import asyncio
from collections.abc import Callable, Mapping

from tests.support.fake_loop import FakeLoop


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"fake": FakeLoop}
