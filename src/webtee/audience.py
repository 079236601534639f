"""An audience: everyone who watches one log, and who is given what, when.

Those that keep up get each fan-out in one write of shared bytes each. One whose unsent bytes reach
their bound becomes a cursor that catches up as its connection drains, and holds up nobody.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from webtee.log.cursor import UNSENT, Cursor
from webtee.log.encoding import Encoder
from webtee.log.log import Log, Position

TICK = 0.016
"""Seconds between two fan-outs at least: a display's frame."""

_STATUS_INTERVAL = 1.0  # seconds; the number of viewers need not be told more often
_STATUS_SHARE = 50
_CHUNK = 256 << 10  # message bytes that a cursor that catches up is given at a time, at most

_logger = logging.getLogger(__name__)


class Viewer:
    """Anything that follows a stream, as the stream sees it.

    Args:
        cursor: Where it begins.
        write: Sends bytes, in order, without blocking. A RuntimeError means that it is gone.
        unsent: Tells how many of the written bytes wait in this process.
        drained: Waits until it makes sense to write more. A ConnectionError means that it is gone.
        on_end: Called once when it has been given everything that there will ever be for it.
        until: The record to end before; None follows for as long as the stream goes on.
    """

    __slots__ = ("cursor", "drained", "on_end", "task", "unsent", "until", "write")

    def __init__(
        self,
        cursor: Cursor,
        *,
        write: Callable[[bytes], object],
        unsent: Callable[[], int],
        drained: Callable[[], Awaitable[None]],
        on_end: Callable[[], None] | None = None,
        until: int | None = None,
    ) -> None:
        self.cursor = cursor
        self.write = write
        self.unsent = unsent
        self.drained = drained
        self.on_end = on_end
        self.until = until
        self.task: asyncio.Task[None] | None = None


