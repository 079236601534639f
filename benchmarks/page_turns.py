"""The turns of the page's benchmark: webtee, frontail and xterm.js each in a browser of its own.

What is on the screen is looked for in every animation frame by frames.js; a moment counts once the
frame has been painted.
"""

import functools
import http.server
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks import serve
from benchmarks.browser import Chromium, Frames, Heap, Tab, chromium
from benchmarks.inputs import LINES
from benchmarks.serve import BIN, LOG, ROOT, Server

XTERM: Final = ROOT / "ui" / "node_modules" / "@xterm" / "xterm"
MIDDLE: Final = LINES // 2
WORD: Final = '" 500 '  # what is filtered for: one line in a hundred
JUMPS: Final = 400
PAGES: Final = 200
PREFILL: Final = 2_000  # lines that are there before the updates: as many as frontail keeps
GIVE_UP: Final = 30.0
_PATIENCE: Final = 60.0
_SETTLE: Final = 2.0  # seconds of quiet before memory or CPU is looked at

# Move the scroll bar over the whole log, and wait each time until the rows in sight are there.
_SCROLL: Final = """async (jumps) => {
  const log = bench.find("[role=log]");
  const frame = () => new Promise(requestAnimationFrame);
  let missed = 0;
  for (let i = 0; i <= jumps; i++) {
    log.scrollTop = (i / jumps) * (log.scrollHeight - log.clientHeight);
    const end = performance.now() + 5000;
    do { await frame(); await frame(); }
    while (bench.find(".line.pending") !== null && performance.now() < end);
    if (bench.find(".line.pending") !== null) missed += 1;
  }
  return missed;
}"""

# All lines in sight are matches.
_FILTERED: Final = """(() => {
  const texts = [...bench.find("[role=log]").querySelectorAll(".line:not(.pending) .text")];
  return texts.length > 0 && texts.every((text) => text.textContent.includes(%s));
})()"""

_DRAW: Final = """async (last) => {
  const bytes = new Uint8Array(await (await fetch("access.log")).arrayBuffer());
  const term = new Terminal({ cols: 150, rows: 45, convertEol: true });
  term.open(document.body);
  await new Promise(requestAnimationFrame);
  bench.record();
  const begin = bench.moment();
  for (let at = 0; at < bytes.length; at += 1 << 20) {
    await new Promise((done) => term.write(bytes.subarray(at, at + (1 << 20)), done));
  }
  const shows = () => bench.find(".xterm-rows").textContent.includes(last);
  const end = await bench.when(shows, 10_000);
  return end === null ? null : end - begin;
}"""
_PAGE: Final = """<!doctype html><meta charset="utf-8"><title>xterm.js</title>
<link rel="stylesheet" href="css/xterm.css"><script src="lib/xterm.js"></script>"""


@dataclass(frozen=True)
class Memory:
    """What a renderer holds, in bytes, as it is and with its garbage collected."""

    process: int
    collected: int
    page: Heap
    worker: Heap


@dataclass(frozen=True)
class Flood:
    """One program and 800,000 lines at once."""

    seconds: float | None  # from the last write to the last line on screen; None: given up
    frames: Frames
    beside: Frames | None = None  # those of an empty page meanwhile: the machine's part
    blank: int = 0  # bytes of a renderer with nothing in it
    after: Memory | None = None
    scrolled: Memory | None = None
    missed: int = 0  # jumps after which rows stayed empty
    jump: float | None = None  # seconds from navigation to the line in the middle
    first: float | None = None  # seconds to a filter's first matches on screen, and to its end
    all: float | None = None


@functools.cache
def last_line() -> str:
    """The input's last line."""
    with LOG.open("rb") as file:
        file.seek(-4096, os.SEEK_END)
        return file.read().decode().splitlines()[-1]


@functools.cache
def matches() -> int:
    """How many lines the filter is to find."""
    with LOG.open("rb") as file:
        return sum(WORD.encode() in line for line in file)


