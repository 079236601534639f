"""Server-sent events: each record once, over any number of connections, cut anywhere."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.running import PATIENCE, serving, stream
from tests.web.conftest import Complaints
from tests.web.reading import fetch
from webtee.log.log import Log
from webtee.log.record import Kind
from webtee.stream import Stream
from webtee.text.utf8 import Utf8
from webtee.web.events import EventEncoder, Place
from webtee.web.server import Server

OUT, ERR = Kind.OUTPUT, Kind.STDERR


@dataclass
class Event:
    """An event as an EventSource dispatches it."""

    name: str = "message"
    data: str = ""
    id: str = ""

    @property
    def json(self) -> Any:
        return json.loads(self.data)


@dataclass
class Parser:
    """What a browser does with the bytes (HTML, section 9.2.6)."""

    id: str = ""
    comments: int = 0
    _rest: str = ""
    _fields: dict[str, list[str]] = field(default_factory=dict)

    def feed(self, data: bytes) -> list[Event]:
        *lines, self._rest = re.split("\r\n|\r|\n", self._rest + data.decode())
        found = []
        for line in lines:
            if not line:
                self.id = self._fields.get("id", [self.id])[-1]
                name = self._fields.get("event", ["message"])[-1]
                if texts := self._fields.get("data"):
                    found.append(Event(name, "\n".join(texts), self.id))
                self._fields = {}
            elif line.startswith(":"):
                self.comments += 1
            else:
                key, _, value = line.partition(":")
                self._fields.setdefault(key, []).append(value.removeprefix(" "))
        return found


class Source:
    """A connection that events come from."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self.answer = answer
        self.parser = Parser()
        self._ready: list[Event] = []

    async def next(self) -> Event:
        async with asyncio.timeout(PATIENCE):
            while not self._ready:
                data = await self.answer.content.readany()
                assert data, "no more events"
                self._ready = self.parser.feed(data)
        return self._ready.pop(0)

    async def take(self, count: int) -> list[Event]:
        return [await self.next() for _ in range(count)]


def say(served: Stream, *payloads: bytes, kind: Kind = OUT) -> None:
    """Have each be a record of its own."""
    for payload in payloads:
        served.feed(kind, payload)
        served.flush()


@asynccontextmanager
async def source(server: Server, path: str, last: str | None = None) -> AsyncIterator[Source]:
    headers = {} if last is None else {"Last-Event-ID": last}
    url = f"http://127.0.0.1:{server.port}{path}"
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        yield Source(answer)


async def test_records_come_as_json_and_go_on_where_they_were() -> None:
    served = stream(segment_size=100)
    say(served, b"one\ntwo\nth")
    say(served, b"\xe2\x82", kind=ERR)
    async with serving(served) as server:
        async with source(server, "/s/s/events") as first:
            (
                hello,
                one,
            ) = await first.take(2)
            assert (hello.name, hello.json["epoch"], hello.json["resume"]) == (
                "hello",
                "e1",
                "fresh",
            )
            assert hello.json["head"]["seq"] == 2
            assert (one.name, one.id) == ("message", "e1/1")
            assert one.json == {
                "seq": 1, "kind": "output", "time": one.json["time"], "line": 1, "offset": 0,
                "text": "one\ntwo\nth",
            }  # fmt: skip
            served.event(event="mark", text="x\ny")
            mark = await first.next()
            assert (mark.name, mark.json["event"], mark.json["text"]) == ("event", "mark", "x\ny")
            assert mark.id == "e1/3/-e282"
        say(served, b"\xac!", kind=ERR)
        async with source(server, "/s/s/events?tail=1", mark.id) as second:
            hello, rest = await second.take(2)
            assert hello.json["resume"] == "exact"
            assert (rest.id, rest.json["kind"], rest.json["text"]) == ("e1/4", "stderr", "€!")
            served.feed(OUT, b"\xf0\x9f")
            served.event(event="exit", run=1, code=0, signal=None, seconds=1)
            served.end()
            cut, gone, end = await second.take(3)
            assert (cut.json["text"], gone.json["event"], end.name) == ("\ufffd", "exit", "end")


async def test_text_is_what_was_written_with_newlines_for_returns() -> None:
    served = stream()
    say(served, b"a\r", b"\nb\r\n 1%\r", b" 2%\r\n", b"end")
    async with serving(served) as server:
        async with source(server, "/s/s/events?as=text") as events:
            texts = await events.take(5)
        assert [event.data for event in texts[1:]] == ["a\n", "b\n 1%\n", " 2%\n", "end"]
        async with source(server, "/s/s/events?as=text", texts[1].id) as events:
            assert [event.data for event in (await events.take(2))[1:]] == ["b\n 1%\n"]
        async with source(server, "/s/s/events?as=text&tail=2") as events:
            assert [event.data for event in (await events.take(3))[1:]] == [" 1%\n", " 2%\n"]


async def test_a_tail_begins_within_a_record_and_says_where() -> None:
    served = stream()
    say(served, b"one\ntwo\nthree\n")
    async with serving(served) as server, source(server, "/s/s/events?tail=2") as events:
        _, two = await events.take(2)
    assert (two.json["line"], two.json["offset"], two.json["text"]) == (2, 4, "two\nthree\n")


