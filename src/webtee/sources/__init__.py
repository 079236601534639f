"""Where bytes come in: a command under a pty or with pipes, and standard input.

Each kind is a small class with the one interface of `webtee.sources.base`. Nothing here knows of
logs, viewers or the network.
"""

from webtee.sources.base import Exit, Sink, Source, Started
from webtee.sources.command import Command, Patience
from webtee.sources.life import LifeError
from webtee.sources.stdin import Stdin

__all__ = ["Command", "Exit", "LifeError", "Patience", "Sink", "Source", "Started", "Stdin"]
