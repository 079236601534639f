"""The time machine: the log and the terminal as they were, played on, and back to the present."""

import math
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Open, Run
from tests.e2e.puppet import Puppet
from tests.e2e.test_terminal import expect_text, shown, terminal
from tests.e2e.test_timeline import PHONE, box, timeline
from tests.e2e.view import View
from tests.support.watching import inflate

pytestmark = pytest.mark.browser

# Notes in each frame what the last line is and says, until the time machine is off again.
_WATCH = """(log) => {
  const shown = (window.shown = []);
  const state = () => document.querySelector("webtee-app").shadowRoot
    .querySelector("webtee-bar").shadowRoot.querySelector(".state").dataset.state;
  let replayed = false;
  window.played = new Promise((resolve) => {
    const look = () => {
      const on = state() === "replay";
      replayed ||= on;
      const last = [...log.querySelectorAll(".line")].at(-1);
      const text = last?.querySelector(".text").textContent;
      if (on && last) shown.push([Number(last.dataset.line), text]);
      if (replayed && !on) resolve(shown);
      else requestAnimationFrame(look);
    };
    look();
  });
}"""

PIECES = ("first\n", "10 %", "\r50 %", "\r100 %\n", "last\n")

Watch = Callable[..., tuple[View, Puppet]]


@pytest.fixture
def watch(run: Run, open_page: Open) -> Watch:
    """A page that saw each of these pieces come, and that goes before its server."""

    def watch(**options: Any) -> tuple[View, Puppet]:
        process, puppet = run("--pipe")
        view = open_page(process.url, **options)
        for number, piece in zip((1, 2, 2, 2, 3), PIECES, strict=True):
            puppet.say(piece)
            view.expect_line(number, piece.strip())
        return view, puppet

    return watch


def playtime(view: View) -> Locator:
    return view.page.get_by_test_id("playtime")


def expect_present(view: View) -> None:
    """Wait until the log is shown as it is."""
    expect(view.state).not_to_have_attribute("data-state", "replay")
    expect(playtime(view)).to_have_count(0)


def stop_at(view: View, key: str) -> None:
    """Go back in time, stop at once, and go to one end of it."""
    button = view.page.get_by_test_id("play")
    # What is played in no time is stopped only while the frames' clock stands still.
    view.page.evaluate(
        """() => {
          window.draw = requestAnimationFrame;
          requestAnimationFrame = (callback) => draw(() => callback(0));
        }"""
    )
    view.press("p")
    view.expect_state("replay")
    button.click()
    expect(button).to_have_attribute("aria-label", "Play")
    view.page.evaluate("() => { requestAnimationFrame = window.draw; }")
    view.page.get_by_role("slider", name="Time", exact=True).focus()
    view.press(key)


def test_the_log_is_played_as_it_came(watch: Watch) -> None:
    view, _ = watch()
    view.log.evaluate(_WATCH)
    view.press("p")
    shown: list[list[Any]] = view.page.evaluate("() => window.played")
    order = [[1, "first"], [2, "10 %"], [2, "50 %"], [2, "100 %"], [3, "last"]]
    places = [order.index(each) for each in shown]
    # The bar may say so a frame before the log is drawn.
    places = places[places.index(0) :]
    assert places == sorted(places)
    assert len(set(places)) >= 3, shown
    # It caught up with the present, and goes on with it.
    view.expect_state("live")
    view.expect_following()
    view.expect_line(3, "last")


def test_what_comes_meanwhile_is_there_afterwards(run: Run, open_page: Open) -> None:
    process, puppet = run("--pipe")
    puppet.say("one\n")
    view = open_page(process.url)
    view.expect_line(1, "one")
    puppet.say("two\n")
    view.expect_line(2, "two")
    puppet.exit()
    view.expect_state("ended")
    stop_at(view, "Home")
    view.expect_state("replay")
    expect(view.line(2)).to_have_count(0)
    view.press("End")
    view.expect_line(2, "two")
    expect(view.page.get_by_text("exited with code 0")).to_be_visible()
    view.press("Home")
    expect(view.page.get_by_text("exited with code 0")).to_have_count(0)
    view.page.get_by_test_id("live").click()
    expect_present(view)
    view.expect_state("ended")
    view.expect_line(2, "two")


