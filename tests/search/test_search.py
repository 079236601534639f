"""A search by segments finds what looking at each line finds, for any bytes, splits and sizes."""

from collections.abc import Iterator
from typing import Any

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from tests.search.naive import Line, lines_of, matches, result_of, written
from tests.support.strategies import entries
from webtee.log.log import Log
from webtee.log.record import Kind
from webtee.search import lines as lines_module
from webtee.search.pattern import Pattern
from webtee.search.runs import around, count, first, last, others, within
from webtee.search.scan import Found, Query, matching, nothing, search
from webtee.search.snapshot import Snapshot
from webtee.text.plain import plain

more = st.tuples(
    st.sampled_from([Kind.OUTPUT, Kind.STDERR]),
    st.sampled_from(
        [
            b"GET\nGET\nGET\nGET\nGET\nGET\nGET\nno\n",
            b"\x1b[3",
            b"1mGet\x1b[m",
            b"10%\r20%",
            b"\n\n",
            b"get",
        ]
    ),
)
histories = st.lists(st.one_of(entries, more), max_size=30)
sizes = st.sampled_from([1, 120, 700, 1 << 20])
keeps = st.sampled_from([0, 300, 1 << 30])
patterns = st.sampled_from(
    [
        ("GET", False, False),
        ("get", False, True),
        (" 200", False, True),
        ("\n", False, False),
        ("É", False, True),
        ("\ufffd", False, False),
        ("a line", True, False),
        ("^g.t$|\\d%$", True, True),
        ("^$", True, True),
        ("$", True, True),
        ("x*", True, True),
        ("[^a]", True, True),
        ("\\s", True, True),
        ("(?s).", True, True),
        ("\\Aget", True, True),
        ("t\\z", True, False),
        ("(?-m)^G", True, False),
        ("\\QGET", True, False),
        ("\\b(?:GET|no)\\b", True, False),
    ]
)


def naively(pattern: tuple[str, bool, bool]) -> Any:
    query, regex, ignore_case = pattern
    options = re2.Options()
    options.case_sensitive = not ignore_case
    options.never_nl = True
    options.literal = not regex
    expression = re2.compile(("(?m)" if regex else "") + query, options)
    return lambda line: expression.search(plain(line.raw)) is not None


def found(log: Log, query: Query) -> Iterator[Found]:
    snapshot = Snapshot(log)
    for part in snapshot.parts:
        job = snapshot.job(part)
        assert job is not None
        if part.first_line > part.last_line:
            assert job.lines().count == 0
            continue
        may = query.may_match(part)
        result = result_of(search(job, query)) if may else nothing(part, query)
        assert (result.first_line, result.last_line) == (part.first_line, part.last_line)
        yield result


def numbers(result: Found) -> list[int]:
    pairs = zip(result.runs[::2], result.runs[1::2], strict=True)
    return [result.first_line + start + n for start, length in pairs for n in range(length)]


def check_adjacent(results: list[Found], log: Log) -> None:
    snapshot = Snapshot(log)
    expected = snapshot.first_line
    for result in results:
        assert result.first_line == expected
        expected = result.last_line + 1
        ends = [start + n for start, n in zip(result.runs[::2], result.runs[1::2], strict=True)]
        assert all(length > 0 for length in result.runs[1::2])
        apart = zip(ends, result.runs[2::2], strict=False)
        assert all(end < start for end, start in apart), "runs are as long as can be"
    assert expected == snapshot.last_line + 1


@given(
    histories, st.tuples(sizes, keeps), patterns, st.booleans(), st.sampled_from([0, 20, 1 << 16])
)
def test_the_matching_lines_are_found(
    history: list[tuple[Kind, bytes]],
    kept: tuple[int, int],
    pattern: tuple[str, bool, bool],
    invert: bool,
    stride: int,
) -> None:
    log = written(history, segment_size=kept[0], keep=kept[1])
    looked_for = Pattern(pattern[0], regex=pattern[1], ignore_case=pattern[2])
    looked_for.stride = stride
    query = Query(looked_for, invert=invert, texts=10_000)
    results = list(found(log, query))
    check_adjacent(results, log)
    lines = lines_of(log)
    expected = matches(lines, naively(pattern), invert=invert)
    assert [number for result in results for number in numbers(result)] == expected
    assert sum(result.matches for result in results) == len(expected)
    by_number = {line.number: line for line in lines}
    assert [text for result in results for text in result.texts or ()] == [
        (n, line.kind, line.time, line.raw.decode(errors="replace"))
        for n in expected
        for line in (by_number[n],)
    ]


