"""Searching over HTTP: what is found, refused, cancelled; and that it holds up nobody."""

import asyncio
import json
import threading
from collections.abc import AsyncGenerator
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from tests.support.clients import connected
from tests.support.raw import raw
from tests.support.running import PATIENCE, serving, stream
from tests.support.watching import Watched
from tests.web.conftest import Complaints
from tests.web.reading import fetch, fetch_json
from webtee.log.record import Kind
from webtee.search.scan import Found, search
from webtee.search.snapshot import Snapshot
from webtee.search.steps import Steps
from webtee.stream import Stream
from webtee.web.server import Server
from webtee.web.streamed import READERS
from webtee.web.turns import TURNS, Turns


async def ask(server: Server, **query: object) -> list[dict[str, Any]]:
    """Return the messages of a search."""
    status, headers, body = await fetch(server, f"/s/s/search?{urlencode(query)}")
    assert status == 200, body
    assert headers["Content-Type"] == "application/x-ndjson"
    assert headers["Cache-Control"] == "no-store"
    return [json.loads(line) for line in body.splitlines()]


def matching(parts: list[dict[str, Any]]) -> list[int]:
    """Return the numbers of the lines that match, as the parts name them."""
    return [
        part["first_line"] + start + n
        for part in parts
        for start, length in zip(part["runs"][::2], part["runs"][1::2], strict=True)
        for n in range(length)
    ]


def turns_of(server: Server) -> Turns:
    return server._runner.app[TURNS]


def filled(lines: int, **options: Any) -> Stream:
    """Return a stream with numbered lines, ten in a record."""
    source = stream(**options)
    for number in range(1, lines + 1, 10):
        text = "".join(f"line {n} of many\n" for n in range(number, number + 10))
        source.log.append(Kind.OUTPUT, text.encode(), number)
    return source


