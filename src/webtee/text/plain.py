"""Lines as their reader sees them: escape sequences gone, what was overwritten or erased resolved.

Many lines are looked at together. Most have no control characters, and those that only colour their
text are rid of them by one substitution; only where a cursor goes back is a line played cell by
cell. The rules are those of the page (ui/src/core/text/terminal-line.ts), so that what is found is
what is seen. A line never changes another, and time is linear in the length, whatever is written.
"""

import re
import unicodedata

_COLUMNS = 16 << 10
"""No cursor goes beyond this column, whatever a sequence asks for."""

_EDITS = 16 * _COLUMNS
_EDITS_EACH = 32
"""Cells that one line's sequences may touch: so many, and so many more for each character. Then
erasing, deleting and inserting do nothing, and no blanks come before what is written beyond the
end."""

_PILE = 16  # UTF-16 units of a character with its marks: hostile text may stack them without end
_TAB = 8

_CONTROLS = bytes(c for c in range(0x20) if c not in b"\t\n") + b"\x7f"

# What follows ESC, or is a C1 code by itself: a control sequence, a string with its end, another.
# What is cut off by the line's end is gone whole. Nothing here ever tries a byte twice.
_CSI = r"[0-?]*+[ -/]*+[@-~]?"
_STRING_END = r"(?:[\x07\x18\x1a]|\x1b\\|C1\x9c)?"
_STRING = {
    "bytes": r"(?:[^\n\x07\x18\x1a\x1b\xc2]++|\x1b(?!\\)|\xc2(?!\x9c))*+" + _STRING_END,
    "str": r"(?:[^\n\x07\x18\x1a\x1b\x9c]++|\x1b(?!\\))*+" + _STRING_END,
}


def _sequence(kind: str, c1: str) -> str:
    """Return the pattern of any escape or control sequence; it begins with a set, which is fast."""
    string = _STRING[kind].replace("C1", c1)
    first = c1 or r"\x80-\x9f"
    return (
        rf"[\x00-\x08\x0b-\x1f\x7f{first}](?:"
        rf"(?<=\x1b)(?:\[{_CSI}|[PX\]^_]{string}|[@-_]|[ -/]*+[0-~]?)|"
        + (
            rf"(?<=\xc2)(?:\x9b{_CSI}|[\x90\x98\x9d-\x9f]{string}|[\x80-\x9f])|(?<![\x1b\xc2])"
            if c1
            else rf"(?<=\x9b){_CSI}|(?<=[\x90\x98\x9d-\x9f]){string}|"
            r"(?<![\x1b\x90\x98\x9b\x9d-\x9f])"
        )
        + ")"
    )


_C1 = re.compile(rb"\xc2[\x80-\x9f]")
_COLOURS = re.compile(rb"\x1b\[" + _CSI.encode())
_GONE = re.compile(_sequence("bytes", r"\xc2").encode())
_RETURNS = re.compile(rb"(?<!\r)\r++$", re.MULTILINE)
# What makes a line more than its text from left to right. Erasing to the end, deleting and
# inserting do nothing there, where the cursor is unless one of these moved it.
_MOVES = re.compile(
    rb"[\x08\r\x1b\xc2](?:(?<=[\x08\r])|(?:(?<=\x1b)\[|(?<=\xc2)\x9b)[0-9;]*+(?:[GCD`a]|(?<=[12])K))"
)
_TOKEN = re.compile(
    r"(?P<text>[^\x00-\x1f\x7f-\x9f]++)|"
    r"(?:\x1b\[|\x9b)(?P<params>(?:[0-;][0-?]*+)?+)(?P<final>[@-~])|"
    r"(?P<control>[\x08\t\r])|" + _sequence("str", "")
)
_OVERWRITTEN = re.compile(r"[\r\x20-\x7e\xa0-\u02ff]*+")
_NARROW = re.compile(r"[\x20-\u02ff]*")
_WIDE = re.compile(
    r"[\u1100-\u115f\u2e80-\u303e\u3040-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60"
    r"\uffe0-\uffe6\U0001f300-\U0001faff\U00020000-\U0003fffd]"
)


def plain(text: bytes) -> bytes:
    """Return lines as a reader sees them, as valid UTF-8.

    Args:
        text: Lines, separated by newlines.

    Returns:
        As many lines as were given.
    """
    text = valid(text)
    if not controlled(text):
        return text
    text = _RETURNS.sub(
        b"", text
    )  # a line may end in \r\n; what nothing follows overwrites nothing
    coloured = _COLOURS.sub(b"", text)
    if not controlled(coloured) and not _MOVES.search(text):
        return coloured  # there was nothing else; what is left could otherwise join to sequences
    parts = []
    done = 0
    while moves := _MOVES.search(text, done):
        begin = text.rfind(b"\n", done, moves.start()) + 1 or done
        end = text.find(b"\n", moves.end())
        end = len(text) if end < 0 else end
        parts.append(_GONE.sub(b"", text[done:begin]))
        parts.append(_resolved(text[begin:end].decode()).encode())
        done = end
    parts.append(_GONE.sub(b"", text[done:]))
    return b"".join(parts)


def valid(text: bytes) -> bytes:
    """Return ``text`` with U+FFFD for what is no UTF-8."""
    if text.isascii():
        return text
    try:
        text.decode()
    except UnicodeDecodeError:
        return text.decode(errors="replace").encode()
    return text


