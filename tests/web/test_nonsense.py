"""What makes no sense gets the right answer and one log line, and touches no one else.

Against the real command line, whose standard error is what people read.
"""

import contextlib
import subprocess
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.support.clients import Client, connected
from tests.support.raw import BINARY, CLOSE, PING, PONG, TEXT, frame, handshake, raw
from tests.support.running import Process, webtee
from tests.support.watching import Watched

pytestmark = pytest.mark.asyncio(loop_factories=["uvloop"])  # the server has a loop of its own

V1 = {"Sec-WebSocket-Protocol": "webtee.v1"}
DEFLATE = {"Sec-WebSocket-Extensions": "permessage-deflate"}


@pytest.fixture(scope="module")
def server() -> Iterator[Process]:
    with webtee("--quiet", stdin=subprocess.PIPE) as process:
        assert process.port
        yield process


class Bystander:
    """Someone else who watches, and a server whose log is read."""

    def __init__(self, server: Process, client: Client) -> None:
        self._server = server
        self._client = client
        self._viewer = Watched()
        self._viewer.connect()
        self._lines = len(server.err.lines)
        self._count = 0

    async def is_undisturbed(self) -> None:
        """Assert that what is written now arrives there."""
        self._count += 1
        line = b"still here %d\n" % self._count
        before = len(self._viewer.gaps)
        self._server.send(line)
        while not self._viewer.output.endswith(line):
            self._viewer.take(await self._client.receive())
        assert len(self._viewer.gaps) == before

    async def lines(self) -> list[str]:
        """Return the log's lines since the beginning of the test, when nothing more will come."""
        await self.is_undisturbed()
        async with raw(self._server.port) as peer:
            self._count += 1
            mark = f"/there-is-no-{self._count}-of-{self._lines}"
            status, _ = await peer.answer(
                f"GET {mark} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
            )
            assert status == 404
            self._server.err.until(f"{mark}.*\n")
        lines = self._server.err.lines[self._lines :]
        assert mark in lines.pop()
        self._lines += len(lines) + 1
        return lines


@pytest_asyncio.fixture
async def bystander(server: Process) -> AsyncIterator[Bystander]:
    async with connected("aiohttp-shared", f"{server.url}s/stdin/live") as client:
        yield Bystander(server, client)


PLACES = {
    "live": ("/s/stdin/live", V1),
    "live deflated": ("/s/stdin/live", V1 | DEFLATE),
    "plain": ("/", {}),
    "plain deflated": ("/s/stdin", DEFLATE),
}