async def until(condition: Any) -> None:
    """Wait until something holds; what it waits for makes progress in this loop."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0)


async def test_the_parts_of_what_is_kept_are_told_newest_first() -> None:
    source = stream(segment_size=150)
    for payload in (b"one\ntwo\n", b"three \x1b[31mred\x1b[m\r\nfo", b"ur\n", b"\xff five"):
        source.log.append(Kind.OUTPUT, payload, 1000)
    source.feed(Kind.STDERR, b"six")
    async with serving(source) as server:
        head, *parts, end = await ask(server, q="e", texts=9)
        oldest = await ask(server, q="e", texts=9, order="oldest")
    assert head == {
        "type": "search",
        "epoch": "e1",
        "first_line": 1,
        "last_line": 6,
        "last_seq": 5,
        "mid_line": True,
    }
    assert oldest == [head, *reversed(parts), end]
    assert [(part["first_line"], part["last_line"]) for part in parts] == [(5, 6), (1, 4)]
    assert parts[1] == {
        "type": "part", "first_line": 1, "last_line": 4, "matches": 2, "runs": [0, 1, 2, 1],
        "texts": [[1, 0, 1000, "one"], [3, 0, 1000, "three \x1b[31mred\x1b[m\r"]],
    }  # fmt: skip
    assert parts[0]["texts"] == [[5, 0, 1000, "\ufffd five"]]
    assert end == {"type": "end", "matches": 3, "complete": True}


async def test_the_ways_to_ask() -> None:
    async with serving(filled(100, segment_size=600)) as server:

        async def found(**query: object) -> list[int]:
            return sorted(matching((await ask(server, **query))[1:-1]))

        assert await found(q="LINE 77") == [77]
        assert await found(q="LINE 77", case=1) == []
        assert await found(q="e [57]\\d* ", mode="regex") == [5, 7, *range(50, 60), *range(70, 80)]
        assert await found(q="e 5", invert=1, to_line=7) == [1, 2, 3, 4, 6, 7]
        assert await found(from_line=98) == [98, 99, 100]
        assert await found(q="7", from_time=60, to_time=71, epoch="e1") == [67, *range(70, 80)]
        _, *parts, _ = await ask(server, q="line 5", to_line=6, context=2, texts=5)
        assert [text[0] for part in parts for text in part["texts"]] == [3, 4, 5, 6]
        _, *parts, _ = await ask(server, q="many", texts=5)
        assert not any("texts" in part for part in parts)


async def test_a_limit_ends_the_search() -> None:
    async with serving(filled(100, segment_size=600)) as server:
        _, *parts, end = await ask(server, q="line", limit=95)
        assert matching(parts[::-1]) == list(range(6, 101))
        assert parts[-1]["first_line"] == 6
        assert end == {"type": "end", "matches": 95, "complete": False}
        _, *parts, end = await ask(server, q="line", limit=95, order="oldest")
        assert matching(parts) == list(range(1, 96))
        assert parts[-1]["last_line"] == 95
        assert end == {"type": "end", "matches": 95, "complete": False}
        _, *parts, end = await ask(server, q="line", limit=100)
        assert end == {"type": "end", "matches": 100, "complete": True}
        _, *parts, end = await ask(server, q="line", limit=0)
        assert (parts, end) == ([], {"type": "end", "matches": 0, "complete": False})


async def test_a_segment_in_which_no_line_begins_is_no_part() -> None:
    source = stream(segment_size=1)
    for payload in (b"a", b"b", b"c\n", b"d\n"):
        source.log.append(Kind.OUTPUT, payload, 0)
    async with serving(source) as server:
        _, *parts, _ = await ask(server, q="^abc$", mode="regex")
    assert [(part["first_line"], part["runs"]) for part in parts] == [(2, []), (1, [0, 1])]


async def test_a_stream_without_output_has_no_parts() -> None:
    async with serving(stream()) as server:
        head, end = await ask(server, q="x")
        assert (head["first_line"], head["last_line"], head["last_seq"]) == (1, 0, 0)
        assert end["complete"]
        status, _, body = await fetch(server, "/s/s/search?q=x", method="HEAD")
        assert (status, body) == (200, b"")


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ({"mode": "glob"}, 400, "mode='glob' is not one of literal, regex."),
        ({"case": "x"}, 400, "case='x' is not one of 0, 1."),
        ({"invert": "2"}, 400, "invert='2' is not one of 0, 1."),
        ({"from_line": "-1"}, 400, "from_line='-1' is not a whole number, 0 or more."),
        ({"to_time": "now"}, 400, "to_time='now' is not a whole number, 0 or more."),
        ({"context": "101"}, 400, "context=101 is more than 100."),
        ({"texts": "10001"}, 400, "texts=10001 is more than 10000."),
        ({"limit": "2000001"}, 400, "limit=2000001 is more than 2000000."),
        ({"order": "none"}, 400, "order='none' is not one of newest, oldest."),
        (
            {"q": "a(b", "mode": "regex"},
            400,
            "q: the pattern is no regular expression: missing ): a(b",
        ),
        ({"q": "x" * 1001}, 400, "q: the pattern has 1001 bytes; at most 1000 are allowed."),
        ({"q": "x", "epoch": "other"}, 410, "That log has ended: webtee was started anew since."),
    ],
)
async def test_what_makes_no_sense_is_refused(
    query: dict[str, str], status: int, says: str, complaints: Complaints
) -> None:
    async with serving(stream()) as server:
        answered, _, body = await fetch(server, f"/s/s/search?{urlencode(query)}")
    assert answered == status
    assert body.decode().startswith(says)
    assert body.count(b"\n") == 1
    assert len(complaints.take()) == 1


async def test_too_many_at_once_are_told_to_come_again(complaints: Complaints) -> None:
    async with serving(filled(10)) as server:
        turns = turns_of(server)
        turns.working = turns._most
        status, headers, _ = await fetch(server, "/s/s/search?q=x")
        assert (status, headers["Retry-After"]) == (503, "1")
        turns.working = 0
        assert (await ask(server, q="x"))[-1]["complete"]
        assert turns.working == 0
    assert len(complaints.take()) == 1


async def test_a_search_whose_asker_went_costs_nothing_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, stopped = threading.Event(), threading.Event()

    def endless(_job: object, _query: object) -> Steps[Found]:
        begun.set()
        try:
            while True:
                yield
        finally:
            stopped.set()

    source = filled(1000, segment_size=600)
    async with serving(source) as server, aiohttp.ClientSession() as session:
        monkeypatch.setattr("webtee.web.search.search", endless)
        answer = await session.get(f"http://127.0.0.1:{server.port}/s/s/search?q=line")
        await until(begun.is_set)
        answer.close()
        await until(stopped.is_set)
        turns = turns_of(server)
        await until(lambda: turns.working == 0)
        assert turns.jobs <= 4 < len(source.log.segments)


async def test_a_search_holds_up_no_viewer(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(*arguments: Any) -> Steps[Found]:
        begun.set()
        assert go_on.wait(PATIENCE)
        return (yield from search(*arguments))

    monkeypatch.setattr("webtee.web.search.search", slow)
    source = filled(100, segment_size=600)
    async with (
        serving(source) as server,
        connected("aiohttp-shared", f"http://127.0.0.1:{server.port}/s/s/live") as client,
    ):
        searching = asyncio.create_task(ask(server, q="line"))
        await until(begun.is_set)
        source.feed(Kind.OUTPUT, b"while it runs\n")
        viewer = Watched()
        await client.feed(viewer, lambda: viewer.output.endswith(b"while it runs\n"))
        assert not searching.done()
        go_on.set()
        assert (await searching)[-1]["matches"] == 100


async def test_one_that_reads_nothing_takes_neither_memory_nor_a_turn() -> None:
    source = stream(segment_size=100_000)
    for number in range(150):  # 18 MB of answer: more than any kernel's buffers hold
        source.log.append(Kind.OUTPUT, (b"x" * 99 + b"\n") * 1000, number)
    async with serving(source) as server, raw(server.port, receive_buffer=4096) as stalled:
        request = b"GET /s/s/search?texts=10000 HTTP/1.1\r\nHost: localhost\r\n\r\n"
        status, _ = await stalled.answer(request)
        assert status == 200
        stalled.writer.transport.pause_reading()  # type: ignore[attr-defined]
        turns = turns_of(server)
        assert len(await ask(server, q="x")) == 152
        await until(lambda: turns.working == 0)
        assert turns.jobs < 300
        assert server._runner.server is not None
        transports = [connection.transport for connection in server._runner.server.connections]
        assert all(t is None or t.get_write_buffer_size() < 1 << 20 for t in transports)


async def test_one_that_does_not_read_the_end_takes_no_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serving(filled(10)) as server:
        assert server._runner.server is not None

        async def told(*_: object, **__: object) -> AsyncGenerator[bytes, None]:
            yield b"{}\n"
            assert server._runner.server is not None
            for connection in server._runner.server.connections:
                connection.pause_writing()  # as its transport does when much waits

        monkeypatch.setattr("webtee.web.search._told", told)
        answer = asyncio.create_task(fetch(server, "/s/s/search?q=x"))
        turns = turns_of(server)
        await until(lambda: server._runner.app[READERS])
        await until(lambda: turns.working == 0)
        assert not answer.done()
        for connection in server._runner.server.connections:
            connection.resume_writing()
        assert (await answer)[2] == b"{}\n"


async def test_of_too_many_answers_one_that_is_not_read_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, complaints: Complaints
) -> None:
    source = stream(segment_size=100_000)
    for number in range(150):
        source.log.append(Kind.OUTPUT, (b"x" * 99 + b"\n") * 1000, number)
    monkeypatch.setattr("webtee.web.streamed.MOST", 1)
    async with serving(source) as server, raw(server.port, receive_buffer=4096) as stalled:
        request = b"GET /s/s/download HTTP/1.1\r\nHost: localhost\r\n\r\n"
        assert (await stalled.answer(request))[0] == 200
        stalled.writer.transport.pause_reading()  # type: ignore[attr-defined]
        await until(lambda: turns_of(server).working == 0)
        assert (await fetch(server, "/s/s/search"))[0] == 503
        assert len(complaints.take()) == 1
        monkeypatch.setattr("webtee.web.streamed.STALLED", 0.0)
        assert len(await ask(server, q="x")) == 152
        await until(lambda: not server._runner.app[READERS])
        assert turns_of(server).working == 0
        stalled.writer.transport.resume_reading()  # type: ignore[attr-defined]
        assert not (await stalled.reader.read()).endswith(b"0\r\n\r\n")


async def test_what_was_let_go_meanwhile_matches_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    source = filled(100, segment_size=600)
    count = len(source.log.segments)
    monkeypatch.setattr(Snapshot, "job", lambda _self, _part: None)
    async with serving(source) as server:
        _, *parts, end = await ask(server, q="line")
    assert len(parts) == count
    assert end["matches"] == 0


async def test_the_list_of_segments_says_where_one_begins_within_a_line() -> None:
    source = stream(segment_size=1)
    for payload in (b"a\n", b"b", b"c\n", b"d\n"):
        source.log.append(Kind.OUTPUT, payload, 0)
    async with serving(source) as server:
        listed = await fetch_json(server, "/s/s/segments")
    assert [entry["mid_line"] for entry in listed["segments"]] == [False, False, True, False]
