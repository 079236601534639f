"""The life of a run as one table, so that what may follow what is read in one place.

starting → running → draining (the command has gone, its output is still being read) → ended.
Being stopped is orthogonal: a run can be asked to stop in any state and takes the same way.
"""

from enum import Enum
from typing import NoReturn

from webtee.errors import LifeError


class State(Enum):
    """Where a run is."""

    STARTING = "starting"
    RUNNING = "running"
    DRAINING = "draining"
    ENDED = "ended"


class Event(Enum):
    """What happens to a run."""

    BEGIN = "begin"
    """The command runs, or the input is open."""
    FAIL = "fail"
    """It could not be started."""
    EXIT = "exit"
    """The command has gone, or the input has ended."""
    END = "end"
    """Its output is complete and its process group gone."""


TRANSITIONS: dict[State, dict[Event, State]] = {
    State.STARTING: {Event.BEGIN: State.RUNNING, Event.FAIL: State.ENDED},
    State.RUNNING: {Event.EXIT: State.DRAINING},
    State.DRAINING: {Event.END: State.ENDED},
    State.ENDED: {},
}


class Life:
    """One run's way through :data:`TRANSITIONS`."""

    __slots__ = ("begun", "state")

    def __init__(self) -> None:
        self.state = State.STARTING
        self.begun = False

    def on(self, event: Event) -> None:
        """Take the transition for an event.

        Args:
            event: What happened.

        Raises:
            LifeError: The state has no such transition.
        """
        self.check(event)
        self.state = TRANSITIONS[self.state][event]
        self.begun = self.begun or event is Event.BEGIN

    def check(self, event: Event) -> None:
        """Refuse an event that the state has no transition for, without taking it.

        Args:
            event: What is about to happen.

        Raises:
            LifeError: The state has no such transition.
        """
        if event not in TRANSITIONS[self.state]:
            self._refuse(event.value)

    def check_begun(self) -> None:
        """Refuse to wait for what never began.

        Raises:
            LifeError: The run has not been started, or could not be.
        """
        if not self.begun:
            self._refuse("wait for")

    def _refuse(self, what: str) -> NoReturn:
        allowed = tuple(way.value for way in TRANSITIONS[self.state])
        raise LifeError(what, self.state.value, allowed)

    @property
    def alive(self) -> bool:
        """Whether the run has begun and is not over."""
        return self.state in (State.RUNNING, State.DRAINING)
