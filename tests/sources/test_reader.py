"""The reader of a descriptor: how much one turn of the loop takes."""

import asyncio
import os
import time

from webtee.sources.reader import HELD, PTY_READ, PTY_TURN, FdReader


async def test_turns_of_a_pty_shrink_where_its_output_is_much_work_and_grow_again() -> None:
    theirs, ours = os.pipe()
    turns: list[int] = []
    took = 0.0  # seconds of work that as much as a whole turn's bytes are
    delivered = asyncio.Event()

    def deliver(data: bytes) -> None:
        turns.append(len(data))
        until = time.thread_time() + took * len(data) / PTY_TURN
        while time.thread_time() < until:
            pass
        delivered.set()

    async def written() -> list[int]:
        """Write what a pipe holds, and return what each turn took of it."""
        turns.clear()
        os.write(ours, bytes(PTY_TURN))
        while sum(turns) < PTY_TURN:
            delivered.clear()
            await delivered.wait()
        return turns.copy()

    reader = FdReader(asyncio.get_running_loop(), theirs, deliver, lambda: None, pty=True)
    reader.resume()
    try:
        assert await written() == [PTY_TURN]
        took = 8 * HELD
        await written()
        assert max(await written()) <= PTY_TURN / 4
        took = 1000 * HELD
        await written()
        took = 100 * HELD
        assert set(await written()) == {PTY_READ}
        took = 0.0
        assert len(await written()) > 4  # not all at once again
        async with asyncio.timeout(20):
            while await written() != [PTY_TURN]:
                pass
    finally:
        reader.close()
        os.close(ours)
