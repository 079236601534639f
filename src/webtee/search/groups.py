"""Group markers of build systems: what a log is folded by, over all that is kept.

GitHub's (``::group::``, ``##[group]``; they do not nest), GitLab's (``section_start:…``; they do)
and Buildkite's (``--- ``, ``+++ ``, ``~~~ ``; each ends the one before). A marker of GitLab's is
written over by the header that follows it, so lines are looked at as they were written.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from webtee.search.lines import Lines, places
from webtee.search.pattern import Pattern
from webtee.search.runs import count, first
from webtee.search.scan import matching
from webtee.search.snapshot import Job
from webtee.search.steps import Steps
from webtee.text.plain import plain, valid

_MOST_MARKERS = 5000  # of one segment: more are no groups that anybody reads
_DEEPEST = 64  # groups in one another: those in them are left out
_LOOKED_AT = 4096  # bytes of a line
_NAME = 200  # characters of a name
_SPOKEN = 1024  # bytes that such a name may take, with its colours

_CANDIDATE = (
    r"::(?:end)?group::|##\[(?:end)?group\]|section_(?:start|end):\d"
    r"|^(?:\x1b\[[0-9;]*[mK])*(?:---|\+\+\+|~~~) "
)
_GITHUB = re.compile(
    r"\s*+(?:\d{4}-\d\d-\d\dT[\d:.]++Z\s++)?(?:::(end)?group::|##\[(end)?group\])(.*)", re.DOTALL
)
_GITLAB = re.compile(
    rb"section_(start|end):\d{1,20}:([\w.-]{1,200})(\[[^\]\r\n]{0,200}\])?(?:\r|\x1b\[0K)(.*)",
    re.DOTALL,
)
_BUILDKITE = re.compile(r"(---|\+\+\+|~~~) (?!(?:PASS|FAIL|SKIP|BENCH): )(\S.*)", re.DOTALL)


@cache
def _candidates() -> Pattern:
    return Pattern(_CANDIDATE, regex=True, ignore_case=False)


class Marker(NamedTuple):
    """A line that begins or ends a group.

    Attributes:
        line: Its number.
        time: When it came, in µs since the Unix epoch.
        style: Whose it is: ``github``, ``gitlab`` or ``buildkite``.
        begins: Whether it begins a group.
        key: What GitLab calls it, or Buildkite's three characters.
        name: What people call it.
        collapsed: Whether it is to be shown folded.
    """

    line: int
    time: int
    style: str
    begins: bool
    key: str
    name: str
    collapsed: bool


@dataclass(frozen=True, slots=True)
class Markers:
    """The markers among the lines that begin in one segment.

    Attributes:
        found: In order.
        more: Whether there were more than are wanted of one segment.
    """

    found: tuple[Marker, ...]
    more: bool

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes."""
        return 200 + sum(300 + len(marker.name) for marker in self.found)


@dataclass(slots=True)
class Group:
    """Lines that belong together.

    Attributes:
        line: The first, which names it.
        end_line: The last; None while it goes on.
        name: What it is called.
        depth: How many groups it is in.
        begin: When it began, in µs since the Unix epoch.
        end: When it ended.
        style: Whose markers it has.
        collapsed: Whether it is to be shown folded.
    """

    line: int
    end_line: int | None
    name: str
    depth: int
    begin: int
    end: int | None
    style: str
    collapsed: bool


def markers(job: Job) -> Steps[Markers]:
    """Return the markers in one part."""
    lines = job.lines()
    candidates = yield from matching(valid(lines.text), _candidates())
    found: list[Marker] = []
    for parsed in _read(lines, first(candidates, _MOST_MARKERS + 1)):
        found += parsed
        if len(found) > _MOST_MARKERS:
            break
        yield
    more = max(count(candidates), len(found)) > _MOST_MARKERS
    return Markers(tuple(found[:_MOST_MARKERS]), more)


def _read(lines: Lines, candidates: list[int]) -> Iterable[Iterable[Marker]]:
    """Yield the markers of each line."""
    if not candidates:
        return
    begins = places(lines.text)
    for start, length in zip(candidates[::2], candidates[1::2], strict=True):
        for index in range(start, start + length):
            begin = begins[index]
            line = lines.text[begin : min(begins[index + 1] - 1, begin + _LOOKED_AT)]
            yield _parse(line, lines.first + index, lines.time(begin))


def _parse(line: bytes, number: int, time: int) -> Iterable[Marker]:
    """Yield the markers in a line: of GitLab's it may have several."""
    text = plain(line).decode(errors="replace")
    if github := _GITHUB.match(text):
        begins = not (github[1] or github[2])
        yield Marker(number, time, "github", begins, "", _name(github[3]), collapsed=True)
    elif buildkite := _BUILDKITE.match(text):
        collapsed = buildkite[1] != "+++"
        name = _name(buildkite[2])
        yield Marker(number, time, "buildkite", True, buildkite[1], name, collapsed)
    elif b"section_" in line:
        at = 0
        while gitlab := _GITLAB.search(line, at):
            key = gitlab[2].decode(errors="replace")
            collapsed = b"collapsed=true" in (gitlab[3] or b"")
            # A line may be full of markers: what follows each is not read to its end.
            name = _name(plain(gitlab[4][:_SPOKEN]).decode(errors="replace")) or key
            yield Marker(number, time, "gitlab", gitlab[1] == b"start", key, name, collapsed)
            at = gitlab.start(4)


def _name(text: str) -> str:
    return text.strip()[:_NAME]


def assemble(parts: Iterable[Markers]) -> list[Group]:
    """Return the groups that markers make, in the order of their lines."""
    found = [marker for part in parts for marker in part.found]
    groups: list[Group] = []
    open_groups: list[tuple[str, Group]] = []
    ended: list[Group] = []
    for place, marker in enumerate(found):
        if _of_diff(found, place):
            continue
        if marker.begins:
            for group in ended:  # GitLab ends one section and begins the next in the same line
                if group.end_line == marker.line:
                    group.end_line = max(marker.line - 1, group.line)
        ended = _ended_by(open_groups, marker)
        for group in ended:
            group.end_line = max(marker.line - marker.begins, group.line)
            group.end = marker.time
        if marker.begins and len(open_groups) < _DEEPEST:
            group = _group(marker, len(open_groups))
            groups.append(group)
            open_groups.append((marker.key, group))
    return groups


def _group(marker: Marker, depth: int) -> Group:
    return Group(
        line=marker.line,
        end_line=None,
        name=marker.name,
        depth=depth,
        begin=marker.time,
        end=None,
        style=marker.style,
        collapsed=marker.collapsed,
    )


def _ended_by(open_groups: list[tuple[str, Group]], marker: Marker) -> list[Group]:
    """Take the groups off that a marker ends: one, and what was begun in it."""
    if marker.style == "gitlab" and marker.begins:
        return []
    for place in range(len(open_groups) - 1, -1, -1):
        key, group = open_groups[place]
        if group.style == marker.style and (marker.style != "gitlab" or key == marker.key):
            ended = [group for _, group in open_groups[place:]]
            del open_groups[place:]
            return ended
    return []


def _of_diff(found: list[Marker], place: int) -> bool:
    """Return whether a marker is rather the ``---`` or ``+++`` of a diff's head, line upon line."""
    here = found[place]
    for first_place in (place - 1, place):
        if 0 <= first_place < len(found) - 1:
            one, two = found[first_place : first_place + 2]
            if (one.key, two.key) == ("---", "+++") and two.line == one.line + 1:
                return here.style == "buildkite"
    return False
