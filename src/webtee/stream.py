"""A stream: the shell around one log. A source's bytes come in, its audience gets them.

It coalesces what it is fed into records, and has its audience given what was appended once per
tick.
"""

import asyncio
import contextlib
import json
import math
import time
from collections.abc import Callable

from webtee.audience import TICK, Audience, Viewer
from webtee.log.cursor import UNSENT
from webtee.log.log import Log
from webtee.log.record import Kind
from webtee.past import Past
from webtee.replay import Part, replay, tidying
from webtee.text.checkpoints import Checkpoints
from webtee.text.screen import Screen

RECORD_SIZE = 128 << 10
"""Payload bytes that a record of output holds at most: a flood is many records."""

REDRAW_INTERVAL = 5.0
"""Seconds between two times that a program is asked to draw its screen anew, at least.

They double each time that it does not, up to :data:`REDRAW_LONGEST`: it need not be disturbed.
"""

REDRAW_LONGEST = 320.0
"""Seconds after which one that never drew anew is asked once more."""

_REDRAW_PAUSE = 0.1  # seconds that a size lasts: programs that see no other size draw nothing
_REDRAW_PATIENCE = 1.0  # seconds that a program has to draw anew

_TURN = 0.004  # seconds that finding out how the screen was may keep the loop

_SHARE = 5  # a fan-out is followed by this many times its own duration, so it takes a fifth at most


