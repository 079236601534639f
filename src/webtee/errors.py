"""What can go wrong, as a tree.

::

    WebteeError
    ├── UsageError              you misused us: the message says what to do instead
    │   ├── SettingsError       an option's value makes no sense
    │   ├── CommandError        the command cannot be started (exit_status 126 or 127)
    │   ├── LifeError           a run was asked for what its state does not allow
    │   ├── ListenError         the address cannot be listened on
    │   └── LimitError          the system allows too little
    └── PeerError               the other side misbehaved
        ├── RecordError         bytes that are not a record
        └── PatternError        a pattern that cannot be searched for

Data is in attributes; ``str()`` is one sentence that says what to do. What webtee tells whoever
runs or embeds it is one of these, so that a shell needs one ``except``. Three others stay inside:
``LookupError`` where a log is asked for what it does not keep, ``RuntimeError`` where the code
contradicts itself (a sealed segment is written to), and aiohttp's HTTP exceptions, with which
``web/`` answers a request.
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
        exit_status: 127 when there is no such program, else 126, as POSIX shells have it.
    """

    def __init__(self, name: str, reason: str, exit_status: int) -> None:
        super().__init__(f"{name}: {reason}")
        self.exit_status = exit_status


class LifeError(UsageError):
    """A run was asked for what its state does not allow.

    Attributes:
        event: What was asked.
        state: Where the run was.
        allowed: What would have been allowed.
    """

    def __init__(self, event: str, state: str, allowed: tuple[str, ...]) -> None:
        names = ", ".join(allowed) or "nothing"
        super().__init__(f"cannot {event} a run that is {state}; allowed here: {names}")
        self.event = event
        self.state = state
        self.allowed = allowed


class ListenError(UsageError):
    """The address cannot be listened on."""

    exit_status = 1


class LimitError(UsageError):
    """The system allows too little of something."""

    exit_status = 1


class PeerError(WebteeError):
    """What came from outside breaks the contract."""


class RecordError(PeerError):
    """Bytes that are not a record in the layout of ``webtee.v1``."""


class PatternError(PeerError):
    """A pattern that cannot be searched for; the message says what is wrong, and where."""