class Poured:
    """The source of a flood: a command that waits, and the hand that lets it go."""

    def __init__(self, folder: Path) -> None:
        self._go, self._done = folder / "go", folder / "done"
        os.mkfifo(self._go)
        self._told: int | None = None
        self.command = [
            *(sys.executable, "-m", "benchmarks.pour"),
            *map(str, (LOG, self._go, self._done)),
        ]

    def go(self) -> None:
        """Let it write; returns at once."""
        deadline = time.monotonic() + 20
        while self._told is None:
            try:
                self._told = os.open(self._go, os.O_WRONLY | os.O_NONBLOCK)
            except OSError as error:
                if time.monotonic() > deadline:
                    raise RuntimeError("the source of the flood did not start") from error
                time.sleep(0.01)

    def done(self) -> float:
        """When it had written all, in seconds since the epoch."""
        deadline = time.monotonic() + 300
        while not self._done.exists():
            if time.monotonic() > deadline:
                raise RuntimeError("the flood could not be written")
            time.sleep(0.01)
        return float(self._done.read_text())

    def close(self) -> None:
        """Let go of it."""
        if self._told is not None:
            os.close(self._told)


@contextmanager
def _poured() -> Iterator[Poured]:
    with tempfile.TemporaryDirectory(dir=serve.CACHE) as folder:
        poured = Poured(Path(folder))
        try:
            yield poured
        finally:
            poured.close()


def _url(server: Server) -> str:
    return f"http://127.0.0.1:{server.port}/"


def _shows(selector: str, start: str) -> str:
    return f"bench.shows({json.dumps(selector)}, {json.dumps(start)})"


def _row(line: int, start: str = "") -> str:
    return _shows(f'.line[data-line="{line}"]:not(.pending) .text', start)


def _live(tab: Tab, url: str) -> None:
    if tab.open_until(url, "bench.find('[data-state=live]') !== null", _PATIENCE) is None:
        raise RuntimeError("the page did not go live")


def _memory(tab: Tab) -> Memory:
    time.sleep(_SETTLE)
    process = tab.memory()
    tab.collect()
    time.sleep(_SETTLE)
    return Memory(process, tab.memory(), *tab.heaps())


def flood_webtee() -> Flood:
    """Everything that is measured with the whole log in webtee."""
    with (
        _poured() as poured,
        chromium() as browser,
        serve.webtee("--quiet", "--pipe", "--name", "flood", *poured.command) as server,
    ):
        blank = browser.tab()
        blank.open("about:blank")
        empty = blank.memory()
        tab = browser.tab()
        _live(tab, _url(server))
        blank.record()
        tab.record()
        poured.go()
        shown = tab.when(_row(LINES, last_line()), _PATIENCE)
        frames, beside = tab.recorded(), blank.recorded()
        blank.close()
        seconds = None if shown is None else shown - poured.done()
        after = _memory(tab)
        missed = _scroll(tab)
        scrolled = _memory(tab)
        tab.close()
        time.sleep(_SETTLE)  # to end a renderer takes a core for a while
        jump = _jump(browser, server)
        first, last = _filter(browser, server)
    return Flood(seconds, frames, beside, empty, after, scrolled, missed, jump, first, last)


def _scroll(tab: Tab) -> int:
    """Look at all of the log; returns after how many jumps rows stayed empty."""
    missed = int(tab.evaluate(f"({_SCROLL})({JUMPS})", 300))
    tab.press("Home")
    for _ in range(PAGES):
        tab.press("PageDown")
    return missed


def _jump(browser: Chromium, server: Server) -> float | None:
    tab = browser.tab()
    try:
        return tab.open_until(f"{_url(server)}#L{MIDDLE}", _row(MIDDLE), 10)
    finally:
        tab.close()


def _filter(browser: Chromium, server: Server) -> tuple[float | None, float | None]:
    """Filter by the field: seconds from what is typed to first matches in sight, and to all."""
    tab = browser.tab()
    try:
        _live(tab, _url(server))
        tab.when(_row(LINES, last_line()), _PATIENCE)
        tab.press("f")
        if tab.when('bench.find("input")?.matches(":focus")', 10) is None:
            return None, None
        begin = time.time()
        tab.type(WORD)
        tab.press("Enter")
        words = f"{matches():,} lines"
        done = f'bench.find("[data-testid=chip-filter]")?.textContent.trim().endsWith("{words}")'
        first = tab.when(_FILTERED % json.dumps(WORD), 10)
        end = tab.when(done, 10)
        return (None if first is None else first - begin), (None if end is None else end - begin)
    finally:
        tab.close()


