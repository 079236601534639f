"""A filter's text is what grep would print, whatever the segments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.search.naive import lines_of, result_of, written
from tests.support.strategies import entries
from webtee.log.record import Kind
from webtee.search import joining
from webtee.search.joining import Joiner, choose
from webtee.search.pattern import Pattern
from webtee.search.scan import Query
from webtee.search.snapshot import Snapshot
from webtee.text.plain import plain

more = st.tuples(st.just(Kind.OUTPUT), st.sampled_from([b"GET x\n", b"a\nb\nc\nd\n", b"e\r\n\n"]))


def joined(log: object, query: Query) -> bytes:
    snapshot = Snapshot(log)  # type: ignore[arg-type]
    joiner = Joiner(query.context)
    parts = []
    for part in snapshot.parts:
        job = snapshot.job(part)
        assert job is not None
        if query.may_match(part):
            parts.append(joiner.add(result_of(choose(job, query))))
    return b"".join(parts)


@given(
    st.lists(st.one_of(entries, more, more), max_size=30),
    st.sampled_from([1, 120, 1 << 20]),
    st.integers(0, 4),
    st.tuples(st.sampled_from(["", "GET", "b"]), st.booleans()),
    st.tuples(st.integers(0, 20), st.none() | st.integers(0, 60)),
)
def test_it_is_what_grep_prints(
    history: list[tuple[Kind, bytes]],
    size: int,
    context: int,
    looked_for: tuple[str, bool],
    span: tuple[int, int | None],
) -> None:
    log = written(history, segment_size=size)
    wanted, invert = looked_for
    query = Query(Pattern(wanted, ignore_case=False), invert, *span, context=context)
    lines = [
        line
        for line in lines_of(log)
        if span[0] <= line.number and (span[1] is None or line.number <= span[1])
    ]
    texts = {line.number: plain(line.raw) for line in lines}
    matches = [number for number, text in texts.items() if (wanted.encode() in text) != invert]
    expected, last = b"", None
    for number, text in texts.items():
        if any(abs(number - match) <= context for match in matches):
            if context and last is not None and number > last + 1:
                expected += b"--\n"
            expected += text + b"\n"
            last = number
    assert joined(log, query) == expected


def test_context_goes_over_parts_and_over_those_without_a_match() -> None:
    lines = [b"GET\n", b"a\n", b"b\n", b"c\n", b"d\n", b"e\n", b"f\n", b"GET\n"]
    log = written([(Kind.OUTPUT, line) for line in lines], segment_size=1)
    query = Query(Pattern("GET"), context=2)
    assert joined(log, query) == b"GET\na\nb\n--\ne\nf\nGET\n"
    assert joined(log, Query(Pattern(""))) == b"".join(lines)


def test_of_very_long_lines_fewer_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "_REMEMBERED", 15)
    lines = [b"1234567\n", b"abcdefg\n", b"X\n"]
    log = written([(Kind.OUTPUT, line) for line in lines], segment_size=1)
    assert joined(log, Query(Pattern("X"), context=2)) == b"abcdefg\nX\n"
