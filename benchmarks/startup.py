"""From exec to the first byte of the page, beside `python -c "import aiohttp, uvloop"`."""

import socket
import subprocess
import sys
import time

from benchmarks import serve
from benchmarks.report import Report, Target, in_turns, spread

ROUNDS = 10
_REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n"


def imports() -> float:
    """Seconds to start Python, import the two packages, and exit."""
    begin = time.monotonic()
    subprocess.run([sys.executable, "-c", "import aiohttp, uvloop"], check=True)
    return time.monotonic() - begin


def first_byte(answers: set[bytes]) -> float:
    """Seconds from exec until the page's first byte is here; adds its status line."""
    port = serve.free_port()
    begin = time.monotonic()
    with serve.starting("--port", str(port), "--quiet", "sleep", "60"):
        while not (answer := _ask(port)):
            if time.monotonic() - begin > 20:
                raise RuntimeError("startup: nobody listens after 20 s")
            time.sleep(0.001)
        seconds = time.monotonic() - begin
    answers.add(answer.split(b"\r\n")[0])
    return seconds


def _ask(port: int) -> bytes:
    """The start of the page, or nothing while nobody listens."""
    with socket.socket() as client:
        if client.connect_ex(("127.0.0.1", port)):
            return b""
        client.sendall(_REQUEST)
        return client.recv(64)


def run(rounds: int, window: float) -> Report:
    """Measure, at least ten times; `window` does not matter here."""
    del window
    answers: set[bytes] = set()
    first_byte(answers)  # compiled files are there, and in memory
    imports()
    turns = in_turns(
        max(rounds, ROUNDS), {"webtee": lambda: first_byte(answers), "imports": imports}
    )
    report = Report(
        "startup",
        "Start",
        "From exec to the first byte of the page (`Accept: text/html`), beside `python -c "
        '"import aiohttp, uvloop"` from exec to exit; both with compiled files in the page '
        "cache.",
        ["program", "ms"],
    )
    ours = spread(turns["webtee"], lambda seconds: seconds * 1e3)
    base = spread(turns["imports"], lambda seconds: seconds * 1e3)
    report.rows += [["webtee, first byte", ours.show(0)], ["python, imports", base.show(0)]]
    report.targets.append(Target("first byte by imports", ours.median / base.median, 1.6))
    if answers != {b"HTTP/1.1 200 OK"}:
        report.notes.append(f"There was no page to send, but {answers!r}: is it built?")
    return report
