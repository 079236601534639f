"""Hypothesis strategies for what a source may write."""

from hypothesis import strategies as st

from webtee.log.record import Kind

_TEXT = st.sampled_from(
    [b"\n", b"a line\n", b"no end", b"\r\n", b"\xf0\x9f", b"\x8e\x89", b"GET / 200\n" * 30, b"\x00"]
)

payloads = st.one_of(_TEXT, st.binary(min_size=1, max_size=300))
"""At least one byte: text in pieces more often than noise."""

outputs = st.tuples(st.sampled_from([Kind.OUTPUT, Kind.STDERR]), payloads)
"""What a source writes, and where."""

events = st.tuples(st.just(Kind.EVENT), st.just(b'{"event": "mark", "text": "here"}'))
"""An event."""

entries = st.one_of(outputs, outputs, outputs, events)
"""What a log is given."""
