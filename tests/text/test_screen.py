"""The tracker: when a program draws, where its keyframes are, in whatever pieces it is fed.

That a replay shows the same is for a real terminal to say: ui/test/screens.test.ts.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webtee.text.modes import attributes
from webtee.text.screen import Screen

COLS, ROWS = 20, 5
FRAGMENTS = st.sampled_from(
    [
        b"text", b"\n", b"\r\n" * 6, b"\r", "漢".encode(), b"\x9b", b"\x1b", b"[", b"2J", b"1;1",
        b"\x1b[H", b"\x1b[2J", b"\x1b[J", b"\x1b[0;0f", b"\x1b[3J", b"\x1b[1J", b"\x1b[?2J",
        b"\x1b[5;3H", b"\x1b[A", b"\x1bM", b"\x1bD", b"\x1b[3B", b"\x1b[K", b"\x1b[1;31m",
        b"\x1b[?1049h", b"\x1b[?1049l", b"\x1b[?1;47h", b"\x1b[?1047l", b"\x1b[?1048h",
        b"\x1b[?1048l", b"\x1b[?25l", b"\x1b[?25h", b"\x1b[?6h", b"\x1b[4h", b"\x1b=", b"\x1b>",
        b"\x1bc", b"\x1b[!p", b"\x1b[2;3r", b"\x1b[r", b"\x1b[3;2r", b"\x1b(0", b"\x1b)B",
        b"\x1b[2 q", b"\x1b[s", b"\x1b[u", b"\x1b7", b"\x1b8", b"\x1bH", b"\x1b[g", b"\x1b[?u",
        b"\x1b]0;title\x07", b"\x1b]8;;x", b"\x1b\\", b"\x1bP+q\x1b\\", b"\x1b]" + b"y" * 300,
        b"\x1b[" + b"1;" * 200, b"\x1b[>4;2m", b"\x1b[6n", b"\x1b#8", b"\x1b[1\"q",
    ]
)  # fmt: skip


def fed(*pieces: bytes, **options: int) -> Screen:
    screen = Screen(options.get("cols", COLS), options.get("rows", ROWS))
    for piece in pieces:
        screen.feed(piece)
    return screen


def seen(screen: Screen) -> dict[str, Any]:
    """Return all that there is to see of a tracker."""
    return {
        name: getattr(screen, name)
        for name in (
            "on",
            "offset",
            "base",
            "entered",
            "alternate",
            "setup",
            "known_from",
            "plain_from",
        )
    } | {"spans": list(screen.spans)}


@given(st.lists(st.one_of(FRAGMENTS, st.binary(max_size=8)), max_size=40), st.data())
def test_any_cut_gives_the_same_answers(fragments: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(fragments)
    # Nothing is waited for at the end, so that what is cut there is looked at in both.
    end = b"\x18\x1b[m."
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=10)))
    pieces = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    expected = seen(fed(whole, end))
    assert seen(fed(*pieces, end)) == expected
    assert seen(fed(*(bytes([byte]) for byte in whole), end)) == expected


def test_a_string_without_an_end_may_be_cut_before_what_follows() -> None:
    output = b"\x1b[?1049h\x1b]8;;x\x1b[5;3H"
    cuts = [fed(output[:at], output[at:]) for at in range(len(output))]
    assert all(screen.alternate == fed(output).alternate for screen in cuts)


@pytest.mark.parametrize(
    "output",
    [
        b"",
        b"lines\r\nof \x1b[31mtext\x1b[m\r\n",
        b"\x1b[H\x1b[2J\x1b[3Ja clean start, then text\r\n",
        b"text first, \x1b[2J\x1b[H then one clear\r\n",
        b"\x1b[?25lspinner\r\x1b[Kspinner\r\x1b[?25h",
        b"\x1b[?2004h$ \x1b[K\x1b[Jls\r\n",
        b"\x1b]0;title\x07\x1b[2K\x1b[1G50 %",
        b"\x1b[?1049h\x1b[H full screen \x1b[?1049l",
        b"\x1b[5;5Hdrawing\x1bc",
        b"\x1b[5;5H" + b"and then lines\n" * 10,
        b"a\r\nb\r\n\x1b[2Ac\r\nd\r\n" + b"lines\n" * 2,
        b"\x1b[1;1H\x1b[J\x1b[99999999999999999999999999999999999999999999999999999999999999999A",
        b"\x1b[3;2r no region",
    ],
)
def test_who_writes_lines_does_not_draw(output: bytes) -> None:
    assert not fed(output).on


@pytest.mark.parametrize(
    "output",
    [
        b"\x1b[?1049h",
        b"\x1b[?47h",
        b"\x1b[?1;1047h",
        b"a\r\nb\r\n\x1b[2A",
        b"\x1b[7;1Hstatus",
        b"\x1b[3d",
        b"\x1b[2;4r",
        b"top\r\n\x1bM",
        b"\x1b[H\x1b[2Jframe 1\r\n\x1b[Hframe 2\r\n",
        b"\x1b[2Jframe 1\r\n\x1b[2Jframe 2",
        b"\x1b[?25l\x1b[H\x1b[2Jframe 1\r\n",
        b"\x1b[5;5H" + b"not so many lines\n" * 9,
        b"a\r\nb\r\n\x1b[2Ac\r\nd\r\ne\n",
        b"\x1b[?1049h" + b"lines there\n" * 99,
        b"\x1b[H\x1b[2Jx\x1b[2;2H" + b"x\n" * 10 + b"\x1b[A",
    ],
)
def test_who_moves_about_draws(output: bytes) -> None:
    assert fed(output).on


def test_who_has_ended_does_not_draw() -> None:
    screen = fed(b"\x1b[?1049h")
    screen.end()
    assert not screen.on
    assert screen.entered is not None


@pytest.mark.parametrize(
    ("output", "place"),
    [
        (b"log\n", 0),
        (b"log\n\x1bc", 4),
        (b"log\n\x1b[H\x1b[2J", 4),
        (b"log\n\x1b[1;1H\x1b[0J", 4),
        (b"log\n\x1b[H\x1b[3J\x1b[m\x1b[J", 4),
        (b"log\n\x1b[2J\x1b[31m\x1b]0;t\x07\x1b[3;4Hx", 4),
        (b"log\n\x1b[2J\x1b[r", 4),
        (b"log\n\x1b[2J\x1b[?6l", 4),
        (b"log\n\x1b[2J\x1b[?9s\x1b[5n\x1b[H", 4),
        (b"log\n\x1b[2J", 0),  # where is the cursor?
        (b"log\n\x1b[2Jtext\x1b[H", 0),
        (b"log\n\x1b[2J\x1b[A\x1b[H", 0),
        (b"log\n\x1b[2J\x1b[3B\x1b[H", 0),
        (b"log\n\x1b[2J\x1bD\x1b[H", 0),
        (b"log\n\x1b[2J\x1b[?2J\x1b[H", 0),
        (b"log\n\x1b[2J\x1b[1J\x1b[H", 0),
        (b"log\n\x1b[2J\x1b[u\x1b[H", 0),
        (b"log\n\x1b[2J\x1b[5r\x1b[H", 4),
        (b"log\n\x1b[J", 0),
        (b"log\n\x1b[H\x1b[1J", 0),
        (b"log\n\x1b[?6h\x1b[H\x1b[J", 0),
        (b"\x1bHlog\n\x1b[H\x1b[2J", 0),  # with tab stops that no one knows
        (b"\x1b[glog\n\x1b[H\x1b[2J", 0),
        (b"\x1bHlog\n\x1bc\x1b[H\x1b[2J", 8),
    ],
)
def test_a_keyframe_is_where_all_is_cleared_and_the_cursors_place_is_known(
    output: bytes, place: int
) -> None:
    assert fed(output).base.offset == place


def test_the_alternate_screen_has_keyframes_of_its_own() -> None:
    screen = fed(b"shell\r\n\x1b[?1049h\x1b[31m\x1b[2;2Hx")
    assert screen.alternate == screen.entered == screen.keyframe
    assert screen.alternate is not None
    assert (screen.alternate.offset, screen.base.offset) == (7, 0)
    screen.feed(b"\x1b[H\x1b[J")
    assert screen.keyframe is not None
    assert screen.keyframe.offset == 7 + 8 + 5 + 6 + 1
    screen.feed(b"\x1b[?1049l")
    assert screen.keyframe is screen.base
    assert [(span.start, span.restored) for span in screen.spans] == [(7, True)]


def test_who_enters_with_text_is_no_keyframe() -> None:
    screen = fed(b"\x1b[?1049hline\r\n\x1b[H")
    assert screen.alternate is None


def test_leaving_in_another_way_leaves_the_cursor_elsewhere() -> None:
    ways = [b"\x1b[?1047l", b"\x1b[?7;1047l", b"\x1b[?6h\x1b[?1049l", b"\x1b[?1049l"]
    spans = [fed(b"\x1b[?1049h" + way).spans[0] for way in ways]
    assert [span.restored for span in spans] == [False, False, False, True]
    assert spans[1].after.modes == {b"?7": False}


def test_visits_beyond_a_number_are_forgotten() -> None:
    visit = b"\x1b[?1049h\x1b[?1049l"
    screen = fed(visit * 66)
    assert len(screen.spans) == 64
    assert screen.known_from == 2 * len(visit)


@pytest.mark.parametrize(
    ("output", "exact"),
    [
        (b"\x1b7log\x1b[H\x1b[2J\x1b8", False),
        (b"\x1b[slog\x1b[H\x1b[2J\x1b[u", False),
        (b"log\x1b[H\x1b[2J\x1b8", True),
        (b"\x1b7log\x1b[H\x1b[2J\x1b7\x1b8", True),
        (b"\x1b7log\x1b[!p\x1b[H\x1b[2J\x1b8", True),
        (b"\x1b7log\x1bc\x1b8", True),
        (b"\x1b[?1049h\x1b7\x1b[H\x1b[J\x1b8", False),
        (b"\x1b[?1049h\x1b[H\x1b[J\x1b7\x1b8", True),
    ],
)
def test_a_cursor_that_was_saved_before_a_keyframe_makes_it_inexact(
    output: bytes, exact: bool
) -> None:
    keyframe = fed(output).keyframe
    assert keyframe is not None
    assert keyframe.exact is exact


def test_a_keyframe_remembers_how_the_terminal_was_set_up() -> None:
    screen = fed(
        b"\x1b[?25l\x1b[4h\x1b[?7l\x1b=\x1b(0\x1b)B\x1b-A\x1b[3 q\x1b[2;4r\x1b[?77h\x1b[H\x1b[J"
    )
    setup = screen.base.setup
    assert setup.modes == {b"?25": False, b"4": True, b"?7": False, b"?66": True}
    assert setup.sets == {b"(": b"0"}
    assert setup.margins == (b"\x1b[2;4r", b"")
    made = fed(setup.make()).setup
    assert (made.modes, made.sets, made.margins) == (setup.modes, setup.sets, setup.margins)
    assert made.cursor == setup.cursor == b"\x1b[3 q"
    screen.feed(b"\x1b[?25h\x1b[4l\x1b[?7h\x1b>\x1b(B\x1b[r")
    assert (screen.setup.modes, screen.setup.sets) == ({}, {})
    screen.feed(b"\x1b[?6h\x1b[?1049h\x1b[1;2r\x1b[H\x1b[2J\x1b[H")
    made = fed(screen.setup.make()).setup
    assert made == screen.setup


def test_a_soft_reset_and_another_size() -> None:
    screen = fed(b"\x1b[?1000h\x1b[?1h\x1b(0\x1b[2;3r\x1b[!p")
    assert (screen.setup.modes, screen.setup.sets) == ({b"?1000": True}, {})
    assert screen.setup.margins == (b"", b"")
    screen.feed(b"\x1b[2;3r")
    screen.resize(100, 50)
    assert screen.size == (100, 50)
    assert screen.setup.margins == (b"", b"")


@pytest.mark.parametrize(
    ("before", "made"),
    [
        (b"", b""),
        (b"plain", b""),
        (b"\x1b[1mbold\x1b[31m", b"\x1b[1m\x1b[31m"),
        (b"\x1b[1m\x1b[0;32mx", b"\x1b[0;32m"),
        (b"\x1b[1m\x1b[m", b"\x1b[m"),
        (b"\x1b]8;;http://a/\x07\x1b[m", b"\x1b]8;;http://a/\x07\x1b[m"),
        (b"\x0ex\x0f\x0e\x1b[1m", b"\x0e\x1b[1m"),
        (b"\x1b[1m\x1b7\x1b[31m\x1b8", b"\x1b[1m"),
        (b"\x1b[1m\x1b8", b""),
        (b"\x1b[1m\x1bc\x1b[3m\x1b[!p", b""),
        (b"\x1b[1m\x1b[?1049h\x1b7\x1b[31m\x1b[?1049l", b"\x1b[1m"),
        (b"\x1b[1m\x1b[?47h\x1b[31m\x1b[?47l", b"\x1b[1m\x1b[31m"),
    ],
)
def test_colours_are_read_back_from_what_came_before(before: bytes, made: bytes) -> None:
    assert attributes(before) == made


@pytest.mark.parametrize(
    "unit",
    [
        b"\x1b", b"\x1b[", b"\x1b[1;", b"1;", b"\x1b[" + b"1;" * 100, b"\x1b]" + b"x" * 250,
        b"\x1b]\x1b", b"\x1b[2J", b"\x1b[2J\x1b[31m", b"\x1b[H", b"\x1b[H\x1b",
        b"\x1b[?1049h\x1b[?1049l",
        b"\x1b(0\x1b(B", b"\x1b[?1;7;25h\x1b[?1;7;25l", b"\x1b[5;5H", b" ", b"\x1b " * 3,
    ],
)  # fmt: skip
def test_hostile_output_takes_time_in_proportion(unit: bytes) -> None:
    """Were it more than in proportion to the size, this would not end before its time is up."""
    size = 150_000
    screen = fed(unit * (size // len(unit)))
    for _ in range(size // 10_000):
        screen.feed(unit * (10_000 // len(unit)))
    assert screen.offset >= 250_000


def test_a_set_up_is_undone_and_nothing_else() -> None:
    """What undoes it leads to a fresh set-up, and a fresh one has nothing to undo."""
    on = b"\x1b[?1049h\x1b[?25l\x1b[?7l\x1b=\x1b(0\x1b[2 q\x1b[2;3r\x1b[?1006h"
    screen = fed(on)
    undo = screen.setup.undo()
    assert undo.startswith(b"\x1b[?1049l")
    assert b"?1000" not in undo
    screen.feed(undo)
    fresh = fed().setup
    assert screen.setup._replace(cursor=b"", margins=(b"", b"")) == fresh
    assert fed(on, undo).setup.modes == fresh.modes
    assert fresh.undo() == fed(b"\x1b[?25l\x1b[?25h\x1b[0 q").setup.undo() == b""