@given(
    histories,
    sizes,
    st.tuples(st.integers(0, 40), st.none() | st.integers(0, 40)),
    st.tuples(st.integers(0, 31_000), st.none() | st.integers(0, 31_000)),
    st.booleans(),
)
def test_ranges_of_lines_and_times_bound_what_is_searched(
    history: list[tuple[Kind, bytes]],
    size: int,
    of_lines: tuple[int, int | None],
    of_times: tuple[int, int | None],
    invert: bool,
) -> None:
    log = written(history, segment_size=size)
    query = Query(Pattern("zzz" if invert else ""), invert, *of_lines, *of_times)

    def within_both(line: Line) -> bool:
        return all(
            low <= value <= (1 << 60 if high is None else high)
            for value, (low, high) in ((line.number, of_lines), (line.time, of_times))
        )

    results = list(found(log, query))
    check_adjacent(results, log)
    assert [n for result in results for n in numbers(result)] == matches(lines_of(log), within_both)


@given(histories, sizes, st.integers(0, 3))
def test_context_comes_with_the_texts_of_a_part(
    history: list[tuple[Kind, bytes]], size: int, context: int
) -> None:
    log = written(history, segment_size=size)
    for result in found(log, Query(Pattern("no"), context=context, texts=5)):
        near = {
            m + by
            for m in numbers(result)
            for by in range(-context, context + 1)
            if result.first_line <= m + by <= result.last_line
        }
        assert Found.decode(result.encode()) == result
        told = None if result.texts is None else [text[0] for text in result.texts]
        assert told == (sorted(near) if len(near) <= 5 else None)


@given(histories, sizes, st.integers(0, 12), st.booleans())
def test_a_limit_keeps_the_lines_of_one_side(
    history: list[tuple[Kind, bytes]], size: int, most: int, newest: bool
) -> None:
    log = written(history, segment_size=size)
    for result in found(log, Query(Pattern("e"), texts=100)):
        if result.matches <= most:
            continue
        cut = result.cut(most, newest=newest)
        expected = numbers(result)[-most:] if newest else numbers(result)[:most]
        assert numbers(cut) == (expected if most else [])
        assert [text[0] for text in cut.texts or ()] == numbers(cut)
        dropped = set(numbers(result)) - set(numbers(cut))
        if newest:
            assert cut.first_line == max(dropped) + 1
            assert cut.last_line == result.last_line
        else:
            assert cut.first_line == result.first_line
            assert cut.last_line == min(dropped) - 1


def test_a_cut_of_what_has_no_texts_has_none_either() -> None:
    assert Found(5, 9, [0, 3], None).cut(1, newest=True) == Found(7, 9, [0, 1], None)


numbers_in_runs = st.sets(st.integers(0, 30))


def runs_of(lines: set[int]) -> list[int]:
    runs: list[int] = []
    for line in sorted(lines):
        if runs and runs[-2] + runs[-1] == line:
            runs[-1] += 1
        else:
            runs += (line, 1)
    return runs


@given(numbers_in_runs, st.integers(0, 31), st.integers(0, 31), st.integers(0, 4))
def test_runs_are_sets_of_lines(lines: set[int], begin: int, stop: int, context: int) -> None:
    runs = runs_of(lines)
    assert count(runs) == len(lines)
    assert within(runs, begin, stop) == runs_of({n for n in lines if begin <= n < stop})
    assert others(runs, 31) == runs_of(set(range(31)) - lines)
    near = {n + by for n in lines for by in range(-context, context + 1)}
    assert around(runs, context) == runs_of(near)
    assert first(runs, begin) == runs_of(set(sorted(lines)[:begin]))
    assert last(runs, begin) == runs_of(set(sorted(lines)[max(len(lines) - begin, 0) :]))


def test_a_line_that_goes_on_in_other_segments_is_searched_to_its_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lines_module, "LONGEST", 50)
    monkeypatch.setattr(lines_module, "_HEAD", 60)
    history = [(Kind.OUTPUT, b"begin " + b"x" * 20)] + [(Kind.OUTPUT, b"0123456789")] * 10
    log = written([*history, (Kind.OUTPUT, b"end\nnext\n")], segment_size=1)
    (result,) = (r for r in found(log, Query(Pattern("begin"), texts=1)) if r.matches)
    assert result.texts == ((1, 0, 0, "begin " + "x" * 20 + "0123456789" * 2 + "0123"),)


