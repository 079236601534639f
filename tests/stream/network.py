"""A network that the test moves: what a stream writes waits here until it is delivered."""

import asyncio
from dataclasses import dataclass, field

from tests.support.v1 import Seen, V1Viewer, parse
from webtee.audience import TICK, Viewer
from webtee.log.cursor import Lag, resume
from webtee.log.encoding import DEFLATE, PLAIN
from webtee.log.log import Log
from webtee.stream import Stream

UNSENT = 3000


@dataclass
class Network:
    """A connection that takes bytes when the test says so, and at most so many at a time."""

    viewer: V1Viewer = field(default_factory=V1Viewer)
    queue: bytearray = field(default_factory=bytearray)
    writes: list[bytes] = field(default_factory=list)
    most_queued: int = 0
    open: bool = True
    ended: bool = False
    room: asyncio.Event = field(default_factory=asyncio.Event)

    def write(self, data: bytes) -> None:
        if not self.open:
            raise RuntimeError("closed")
        self.writes.append(data)
        self.queue += data
        self.most_queued = max(self.most_queued, len(self.queue))

    async def drained(self) -> None:
        while len(self.queue) > UNSENT // 2:
            self.room.clear()
            await self.room.wait()
            if not self.open:
                raise ConnectionResetError("closed")

    def deliver(self, size: int) -> None:
        self.viewer.feed(bytes(self.queue[:size]))
        del self.queue[:size]
        self.room.set()

    def on_end(self) -> None:
        self.ended = True


def join(
    stream: Stream, *, deflate: bool = True, lag: Lag = Lag.KEEP, again: V1Viewer | None = None
) -> tuple[Viewer, Network]:
    network = Network(viewer=again or V1Viewer())
    network.viewer.connect()
    cursor, _ = resume(
        stream.log,
        DEFLATE if deflate else PLAIN,
        after=network.viewer.after,
        epoch=stream.log.epoch,
        lag=lag,
        unsent=UNSENT,
    )
    viewer = Viewer(
        cursor,
        write=network.write,
        unsent=lambda: len(network.queue),
        drained=network.drained,
        on_end=network.on_end,
    )
    stream.attach(viewer)
    return viewer, network


def make(*, segment_size: int = 1 << 20, keep: int = 1 << 30) -> Stream:
    log = Log("e", segment_size=segment_size, keep=keep)
    return Stream("s", log, unsent=UNSENT, busy_time=asyncio.get_running_loop().time)


def records(stream: Stream) -> list[Seen]:
    return [r for s in stream.log.segments for r in parse(b"".join(s.records()))]


async def settle() -> None:
    """Let everything happen that can without time passing."""
    for _ in range(20):
        await asyncio.sleep(0)


async def tick() -> None:
    await asyncio.sleep(2 * TICK)
    await settle()