def controlled(text: bytes) -> bool:
    """Return whether there are control characters other than tabs and newlines."""
    return len(text.translate(None, _CONTROLS)) < len(text) or (
        not text.isascii() and _C1.search(text) is not None
    )


class _Cells:
    """The cells of a line whose cursor moves; a wide character owns its cell and an empty one."""

    def __init__(self, length: int) -> None:
        self.chars: list[str] = []
        self.column = 0
        self._edits = _EDITS + _EDITS_EACH * length

    def put(self, text: str) -> None:
        """Write printable text at the cursor."""
        at = 0
        while at < len(text):
            narrow = _NARROW.match(text, at)
            assert narrow is not None
            if narrow.end() > at:
                self._pad()
                self._put_narrow(text[at : min(narrow.end(), at + _COLUMNS - self.column)])
                at = narrow.end()
            else:
                self._put_one(text[at])
                at += 1

    def _put_narrow(self, text: str) -> None:
        if not text:
            return
        end = self.column + len(text)
        self._own(self.column)
        self._own(end - 1)
        self.chars[self.column : end] = text
        self.column = end

    def _put_one(self, char: str) -> None:
        width = _width(char)
        if width == 0:
            self._stack(char)
            return
        if self.column + width > _COLUMNS:
            return
        self._pad()
        self._own(self.column)
        if width == 2:
            self._own(self.column + 1)
        self.chars[self.column : self.column + width] = (char, "")[:width]
        self.column += width

    def _stack(self, mark: str) -> None:
        """Put a mark on the character before the cursor."""
        before = self.column - 1
        if 0 <= before < len(self.chars) and not self.chars[before]:
            before -= 1
        if 0 <= before < len(self.chars):
            base = self.chars[before]
            if len(base) + sum(char > "\uffff" for char in base) < _PILE:
                self.chars[before] = base + mark

    def move(self, column: int) -> None:
        """Put the cursor somewhere."""
        self.column = max(0, min(_COLUMNS, column))

    def erase(self, mode: int) -> None:
        """CSI K: erase to the end of the line, from its beginning, or all of it."""
        if mode == 0:
            self._cut(self.column)
        elif mode == 1:
            self._blank(0, self.column + 1)
        elif mode == 2:
            self._cut(0)

    def edit(self, final: str, count: int) -> None:
        """CSI X (erase characters), CSI P (delete) and CSI @ (insert)."""
        if not self._may_touch(len(self.chars)):
            return
        count = min(count, _COLUMNS)
        column = self.column
        if final == "X":
            self._blank(column, column + count)
        elif column < len(self.chars):
            if final == "P":
                del self.chars[column : column + count]
            else:
                self.chars[column:column] = " " * count
                self._cut(_COLUMNS)

    def _pad(self) -> None:
        lacking = self.column - len(self.chars)
        if lacking <= 0 or self.column >= _COLUMNS:
            return
        if self._may_touch(lacking):
            self.chars.extend(" " * lacking)
        else:
            self.column = len(self.chars)

    def _own(self, column: int) -> None:
        """Overwriting half of a wide character leaves a blank in its other half."""
        chars = self.chars
        if 0 < column < len(chars) and not chars[column]:
            chars[column - 1] = " "
        if column + 1 < len(chars) and not chars[column + 1]:
            chars[column + 1] = " "

    def _may_touch(self, cells: int) -> bool:
        self._edits -= cells
        return self._edits >= 0

    def _blank(self, begin: int, end: int) -> None:
        end = min(end, len(self.chars))
        if self._may_touch(len(self.chars)) and begin < end:
            self._own(begin)
            self._own(end - 1)
            self.chars[begin:end] = " " * (end - begin)

    def _cut(self, column: int) -> None:
        if column < len(self.chars):
            self._own(column)
            del self.chars[column:]


def _width(char: str) -> int:
    """Return a character's columns: 0 for what combines with the one before, 2 for wide ones."""
    if char == "\u200d" or "\ufe00" <= char <= "\ufe0f" or unicodedata.category(char)[0] == "M":
        return 0
    return 2 if _WIDE.match(char) else 1


def _resolved(line: str) -> str:
    """Return what a line shows in the end."""
    if _OVERWRITTEN.fullmatch(
        line
    ):  # a progress bar, mostly: what follows lies over what was there
        shown: list[str] = []
        for part in line.split("\r"):
            shown[: min(len(part), _COLUMNS)] = part[:_COLUMNS]
        return "".join(shown)
    cells = _Cells(len(line))
    for token in _TOKEN.finditer(line):
        if token["text"] is not None:
            cells.put(token["text"])
        elif token["control"] == "\r":
            cells.move(0)
        elif token["control"] == "\b":
            cells.move(cells.column - 1)
        elif token["control"] == "\t":
            cells.move(cells.column - cells.column % _TAB + _TAB)
        elif token["final"] is not None:
            _control(cells, token["final"], token["params"])
    return "".join(cells.chars)


def _control(cells: _Cells, final: str, params: str) -> None:
    """Carry out a control sequence."""
    digits = re.match("[0-9]*", params)
    assert digits is not None
    first = min(int(digits[0][:9] or 0), _COLUMNS)
    count = max(first, 1)
    if final == "K":
        cells.erase(first)
    elif final in "G`":
        cells.move(count - 1)
    elif final in "Ca":
        cells.move(cells.column + count)
    elif final == "D":
        cells.move(cells.column - count)
    elif final in "PX@":
        cells.edit(final, count)
