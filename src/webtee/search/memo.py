"""What was found out about sealed segments, kept for the next who asks, within a bound.

It goes with the segment: what the log lets go of is forgotten.
"""

from typing import Generic, Protocol, TypeVar
from weakref import WeakKeyDictionary

from webtee.log.segment import Segment

MOST = 16 << 20
"""Bytes that what is kept may take."""


class Sized(Protocol):
    """Something that knows what it takes."""

    @property
    def size(self) -> int:
        """About how many bytes of memory."""
        ...


T = TypeVar("T", bound=Sized)


class Memo(Generic[T]):
    """What is known about segments; used in the event loop's thread.

    Args:
        most: Bytes that what is kept may take.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: WeakKeyDictionary[Segment, tuple[bool, T]] = WeakKeyDictionary()
        self._size = 0  # at least what is taken

    def get(self, segment: Segment, *, whole: bool) -> T | None:
        """Return what is known of a segment, if it was found out about the same lines."""
        known_whole, known = self._known.get(segment, (None, None))
        return known if known_whole is whole else None

    def put(self, segment: Segment, known: T, *, whole: bool) -> None:
        """Keep what was found out about a segment that is final, if there is room.

        The first to come stay: all segments are asked for in turn, and to make room for one that
        was just found would make each of them miss the next time.

        Args:
            segment: Sealed, and its last line has ended.
            known: What was found out.
            whole: Whether the rest of a line that began before it was counted.
        """
        if self._size + known.size > self._most:  # some of it may be gone by now
            self._size = sum(kept.size for _, kept in self._known.values())
        if self._size + known.size <= self._most:
            self._size += known.size
            self._known[segment] = (whole, known)