def test_live_lines_wait_for_the_return(watch: Watch) -> None:
    view, puppet = watch()
    stop_at(view, "Home")
    puppet.say("".join(f"later {n}\n" for n in range(500)))
    expect(view.line(3)).to_have_count(0)
    view.press("Escape")
    expect_present(view)
    view.expect_lines(503)
    view.expect_line(503, "later 499")
    view.expect_following()


def test_space_pauses_playing_and_not_following(run: Run, open_page: Open) -> None:
    process, puppet = run("--pipe")
    puppet.say("one\n")
    view = open_page(process.url)
    view.expect_line(1, "one")
    puppet.exit()
    view.expect_state("ended")
    stop_at(view, "Home")
    expect(view.page.get_by_test_id("play")).to_have_attribute("aria-label", "Play")
    expect(view.state).to_contain_text("paused at")
    view.press(" ")
    # From the start to the end, where it stops.
    expect(view.page.get_by_text("exited with code 0")).to_be_visible()
    expect(view.state).to_contain_text("paused at")
    view.press("Escape")
    view.expect_following()


def test_speed_is_chosen_and_said(watch: Watch) -> None:
    view, puppet = watch()
    puppet.exit()
    view.expect_state("ended")
    stop_at(view, "Home")
    view.page.get_by_role("combobox", name="Speed").select_option("100")
    expect(view.state).to_contain_text("\u00d7100")
    expect(view.page.get_by_role("combobox", name="Speed").locator("option")).to_have_text(
        [f"{speed}\u00d7" for speed in (1, 2, 5, 10, 20, 50, 100)]
    )
    idle = view.page.get_by_role("checkbox", name="Skip idle")
    expect(idle).to_be_checked()
    idle.click()
    expect(idle).not_to_be_checked()
    # The bar's fields take their own keys, and no others.
    view.press(" ")
    expect(idle).to_be_checked()
    view.page.get_by_role("combobox", name="Speed").focus()
    view.press("Escape")
    expect_present(view)


def test_scrolling_while_it_plays_leaves_the_text_in_place(run: Run, open_page: Open) -> None:
    process, puppet = run("--pipe")
    puppet.say("".join(f"line {n}\n" for n in range(1, 501)))
    view = open_page(process.url)
    view.expect_lines(500)
    puppet.exit()
    view.expect_state("ended")
    stop_at(view, "End")
    view.expect_line(500, "line 500")
    view.wheel(-400)
    view.expect_following(False)
    with view.standing_still():
        view.page.get_by_test_id("play").focus()


def test_the_timeline_is_the_scrubber(watch: Watch) -> None:
    view, puppet = watch()
    puppet.exit()
    view.expect_state("ended")
    view.press("l")
    expect(timeline(view)).not_to_have_attribute("aria-valuetext", "Nothing yet")
    timeline(view).focus()
    view.press("Home")
    view.press("p")
    view.expect_state("replay")
    expect(view.page.get_by_role("slider", name="Time", exact=True)).to_have_count(0)
    # It has got to the end.
    expect(view.state).to_contain_text("paused at")
    place = box(timeline(view))
    mouse = view.page.mouse
    mouse.move(place["x"] + place["width"] - 1, place["y"] + 5)
    mouse.down()
    mouse.move(place["x"] + place["width"] / 2, place["y"] + 5)
    mouse.move(place["x"], place["y"] + 5)
    mouse.up()
    expect(view.line(2)).to_have_count(0)
    assert box(view.page.get_by_test_id("playhead"))["x"] - place["x"] < 4
    # Scrubbing chooses no range.
    expect(view.page).not_to_have_url(re.compile("from="))
    mouse.click(place["x"] + place["width"] - 1, place["y"] + 5)
    view.expect_line(3, "last")


