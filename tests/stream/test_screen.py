"""A stream under a pty: it says when its command draws, and how to get the present screen."""

import asyncio
import json

import pytest

from tests.stream.network import join, records, settle, tick
from webtee.log.log import Log
from webtee.log.record import Kind
from webtee.replay import Limits, Part, replay
from webtee.stream import REDRAW_INTERVAL, REDRAW_LONGEST, Stream
from webtee.text.screen import Screen

ENTER, LEAVE, CLEAR = b"\x1b[?1049h", b"\x1b[?1049l", b"\x1b[H\x1b[2J"


class Terminal:
    """A terminal whose sizes are noted; the command draws anew, or does not, when it changes."""

    def __init__(self, *, draws: bool = True, keep: int = 1 << 30, pty: bool = True) -> None:
        log = Log("e", segment_size=4000, keep=keep)
        self.sizes: list[tuple[int, int]] = []
        self.draws = draws
        self.stream = Stream(
            "s", log, pty=pty, cols=80, rows=24, resize=self.resize, busy_time=lambda: 0.0
        )

    def resize(self, cols: int, rows: int) -> None:
        self.sizes.append((cols, rows))
        if self.draws:
            self.stream.feed(Kind.OUTPUT, CLEAR + b"drawn at %d" % rows)

    async def write(self, data: bytes) -> None:
        self.stream.feed(Kind.OUTPUT, data)
        await tick()

    def events(self) -> list[bool]:
        events = [json.loads(r.payload) for r in records(self.stream) if r.kind == 2]
        return [event["on"] for event in events if event["event"] == "screen"]


def parts(terminal: Terminal) -> list[tuple[int, int | None]]:
    return [(part.start, part.end) for part in terminal.stream.replay()[0]]


async def test_it_says_when_the_command_draws_and_when_no_more() -> None:
    terminal = Terminal()
    await terminal.write(b"plain\r\n")
    await terminal.write(ENTER)
    assert terminal.stream.screen
    await terminal.write(b"more" + LEAVE)
    await terminal.write(ENTER + LEAVE)  # within one tick is not worth a word
    assert terminal.events() == [True, False]
    await terminal.write(ENTER)
    terminal.stream.end()
    assert terminal.events() == [True, False, True, False]


async def test_the_event_reaches_viewers_with_the_output_that_made_it() -> None:
    terminal = Terminal()
    _, network = join(terminal.stream)
    await tick()
    terminal.stream.feed(Kind.OUTPUT, ENTER)
    network.deliver(1 << 20)
    assert [r.payload for r in network.viewer.records] == [
        ENTER,
        b'{"event": "screen", "on": true}',
    ]


async def test_without_a_pty_nothing_is_tracked() -> None:
    terminal = Terminal(pty=False)
    await terminal.write(ENTER)
    assert not terminal.stream.screen
    assert terminal.stream.replay() == ([], True)
    await terminal.stream.redraw()
    assert terminal.sizes == []


async def test_a_short_output_is_replayed_from_its_start() -> None:
    terminal = Terminal()
    await terminal.write(b"shell\r\n" + ENTER + CLEAR + b"screen")
    assert parts(terminal) == [(0, 7), (7, None)]
    assert terminal.stream.replay()[1]


async def test_what_waits_for_the_tick_is_part_of_the_screen() -> None:
    terminal = Terminal()
    await terminal.write(b"short")
    terminal.stream.feed(Kind.OUTPUT, b" and")
    terminal.stream.feed(Kind.OUTPUT, b" long" + ENTER)
    assert parts(terminal) == [(0, 14), (14, None)]
    assert terminal.stream.log.head.offset == 14 + len(ENTER)


async def test_a_visit_that_is_over_is_left_out() -> None:
    terminal = Terminal()
    await terminal.write(b"one\r\n" + ENTER + b"\x1b[?25lscreen" + LEAVE + b"two\r\n")
    terminal.stream.resize(100, 30)
    found, exact = terminal.stream.replay()
    end = 5 + 8 + 12 + 8
    assert [(part.start, part.end) for part in found] == [(0, 5), (end, None)]
    assert exact
    assert found[1].before.startswith(b"\x1b7")
    assert b"\x1b[?25l" in found[1].before


