"""Chromium as the page's benchmarks use it: started afresh for each turn, ended with it.

A tab is measured from outside, by its renderer's process (CPU, memory), and from inside by
frames.js, which is there before the page's own scripts.
"""

import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    Error,
    Page,
    sync_playwright,
)

from benchmarks import proctree

WINDOW: Final = {"width": 1280, "height": 800}
_FLAGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
_SCRIPT: Final = Path(__file__).with_name("frames.js")
_BURN: Final = (
    "() => { const end = performance.now() + 200; while (performance.now() < end) continue; }"
)


@dataclass(frozen=True)
class Frames:
    """The times between animation frames, in milliseconds."""

    gaps: tuple[float, ...]

    @property
    def longest(self) -> float:
        """The longest of them."""
        return max(self.gaps)

    def share(self, limit: float) -> float:
        """The share of the time that lies in frames which took more than `limit` milliseconds."""
        total = sum(self.gaps)
        return sum(gap for gap in self.gaps if gap > limit) / total if total else 0.0


@dataclass(frozen=True)
class Heap:
    """What V8 says that it holds, in bytes."""

    used: int
    buffers: int  # ArrayBuffers, which lie outside


class Tab:
    """A page in a context of its own, with its renderer's process."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser.new_browser_cdp_session()
        self.context: BrowserContext = browser.new_context(
            viewport={"width": WINDOW["width"], "height": WINDOW["height"]}
        )
        self.context.add_init_script(path=_SCRIPT)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(120_000)
        self.session: CDPSession = self.context.new_cdp_session(self.page)
        self._pid = 0

    def open(self, url: str) -> None:
        """Go to a page."""
        self._pid = 0
        self.page.goto(url)

    def open_until(self, url: str, test: str, patience: float) -> float | None:
        """Go to a page and wait until it shows something.

        Args:
            url: The page's.
            test: As in `when`.
            patience: Seconds after which to give up.

        Returns:
            Seconds from the start of the navigation until it was painted, or None.
        """
        self.context.add_init_script(f"bench.since(() => {test}, {patience * 1e3})")
        self.open(url)
        took = self._bounded("bench.took", patience)
        return None if took is None else float(took) / 1e3

    @property
    def pid(self) -> int:
        """The renderer's process: the one that works when the page does."""
        if not self._pid:
            before = self._renderers()
            self.page.evaluate(_BURN)
            used = {pid: cpu - before.get(pid, 0) for pid, cpu in self._renderers().items()}
            self._pid = max(used, key=lambda pid: used[pid])
        return self._pid

    def _renderers(self) -> dict[int, float]:
        answer = self._browser.send("SystemInfo.getProcessInfo")["processInfo"]
        found = [each["id"] for each in answer if each["type"] == "renderer"]
        return {pid: proctree.cpu(pid) for pid in found if not _chrome(pid)}

    def cpu(self) -> float:
        """CPU seconds of the renderer so far: the page, its workers, layout and drawing."""
        return proctree.cpu(self.pid)

    def memory(self) -> int:
        """Bytes of the renderer's memory; what it shares with others is divided among them."""
        return proctree.memory(self.pid, "Pss")

    def collect(self) -> None:
        """Have the page and its workers collect their garbage."""
        self.session.send("HeapProfiler.collectGarbage")
        for worker in self._workers():
            worker("HeapProfiler.collectGarbage")

    def heaps(self) -> tuple[Heap, Heap]:
        """What page and workers hold, as they are."""
        workers = [_heap(worker("Runtime.getHeapUsage")) for worker in self._workers()]
        page = _heap(self.session.send("Runtime.getHeapUsage"))
        return page, Heap(sum(each.used for each in workers), sum(each.buffers for each in workers))

    def _workers(self) -> "list[_Worker]":
        attached: list[str] = []
        self.session.on(
            "Target.attachedToTarget", lambda event: attached.append(event["sessionId"])
        )
        # Sessions of the old kind, whose messages go through the page's: Playwright has no other.
        switch = {"waitForDebuggerOnStart": False, "flatten": False}
        self.session.send("Target.setAutoAttach", {"autoAttach": False, **switch})
        self.session.send("Target.setAutoAttach", {"autoAttach": True, **switch})
        return [_Worker(self, session) for session in attached]

    def record(self) -> None:
        """Begin to record animation frames."""
        self.page.evaluate("bench.record()")

    def recorded(self) -> Frames:
        """The frames since then."""
        return Frames(tuple(self.page.evaluate("bench.recorded()")))

    def when(self, test: str, patience: float) -> float | None:
        """When a test (of JavaScript, with `bench`) had come true on screen.

        Args:
            test: An expression; looked at in each animation frame.
            patience: Seconds after which to give up.

        Returns:
            Seconds since the epoch, or None.
        """
        moment = self._bounded(f"bench.when(() => {test}, {patience * 1e3})", patience)
        return None if moment is None else float(moment) / 1e3

    def _bounded(self, expression: str, patience: float) -> Any:
        """Evaluate; end the renderer when it is too busy to answer for a minute more."""
        watchdog = threading.Timer(patience + 60, os.kill, (self.pid, signal.SIGKILL))
        watchdog.start()
        try:
            return self.page.evaluate(expression)
        finally:
            watchdog.cancel()

    def close(self) -> None:
        """Close the page."""
        self.context.close()


class _Worker:
    """A worker's session: call it with a method's name to have the answer."""

    def __init__(self, tab: Tab, session: str) -> None:
        self._tab = tab
        self._session = session

    def __call__(self, method: str) -> dict[str, Any]:
        answers: list[dict[str, Any]] = []

        def receive(event: dict[str, Any]) -> None:
            message = json.loads(event["message"])
            if event["sessionId"] == self._session and message.get("id") == 1:
                answers.append(message)

        session = self._tab.session
        session.on("Target.receivedMessageFromTarget", receive)
        try:
            message = json.dumps({"id": 1, "method": method})
            session.send(
                "Target.sendMessageToTarget", {"sessionId": self._session, "message": message}
            )
            for _ in range(1_000):
                if answers:
                    break
                self._tab.page.wait_for_timeout(10)
        finally:
            session.remove_listener("Target.receivedMessageFromTarget", receive)
        if not answers:
            raise RuntimeError(f"a worker did not answer {method}")
        result: dict[str, Any] = answers[0].get("result", {})
        return result


def _chrome(pid: int) -> bool:
    """Whether a renderer shows the browser's own windows, which are none of ours."""
    try:
        return b"--top-chrome-webui" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return True


def _rest(seconds: float = 10) -> None:
    """Wait until the browser, the only child that has work to do, has done with its start."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        before = proctree.cpu(os.getpid())
        time.sleep(0.5)
        if proctree.cpu(os.getpid()) - before < 0.03:
            return


def _heap(usage: dict[str, Any]) -> Heap:
    return Heap(int(usage["usedSize"]), int(usage.get("backingStorageSize", 0)))


class Chromium:
    """A running browser."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def tab(self) -> Tab:
        """A page in a context of its own: nothing is cached."""
        return Tab(self._browser)


@contextmanager
def chromium() -> Iterator[Chromium]:
    """Start the system's Chromium; CHROMIUM names another than the one on the PATH."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        raise RuntimeError("there is no Chromium on the PATH; CHROMIUM can name one")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=path, args=_FLAGS, ignore_default_args=["--hide-scrollbars"]
            )
            try:
                _rest()
                yield Chromium(browser)
            finally:
                browser.close()
    except Error as error:
        raise RuntimeError(f"the browser said: {error.message.splitlines()[0]}") from error
