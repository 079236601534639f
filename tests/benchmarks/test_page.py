"""What the page's benchmark makes of its measurements, and how it talks with the browser."""

import json
import os
from collections.abc import Iterator

import pytest
from benchmarks.browser import Frames
from benchmarks.cdp import Protocol
from benchmarks.page import cell, target


def test_long_frames_count_by_their_time() -> None:
    frames = Frames((20.0, 60.0, 20.0, 100.0))
    assert frames.longest == 100
    assert frames.share(50) == 0.8
    assert frames.share(100) == 0
    assert Frames((0.0,)).share(50) == 0


def test_a_cell_says_what_was_given_up() -> None:
    assert cell([1.0, 3.0, 2.0], 1, "s") == "2.0 s (1.0-3.0)"
    assert cell([2.0], 0, "ms") == "2 ms"
    assert cell([1.0, None], 1, "s") == "1.0 s; 1 of 2 given up"
    assert cell([None, None], 1, "s", "never") == "never"
    assert cell([], 1, "s", "never") == ""


def test_what_was_given_up_reaches_no_target() -> None:
    assert target("it", [0.5, 0.9, 2.0], 1).reached
    assert target("it", [0.5, 0.9, None], 1).reached
    assert not target("it", [0.5, None, None], 1).reached
    assert not target("it", [], 1).reached


class Browser:
    """The other end of the protocol's two pipes."""

    def __init__(self) -> None:
        self.commands, ours = os.pipe()
        theirs, self.answers = os.pipe()
        self.protocol = Protocol(ours, theirs)
        self._open = [self.commands, ours, theirs, self.answers]

    def say(self, *messages: object) -> None:
        """Write messages that the protocol will read when it next waits."""
        os.write(self.answers, b"".join(json.dumps(each).encode() + b"\0" for each in messages))

    def heard(self) -> object:
        """The command that was given."""
        return json.loads(os.read(self.commands, 1 << 16).removesuffix(b"\0"))

    def close(self, *descriptors: int) -> None:
        """Close these, or all."""
        for each in descriptors or tuple(self._open):
            os.close(each)
            self._open.remove(each)


@pytest.fixture
def browser() -> Iterator[Browser]:
    browser = Browser()
    yield browser
    browser.close()


def test_events_wait_while_an_answer_comes(browser: Browser) -> None:
    loaded = {"method": "Page.loaded", "sessionId": "s", "params": {"at": 1}}
    browser.say(loaded, {"id": 1, "result": {"yes": True}}, {**loaded, "params": {"at": 2}})
    assert browser.protocol.send("Page.open", "s", url="about:blank") == {"yes": True}
    assert browser.heard() == {
        "id": 1,
        "method": "Page.open",
        "params": {"url": "about:blank"},
        "sessionId": "s",
    }
    assert browser.protocol.event("Page.loaded", "s") == {"at": 1}
    assert browser.protocol.event("Page.loaded", "s") == {"at": 2}


def test_a_refusal_says_what_was_refused(browser: Browser) -> None:
    browser.say({"id": 1, "error": {"message": "no such page"}})
    with pytest.raises(RuntimeError, match=r"refused Page\.open: .*no such page"):
        browser.protocol.send("Page.open")


def test_a_browser_that_is_silent_or_gone_is_no_endless_wait(browser: Browser) -> None:
    with pytest.raises(RuntimeError, match="did not answer"):
        browser.protocol.send("Page.open", patience=0)
    browser.close(browser.answers)
    with pytest.raises(RuntimeError, match="has gone"):
        browser.protocol.send("Page.open")
