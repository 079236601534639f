"""What a program does with its terminal, as seen from its output.

Does it draw on the screen, and from where on does a fresh terminal that is fed the rest show the
same? A tracker reads only the escape sequences that matter for this, and keeps no screen. So it
costs little, is linear in whatever it is fed, and any cut of the same bytes gives the same answers.
Sequences that begin with an 8-bit C1 control, which nobody writes in UTF-8, are not seen.
"""

import copy
import re
from collections import deque
from typing import NamedTuple, Self

from webtee.text.modes import ORIGIN, SetUp

_SPANS = 64  # visits to the alternate screen that are remembered
_CUT = 320  # bytes at the end in which a sequence may have been cut
_ESC = b"\x1b"

# What a terminal's set-up depends on, home, and what erases the screen.
_STATE = (
    rb"(?:\[(?P<private>[?!]?+)(?P<params>[0-9;]{0,64}+)(?P<between>[ \"]?+)(?P<final>[Jrhlpqgsu])"
    rb"|\[[01]?+(?:;[01]?+)?+(?P<home>[Hf])"
    rb"|(?P<set>[()*+])(?P<charset>[0-~])"
    rb"|(?P<single>[78cH=>])"
)
_RARE = re.compile(rb"\x1b(?!\[[0-9;]*+[mK])" + _STATE + rb")")
# And what moves the cursor up or to a row, or moves rows. What is most frequent and means nothing
# is ruled out first.
_MOVES = _STATE + rb"|\[[0-9;]{0,64}+(?P<move>[AFdHfLMST])|(?P<up>M)"
_ALL = re.compile(rb"\x1b(?!\[[0-9;]*+[mK])" + _MOVES + rb")")
# And every other sequence, so that what is left is text.
_ANY = re.compile(
    rb"\x1b"
    + _MOVES
    + rb"|\[[0-?]{0,256}+[ -/]{0,2}+(?P<csi>[@-~])"
    + rb"|[\]PX^_][^\x07\x1b]{0,256}+(?:\x07|(?=\x1b|\Z))"  # what follows may be cut
    + rb"|[ -/]{0,2}+(?P<esc>[0-OQ-WYZ\\`-~]))"
)
_PARTIAL = re.compile(rb"\x1b(?:\[[0-?]{0,256}[ -/]{0,2}|[ -/]{0,2}|[\]PX^_][^\x07\x1b]{0,256})?\Z")
_LEAVE_THE_CURSOR = b"cghlmnpqtx"  # finals of those sequences to which it is nothing
_ALTERNATE = (b"47", b"1047", b"1049")


class Keyframe(NamedTuple):
    """A place from which the output makes a screen without what was before.

    Attributes:
        offset: Output bytes before it.
        setup: How the terminal is set up there.
        blank: Whether everything of before is gone, the scrollback too.
        exact: Whether nothing after it depended on what was before.
    """

    offset: int
    setup: SetUp
    blank: bool = False
    exact: bool = True


class Span(NamedTuple):
    """A visit to the alternate screen.

    Attributes:
        start: Output bytes before the sequence that entered it.
        end: Output bytes up to the end of the sequence that left it.
        after: The set-up then.
        restored: Whether leaving it put the cursor back.
    """

    start: int
    end: int
    after: SetUp
    restored: bool


