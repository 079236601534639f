"""How records become bytes for a viewer, each way computed once for all who want it.

An encoder turns a range of records into bytes and announces gaps. ``DEFLATE`` hands out the log's
own messages; ``PLAIN`` is for WebSocket clients that cannot take them, and is made only while one
of them watches. Encoders for text live with their protocols.
"""

import json
from dataclasses import asdict, dataclass
from typing import Final, Literal, Protocol, Self

from webtee.log.frame import BINARY, TEXT, frame
from webtee.log.log import Log
from webtee.log.segment import Segment


@dataclass(frozen=True, slots=True)
class Gap:
    """Records that a viewer was not sent.

    Attributes:
        first_seq: The first of them.
        last_seq: The last of them.
        first_line: The line that the first of them goes on with, or ends by being of the other
            output; None where the log can no longer tell.
        last_line: The line that they end in.
        bytes: Their output bytes; None where the log can no longer tell.
        reason: ``slow`` if the viewer fell too far behind; ``expired`` if they are not kept.
    """

    first_seq: int
    last_seq: int
    first_line: int | None
    last_line: int
    bytes: int | None
    reason: Literal["slow", "expired"]


class Encoder(Protocol):
    """Turns records into bytes for one kind of viewer."""

    name: str
    """Viewers whose encoders have the same name are sent the same bytes while they keep up."""

    from_segment_start: bool
    """Whether a viewer has to be sent a segment from its first record on."""

    def fit(self, segment: Segment, start: int, limit: int) -> int:
        """Return the ``stop`` up to which :meth:`encode` returns about ``limit`` bytes at most.

        That is at least one record after ``start``.
        """
        ...

    def encode(self, log: Log, segment: Segment, start: int, stop: int) -> bytes:
        """Return the records ``start`` to ``stop`` of ``segment`` as bytes, perhaps none.

        Called with ranges that follow one another, or with :meth:`gap` in between.
        """
        ...

    def gap(self, gap: Gap) -> bytes:
        """Return how ``gap`` is announced."""
        ...

    def status(self, viewers: int) -> bytes:
        """Return how the number of viewers is told, if at all."""
        ...

    def fork(self) -> Self:
        """Return an encoder that goes on from the same state."""
        ...


def control(message: dict[str, object]) -> bytes:
    """Return a control message of ``webtee.v1``: JSON text in a frame, never compressed."""
    return frame(TEXT, json.dumps(message, separators=(",", ":")).encode())


PULSE: Final = control({"type": "pulse"})
"""Says that the server is there. A browser does not show pings to the page that it runs."""


class _V1:
    """What the two encodings of ``webtee.v1`` share. They have no state."""

    def gap(self, gap: Gap) -> bytes:
        return control({"type": "gap"} | asdict(gap))

    def status(self, viewers: int) -> bytes:
        return control({"type": "status", "viewers": viewers})

    def fork(self) -> Self:
        return self


class _Deflate(_V1):
    name = "deflate"
    from_segment_start = True

    def fit(self, segment: Segment, start: int, limit: int) -> int:
        return segment.fit(start, limit)

    def encode(self, log: Log, segment: Segment, start: int, stop: int) -> bytes:  # noqa: ARG002 (the protocol's)
        return segment.messages(start, stop)


class _Plain(_V1):
    name = "plain"
    from_segment_start = False

    def fit(self, segment: Segment, start: int, limit: int) -> int:
        return segment.fit(start, limit, inflated=True)

    def encode(self, log: Log, segment: Segment, start: int, stop: int) -> bytes:
        return b"".join(frame(BINARY, record) for record in log.records(segment)[start:stop])


DEFLATE: Encoder = _Deflate()
"""``webtee.v1`` with permessage-deflate: the log's own messages."""

PLAIN: Encoder = _Plain()
"""``webtee.v1`` for clients that cannot take the shared deflate context."""
