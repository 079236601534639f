"""Chromium as the page's benchmarks use it: started afresh for each turn, ended with it.

A tab is measured from outside, by its renderer's process (CPU, memory), and from inside by
frames.js, which is there before the page's own scripts.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks import proctree
from benchmarks.cdp import Protocol

WIDTH, HEIGHT = 1280, 800
_FLAGS: Final = [
    "--headless",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--password-store=basic",
    # Tabs that are measured at the same time are all treated as being in front.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    f"--window-size={WIDTH},{HEIGHT}",
]
_SCRIPT: Final = Path(__file__).with_name("frames.js")
_BURN: Final = "{ const end = performance.now() + 200; while (performance.now() < end) continue; }"
_KEYS: Final = {"Enter": 13, "Home": 36, "End": 35, "PageUp": 33, "PageDown": 34}


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

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        self._context = protocol.send("Target.createBrowserContext")["browserContextId"]
        target = protocol.send(
            "Target.createTarget",
            url="about:blank",
            browserContextId=self._context,
            width=WIDTH,
            height=HEIGHT,
        )["targetId"]
        attached = protocol.send("Target.attachToTarget", targetId=target, flatten=True)
        self._session: str = attached["sessionId"]
        self._pid = 0
        self._send("Page.enable")
        self._send(
            "Emulation.setDeviceMetricsOverride",
            width=WIDTH,
            height=HEIGHT,
            deviceScaleFactor=1,
            mobile=False,
        )
        self._before(_SCRIPT.read_text())
        self.open("about:blank")

    def _send(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self._protocol.send(method, self._session, **parameters)

    def _before(self, script: str) -> None:
        """Have a script run before those of each page that is opened."""
        self._send("Page.addScriptToEvaluateOnNewDocument", source=script)

    def open(self, url: str) -> None:
        """Go to a page, and wait until it has loaded."""
        self._pid = 0
        self._protocol.events("Page.loadEventFired")
        answer = self._send("Page.navigate", url=url)
        if "errorText" in answer:
            raise RuntimeError(f"the browser cannot open {url}: {answer['errorText']}")
        self._protocol.event("Page.loadEventFired", self._session)

    def open_until(self, url: str, test: str, patience: float) -> float | None:
        """Go to a page and wait until it shows something.

        Args:
            url: The page's.
            test: As in `when`.
            patience: Seconds after which to give up.

        Returns:
            Seconds from the start of the navigation until it was painted, or None.
        """
        self._before(f"bench.since(() => {test}, {patience * 1e3})")
        self.open(url)
        took = self.evaluate("bench.took", patience)
        return None if took is None else float(took) / 1e3

    def evaluate(self, expression: str, patience: float = 0) -> Any:
        """Evaluate JavaScript in the page; what it promises is awaited.

        Args:
            expression: What to evaluate.
            patience: Seconds that it is expected to take at most; a page that is too busy to
                answer for a minute more is an error.
        """
        answer = self._send(
            "Runtime.evaluate",
            patience=patience + 60,
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(f"the page said: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        """Press and release a key: one with a name, or a letter."""
        code = _KEYS.get(key) or ord(key.upper())
        for kind in ("rawKeyDown", "keyUp"):
            self._send(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code
            )

    def type(self, text: str) -> None:
        """Put text where the focus is, as one stroke."""
        self._send("Input.insertText", text=text)

    @property
    def pid(self) -> int:
        """The renderer's process: the one that works when the page does."""
        if not self._pid:
            before = self._renderers()
            self.evaluate(_BURN)
            used = {pid: cpu - before.get(pid, 0) for pid, cpu in self._renderers().items()}
            self._pid = max(used, key=lambda pid: used[pid])
        return self._pid

    def _renderers(self) -> dict[int, float]:
        answer = self._protocol.send("SystemInfo.getProcessInfo")["processInfo"]
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
        with self._workers() as workers:
            for session in [self._session, *workers]:
                self._protocol.send("HeapProfiler.collectGarbage", session)

    def heaps(self) -> tuple[Heap, Heap]:
        """What page and workers hold, as they are."""
        with self._workers() as workers:
            page, *rest = [
                _heap(self._protocol.send("Runtime.getHeapUsage", session))
                for session in [self._session, *workers]
            ]
        return page, Heap(sum(each.used for each in rest), sum(each.buffers for each in rest))

    @contextmanager
    def _workers(self) -> Iterator[Sequence[str]]:
        switch = {"waitForDebuggerOnStart": False, "flatten": True}
        self._protocol.events("Target.attachedToTarget")
        self._send("Target.setAutoAttach", autoAttach=True, **switch)
        found = self._protocol.events("Target.attachedToTarget")
        yield [each["sessionId"] for each in found if each["targetInfo"]["type"] == "worker"]
        self._send("Target.setAutoAttach", autoAttach=False, **switch)

    def record(self) -> None:
        """Begin to record animation frames."""
        self.evaluate("bench.record()")

    def recorded(self) -> Frames:
        """The frames since then."""
        return Frames(tuple(self.evaluate("bench.recorded()")))

    def when(self, test: str, patience: float) -> float | None:
        """When a test (of JavaScript, with `bench`) had come true on screen.

        Args:
            test: An expression; looked at in each animation frame.
            patience: Seconds after which to give up.

        Returns:
            Seconds since the epoch, or None.
        """
        moment = self.evaluate(f"bench.when(() => {test}, {patience * 1e3})", patience)
        return None if moment is None else float(moment) / 1e3

    def close(self) -> None:
        """Close the page."""
        self._protocol.send("Target.disposeBrowserContext", browserContextId=self._context)


def _heap(usage: dict[str, Any]) -> Heap:
    return Heap(int(usage["usedSize"]), int(usage.get("backingStorageSize", 0)))


def _chrome(pid: int) -> bool:
    """Whether a renderer shows the browser's own windows, which are none of ours."""
    try:
        return b"--top-chrome-webui" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return True


class Chromium:
    """A running browser."""

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol

    def tab(self) -> Tab:
        """A page in a context of its own: nothing is cached."""
        return Tab(self._protocol)


@contextmanager
def chromium() -> Iterator[Chromium]:
    """Start the system's Chromium; CHROMIUM names another than the one on the PATH."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        raise RuntimeError("there is no Chromium on the PATH; CHROMIUM can name one")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [path, *_FLAGS, f"--user-data-dir={profile}", "about:blank"]
        their_end, commands = os.pipe()
        answers, their_other = os.pipe()
        # The browser reads from descriptor 3 and writes to 4.
        shell = f'exec "$0" "$@" 3<&{their_end} 4>&{their_other}'
        with subprocess.Popen(
            ["bash", "-c", shell, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(their_end, their_other),
            start_new_session=True,
        ) as process:
            os.close(their_end)
            os.close(their_other)
            try:
                protocol = Protocol(commands, answers)
                protocol.send("Browser.getVersion")
                _rest(process.pid)
                yield Chromium(protocol)
            finally:
                os.close(commands)
                os.close(answers)
                proctree.end(process.pid)


def _rest(pid: int, seconds: float = 10) -> None:
    """Wait until the browser has done with its start."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        before = proctree.cpu(pid)
        time.sleep(0.5)
        if proctree.cpu(pid) - before < 0.03:
            return
