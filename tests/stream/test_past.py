"""The screen as it was: at each moment it is the one that someone who was there got."""

import asyncio
import itertools
import random
from collections.abc import Iterator

import pytest

from tests.stream.network import tick
from webtee.log.log import Log
from webtee.log.record import Kind
from webtee.past import Past
from webtee.replay import replay
from webtee.stream import Stream
from webtee.text.checkpoints import Checkpoints
from webtee.text.screen import Screen

PIECES = (
    *(b"word", b"line\r\n", b"\x1b[?1049h", b"\x1b[?1049l", b"\x1b[H\x1b[2J", b"\x1b[2;4r"),
    *(b"\x1b[5;5Hthere", b"\x1bc", b"\x1b[31m", b"\x1b[?25l", b"\x1b[", b"3J", b"x" * 300),
)


class Witness:
    """A tracker whose output is kept in a log, and what it knew after each record."""

    def __init__(self, seed: int, keep: int = 1 << 30) -> None:
        choose = random.Random(seed)
        self.log = Log("e", segment_size=500, keep=keep)
        screen = Screen(20, 5)
        self.checkpoints = Checkpoints(screen, every=150, most=16)
        self.known: list[tuple[object, ...]] = [self.seen(screen)]
        for time in range(1, 80):
            if choose.random() < 0.1:
                cols, rows = choose.randrange(10, 30), choose.randrange(3, 9)
                screen.resize(cols, rows)
                event = b'{"event": "resize", "cols": %d, "rows": %d}' % (cols, rows)
                self.log.append(Kind.EVENT, event, time)
            else:
                data = b"".join(choose.choices(PIECES, k=choose.randrange(1, 5)))
                screen.feed(data)
                if self.checkpoints.due:
                    self.checkpoints.keep(self.log.first.offset)
                self.log.append(Kind.OUTPUT, data, time)
            self.known.append(self.seen(screen))

    def seen(self, screen: Screen) -> tuple[object, ...]:
        return screen.setup, screen.on, screen.offset, replay(self.log, screen)

    def past(self, seq: int) -> Past:
        past = Past(self.log, self.checkpoints, seq)
        for _ in past.steps():
            pass
        return past


@pytest.mark.parametrize("seed", range(20))
def test_at_every_record_it_is_what_was_known_then(seed: int) -> None:
    witness = Witness(seed)
    for seq, known in enumerate(witness.known):
        past = witness.past(seq)
        assert past.sure
        assert (seq, witness.seen(past.screen)[:3]) == (seq, known[:3])
        # What was the present then is the same to a terminal.
        parts, exact = replay(witness.log, past.screen)
        assert (parts, exact) == known[3]


def test_where_the_beginning_was_let_go_that_is_said() -> None:
    sure = 0
    for seed in range(20):
        witness = Witness(seed, keep=600)
        first = witness.log.first_seq
        assert first > 1
        for seq in range(first - 1, witness.log.next_seq):
            past = witness.past(seq)
            setup, on, offset, _ = witness.known[seq]
            assert past.screen.offset == offset
            if past.sure:
                sure += 1
                assert (past.screen.setup, past.screen.on) == (setup, on)
    assert sure > 20 * 5


def test_the_end_of_a_run_is_the_end_of_drawing() -> None:
    log, screen = Log("e"), Screen(20, 5)
    checkpoints = Checkpoints(screen)
    log.append(Kind.EVENT, b'{"event": "start"}', 1)
    log.append(Kind.OUTPUT, b"\x1b[?1049h", 2)
    log.append(Kind.EVENT, b'{"event": "exit", "code": 0}', 3)
    drew = []
    for seq in range(4):
        past = Past(log, checkpoints, seq)
        assert len(list(past.steps())) == (seq > 1)
        drew.append(past.screen.on)
    assert drew == [False, False, True, False]


async def test_finding_out_does_not_keep_the_loop() -> None:
    clock = itertools.count()
    stream = Stream("s", Log("e"), pty=True, cols=20, rows=5, busy_time=lambda: next(clock))
    stream.feed(Kind.OUTPUT, b"x" * 100_000)
    await tick()
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(others())
    past = await stream.past(1 << 62)
    other.cancel()
    assert past is not None
    assert past.screen.offset == 100_000
    assert turns > 5


async def test_many_who_ask_at_once_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Stream("s", Log("e"), pty=True, cols=20, rows=5, busy_time=itertools.count().__next__)
    stream.feed(Kind.OUTPUT, b"x" * 50_000)
    under_way = most = 0
    steps = Past.steps

    def counted(past: Past) -> Iterator[None]:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        yield from steps(past)
        under_way -= 1

    monkeypatch.setattr(Past, "steps", counted)
    found = await asyncio.gather(*(stream.past(1 << 62) for _ in range(5)))
    assert [past and past.screen.offset for past in found] == [50_000] * 5
    assert most == 1


async def test_without_a_terminal_there_is_none() -> None:
    assert await Stream("s", Log("e")).past(1) is None


async def test_a_long_output_can_be_gone_back_in() -> None:
    stream = Stream("s", Log("e"), pty=True, cols=20, rows=5)
    for _ in range(10):
        stream.feed(Kind.OUTPUT, b"\x1b[?1049h" + b"x" * 100_000 + b"\x1b[?1049l")
    await tick()
    past = await stream.past(1 << 62)
    assert past is not None
    # Most of it was not looked at again.
    assert stream.log.head.offset == past.screen.offset
    assert past.screen.spans
