"""Groups of build systems, as their own pages show them."""

import pytest

from tests.search.naive import result_of, written
from webtee.log.log import Log
from webtee.log.record import Kind
from webtee.search import groups as module
from webtee.search.groups import Markers, assemble, markers
from webtee.search.snapshot import Snapshot


def parts_of(log: Log) -> list[Markers]:
    snapshot = Snapshot(log)
    found = [snapshot.job(part) for part in snapshot.parts]
    return [result_of(markers(job)) for job in found if job is not None]


def groups(*lines: str, size: int = 1) -> list[tuple[int, int | None, str, int]]:
    log = written([(Kind.OUTPUT, f"{line}\n".encode()) for line in lines], segment_size=size)
    made = assemble(parts_of(log))
    for group in made:
        assert group.begin == (group.line - 1) * 1000
        assert (group.end is None) == (group.end_line is None)
    return [(group.line, group.end_line, group.name, group.depth) for group in made]


@pytest.mark.parametrize("size", [1, 1 << 20])
def test_groups_of_github_do_not_nest(size: int) -> None:
    assert groups(
        "::group::Install  \r",
        "x",
        "::endgroup::",
        "2024-06-27T15:00:01.123Z ##[group]Run \x1b[36mtests\x1b[0m",
        "##[endgroup]",
        "::group::One",
        "::group::Two",
        "said ::group::not",
        "::endgroup::",
        "::endgroup::",
        "::group::Open",
        size=size,
    ) == [
        (1, 3, "Install", 0),
        (4, 5, "Run tests", 0),
        (6, 6, "One", 0),
        (7, 9, "Two", 0),
        (11, None, "Open", 0),
    ]


@pytest.mark.parametrize("size", [1, 1 << 20])
def test_sections_of_gitlab_nest(size: int) -> None:
    assert groups(
        "section_start:1:prepare[collapsed=true]\r\x1b[0K\x1b[36mPreparing\x1b[0m",
        "x",
        "section_end:2:prepare\r\x1b[0Ksection_start:2:build\r\x1b[0KBuilding",
        "section_start:3:inner\r\x1b[0K",
        "section_start:4:lost\r\x1b[0KLost",
        "section_end:5:inner\r\x1b[0K",
        "section_end:6:nothing\r\x1b[0K",
        "section_end:7:build\r\x1b[0K",
        "a section_start of words",
        size=size,
    ) == [
        (1, 2, "Preparing", 0),
        (3, 8, "Building", 0),
        (4, 6, "inner", 1),
        (5, 6, "Lost", 2),
    ]


def test_each_group_of_buildkite_ends_the_one_before() -> None:
    log = written(
        [
            (
                Kind.OUTPUT,
                b"--- :docker: Build\nx\n\x1b[90m+++\x1b[0m no\n+++ Test\ny\n~~~ Clean\n"
                b"--- PASS: TestX\n--- a/file\n+++ b/file\n---\nz",
            )
        ],
        segment_size=1,
    )
    made = assemble(parts_of(log))
    assert [(g.line, g.end_line, g.name, g.collapsed) for g in made] == [
        (1, 3, ":docker: Build", True),
        (4, 5, "Test", False),
        (6, None, "Clean", True),
    ]


def test_a_flood_of_markers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_MARKERS", 3)
    log = written([(Kind.OUTPUT, b"--- x\n" * 5), (Kind.OUTPUT, b"--- y\n" * 3)], segment_size=1)
    parts = parts_of(log)
    assert [(len(part.found), part.more, part.size > 900) for part in parts] == [
        (3, True, True),
        (3, False, True),
    ]


def test_a_flood_of_markers_in_one_line_is_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_MARKERS", 3)
    line = b"section_start:1:a\rA" * 5
    (part,) = parts_of(written([(Kind.OUTPUT, line + b"\n")], segment_size=1))
    assert (len(part.found), part.more) == (3, True)


def test_groups_are_not_in_one_another_without_end() -> None:
    begin = b"".join(b"section_start:1:s%d\r\x1b[0Kname\n" % n for n in range(100))
    log = written([(Kind.OUTPUT, begin + b"section_end:2:s0\r\x1b[0K\n")], segment_size=1 << 20)
    made = assemble(parts_of(log))
    assert [group.depth for group in made] == list(range(64))
    assert {group.end_line for group in made} == {101}