async def test_a_long_run_is_replayed_from_its_last_clear_after_some_past() -> None:
    terminal = Terminal()
    await terminal.write(b"line\r\n" * 40_000 + ENTER)
    await terminal.write(CLEAR + b"x" * 2_000_000)
    await terminal.write(b"\x1b[31m" + CLEAR + b"now")
    found, exact = terminal.stream.replay()
    assert exact
    head = terminal.stream.log.head.offset
    assert (found[-1].start, found[-1].end) == (head - len(CLEAR) - 3, None)
    assert found[-1].before.endswith(b"\x1b[?1049h\x1b[31m")
    assert (found[0].start, found[0].end) == (0, 240_000)


async def test_more_of_the_past_than_is_fed_begins_with_a_line() -> None:
    terminal = Terminal()
    await terminal.write(b"line\r\n" * 300_000 + ENTER + CLEAR)
    found, exact = terminal.stream.replay()
    assert exact
    assert found[0].end == 1_800_000
    assert 1_800_000 - 65_536 <= found[0].start < 1_800_000 - 65_000
    assert found[0].start % 6 == 0
    assert found[1].before.startswith(b"\x1b[!p")


async def test_a_clear_on_the_normal_screen_has_the_past_above_it() -> None:
    terminal = Terminal()
    await terminal.write(b"line\r\n" * 20_000)
    await terminal.write(CLEAR + b"now")
    found, exact = terminal.stream.replay()
    assert exact
    assert found[0].end == found[1].start == 120_000
    assert 120_000 - 65_536 <= found[0].start < 120_000


async def test_lines_without_end_are_replayed_from_a_lines_beginning() -> None:
    terminal = Terminal()
    await terminal.write(b"line\r\n" * 1_000_000)
    found, exact = terminal.stream.replay()
    assert exact
    assert 4_900_000 < found[0].start < 6_000_000
    assert found[0].start % 6 == 0


async def test_what_is_no_longer_kept_is_not_asked_for() -> None:
    terminal = Terminal(keep=2000)
    for _ in range(300):
        await terminal.write(b"line\r\n" * 100)
    first = terminal.stream.log.first.offset
    assert first > 0
    found, exact = terminal.stream.replay()
    assert (found[0].start >= first, exact) == (True, True)
    await terminal.write(ENTER + b"text" * 2000)
    for _ in range(300):
        await terminal.write(b"\x1b[2;2Htext" * 100)
    found, exact = terminal.stream.replay()
    assert not exact
    assert found[-1].start >= terminal.stream.log.first.offset
    assert b"\x1b[?1049h" in found[-1].before


async def test_after_many_visits_only_the_remembered_ones_are_known() -> None:
    terminal = Terminal()
    await terminal.write((b"x" + ENTER + LEAVE) * 70 + b"y")
    found, exact = terminal.stream.replay()
    assert not exact
    assert len(found) == 65


async def test_an_unbroken_line_is_cut_somewhere() -> None:
    terminal = Terminal()
    await terminal.write(b"x" * 5_000_000)
    found, exact = terminal.stream.replay()
    assert (found[0].start, exact) == (5_000_000 - (1 << 20), False)


LINES = b"".join(b"line %d\r\n" % n for n in range(500_000))


async def test_the_last_of_many_lines_are_exact() -> None:
    terminal = Terminal()
    await terminal.write(b"\x1b[?25l\x1b[31m" + LINES)
    terminal.stream.end()
    found, exact = terminal.stream.replay()
    assert exact
    assert len(LINES) - (1 << 20) <= found[0].start <= terminal.stream.log.head.offset - (1 << 19)
    assert b"\x1b[?25l" in found[0].before


