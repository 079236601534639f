"""Cursors: whoever joins, lags, skips or resumes gets each record once, or hears of a gap."""

from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.support.model import expected
from tests.support.strategies import entries
from tests.support.v1 import Seen, V1Viewer
from webtee.log.cursor import Cursor, Lag, resume
from webtee.log.encoding import DEFLATE, PLAIN, Encoder
from webtee.log.log import Log
from webtee.log.record import Kind


@dataclass
class Follower:
    """A viewer, and its cursor while it is connected."""

    lag: Lag
    encoder: Encoder
    viewer: V1Viewer = field(default_factory=V1Viewer)
    cursor: Cursor | None = None


class Following(RuleBasedStateMachine):
    """Any number of viewers follow a log that is written, sealed and let go meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[tuple[Kind, bytes]] = []
        self.followers: list[Follower] = []

    @initialize(
        segment_size=st.sampled_from([1, 300, 2000]), keep=st.sampled_from([0, 600, 1 << 30])
    )
    def begin(self, segment_size: int, keep: int) -> None:
        self.log = Log("e", segment_size=segment_size, keep=keep)

    @rule(written=st.lists(entries, min_size=1, max_size=10))
    def write(self, written: list[tuple[Kind, bytes]]) -> None:
        for kind, payload in written:
            self.log.append(kind, payload, 0)
        self.entries += written

    @rule(lag=st.sampled_from(Lag), deflate=st.booleans(), tail=st.none() | st.integers(0, 20))
    def join(self, lag: Lag, deflate: bool, tail: int | None) -> None:
        follower = Follower(lag, DEFLATE if deflate else PLAIN)
        self.followers.append(follower)
        head, tail_seq = self.log.head.seq, None
        if tail is not None:
            tail_seq, _ = self.log.seek_tail(tail)
        assert self.connect(follower, tail=tail) == "fresh"
        assert follower.cursor is not None
        if tail_seq is not None:
            assert follower.cursor.wanted <= tail_seq, "at least that many lines"
        elif head:
            assert follower.cursor.seq == self.log.segments[-1].first_seq, "the newest segment"

    def connect(self, follower: Follower, tail: int | None = None) -> str:
        follower.viewer.connect()
        follower.cursor, how = resume(
            self.log,
            follower.encoder,
            after=follower.viewer.after,
            epoch="e",
            tail=tail,
            lag=follower.lag,
            unsent=500,
        )
        return how

    @rule(data=st.data(), limit=st.integers(1, 1500))
    def send(self, data: st.DataObject, limit: int) -> None:
        connected = [follower for follower in self.followers if follower.cursor is not None]
        if connected:
            self.take(data.draw(st.sampled_from(connected)), limit)

    def take(self, follower: Follower, limit: int) -> None:
        assert follower.cursor is not None
        follower.viewer.feed(follower.cursor.take(limit, self.log.head.seq + 1))

    @rule(data=st.data())
    def cut(self, data: st.DataObject) -> None:
        connected = [follower for follower in self.followers if follower.cursor is not None]
        if connected:
            data.draw(st.sampled_from(connected)).cursor = None

    @rule(data=st.data())
    def come_back(self, data: st.DataObject) -> None:
        gone = [follower for follower in self.followers if follower.cursor is None]
        if not gone:
            return
        follower = data.draw(st.sampled_from(gone))
        after, gaps = follower.viewer.after, len(follower.viewer.gaps)
        how = self.connect(follower)
        assert (how == "fresh") == (after is None)
        self.take(follower, 1)
        if how == "exact":
            assert len(follower.viewer.gaps) == gaps
        elif how == "gap":
            assert len(follower.viewer.gaps) == gaps + 1

    @invariant()
    def every_viewer_has_each_record_once_or_a_gap(self) -> None:
        model = expected(self.entries, [0] * len(self.entries))
        for follower in self.followers:
            follower.viewer.check_against(model)
            if follower.lag is Lag.KEEP:
                assert all(gap["reason"] == "expired" for gap in follower.viewer.gaps)

    def teardown(self) -> None:
        """All who are connected can be given the rest, and then have it."""
        for follower in self.followers:
            while follower.cursor is not None and follower.cursor.seq <= self.log.head.seq:
                self.take(follower, 1000)
            if follower.cursor is not None and follower.viewer.after is not None:
                assert follower.viewer.after == self.log.head.seq
        if hasattr(self, "log"):
            self.every_viewer_has_each_record_once_or_a_gap()


TestFollowing = Following.TestCase
TestFollowing.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)


def write(log: Log, *payloads: bytes) -> list[Seen]:
    for payload in payloads:
        log.append(Kind.OUTPUT, payload, 0)
    return expected([(Kind.OUTPUT, payload) for payload in payloads], [0] * len(payloads))


def test_another_epochs_seq_means_nothing() -> None:
    log = Log("new")
    write(log, b"a", b"b")
    cursor, how = resume(log, PLAIN, after=1, epoch="old")
    assert (cursor.seq, how) == (1, "fresh")


def test_a_seq_that_was_never_reached_means_nothing() -> None:
    log = Log("e")
    write(log, b"a", b"b")
    cursor, how = resume(log, PLAIN, after=3, epoch="e")
    assert (cursor.seq, how) == (1, "fresh")


def test_without_an_epoch_the_present_one_is_meant() -> None:
    log = Log("e")
    write(log, b"a", b"b")
    cursor, how = resume(log, PLAIN, after=1)
    assert (cursor.seq, how) == (2, "exact")


def test_a_viewer_that_has_everything_gets_the_open_segment_again_to_inflate_the_next() -> None:
    log = Log("e")
    write(log, b"a", b"b")
    cursor, how = resume(log, DEFLATE, after=2)
    assert (cursor.seq, cursor.wanted, how) == (1, 3, "exact")


def test_a_viewer_that_has_a_whole_sealed_segment_gets_none_of_it_again() -> None:
    log = Log("e", segment_size=1)
    write(log, b"a", b"b")
    cursor, how = resume(log, DEFLATE, after=2)
    assert (cursor.seq, how) == (3, "exact")


def test_a_gap_is_the_lines_and_bytes_that_were_skipped() -> None:
    log = Log("e", segment_size=1)
    cursor = Cursor(log, PLAIN, 1, lag=Lag.SKIP, unsent=10)
    write(log, b"one\ntw", b"o\nthree\n", b"four\n", b"five")
    gap = cursor.gap
    assert gap is not None
    assert (gap.first_seq, gap.last_seq, gap.first_line, gap.last_line) == (1, 3, 1, 4)
    assert (gap.bytes, gap.reason) == (19, "slow")


def test_a_gap_can_end_in_the_middle_of_a_line() -> None:
    log = Log("e", segment_size=1)
    cursor = Cursor(log, PLAIN, 1, lag=Lag.SKIP, unsent=10)
    write(log, b"one\ntw", b"o\n")
    gap = cursor.gap
    assert gap is not None
    assert gap.last_line == 2


def test_what_a_resumed_viewer_missed_long_ago_has_no_known_size() -> None:
    log = Log("e", segment_size=1, keep=0)
    write(log, b"a\n", b"b\n", b"c\n")
    cursor, how = resume(log, DEFLATE, after=1, epoch="e")
    gap = cursor.gap
    assert how == "gap"
    assert gap is not None
    assert (gap.first_seq, gap.last_seq, gap.first_line, gap.bytes) == (2, 2, None, None)
    assert (gap.last_line, gap.reason) == (2, "expired")


def test_what_was_to_be_sent_again_may_be_let_go_meanwhile() -> None:
    log = Log("e", segment_size=150, keep=0)
    write(log, b"a" * 30, b"b" * 30)
    cursor, _ = resume(log, DEFLATE, after=2, epoch="e")
    assert (cursor.seq, cursor.wanted) == (1, 3)
    viewer = V1Viewer()
    viewer.connect()
    for payload in (b"c" * 100, b"d" * 200, b"e" * 10):
        log.append(Kind.OUTPUT, payload, 0)
    viewer.feed(cursor.take(10_000, 6))
    assert [record.seq for record in viewer.records] == [4, 5]
    assert [gap["last_seq"] for gap in viewer.gaps] == [3]


def test_the_last_lines_that_were_asked_for_are_not_skipped() -> None:
    log = Log("e", segment_size=1)
    write(log, *[bytes([65 + index]) * 9 + b"\n" for index in range(20)])
    cursor, how = resume(log, DEFLATE, tail=15, lag=Lag.SKIP, unsent=100)
    assert (cursor.gap, cursor.seq, how) == (None, 6, "fresh")
    write(log, *[bytes([97 + index]) * 9 + b"\n" for index in range(6)])
    gap = cursor.gap
    assert gap is not None, "what comes after that counts"
    assert (gap.first_seq, gap.last_seq) == (6, 25)


def test_what_is_taken_at_once_is_bounded_also_where_it_inflates() -> None:
    log = Log("e")
    write(log, *[b"y\n" * 5000 for _ in range(20)])
    cursor = Cursor(log, PLAIN, 1)
    sizes = []
    while cursor.seq <= 20:
        sizes.append(len(cursor.take(30_000, 21)))
    assert max(sizes) <= 30_000 + 10_000 + 50


def test_a_new_viewer_of_the_last_lines_misses_what_it_was_to_get_before_them() -> None:
    """It begins at its segment's start, and has nothing yet that it could be sent again."""
    log = Log("e", segment_size=150, keep=0)
    write(log, b"a\n", b"b\n")
    cursor, _ = resume(log, DEFLATE, tail=0)
    assert (cursor.seq, cursor.wanted) == (1, 1)
    viewer = V1Viewer()
    viewer.connect()
    viewer.feed(cursor.take(1, 3))
    write(log, b"c" * 100, b"d" * 200)
    viewer.feed(cursor.take(10_000, 5))
    assert [record.seq for record in viewer.records] == [1, 4]
    assert [(gap["first_seq"], gap["last_seq"]) for gap in viewer.gaps] == [(2, 3)]
