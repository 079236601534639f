"""Real clients and a real webtee, end to end: each gets all of a numbered output, exactly.

Each joins before the output, in the middle of it and after it, and resumes where it left.
"""

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect as connect_in_a_thread

from tests.support.clients import CLIENTS, connected
from tests.support.running import PATIENCE, Heard, Process, webtee
from tests.support.watching import Watched, inflate

HERE = Path(__file__).parent
LINES = 30_000


def numbered(first: int, last: int) -> bytes:
    return b"".join(b"%06d 10.0.0.%d GET /page/%d\n" % (n, n % 256, n) for n in range(first, last))


OUTPUT = numbered(0, LINES)
HALF = numbered(0, LINES // 2)
LONG = OUTPUT * 3  # more than a segment


@pytest.fixture
def source() -> Iterator[Process]:
    """A webtee whose standard input the test writes."""
    with webtee("--quiet", stdin=subprocess.PIPE) as process:
        yield process


@pytest.fixture(scope="session")
def node() -> list[str]:
    """Node, and what makes it have a WebSocket: it is there by default from version 22 on."""
    version = subprocess.run(["node", "--version"], capture_output=True, check=True).stdout
    found = re.match(rb"v(\d+)\.", version)
    assert found
    return ["node", *(["--experimental-websocket"] if int(found[1]) < 22 else [])]


def after(viewer: Watched) -> str:
    """Return the query with which it begins at the beginning, or goes on."""
    known = viewer.hello["epoch"] if viewer.hello else ""
    return f"?after={viewer.last}" + (f"&epoch={known}" if known else "")


@pytest.mark.parametrize("kind", CLIENTS)
async def test_a_websocket_library(source: Process, kind: str) -> None:
    url = f"{source.url}s/stdin/live"
    early, resumed = Watched(), Watched()
    early.connect()
    async with connected(kind, url) as client:
        resumed.connect()
        async with connected(kind, url + after(resumed)) as first:
            source.send(HALF)
            await first.feed(resumed, lambda: len(resumed.output) > len(HALF) // 3)
        source.send(OUTPUT[len(HALF) :])
        source.end_input()
        await client.feed(early, lambda: early.events[-1:] and "code" in early.events[-1])
    resumed.connect()
    async with connected(kind, url + after(resumed)) as again:
        await again.feed(resumed, lambda: resumed.last == early.last)
    late = Watched()
    late.connect()
    async with connected(kind, f"{url}?tail={LINES}") as client:
        await client.feed(late, lambda: late.last == early.last)
    for viewer in (early, resumed, late):
        assert viewer.output == OUTPUT
        assert not viewer.gaps
    assert resumed.hello is not None
    assert resumed.hello["resume"] == "exact"
    assert [event["event"] for event in early.events] == ["start", "exit"]
    early.check_against(resumed.records)


def test_a_websocket_library_without_an_event_loop(source: Process) -> None:
    viewer = Watched()
    source.send(HALF)
    for part in (HALF, OUTPUT[len(HALF) :]):
        viewer.connect()
        url = f"{source.url}s/stdin/live{after(viewer)}".replace("http", "ws", 1)
        with connect_in_a_thread(url, subprotocols=["webtee.v1"], proxy=None) as socket:  # type: ignore[list-item]
            while not viewer.output.endswith(part):
                viewer.take(socket.recv(PATIENCE))
        if part == HALF:
            source.send(OUTPUT[len(HALF) :])
    assert viewer.output == OUTPUT


class Program:
    """A client that is a program; its standard output is what it saw."""

    def __init__(self, *command: str) -> None:
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        with self._process.stdout as stdout:
            self.out = Heard(os.dup(stdout.fileno()))

    def wait(self) -> bytes:
        """Return all that it printed, when it has ended well."""
        try:
            assert self._process.wait(PATIENCE) == 0
        finally:
            self.kill()
        return self.out.all()

    def kill(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


def messages(lines: bytes) -> list[dict[str, Any]]:
    """Return what Node printed so far, whole lines only."""
    return [json.loads(line) for line in lines[: lines.rfind(b"\n") + 1].splitlines()]


def records(lines: bytes) -> dict[int, tuple[int, bytes]]:
    """Return the records that Node saw by seq, in order: their kinds and payloads."""
    return {
        message["seq"]: (message["kind"], base64.b64decode(message["payload"]))
        for message in messages(lines)
        if "seq" in message
    }


def output(seen: dict[int, tuple[int, bytes]]) -> bytes:
    """Return the output in records, of which none may be missing."""
    assert sorted(seen) == list(range(min(seen), max(seen) + 1))
    return b"".join(payload for _, (kind, payload) in sorted(seen.items()) if kind < 2)


def exited(lines: bytes) -> bool:
    """Return whether it has seen how the run ended."""
    return any(kind == 2 and b"seconds" in payload for kind, payload in records(lines).values())


def test_nodes_own_websocket(source: Process, node: list[str]) -> None:
    url = f"{source.url}s/stdin/live".replace("http", "ws", 1)
    watch = [*node, str(HERE / "watch.js")]
    early = Program(*watch, url)
    early.out.until('"type":"hello"')
    source.send(HALF)
    early.out.until('"seq":3')
    first = Program(*watch, url + "?after=0", "3")
    seen = records(first.wait())
    assert list(seen) == [1, 2, 3]
    source.send(OUTPUT[len(HALF) :])
    source.end_input()
    source.err.until("standard input ended")
    early.out.until(exited)
    last = max(records(early.out.data))
    epoch = messages(first.out.all())[0]["epoch"]
    resumed = Program(*watch, f"{url}?after=3&epoch={epoch}", str(last))
    late = Program(*watch, f"{url}?tail={LINES}", str(last))
    for lines in (resumed.wait(), late.wait()):
        again = records(lines)
        assert all(again.get(seq, record) == record for seq, record in seen.items())
        assert "gap" not in {message.get("type") for message in messages(lines)}
    everything = records(resumed.out.all()) | seen
    assert output(everything) == OUTPUT
    assert output(records(late.out.all())) == OUTPUT
    source.interrupt()
    assert source.wait() == 0
    lines = early.wait()
    assert output(records(lines)) == OUTPUT
    assert messages(lines)[-1] == {"code": 1001, "reason": "webtee was stopped"}


def test_nodes_own_websocket_as_a_plain_viewer(source: Process, node: list[str]) -> None:
    source.send(numbered(0, 100))
    url = source.url.replace("http", "ws", 1)
    viewer = Program(*node, str(HERE / "plain.js"), url)
    viewer.out.until("000099 .*\n")
    source.send(numbered(100, LINES))
    source.end_input()
    assert viewer.wait() == numbered(90, LINES) + b"closed with 1000\n"
    late = Program(*node, str(HERE / "plain.js"), f"{url}?tail=3")
    assert late.wait() == numbered(LINES - 3, LINES) + b"closed with 1000\n"


def test_curl(source: Process) -> None:
    curl = ["curl", "--silent", "--show-error", "--no-buffer", "--noproxy", "*"]
    early = Program(*curl, source.url)
    source.send(HALF)
    early.out.until(lambda out: out == HALF)
    middle = Program(*curl, source.url + "?tail=5")
    middle.out.until(lambda out: out == numbered(LINES // 2 - 5, LINES // 2))
    present = Program(*curl, source.url + "s/stdin?follow=0")
    assert present.wait() == HALF
    source.send(OUTPUT[len(HALF) :])
    source.end_input()
    assert early.wait() == OUTPUT
    assert middle.wait() == numbered(LINES // 2 - 5, LINES)
    late = Program(*curl, "--compressed", source.url)
    assert late.wait() == OUTPUT


def test_curl_reads_the_history_as_deflate(source: Process) -> None:
    curl = ["curl", "--silent", "--show-error", "--fail", "--noproxy", "*"]
    source.send(OUTPUT)
    source.end_input()
    source.err.until("standard input ended")
    url = f"{source.url}s/stdin/segments"
    listed = json.loads(Program(*curl, url).wait())
    output = b""
    for segment in listed["segments"]:
        body = Program(*curl, f"{url}/{segment['first_seq']}?epoch={listed['epoch']}").wait()
        output += b"".join(record.payload for record in inflate(body) if record.kind < 2)
    assert output == OUTPUT


def example(language: str) -> str:
    """Return the last example in docs/protocol.md in some language."""
    text = (HERE.parents[1] / "docs" / "protocol.md").read_text()
    return text.rpartition(f"```{language}\n")[2].partition("```")[0]


def test_the_documented_python_client(source: Process) -> None:
    url = f"{source.url}s/stdin/live".replace("http", "ws", 1)
    source.send(LONG)
    client = Program(sys.executable, "-c", example("python"), url)
    client.out.until(lambda out: out == LONG)
    source.send(OUTPUT)
    source.end_input()
    assert client.wait() == LONG + OUTPUT


def test_the_documented_javascript_client(source: Process, node: list[str]) -> None:
    url = f"{source.url}s/stdin/live".replace("http", "ws", 1)
    use = f"watch({json.dumps(url)}, (bytes) => process.stdout.write(bytes));"
    source.send(LONG)
    client = Program(*node, "-e", example("javascript") + use)
    try:
        client.out.until(lambda out: out == LONG)
        source.send(OUTPUT)
        client.out.until(lambda out: out == LONG + OUTPUT)
    finally:
        client.kill()
