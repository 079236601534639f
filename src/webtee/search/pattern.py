"""What is searched for: a text or a regular expression, compiled so that lines are found quickly.

RE2 does the matching: its time is linear, so that no pattern can hang us. Lines lie one after
another in a buffer, and no pattern matches across a newline. Where lines match by the thousand,
asking for each would cost more than the search itself; so there is a second expression for a whole
run of matching lines: one call of RE2, during which other threads go on.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from webtee.errors import PatternError

LONGEST = 1000
"""Bytes that a pattern may have."""

_WORK = 128 << 20
"""Instructions times bytes that are looked at in one go: RE2 does as many in 0.3 s at worst."""

_REACH = 1 << 20  # bytes of a line that are looked at
_STRIDE = 64 << 10

_MEMORY = 4 << 20  # bytes that RE2 may take for a program and its automata
_LARGEST = 12_000  # instructions of a program: what RE2 does for a byte may grow with them

# RE2 compiles without letting other threads go on, so what is too large has to be found out soon:
# by little memory, and by the classes of thousands of characters, which take 1 ms each to read.
_LITTLE = 1 << 20
_MOST_CLASSES = 10
_CLASS = re.compile(r"\\[pP]")

# What looks at the text's ends, or at bytes, and so has to be given each line by itself.
_BY_LINE = re.compile(r"\\[AzC]|\(\?[A-Za-z]*-[A-Za-z]*m")


class Pattern:
    """A pattern, compiled.

    Args:
        query: What to look for; nothing at all is in every line.
        regex: Whether it is a regular expression (RE2's syntax), or to be found as it is.
        ignore_case: Whether upper and lower case are the same.

    Raises:
        PatternError: It is too long, or not a regular expression.

    Attributes:
        everything: Whether it is empty.
        reach: Bytes of a line that are looked at: of a large pattern fewer, as it may be slow.
        stride: Bytes of lines that are looked at in one go, if none of these is long.
    """

    def __init__(self, query: str, *, regex: bool = False, ignore_case: bool = True) -> None:
        source = query.encode(errors="replace")
        if len(source) > LONGEST:
            raise PatternError(
                f"the pattern has {len(source)} bytes; at most {LONGEST} are allowed"
            )
        if regex and len(_CLASS.findall(query)) > _MOST_CLASSES:
            raise PatternError(
                f"the pattern is too large: \\p and \\P may be used {_MOST_CLASSES} times"
            )
        self.everything = not source
        self._text = None if regex or (ignore_case and _has_case(query)) else source
        self._ignore_case = ignore_case
        self._by_line = regex and _BY_LINE.search(query) is not None
        self._source = source if regex else _quoted(source)
        self._line: Any = None
        if self._text is None:
            self._line = self._compile()
        size = 1 if self._line is None else self._line.programsize
        self.reach = min(_REACH, _WORK // size)
        self.stride = min(_STRIDE, _WORK // 8 // size)

    def _compile(self) -> Any:
        alone = _compiled(self._source, ignore_case=self._ignore_case, memory=_LITTLE)
        if alone.programsize > _LARGEST:
            raise PatternError(
                "the pattern is too large: repeat less, or fewer kinds of characters"
            )
        if self._by_line or not self._can_be_wrapped:
            return _compiled(b"(?m)" + self._source, ignore_case=self._ignore_case)
        # To the line's end, so that a line is found once.
        return _compiled(b"(?m)(?:" + self._source + b").*$", ignore_case=self._ignore_case)

    @property
    def _can_be_wrapped(self) -> bool:
        return b"\\Q" not in self._source  # it may quote what is put after it, too

    @cached_property
    def run(self) -> Any:
        """Matches the run of matching lines that begins at a place; None if that cannot be had."""
        if self._by_line or not self._can_be_wrapped:
            return None
        # \C is any byte, also the newline that nothing else here can match.
        wrapped = b"(?m)(?:^.*(?:" + self._source + b").*$\\C)+"
        return _compiled(wrapped, ignore_case=self._ignore_case)

    def hits(self, text: bytes, begin: int, end: int) -> Iterator[int]:
        """Yield a place in each matching line, ascending; more than one in some, perhaps.

        Args:
            text: Lines of valid UTF-8, each ended by a newline.
            begin: Where a line begins.
            end: Where a later one ends. What is yielded may also be ``end``, where none is.
        """
        if self._text is not None:
            return self._literally(self._text, text, begin, end)
        if self._by_line:
            return self._line_by_line(text, begin, end)
        return (match.start() for match in self._line.finditer(text, begin, end))

    @staticmethod
    def _literally(wanted: bytes, text: bytes, begin: int, end: int) -> Iterator[int]:
        if b"\n" in wanted:
            return
        find = text.find
        while (begin := find(wanted, begin, end)) >= 0:
            yield begin
            begin = find(b"\n", begin) + 1

    def _line_by_line(self, text: bytes, begin: int, end: int) -> Iterator[int]:
        search = self._line.search
        while begin < end:
            newline = text.find(b"\n", begin)
            if search(text[begin:newline]) is not None:
                yield begin
            begin = newline + 1


def _has_case(text: str) -> bool:
    return text.upper() != text.lower()


def _quoted(source: bytes) -> bytes:
    """Return the regular expression for a text as it is."""
    return b"".join(b"\\x%02x" % byte if byte < 0x80 else bytes((byte,)) for byte in source)


def _in_one_line(text: str) -> str:
    """Return ``text`` as a terminal may be given it: it quotes the pattern, whatever that holds."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def _compiled(source: bytes, *, ignore_case: bool, memory: int = _MEMORY) -> Any:
    import re2  # it takes a while to load, and most who start webtee search nothing

    options = re2.Options()
    options.max_mem = memory
    options.log_errors = False
    options.never_nl = True
    options.never_capture = True
    options.case_sensitive = not ignore_case
    try:
        return re2.compile(source, options)
    except re2.error as error:
        reason = _in_one_line(error.args[0].decode(errors="replace"))
        raise PatternError(f"the pattern is no regular expression: {reason}") from None
    finally:
        re2.purge()  # its cache would keep what 128 patterns take
