"""A log as the design defines it, without segments or bounds: what webtee must agree with."""

from collections.abc import Iterable

from tests.support.v1 import Seen


def expected(entries: Iterable[tuple[int, bytes]], times: Iterable[int]) -> list[Seen]:
    """Return the records that these entries make.

    A line ends at each newline, and where the two outputs meet in the middle of one.
    """
    records = []
    line, offset, clock = 1, 0, 0
    written = b""
    last_kind = 0
    for seq, ((kind, payload), time) in enumerate(zip(entries, times, strict=True), 1):
        clock = max(clock, time)
        if kind != 2 and written and not written.endswith(b"\n") and kind != last_kind:
            line += 1
        records.append(Seen(seq, int(kind), clock, line, offset, payload))
        if kind != 2:
            line += payload.count(b"\n")
            offset += len(payload)
            written, last_kind = payload, kind
    return records


def line_starts(records: list[Seen]) -> dict[int, int]:
    """Return the output offset at which each line begins, by its number."""
    starts: dict[int, int] = {}
    for record in records:
        if record.kind == 2:
            continue
        starts.setdefault(record.line, record.offset)
        line, at = record.line, 0
        while (at := record.payload.find(b"\n", at) + 1) and at < len(record.payload):
            line += 1
            starts[line] = record.offset + at
    return starts


def last_lines(records: list[Seen], count: int) -> int:
    """Return the output offset at which the last ``count`` lines begin, as ``tail -n`` counts."""
    starts = sorted(line_starts(records).values())
    end = max(
        (record.offset + len(record.payload) for record in records if record.kind != 2), default=0
    )
    return ([end] if count <= 0 else starts[-count:] or [end])[0]
