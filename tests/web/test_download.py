"""Groups and downloads over HTTP."""

import pytest

from tests.support.running import serving, stream
from tests.web.conftest import Complaints
from tests.web.reading import fetch, fetch_json
from tests.web.test_search import filled, turns_of
from webtee.log.record import Kind
from webtee.search.snapshot import Snapshot
from webtee.web import groups as module


async def test_groups_are_told_over_all_that_is_kept() -> None:
    source = stream(segment_size=100)
    for time, payload in ((10, b"::group::One\n"), (20, b"x\n"), (30, b"::endgroup::\n--- Two\n")):
        source.log.append(Kind.OUTPUT, payload, time)
    one = {"line": 1, "end_line": 3, "name": "One", "depth": 0, "from": 10, "to": 30}
    two = {"line": 4, "end_line": None, "name": "Two", "depth": 0, "from": 30, "to": None}
    one |= {"style": "github", "collapsed": True}
    two |= {"style": "buildkite", "collapsed": True}
    async with serving(source) as server:
        for _ in range(2):  # what was read once is known
            answer = await fetch_json(server, "/s/s/groups")
            assert answer == {"epoch": "e1", "last_seq": 3, "groups": [one, two], "more": False}
        assert (await fetch_json(server, "/s/s/groups?after_line=2"))["groups"] == [one, two]
        assert (await fetch_json(server, "/s/s/groups?after_line=3"))["groups"] == [two]


async def test_too_many_groups_are_not_all_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_GROUPS", 2)
    source = stream()
    source.feed(Kind.OUTPUT, b"--- one\n--- two\n--- three\n")
    async with serving(source) as server:
        answer = await fetch_json(server, "/s/s/groups")
    assert ([group["name"] for group in answer["groups"]], answer["more"]) == (["one", "two"], True)


async def test_of_too_many_markers_the_newest_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_MARKERS", 3)
    source = stream(segment_size=1)
    for name in (b"one", b"two", b"three", b"four", b"five"):
        source.log.append(Kind.OUTPUT, b"--- %s\n" % name, 0)
    async with serving(source) as server:
        answer = await fetch_json(server, "/s/s/groups")
        assert [group["name"] for group in answer["groups"]] == ["two", "three", "four", "five"]
        assert answer["more"]
        monkeypatch.setattr(module, "MOST_MARKERS", 5)
        answer = await fetch_json(server, "/s/s/groups")
        assert (len(answer["groups"]), answer["more"]) == (5, False)


async def test_what_is_let_go_meanwhile_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Snapshot, "job", lambda _self, _part: None)
    async with serving(filled(10)) as server:
        assert (await fetch_json(server, "/s/s/groups"))["groups"] == []
        assert (await fetch(server, "/s/s/download"))[2] == b""


async def test_a_download_is_plain_text() -> None:
    source = stream(segment_size=80)
    for payload in (b"one\r\n\x1b[31mtwo\x1b[0m\n", b"three\n", b" 1%\r 2%\nfo", b"ur"):
        source.log.append(Kind.OUTPUT, payload, 0)
    async with serving(source) as server:
        status, headers, body = await fetch(server, "/s/s/download?format=text")
        assert (status, body) == (200, b"one\ntwo\nthree\n 2%\nfour\n")
        assert headers["Content-Type"] == "text/plain; charset=utf-8"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Disposition"] == (
            "attachment; filename=\"s.txt\"; filename*=UTF-8''s.txt"
        )
        status, _, body = await fetch(server, "/s/s/download?q=one|four&mode=regex&context=1")
        assert body == b"one\ntwo\n--\n 2%\nfour\n"
        status, _, body = await fetch(server, "/s/s/download?q=o&from_line=2&to_line=4")
        assert body == b"two\n"
        _, _, body = await fetch(server, "/s/s/download?q=o&invert=1")
        assert body == b"three\n 2%\n"
        assert (await fetch(server, "/s/s/download", method="HEAD"))[2] == b""
        assert turns_of(server).working == 0


async def test_a_file_name_is_safe_whatever_the_stream_is_called() -> None:
    source = stream('..a"b\n/ü')
    async with serving(source) as server:
        _, headers, _ = await fetch(server, "/s/..a%22b%0A%2F%C3%BC/download")
    assert headers["Content-Disposition"] == (
        "attachment; filename=\"a_b___.txt\"; filename*=UTF-8''..a%22b%0A%2F%C3%BC.txt"
    )


@pytest.mark.parametrize("query", ["format=pdf", "context=101", "q=(&mode=regex"])
async def test_what_makes_no_sense_is_refused(query: str, complaints: Complaints) -> None:
    async with serving(stream()) as server:
        assert (await fetch(server, f"/s/s/download?{query}"))[0] == 400
    assert len(complaints.take()) == 1
