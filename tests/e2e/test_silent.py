"""A server that is frozen, which no connection tells: pages find out, say so, and go on exactly."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Self

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import LOST, Complaints, Open
from tests.e2e.elsewhere import Elsewhere
from tests.support.running import PATIENCE, serving, stream
from webtee.log.record import Kind

pytestmark = pytest.mark.browser

# A short one, because pages wait for twice as long before they call it silence.
_PULSE = 0.5

_FOLLOW = """async ([module, url]) => {
  const { connect } = await import(module);
  window.seen = { text: "", states: [] };
  connect(url, {
    after: 0,
    onrecord: (record) => (seen.text += record.text),
    onstate: (state) => seen.states.push([state.phase, state.fault ?? ""]),
  });
}"""


class Freezer:
    """A server in a thread whose loop can be made to stand still, as ``kill -STOP`` does it.

    Attributes:
        url: Where it serves.
    """

    def __init__(self) -> None:
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self._frozen = threading.Event()
        self._thaw = threading.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(PATIENCE)
        return self

    def __exit__(self, *_: object) -> None:
        self._thaw.set()
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    def say(self, text: str) -> None:
        """Write to the stream, once it is not frozen."""
        self._loop.call_soon_threadsafe(self._stream.feed, Kind.OUTPUT, text.encode())

    def freeze(self) -> None:
        """Stand still from now on."""
        self._thaw.clear()
        self._loop.call_soon_threadsafe(self._freeze)
        assert self._frozen.wait(PATIENCE)

    def thaw(self) -> None:
        """Go on."""
        self._frozen.clear()
        self._thaw.set()

    def _freeze(self) -> None:
        self._frozen.set()
        self._thaw.wait()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        self._stream = stream()
        async with serving(self._stream, ping_interval=_PULSE) as server:
            self.url = f"http://127.0.0.1:{server.port}/"
            self._ready.set()
            await self._ended.wait()


@pytest.fixture
def freezer() -> Iterator[Freezer]:
    with Freezer() as server:
        yield server


def test_a_frozen_server_is_noticed_and_gone_on_with_where_it_was(
    freezer: Freezer, open_page: Open, complaints: Complaints
) -> None:
    complaints.allow(LOST)
    view = open_page(freezer.url)
    with Elsewhere() as elsewhere:
        complaints.origins.add(freezer.url)
        page = open_page(elsewhere.page(""), wait=False).page
        page.evaluate(_FOLLOW, [f"{freezer.url}webtee.js", freezer.url])
        for time in (1, 2):
            freezer.say(f"line {2 * time - 1}\n")
            view.expect_line(2 * time - 1, f"line {2 * time - 1}")
            page.wait_for_function("seen.states.at(-1)?.[0] === 'live'")
            freezer.freeze()
            freezer.say(f"line {2 * time}\n")
            view.expect_state("reconnecting")
            expect(view.state).to_contain_text("no word from the server since ")
            page.wait_for_function("seen.states.at(-1)[0] === 'reconnecting'")
            page.wait_for_function("seen.states.at(-1)[1].startsWith('no word from the server')")
            freezer.thaw()
            view.expect_state("live")
            view.expect_lines(2 * time)
        page.wait_for_function("seen.text === 'line 1\\nline 2\\nline 3\\nline 4\\n'")
        page.wait_for_function("seen.states.at(-1).join() === 'live,'")
    assert [row.text for row in view.rows() if row.kind == "line"] == [
        f"line {number}" for number in range(1, 5)
    ]
    expect(view.gaps).to_have_count(0)