FRAMES: dict[str, tuple[bytes, int]] = {
    "a text message": (frame(TEXT, b"hello"), 1003),
    "a binary message": (frame(BINARY, b"hello"), 1003),
    "an empty message": (frame(TEXT), 1003),
    "two messages": (frame(TEXT, b"hello") + frame(TEXT, b"hello"), 1003),
    "a message in pieces": (
        frame(TEXT, b"hel", final=False) + frame(PING) + frame(0, b"lo"),
        1003,
    ),
    "a big message": (frame(BINARY, bytes(100_000)), 1009),
    "the announcement of a huge one": (b"\x82\xff" + (1 << 40).to_bytes(8, "big") + b"1234", 1009),
    "bad UTF-8": (frame(TEXT, b"\xff\xfe"), 1007),
    "an unknown opcode": (frame(3, b"x"), 1002),
    "an unknown control opcode": (frame(11, b"x"), 1002),
    "a reserved bit": (frame(TEXT, b"x", rsv=2), 1002),
    "a ping too long": (frame(PING, bytes(126)), 1002),
    "a ping in pieces": (frame(PING, b"x", final=False), 1002),
    "a continuation of nothing": (frame(0, b"x"), 1002),
    "a close with half a code": (frame(CLOSE, b"\x03"), 1002),
    "a close with a code that is none": (frame(CLOSE, (999).to_bytes(2, "big")), 1002),
    "what cannot be inflated": (frame(BINARY, b"\xff" * 10, rsv=4), 1002),
    "no mask": (frame(TEXT, b"hello", masked=False), 1003),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("sent", FRAMES)
async def test_what_no_viewer_may_say(
    server: Process, bystander: Bystander, place: str, sent: str
) -> None:
    path, headers = PLACES[place]
    data, code = FRAMES[sent]
    async with raw(server.port) as peer:
        await peer.upgrade(path, headers)
        peer.writer.write(data)
        assert await peer.close_code() == code
        peer.writer.write(frame(CLOSE, code.to_bytes(2, "big")))
        with contextlib.suppress(ConnectionResetError):  # it need not read the rest of nonsense
            assert await peer.rest() == b""
    (line,) = await bystander.lines()
    assert line.startswith("webtee: 127.0.0.1 ")
    assert path in line
    assert str(code) in line


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("code", [b"", b"\x03\xe8", b"\x03\xe9bye", b"\x0f\xa0"])
async def test_leaving_politely_is_answered_and_not_worth_a_word(
    server: Process, bystander: Bystander, place: str, code: bytes
) -> None:
    path, headers = PLACES[place]
    async with raw(server.port) as peer:
        await peer.upgrade(path, headers)
        peer.writer.write(frame(PONG, b"unasked"))
        peer.writer.write(frame(CLOSE, code))
        await peer.close_code()
        assert await peer.rest() == b""
    assert await bystander.lines() == []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("half", [b"", b"\x81", b"\x81\xfe\x10", frame(TEXT, b"hello")[:-2]])
async def test_leaving_without_a_word_or_in_the_middle_of_one(
    server: Process, bystander: Bystander, place: str, half: bytes
) -> None:
    path, headers = PLACES[place]
    async with raw(server.port) as peer:
        await peer.upgrade(path, headers)
        peer.writer.write(half)
        await peer.writer.drain()
        peer.writer.transport.abort()
    assert await bystander.lines() == []


def get(path: str, *headers: str, method: str = "GET", version: str = "HTTP/1.1") -> bytes:
    lines = [f"{method} {path} {version}", "Host: localhost", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1")


def without(request: bytes, header: str) -> bytes:
    lines = request.split(b"\r\n")
    return b"\r\n".join(line for line in lines if not line.startswith(header.encode()))


REQUESTS: dict[str, tuple[bytes, int]] = {
    "live without a subprotocol": (handshake("/s/stdin/live"), 400),
    "live with another subprotocol": (
        handshake("/s/stdin/live", {"Sec-WebSocket-Protocol": "webtee.v2, chat"}),
        400,
    ),
    "live without an upgrade": (get("/s/stdin/live"), 426),
    "an upgrade without a key": (without(handshake("/"), "Sec-WebSocket-Key"), 400),
    "an upgrade of another version": (handshake("/", {"Sec-WebSocket-Version": "99"}), 400),
    "an upgrade with a bad key": (handshake("/", {"Sec-WebSocket-Key": "?"}), 400),
    "an upgrade without a connection": (without(handshake("/"), "Connection"), 400),
    "after that is no number": (handshake("/s/stdin/live?after=x", V1), 400),
    "after below nothing": (handshake("/s/stdin/live?after=-1", V1), 400),
    "an endless after": (handshake("/s/stdin/live?after=" + "9" * 500, V1), 400),
    "another alphabet's digits": (handshake("/s/stdin/live?after=%D9%A3", V1), 400),
    "tail that is no number": (handshake("/s/stdin/live?tail=1.5", V1), 400),
    "lag that is no way to lag": (handshake("/s/stdin/live?lag=run", V1), 400),
    "plain with a bad tail": (handshake("/?tail=ten"), 400),
    "text with a bad tail": (get("/?tail="), 400),
    "text with a bad follow": (get("/?follow=yes"), 400),
    "an unknown stream": (handshake("/s/nothing/live", V1), 404),
    "an unknown stream as text": (get("/s/nothing"), 404),
    "an unknown stream with a strange name": (get("/s/%0A%1b%5b31m"), 404),
    "an unknown segment": (get("/s/stdin/segments/99999"), 404),
    "somewhere else": (get("/favicon.txt"), 404),
    "far away": (get("/../../etc/passwd"), 404),
    "farther away": (get("/assets/..%2f..%2fetc%2fpasswd"), 404),
    "POST": (get("/", "Content-Length: 0", method="POST"), 405),
    "POST with a body": (get("/", "Content-Length: 5", method="POST") + b"hello", 405),
    "DELETE": (get("/s/stdin/segments/1", method="DELETE"), 405),
    "OPTIONS": (get("/", method="OPTIONS"), 405),
    "HEAD of a WebSocket": (get("/s/stdin/live", method="HEAD"), 405),
    "a foreign page": (handshake("/", {"Origin": "https://evil.example"}), 403),
    "a foreign page live": (
        handshake("/s/stdin/live", V1 | {"Origin": "http://localhost.evil.example"}),
        403,
    ),
    "a foreign page reading": (get("/", "Origin: http://evil.example:9000"), 403),
    "a page of nowhere": (get("/", "Origin: http://[::1"), 403),
    "a header that is none": (get("/", "no colon"), 400),
    "a line break in a header": (get("/", "X: a\nb\x00c"), 400),
    "two lengths": (get("/", "Content-Length: 1", "Content-Length: 2"), 400),
    "a bad chunk": (get("/", "Transfer-Encoding: chunked", method="POST") + b"zz\r\n", 400),
    "a huge header": (get("/", "X: " + "x" * 100_000), 400),
    "a huge path": (get("/" + "x" * 100_000), 400),
    "a thousand headers": (get("/", *(f"X-{n}: {'x' * 100}" for n in range(1000))), 400),
    "another HTTP": (get("/", version="HTTP/9.9"), 400),
}


@pytest.mark.parametrize("sent", REQUESTS)
async def test_what_nobody_may_ask(server: Process, bystander: Bystander, sent: str) -> None:
    request, expected = REQUESTS[sent]
    async with raw(server.port) as peer:
        status, headers = await peer.answer(request)
        assert status == expected
        if expected == 426:
            assert headers["upgrade"] == "websocket"
        if expected == 405:
            assert "GET" in headers["allow"] or "WebSocket" in sent
        peer.writer.transport.abort()
    (line,) = await bystander.lines()
    assert line.startswith("webtee: ")
    assert line.isprintable()
    assert len(line) < 500


async def test_the_log_names_who_asked_for_what(server: Process, bystander: Bystander) -> None:
    async with raw(server.port) as peer:
        await peer.answer(get("/s/nothing?a=b"))
    (line,) = await bystander.lines()
    assert line.startswith("webtee: 127.0.0.1 GET '/s/nothing?a=b': 404 There is no stream")


@pytest.mark.parametrize(
    "sent", [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"hello\r\n\r\n"]
)
async def test_what_is_no_http_at_all_is_refused_without_a_word(
    server: Process, bystander: Bystander, sent: bytes
) -> None:
    async with raw(server.port) as peer:
        status, _ = await peer.answer(sent)
        assert status == 400
    assert await bystander.lines() == []  # scanners and TLS on the wrong port would fill the log


async def test_asking_slowly_asking_nothing_and_hanging_up(
    server: Process, bystander: Bystander
) -> None:
    for begun in (b"", b"GET", b"GET / HTTP/1.1\r\nHost: x\r\nX:", handshake("/")[:-1]):
        async with raw(server.port) as peer:
            peer.writer.write(begun)
            await peer.writer.drain()
            await bystander.is_undisturbed()
            peer.writer.transport.abort()
    assert await bystander.lines() == []


async def test_hanging_up_in_the_middle_of_an_answer(server: Process, bystander: Bystander) -> None:
    for request in (get("/"), handshake("/s/stdin/live?after=0", V1), handshake("/")):
        async with raw(server.port) as peer:
            peer.writer.write(request)
            await peer.reader.readexactly(12)
            peer.writer.transport.abort()
        await bystander.is_undisturbed()
    assert await bystander.lines() == []


async def test_more_requests_in_a_row_than_anyone_answers(
    server: Process, bystander: Bystander
) -> None:
    async with raw(server.port, receive_buffer=4096) as peer:
        peer.writer.write(get("/") * 5000)  # the first one follows for ever
        await bystander.is_undisturbed()
        peer.writer.transport.abort()
    assert await bystander.lines() == []


async def test_pings_without_end_are_answered_no_faster_than_they_are_read(
    server: Process, bystander: Bystander
) -> None:
    async with raw(server.port, receive_buffer=4096) as peer:
        await peer.upgrade("/s/stdin/live", V1)
        peer.writer.transport.pause_reading()  # type: ignore[attr-defined]
        peer.writer.write(frame(PING, bytes(125)) * 20_000)
        await bystander.is_undisturbed()
        peer.writer.transport.resume_reading()  # type: ignore[attr-defined]
        pongs = 0
        while pongs < 20_000:
            pongs += (await peer.frame())[0] == PONG
    assert await bystander.lines() == []
