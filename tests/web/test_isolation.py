"""No viewer holds up the source or another one, or takes more memory than its bound."""

import asyncio
import os
import re
from collections.abc import Callable

import pytest

from tests.support.clients import connected
from tests.support.raw import CLOSE, PING, Raw, frame, handshake, raw
from tests.support.running import PATIENCE, serving, stream
from tests.support.watching import Watched
from tests.web.reading import history
from webtee.log.record import Kind
from webtee.stream import Stream

BOUND = 1 << 20
PIECE = 50_000
PIECES = 200  # 10 MB that deflate cannot make smaller: far more than any kernel's buffers hold


async def until(condition: Callable[[], object]) -> None:
    """Wait until something holds; what it waits for makes progress in this loop."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0)


def most_unsent(source: Stream) -> int:
    """Return the most bytes that wait in this process for any viewer."""
    return max((viewer.unsent() for viewer in source._audience._viewers), default=0)


async def stall(peer: Raw, request: bytes) -> None:
    """Ask, and then read nothing."""
    status, _ = await peer.answer(request)
    assert status in (101, 200)
    peer.writer.transport.pause_reading()  # type: ignore[attr-defined]


async def write(source: Stream, count: int) -> tuple[bytes, int]:
    """Write pieces as fast as it goes; return them and the most that was unsent."""
    written = []
    most = 0
    for number in range(count):
        piece = b"%06d " % number + os.urandom(PIECE) + b"\n"
        written.append(piece)
        source.feed(Kind.OUTPUT, piece)
        await asyncio.sleep(0)
        most = max(most, most_unsent(source))
    return b"".join(written), most


REQUESTS = {
    "keep": handshake("/s/s/live?after=0", {"Sec-WebSocket-Protocol": "webtee.v1"}),
    "keep deflate": handshake(
        "/s/s/live?after=0",
        {
            "Sec-WebSocket-Protocol": "webtee.v1",
            "Sec-WebSocket-Extensions": "permessage-deflate",
        },
    ),
    "skip": handshake("/s/s/live?after=0&lag=skip", {"Sec-WebSocket-Protocol": "webtee.v1"}),
    "plain": handshake("/?tail=1000"),
    "text": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "text 1.0": b"GET / HTTP/1.0\r\n\r\n",
}


@pytest.mark.parametrize("kind", REQUESTS)
async def test_one_that_never_reads_is_bounded_and_disturbs_nobody(kind: str) -> None:
    source = stream()
    async with (
        serving(source) as server,
        raw(server.port, receive_buffer=4096) as stalled,
        connected("aiohttp-shared", f"http://127.0.0.1:{server.port}/s/s/live") as other,
    ):
        await stall(stalled, REQUESTS[kind])
        viewer = Watched()
        viewer.connect()
        reading = asyncio.ensure_future(
            other.feed(viewer, lambda: len(viewer.output) >= PIECES * (PIECE + 8))
        )
        written, most = await write(source, PIECES)
        await reading
        assert viewer.output == written
        assert not viewer.gaps
        assert source.lagging == 1
        assert BOUND / 8 < most <= BOUND * 1.1
    assert source.viewers == 0


@pytest.mark.parametrize("kind", ["keep", "plain"])
async def test_pings_do_not_pile_up_before_one_that_never_reads(kind: str) -> None:
    source = stream()
    async with (
        serving(source, ping_interval=0.01) as server,
        raw(server.port, receive_buffer=4096) as stalled,
        raw(server.port) as other,
    ):
        await stall(stalled, REQUESTS[kind])
        await write(source, PIECES)
        await until(lambda: source.lagging == 1)
        before = most_unsent(source)
        await other.upgrade("/s/s/live", {"Sec-WebSocket-Protocol": "webtee.v1"})
        for _ in range(5):
            while (await other.frame())[0] != PING:
                pass
        assert most_unsent(source) == before


@pytest.mark.parametrize("kind", ["keep", "plain", "text", "text 1.0"])
async def test_what_inflates_a_hundredfold_is_bounded_by_what_it_becomes(kind: str) -> None:
    """A log of one line again and again is small; what a viewer without deflate is sent is not."""
    source = stream()
    async with (
        serving(source) as server,
        raw(server.port, receive_buffer=4096) as late,
        raw(server.port, receive_buffer=4096) as live,
    ):
        await stall(live, REQUESTS[kind])
        for _ in range(40):
            source.feed(Kind.OUTPUT, b"the same line again and again\n" * 20_000)
            await asyncio.sleep(0)
        assert source.log.wire_size < 2 * BOUND < source.log.head.offset / 10
        await stall(late, REQUESTS[kind])
        most = 0
        for _ in range(40):
            source.feed(Kind.OUTPUT, b"the same line again and again\n" * 20_000)
            await asyncio.sleep(0)
            most = max(most, most_unsent(source))
        assert BOUND / 8 < most <= BOUND * 1.1


@pytest.mark.parametrize("kind", ["keep", "keep deflate", "plain", "text", "text 1.0"])
async def test_one_that_reads_slowly_has_everything_before_the_server_goes(kind: str) -> None:
    source = stream()
    async with serving(source) as server, raw(server.port, receive_buffer=4096) as slow:
        await stall(slow, REQUESTS[kind])
        source.feed(Kind.OUTPUT, os.urandom(6_000_000) + b"the very end")
        source.end()

        async def leave() -> None:
            await source.delivered(PATIENCE)
            await server.close("the test is over")

        leaving = asyncio.ensure_future(leave())
        await asyncio.sleep(0)
        slow.writer.transport.resume_reading()  # type: ignore[attr-defined]
        read = bytearray()
        while piece := await slow.reader.read(20_000):
            read += piece
            await asyncio.sleep(0)
            if kind in ("keep", "keep deflate", "plain") and len(piece) < 200:
                slow.writer.write(frame(CLOSE, b"\x03\xe8"))  # it may have been asked to close
        await leaving
        if kind == "keep deflate":
            assert len(read) > 6_000_000
        else:
            assert b"the very end" in read[-200:]


@pytest.mark.parametrize("kind", ["keep", "keep deflate"])
async def test_one_that_reads_on_gets_everything(kind: str) -> None:
    source = stream()
    async with serving(source) as server, raw(server.port, receive_buffer=4096) as slow:
        await stall(slow, REQUESTS[kind])
        viewer = Watched()
        written, _ = await write(source, PIECES)
        assert source.lagging == 1
        viewer.connect()
        slow.writer.transport.resume_reading()  # type: ignore[attr-defined]
        while len(viewer.output) < len(written):
            opcode, reserved, payload = await slow.frame()
            viewer.message(opcode, payload, compressed=bool(reserved))
        assert viewer.output == written
        assert not viewer.gaps
        await until(lambda: source.lagging == 0)
        source.feed(Kind.OUTPUT, b"live again")
        while not viewer.output.endswith(b"live again"):
            opcode, reserved, payload = await slow.frame()
            viewer.message(opcode, payload, compressed=bool(reserved))


@pytest.mark.parametrize("extensions", [{}, {"Sec-WebSocket-Extensions": "permessage-deflate"}])
async def test_one_that_would_rather_skip_is_told_what_it_missed(
    extensions: dict[str, str],
) -> None:
    source = stream()
    async with serving(source) as server, raw(server.port, receive_buffer=4096) as slow:
        headers = {"Sec-WebSocket-Protocol": "webtee.v1"} | extensions
        await stall(slow, handshake("/s/s/live?lag=skip", headers))
        viewer = Watched()
        await write(source, PIECES)
        source.feed(Kind.OUTPUT, b"the end")
        viewer.connect()
        slow.writer.transport.resume_reading()  # type: ignore[attr-defined]
        while not viewer.output.endswith(b"the end"):
            opcode, reserved, payload = await slow.frame()
            viewer.message(opcode, payload, compressed=bool(reserved))
        assert viewer.gaps
        assert all(gap["reason"] == "slow" for gap in viewer.gaps)
        assert sum(gap["bytes"] for gap in viewer.gaps) > PIECES * PIECE / 4
        viewer.check_against(await history(server))  # what it has and the gaps are everything


async def test_what_is_no_longer_kept_is_announced_to_one_that_would_wait() -> None:
    source = stream(segment_size=1 << 18, keep=1 << 20)
    async with serving(source) as server, raw(server.port, receive_buffer=4096) as slow:
        await stall(slow, REQUESTS["keep deflate"])
        viewer = Watched()
        written, _ = await write(source, PIECES)
        source.feed(Kind.OUTPUT, b"the end")
        viewer.connect()
        slow.writer.transport.resume_reading()  # type: ignore[attr-defined]
        while not viewer.output.endswith(b"the end"):
            opcode, reserved, payload = await slow.frame()
            viewer.message(opcode, payload, compressed=bool(reserved))
        assert viewer.gaps
        assert {gap["reason"] for gap in viewer.gaps} == {"expired"}
        missed = sum(gap["bytes"] for gap in viewer.gaps)  # it was there, so the log can tell
        assert missed + len(viewer.output) == len(written) + len(b"the end")


async def test_text_says_where_something_is_missing() -> None:
    source = stream(segment_size=1 << 18, keep=1 << 20)
    async with serving(source) as server, raw(server.port, receive_buffer=4096) as slow:
        await stall(slow, REQUESTS["text 1.0"])
        written, _ = await write(source, PIECES)
        source.end()
        slow.writer.transport.resume_reading()  # type: ignore[attr-defined]
        text = await slow.rest()
        piece, *gaps = re.split(rb"\n\[webtee: (\d+) bytes up to line \d+ no longer kept\]\n", text)
        assert gaps
        assert written.startswith(piece)
        at = len(piece)
        for missed, piece in zip(gaps[::2], gaps[1::2], strict=True):
            at += int(missed)
            assert written.startswith(piece, at)
            at += len(piece)
        assert at == len(written)


@pytest.mark.parametrize("kind", ["aiohttp-shared", "aiohttp-uncompressed"])
async def test_a_flood_that_the_log_cannot_keep_for_a_moment_is_a_gap(kind: str) -> None:
    source = stream(segment_size=1 << 14, keep=1 << 15)
    url = "http://127.0.0.1:{}/s/s/live"
    async with serving(source) as server, connected(kind, url.format(server.port)) as client:
        viewer = Watched()
        viewer.connect()
        source.feed(Kind.OUTPUT, b"begin")
        await client.feed(viewer, lambda: viewer.output == b"begin")
        for end in (b"one", b"two", b"three"):
            for _ in range(20):  # within one turn of the loop: nobody can be sent it meanwhile
                source.feed(Kind.OUTPUT, os.urandom(200_000))
            source.feed(Kind.OUTPUT, end)
            while not viewer.output.endswith(end):
                viewer.take(await client.receive())
        assert viewer.gaps
        assert {gap["reason"] for gap in viewer.gaps} == {"expired"}
        sent = {record.seq for record in viewer.records}
        missed = {
            seq for gap in viewer.gaps for seq in range(gap["first_seq"], gap["last_seq"] + 1)
        }
        assert sent | missed == set(range(1, source.log.head.seq + 1))
        assert not sent & missed


async def test_many_that_leave_in_the_middle_leave_nothing_behind() -> None:
    source = stream()
    async with serving(source) as server:
        for _ in range(5):
            async with raw(server.port, receive_buffer=4096) as one:
                await stall(one, REQUESTS["keep deflate"])
                await write(source, 20)
                one.writer.transport.abort()
        await until(lambda: source.viewers == 0)
        assert source.lagging == 0
        assert most_unsent(source) == 0
