"""The timeline: every line in its bucket, and what looks like a warning or an error."""

import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.search.naive import lines_of, result_of, written
from tests.support.strategies import entries
from webtee.log.log import Log
from webtee.log.record import Kind
from webtee.search.levels import Counts, Histogram, count, troubles
from webtee.search.memo import Memo
from webtee.search.snapshot import Job, Snapshot

more = st.tuples(
    st.sampled_from([Kind.OUTPUT, Kind.STDERR]),
    st.sampled_from(
        [b"ERROR x\nERROR\nfine\n", b"warning: y\n", b"WARN ERROR\n", b"\nERR", b"OR\n"]
    ),
)
histories = st.lists(st.one_of(entries, more), max_size=30)


def jobs(log: Log) -> list[Job]:
    snapshot = Snapshot(log)
    return [job for part in snapshot.parts if (job := snapshot.job(part)) is not None]


def level(text: bytes) -> str:
    log = written([(Kind.OUTPUT, text + b"\n")], segment_size=1)
    errors, warnings = result_of(troubles(jobs(log)[0].lines()))
    return "error" if errors else "warning" if warnings else ""


@pytest.mark.parametrize(
    "text",
    [
        "2024-06-27 15:00:01 ERROR db: gone",
        "[FATAL] out",
        "main.c:12:3: error: expected ;",
        "error[E0308]: mismatched types",
        "ld: fatal error: no input",
        "E0627 15:00:01.000 main.go:1] x",
        '{"time":1,"level":"error","msg":"x"}',
        '{"level": 50, "msg": "x"}',
        'time=1 level=error msg="x"',
        'severity="critical" x',
        "\x1b[31mERROR\x1b[0m x",
        "Traceback (most recent call last):",
        "ZeroDivisionError: division by zero",
        "KeyError",
        "requests.exceptions.ConnectionError: refused",
        'Exception in thread "main" java.lang.IllegalStateException: bad',
        "Uncaught TypeError: x is undefined",
        "::error file=app.js,line=1::Missing semicolon",
        "2026-11-22T10:00:00.1Z ##[error]It broke",
    ],
)
def test_errors_are_seen(text: str) -> None:
    assert level(text.encode()) == "error"


@pytest.mark.parametrize(
    "text",
    [
        "WARN slow",
        "x.py:3: warning: unused",
        "W0627 15:00:01 x",
        '{"lvl":"WARN"}',
        '{"level":40}',
        "level=warning x",
        "é" * 40 + " WARNING",
        "::warning::be careful",
    ],
)
def test_warnings_are_seen(text: str) -> None:
    assert level(text.encode()) == "warning"


@pytest.mark.parametrize(
    "text",
    [
        "0 errors",
        "TERROR",
        "an error in words",
        "é" * 90 + " ERROR",
        '{"level":30}',
        "Caused by: java.io.IOException: disk",
        "handler.onError",
        "an Exception: rule",
        "::error",
        "",
    ],
)
def test_other_lines_are_left_alone(text: str) -> None:
    assert level(text.encode()) == ""


@given(
    histories,
    st.sampled_from([1, 120, 1 << 20]),
    st.tuples(st.integers(0, 12_000), st.integers(0, 31_000)),
    st.integers(1, 40),
)
def test_every_line_is_in_its_bucket(
    history: list[tuple[Kind, bytes]], size: int, times: tuple[int, int], buckets: int
) -> None:
    log = written(history, segment_size=size)
    begin, end = times[0], times[0] + times[1]
    histogram = Histogram(begin, end, buckets, Snapshot(log).first_line)
    for job in jobs(log):
        histogram.add(result_of(count(job)))
    assert len(histogram.lines) <= buckets
    assert histogram.begin + histogram.width * len(histogram.lines) > end
    lines = lines_of(log)
    for index, first_line in enumerate(histogram.first_lines):
        start = begin + index * histogram.width
        stop = min(start + histogram.width, end + 1)
        inside = [line for line in lines if start <= line.time < stop]
        levels = [level(line.raw) for line in inside]
        assert histogram.lines[index] == len(inside)
        assert histogram.errors[index] == levels.count("error")
        assert histogram.warnings[index] == levels.count("warning")
        later = [line.number for line in lines if start <= line.time <= end]
        before = [line.number for line in lines if line.time < start]
        assert first_line == min(later, default=max(before, default=0) + 1)


def test_lines_before_the_first_bucket_may_be_left_out() -> None:
    histogram = Histogram(10, 19, 2, 1)
    histogram.skip(4)
    assert histogram.first_lines == [5, 5]


def test_what_is_final_is_kept_within_a_bound_and_goes_with_its_segment() -> None:
    log = Log("e", segment_size=1, keep=300)
    for payload in (b"one\n", b"two\n", b"thr"):
        log.append(Kind.OUTPUT, payload, 0)
    all_jobs = jobs(log)
    counted = [result_of(count(job)) for job in all_jobs]
    memo: Memo[Counts] = Memo(2 * counted[0].size)
    for job, counts in zip(all_jobs, counted, strict=True):
        job.keep(memo, counts)
    assert [job.known(memo) for job in all_jobs] == [*counted[:2], None], "the last has not ended"
    whole = all_jobs[0]._replace(part=all_jobs[0].part._replace(whole=True))
    assert whole.known(memo) is None
    log.append(Kind.OUTPUT, b"ee\n", 0)
    later = jobs(log)[2]
    later.keep(memo, counted[2])
    assert later.known(memo) is None, "there is no room"
    del job, all_jobs, whole
    while log.first_seq < 3:
        log.append(Kind.OUTPUT, b"x" * 50 + b"\n", 0)
    gc.collect()
    later.keep(memo, counted[2])
    assert later.known(memo) is counted[2]


def test_what_was_counted_of_a_segment_that_is_sealed_meanwhile_is_not_kept() -> None:
    log = Log("e", segment_size=300)
    log.append(Kind.OUTPUT, b"a\n" * 50, 0)
    snapshot = Snapshot(log)
    log.append(Kind.OUTPUT, b"b\n" * 100, 0)
    assert log.segments[0].sealed
    memo: Memo[Counts] = Memo()
    for expected in (50, 150):
        job = snapshot.job(snapshot.parts[0])
        assert job is not None
        assert job.known(memo) is None
        counts = result_of(count(job))
        job.keep(memo, counts)
        assert sum(counts.lines) == expected
        snapshot = Snapshot(log)
    assert len(memo._known) == 1
