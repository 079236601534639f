"""Every test here that needs a loop runs on uvloop, as webtee does, and on asyncio's own."""

import asyncio
import gc
import os
from collections.abc import Callable, Iterator, Mapping

import pytest
import uvloop


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"uvloop": uvloop.new_event_loop, "asyncio": asyncio.new_event_loop}


@pytest.fixture(params=[True, False], ids=["pty", "pipes"])
def pty(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(scope="session", autouse=True)
def quick_collections() -> Iterator[None]:
    """What is older than the tests, pytest itself above all, is not looked through after each."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def no_zombies() -> Iterator[None]:
    """No test leaves a child behind, dead or alive."""
    yield
    gc.collect()
    with pytest.raises(ChildProcessError):
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
