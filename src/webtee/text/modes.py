"""What escape sequences set up in a terminal and leave set: modes, character sets, margins.

A set-up is an immutable value, so that remembering one costs nothing; it can be turned back into
the sequences that make it. What they mean is as in ECMA-48, DEC's VT510 and xterm's ctlseqs.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

ORIGIN = b"?6"
"""The mode in which rows count from the top margin."""

KEYPAD = b"?66"
"""The mode in which the keypad sends application sequences."""

_ON: dict[bytes, bool] = {  # what is remembered of modes, and whether each is on at first
    b"?1": False,  # cursor keys send application sequences
    ORIGIN: False,
    b"?7": True,  # lines wrap
    b"?9": False,  # the mouse, in several ways
    b"?12": False,  # the cursor blinks
    b"?25": True,  # and is visible
    b"?45": False,  # backspace wraps to the line above
    KEYPAD: False,
    b"?1000": False,
    b"?1002": False,
    b"?1003": False,
    b"?1004": False,  # focus is reported
    b"?1005": False,
    b"?1006": False,
    b"?1015": False,
    b"?1016": False,
    b"?2004": False,  # pastes are bracketed
    b"?2026": False,  # output is shown when it is complete
    b"4": False,  # characters are inserted
    b"20": False,  # a line feed returns the carriage
}
_KEPT_BY_SOFT_RESET = (b"?9", b"?12", b"?1000", b"?1002", b"?1003", b"?1005", b"?1006", b"20")
_SETS = {b"(": b"B", b")": b"B", b"*": b"B", b"+": b"B"}
_ATTRIBUTES = re.compile(
    rb"\x1b(?:\[(?P<sgr>[0-9;:]{0,200}+)m|(?P<link>\]8;[^\x07\x1b]{0,2000}+(?:\x07|\x1b\\))"
    rb"|(?P<save>7|\[s|\[\?1048h)|(?P<restore>8|\[u|\[\?1048l)|(?P<reset>c|\[!p)"
    rb"|\[\?(?:10)?4[79](?P<enter>[hl]))"
)
_SHIFT = re.compile(rb"[\x0e\x0f]")
_T = TypeVar("_T")
_NOTHING: Mapping[bytes, Any] = MappingProxyType({})


class SetUp(NamedTuple):
    """A terminal's set-up; a fresh terminal's by default.

    Attributes:
        cols: Its columns.
        rows: Its rows.
        modes: Those that are not as they were at first: what was set, and whether it is on.
        sets: The character sets that were designated and are not ASCII.
        cursor: The sequence that chose the cursor's shape.
        margins: The sequences that set the scroll region of the normal and the alternate screen.
        alternate: Whether the alternate screen is shown.
    """

    cols: int
    rows: int
    modes: Mapping[bytes, bool] = _NOTHING
    sets: Mapping[bytes, bytes] = _NOTHING
    cursor: bytes = b""
    margins: tuple[bytes, bytes] = (b"", b"")
    alternate: bool = False

    def with_mode(self, mode: bytes, on: bool) -> "SetUp":
        """Return the set-up after a mode was set or reset."""
        if mode not in _ON or self.modes.get(mode, _ON[mode]) is on:
            return self
        return self._replace(modes=_changed(self.modes, mode, on, _ON[mode]))

    def with_set(self, designator: bytes, final: bytes) -> "SetUp":
        """Return the set-up after a character set was designated."""
        usual = _SETS.get(designator)
        if usual is None or self.sets.get(designator, usual) == final:
            return self
        return self._replace(sets=_changed(self.sets, designator, final, usual))

    def with_margins(self, sequence: bytes) -> "SetUp":
        """Return the set-up after the shown screen's scroll region was set by ``sequence``."""
        normal, alternate = self.margins
        margins = (normal, sequence) if self.alternate else (sequence, alternate)
        return self if margins == self.margins else self._replace(margins=margins)

    def on_screen(self, alternate: bool) -> "SetUp":
        """Return the set-up after a change to the other screen; the alternate begins unscrolled."""
        return self._replace(alternate=alternate, margins=(self.margins[0], b""))

    def resized(self, cols: int, rows: int) -> "SetUp":
        """Return the set-up of a terminal that has another size; it scrolls as a whole again."""
        return self._replace(cols=cols, rows=rows, margins=(b"", b""))

    def soft_reset(self) -> "SetUp":
        """Return the set-up after DECSTR."""
        kept = {mode: on for mode, on in self.modes.items() if mode in _KEPT_BY_SOFT_RESET}
        return self.with_margins(b"")._replace(modes=kept, sets={}, cursor=b"")

    def switch(self) -> bytes:
        """Return the sequences that lead to these modes and character sets from any others.

        All but the origin mode: the cursor stays where it is.
        """
        off: list[bytes] = []
        on: list[bytes] = []
        for mode, usual in _ON.items():
            (on if self.modes.get(mode, usual) else off).append(mode)
        # To reset one way of the mouse resets all.
        modes = b"".join(
            b"\x1b[%s%s" % (mode, final)
            for final, those in ((b"l", off), (b"h", on))
            for mode in those
            if mode != ORIGIN
        )
        sets = b"".join(
            b"\x1b%s%s" % (designator, self.sets.get(designator, usual))
            for designator, usual in _SETS.items()
        )
        return modes + sets + (self.cursor or b"\x1b[0 q")

    def undo(self) -> bytes:
        """Return the sequences that lead from this set-up to a fresh terminal's; none from that.

        Nothing is touched but what was set, and the cursor stays where it is, unless leaving the
        alternate screen puts it back.
        """
        screen = b"\x1b[?1049l" if self.alternate else b""
        modes = b"".join(
            b"\x1b[%s%s" % (mode, b"h" if _ON[mode] else b"l")
            for mode in self.modes
            if mode != KEYPAD
        )
        keypad = b"\x1b>" if self.modes.get(KEYPAD) else b""  # more terminals know this one
        margins = b"\x1b7\x1b[r\x1b8" if any(self.margins) else b""
        sets = b"".join(b"\x1b%s%s" % (each, _SETS[each]) for each in self.sets)
        cursor = b"\x1b[0 q" if self.cursor not in (b"", b"\x1b[0 q", b"\x1b[ q") else b""
        return screen + modes + keypad + sets + margins + cursor

    def make(self, attributes: bytes = b"") -> bytes:
        """Return the sequences that make this set-up in any terminal of the right size.

        Args:
            attributes: Those that make the colours and the link that characters get.
        """
        normal, alternate = self.margins
        screen = b"\x1b[?1049h" + alternate if self.alternate else b""
        origin = b"\x1b[?6h" if self.modes.get(ORIGIN) else b""
        return b"\x1b[!p\x0f" + self.switch() + normal + screen + origin + attributes


