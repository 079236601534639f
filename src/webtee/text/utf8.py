"""Bytes to valid UTF-8, whatever the bytes are and wherever they were cut.

A character that is split across pieces is held back until it is whole, at most three bytes of it;
what can be no character becomes U+FFFD, as the Unicode standard recommends (section 3.9).
"""

import codecs

_decoder = codecs.getincrementaldecoder("utf-8")


class Utf8:
    """A stream of bytes made valid, piece by piece."""

    def __init__(self) -> None:
        self._decoder = _decoder("replace")

    def feed(self, data: bytes) -> bytes:
        """Return what is whole of everything fed so far and not returned yet."""
        return self._decoder.decode(data).encode()

    @property
    def held(self) -> bytes:
        """The beginning of a character that is held back."""
        return self._decoder.getstate()[0]

    def flush(self) -> bytes:
        """Return what is held back as U+FFFD: nothing more belongs to it."""
        return self._decoder.decode(b"", final=True).encode()

    def fork(self) -> "Utf8":
        """Return another one that goes on from the same state."""
        copy = Utf8()
        copy._decoder.setstate(self._decoder.getstate())
        return copy
