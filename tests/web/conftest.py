"""Every test here runs on uvloop, as webtee does, and on asyncio's own loop, as others do."""

import asyncio
import gc
import logging
from collections.abc import Callable, Iterator, Mapping

import pytest
import uvloop


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"uvloop": uvloop.new_event_loop, "asyncio": asyncio.new_event_loop}


class Complaints(logging.Handler):
    """What was logged that someone would have to look at."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        slow = record.name == "asyncio" and record.levelno < logging.ERROR
        if not slow:  # in its debug mode asyncio also says what took long
            self.records.append(record)

    def take(self) -> list[str]:
        """Return the lines so far, and forget them."""
        lines = [record.getMessage() for record in self.records]
        self.records.clear()
        return lines


@pytest.fixture(autouse=True)
def complaints() -> Iterator[Complaints]:
    """What was logged; a test that expects something takes it, and nothing may be left."""
    handler = Complaints()
    logging.getLogger().addHandler(handler)
    try:
        yield handler
        gc.collect()  # a task's exception that nobody asked for is told when it is let go
    finally:
        logging.getLogger().removeHandler(handler)
    assert not handler.take()