def flood_frontail() -> Flood:
    """The same lines into frontail, which is given up after a while."""
    with _poured() as poured, chromium() as browser, serve.frontail(*poured.command) as server:
        tab = browser.tab()
        tab.open(_url(server))
        tab.record()
        poured.go()
        shown = tab.when(_shows(".log > :last-child", last_line()), GIVE_UP)
        frames = tab.recorded()
        return Flood(None if shown is None else shown - poured.done(), frames)


def draw_xterm() -> Flood:
    """The same bytes drawn by xterm.js, which has them in memory."""
    with _static() as port, chromium() as browser:
        tab = browser.tab()
        tab.open(f"http://127.0.0.1:{port}/")
        milliseconds = tab.evaluate(f"({_DRAW})({json.dumps(last_line()[:60])})", 120)
        frames = tab.recorded()
    return Flood(None if milliseconds is None else milliseconds / 1e3, frames)


@contextmanager
def _static() -> Iterator[int]:
    """Serve xterm.js, a page for it, and the log; gives the port."""
    if not (XTERM / "lib" / "xterm.js").exists():
        raise RuntimeError("ui/node_modules has no xterm.js")

    class Handler(http.server.SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            return str(LOG) if path == "/access.log" else super().translate_path(path)

        def do_GET(self) -> None:
            if self.path != "/":
                super().do_GET()
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(_PAGE.encode())

        def log_message(self, *_: Any) -> None:
            pass

    handler = functools.partial(Handler, directory=str(XTERM))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def rate_webtee(rate: int, seconds: float) -> tuple[Frames, Frames]:
    """The frames of a page that follows so many lines per second, and of an empty one beside it."""
    command = [str(BIN / "pace"), str(LOG), str(rate)]
    with chromium() as browser, serve.webtee("--quiet", *command) as server:
        blank = browser.tab()
        blank.open("about:blank")
        tab = browser.tab()
        _live(tab, _url(server))
        time.sleep(_SETTLE)
        blank.record()
        tab.record()
        time.sleep(seconds)
        return tab.recorded(), blank.recorded()


def rate_frontail(rate: int, seconds: float) -> Frames:
    """The same in frontail."""
    command = [str(BIN / "pace"), str(LOG), str(rate)]
    with chromium() as browser, serve.frontail(*command) as server:
        tab = browser.tab()
        tab.open(_url(server))
        time.sleep(_SETTLE)
        tab.record()
        time.sleep(seconds)
        return tab.recorded()


def _updates(rate: int) -> list[str]:
    script = f'head -n {PREFILL} "$1"; exec "$2" "$1" {rate}'
    return ["sh", "-c", script, "sh", str(LOG), str(BIN / "pace")]


def updates_webtee(rate: int, seconds: float) -> float:
    """CPU of the renderer, as a share of one core, while so few lines come."""
    with chromium() as browser, serve.webtee("--quiet", *_updates(rate)) as server:
        tab = browser.tab()
        _live(tab, _url(server))
        return _cpu(tab, seconds)


def updates_frontail(rate: int, seconds: float) -> float:
    """The same in frontail, whose page shows as many lines as it keeps."""
    with (
        chromium() as browser,
        serve.frontail(*_updates(rate), options=("--number", str(PREFILL))) as server,
    ):
        tab = browser.tab()
        tab.open(_url(server))
        return _cpu(tab, seconds)


def _cpu(tab: Tab, seconds: float) -> float:
    tab.cpu()  # finding the renderer costs it something
    time.sleep(_SETTLE)
    before, begin = tab.cpu(), time.monotonic()
    time.sleep(seconds)
    return (tab.cpu() - before) / (time.monotonic() - begin)