async def test_another_epoch_begins_anew_and_is_told() -> None:
    served = stream()
    served.feed(OUT, b"new\n")
    async with serving(served) as server:
        for path, last in (
            ("/s/s/events", "e0/1"),
            ("/s/s/events?after=1&epoch=e0", None),
            ("/s/s/events", "e1/2"),  # which there never was
        ):
            async with source(server, path, last) as events:
                hello, record = await events.take(2)
            assert (hello.json["resume"], record.json["text"]) == ("fresh", "new\n")
        async with source(server, "/s/s/events?after=1") as events:
            assert (await events.next()).json["resume"] == "exact"


async def test_what_is_no_longer_kept_is_a_gap() -> None:
    served = stream(segment_size=1, keep=0)
    say(served, *(b"line %d\n" % number for number in range(1, 6)))
    async with serving(served) as server:
        async with source(server, "/s/s/events") as events:
            hello, gap, last = await events.take(3)
        assert (hello.json["resume"], gap.name, gap.id) == ("fresh", "gap", "e1/4")
        assert (gap.json["first_seq"], gap.json["reason"], gap.json["bytes"]) == (1, "expired", 28)
        assert last.json["text"] == "line 5\n"
        async with source(server, "/s/s/events?as=text", "e1/2/e2-") as events:
            hello, gap, last = await events.take(3)
        assert (hello.json["resume"], gap.json["first_seq"]) == ("gap", 3)
        assert last.data == "line 5\n"


async def test_a_quiet_connection_is_kept_open_by_comments_and_ended_with_the_server() -> None:
    served = stream()
    async with (
        serving(served, ping_interval=0.01) as server,
        source(server, "/s/s/events") as events,
    ):
        assert (await events.next()).name == "hello"
        async with asyncio.timeout(PATIENCE):
            while events.parser.comments < 3:
                events.parser.feed(await events.answer.content.readany())
        served.end()
        assert (await events.next()).name == "end"
        async with asyncio.timeout(PATIENCE):
            await server.close("enough")
            while await events.answer.content.readany():
                pass
    assert served.viewers == 0


@pytest.mark.parametrize("last", ["e1", "e1/x", "e1/1/e2", "e1/1/0-", "e1/1/e282ac21-", "/1"])
async def test_an_id_that_is_none_is_refused(last: str, complaints: Complaints) -> None:
    async with serving(stream()) as server:
        status, _, body = await fetch(server, "/s/s/events", headers={"Last-Event-ID": last})
    assert (status, b"is no id of an event" in body) == (400, True)
    assert len(complaints.take()) == 1


@pytest.mark.parametrize("query", ["as=xml", "tail=-1", "after=x"])
async def test_what_makes_no_sense_is_refused(query: str, complaints: Complaints) -> None:
    async with serving(stream()) as server:
        assert (await fetch(server, f"/s/s/events?{query}"))[0] == 400
        assert (await fetch(server, "/s/s/events", method="HEAD"))[0] == 200
    assert len(complaints.take()) == 1


PIECES = st.lists(
    st.tuples(
        st.sampled_from([OUT, ERR]),
        st.lists(
            st.sampled_from([b"\r", b"\n", b"a", b"\xe2", b"\x82", b"\xac", b"\xf0\x9f", b"\xff"]),
            max_size=4,
        ).map(b"".join),
    ),
    max_size=12,
)


@example([(OUT, b"\r\xe2"), (OUT, b"\r")], {2}, False)
@given(PIECES, st.sets(st.integers(0, 12)), st.booleans())
def test_any_output_is_the_same_over_any_connections(
    pieces: list[tuple[Kind, bytes]], cuts: set[int], as_json: bool
) -> None:
    log = Log("e")
    whole: dict[str, str] = {"output": "", "stderr": ""}
    for kind, payload in pieces:
        log.append(kind, payload, 0)
    for name, kind in (("output", OUT), ("stderr", ERR)):
        utf8 = Utf8()
        joined = b"".join(payload for each, payload in pieces if each is kind)
        whole[name] = utf8.feed(joined).decode()
    parser = Parser()
    encoder = EventEncoder("e", as_json=as_json)
    texts: dict[str, str] = {"output": "", "stderr": ""}
    together = alone = ""
    plain = EventEncoder("e", as_json=False)
    for seq in range(1, log.next_seq):
        segment, index = log.find(seq)
        if seq in cuts:  # the connection was lost, and another one made
            place = Place.parse(parser.id) if parser.id else Place("e", 0)
            assert place == Place("e", seq - 1, place.held if place else (b"", b""))
            encoder = EventEncoder("e", as_json=as_json, held=place.held)
            parser = Parser(id=parser.id)
        for event in parser.feed(encoder.fork().encode(log, segment, index, index + 1)):
            if as_json:
                texts[event.json["kind"]] += event.json["text"]
            together += event.data
        encoder.encode(log, segment, index, index + 1)
        alone += "".join(
            event.data for event in Parser().feed(plain.encode(log, segment, index, index + 1))
        )
    if as_json:
        assert texts == whole
    else:
        assert together == alone
        assert "\r" not in together
