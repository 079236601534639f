"""The plain contract: a WebSocket and nothing else gets the last lines, then all, as text."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.clients import CLIENTS, Client, connected
from tests.support.raw import CLOSE, TEXT, frame, raw
from tests.support.running import serving, stream
from tests.support.v1 import split_frames
from webtee.log.log import Log
from webtee.log.record import Kind
from webtee.web.plain import TextEncoder
from webtee.web.server import Server

OUTPUT, STDERR, EVENT = Kind.OUTPUT, Kind.STDERR, Kind.EVENT


def at(server: Server, path: str = "/") -> str:
    return f"http://127.0.0.1:{server.port}{path}"


async def text_until(client: Client, end: str) -> str:
    """Return everything up to where the text ends with ``end``."""
    text = ""
    while not text.endswith(end):
        message = await client.receive()
        assert isinstance(message, str)
        text += message
    return text


@pytest.mark.parametrize("kind", CLIENTS)
async def test_every_client_gets_the_last_ten_lines_and_then_everything(kind: str) -> None:
    source = stream()
    source.feed(OUTPUT, b"".join(b"line %d\n" % number for number in range(1, 101)))
    async with (
        serving(source) as server,
        connected(kind, at(server), protocol=None) as client,
    ):
        past = await text_until(client, "line 100\n")
        assert past == "".join(f"line {number}\n" for number in range(91, 101))
        source.feed(OUTPUT, b"line 101\n")
        source.event(event="mark", text="not for everyone")
        source.feed(STDERR, b"oops\n")
        assert await text_until(client, "oops\n") == "line 101\noops\n"


@pytest.mark.parametrize(
    ("query", "first"), [("?tail=0", None), ("?tail=1", 30), ("?tail=12", 19), ("?tail=999", 1)]
)
async def test_tail_says_how_many_lines_come_first(query: str, first: int | None) -> None:
    source = stream(segment_size=100)
    for number in range(1, 31):
        source.feed(OUTPUT, b"line %d\n" % number)
        if number % 3 == 0:
            source.event(event="mark", text="between")
    async with (
        serving(source) as server,
        connected("websockets", at(server, query), protocol=None) as client,
    ):
        expected = [f"line {number}\n" for number in range(first or 31, 31)]
        if expected:
            assert await text_until(client, "line 30\n") == "".join(expected)
        source.feed(OUTPUT, b"new\n")
        assert await text_until(client, "new\n") == "new\n"


async def test_the_servers_own_number_of_lines_holds_where_none_is_asked_for() -> None:
    source = stream()
    source.feed(OUTPUT, b"1\n2\n3\n4")
    async with (
        serving(source, tail=2) as server,
        connected("websockets", at(server, "/s/s"), protocol=None) as client,
    ):
        assert await text_until(client, "4") == "3\n4"


async def test_characters_are_held_back_until_they_are_whole() -> None:
    source = stream()
    async with (
        serving(source) as server,
        connected("websockets", at(server), protocol=None) as client,
    ):
        euro = "€".encode()
        source.feed(OUTPUT, b"a" + euro[:1])
        assert await client.receive() == "a"
        source.feed(STDERR, b"!")  # another stream of characters, which does not divide the first
        assert await client.receive() == "!"
        source.feed(OUTPUT, euro[1:2])
        source.feed(OUTPUT, euro[2:] + b"\xff\x00b")
        assert await text_until(client, "b") == "€\ufffd\x00b"


@pytest.mark.parametrize("kind", ["websockets", "aiohttp-shared", "aiohttp-uncompressed"])
async def test_it_is_closed_with_1000_when_the_stream_has_ended(kind: str) -> None:
    source = stream()
    async with serving(source) as server:
        async with connected(kind, at(server), protocol=None) as client:
            source.feed(OUTPUT, b"the last words \xe2\x82")
            source.event(event="exit", run=1, code=0, signal=None, seconds=0.1)
            source.end()
            messages, code = await client.rest()
            assert "".join(map(str, messages)) == "the last words \ufffd"
            assert code == 1000
        async with connected(kind, at(server), protocol=None) as client:  # one who comes later
            messages, code = await client.rest()
            assert "".join(map(str, messages)) == "the last words \ufffd"
            assert code == 1000
    assert source.viewers == 0


async def test_pages_of_this_machine_and_programs_may_read() -> None:
    source = stream()
    source.feed(OUTPUT, b"hello\n")
    async with serving(source) as server:
        for origin in (
            None,
            "null",
            "http://localhost:1234",
            "http://127.0.0.1",
            "https://[::1]:8",
        ):
            async with raw(server.port) as peer:
                await peer.upgrade("/", {} if origin is None else {"Origin": origin})
                assert await peer.frame() == (TEXT, 0, b"hello\n")
                peer.writer.write(frame(CLOSE, b"\x03\xe8"))
                assert await peer.close_code() == 1000


pieces = st.lists(
    st.tuples(
        st.sampled_from([OUTPUT, OUTPUT, STDERR, EVENT]),
        st.one_of(
            st.binary(max_size=12),
            st.text(max_size=6).map(str.encode),
            st.sampled_from(["€", "😀", "é"]).flatmap(
                lambda character: st.integers(0, 4).map(lambda cut: character.encode()[:cut])
            ),
        ),
    ),
    max_size=30,
)


@given(pieces=pieces, cuts=st.lists(st.integers(0, 30), max_size=4), forks=st.booleans())
def test_whatever_is_written_the_text_is_what_decoding_the_whole_gives(
    pieces: list[tuple[Kind, bytes]], cuts: list[int], forks: bool
) -> None:
    log = Log("e", segment_size=200)
    written = {OUTPUT: b"", STDERR: b""}
    for kind, data in pieces:
        if kind is EVENT:
            log.append(kind, json.dumps({"event": "mark", "text": data.hex()}).encode(), 0)
        else:
            written[kind] += data
            log.append(kind, data, 0)
    log.append(EVENT, b'{"event":"exit"}', 0)

    encoder = TextEncoder()
    frames = b""
    seqs = [0, *sorted({min(cut, log.head.seq) for cut in cuts}), log.head.seq]
    for after, last in pairwise(seqs):
        seq = after + 1
        while seq <= last:
            segment, start = log.find(seq)
            stop = min(len(segment), last + 1 - segment.first_seq)
            frames += encoder.encode(log, segment, start, stop)
            seq = segment.first_seq + stop
        if forks:
            encoder = encoder.fork()

    messages, rest = split_frames(frames)
    assert not rest
    for opcode, compressed, payload in messages:
        assert (opcode, compressed) == (TEXT, False)
        assert payload
        payload.decode()  # every message by itself is valid
    got = b"".join(payload for _, _, payload in messages).decode()
    alone = {kind: data for kind, data in written.items() if data}
    if len(alone) < 2:
        assert got == b"".join(alone.values()).decode(errors="replace")
    else:
        expected = "".join(data.decode(errors="replace") for data in written.values())
        assert sorted(got) == sorted(expected)
        assert is_interleaving(got, *(data.decode(errors="replace") for data in written.values()))


def is_interleaving(whole: str, one: str, other: str) -> bool:
    """Return whether both are in ``whole``, each in its order, and nothing else is."""
    if len(whole) != len(one) + len(other):
        return False
    reached = {0}  # how many characters of ``one`` may have been used so far
    for used, character in enumerate(whole):
        reached = {
            following
            for mine in reached
            for following, source, index in ((mine + 1, one, mine), (mine, other, used - mine))
            if index < len(source) and source[index] == character
        }
    return len(one) in reached


@given(data=st.binary(max_size=200), cuts=st.lists(st.integers(0, 200), max_size=8))
def test_one_channel_cut_anywhere_is_the_whole_decoded(data: bytes, cuts: list[int]) -> None:
    log = Log("e")
    for start, stop in zip([0, *sorted(cuts)], [*sorted(cuts), len(data)], strict=True):
        log.append(OUTPUT, data[start:stop], 0)
    log.append(EVENT, b'{"event":"exit"}', 0)
    encoder = TextEncoder()
    segment = log.segments[0]
    frames = b"".join(encoder.encode(log, segment, at, at + 1) for at in range(len(segment)))
    text = b"".join(payload for _, _, payload in split_frames(frames)[0])
    assert text.decode() == data.decode(errors="replace")
