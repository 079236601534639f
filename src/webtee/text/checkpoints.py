"""What a tracker knew at places of the output, to go on from there to any place that is asked for.

A tracker (screen.py) knows the present. Its state is small, so that copies of it are kept now and
then; to tell what it knew at some place, the output from the copy before it is read again. However
much output there is, there are only so many copies.
"""

from bisect import bisect_right
from operator import attrgetter

from webtee.text.screen import Screen

EVERY = 256 << 10
"""Bytes of output from one copy to the next, at first."""

MOST = 512
"""Copies that are kept: when there are more, every other one goes, and new ones become rarer."""


class Checkpoints:
    """Copies of one tracker, by how much it had been fed.

    Args:
        screen: The tracker, as it begins.
        every: Bytes from one copy to the next, at first.
        most: Copies that are kept.
    """

    def __init__(self, screen: Screen, *, every: int = EVERY, most: int = MOST) -> None:
        self._screen = screen
        self._every = every
        self._most = most
        self._copies = [screen.copy()]

    @property
    def due(self) -> bool:
        """Whether so much has been fed that another copy is worth its memory."""
        return self._screen.offset >= self._copies[-1].offset + self._every

    def keep(self, first: int) -> None:
        """Keep another copy.

        Args:
            first: From where on the output can still be read. Of the copies before, the newest
                stays: it knows more than nothing.
        """
        self._copies.append(self._screen.copy())
        del self._copies[: self._up_to(first)]
        if len(self._copies) > self._most:
            del self._copies[1::2]
            self._every *= 2

    def before(self, offset: int) -> Screen:
        """Return what was known at ``offset``, or at some place before it."""
        return self._copies[self._up_to(offset)].copy()

    def _up_to(self, offset: int) -> int:
        """Return the index of the newest copy up to ``offset``; of the oldest if there is none."""
        return max(bisect_right(self._copies, offset, key=attrgetter("offset")) - 1, 0)
