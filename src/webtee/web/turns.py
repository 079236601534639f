"""Whose turn it is: the few threads in which segments are searched, so that the event loop is not.

Each job is one segment, and jobs run in the order in which they were asked for; a search has but a
few waiting, so that all of them get on. What nobody waits for any more is not begun, and told to
stop if it was.
"""

import asyncio
import functools
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any, TypeVar

from aiohttp import web

from webtee.search.memo import Memo

MOST = 32
"""Requests that may want work at once; one that waits for a slow reader wants none."""

_THREADS = 2
_AHEAD = 2  # jobs of one request at a time

T = TypeVar("T")

Work = Callable[[Callable[[], bool]], T]
"""Work for a thread; it is given a function that tells whether to go on."""


def too_many() -> web.HTTPServiceUnavailable:
    """Return what those are told who come when there is no room for another search."""
    return web.HTTPServiceUnavailable(
        text="Too many searches at once: try again in a moment.\n", headers={"Retry-After": "1"}
    )


class Turns:
    """Runs jobs in threads, for requests that take turns.

    Args:
        most: Requests that may want work at once.

    Attributes:
        working: How many of them do now.
        jobs: How many jobs were ever asked for.
    """

    def __init__(self, most: int = MOST) -> None:
        self.working = 0
        self.jobs = 0
        self._most = most
        self._pool: Executor | None = None

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Take part for as long as the block runs.

        Raises:
            web.HTTPServiceUnavailable: Too many do.
        """
        if self.working >= self._most:
            raise too_many()
        self.working += 1
        try:
            yield
        finally:
            self.working -= 1

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Want no work for as long as the block runs, within :meth:`taken`."""
        self.working -= 1
        try:
            yield
        finally:
            self.working += 1

    async def run(self, job: Callable[[], T]) -> T:
        """Do one job in a thread, and return or raise what it does."""
        return await self._begin(job)

    async def each(self, jobs: Iterator[Work[T] | T]) -> AsyncGenerator[T, None]:
        """Yield what jobs return, in their order.

        To be closed (``contextlib.aclosing``), which ends what is under way.

        Args:
            jobs: What to do, or results that need no thread. They are asked for in the event loop,
                when it is nearly their turn.
        """
        going = True

        def goes_on() -> bool:
            return going

        def ready(value: T) -> "asyncio.Future[T]":
            future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
            future.set_result(value)
            return future

        under_way: deque[asyncio.Future[T]] = deque()
        try:
            for job in jobs:
                if callable(job):
                    under_way.append(self._begin(functools.partial(job, goes_on)))
                else:
                    under_way.append(ready(job))
                    await asyncio.sleep(0)  # there may be thousands, and nothing to wait for
                if len(under_way) == _AHEAD:
                    yield await under_way.popleft()
            while under_way:
                yield await under_way.popleft()
        finally:
            going = False
            for future in under_way:
                future.cancel()

    def _begin(self, job: Callable[[], T]) -> "asyncio.Future[T]":
        if self._pool is None:
            from concurrent.futures import ThreadPoolExecutor  # which is loaded only here

            self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="webtee-search")
        self.jobs += 1
        return asyncio.get_running_loop().run_in_executor(self._pool, job)

    def close(self) -> None:
        """Begin no more jobs."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)


TURNS: web.AppKey[Turns] = web.AppKey("turns", Turns)
"""The threads of this server's searches."""

COUNTS: web.AppKey[Memo[Any]] = web.AppKey("counts", Memo)
"""What the timeline counted of sealed segments."""

MARKERS: web.AppKey[Memo[Any]] = web.AppKey("markers", Memo)
"""The groups' markers in sealed segments."""
