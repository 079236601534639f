"""Copies of a tracker: from the one before any place, the output leads to what was known there."""

from hypothesis import given
from hypothesis import strategies as st

from tests.text.test_screen import FRAGMENTS, fed, seen
from webtee.text.checkpoints import Checkpoints
from webtee.text.screen import Screen


def known(pieces: list[bytes], every: int, most: int, first: int = 0) -> Checkpoints:
    screen = Screen(20, 5)
    checkpoints = Checkpoints(screen, every=every, most=most)
    for piece in pieces:
        screen.feed(piece)
        if checkpoints.due:
            checkpoints.keep(first)
    return checkpoints


@given(st.lists(FRAGMENTS, min_size=1, max_size=60), st.integers(1, 40), st.data())
def test_the_rest_of_the_output_leads_to_the_same(
    pieces: list[bytes], every: int, data: st.DataObject
) -> None:
    whole = b"".join(pieces)
    checkpoints = known(pieces, every, data.draw(st.integers(2, 8)))
    for _ in range(5):
        offset = data.draw(st.integers(0, len(whole)))
        screen = checkpoints.before(offset)
        assert screen.offset <= offset
        screen.feed(whole[screen.offset : offset] + b"\x18\x1b[m.")
        assert seen(screen) == seen(fed(whole[:offset], b"\x18\x1b[m."))


def test_however_much_there_is_there_are_only_so_many_copies() -> None:
    checkpoints = known([b"x"] * 1000, every=1, most=8)
    places = {checkpoints.before(offset).offset for offset in range(1001)}
    assert 4 <= len(places) <= 8
    assert min(places) == 0
    assert max(places) > 700


def test_of_what_cannot_be_read_any_more_one_copy_stays() -> None:
    checkpoints = known([b"x"] * 100, every=10, most=100, first=75)
    assert {checkpoints.before(offset).offset for offset in range(101)} == {70, 80, 90, 100}


def test_one_asked_for_goes_its_own_way() -> None:
    checkpoints = known([b"\x1b[?1049h\x1b7"], every=1, most=8)
    first = checkpoints.before(10)
    first.feed(b"\x1b[?1049l\x1b7")
    again = checkpoints.before(10)
    again.feed(b"\x1b8\x1b[?1049l")
    assert seen(again) == seen(fed(b"\x1b[?1049h\x1b7\x1b8\x1b[?1049l"))


def test_what_is_left_out_is_known_to_be() -> None:
    screen = fed(b"\x1b[?1049h\x1b[2;3")
    screen.skip(100)
    screen.feed(b"r")  # not the end of what was begun before
    assert (screen.offset, screen.known_from) == (101, 100)
    assert screen.setup.alternate
    assert screen.setup.margins == (b"", b"")
