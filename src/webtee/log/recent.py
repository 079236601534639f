"""What was made lately, kept for the next who asks: viewers tend to be at the same places."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """The things that were asked for last, by their key.

    Args:
        size: How many to keep.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._things: OrderedDict[int, T] = OrderedDict()

    def get(self, key: int, make: Callable[[], T]) -> T:
        """Return what belongs to ``key``; it is made if it was not asked for lately."""
        if key in self._things:
            self._things.move_to_end(key)
            return self._things[key]
        thing = self._things[key] = make()
        if len(self._things) > self._size:
            self._things.popitem(last=False)
        return thing

    def forget(self, key: int) -> None:
        """Let go of what belongs to ``key``, if it is there."""
        self._things.pop(key, None)
