"""webtee.v1 as real clients see it: hello, records, resume, gaps, tail, lag and status."""

import asyncio
import json
import time

import pytest

from tests.support.clients import CLIENTS, OTHERS, SHARED, Closed, connected
from tests.support.raw import BINARY, PING, PONG, TEXT, frame, raw
from tests.support.running import PATIENCE, serving, stream
from tests.support.watching import Watched, inflate
from tests.web.conftest import Complaints
from tests.web.reading import fetch, fetch_json, history
from webtee.log.record import Kind
from webtee.stream import Stream
from webtee.web.server import Server

OUTPUT = Kind.OUTPUT


def live(server: Server, query: str = "", name: str = "s") -> str:
    return f"http://127.0.0.1:{server.port}/s/{name}/live{query}"


def fill(source: Stream, count: int, *, begin: int = 1) -> None:
    """Write numbered lines, one record each."""
    for number in range(begin, begin + count):
        source.feed(OUTPUT, b"%06d some words that any log may have\n" % number)
        source._append_pending()
    source._schedule()


def shares(agreed: str) -> bool:
    """Return whether what was agreed on lets the server send the log's own messages."""
    return agreed.startswith("permessage-deflate") and "server_" not in agreed


async def watch(url: str, kind: str, viewer: Watched, until: int) -> bool:
    """Connect, take everything up to a seq, and leave; tell whether the context was shared."""
    viewer.connect()
    async with connected(kind, url) as client:
        await client.feed(viewer, lambda: viewer.last >= until)
        return shares(client.extensions)


@pytest.mark.parametrize("kind", CLIENTS)
async def test_every_client_sees_every_byte_in_order(kind: str) -> None:
    source = stream()
    async with serving(source) as server, connected(kind, live(server)) as client:
        viewer = Watched()
        viewer.connect()
        pieces = [bytes([number]) * (number * 7) + b"\n" for number in range(256)]
        for number, piece in enumerate(pieces):
            source.feed(Kind(number % 2), piece)
            await asyncio.sleep(0)
        source.event(event="mark", text="that was all")
        await client.feed(viewer, lambda: viewer.events)
        assert viewer.output == b"".join(pieces)
        assert viewer.events == [{"event": "mark", "text": "that was all"}]
        assert not viewer.gaps
        viewer.check_against(await history(server))


async def test_only_clients_that_take_the_shared_context_get_it() -> None:
    source = stream()
    async with serving(source) as server:
        for kind in [*SHARED, *OTHERS]:
            async with connected(kind, live(server)) as client:
                assert shares(client.extensions) == (kind in SHARED), client.extensions


@pytest.mark.parametrize(
    ("offer", "compressed"),
    [
        ("permessage-deflate", True),
        ("permessage-deflate; client_max_window_bits", True),
        ("permessage-deflate; client_no_context_takeover", True),
        ("permessage-deflate; server_no_context_takeover", False),
        ("permessage-deflate; server_max_window_bits=10", False),
        ("permessage-deflate; server_max_window_bits=12; client_max_window_bits", False),
        ("x-webkit-deflate-frame", False),
        ("", False),
    ],
)
async def test_what_is_compressed_is_what_was_agreed(offer: str, compressed: bool) -> None:
    source = stream()
    async with serving(source) as server, raw(server.port) as peer:
        headers = {"Sec-WebSocket-Protocol": "webtee.v1"}
        if offer:
            headers["Sec-WebSocket-Extensions"] = offer
        answered = await peer.upgrade("/s/s/live", headers)
        assert answered["sec-websocket-protocol"] == "webtee.v1"
        viewer = Watched()
        viewer.connect()
        fill(source, 50)
        while viewer.last < 50:
            opcode, reserved, payload = await peer.frame()
            assert reserved == (4 if compressed and opcode == BINARY else 0)
            viewer.message(opcode, payload, compressed=bool(reserved))
        assert viewer.deflated == (50 if compressed else 0)
        if not compressed:
            assert "context" not in answered.get("sec-websocket-extensions", "") or offer


