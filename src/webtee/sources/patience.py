"""How long a run waits for what does not end by itself: every such time has a name here.

They are the caller's to choose, so that a test need not wait as long as a person would.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for what does not end by itself. All in seconds.

    Attributes:
        linger_idle: Once the command has gone: how long others that hold its output may be silent.
        linger_total: Once the command has gone: how long others are listened to in all.
        grace: Between INT and TERM, and between TERM and KILL.
        after_kill: How long what was killed may take to disappear before it is hung up on, and then
            once more before it is left behind.
    """

    linger_idle: float = 1.0
    linger_total: float = 5.0
    grace: float = 5.0
    after_kill: float = 1.0
