"""Bytes in any pieces become the text that they are as a whole."""

from hypothesis import given
from hypothesis import strategies as st

from webtee.text.utf8 import Utf8

pieces = st.lists(
    st.one_of(st.binary(max_size=6), st.sampled_from("aé漢🎉").map(str.encode)), max_size=20
)


@given(pieces)
def test_pieces_make_the_text_of_the_whole(split: list[bytes]) -> None:
    whole = b"".join(split).decode(errors="replace").encode()
    utf8 = Utf8()
    assert b"".join([*(utf8.feed(piece) for piece in split), utf8.flush()]) == whole
    bytewise = Utf8()
    fed = [bytewise.feed(bytes((byte,))) for byte in b"".join(split)]
    assert b"".join([*fed, bytewise.flush()]) == whole


@given(pieces, pieces)
def test_each_piece_is_valid_and_no_more_than_three_bytes_wait(
    split: list[bytes], rest: list[bytes]
) -> None:
    utf8 = Utf8()
    for piece in split:
        utf8.feed(piece).decode()
    copy = utf8.fork()
    assert [utf8.feed(piece) for piece in rest] == [copy.feed(piece) for piece in rest]
    assert len(utf8.flush()) <= 3 * len("\ufffd".encode())


def test_a_character_is_held_back_until_it_is_whole() -> None:
    utf8 = Utf8()
    assert [utf8.feed(bytes((byte,))) for byte in "🎉".encode()] == [b"", b"", b"", "🎉".encode()]
