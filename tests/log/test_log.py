"""The log agrees with the plain model of it: numbers, seeking, retention."""

from bisect import bisect_left

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.model import expected, last_lines, line_starts
from tests.support.strategies import entries
from tests.support.v1 import Seen, parse
from webtee.log.log import Log, Position
from webtee.log.record import Kind

histories = st.lists(st.tuples(entries, st.integers(0, 10_000)), max_size=40)
sizes = st.sampled_from([1, 200, 700, 1 << 20])

History = list[tuple[tuple[Kind, bytes], int]]


def write(history: History, *, segment_size: int, keep: int = 1 << 30) -> tuple[Log, list[Seen]]:
    log = Log("e", segment_size=segment_size, keep=keep)
    for seq, ((kind, payload), time) in enumerate(history, 1):
        assert log.append(kind, payload, time) == seq
    return log, expected([entry for entry, _ in history], [time for _, time in history])


def kept(log: Log) -> list[Seen]:
    return [seen for segment in log.segments for seen in parse(b"".join(log.records(segment)))]


@given(histories, sizes)
def test_all_that_is_written_is_there_with_its_numbers(history: History, size: int) -> None:
    log, records = write(history, segment_size=size)
    assert kept(log) == records
    assert [log.find(r.seq)[0].first_seq + log.find(r.seq)[1] for r in records] == [
        r.seq for r in records
    ]
    for record in records:
        assert log.position(record.seq) == Position(
            record.seq, record.line, record.offset, record.time
        )
    assert log.head.seq == len(records)
    assert log.head.offset == sum(len(r.payload) for r in records if r.kind != 2)
    assert log.wire_size == sum(segment.stored_size for segment in log.segments)
    assert all(segment.sealed for segment in list(log.segments)[:-1])


@given(histories, sizes, st.integers(0, 3000))
def test_the_oldest_segments_go_first_and_the_bound_holds(
    history: History, size: int, keep: int
) -> None:
    log, records = write(history, segment_size=size, keep=keep)
    there = kept(log)
    assert there == records[len(records) - len(there) :]
    sealed = [segment for segment in log.segments if segment.sealed]
    assert (
        len(log.segments) <= 1
        or sum(segment.kept_size for segment in sealed) <= keep
        or (sealed == list(log.segments)[:1])
    )
    if records:
        assert there, "the newest segment stays"
        assert log.first.seq == there[0].seq
        with pytest.raises(LookupError):
            log.find(there[0].seq - 1)
    with pytest.raises(LookupError):
        log.find(len(records) + 1)


@given(histories, sizes, st.sampled_from([0, 500, 1 << 30]), st.integers(-1, 60))
def test_seek_tail_finds_what_tail_would(
    history: History, size: int, keep: int, lines: int
) -> None:
    log, records = write(history, segment_size=size, keep=keep)
    seq, skip = log.seek_tail(lines)
    first = log.first.offset
    found = log.position(seq).offset + skip
    assert found == max(last_lines(records, lines), first)


@given(histories, sizes, st.sampled_from([0, 500, 1 << 30]), st.integers(1, 60))
def test_seek_line_finds_its_first_byte(history: History, size: int, keep: int, line: int) -> None:
    log, records = write(history, segment_size=size, keep=keep)
    seq, skip = log.seek_line(line)
    starts = line_starts(records)
    place = log.position(seq)
    if line in starts:
        assert place.offset + skip == max(starts[line], log.first.offset)
    elif line > log.head.line:
        assert (seq, skip) == (log.head.seq + 1, 0)
    if skip:
        segment, index = log.find(seq)
        assert skip < len(parse(log.records(segment)[index])[0].payload)


@given(histories, sizes, st.sampled_from([0, 500, 1 << 30]), st.integers(0, 11_000))
def test_seek_time_finds_the_first_record_not_older(
    history: History, size: int, keep: int, time: int
) -> None:
    log, _ = write(history, segment_size=size, keep=keep)
    there = kept(log)
    times = [record.time for record in there]
    assert times == sorted(times), "a clock that goes back does not take the log with it"
    assert log.seek_time(time) == log.first.seq + bisect_left(times, time)


@given(histories, sizes)
def test_a_segment_says_whether_it_begins_within_a_line(history: History, size: int) -> None:
    log, records = write(history, segment_size=size)
    for segment in log.segments:
        before = [r for r in records if r.seq < segment.first_seq and r.kind != 2]
        first = records[segment.first_seq - 1]
        unfinished = bool(before) and not before[-1].payload.endswith(b"\n")
        assert segment.mid_line == (
            unfinished and (first.kind == 2 or first.kind == before[-1].kind)
        )


def test_an_empty_log_has_places_too() -> None:
    log = Log("e")
    assert log.first == Position(1, 1, 0, 0)
    assert log.head == Position(0, 1, 0, 0)
    assert log.seek_tail(10) == (1, 0)
    assert log.seek_time(5) == 1
    assert log.segment_start(1) == 1
    with pytest.raises(LookupError):
        log.find(1)


def test_what_was_made_of_a_segment_is_kept_for_a_while_only() -> None:
    log = Log("e", segment_size=1)
    for _ in range(15):
        log.append(Kind.OUTPUT, b"x" * 100, 0)
    for make in (log.records, log.body):
        first = make(log.segments[0])
        assert make(log.segments[0]) is first
        for segment in log.segments[1:8]:
            make(segment)
        assert make(log.segments[0]) is first
        for segment in log.segments[1:10]:
            make(segment)
        assert make(log.segments[0]) is not first


def test_an_open_segments_body_is_never_an_old_one() -> None:
    log = Log("e")
    log.append(Kind.OUTPUT, b"one", 0)
    before = log.body(log.segments[0])
    log.append(Kind.OUTPUT, b"two", 0)
    assert log.body(log.segments[0]) != before


def test_a_flood_is_packed_quickly_and_all_else_tightly() -> None:
    lines = b"".join(b"GET /%d HTTP/1.1 200 %d\n" % (n % 7, n * 37 % 1000) for n in range(5000))
    sizes = {}
    for name, pause in (("slow", 100_000), ("flood", 1_000)):
        log = Log("e", segment_size=len(lines))
        for index in range(4):
            log.append(Kind.OUTPUT, lines, index * pause)
        sizes[name] = [segment.stored_size for segment in log.segments]
    assert sizes["flood"][0] == sizes["slow"][0], "before the first is full nobody can tell"
    assert max(sizes["slow"][1:]) < min(sizes["flood"][1:])
