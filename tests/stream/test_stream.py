"""What a stream does with time: ticks, fan-out, viewers that lag, end or go."""

import asyncio
import os

import pytest

from tests.stream.network import UNSENT, Network, join, make, records, settle, tick
from tests.support.fake_loop import FakeLoop
from tests.support.v1 import V1Viewer
from webtee.audience import TICK, Viewer
from webtee.log.cursor import resume
from webtee.log.encoding import PLAIN
from webtee.log.record import Kind
from webtee.stream import RECORD_SIZE


async def test_the_first_bytes_after_a_quiet_moment_go_out_at_once() -> None:
    stream = make()
    _, network = join(stream)
    await settle()
    before = len(network.writes)
    stream.feed(Kind.OUTPUT, b"now")
    assert len(network.writes) == before + 1


async def test_what_follows_within_a_tick_is_one_record() -> None:
    stream = make()
    _, network = join(stream)
    await tick()
    for piece in (b"a", b"b", b"c", b"d"):
        stream.feed(Kind.OUTPUT, piece)
    assert [r.payload for r in records(stream)] == [b"a"]
    await tick()
    assert [r.payload for r in records(stream)] == [b"a", b"bcd"]
    network.deliver(1 << 20)
    assert network.viewer.records == records(stream)


async def test_a_long_fan_out_makes_a_longer_tick() -> None:
    """Sending may take a fifth of the time: ten thousand viewers leave room for the rest."""
    stream = make()
    loop = asyncio.get_running_loop()
    assert isinstance(loop, FakeLoop)
    _, network = join(stream)
    await tick()

    def slow_write(_data: bytes) -> None:
        assert isinstance(loop, FakeLoop)
        loop.now += 0.1

    slow, _ = join(stream)
    slow.write = slow_write
    await tick()
    stream.feed(Kind.OUTPUT, b"a")
    begun = loop.time() - 0.1
    await settle()
    stream.feed(Kind.OUTPUT, b"b")
    before = len(network.writes)
    while len(network.writes) == before:
        await asyncio.sleep(TICK)
    assert loop.time() - begun >= 0.5


async def test_a_flood_is_many_records_of_bounded_size() -> None:
    stream = make()
    data = bytes(range(256)) * 4096
    stream.feed(Kind.OUTPUT, data)
    stream.feed(Kind.OUTPUT, b"end")
    await tick()
    payloads = [r.payload for r in records(stream)]
    assert b"".join(payloads) == data + b"end"
    assert max(map(len, payloads)) == RECORD_SIZE


async def test_events_keep_their_place_among_the_output() -> None:
    stream = make()
    stream.feed(Kind.OUTPUT, b"a")
    stream.feed(Kind.OUTPUT, b"b")
    stream.event(event="mark", text="here")
    stream.feed(Kind.STDERR, b"c")
    stream.resize(80, 24)
    await tick()
    assert [(r.kind, r.payload) for r in records(stream)] == [
        (0, b"a"),
        (0, b"b"),
        (2, b'{"event": "mark", "text": "here"}'),
        (1, b"c"),
        (2, b'{"event": "resize", "cols": 80, "rows": 24}'),
    ]
    assert (stream.cols, stream.rows) == (80, 24)


async def test_caught_up_viewers_share_the_same_bytes() -> None:
    stream = make()
    networks = [join(stream)[1] for _ in range(3)]
    await tick()
    stream.feed(Kind.OUTPUT, b"shared")
    writes = [network.writes[-1] for network in networks]
    assert writes[0] is writes[1] is writes[2]


async def test_the_number_of_viewers_is_told() -> None:
    stream = make()
    viewer, network = join(stream)
    _, other = join(stream)
    await asyncio.sleep(3)
    for each in (network, other):
        each.deliver(1 << 20)
        assert each.viewer.viewers == 2
    stream.detach(viewer)
    stream.detach(viewer)
    await asyncio.sleep(3)
    other.deliver(1 << 20)
    assert (other.viewer.viewers, stream.viewers) == (1, 1)


async def test_a_viewer_that_lags_and_comes_back_to_the_head_hears_the_number_too() -> None:
    stream = make()
    _, network = join(stream, deflate=False)
    await tick()
    for _ in range(8):
        stream.feed(Kind.OUTPUT, b"x" * 1000)
        await tick()
    join(stream)
    await asyncio.sleep(3)
    while network.queue or stream.lagging:
        network.deliver(1 << 20)
        await settle()
    await asyncio.sleep(3)
    network.deliver(1 << 20)
    assert network.viewer.viewers == 2


async def test_a_viewer_that_never_reads_costs_no_more_than_its_bound() -> None:
    stream = make(segment_size=5000)
    _, stuck = join(stream, deflate=False)
    _, other = join(stream, deflate=False)
    await tick()
    for _ in range(50):
        stream.feed(Kind.OUTPUT, b"y" * 500)
        await tick()
        other.deliver(1 << 20)
    assert stuck.most_queued <= UNSENT + UNSENT // 2
    assert other.viewer.records == records(stream)
    assert stream.lagging == 1
    while stuck.queue or stream.lagging:
        stuck.deliver(700)
        await settle()
    assert stuck.viewer.records == records(stream)


