"""Text over HTTP: the output's own bytes, for the real curl and for clients older than it."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.support.raw import raw
from tests.support.running import PATIENCE, serving, stream
from tests.web.reading import fetch
from webtee.log.record import Kind
from webtee.stream import Stream
from webtee.web.server import Server

OUTPUT = Kind.OUTPUT
BINARY = bytes(range(256)) * 40 + os.urandom(30_000)


class Curl:
    """A curl that is running."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        self.process = process
        self._stdout = process.stdout

    async def until(self, end: bytes) -> bytes:
        """Return what it prints up to and with ``end``."""
        async with asyncio.timeout(PATIENCE):
            return await self._stdout.readuntil(end)

    async def rest(self) -> bytes:
        """Return the rest; it has to end well."""
        async with asyncio.timeout(PATIENCE):
            data = await self._stdout.read()
            assert await self.process.wait() == 0
            return data


@asynccontextmanager
async def curl(server: Server, path: str, *options: str) -> AsyncIterator[Curl]:
    process = await asyncio.create_subprocess_exec(
        *("curl", "--silent", "--show-error", "--no-buffer", "--noproxy", "*", *options),
        f"http://127.0.0.1:{server.port}{path}",
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Curl(process)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        process._transport.close()  # type: ignore[attr-defined]


async def viewers(source: Stream, count: int) -> None:
    """Wait until so many watch."""
    async with asyncio.timeout(PATIENCE):
        while source.viewers != count:
            await asyncio.sleep(0)


@pytest.mark.parametrize("version", ["--http1.1", "--http1.0"])
async def test_curl_gets_all_that_is_kept_and_follows_to_the_end(version: str) -> None:
    source = stream(segment_size=10_000)
    source.feed(OUTPUT, BINARY)
    async with serving(source) as server, curl(server, "/", version) as watching:
        begun = await watching.until(BINARY[-100:])
        source.feed(OUTPUT, b"now\n")
        begun += await watching.until(b"now\n")
        source.feed(Kind.STDERR, BINARY[::-1])
        source.event(event="exit", run=1, code=0, signal=None, seconds=1)
        source.end()
        assert begun + await watching.rest() == BINARY + b"now\n" + BINARY[::-1]
    assert source.viewers == 0


async def test_it_is_there_at_once_and_when_the_stream_has_ended() -> None:
    source = stream()
    source.feed(OUTPUT, b"only this")
    source.end()
    async with serving(source) as server:
        for path in ("/", "/s/s", "/?follow=1", "/?follow=0", "/?tail=5"):
            async with curl(server, path) as reading:
                assert await reading.rest() == b"only this"


async def test_an_empty_stream_that_has_ended_is_an_empty_text() -> None:
    source = stream()
    source.end()
    async with serving(source) as server:
        for path in ("/", "/?follow=0", "/?tail=3"):
            async with curl(server, path) as reading:
                assert await reading.rest() == b""


@pytest.mark.parametrize("fed", [b"", b"1\n2\n3\n4\n5\n", b"1\n2\n3"])
@pytest.mark.parametrize("tail", [0, 1, 2, 5, 100])
async def test_tail_and_the_present(fed: bytes, tail: int) -> None:
    source = stream(segment_size=50)
    for at in range(0, len(fed), 3):
        source.feed(OUTPUT, fed[at : at + 3])
        source.event(event="mark", text="x")
    lines = fed.splitlines(keepends=True)
    expected = b"".join(lines[max(len(lines) - tail, 0) :] if tail else [])
    async with serving(source) as server:
        status, headers, body = await fetch(server, f"/?tail={tail}&follow=0")
    assert status == 200
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert body == expected


async def test_without_following_the_connection_goes_on_for_the_next_request() -> None:
    source = stream()
    source.feed(OUTPUT, b"x\n")
    async with serving(source) as server, raw(server.port) as peer:
        for _ in range(3):
            status, headers = await peer.answer(
                b"GET /?follow=0 HTTP/1.1\r\nHost: localhost\r\n\r\n"
            )
            assert status == 200
            assert headers["transfer-encoding"] == "chunked"
            body = await peer.reader.readuntil(b"0\r\n\r\n")
            assert body == b"2\r\nx\n\r\n0\r\n\r\n"


async def test_http_1_0_gets_bytes_without_chunks_to_the_end_of_the_connection() -> None:
    source = stream()
    source.feed(OUTPUT, BINARY)
    async with serving(source) as server, raw(server.port) as peer:
        status, headers = await peer.answer(b"GET / HTTP/1.0\r\n\r\n")
        assert status == 200
        assert "transfer-encoding" not in headers
        source.feed(OUTPUT, b"more")
        source.end()
        assert await peer.rest() == BINARY + b"more"


@pytest.mark.parametrize("version", ["1.0", "1.1"])
async def test_head_is_answered_without_a_body_and_at_once(version: str) -> None:
    source = stream()
    source.feed(OUTPUT, b"x\n")
    async with serving(source) as server, raw(server.port) as peer:
        status, headers = await peer.answer(
            f"HEAD / HTTP/{version}\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        )
        assert status == 200
        assert headers["content-type"] == "text/plain; charset=utf-8"
        assert await peer.rest() == b""
        for path in ("/s/s", "/?follow=0", "/healthz", "/api/streams", "/s/s/segments"):
            assert (await fetch(server, path, method="HEAD"))[0] == 200
        assert (await fetch(server, "/s/s/segments/1", method="HEAD"))[0] == 200
    assert source.viewers == 0


async def test_one_who_leaves_is_let_go() -> None:
    source = stream()
    source.feed(OUTPUT, b"hello\n")
    async with serving(source) as server:
        async with curl(server, "/") as watching:
            await watching.until(b"hello\n")
            assert source.viewers == 1
        await viewers(source, 0)


async def test_a_browser_is_not_given_the_text() -> None:
    source = stream()
    source.feed(OUTPUT, b"hello\n")
    async with serving(source) as server:
        for accept, page in [
            ("text/html,application/xhtml+xml,*/*;q=0.8", True),
            ("*/*", False),
            ("text/plain", False),
        ]:
            _, headers, body = await fetch(server, "/?follow=0", headers={"Accept": accept})
            assert (b"hello" not in body) == page
            assert ("Content-Security-Policy" in headers) == page
        assert (await fetch(server, "/?follow=0", headers={"Accept": "*/*"}))[2] == b"hello\n"


async def test_what_is_no_longer_kept_is_announced_to_one_who_comes_late() -> None:
    source = stream(segment_size=1, keep=0)
    for number in range(1, 6):
        source.feed(Kind.OUTPUT, b"line %d\n" % number)
        source.flush()
    async with serving(source) as server:
        _, _, body = await fetch(server, "/?follow=0")
    assert body == b"\n[webtee: 28 bytes up to line 4 no longer kept]\nline 5\n"
