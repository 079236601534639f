"""Pages of other origins read what they may, and browsers are told so; others read nothing."""

import pytest

from tests.support.raw import raw
from tests.support.running import serving, stream
from tests.web.conftest import Complaints
from tests.web.reading import fetch
from webtee.log.record import Kind
from webtee.web.server import Server

FRIEND = "https://friend.example"
LOCAL = "http://localhost:1234"
EVIL = "https://evil.example"
DATA = (
    "/?follow=0",
    "/s/s?follow=0&tail=1",
    "/s/s/segments",
    "/s/s/segments/1?epoch=e1",
    "/api/streams",
    "/healthz",
)
ERRORS = (("/s/none/segments", 404), ("/s/s/live", 426), ("/s/s/segments/9?epoch=e1", 404))


def varies(headers: dict[str, str]) -> list[str]:
    return [name.strip() for name in headers.get("Vary", "").split(",")]


async def get(server: Server, path: str, origin: str | None) -> tuple[int, dict[str, str], bytes]:
    status, headers, body = await fetch(
        server, path, headers={} if origin is None else {"Origin": origin}
    )
    return status, dict(headers), body


@pytest.mark.parametrize("origin", [FRIEND, LOCAL])
async def test_an_allowed_page_may_read_everything(origin: str, complaints: Complaints) -> None:
    ours = stream()
    ours.feed(Kind.OUTPUT, b"hello\n")
    ours.flush()
    async with serving(ours, allow_origins=[FRIEND]) as server:
        for path, expected in [*((path, 200) for path in DATA), *ERRORS]:
            status, headers, body = await get(server, path, origin)
            assert (status, bool(body)) == (expected, True), path
            assert headers["Access-Control-Allow-Origin"] == origin, path
            assert varies(headers).count("Origin") == 1, path
    assert len(complaints.take()) == len(ERRORS)


async def test_text_that_is_still_coming_may_be_read(complaints: Complaints) -> None:
    ours = stream()
    async with serving(ours) as server, raw(server.port) as peer:
        status, headers = await peer.answer(
            f"GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: {LOCAL}\r\n\r\n".encode()
        )
        assert (status, headers["access-control-allow-origin"]) == (200, LOCAL)
        assert headers["vary"] == "Origin"
    assert not complaints.take()


async def test_caches_know_that_it_depends_on_who_asks() -> None:
    ours = stream(segment_size=100)
    ours.feed(Kind.OUTPUT, b"x" * 200)
    ours.flush()
    ours.feed(Kind.OUTPUT, b"y")
    ours.flush()
    async with serving(ours) as server:
        for path in DATA:
            _, headers, _ = await get(server, path, None)
            assert "Access-Control-Allow-Origin" not in headers
            assert "Origin" in varies(headers), path
        _, headers, _ = await get(server, "/s/s/segments/1?epoch=e1", None)
        # What a browser keeps for ever of the page's own reading is not handed to other pages.
        assert ("immutable" in headers["Cache-Control"], varies(headers)) == (True, ["Origin"])


@pytest.mark.parametrize("origin", [EVIL, "null"])
async def test_a_page_that_may_not_read_is_refused_and_not_told_otherwise(
    origin: str, complaints: Complaints
) -> None:
    async with serving(stream(), allow_origins=[FRIEND]) as server:
        for path in DATA:
            status, headers, _ = await get(server, path, origin)
            assert status == 403, path
            assert "Access-Control-Allow-Origin" not in headers
            assert "Origin" in varies(headers)
    assert len(complaints.take()) == len(DATA)


async def test_a_rebound_name_lends_nobody_a_right(complaints: Complaints) -> None:
    request = f"GET /healthz HTTP/1.1\r\nHost: evil.example\r\nOrigin: {LOCAL}\r\n\r\n"
    script = f"GET /webtee.js HTTP/1.1\r\nHost: evil.example\r\nOrigin: {LOCAL}\r\n\r\n"
    async with serving(stream()) as server:
        for asked in (request, script):
            async with raw(server.port) as peer:
                status, headers = await peer.answer(asked.encode())
                assert status == 403
                assert "access-control-allow-origin" not in headers
    assert len(complaints.take()) == 2


@pytest.mark.parametrize("origin", [None, LOCAL, EVIL, "null"])
async def test_what_embedding_needs_is_for_every_page(origin: str | None) -> None:
    async with serving(stream()) as server:
        status, headers, script = await get(server, "/webtee.js", origin)
        assert status == 200
        assert headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert headers["Cache-Control"] == "no-cache"
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert "Origin" not in varies(headers)
        names = {part.partition(b'"')[0].decode() for part in script.split(b'"./')[1:]}
        assert names
        for name in names:
            status, headers, _ = await get(server, f"/{name}", origin)
            assert (status, headers["Access-Control-Allow-Origin"]) == (200, "*"), name
