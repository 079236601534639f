"""The promise as a property: any mix of viewers gets the source's bytes, or announced gaps."""

import asyncio
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stream.network import UNSENT, Network, join, make, settle
from tests.support.fake_loop import FakeLoop
from tests.support.v1 import Seen, parse
from webtee.audience import Viewer
from webtee.log.cursor import Lag
from webtee.log.log import Log
from webtee.log.record import Kind

steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("feed"),
            st.sampled_from([Kind.OUTPUT, Kind.STDERR]),
            st.binary(min_size=1, max_size=40).map(lambda data: data * 30),
        ),
        st.tuples(st.just("event")),
        st.tuples(st.just("join"), st.booleans(), st.sampled_from(Lag)),
        st.tuples(st.just("cut"), st.integers(0, 9)),
        st.tuples(st.just("resume"), st.integers(0, 9)),
        st.tuples(st.just("deliver"), st.integers(0, 9), st.integers(1, 5000)),
        st.tuples(st.just("wait"), st.floats(0, 0.1)),
    ),
    max_size=50,
)


@dataclass
class Place:
    """Someone's place in the audience, whom the network may cut off and let back in."""

    deflate: bool
    lag: Lag
    network: Network
    viewer: Viewer | None


@dataclass
class Play:
    """A stream, all that was ever appended to it, and its audience."""

    segment_size: int
    keep: int
    places: list[Place] = field(default_factory=list)
    written: dict[Kind, bytes] = field(default_factory=lambda: {Kind.OUTPUT: b"", Kind.STDERR: b""})

    def __post_init__(self) -> None:
        self.stream = make(segment_size=self.segment_size, keep=self.keep)
        self.everything = Log("all")
        append = self.stream.log.append

        def append_to_both(kind: Kind, payload: bytes, time: int) -> int:
            self.everything.append(kind, payload, time)
            return append(kind, payload, time)

        self.stream.log.append = append_to_both  # type: ignore[method-assign] # a spy

    @property
    def records(self) -> list[Seen]:
        return [r for s in self.everything.segments for r in parse(b"".join(s.records()))]

    def connected(self, *, is_connected: bool = True) -> list[Place]:
        return [place for place in self.places if (place.viewer is not None) is is_connected]

    async def feed(self, kind: Kind, data: bytes) -> None:
        self.stream.feed(kind, data)
        self.written[kind] += data

    async def event(self) -> None:
        self.stream.event(event="mark", text="x")

    async def join(self, deflate: bool, lag: Lag) -> None:
        viewer, network = join(self.stream, deflate=deflate, lag=lag)
        self.places.append(Place(deflate, lag, network, viewer))

    async def cut(self, which: int) -> None:
        if there := self.connected():
            place = there[which % len(there)]
            assert place.viewer is not None
            place.network.open = False
            place.network.room.set()
            self.stream.detach(place.viewer)
            place.viewer = None

    async def resume(self, which: int) -> None:
        if gone := self.connected(is_connected=False):
            place = gone[which % len(gone)]
            place.viewer, place.network = join(
                self.stream, deflate=place.deflate, lag=place.lag, again=place.network.viewer
            )

    async def deliver(self, which: int, size: int) -> None:
        if there := self.connected():
            there[which % len(there)].network.deliver(size)

    async def wait(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def end(self) -> None:
        self.stream.end()
        while self.stream.lagging or any(place.network.queue for place in self.connected()):
            for place in self.connected():
                place.network.deliver(2000)
            await settle()

    def check(self) -> None:
        everything = self.records
        for kind, data in self.written.items():
            assert b"".join(r.payload for r in everything if r.kind == kind) == data
        for place in self.places:
            # Its bound, a chunk of one record that is larger than it, and a few control messages.
            assert place.network.most_queued <= UNSENT + 2000
            place.network.viewer.check_against(everything)
        for place in self.connected():
            assert place.network.ended
            if place.network.viewer.after is not None:
                assert place.network.viewer.after == everything[-1].seq


@given(steps, st.sampled_from([300, 4000, 1 << 20]), st.sampled_from([0, 3000, 1 << 30]))
@settings(deadline=None, max_examples=150)
def test_any_mix_of_viewers_gets_exactly_the_sources_bytes_or_announced_gaps(
    script: list[tuple[str, *tuple[object, ...]]], segment_size: int, keep: int
) -> None:
    async def perform() -> None:
        play = Play(segment_size, keep)
        for name, *arguments in script:
            await getattr(play, name)(*arguments)
            await settle()
        await play.end()
        play.check()

    with asyncio.Runner(loop_factory=FakeLoop) as runner:
        runner.run(perform())
