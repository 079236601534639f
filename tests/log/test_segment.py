"""A segment's one encoding: what a viewer inflates, what HTTP serves and what was written agree."""

import zlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.strategies import entries
from tests.support.v1 import V1Viewer, parse, split_frames
from webtee.log.frame import BINARY, frame, payload_start
from webtee.log.log import Log
from webtee.log.record import Kind, Record
from webtee.log.segment import Segment


def make(written: list[tuple[Kind, bytes]], *, sealed: bool, first_seq: int = 1) -> Segment:
    records = [
        Record(first_seq + index, kind, 1000 + index, 1, 0, payload)
        for index, (kind, payload) in enumerate(written)
    ]
    segment = Segment(records[0], wire_start=0)
    for record in records[1:]:
        segment.append(record)
    if sealed:
        segment.seal()
    return segment


some_entries = st.lists(entries, min_size=1, max_size=20)


@given(some_entries, st.booleans())
def test_messages_records_and_body_are_the_same_records(
    written: list[tuple[Kind, bytes]], sealed: bool
) -> None:
    segment = make(written, sealed=sealed)
    viewer = V1Viewer()
    viewer.connect()
    viewer.feed(segment.messages(0, len(segment)))
    assert [(r.kind, r.payload) for r in viewer.records] == written
    assert parse(b"".join(segment.records())) == viewer.records

    inflate = zlib.decompressobj(-15)
    assert parse(inflate.decompress(segment.body())) == viewer.records
    assert inflate.eof, "the body is a complete deflate stream"
    assert not inflate.unused_data
    assert len(segment.body()) == segment.body_size
    assert len(segment.messages(0, len(segment))) == segment.stored_size
    assert segment.raw_size == sum(40 + len(payload) for _, payload in written)


@given(some_entries, st.binary(max_size=2000))
def test_what_a_window_held_before_does_not_matter(
    written: list[tuple[Kind, bytes]], before: bytes
) -> None:
    """A viewer comes from anywhere: another segment, its middle, or nothing."""
    inflate = zlib.decompressobj(-15)
    deflate = zlib.compressobj(wbits=-15)
    inflate.decompress(deflate.compress(before) + deflate.flush(zlib.Z_SYNC_FLUSH))
    frames, rest = split_frames(make(written, sealed=True).messages(0, len(written)))
    assert rest == b""
    raw = b"".join(inflate.decompress(payload + b"\0\0\xff\xff") for _, _, payload in frames)
    assert [(record.kind, record.payload) for record in parse(raw)] == written


@given(some_entries, st.data())
def test_ranges_of_messages_join_to_the_whole(
    written: list[tuple[Kind, bytes]], data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(written)))) | {0, len(written)})
    for sealed in (False, True):
        segment = make(written, sealed=sealed)
        joined = b"".join(segment.messages(start, stop) for start, stop in pairwise(cuts))
        assert joined == segment.messages(0, len(segment))


@given(some_entries, st.integers(1, 5000), st.data())
def test_fit_is_as_many_messages_as_fit_and_at_least_one(
    written: list[tuple[Kind, bytes]], limit: int, data: st.DataObject
) -> None:
    segment = make(written, sealed=True)
    start = data.draw(st.integers(0, len(segment) - 1))
    stop = segment.fit(start, limit)
    assert start < stop <= len(segment)
    assert stop == start + 1 or len(segment.messages(start, stop)) <= limit
    assert stop == len(segment) or len(segment.messages(start, stop + 1)) > limit


@given(some_entries, st.integers(1, 3000), st.data())
def test_inflated_records_fit_too(
    written: list[tuple[Kind, bytes]], limit: int, data: st.DataObject
) -> None:
    log = Log("e")
    for kind, payload in written:
        log.append(kind, payload, 0)
    (segment,) = log.segments
    start = data.draw(st.integers(0, len(segment) - 1))
    stop = segment.fit(start, limit, inflated=True)
    assert start < stop <= len(segment)
    output = [payload if kind is not Kind.EVENT else b"" for kind, payload in written[start:stop]]
    assert stop == start + 1 or sum(len(frame(BINARY, bytes(40) + p)) for p in output) <= limit


def test_records_that_repeat_earlier_ones_shrink() -> None:
    line = b'203.0.113.9 - - [22/Nov/2026:10:00:00 +0000] "GET /index.html HTTP/1.1" 200 4523\n'
    segment = make([(Kind.OUTPUT, line)] * 100, sealed=True)
    assert segment.stored_size * 4 < segment.raw_size


def test_a_sealed_segment_never_changes() -> None:
    segment = make([(Kind.OUTPUT, b"x")], sealed=True)
    with pytest.raises(RuntimeError, match="begin a new one"):
        segment.append(Record(2, Kind.OUTPUT, 0, 1, 0, b"y"))


@given(st.sampled_from([0, 1, 125, 126, 127, 65535, 65536, 70000]), st.booleans())
def test_frames_are_read_back(size: int, compressed: bool) -> None:
    payload = bytes(size)
    data = frame(BINARY, payload, compressed=compressed)
    assert split_frames(data) == ([(BINARY, compressed, payload)], b"")
    assert data[payload_start(data) :] == payload
