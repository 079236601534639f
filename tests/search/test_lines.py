"""The lines of a segment where records are odd: cut off, or without a byte."""

from webtee.log.log import Log
from webtee.log.record import Kind
from webtee.search.lines import outputs
from webtee.search.snapshot import Snapshot


def test_records_that_are_cut_off_end_what_is_read() -> None:
    log = Log("e")
    for payload in (b"one\n", b"two\n", b"three\n"):
        log.append(Kind.OUTPUT, payload, 0)
    raw = log.segments[0].raw()
    assert [payload for _, _, payload in outputs(raw, 3)] == [b"one\n", b"two\n", b"three\n"]
    assert [payload for _, _, payload in outputs(raw[:87], 3)] == [b"one\n", b"two"]
    assert [payload for _, _, payload in outputs(raw[:84], 3)] == [b"one\n", b""]
    assert [payload for _, _, payload in outputs(raw[:83], 3)] == [b"one\n"]


def test_a_record_without_a_byte_ends_a_line_of_the_other_output() -> None:
    log = Log("e")
    for kind, payload in ((Kind.OUTPUT, b"on"), (Kind.STDERR, b""), (Kind.OUTPUT, b"e\n")):
        log.append(kind, payload, 0)
    snapshot = Snapshot(log)
    job = snapshot.job(snapshot.parts[0])
    assert job is not None
    assert job.lines().text == b"on\ne\n"
    assert (snapshot.first_line, snapshot.last_line) == (1, 2)


def test_lines_came_when_the_record_came_that_they_begin_in() -> None:
    log = Log("e", segment_size=250)
    for time, payload in enumerate((b"begun " * 40, b"n", b"ow\nmi", b"dd", b"le\nx"), 1):
        log.append(Kind.OUTPUT, payload, time)
    snapshot = Snapshot(log)
    lines = [job.lines() for part in snapshot.parts if (job := snapshot.job(part)) is not None]
    assert [line.arrivals() for line in lines] == [[(1, 1)], [(3, 1), (5, 2)]]
