"""How to get a terminal's present screen: which parts of its output to feed to a fresh one.

The tracker (text/screen.py) knows from where on the output makes the screen; the log knows what of
it is still kept. Both together give parts, each with the escape sequences to feed before it.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, replace

from webtee.log.log import Log
from webtee.log.record import HEADER, HEADER_SIZE, Kind
from webtee.log.segment import Segment
from webtee.text.modes import attributes
from webtee.text.screen import Keyframe, Screen

_LOOK_BACK = 8 << 10  # bytes before a keyframe in which its colours were set
_STRING = re.compile(rb"\x1b[\]PX^_][^\x07\x1b]*+\Z")  # that has not ended


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the output.

    Attributes:
        start: Its offset.
        end: Where it ends; None for the last, which goes on.
        before: What to feed before it.
        cols: The terminal's columns when it begins.
        rows: The terminal's rows when it begins.
    """

    start: int
    end: int | None
    before: bytes
    cols: int
    rows: int


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of the output is fed, in bytes.

    Attributes:
        whole: Up to so much all of it, scrollback and all.
        most: So much at most.
        past: So much of the normal screen's before a keyframe.
    """

    whole: int = 1 << 20
    most: int = 4 << 20
    past: int = 64 << 10


_OPEN_LINK = re.compile(rb"\x1b\]8;[^;\x07\x1b]*;[^\x07\x1b]")
_PLAIN = re.compile(rb"[\x0e\x0f]?(?:\x1b\]8;[^\x07\x1b]*(?:\x07|\x1b\\))?(?:\x1b\[[0;:]*m)?")
_LIMITS = Limits()


def replay(log: Log, screen: Screen, limits: Limits = _LIMITS) -> tuple[list[Part], bool]:
    """Return the parts to feed to a fresh terminal, oldest first, and whether they are exact.

    Exact means that it then shows what one shows that was fed everything, but for the scrollback.
    """
    entered = screen.entered
    if entered is None:
        return _normal(log, screen, limits)
    return _alternate(log, screen, entered, limits)


def tidying(log: Log, screen: Screen) -> bytes:
    """Return what puts a terminal back that was fed all of the output: nothing where it need not.

    A program that was killed had no time to do it.
    """
    left = attributes(_before(log, screen.offset)) if screen.offset else b""
    shift = b"\x0f" if left.startswith(b"\x0e") else b""
    link = b"\x1b]8;;\x1b\\" if _OPEN_LINK.search(left) else b""
    colours = b"" if _PLAIN.fullmatch(left) else b"\x1b[0m"
    return screen.setup.undo() + shift + link + colours


def _normal(log: Log, screen: Screen, limits: Limits) -> tuple[list[Part], bool]:
    base = screen.base
    parts, whole = _ranges(log, screen, base, screen.offset, limits.most)
    if not whole:
        return _latest(log, screen, limits)
    if not base.blank:
        start = base._replace(offset=0, blank=True)
        parts = _ranges(log, screen, start, base.offset, limits.past)[0] + parts
    return parts, base.exact


def _latest(log: Log, screen: Screen, limits: Limits) -> tuple[list[Part], bool]:
    """Return the last part of an output that is too long; exact if it scrolled all else away.

    Of lines alone, as many as there are rows bring any cursor to the last one, if nothing keeps
    them from scrolling, and as many again leave nothing of before. Its column is known after a
    carriage return.
    """
    parts, _ = _ranges(log, screen, screen.base, screen.offset, limits.whole)
    start, setup = parts[-1].start, screen.setup
    if start < screen.plain_from or setup.margins[0] or screen.tabs:
        return parts, False
    before = _before(log, start)
    lines = _read(log, start, screen.offset).partition(b"\r")[2].count(b"\n")
    part = Part(start, None, setup.make(attributes(before)), setup.cols, setup.rows)
    return [*parts[:-1], part], lines > 2 * setup.rows and _STRING.search(before) is None


def _alternate(
    log: Log, screen: Screen, entered: Keyframe, limits: Limits
) -> tuple[list[Part], bool]:
    parts, whole = _ranges(log, screen, screen.base, entered.offset, limits.whole)
    cols, rows = entered.setup.cols, entered.setup.rows
    first = log.first.offset
    # Where the cursor's place depends on the normal screen, both have to be had in one.
    near = limits.most if screen.alternate in (None, entered) else limits.whole
    if whole and first <= entered.offset and screen.offset - entered.offset <= near:
        known = screen.alternate is not None or screen.base.exact
        return [*parts, Part(entered.offset, None, b"", cols, rows)], known
    keyframe = screen.alternate or entered
    known = screen.alternate is not None
    if keyframe.offset < first or screen.offset - keyframe.offset > limits.most:
        start = _line_after(log, max(first, screen.offset - limits.whole), screen.offset)
        keyframe, known = Keyframe(start, screen.setup), False
    if not whole:
        parts, _ = _ranges(log, screen, screen.base, entered.offset, limits.past)
    return [*parts, _from(log, keyframe)], known and keyframe.exact


def _from(log: Log, keyframe: Keyframe) -> Part:
    setup = keyframe.setup
    before = b"" if keyframe.blank else setup.make(attributes(_before(log, keyframe.offset)))
    return Part(keyframe.offset, None, before, setup.cols, setup.rows)


def _ranges(
    log: Log, screen: Screen, base: Keyframe, end: int, limit: int
) -> tuple[list[Part], bool]:
    """Return the parts of the normal screen's output from ``base`` up to ``end``.

    Where they are more than ``limit`` bytes, or some are not kept, they are the last ones, from a
    line's beginning on, and the second value is False.
    """
    pieces: list[tuple[Part, int]] = []
    following = _from(log, base)
    whole = True
    for span in screen.spans:
        if base.offset <= span.start and span.end <= end:
            pieces.append((following, span.start))
            after = span.after
            following = Part(span.end, None, b"\x1b7" + after.switch(), after.cols, after.rows)
            whole = whole and span.restored
    pieces.append((following, end))
    floor = max(log.first.offset, screen.known_from)
    parts: list[Part] = []
    for part, stop in reversed(pieces):
        last = None if stop == screen.offset else stop
        start = max(part.start, floor, stop - limit)
        limit -= stop - start
        if start > part.start:
            start = _line_after(log, start, stop)
            parts.append(replace(part, start=start, end=last))
            whole = False
            break
        if start < stop or last is None:
            parts.append(replace(part, end=last))
    return parts[::-1], whole


def _before(log: Log, offset: int) -> bytes:
    return _read(log, max(offset - _LOOK_BACK, 0), offset)


def _line_after(log: Log, start: int, end: int) -> int:
    """Return where the first line begins at or after ``start``; ``start`` where none does soon."""
    if start == 0:
        return 0
    data = _read(log, start - 1, min(start + _LOOK_BACK, end))
    return start + data.find(b"\n") if b"\n" in data else start


def _read(log: Log, start: int, end: int) -> bytes:
    """Return the output from one offset to another, as far as it is kept."""
    first = bisect_right(log.segments, start, key=lambda segment: segment.end_offset)
    return b"".join(
        part
        for segment in log.segments[first:]
        if segment.offsets[0] < end
        for part in _cut(log, segment, start, end)
    )


def _cut(log: Log, segment: Segment, start: int, end: int) -> list[bytes]:
    parts = []
    for record, offset in zip(log.records(segment), segment.offsets, strict=True):
        kind = HEADER.unpack_from(record)[0]
        size = len(record) - HEADER_SIZE
        if kind != Kind.EVENT and offset < end and offset + size > start:
            parts.append(record[HEADER_SIZE + max(start - offset, 0) : HEADER_SIZE + end - offset])
    return parts