async def test_hello_says_what_there_is() -> None:
    source = stream(
        "build", title="The build", command=("make", "-j8"), pty=True, cols=100, rows=30
    )
    before = time.time_ns() // 1000
    source.feed(OUTPUT, b"one\ntwo\nthr")
    async with serving(source) as server:
        viewer = Watched()
        await watch(live(server, name="build"), "websockets", viewer, 1)
    hello = viewer.hello
    assert hello is not None
    times = [hello["first"].pop("time"), hello["head"].pop("time")]
    assert all(before <= at <= time.time_ns() // 1000 for at in times)
    assert hello == {
        "type": "hello",
        "epoch": "e1",
        "stream": {
            "name": "build",
            "title": "The build",
            "command": ["make", "-j8"],
            "pty": True,
            "cols": 100,
            "rows": 30,
            "screen": False,
        },
        "first": {"seq": 1, "line": 1},
        "head": {"seq": 1, "line": 3, "offset": 11},
        "resume": "fresh",
        "pulse": 15,
    }


async def test_an_empty_stream_greets_too_and_sends_what_comes_later() -> None:
    source = stream()
    async with serving(source) as server, connected("aiohttp-shared", live(server)) as client:
        hello = json.loads(await client.receive())
        assert hello["first"]["seq"] == 1
        assert hello["head"]["seq"] == 0
        assert hello["stream"]["cols"] is None
        viewer = Watched()
        viewer.connect()
        viewer.take(json.dumps(hello))
        source.feed(OUTPUT, b"\xff\x00no text\r\n")
        await client.feed(viewer, lambda: viewer.records)
        assert viewer.output == b"\xff\x00no text\r\n"


@pytest.mark.parametrize("kind", CLIENTS)
async def test_resume_goes_on_exactly_there(kind: str) -> None:
    source = stream(segment_size=8000)
    fill(source, 500)
    viewer = Watched()
    async with serving(source) as server:
        shared = await watch(live(server, "?after=0"), kind, viewer, 500)
        for end in (501, 730, 731, 1200):
            fill(source, end - source.log.head.seq, begin=source.log.head.seq + 1)
            await watch(live(server, f"?after={viewer.last}&epoch=e1"), kind, viewer, end)
            assert viewer.hello is not None
            assert viewer.hello["resume"] == "exact"
        assert not viewer.gaps
        assert viewer.records[0].seq == 1
        assert (viewer.repeated > 0) == shared
        viewer.check_against(await history(server))


async def test_resume_at_the_head_waits_for_what_comes() -> None:
    source = stream()
    fill(source, 3)
    async with (
        serving(source) as server,
        connected("websockets-uncompressed", live(server, "?after=3&epoch=e1")) as client,
    ):
        viewer = Watched()
        viewer.connect()
        viewer.take(await client.receive())
        assert viewer.hello is not None
        assert viewer.hello["resume"] == "exact"
        fill(source, 1, begin=4)
        await client.feed(viewer, lambda: viewer.records)
        assert [record.seq for record in viewer.records] == [4]


@pytest.mark.parametrize("kind", ["websockets", "aiohttp-shared"])
async def test_resume_where_it_is_no_longer_kept_is_a_gap(kind: str) -> None:
    source = stream(segment_size=4000, keep=4000)
    viewer = Watched()
    async with serving(source) as server:
        fill(source, 20)
        await watch(live(server, "?after=0"), kind, viewer, 20)
        kept = len(viewer.records)
        fill(source, 3000, begin=21)
        assert source.log.first.seq > 100
        await watch(live(server, f"?after={viewer.last}&epoch=e1"), kind, viewer, 3020)
        assert viewer.hello is not None
        assert viewer.hello["resume"] == "gap"
        (gap,) = viewer.gaps
        assert gap["first_seq"] == 21
        assert gap["last_seq"] == source.log.first.seq - 1
        assert gap["last_line"] == source.log.first.line - 1
        assert (gap["first_line"], gap["bytes"]) == (None, None)
        assert gap["reason"] == "expired"
        assert viewer.records[kept].seq == gap["last_seq"] + 1


@pytest.mark.parametrize(
    "query",
    ["?after=5&epoch=another", "?after=11&epoch=e1", "?after=99999999999999999999&epoch=e1"],
    ids=["another epoch", "the next to come", "the far future"],
)
async def test_resume_of_what_never_was_begins_anew(query: str) -> None:
    source = stream()
    fill(source, 10)
    viewer = Watched()
    async with serving(source) as server:
        await watch(live(server, query), "aiohttp-shared", viewer, 10)
    assert viewer.hello is not None
    assert viewer.hello["resume"] == "fresh"
    assert [record.seq for record in viewer.records] == list(range(1, 11))


@pytest.mark.parametrize("kind", ["websockets-uncompressed", "websockets-shared"])
@pytest.mark.parametrize("lines", [1, 7, 100, 5000])
async def test_tail_begins_with_at_least_that_many_last_lines(kind: str, lines: int) -> None:
    source = stream(segment_size=6000)
    fill(source, 1000)
    viewer = Watched()
    async with serving(source) as server:
        await watch(live(server, f"?tail={lines}"), kind, viewer, 1000)
    first = 1000 - lines + 1
    assert viewer.records[0].line <= max(first, 1)
    if kind not in SHARED:  # nothing before it is needed to inflate
        assert viewer.records[0].line == max(first, 1)
    assert viewer.records[-1].line == 1000


async def test_without_a_tail_it_begins_with_the_newest_segment() -> None:
    source = stream(segment_size=6000)
    fill(source, 1000)
    viewer = Watched()
    async with serving(source) as server:
        await watch(live(server), "websockets", viewer, 1000)
        listed = await fetch_json(server, "/s/s/segments")
    assert viewer.records[0].seq == listed["segments"][-1]["first_seq"] > 1


async def test_viewers_are_told_how_many_they_are() -> None:
    source = stream()
    url = "?tail=0"
    async with (
        serving(source) as server,
        connected("aiohttp-shared", live(server, url)) as one,
    ):
        seen = Watched()
        seen.connect()
        await one.feed(seen, lambda: seen.viewers == 1)
        async with connected("websockets", live(server, url)) as two:
            also = Watched()
            also.connect()
            await one.feed(seen, lambda: seen.viewers == 2)
            await two.feed(also, lambda: also.viewers == 2)
            listed = await fetch_json(server, "/api/streams")
            assert listed["streams"][0]["viewers"] == 2
        await one.feed(seen, lambda: seen.viewers == 1)


async def test_quiet_viewers_are_told_that_the_server_is_there() -> None:
    """In a message of its own: a browser keeps pings to itself."""
    source = stream()
    async with serving(source, ping_interval=0.01) as server, raw(server.port) as peer:
        answered = await peer.upgrade(
            "/s/s/live",
            {
                "Sec-WebSocket-Protocol": "webtee.v1",
                "Sec-WebSocket-Extensions": "permessage-deflate",
            },
        )
        assert "permessage-deflate" in answered["sec-websocket-extensions"]
        assert json.loads((await peer.frame())[2])["pulse"] == 0.01
        pulses = 0
        while pulses < 3:
            opcode, reserved, payload = await peer.frame()
            assert reserved == 0, "not compressed"
            pulses += opcode == TEXT and json.loads(payload) == {"type": "pulse"}


async def test_quiet_viewers_are_pinged_and_their_pings_answered() -> None:
    source = stream()
    async with serving(source, ping_interval=0.01) as server, raw(server.port) as peer:
        await peer.upgrade("/s/s/live", {"Sec-WebSocket-Protocol": "webtee.v1"})
        pings = 0
        while pings < 3:
            opcode, reserved, payload = await peer.frame()
            if opcode == PING:
                pings += 1
                assert reserved == 0
                peer.writer.write(frame(PONG, payload))
            else:
                assert opcode == TEXT
        peer.writer.write(frame(PING, b"are you there"))
        while (answer := await peer.frame())[0] != PONG:
            pass
        assert answer == (PONG, 0, b"are you there")
        assert source.viewers == 1


async def test_segments_over_http_are_the_records_over_websocket() -> None:
    source = stream(segment_size=5000)
    fill(source, 300)
    source.event(event="mark", text="x")
    source.feed(Kind.STDERR, b"oh\n")
    viewer = Watched()
    async with serving(source) as server:
        await watch(live(server, "?after=0"), "aiohttp-shared", viewer, 302)
        assert viewer.records == await history(server)
        listed = await fetch_json(server, "/s/s/segments")
        assert listed["epoch"] == "e1"
        assert len(listed["segments"]) > 3
        following: dict[str, int] = {"first_seq": 1}
        for entry in listed["segments"]:
            status, headers, body = await fetch(server, f"/s/s/segments/{entry['first_seq']}")
            assert status == 200
            assert headers["Content-Type"] == "application/octet-stream"
            records = inflate(body)
            first = records[0]
            assert entry["first_seq"] == following["first_seq"] == first.seq
            assert entry["last_seq"] == records[-1].seq
            assert entry["line"] == first.line
            assert entry["time"] == first.time
            assert entry["offset"] == first.offset
            assert entry["raw"] == sum(40 + len(record.payload) for record in records)
            assert entry["stored"] == len(body)
            following = {"first_seq": entry["last_seq"] + 1}
        assert [entry["sealed"] for entry in listed["segments"][:-1]] == [True] * (
            len(listed["segments"]) - 1
        )


async def test_what_never_changes_may_be_cached_for_ever_and_nothing_else() -> None:
    source = stream(segment_size=2000)
    fill(source, 95)
    async with serving(source) as server:
        listed = (await fetch_json(server, "/s/s/segments"))["segments"]
        sealed, unsealed = listed[0]["first_seq"], listed[-1]["first_seq"]
        assert not listed[-1]["sealed"]
        for path, expected in [
            (f"/s/s/segments/{sealed}?epoch=e1", "public, max-age=31536000, immutable"),
            (f"/s/s/segments/{sealed}", "no-store"),  # another log may have this number as well
            (f"/s/s/segments/{unsealed}?epoch=e1", "no-store"),
            ("/s/s/segments", "no-store"),
            ("/api/streams", "no-store"),
            ("/healthz", "no-store"),
            ("/?follow=0", "no-store"),
        ]:
            status, headers, _ = await fetch(server, path)
            assert status == 200
            assert headers["Cache-Control"] == expected, path
        _, _, before = await fetch(server, f"/s/s/segments/{sealed}?epoch=e1")
        fill(source, 100, begin=96)
        _, _, after = await fetch(server, f"/s/s/segments/{sealed}?epoch=e1")
        assert before == after


async def test_segments_that_are_not_there_say_why(complaints: Complaints) -> None:
    source = stream(segment_size=2000, keep=2000)
    fill(source, 1000)
    async with serving(source) as server:
        first = source.log.first.seq
        assert first > 2
        for path, expected in [
            ("/s/s/segments/1", 410),
            (f"/s/s/segments/{first - 1}", 410),
            (f"/s/s/segments/{first + 1}", 404),
            ("/s/s/segments/1001", 404),
            ("/s/s/segments/9999999999999999999", 404),
            (f"/s/s/segments/{first}?epoch=other", 410),
            ("/s/s/segments/x", 404),
            ("/s/s/segments/-1", 404),
            ("/s/s/segments/", 404),
            ("/s/t/segments", 404),
            ("/s/t/live", 404),
            ("/s/t", 404),
            ("/nothing", 404),
            ("/assets/nothing.js", 404),
            ("/s", 404),
        ]:
            status, headers, body = await fetch(server, path)
            assert status == expected, path
            assert headers["Content-Type"].startswith("text/plain")
            assert body
            (line,) = complaints.take()
            assert str(expected) in line
            assert path in line


async def test_two_servers_with_two_streams_share_a_loop_and_nothing_else() -> None:
    one, two = stream("one", epoch="a"), stream("two", epoch="b")
    async with serving(one) as first, serving(two) as second:
        assert first.port != second.port
        seen, also = Watched(), Watched()
        seen.connect()
        also.connect()
        async with connected("aiohttp-shared", live(second, name="two")) as right:
            async with connected("aiohttp-shared", live(first, name="one")) as left:
                one.feed(OUTPUT, b"left")
                two.feed(OUTPUT, b"right")
                await left.feed(seen, lambda: seen.output == b"left")
                await right.feed(also, lambda: also.output == b"right")
                closing = asyncio.ensure_future(first.close("one ends"))
                with pytest.raises(Closed) as closed:
                    await left.feed(seen, lambda: False)
                await closing
                assert (closed.value.code, closed.value.reason) == (1001, "one ends")
            two.feed(OUTPUT, b" goes on")
            await right.feed(also, lambda: also.output == b"right goes on")


async def test_one_server_serves_several_streams_and_the_first_at_the_root() -> None:
    one, two = stream("one", title="First"), stream("two")
    one.feed(OUTPUT, b"1\n")
    two.feed(OUTPUT, b"2\n")
    async with serving(one, two) as server:
        assert (await fetch(server, "/?follow=0"))[2] == b"1\n"
        assert (await fetch(server, "/s/one?follow=0"))[2] == b"1\n"
        assert (await fetch(server, "/s/two?follow=0"))[2] == b"2\n"
        listed = (await fetch_json(server, "/api/streams"))["streams"]
        assert [entry["name"] for entry in listed] == ["one", "two"]
        assert listed[0] == {
            "name": "one",
            "title": "First",
            "command": [],
            "pty": False,
            "cols": None,
            "rows": None,
            "screen": False,
            "epoch": "e1",
            "viewers": 0,
            "records": 1,
            "line": 2,
            "bytes": 2,
            "ended": False,
        }


async def test_closing_a_server_tells_its_viewers_and_is_done_once() -> None:
    source = stream()
    async with serving(source) as server:
        async with asyncio.timeout(PATIENCE):
            async with connected("websockets", live(server)) as client:
                await client.receive()
                closing = asyncio.ensure_future(server.close("good night"))
                with pytest.raises(Closed) as closed:
                    await client.feed(Watched(_greeted=True), lambda: False)
                await closing
            assert (closed.value.code, closed.value.reason) == (1001, "good night")
            await server.close("again")
    assert source.viewers == 0
