"""Whose turn it is: who asks for little does not wait for who asks for much."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from webtee.search.steps import Steps
from webtee.web import turns as module
from webtee.web.turns import Asker, Turns


@pytest.fixture
async def turns() -> AsyncIterator[Turns]:
    made = Turns()
    yield made
    made.close()
    if made._pool is not None:
        made._pool.shutdown()  # what its threads have to say is said while there is a loop


@contextmanager
def busy(turns: Turns, askers: int, pieces: int = 2) -> Iterator[list[int]]:
    """Have requests ask for work that never ends; yields how many steps were done of each piece."""
    steps = [0] * askers * pieces

    def endless(place: int) -> Steps[None]:
        while True:
            steps[place] += 1
            end = time.thread_time() + module._TURN
            while time.thread_time() < end:
                pass
            yield

    with ExitStack() as stack:
        for first in range(0, len(steps), pieces):
            asker = stack.enter_context(turns.taken())
            for place in range(first, first + pieces):
                stack.callback(turns.begin(asker, endless(place)).cancel)
        yield steps


async def quick(asker: Asker, pieces: int) -> list[int]:
    def work(number: int) -> Steps[int]:
        yield
        return number

    return [found async for found in asker.each(work(number) for number in range(pieces))]


async def test_who_asks_for_little_waits_for_a_turn_of_the_others_at_most(turns: Turns) -> None:
    with busy(turns, 3) as steps, turns.taken() as asker:
        await quick(asker, 2)
        before = sum(steps)
        assert await quick(asker, 20) == list(range(20))
        assert sum(steps) - before <= 2 * 20 + 4  # as both threads did one each meanwhile


async def test_who_asks_for_more_pieces_gets_no_more(turns: Turns) -> None:
    with busy(turns, 1, pieces=8) as many, busy(turns, 2, pieces=1) as few:
        while min(few) < 5:
            await asyncio.sleep(0)
        assert sum(many) <= sum(few)


async def test_who_wanted_nothing_for_long_has_no_claim_for_it(turns: Turns) -> None:
    with turns.taken() as late:
        with busy(turns, 3) as steps:
            while min(steps[::2]) < 5:
                await asyncio.sleep(0)
            with busy(turns, 1) as others:
                turns.begin(late, _forever())
                begun = late.used
                while not min(others[::2]):
                    await asyncio.sleep(0)
        assert begun
        assert late.used - begun < 10 * module._TURN


def _forever() -> Steps[None]:
    while True:
        yield


async def test_what_nobody_waits_for_is_not_gone_on_with(turns: Turns) -> None:
    gone = threading.Event()

    def endless() -> Steps[None]:
        try:
            while True:
                yield
        finally:
            gone.set()

    with turns.taken() as asker:
        results = [turns.begin(asker, endless()) for _ in range(3)]
        results[0].cancel()
        results[2].cancel()
        while not gone.is_set():
            await asyncio.sleep(0)
        assert await asker.run(lambda: 7) == 7
        assert not results[1].done()
        results[1].cancel()


async def test_what_work_raises_is_raised_where_it_is_waited_for(turns: Turns) -> None:
    with turns.taken() as asker:
        with pytest.raises(ZeroDivisionError):
            await asker.run(lambda: 1 // 0)
        assert await asker.run(lambda: 7) == 7


async def test_nobody_waits_for_turns_that_are_over(turns: Turns) -> None:
    with turns.taken() as asker:
        results = [turns.begin(asker, _forever()) for _ in range(4)]
        turns.close()
        results.append(turns.begin(asker, _forever()))
        await asyncio.wait(results)
        assert all(result.cancelled() for result in results)