def test_a_line_of_which_much_is_in_the_next_segment_is_whole() -> None:
    rest = b"y" * 100_000
    log = written([(Kind.OUTPUT, b"begin "), (Kind.OUTPUT, rest + b"end\n")], segment_size=1)
    assert [r.matches for r in found(log, Query(Pattern("^begin y+end$", regex=True)))] == [1]


def test_what_came_after_the_snapshot_is_not_searched() -> None:
    log = written([(Kind.OUTPUT, b"one\ntw")], segment_size=80)
    snapshot = Snapshot(log)
    for payload in (b"o\nthree\n", b"x" * 100 + b"\n", b"four\n"):
        log.append(Kind.OUTPUT, payload, 0)
    assert log.segments[0].sealed
    (part,) = snapshot.parts
    assert snapshot.mid_line
    job = snapshot.job(part)
    assert job is not None
    result = result_of(search(job, Query(Pattern(""), texts=9)))
    assert [text[3] for text in result.texts or ()] == ["one", "tw"]


def test_a_part_that_was_let_go_is_missed() -> None:
    log = written([(Kind.OUTPUT, b"one\n")] * 3, segment_size=1)
    snapshot = Snapshot(log)
    assert snapshot.job(snapshot.parts[0]) is not None
    small = Log("e", segment_size=1, keep=0)
    small.append(Kind.OUTPUT, b"one\n", 0)
    snapshot = Snapshot(small)
    small.append(Kind.OUTPUT, b"two\n", 0)
    assert snapshot.job(snapshot.parts[0]) is None


def test_an_empty_log_has_no_lines() -> None:
    snapshot = Snapshot(Log("e"))
    assert (snapshot.first_line, snapshot.last_line, snapshot.parts) == (1, 0, [])


@pytest.mark.parametrize("line", [b"a line that is searched\n", b"\x1b[1Ghostile\n"])
def test_a_search_can_be_stopped_every_so_many_bytes(line: bytes) -> None:
    log = written([(Kind.OUTPUT, line * 40_000)], segment_size=1)
    snapshot = Snapshot(log)
    job = snapshot.job(snapshot.parts[0])
    assert job is not None
    shown = len(plain(line)) * 40_000
    for query, stride in (("x", 64 << 10), ("(?:.{0,30}a){30}c", 2 << 10)):
        steps = sum(1 for _ in search(job, Query(Pattern(query, regex=True))))
        assert steps >= shown // (stride + len(line))


def test_of_a_long_line_a_large_pattern_looks_at_less() -> None:
    text = b"first\n" + b"x" * 100_000 + b"end\n" + "é".encode() * 100_000 + b"end\nlast end\n"
    assert result_of(matching(text, Pattern("end$", regex=True))) == [1, 3]
    large = Pattern("(?:(?:qr?){900}|end)$", regex=True)
    assert 2000 < large.stride < large.reach < 100_000
    assert result_of(matching(text, large)) == [3, 1]
    small = Pattern("end", regex=True)
    assert (small.reach, small.stride) == (1 << 20, 64 << 10)


def test_an_inverted_search_for_everything_needs_no_work() -> None:
    log = written([(Kind.OUTPUT, b"a\n")], segment_size=1)
    assert not Query(Pattern(""), invert=True).may_match(Snapshot(log).parts[0])


@pytest.mark.parametrize("query", ["abc", "b", "^", "[a-c]+$", "\\Ca", "a\\z|c"])
def test_a_long_run_is_as_if_found_one_by_one(query: str) -> None:
    lines = [b"abc", b"", b"c", b"xyz", b"ab"] + [b"abc"] * 50 + [b""] * 20 + [b"cab", b"x"]
    text = b"".join(line + b"\n" for line in lines) * 400
    options = re2.Options()
    options.never_nl = True
    expression = re2.compile("(?m)" + query, options)
    expected = {n for n, line in enumerate(lines * 400) if expression.search(line) is not None}
    assert result_of(matching(text, Pattern(query, regex=True))) == runs_of(expected)
