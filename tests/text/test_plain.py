"""Plain text: what a reader sees, line by line, whatever is written."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webtee.text.plain import plain

pieces = st.one_of(
    st.sampled_from(
        [
            *(
                b"\x1b",
                b"[",
                b"\x1b[",
                b"]",
                b"\x1b]8;;",
                b"\x07",
                b"\x1b\\",
                b"\x1bP",
                b"\x1bX",
                b"\x18",
            ),
            *(
                b"\xc2\x9b",
                b"\xc2\x9d",
                b"\xc2\x9c",
                b"\xc2\x85",
                b"\xc2",
                b"m",
                b"K",
                b"1K",
                b"2K",
            ),
            *(
                b"\x1b[K",
                b"\x1b[1K",
                b"\x1b[2K",
                b"\x1b[2G",
                b"\x1b[3C",
                b"\x1b[2D",
                b"\x1b[2P",
                b"\x1b[X",
            ),
            *(
                b"\x1b[2@",
                b"\x1b[5`",
                b"\x1b[a",
                b"\x1b[31m",
                b"\x1b[?25l",
                b"\x1b[<1K",
                b"\x1b[1 q",
            ),
            *(
                b"\x1b(B",
                b"\x1b#",
                b"\x1b[9999999999999C",
                b"3",
                b";",
                b"abc",
                b"\t",
                b"\x00",
                b"\x7f",
            ),
            *(b"\r", b"\r", b"\r\n", b"\x08", b"\n", b"\n", b"\xff"),
            *(text.encode() for text in ("漢字", "e\u0301", "é", "🎉")),
        ]
    ),
    st.binary(max_size=6),
)
texts = st.lists(pieces, max_size=14).map(b"".join)


class Reference:
    """One line, character by character, after ui/src/core/text/terminal-line.ts."""

    def __init__(self, line: str) -> None:
        self.line = line.rstrip("\r")
        self.at = 0
        self.cells: list[str] = []
        self.column = 0
        self.moving = self.moves()

    def moves(self) -> bool:
        for at, char in enumerate(self.line):
            if char in "\r\b":
                return True
            rest = self.line[at + 1 :] if char == "\x9b" else self.line[at + 2 :]
            if char == "\x9b" or self.line.startswith("\x1b[", at):
                body = rest.lstrip("0123456789;")
                params = rest[: len(rest) - len(body)]
                if body[:1] in tuple("GCD`a") or (body[:1] == "K" and params[-1:] in ("1", "2")):
                    return True
        return False

    def taken(self, allowed: str) -> str:
        begin = self.at
        while self.at < len(self.line) and self.line[self.at] in allowed:
            self.at += 1
        return self.line[begin : self.at]

    def shown(self) -> str:
        while self.at < len(self.line):
            char = self.line[self.at]
            self.at += 1
            if char == "\x1b":
                self.escape()
            elif "\x80" <= char <= "\x9f":
                self.control(char)
            elif char == "\t" and not self.moving:
                self.put(char)
            elif char == "\t":
                self.move(self.column + 8 - self.column % 8)
            elif char == "\r":
                self.move(0)
            elif char == "\b":
                self.move(self.column - 1)
            elif char >= " " and char != "\x7f":
                self.put(char)
        return "".join(self.cells)

    def escape(self) -> None:
        after = self.line[self.at : self.at + 1]
        if "@" <= after <= "_":
            self.at += 1
            self.control(chr(ord(after) + 0x40))
            return
        self.taken("".join(map(chr, range(0x20, 0x30))))
        if "0" <= self.line[self.at : self.at + 1] <= "~":
            self.at += 1

    def control(self, c1: str) -> None:
        if c1 in "\x90\x98\x9d\x9e\x9f":
            ends = [
                at + len(end)
                for end in ("\x07", "\x1b\\", "\x9c", "\x18", "\x1a")
                if (at := self.line.find(end, self.at)) >= 0
            ]
            self.at = min(ends, default=len(self.line))
        elif c1 == "\x9b":
            params = self.taken("".join(map(chr, range(0x30, 0x40))))
            between = self.taken("".join(map(chr, range(0x20, 0x30))))
            final = self.line[self.at : self.at + 1]
            if "@" <= final <= "~":
                self.at += 1
                if self.moving and not between and params[:1] not in tuple("<=>?"):
                    self.command(final, params)

    def command(self, final: str, params: str) -> None:
        digits = params[: len(params) - len(params.lstrip("0123456789"))]
        number = int(digits or 0)
        many = max(number, 1)
        if final == "K":
            if number == 1:
                self.blank(0, self.column + 1)
            elif number in (0, 2):
                self.cut(self.column if number == 0 else 0)
        elif final in "G`":
            self.move(many - 1)
        elif final in "Ca":
            self.move(self.column + many)
        elif final == "D":
            self.move(self.column - many)
        elif final == "X":
            self.blank(self.column, self.column + many)
        elif final == "P" and self.column < len(self.cells):
            del self.cells[self.column : self.column + many]
        elif final == "@" and self.column < len(self.cells):
            self.cells[self.column : self.column] = [" "] * min(many, 16384)
            self.cut(16384)

    def move(self, column: int) -> None:
        self.column = max(0, min(16384, column))

    def own(self, column: int) -> None:
        if column < len(self.cells) and self.cells[column] == "" and column > 0:
            self.cells[column - 1] = " "
        if column + 1 < len(self.cells) and self.cells[column + 1] == "":
            self.cells[column + 1] = " "

    def blank(self, begin: int, end: int) -> None:
        for at in range(begin, min(end, len(self.cells))):
            self.own(at)
            self.cells[at] = " "

    def cut(self, column: int) -> None:
        if column < len(self.cells):
            self.own(column)
            del self.cells[column:]

    def put(self, char: str) -> None:
        if not self.moving:
            self.cells.append(char)
            return
        mark = unicodedata.category(char)[0] == "M" or char == "\u200d"
        if mark and char >= "\u0300":
            before = self.column - 1
            if 0 <= before < len(self.cells) and self.cells[before] == "":
                before -= 1
            if 0 <= before < len(self.cells) and len(self.cells[before]) < 16:
                self.cells[before] += char
            return
        wide = "\u2e80" <= char <= "\ua4cf" or "\U0001f300" <= char <= "\U0001faff"
        if self.column + 1 + wide > 16384:
            return
        self.cells += [" "] * (self.column - len(self.cells))
        for column, part in enumerate([char, ""] if wide else [char], self.column):
            self.own(column)
            self.cells[column : column + 1] = [part]
        self.column += 1 + wide


def reference(text: bytes) -> bytes:
    lines = text.split(b"\n")
    return b"\n".join(Reference(line.decode(errors="replace")).shown().encode() for line in lines)


@given(texts)
def test_many_lines_are_what_each_shows(text: bytes) -> None:
    assert plain(text) == reference(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (b"plain\nlines\n", "plain\nlines\n"),
        (b"\x1b[1;31mred\x1b[0m\r\nnext\x1b[K\r\n", "red\nnext\n"),
        (b"\x1b]0;title\x07a\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "alink"),
        (b"left\x1b]0;never ended\nnext", "left\nnext"),
        (b"left\x1b[31\nnext\x1b", "left\nnext"),
        (b" 10%\r 20%\r100%\r", "100%"),
        (b"long text\rshort\x1b[K", "short"),
        (b"abc\x08\x08X", "aXc"),
        (b"abc\rx\x1b[9C\x1b[P\x1b[@", "xbc"),
        (b"a\tb\rX\ty", "X       y"),
        (b"abc\x1b[1Kd", "   d"),
        (b"a\x1b[5Gb\x1b[2Gc", "ac  b"),
        (b"abc\r\x1b[2Kd", "d"),
        ("漢字\r\x1b[Cx".encode(), " x字"),
        ("漢字\rx".encode(), "x 字"),
        ("abc\r漢".encode(), "漢c"),
        ("a漢\r\x1b[Cxy".encode(), "axy"),
        ("x\re\u0301".encode(), "e\u0301"),
        ("\r\u0301x".encode(), "x"),
        ("字\b\b字\u0301".encode(), "字\u0301"),
        (b"\x1b[20000Gx\x1b[16384Gyz" + b"\x1b[1;1Hw", " " * 16383 + "y"),
        ("\x1b[16384G漢".encode(), ""),
        (b"a\rb\xff\xc2\x85", "b\ufffd"),
        (b"abc\x1b[2D\x1b[@x\x1b[5P\x1b[9X\x1b[7K", "ax"),
        (b"abc\x1b[2D\x1b[20000@", "a" + " " * 16383),
    ],
)
def test_what_a_reader_sees(text: bytes, shown: str) -> None:
    assert plain(text).decode() == shown


def test_marks_do_not_pile_up_without_end() -> None:
    assert len(plain(("x\re" + "\u0301" * 1000).encode()).decode()) == 16


def test_hostile_lines_take_linear_time_and_bounded_edits() -> None:
    for text in (
        b"\x1b" * 200_000,
        b"\x1b[" * 100_000,
        b"\x1b]" * 100_000,
        b"\r" * 200_000 + b"x",
        b"x\r\x1b[" + b"1" * 200_000,
        b"\x1b]" + b"\xc2\x85" * 100_000,
    ):
        assert len(plain(text)) <= 1
    for again in (b"\x1b[2K\x1b[16384Gx", b"\r\x1b[K\x1b[16384Gx"):
        assert plain(again * 10).decode() == " " * 16383 + "x"
        assert plain(again * 1000) == b"x"
    edits = b"\r\x1b[16384Gx\r" + b"\x1b[P\x1b[@\x1b[16384X" * 2000
    assert len(plain(edits)) in (16383, 16384)  # edits end with any of them
    assert (
        plain(b"\x1b[16384Gx\r" + b"\x1b[1K" * 2000 + b"\x1b[16384Gy\x1b[16384G\x1b[1K")[-1:]
        == b"y"
    )