class _Group:
    """The viewers that keep up and get the same bytes."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self.viewers: dict[Viewer, None] = {}


class Audience:
    """The viewers of one log.

    Everything is called in the event loop's thread.

    Args:
        name: The stream's, for what is logged.
        log: What they watch.
        unsent: Bytes that may wait in this process for one viewer.
    """

    def __init__(self, name: str, log: Log, *, unsent: int = UNSENT) -> None:
        self.unsent = unsent
        self._name = name
        self._log = log
        self._ended = False
        self._chunk = min(_CHUNK, unsent // 4)
        self._loop = asyncio.get_running_loop()
        self._sent = log.head  # what has been fanned out
        self._next = self._sent.seq + 1  # the first record that has not
        self._groups: dict[str, _Group] = {}
        self._viewers: dict[Viewer, None] = {}
        # To take is work, so only one viewer that lags does in a turn of the loop.
        self._turn = asyncio.Lock()
        self._waiting: list[asyncio.Future[None]] = []  # for the next fan-out
        self._status_due = 0.0
        self._status_timer: asyncio.TimerHandle | None = None

    # To all of them

    def fan_out(self) -> None:
        """Give those that keep up what was appended since the last time."""
        if self._next == self._log.next_seq:
            return
        before, self._sent = self._sent, self._log.head
        self._next = self._sent.seq + 1
        for group in self._groups.values():
            if group.viewers:
                self._send(group, before)
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
        self._waiting.clear()

    def end(self) -> None:
        """Say that nothing more will come."""
        self._ended = True
        for group in self._groups.values():
            for viewer in list(group.viewers):
                self._finish(viewer)

    def _send(self, group: _Group, sent: Position) -> None:
        """Give a group's viewers, who were sent everything up to ``sent``, what came since."""
        encoder = group.encoder.fork()
        data = self._encode(group.encoder, sent.seq + 1)
        if data is None:
            self._fall_behind(group, list(group.viewers), sent, encoder)
            return
        if not data:
            return
        room = self.unsent - len(data)
        lagging = []
        for viewer in group.viewers:
            if viewer.unsent() > room:
                lagging.append(viewer)
                continue
            try:
                viewer.write(data)
            except RuntimeError:  # closed a moment ago; whoever attached it is about to hear
                lagging.append(viewer)
        self._fall_behind(group, lagging, sent, encoder)

    def _fall_behind(
        self, group: _Group, lagging: list[Viewer], sent: Position, encoder: Encoder
    ) -> None:
        """Make cursors of viewers that were sent everything up to ``sent`` by ``encoder``."""
        for viewer in lagging:
            del group.viewers[viewer]
            viewer.cursor.go_to(sent.seq + 1, sent)
            viewer.cursor.encoder = encoder.fork()
            self._catch_up(viewer)

    def _encode(self, encoder: Encoder, seq: int) -> bytes | None:
        """Return the records from ``seq`` to the head as bytes; None if no viewer could take them.

        They are then more than may wait for one, or a flood pushed them out of the log already.
        """
        parts: list[bytes] = []
        left = self.unsent
        if seq < self._log.first_seq:
            return None
        while seq < self._next:
            segment, start = self._log.find(seq)
            stop = min(len(segment), self._next - segment.first_seq)
            if left <= 0 or encoder.fit(segment, start, left) < stop:
                return None
            parts.append(encoder.encode(self._log, segment, start, stop))
            left -= len(parts[-1])
            seq = segment.first_seq + stop
        return parts[0] if len(parts) == 1 else b"".join(parts)

    # To each of them

    @property
    def size(self) -> int:
        """How many are watching."""
        return len(self._viewers)

    @property
    def lagging(self) -> int:
        """How many of them are not at the head."""
        return sum(viewer.task is not None for viewer in self._viewers)

    def attach(self, viewer: Viewer) -> None:
        """Begin to send to ``viewer``, from its cursor on, until it is detached."""
        self._viewers[viewer] = None
        self._announce_viewers()
        self._catch_up(viewer)

    def detach(self, viewer: Viewer) -> None:
        """Stop sending to ``viewer``. Harmless if it is not attached."""
        if viewer not in self._viewers:
            return
        del self._viewers[viewer]
        group = self._groups.get(viewer.cursor.encoder.name)
        if group is not None:
            group.viewers.pop(viewer, None)
        if viewer.task is not None:
            viewer.task.cancel()
        self._announce_viewers()

    async def delivered(self, patience: float) -> None:
        """Wait until every viewer has been sent all that there is.

        Args:
            patience: Seconds after which a viewer that takes nothing is not waited for any more.
        """
        since: dict[Viewer, tuple[tuple[int, int], float]] = {}
        while True:
            now = self._loop.time()
            waiting, patient = 0, False
            for viewer in self._viewers:
                place = (viewer.cursor.seq, viewer.unsent())
                if viewer.task is None and not place[1]:
                    continue
                if viewer not in since or since[viewer][0] != place:
                    since[viewer] = (place, now)
                waiting += 1
                patient = patient or now - since[viewer][1] < patience
            if waiting and not patient:
                _logger.warning("%d viewers did not take everything: gave up on them", waiting)
            if not patient:
                return
            await asyncio.sleep(TICK)

    def _catch_up(self, viewer: Viewer) -> None:
        viewer.task = self._loop.create_task(self._pump(viewer))

    async def _pump(self, viewer: Viewer) -> None:
        """Send to a viewer that is not at the head until it is, or is gone."""
        cursor = viewer.cursor
        try:
            await viewer.drained()  # one that has just fallen behind has its whole bound waiting
            while True:
                until = self._next if viewer.until is None else min(viewer.until, self._next)
                if cursor.seq < until:
                    async with self._turn:
                        if data := cursor.take(self._chunk, until):
                            viewer.write(data)
                        await asyncio.sleep(0)
                    await viewer.drained()
                elif cursor.seq == viewer.until:
                    self._finish(viewer)
                    return
                elif cursor.seq > self._next or viewer.until is not None:
                    # What it wants is appended, or yet to be.
                    self._waiting.append(self._loop.create_future())
                    await self._waiting[-1]
                else:
                    self._join(viewer)
                    return
        except (ConnectionError, RuntimeError) as error:
            # Its handler is about to hear of it too, and detaches it.
            _logger.debug("stream %s: a viewer went away: %s", self._name, error)
        finally:
            viewer.task = None

    def _join(self, viewer: Viewer) -> None:
        """Take a viewer that is at the head among those that keep up."""
        encoder = viewer.cursor.encoder
        group = self._groups.get(encoder.name)
        if group is None or not group.viewers:
            group = self._groups[encoder.name] = _Group(encoder.fork())
        group.viewers[viewer] = None
        if status := encoder.status(len(self._viewers)):
            viewer.write(status)  # it may have missed one while it lagged
        if self._ended:
            self._finish(viewer)

    @staticmethod
    def _finish(viewer: Viewer) -> None:
        if viewer.on_end is not None:
            viewer.on_end()
            viewer.on_end = None

    def _announce_viewers(self) -> None:
        if self._status_timer is None:
            when = max(self._status_due, self._loop.time() + TICK)
            self._status_timer = self._loop.call_at(when, self._send_status)

    def _send_status(self) -> None:
        self._status_timer = None
        begun = self._loop.time()
        for group in self._groups.values():
            data = group.encoder.status(len(self._viewers))
            for viewer in group.viewers if data else ():
                if viewer.unsent() < self.unsent:
                    try:
                        viewer.write(data)
                    except RuntimeError:
                        _logger.debug("stream %s: a viewer is about to go", self._name)
        took = self._loop.time() - begun
        self._status_due = begun + max(_STATUS_INTERVAL, _STATUS_SHARE * took)