@pytest.mark.parametrize(
    "output",
    [
        LINES + b"\x1b[5A",
        b"\x1b[2;5r" + LINES,
        b"\x1b[3g" + LINES,
        LINES.replace(b"\r", b""),
        LINES[: -(1 << 20)] + b"\x1b]0;" + b"x\r\n" * ((1 << 20) // 3),
        LINES + b"x" * (1 << 20) + b"\r\nend\r\n",
    ],
)
async def test_but_not_where_something_else_has_a_say(output: bytes) -> None:
    terminal = Terminal()
    await terminal.write(output)
    assert not terminal.stream.replay()[1]


async def test_a_redraw_makes_a_keyframe_and_nobodys_terminal_another_size() -> None:
    terminal = Terminal()
    await terminal.write(ENTER + b"x" * 5_000_000)
    assert not terminal.stream.replay()[1]
    before = terminal.stream.log.head.offset
    await asyncio.gather(*(terminal.stream.redraw() for _ in range(3)))
    assert terminal.sizes == [(80, 23), (80, 24)]
    found, exact = terminal.stream.replay()
    assert exact
    assert found[-1].start > before
    assert b"resize" not in b"".join(r.payload for r in records(terminal.stream) if r.kind == 2)
    assert (terminal.stream.cols, terminal.stream.rows) == (80, 24)


async def test_it_is_asked_to_draw_only_now_and_then() -> None:
    terminal = Terminal(draws=False)
    await terminal.write(ENTER)
    await terminal.stream.redraw()
    await terminal.stream.redraw()
    assert len(terminal.sizes) == 2
    await asyncio.sleep(REDRAW_INTERVAL)
    await terminal.stream.redraw()
    assert len(terminal.sizes) == 2  # it did not draw, and so is asked later and later
    await asyncio.sleep(REDRAW_INTERVAL)
    await terminal.stream.redraw()
    assert len(terminal.sizes) == 4
    for _ in range(10):
        await asyncio.sleep(REDRAW_LONGEST)
        await terminal.stream.redraw()
    assert len(terminal.sizes) == 24
    terminal.draws = True
    for _ in range(2):
        await asyncio.sleep(REDRAW_LONGEST)
        await terminal.stream.redraw()
    await asyncio.sleep(REDRAW_INTERVAL)
    await terminal.stream.redraw()
    assert len(terminal.sizes) == 30


async def test_a_size_that_the_user_gives_meanwhile_is_the_one_that_stays() -> None:
    terminal = Terminal(draws=False)
    terminal.stream.resize(80, 1)
    await terminal.write(ENTER)
    asking = asyncio.ensure_future(terminal.stream.redraw())
    await settle()
    terminal.stream.resize(100, 40)
    await asking
    assert terminal.sizes == [(80, 2), (100, 40)]


async def test_who_does_not_draw_is_not_asked() -> None:
    terminal = Terminal()
    await terminal.write(b"lines\r\n")
    await terminal.stream.redraw()
    assert terminal.sizes == []


async def test_a_command_that_ends_meanwhile_is_not_waited_for() -> None:
    terminal = Terminal(draws=False)
    await terminal.write(ENTER)
    asking = asyncio.ensure_future(terminal.stream.redraw())
    await asyncio.sleep(0.2)
    terminal.stream.end()
    async with asyncio.timeout(0.1):
        await asking


async def test_one_who_asks_and_goes_takes_nothing_from_the_others() -> None:
    terminal = Terminal()
    await terminal.write(ENTER + b"x")
    asking = [asyncio.ensure_future(terminal.stream.redraw()) for _ in range(2)]
    await settle()
    asking[0].cancel()
    await asking[1]
    assert len(terminal.sizes) == 2


@pytest.mark.parametrize("confirmed", [True, False])
def test_an_entry_far_back_counts_if_the_cursors_place_was_known(confirmed: bool) -> None:
    log, screen = Log("e"), Screen(80, 24)
    data = b"line\r\n" * 10 + ENTER + (CLEAR if confirmed else b"") + b"x" * 50
    log.append(Kind.OUTPUT, data, 1)
    screen.feed(data)
    found, exact = replay(log, screen, Limits(whole=20, most=60, past=12))
    assert exact is confirmed
    assert found[0].start == 48
    assert isinstance(found[-1], Part)
