"""What was found out about sealed segments, kept for the next who asks, within a bound.

It goes with the segment: what the log lets go of is forgotten.
"""

from typing import Generic, Protocol, TypeVar
from weakref import WeakKeyDictionary

from webtee.log.segment import Segment
from webtee.search.snapshot import Job

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

    def get(self, job: Job) -> T | None:
        """Return what is known of a part."""
        whole, known = self._known.get(job.piece.segment, (None, None))
        return known if whole is job.part.whole else None

    def put(self, job: Job, known: T) -> None:
        """Keep what was found out of a part, if it is final and there is room.

        The first to come stay: all segments are asked for in turn, and to make room for one that
        was just found would make each of them miss the next time.
        """
        if not job.final:
            return
        if self._size + known.size > self._most:  # some of it may be gone by now
            self._size = sum(kept.size for _, kept in self._known.values())
        if self._size + known.size <= self._most:
            self._size += known.size
            self._known[job.piece.segment] = (job.part.whole, known)