class Stream:
    """One named source with its log and its viewers.

    Everything is called in the event loop's thread.

    Args:
        name: What it is called in URLs.
        log: Where its records go; nobody else may write to it.
        title: What people call it.
        command: The command that feeds it; empty for standard input.
        pty: Whether the command runs under a pseudo-terminal.
        cols: Width of that terminal in characters; None without one.
        rows: Its height in lines.
        unsent: Bytes that may wait in this process for one viewer.
        resize: Gives the terminal another size without telling anyone but the program.
        busy_time: The clock for how long sending takes: this thread's CPU seconds, so that what
            else runs on the machine does not count.
    """

    def __init__(
        self,
        name: str,
        log: Log,
        *,
        title: str = "",
        command: tuple[str, ...] = (),
        pty: bool = False,
        cols: int | None = None,
        rows: int | None = None,
        unsent: int = UNSENT,
        resize: Callable[[int, int], None] | None = None,
        busy_time: Callable[[], float] = time.thread_time,
    ) -> None:
        self.name = name
        self.log = log
        self.title = title or name
        self.command = command
        self.pty = pty
        self.cols = cols
        self.rows = rows
        self.ended = False
        self._audience = Audience(name, log, unsent=unsent)
        self._loop = asyncio.get_running_loop()
        self._busy_time = busy_time
        self._screen = Screen(cols, rows) if pty and cols and rows else None
        self._checkpoints = None if self._screen is None else Checkpoints(self._screen)
        self._looking_back = asyncio.Lock()  # many at once would keep the loop for a turn of each
        self._screen_told = False
        self._resize = resize
        self._redrawing: asyncio.Task[bool] | None = None
        self._redraw_asked = -math.inf  # when it was last, in the loop's time
        self._redraw_interval = REDRAW_INTERVAL
        self._news = asyncio.Event()  # from the command, for a redraw that waits for it
        self._pending: list[bytes] = []
        self._pending_kind = Kind.OUTPUT
        self._pending_size = 0
        self._arrived = 0  # when the first of the pending bytes did
        self._due = 0.0  # when the next fan-out may be, in the loop's time
        self._timer: asyncio.TimerHandle | None = None

    # What comes in

    def feed(self, kind: Kind, data: bytes) -> None:
        """Take bytes that the source wrote.

        The first after a quiet moment go out at once; what follows within a tick is joined.
        """
        if kind is not self._pending_kind:
            self._append_pending()
            self._pending_kind = kind
        if self._screen is not None:
            self._screen.feed(data)  # at once: a whole record might keep the loop for long
        if self._checkpoints is not None and self._checkpoints.due:
            self._checkpoints.keep(self.log.first.offset)
        if not self._pending:
            self._arrived = _now()
        self._pending.append(data)
        self._pending_size += len(data)
        if self._pending_size >= RECORD_SIZE:
            self._append_pending(keep_rest=True)
        self._schedule()

    def event(self, **fields: object) -> None:
        """Record something about the stream, in order with its output."""
        self._append_pending()
        self.log.append(Kind.EVENT, json.dumps(fields).encode(), _now())
        self._schedule()

    def flush(self) -> None:
        """Append what waits for the tick, for someone who asks for all that there is now."""
        self._append_pending()

    def resize(self, cols: int, rows: int) -> None:
        """Record that the terminal has another size now."""
        self._append_pending()  # it was written for the old size
        self.cols, self.rows = cols, rows
        if self._screen is not None:
            self._screen.resize(cols, rows)
        self.event(event="resize", cols=cols, rows=rows)

    def end(self) -> None:
        """Say that nothing more will come, and give the viewers what there is."""
        self.ended = True
        self._append_pending()
        if self._screen is not None:
            self._screen.end()
        self._tick()
        self._audience.end()

    def _append_pending(self, *, keep_rest: bool = False) -> None:
        if not self._pending:
            return
        data = self._pending[0] if len(self._pending) == 1 else b"".join(self._pending)
        end = len(data) - len(data) % RECORD_SIZE if keep_rest else len(data)
        for start in range(0, end, RECORD_SIZE):
            piece = data[start : min(start + RECORD_SIZE, end)]
            self.log.append(self._pending_kind, piece, self._arrived)
        rest = data[end:]
        if rest:
            self._arrived = _now()  # it came last
        self._pending = [rest] if rest else []
        self._pending_size = len(rest)

    # What goes out

    def _schedule(self) -> None:
        if self._timer is not None:
            return
        if self._loop.time() >= self._due:
            self._tick()
        else:
            self._timer = self._loop.call_at(self._due, self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        self._schedule()

    def _tick(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._append_pending()
        self._news.set()
        if self.screen is not self._screen_told:
            self._screen_told = self.screen
            self.log.append(
                Kind.EVENT, json.dumps({"event": "screen", "on": self.screen}).encode(), _now()
            )
        begun, busy = self._loop.time(), self._busy_time()
        self._audience.fan_out()
        self._due = begun + max(TICK, _SHARE * (self._busy_time() - busy))

    # The screen

    @property
    def screen(self) -> bool:
        """Whether the command draws on its terminal's screen now."""
        return self._screen is not None and self._screen.on

    def replay(self) -> tuple[list[Part], bool]:
        """Return which parts of the output make the terminal's present screen; see there."""
        if self._screen is None:
            return [], True
        self._append_pending()  # the tracker has seen it
        return replay(self.log, self._screen)

    @property
    def drew(self) -> bool:
        """Whether the command was on the alternate screen."""
        return self._screen is not None and bool(self._screen.entered or self._screen.spans)

    def tidying(self) -> bytes:
        """Return what puts a terminal back that was shown all of the output; see replay.py."""
        if self._screen is None:
            return b""
        self._append_pending()
        return tidying(self.log, self._screen)

    async def past(self, time: int) -> Past | None:
        """Return the screen as it was when all that came up to ``time`` (µs) had come.

        None where there is no screen. What was let go by then is missing from it.
        """
        if self._checkpoints is None:
            return None
        async with self._looking_back:
            self._append_pending()
            past = Past(self.log, self._checkpoints, self.log.seek_time(time + 1) - 1)
            begun = self._busy_time()
            for _ in past.steps():
                if self._busy_time() - begun > _TURN:
                    await asyncio.sleep(0)
                    begun = self._busy_time()
            return past

    async def redraw(self) -> None:
        """Ask the command to draw its screen anew, and give it a moment to do so.

        Nothing is asked without a screen, nor more than once in some seconds; those who ask
        meanwhile wait for the same answer.
        """
        if self._redrawing is None:
            if not self.screen or self._resize is None or not self._redraw_due:
                return
            self._redraw_asked = self._loop.time()
            self._redrawing = self._loop.create_task(self._redraw(self._resize))
            self._redrawing.add_done_callback(self._redrawn)
        await asyncio.shield(self._redrawing)

    @property
    def _redraw_due(self) -> bool:
        return self._loop.time() >= self._redraw_asked + self._redraw_interval

    def _redrawn(self, asked: asyncio.Task[bool]) -> None:
        self._redrawing = None
        drew = not asked.cancelled() and asked.result()
        longer = min(2 * self._redraw_interval, REDRAW_LONGEST)
        self._redraw_interval = REDRAW_INTERVAL if drew else longer

    async def _redraw(self, resize: Callable[[int, int], None]) -> bool:
        """Give the terminal another size and back, and return whether it was drawn anew."""
        assert self._screen is not None
        cols, rows = self._screen.size
        resize(cols, rows - 1 if rows > 1 else rows + 1)
        await asyncio.sleep(_REDRAW_PAUSE)
        before = self._screen.keyframe
        resize(*self._screen.size)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_REDRAW_PATIENCE):
                while self._screen.keyframe is before and not self.ended:
                    self._news.clear()
                    await self._news.wait()
        return self._screen.keyframe is not before

    # Who watches

    @property
    def unsent(self) -> int:
        """Bytes that may wait in this process for one viewer."""
        return self._audience.unsent

    @property
    def viewers(self) -> int:
        """How many are watching."""
        return self._audience.size

    @property
    def lagging(self) -> int:
        """How many of them are not at the head."""
        return self._audience.lagging

    def attach(self, viewer: Viewer) -> None:
        """Begin to send to ``viewer``, from its cursor on, until it is detached."""
        self._audience.attach(viewer)

    def detach(self, viewer: Viewer) -> None:
        """Stop sending to ``viewer``. Harmless if it is not attached."""
        self._audience.detach(viewer)

    async def delivered(self, patience: float) -> None:
        """Wait until every viewer has been sent all that there is.

        Args:
            patience: Seconds after which a viewer that takes nothing is not waited for any more.
        """
        await self._audience.delivered(patience)


def _now() -> int:
    return time.time_ns() // 1000