class Screen:
    """Follows the output of a program under a pseudo-terminal.

    Args:
        cols: The terminal's columns.
        rows: The terminal's rows.

    Attributes:
        offset: Output bytes fed.
        base: The newest keyframe of the normal screen.
        entered: Where the alternate screen, if it is shown, was entered.
        alternate: The newest keyframe of the alternate screen, if it is shown and there is one.
        spans: The latest visits to the alternate screen that are over.
        known_from: Where the normal screen's output is known from: before it there were visits
            that are not remembered.
        plain_from: From here on there were only lines: nothing that sets a terminal up, moves its
            cursor up or to a row, or erases rows.
        tabs: Whether tab stops were moved, which no keyframe can make again.
    """

    def __init__(self, cols: int, rows: int) -> None:
        self.offset = 0
        self.base = Keyframe(0, SetUp(cols, rows), blank=True)
        self.entered: Keyframe | None = None
        self.alternate: Keyframe | None = None
        self.spans: deque[Span] = deque(maxlen=_SPANS)
        self.known_from = 0
        self.plain_from = 0
        self._setup = self.base.setup
        self._carry = b""
        self._moving = False
        self._ended = False
        self._lines = 0  # since the program last moved on the normal screen
        self._reach = 0  # rows, at most, that it went up at once
        self._pages = 0  # how often it began at the top, with text in between
        self._text = False  # whether there was any since it did
        self._home: Keyframe | None = None  # from here on the cursor is at home
        self._pending: Keyframe | None = None  # one as soon as the cursor's place is known
        self._saved: dict[bool, Keyframe] = {}  # where each screen's cursor was saved last
        self.tabs = False

    @property
    def on(self) -> bool:
        """Whether the program draws on the screen now."""
        return (self._setup.alternate or self._moving) and not self._ended

    @property
    def setup(self) -> SetUp:
        """How the terminal is set up now."""
        return self._setup

    @property
    def size(self) -> tuple[int, int]:
        """The terminal's columns and rows."""
        return self._setup.cols, self._setup.rows

    @property
    def keyframe(self) -> Keyframe | None:
        """The newest keyframe of the screen that is shown."""
        return self.alternate if self._setup.alternate else self.base

    def copy(self) -> Self:
        """Return a tracker that knows the same and goes its own way."""
        other = copy.copy(self)
        other.spans = self.spans.copy()
        other._saved = self._saved.copy()
        return other

    def skip(self, offset: int) -> None:
        """Go on further on in the output, without what is between: it is not kept."""
        self.offset = self.known_from = self.plain_from = offset
        self._carry = b""
        self._unsettle()

    def resize(self, cols: int, rows: int) -> None:
        """Take note of another size, from the next byte on."""
        self._setup = self._setup.resized(cols, rows)
        self.plain_from = self.offset

    def end(self) -> None:
        """Take note that the program has ended."""
        self._ended = True

    def feed(self, data: bytes) -> None:
        """Take the next bytes of output, cut anywhere."""
        self.offset += len(data)
        data = self._carry + data
        begin = self.offset - len(data)
        self._carry = b""
        if _ESC in data:
            cut = _PARTIAL.search(data, max(len(data) - _CUT, 0))
            if cut is not None:
                self._carry = cut[0]
                data = data[: cut.start()]
        at = 0
        while found := self._pattern().search(data, at):
            start, end = found.span()
            self._between(data, at, start)
            self._sequence(found, begin + start, begin + end)
            if found.lastgroup not in ("csi", "esc", None) and not self._setup.alternate:
                self.plain_from = begin + end
            at = end
        self._between(data, at, len(data))

    def _pattern(self) -> re.Pattern[bytes]:
        if self._pending is not None or self._home is not None:
            return _ANY
        return _RARE if self._setup.alternate else _ALL

    def _between(self, data: bytes, start: int, end: int) -> None:
        """Take what is no sequence that is looked for: text, mostly."""
        if start == end:
            return
        self._text = True
        self._unsettle()
        if self._moving:
            self._lines += data.count(b"\n", start, end)
            if self._lines >= max(2 * min(self._reach, self._setup.rows), self._setup.rows // 2):
                self._still()

    def _sequence(self, found: re.Match[bytes], start: int, end: int) -> None:
        kind = found.lastgroup
        if kind == "final":
            self._control(found, start, end)
        elif kind == "home":
            self._settle()
            if not self._setup.modes.get(ORIGIN):
                self._home = Keyframe(start, self._setup)
            self._page()
        elif kind == "charset":
            self._setup = self._setup.with_set(found["set"], found["charset"])
        elif kind == "single":
            self._single(found["single"], start)
        elif kind == "move" and found["move"] in b"Hf":
            self._moved()
            self._settle()
        elif kind in ("move", "up"):
            self._moved(_rows(found[0]))
            self._unsettle()
        elif (kind == "csi" and found["csi"] not in _LEAVE_THE_CURSOR) or (
            kind == "esc" and found["esc"] in b"DE8"
        ):
            self._unsettle()

    # Whether the program draws

    def _moved(self, up: int | None = None) -> None:
        """Take a move: so many rows up, or to anywhere on the screen."""
        self._moving = not self._setup.alternate
        self._reach = max(self._reach, self._setup.rows if up is None else up)
        self._lines = 0

    def _page(self) -> None:
        """Begin at the top: once is a clean start; twice, or without a cursor, is drawing."""
        if self._text or not self._pages:
            self._text = False
            self._pages += 1
        if self._pages > 1 or not self._setup.modes.get(b"?25", True):
            self._moved()

    def _still(self) -> None:
        self._moving = False
        self._pages = self._reach = 0

    # Whether the cursor's place is known

    def _settle(self) -> None:
        """It is known from here on: what was cleared before that is a keyframe."""
        pending = self._pending
        self._unsettle()
        if pending is not None:
            self._take(pending)

    def _unsettle(self) -> None:
        """It depends on what was before."""
        self._home = self._pending = None

    def _take(self, keyframe: Keyframe) -> None:
        if self.tabs:
            return
        if self._setup.alternate:
            self.alternate = keyframe
        else:
            self.base = keyframe

    # Sequences

    def _control(self, found: re.Match[bytes], start: int, end: int) -> None:
        private, params, between, final = found.group("private", "params", "between", "final")
        what = private + between + final
        if what in (b"h", b"l", b"?h", b"?l"):
            self._modes(private, params.split(b";"), final == b"h", start, end)
        elif what == b"J":
            self._erase(params, start)
        elif what == b"r":
            self._margins(params, found[0])
        elif what == b"!p":
            self._setup = self._setup.soft_reset()
            self._saved.pop(self._setup.alternate, None)
        elif what == b" q":
            self._setup = self._setup._replace(cursor=found[0])
        elif what == b"g":
            self.tabs = True
        elif what == b"s":
            self._saved[self._setup.alternate] = Keyframe(start, self._setup)
        elif what in (b"u", b"?J"):
            self._unsettle()
            if not private:
                self._restored()

    def _single(self, final: bytes, start: int) -> None:
        if final == b"c":
            self._reset(start)
        elif final == b"7":
            self._saved[self._setup.alternate] = Keyframe(start, self._setup)
        elif final == b"8":
            self._restored()
        elif final == b"H":
            self.tabs = True
        else:
            self._setup = self._setup.with_mode(b"?66", final == b"=")

    def _reset(self, start: int) -> None:
        cols, rows = self.size
        self._setup = SetUp(cols, rows)
        self.base = Keyframe(start, self._setup, blank=True)
        self.entered = self.alternate = None
        self._unsettle()
        self._still()
        self._saved.clear()
        self.tabs = False

    def _erase(self, params: bytes, start: int) -> None:
        how = _number(params.split(b";")[0], 0)
        if how == 2:
            self._page()
        if how in (0, 2) and self._home is not None:
            self._take(self._home)
        elif how == 2:
            self._pending = Keyframe(start, self._setup)
        elif how < 2:
            self._unsettle()

    def _margins(self, params: bytes, sequence: bytes) -> None:
        self._setup = self._setup.with_margins(sequence)
        top, _, bottom = params.partition(b";")
        if _number(top, 1) < _number(bottom, self._setup.rows):
            self._moved()
            self._settle()

    def _restored(self) -> None:
        """The cursor went to where it was saved: long ago, perhaps."""
        alternate = self._setup.alternate
        at = self._saved.get(alternate)
        saved = self.offset if at is None else at.offset
        self._setup = self._setup._replace(sets={} if at is None else at.setup.sets)
        self._unsettle()
        if alternate and self.alternate is not None and saved < self.alternate.offset:
            self.alternate = self.alternate._replace(exact=False)
        elif not alternate and saved < self.base.offset:
            self.base = self.base._replace(exact=False)

    def _modes(self, private: bytes, modes: list[bytes], on: bool, start: int, end: int) -> None:
        here = Keyframe(start, self._setup)
        for mode in modes:
            if private and mode in (b"1048", b"1049") and on:
                self._saved[self._setup.alternate] = here
            if private and mode in _ALTERNATE and on is not self._setup.alternate:
                self._change_screen(here, end, mode)
            if private and mode in (b"1048", b"1049") and not on:
                self._restored()
            self._setup = self._setup.with_mode(private + mode, on)
            if private + mode == ORIGIN:
                self._settle()
        if self.spans and self.spans[-1].end == end:
            self.spans[-1] = self.spans[-1]._replace(after=self._setup)

    def _change_screen(self, here: Keyframe, end: int, mode: bytes) -> None:
        self._setup = self._setup.on_screen(not self._setup.alternate)
        self._still()
        self._unsettle()
        self.alternate = None
        if self.entered is None:
            self.entered = self._pending = here
            return
        if len(self.spans) == _SPANS:
            self.known_from = self.spans[0].end
        restored = mode == b"1049" and self._saved.get(False) == self.entered
        origin = self.entered.setup.modes.get(ORIGIN) == self._setup.modes.get(ORIGIN)
        self.spans.append(Span(self.entered.offset, end, self._setup, restored and origin))
        self.entered = None


def _rows(move: bytes) -> int | None:
    """Return how many rows a sequence moves the cursor up; None for one that is no such move."""
    return _number(move[2:-1].split(b";")[0], 1) if move[-1:] in b"AF" else None


def _number(text: bytes, otherwise: int) -> int:
    return int(text or b"0") or otherwise
