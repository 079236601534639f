"""A browser, pages in it, and webtees for them. A page that complains fails its test."""

import contextlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    Frame,
    Page,
    Request,
    WebError,
    WebSocket,
    expect,
    sync_playwright,
)

from tests.e2e.puppet import Puppet
from tests.e2e.view import View
from tests.support.running import Process, webtee

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--host-resolver-rules=MAP *.example 127.0.0.1",  # for pages of names that are not ours
]
WINDOW = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"}
# What a script of the output's making would do first, in this corpus (corpus.py).
TRAP = """Object.defineProperty(globalThis, "pwned", {
  configurable: true, get: () => undefined,
  set: (how) => console.error(`pwned: ${how}`),
});"""
LOST = r"WebSocket connection to '\S+' failed|Failed to load resource: net::ERR_"
"""What Chromium itself says of connections that are cut or refused."""

expect.set_options(timeout=20_000)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The system's Chromium; for this package only, because it holds an event loop of its own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    assert path, "there is no Chromium on the PATH; CHROMIUM can name one"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=FLAGS, ignore_default_args=["--hide-scrollbars"]
        )
        yield browser
        browser.close()


class Complaints:
    """What pages complained about, and where they went that they should not have gone."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self._allowed: list[str] = []
        self.origins: set[str] = set()

    def allow(self, pattern: str) -> None:
        """Let errors pass that match a regular expression."""
        self._allowed.append(pattern)

    def console(self, message: ConsoleMessage) -> None:
        """Take what a page wrote to its console."""
        kind, text = message.type, message.text
        allowed = any(re.search(pattern, text) for pattern in self._allowed)
        if kind in ("error", "warning", "assert") and not allowed:
            self.made.append(f"console: {kind}: {text}")

    def error(self, error: WebError) -> None:
        """Take an exception that nobody caught."""
        self.made.append(f"uncaught: {error.error}")

    def request(self, request: Request) -> None:
        """Take a request."""
        self._went_to(request.url)

    def socket(self, socket: WebSocket) -> None:
        """Take a WebSocket."""
        self._went_to(socket.url.replace("ws", "http", 1))

    def dialog(self, dialog: Dialog) -> None:
        """Take a dialog of a script's: there is none."""
        self.made.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def navigated(self, frame: Frame) -> None:
        """Take where a page or a frame in it went, by whatever kind of address."""
        if frame.url != "about:blank":
            self._went_to(frame.url)

    def _went_to(self, url: str) -> None:
        if not any(url.startswith(origin) for origin in ("data:", "blob:", *self.origins)):
            self.made.append(f"request to {url}")


@pytest.fixture(autouse=True)
def complaints() -> Iterator[Complaints]:
    """What the pages of this test complained about; nothing may be left that was not allowed."""
    complaints = Complaints()
    yield complaints
    assert not complaints.made


Open = Callable[..., View]
"""``open_page(url, **options)``: a page in a context of its own, with Playwright's options."""


@pytest.fixture
def open_page(browser: Browser, complaints: Complaints) -> Iterator[Open]:
    """Opens pages and closes them."""
    with contextlib.ExitStack() as stack:

        def open_page(url: str, *, wait: bool = True, **options: Any) -> View:
            options = WINDOW | options
            context = browser.new_context(**options)
            stack.callback(context.close)
            complaints.origins.add(url.partition("#")[0])
            context.on("console", complaints.console)
            context.on("weberror", complaints.error)
            context.on("request", complaints.request)
            context.add_init_script(TRAP)
            page = context.new_page()
            page.on("websocket", complaints.socket)
            page.on("dialog", complaints.dialog)
            page.on("framenavigated", complaints.navigated)
            stack.callback(_hear_the_rest, page)
            page.goto(url)
            view = View(page)
            if wait:
                expect(view.state).not_to_have_attribute("data-state", "connecting")
            return view

        yield open_page


def _hear_the_rest(page: Page) -> None:
    if not page.is_closed():
        page.evaluate("() => new Promise(requestAnimationFrame)")


Run = Callable[..., tuple[Process, Puppet]]
"""``run(*options)``: a webtee whose command is a puppet."""


@pytest.fixture
def run() -> Iterator[Run]:
    """Starts webtees with puppets and ends them."""
    with contextlib.ExitStack() as stack:

        def run(*options: str, **more: Any) -> tuple[Process, Puppet]:
            puppet = stack.enter_context(Puppet())
            process = stack.enter_context(webtee(*options, *puppet.command, **more))
            return process, puppet

        yield run
