"""The terminal's present screen over HTTP: what to fetch, and what to feed before it."""

import asyncio
from typing import Any

import pytest

from tests.support.running import PATIENCE, serving
from tests.web.conftest import Complaints
from tests.web.reading import fetch, fetch_json
from webtee.log.log import Log
from webtee.log.record import Kind
from webtee.stream import Stream

PATH = "/s/s/screen"
ENTER, CLEAR = b"\x1b[?1049h", b"\x1b[H\x1b[2J"


def terminal(**options: Any) -> Stream:
    log = Log("e", segment_size=10_000)
    return Stream("s", log, pty=True, cols=80, rows=24, **options)


async def test_the_parts_name_the_segments_that_hold_them() -> None:
    source = terminal()
    async with serving(source) as server:
        source.feed(Kind.OUTPUT, b"shell\r\n" + ENTER + CLEAR)
        for _ in range(30):
            source.feed(Kind.OUTPUT, b"x" * 1000)
            source.flush()
        answer = await fetch_json(server, PATH)
        firsts = [segment.first_seq for segment in source.log.segments]
        assert len(firsts) == 3
        assert answer == {
            "epoch": "e",
            "on": True,
            "cols": 80,
            "rows": 24,
            "last_seq": source.log.head.seq,
            "exact": True,
            "parts": [
                {"from": 0, "to": 7, "before": "", "cols": 80, "rows": 24, "segments": firsts[:1]},
                {"from": 7, "to": None, "before": "", "cols": 80, "rows": 24, "segments": firsts},
            ],
        }


async def test_a_redraw_is_only_made_for_who_asks_for_one() -> None:
    sizes: list[tuple[int, int]] = []

    def resize(cols: int, rows: int) -> None:
        sizes.append((cols, rows))
        source.feed(Kind.OUTPUT, CLEAR + b"drawn anew")

    source = terminal(resize=resize)
    source.feed(Kind.OUTPUT, ENTER + b"x" * 5_000_000)
    async with serving(source) as server, asyncio.timeout(PATIENCE):
        assert not (await fetch_json(server, PATH))["exact"]
        assert not (await fetch_json(server, f"{PATH}?redraw=0"))["exact"]
        assert sizes == []
        answer = await fetch_json(server, f"{PATH}?redraw=1")
        assert answer["exact"]
        assert answer["parts"][-1]["before"].startswith("\x1b[!p")
        assert sizes == [(80, 23), (80, 24)]


async def test_the_screen_of_then_ends_then() -> None:
    source = terminal()
    source.feed(Kind.OUTPUT, b"shell\r\n" + ENTER + CLEAR + b"one")
    source.flush()
    then = source.log.head
    source.log.append(Kind.EVENT, b'{"event": "resize", "cols": 90, "rows": 30}', then.time + 5)
    source.log.append(Kind.OUTPUT, b"two", then.time + 10)
    async with serving(source) as server:
        answer = await fetch_json(server, f"{PATH}?to_time={then.time + 4}")
        parts = answer.pop("parts")
        assert answer == {
            "epoch": "e",
            "on": True,
            "cols": 80,
            "rows": 24,
            "last_seq": then.seq,
            "exact": True,
        }
        assert [(part["from"], part["to"]) for part in parts] == [(0, 7), (7, then.offset)]
        later = await fetch_json(server, f"{PATH}?to_time={then.time + 9}")
        assert (later["last_seq"], later["cols"], later["rows"]) == (then.seq + 1, 90, 30)
        first = source.log.first
        before = await fetch_json(server, f"{PATH}?to_time={first.time - 1}")
        assert (before["last_seq"], before["on"], before["parts"][0]["to"]) == (0, False, 0)


async def test_without_a_terminal_the_past_has_no_screen_either() -> None:
    source = Stream("s", Log("e"))
    async with serving(source) as server:
        answer = await fetch_json(server, f"{PATH}?to_time=5")
        assert answer["parts"] == []
        assert answer["exact"]


@pytest.mark.parametrize("query", ["?redraw=2", "?redraw=", "?redraw=1&to_time=x"])
async def test_what_makes_no_sense_is_refused(query: str, complaints: Complaints) -> None:
    async with serving(terminal()) as server:
        assert (await fetch(server, PATH + query))[0] == 400
    assert query.rpartition("&")[2].strip("?")[:7] in complaints.take()[0]