def attributes(before: bytes) -> bytes:
    """Return the sequences that make the colours, link and shift in force after ``before``.

    Args:
        before: The last few KiB of a terminal's output.
    """
    plain = [b""]  # the link, then what adds up
    now = plain[:]
    saved: dict[bool, list[bytes]] = {}
    alternate = False
    for found in _ATTRIBUTES.finditer(before):
        kind, sequence = found.lastgroup, found[0]
        enters = kind == "enter" and found["enter"] == b"h"
        if kind == "sgr":
            if found["sgr"].split(b";", 1)[0] in (b"", b"0"):
                del now[1:]
            now.append(sequence)
        elif kind == "link":
            now[0] = sequence
        elif kind == "reset":
            now = plain[:]
        if kind == "save" or (enters and b"1049" in sequence):
            saved[alternate] = now[:]
        if kind == "enter":
            alternate = enters
        if kind == "restore" or (kind == "enter" and sequence == b"\x1b[?1049l"):
            now = saved.get(alternate, plain)[:]
    shifts = _SHIFT.findall(before)
    return b"".join([*shifts[-1:], *now])


def _changed(values: Mapping[bytes, _T], key: bytes, value: _T, usual: _T) -> Mapping[bytes, _T]:
    """Return a copy with one value changed; those that are as usual are left out."""
    rest = {each: old for each, old in values.items() if each != key}
    return rest if value == usual else rest | {key: value}
