"""The timeline over HTTP."""

import asyncio

import pytest

from tests.support.running import serving, stream
from tests.web.conftest import Complaints
from tests.web.reading import fetch, fetch_json
from tests.web.test_search import filled, turns_of
from webtee.log.record import Kind
from webtee.search.snapshot import Snapshot


@pytest.mark.parametrize("at_once", [0, 4 << 20])
async def test_lines_are_counted_over_all_that_is_kept(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webtee.web.timeline._AT_ONCE", at_once)
    source = stream(segment_size=120)
    for time, payload in ((10, b"a\nERROR b\n"), (15, b"WARN c\n"), (29, b"d\n" * 50), (30, b"e")):
        source.log.append(Kind.OUTPUT, payload, time)
    async with serving(source) as server:
        for _ in range(2):  # what was counted once is known
            answer = await fetch_json(server, "/s/s/timeline?buckets=3")
            assert answer == {
                "epoch": "e1",
                "from": 10,
                "to": 30,
                "width": 7,
                "last_seq": 4,
                "lines": [3, 0, 51],
                "warnings": [1, 0, 0],
                "errors": [1, 0, 0],
                "first_line": [1, 4, 4],
            }
        answer = await fetch_json(server, "/s/s/timeline?buckets=2&from_time=20&to_time=29")
        assert (answer["lines"], answer["first_line"]) == ([0, 50], [4, 4])
        answer = await fetch_json(server, "/s/s/timeline?buckets=1&from_time=31&to_time=40")
        assert (answer["lines"], answer["first_line"]) == ([0], [55])
        source.feed(Kind.OUTPUT, b"\nf\n")
        answer = await fetch_json(server, "/s/s/timeline?buckets=1")
        assert answer["lines"] == [55]


async def test_what_is_known_of_sealed_segments_is_not_counted_again() -> None:
    async with serving(filled(1000, segment_size=600)) as server:
        await fetch_json(server, "/s/s/timeline")
        before = turns_of(server).jobs
        assert before > 30
        turns = 0

        async def others() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        meanwhile = asyncio.create_task(others())
        await fetch_json(server, "/s/s/timeline?buckets=7")
        meanwhile.cancel()
        assert turns_of(server).jobs <= before + 2
        assert turns > before  # and what is known holds up nobody either


async def test_an_empty_stream_has_an_empty_timeline() -> None:
    async with serving(stream()) as server:
        answer = await fetch_json(server, "/s/s/timeline")
        assert (answer["lines"], answer["first_line"]) == ([0], [1])


async def test_what_is_let_go_meanwhile_still_counts_as_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = filled(20, segment_size=100)
    job = Snapshot.job
    monkeypatch.setattr(
        Snapshot, "job", lambda self, part: job(self, part) if part.first_line > 1 else None
    )
    async with serving(source) as server:
        answer = await fetch_json(server, "/s/s/timeline?buckets=2")
    assert answer["lines"] == [10, 10]
    assert answer["first_line"] == [1, 11]


@pytest.mark.parametrize("query", ["buckets=x", "buckets=5001", "from_time=2&to_time=1"])
async def test_what_makes_no_sense_is_refused(query: str, complaints: Complaints) -> None:
    async with serving(stream()) as server:
        assert (await fetch(server, f"/s/s/timeline?{query}"))[0] == 400
    assert len(complaints.take()) == 1
