"""The page as a person has it: what is on the screen, and hands on keyboard, mouse and glass."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, Request, expect

# Waits until what was just done is drawn: all rows in sight are there, and stay for some frames.
_ROWS = """async (log) => {
  const frame = () => new Promise(requestAnimationFrame);
  await frame();
  const deadline = performance.now() + 15000;
  let before = "";
  for (let same = 0; ; await frame()) {
    const view = log.getBoundingClientRect();
    const elements = [...log.querySelectorAll(".line, .gap, .boundary")].filter((row) => {
      const box = row.getBoundingClientRect();
      return box.bottom > view.top + 1 && box.top < view.bottom - 1;
    });
    const rows = elements.map((row) => ({
      line: Number(row.dataset.line ?? 0),
      kind: row.classList[0],
      text: (row.querySelector(".text") ?? row).textContent,
      stderr: row.classList.contains("stderr"),
      top: row.getBoundingClientRect().top,
    }));
    const pending = elements.filter((row) => row.classList.contains("pending"));
    const now = JSON.stringify(rows);
    same = pending.length === 0 && now === before ? same + 1 : 0;
    before = now;
    if (same === 2) return rows;
    if (performance.now() > deadline) {
      throw new Error(`missing ${pending.map((row) => row.dataset.line)} or moving: ${now}`);
    }
  }
}"""

# Notes what is where in each frame until it is told to stop.
_WATCH = """(log) => {
  const watch = (window.watch = { on: true, seen: new Set(), frames: 0 });
  const look = () => {
    const view = log.getBoundingClientRect();
    const rows = [...log.querySelectorAll(".line")].filter((row) => {
      const box = row.getBoundingClientRect();
      return box.top >= view.top && box.bottom <= view.bottom;
    });
    watch.frames += 1;
    watch.seen.add(rows.map((row) =>
      `${row.getBoundingClientRect().top} ${row.querySelector(".text").textContent}`).join("\\n"));
    if (watch.on) requestAnimationFrame(look);
  };
  look();
}"""

_PIXEL = """(element, property) => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d");
  context.fillStyle = getComputedStyle(element)[property];
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data];
}"""


@dataclass(frozen=True)
class Row:
    """A row in sight.

    Attributes:
        line: The number of a line; 0 for other rows.
        kind: ``line``, ``gap`` or ``boundary``.
        text: What it says.
        stderr: Whether it is marked as written to standard error.
        top: Where it is, in CSS pixels.
    """

    line: int
    kind: str
    text: str
    stderr: bool
    top: float


class View:
    """One page.

    Attributes:
        page: The browser's page.
        state: What it says of connection and run.
        log: The log's scroller.
        resume: The button that goes down to the newest line.
        pause: The button that stops and resumes following.
        viewers: How many watch.
        count: How many lines there are.
        gaps: The rows that stand for lines that the page was not sent.
        notice: What the log says of a link that leads nowhere.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.state = page.get_by_test_id("state")
        self.log = page.get_by_role("log")
        self.resume = page.get_by_test_id("resume")
        self.pause = page.get_by_test_id("pause")
        self.viewers = page.get_by_test_id("viewers")
        self.count = page.get_by_test_id("lines")
        self.gaps = page.locator(".gap")
        self.notice = page.locator("webtee-log .notice")
        self._asked = 0
        self._loading: set[Request] = set()
        page.on("request", self._request)
        page.on("requestfinished", self._loaded)
        page.on("requestfailed", self._loaded)

    def expect_state(self, state: str) -> None:
        """Wait for this state."""
        expect(self.state).to_have_attribute("data-state", state)

    def expect_lines(self, count: int) -> None:
        """Wait until the page says that there are so many lines."""
        words = re.compile(rf"^\s*{count:,}\s+lines?\s*$")
        expect(self.count).to_have_text(words, use_inner_text=True)

    def expect_following(self, following: bool = True) -> None:
        """Wait until the page follows, or does not."""
        expect(self.pause).to_have_attribute("aria-pressed", "false" if following else "true")

    def line(self, number: int) -> Locator:
        """Return the text of a line."""
        return self.page.locator(f'.line[data-line="{number}"] .text')

    def show(self, fragment: str) -> None:
        """Ask for another view by the page's address, as a link within the page does."""
        self.page.evaluate("(fragment) => { location.hash = fragment; }", fragment)

    def number(self, number: int) -> Locator:
        """Return the number of a line, which is a link to it."""
        return self.page.locator(f'.line[data-line="{number}"] .number')

    def expect_line(self, number: int, text: str) -> None:
        """Wait until a line is in sight and says exactly this."""
        expect(self.line(number)).to_be_in_viewport()
        expect(self.line(number)).to_have_js_property("textContent", text)

    def rows(self) -> list[Row]:
        """Return the rows in sight, once all of them are there and nothing is being loaded."""
        for _ in range(100):
            asked, loading = self._asked, bool(self._loading)
            rows: list[dict[str, Any]] = self.log.evaluate(_ROWS)
            if not loading and asked == self._asked:
                return [Row(**row) for row in rows]
        raise AssertionError(f"loading without end: {[each.url for each in self._loading]}")

    def _request(self, request: Request) -> None:
        self._asked += 1
        self._loading.add(request)

    def _loaded(self, request: Request) -> None:
        self._loading.discard(request)

    def lines(self) -> dict[int, str]:
        """Return the lines in sight by their numbers."""
        return {row.line: row.text for row in self.rows() if row.line}

    def read_all(self, *, filling: bool = False) -> list[Row]:
        """Read everything from the first row to the last, a screen at a time.

        Args:
            filling: Gaps may fill on the way, and what fills one that is seen together with the
                end pushes the rows above it out of sight: go back as far as needed.
        """
        self.press("Home")
        read: list[Row] = []
        for _ in range(500):
            rows = self.rows()
            while filling and read and _key(read[-1]) not in map(_key, rows):
                if rows[0].line == 1 or rows[0].line < read[-1].line:
                    break
                self.press("PageUp")
                rows = self.rows()
            new = rows
            if read:
                # What was read before is on the screen again, in the same order, then what is new.
                last = _key(read[-1])
                keys = [_key(row) for row in rows]
                assert last in keys, f"the screen went from {last} to {keys[:1]}"
                new = rows[keys.index(last) + 1 :]
            read += new
            if self.pause.get_attribute("aria-pressed") == "false":
                return read
            self.press("PageDown")
        raise AssertionError(f"no end after {len(read)} rows")

    def press(self, key: str) -> None:
        """Press a key."""
        self.page.keyboard.press(key)

    def wheel(self, pixels: float) -> None:
        """Turn the wheel over the log; negative is up."""
        self.log.hover()
        self.page.mouse.wheel(0, pixels)

    def colour(self, element: Locator, property_: str = "color") -> tuple[int, int, int, int]:
        """Return a computed colour as red, green, blue and opacity, 0 to 255 each."""
        red, green, blue, opacity = element.evaluate(_PIXEL, property_)
        return red, green, blue, opacity

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """In no frame while the block runs does any line in sight move or change."""
        self.rows()
        self.log.evaluate(_WATCH)
        yield
        self.rows()
        seen, frames = self.page.evaluate(
            "() => { watch.on = false; return [[...watch.seen], watch.frames]; }"
        )
        assert frames > 2
        assert len(seen) == 1, "\n--- then ---\n".join(seen[:3])


def _key(row: Row) -> tuple[str, int, str]:
    return row.kind, row.line, row.text if row.line == 0 else ""


def contrast(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    """Contrast of two colours (WCAG 2.2)."""

    def luminance(colour: tuple[int, ...]) -> float:
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
            for c in (value / 255 for value in colour)
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)
