"""The binary layout: what is written can be read, whole and cut, and nothing else can."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.v1 import Seen, parse
from webtee.errors import RecordError
from webtee.log.record import HEADER_SIZE, Kind, Record, decode, split

_u64 = st.integers(0, 2**64 - 1)
records = st.builds(
    Record,
    seq=_u64,
    kind=st.sampled_from(Kind),
    time=_u64,
    line=_u64,
    offset=_u64,
    payload=st.binary(max_size=200),
)


def test_the_layout_is_the_contracts() -> None:
    record = Record(seq=2, kind=Kind.STDERR, time=6, line=4, offset=3, payload=b"hi")
    header = bytes.fromhex(
        "01000000 02000000 0200000000000000 0300000000000000 0400000000000000 0600000000000000"
    )
    assert record.encode() == header + b"hi"


@given(st.lists(records, max_size=5))
def test_what_is_encoded_is_decoded(written: list[Record]) -> None:
    data = b"".join(record.encode() for record in written)
    assert list(decode(data)) == written
    assert split(data) == [record.encode() for record in written]
    assert parse(data) == [
        Seen(r.seq, int(r.kind), r.time, r.line, r.offset, r.payload) for r in written
    ]


@pytest.mark.parametrize(
    ("kept", "says"), [(39, "header is cut off after 39"), (41, "cut off 1 b")]
)
def test_it_is_said_where_a_record_was_cut(kept: int, says: str) -> None:
    encoded = Record(seq=1, kind=Kind.OUTPUT, time=0, line=1, offset=0, payload=b"hi").encode()
    with pytest.raises(RecordError, match=says):
        split(encoded[:kept])


@given(records, st.data())
def test_a_cut_record_is_refused(record: Record, data: st.DataObject) -> None:
    encoded = record.encode()
    cut = data.draw(st.integers(1, len(encoded) - 1))
    with pytest.raises(RecordError, match="cut off"):
        split(encoded[:cut])


def test_an_unknown_kind_is_refused() -> None:
    data = bytearray(Record(7, Kind.OUTPUT, 0, 1, 0, b"x").encode())
    data[0] = 9
    with pytest.raises(RecordError, match="record 7 is of unknown kind 9"):
        list(decode(bytes(data)))


@given(st.binary(max_size=3 * HEADER_SIZE))
def test_any_bytes_are_records_or_refused(data: bytes) -> None:
    try:
        read = list(decode(data))
    except RecordError:
        return
    assert sum(HEADER_SIZE + len(record.payload) for record in read) == len(data)