def test_a_finger_plays_from_where_it_taps(watch: Watch) -> None:
    view, puppet = watch(**PHONE)
    puppet.exit()
    view.expect_state("ended")
    view.page.get_by_role("button", name="Menu").tap()
    view.page.get_by_role("switch", name="Timeline").tap()
    view.press("Escape")
    expect(timeline(view)).not_to_have_attribute("aria-valuetext", "Nothing yet")
    place = box(timeline(view))
    view.page.touchscreen.tap(place["x"] + 2, place["y"] + 10)
    view.page.get_by_role("button", name="▶ Play from here").tap()
    view.expect_state("replay")
    expect(view.page.get_by_text("exited with code 0")).to_be_visible()
    live = view.page.get_by_test_id("live")
    assert box(live)["x"] + box(live)["width"] <= 360
    live.tap()
    expect_present(view)


def test_a_filter_holds_in_the_past(run: Run, open_page: Open) -> None:
    process, puppet = run("--pipe")
    view = open_page(process.url)
    for number, piece in enumerate(("red 1\n", "blue 2\n", "red 3\n", "red 4\n"), 1):
        puppet.say(piece)
        view.expect_lines(number)
    puppet.exit()
    view.expect_state("ended")
    stop_at(view, "Home")
    expect(view.line(2)).to_have_count(0)
    view.page.evaluate("() => { location.hash = 'filter=:red'; }")
    view.press("End")
    assert view.lines() == {1: "red 1", 3: "red 3", 4: "red 4"}
    # Lines that are yet to come are not counted.
    bar = view.page.locator("webtee-search")
    expect(bar).to_contain_text("3 lines")
    view.press("Home")
    expect(view.line(3)).to_have_count(0)
    expect(bar).to_contain_text("No lines")
    view.page.get_by_test_id("live").click()
    expect(bar).to_contain_text("3 lines")
    expect_present(view)
    assert view.lines() == {1: "red 1", 3: "red 3", 4: "red 4"}


def test_the_terminal_is_taken_back_and_plays_on(run: Run, open_page: Open) -> None:
    process, puppet = run("--cols", "60", "--rows", "12")
    view, witness = open_page(process.url), open_page(process.url)
    frames = [f"\x1b[?1049h\x1b[2J\x1b[{n};{n}H\x1b[3{n}mframe {n}" for n in range(1, 6)]
    seen: list[dict[str, Any]] = []
    view.press("t")
    expect(terminal(view)).to_be_visible()
    blank = shown(view)["cells"]
    for number, frame in enumerate(frames, 1):
        puppet.say(frame)
        expect_text(witness, f"frame {number}")
        seen.append(shown(witness))
    view.press("p")
    view.expect_state("replay")
    expect(view.state).to_contain_text("paused at")
    puppet.say("\x1b[2J\x1b[Hmeanwhile")
    expect_text(witness, "meanwhile")
    expect_screen(view, seen[4])
    name = view.page.locator('meta[name="webtee-stream"]').get_attribute("content")
    records = inflate(view.page.request.get(f"{process.url}s/{name}/segments/1").body())
    first, last = records[0].time, records[-1].time
    scrubber = view.page.get_by_role("slider", name="Time", exact=True)
    scrubber.focus()
    # There is more behind what was the end.
    expect(scrubber).not_to_have_value("10000")
    for number in (2, 4, 3, 1):
        words = f"frame {number}".encode()
        time = next(record.time for record in records if words in record.payload)
        scrubber.fill(str(math.ceil((time - first) * 10_000 / (last - first))))
        expect_screen(view, seen[number - 1])
    view.press("Home")
    expect(view.state).to_contain_text("paused at")
    expect_screen(view, {**seen[0], "cells": blank, "x": 0, "y": 0, "screen": "normal"})
    # On at full speed, through all that one saw, up to the present.
    view.page.get_by_role("combobox", name="Speed").select_option("100")
    view.page.get_by_test_id("play").click()
    expect_text(view, "meanwhile")
    expect_present(view)
    view.press("t")
    expect(terminal(view)).to_have_count(0)
    view.press("p")
    view.expect_state("replay")
    view.press("t")
    expect(terminal(view)).to_be_visible()
    view.press("Escape")
    expect_present(view)
    expect_text(view, "meanwhile")


def expect_screen(view: View, expected: dict[str, Any]) -> None:
    """Wait until the terminal shows this."""
    for _ in range(200):
        if shown(view) == expected:
            return
        view.page.wait_for_timeout(20)
    assert shown(view) == expected
