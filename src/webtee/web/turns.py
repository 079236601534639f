"""Whose turn it is: the few threads in which segments are searched, so that the event loop is not.

Work is done in steps (webtee.search.steps). A thread does a few of them for one request, and then
looks whose turn it is: that of the one that has used least. So one that asks for much, or for what
is slow, gets its share of the threads and no more, and what nobody waits for is not gone on with.
All but the steps is in the event loop's thread.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from aiohttp import web

from webtee.search.memo import Memo
from webtee.search.steps import Steps

MOST = 32
"""Requests that may want work at once; one that waits for a slow reader wants none."""

_THREADS = 2
_AHEAD = 2  # pieces of work of one request at a time
_TURN = 0.02  # seconds of a thread's time, before it looks whose turn it is

T = TypeVar("T")


def too_many() -> web.HTTPServiceUnavailable:
    """Return what those are told who come when there is no room for another search."""
    return web.HTTPServiceUnavailable(
        text="Too many searches at once: try again in a moment.\n", headers={"Retry-After": "1"}
    )


class Turns:
    """Runs work in threads, for requests that take turns.

    Args:
        most: Requests that may want work at once.

    Attributes:
        working: How many of them do now.
        jobs: How many pieces of work were ever asked for.
    """

    def __init__(self, most: int = MOST) -> None:
        self.working = 0
        self.jobs = 0
        self._most = most
        self._askers: dict[Asker, None] = {}
        self._used = 0.0  # by whoever was last found to have used least
        self._running: set[asyncio.Future[_Turn]] = set()
        self._pool: Executor | None = None
        self._closed = False

    @contextmanager
    def taken(self) -> Iterator["Asker"]:
        """Take part for as long as the block runs.

        Raises:
            web.HTTPServiceUnavailable: Too many do.
        """
        if self.working >= self._most:
            raise too_many()
        asker = Asker(self)
        self._askers[asker] = None
        self.working += 1
        try:
            yield asker
        finally:
            self.working -= 1
            del self._askers[asker]

    def begin(self, asker: "Asker", steps: Steps[T]) -> "asyncio.Future[T]":
        """Have steps done when it is an asker's turn, and return what will hold their result."""
        if not asker.waiting:
            asker.used = max(asker.used, self._used)  # what was not wanted then is no credit now
        self.jobs += 1
        job = _Job(steps)
        if self._closed:
            job.result.cancel()
        asker.waiting.append(job)
        self._go_on()
        return job.result

    def _go_on(self) -> None:
        while len(self._running) < _THREADS and (asker := self._next()) is not None:
            self._used = asker.used
            job = asker.waiting.popleft()
            if self._pool is None:
                from concurrent.futures import ThreadPoolExecutor  # which is loaded only here

                self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="webtee-search")
            turn = asyncio.get_running_loop().run_in_executor(self._pool, _do, job.steps)
            self._running.add(turn)
            turn.add_done_callback(partial(self._done, asker, job))

    def _next(self) -> "Asker | None":
        """Return whose turn it is."""
        if self._closed:
            return None
        for asker in self._askers:
            while asker.waiting and asker.waiting[0].result.done():  # nobody waits for it any more
                asker.waiting.popleft()
        waiting = (asker for asker in self._askers if asker.waiting)
        return min(waiting, key=lambda asker: asker.used, default=None)

    def _done(self, asker: "Asker", job: "_Job[Any]", turn: "asyncio.Future[_Turn]") -> None:
        self._running.discard(turn)
        if self._closed:
            job.result.cancel()
            return
        used, returned, error = turn.result()
        asker.used += used
        if job.result.done():
            pass
        elif error is not None:
            job.result.set_exception(error)
        elif returned:
            job.result.set_result(returned[0])
        else:
            asker.waiting.appendleft(job)
        self._go_on()

    def close(self) -> None:
        """Begin nothing more."""
        self._closed = True
        for asker in self._askers:
            for job in asker.waiting:
                job.result.cancel()
        for turn in self._running:  # a thread ends what it does, and nobody is told
            turn.cancel()
        if self._pool is not None:
            self._pool.shutdown(wait=False)


@dataclass(frozen=True, slots=True)
class Known(Generic[T]):
    """A result that needs no work."""

    value: T


class Asker:
    """A request that takes part.

    Args:
        turns: In what.

    Attributes:
        used: Seconds of threads, and what it did not want when others used as much.
        waiting: What is to be done for it, the first first.
    """

    def __init__(self, turns: Turns) -> None:
        self.used = 0.0
        self.waiting: deque[_Job[Any]] = deque()
        self._turns = turns

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Want no work for as long as the block runs."""
        self._turns.working -= 1
        try:
            yield
        finally:
            self._turns.working += 1

    async def run(self, work: Callable[[], T]) -> T:
        """Do something short in a thread, and return or raise what it does."""
        return await self._turns.begin(self, _at_once(work))

    async def each(self, work: Iterator[Steps[T] | Known[T]]) -> AsyncGenerator[T, None]:
        """Yield what pieces of work return, in their order.

        To be closed (``contextlib.aclosing``), which ends what is under way.

        Args:
            work: What to do, or results that need no thread. They are asked for in the event loop,
                when it is nearly their turn.
        """
        under_way: deque[asyncio.Future[T]] = deque()
        try:
            for piece in work:
                if isinstance(piece, Known):
                    under_way.append(_ready(piece.value))
                    await asyncio.sleep(0)  # there may be thousands, and nothing to wait for
                else:
                    under_way.append(self._turns.begin(self, piece))
                if len(under_way) == _AHEAD:
                    yield await under_way.popleft()
            while under_way:
                yield await under_way.popleft()
        finally:
            for result in under_way:
                result.cancel()


class _Job(Generic[T]):
    """Steps that are to be done, and what will hold their result."""

    def __init__(self, steps: Steps[T]) -> None:
        self.steps = steps
        self.result: asyncio.Future[T] = asyncio.get_running_loop().create_future()


_Turn = tuple[float, tuple[Any, ...], Exception | None]
"""Seconds that were used; what was returned, if it was; what was raised."""


def _do(steps: Steps[Any]) -> _Turn:
    """Do some steps, in a thread."""
    begun = time.thread_time()
    returned: tuple[Any, ...] = ()
    error: Exception | None = None
    try:
        while time.thread_time() - begun < _TURN:
            next(steps)
    except StopIteration as end:
        returned = (end.value,)
    except Exception as raised:
        error = raised
    return time.thread_time() - begun, returned, error


def _at_once(work: Callable[[], T]) -> Steps[T]:
    yield from ()
    return work()


def _ready(value: T) -> "asyncio.Future[T]":
    result: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    result.set_result(value)
    return result


TURNS: web.AppKey[Turns] = web.AppKey("turns", Turns)
"""The threads of this server's searches."""

COUNTS: web.AppKey[Memo[Any]] = web.AppKey("counts", Memo)
"""What the timeline counted of sealed segments."""

MARKERS: web.AppKey[Memo[Any]] = web.AppKey("markers", Memo)
"""The groups' markers in sealed segments."""
