"""Work in steps: a generator that yields now and then, and returns what was wanted in the end.

Between two steps others get their turn, or the work is given up: who runs it decides
(web/turns.py). A step takes some milliseconds, and a second at worst, whatever is looked for in
whatever was written.
"""

from collections.abc import Generator
from typing import TypeVar

T = TypeVar("T")

Steps = Generator[None, None, T]