async def test_a_viewer_that_closed_a_moment_ago_disturbs_nobody() -> None:
    stream = make()
    _, gone = join(stream)
    _, other = join(stream)
    await tick()
    gone.open = False
    stream.feed(Kind.OUTPUT, b"still here")
    await asyncio.sleep(3)
    other.deliver(1 << 20)
    assert [r.payload for r in other.viewer.records] == [b"still here"]


async def test_those_who_catch_up_take_turns() -> None:
    """To take is work; in one turn of the loop only one does it, so that others have theirs."""
    stream = make()
    for _ in range(100):
        stream.feed(Kind.OUTPUT, os.urandom(500))
        await tick()
    networks = [join(stream)[1] for _ in range(5)]
    written = 0
    while stream.lagging:
        await asyncio.sleep(0)
        now = sum(len(network.writes) for network in networks)
        assert now - written <= 2  # and the number of viewers, once it is at the head
        written = now
        for network in networks:
            network.deliver(1 << 20)
    assert all(network.viewer.records == records(stream) for network in networks)


async def test_a_viewer_may_leave_while_it_catches_up() -> None:
    stream = make()
    stream.feed(Kind.OUTPUT, b"z" * 20_000)
    viewer, _ = join(stream, deflate=False)
    await settle()
    stream.detach(viewer)
    await settle()
    assert (stream.viewers, stream.lagging) == (0, 0)


async def test_the_end_reaches_everyone_and_is_told_once_they_have_it_all() -> None:
    stream = make()
    _, live = join(stream)
    _, late = join(stream, deflate=False)
    await tick()
    for _ in range(10):
        stream.feed(Kind.OUTPUT, b"w" * 1000)
        await tick()
    stream.feed(Kind.OUTPUT, b"last words")
    stream.end()
    assert live.ended
    assert not late.ended
    waiting = asyncio.ensure_future(stream.delivered(patience=1000))
    await settle()
    assert not waiting.done()
    while live.queue or late.queue or stream.lagging:
        live.deliver(1000)
        late.deliver(1000)
        await settle()
    await waiting
    assert [late.ended] == [True]  # as a list: the type checker believes that it never changes
    _, after = join(stream)
    await settle()
    assert after.ended
    for network in (live, late, after):
        network.deliver(1 << 20)
        assert network.viewer.records == records(stream)


async def test_a_viewer_that_takes_nothing_is_not_waited_for_for_ever() -> None:
    loop = asyncio.get_running_loop()
    stream = make()
    _, stuck = join(stream)
    _, slow = join(stream)
    await tick()
    stream.feed(Kind.OUTPUT, b"farewell")
    stream.end()
    begun = loop.time()
    waiting = asyncio.ensure_future(stream.delivered(patience=10))
    while slow.queue:
        slow.deliver(1)
        await asyncio.sleep(1)
        assert not waiting.done() or not slow.queue, "a slow one is waited for"
    await waiting
    assert stuck.queue
    assert loop.time() - begun < 10 + len(b"".join(slow.writes)) + 1


async def test_a_viewer_that_does_not_follow_ends_where_it_said() -> None:
    stream = make()
    stream.feed(Kind.OUTPUT, b"past")
    stream.feed(Kind.OUTPUT, b"not sent yet when it came")
    network = Network()
    network.viewer.connect()
    cursor, _ = resume(stream.log, PLAIN)
    stream.attach(
        Viewer(
            cursor,
            write=network.write,
            unsent=lambda: 0,
            drained=network.drained,
            on_end=network.on_end,
            until=2,
        )
    )
    await tick()
    stream.feed(Kind.OUTPUT, b"future")
    await tick()
    network.deliver(1 << 20)
    assert network.ended
    assert [r.payload for r in network.viewer.records] == [b"past"]


async def test_a_viewer_of_what_is_appended_but_not_sent_waits_for_it() -> None:
    stream = make()
    stream.feed(Kind.OUTPUT, b"first")
    stream.feed(Kind.OUTPUT, b"v" * RECORD_SIZE)  # a whole record at once, sent with the next tick
    again = V1Viewer(records=records(stream)[:2])
    _, network = join(stream, deflate=False, again=again)
    await tick()
    stream.feed(Kind.OUTPUT, b"third")
    await tick()
    network.deliver(1 << 20)
    assert again.records == records(stream)
    assert again.repeated == 0


def test_a_test_that_waits_for_ever_is_told_so() -> None:
    with asyncio.Runner(loop_factory=FakeLoop) as runner, pytest.raises(AssertionError):
        runner.run(asyncio.Event().wait())
