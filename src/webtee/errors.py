"""What can go wrong, as a tree.

::

    WebteeError
    ├── UsageError              you misused us: the message says what to do instead
    │   ├── SettingsError       an option's value makes no sense
    │   ├── CommandError        the command cannot be started (exit_status 126 or 127)
    │   └── ListenError         the address cannot be listened on
    └── PeerError               the other side misbehaved
        └── RecordError         bytes that are not a record

Data is in attributes; ``str()`` is one sentence that says what to do. Every module raises only
these, so that a shell needs one ``except``.
"""


class WebteeError(Exception):
    """The base of every error that webtee raises on purpose."""


class UsageError(WebteeError):
    """The caller asked for something that cannot be done.

    Attributes:
        exit_status: What the command line exits with.
    """

    exit_status = 2


class SettingsError(UsageError):
    """An option's value makes no sense."""


class CommandError(UsageError):
    """The command cannot be started.

    Attributes:
        command: The program as it was asked for.
        exit_status: 127 when there is no such program, else 126, as POSIX shells have it.
    """

    def __init__(self, command: str, reason: str, exit_status: int) -> None:
        super().__init__(f"{command}: {reason}")
        self.command = command
        self.exit_status = exit_status


class ListenError(UsageError):
    """The address cannot be listened on."""

    exit_status = 1


class PeerError(WebteeError):
    """What came from outside breaks the contract."""


class RecordError(PeerError):
    """Bytes that are not a record in the layout of ``webtee.v1``."""
