"""How the terminal view looks: letters, colours and what is marked in it."""

import base64
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Open, Run
from tests.e2e.test_terminal import ROWS, SIZE, expect_text, shown, terminal
from tests.e2e.view import contrast
from tests.support.running import webtee


def test_the_tools_cover_nothing_of_the_screen(open_page: Open, run: Run) -> None:
    process, puppet = run(*SIZE)
    puppet.say("\x1b[?1049h\x1b[H\x1b[2Jshown")
    for viewport in ({"width": 1280, "height": 800}, {"width": 360, "height": 740}):
        view = open_page(process.url, viewport=viewport)
        expect_text(view, "shown")
        screen = view.page.locator(".xterm-screen").bounding_box()
        tool = view.page.get_by_test_id("copy-screen").bounding_box()
        assert screen is not None
        assert tool is not None
        assert screen["y"] + screen["height"] <= tool["y"]


def test_it_calls_itself_what_it_is(open_page: Open, run: Run) -> None:
    process, puppet = run(*SIZE)
    puppet.say("\x1b[?1049h\x1b[H\x1b[2Jshown")
    view = open_page(process.url)
    expect_text(view, "shown")
    field = view.page.get_by_role("textbox", name="The program's screen, to be read only")
    expect(field).to_have_attribute("readonly", "")
    expect(view.page.get_by_label("Terminal input")).to_have_count(0)


def test_of_a_long_log_the_last_screen_is_all_there(open_page: Open) -> None:
    with webtee(*SIZE, "--quiet", "seq", "300000") as process:
        view = open_page(process.url)
        view.expect_lines(300_000)
        view.press("t")
        expect_text(view, "300000")
        expect(terminal(view)).not_to_contain_text("Some of the screen may be missing")
        assert [shown(view)[key] for key in ("x", "y")] == [0, ROWS - 1]
        expect(view.page.locator(".xterm-cursor")).to_be_visible()


def test_the_current_match_is_as_plain_as_in_the_log(open_page: Open, run: Run) -> None:
    process, puppet = run(*SIZE)
    puppet.say("\x1b[?1049h\x1b[H\x1b[2Jone word\r\nanother word\r\n")
    view = open_page(process.url)
    expect_text(view, "another word")
    view.show("view=terminal&find=:word")
    view.press("/")
    expect(view.page.locator("webtee-search")).to_contain_text("1 of 2")
    selection = view.page.locator(".xterm-selection div").first
    assert view.colour(selection, "backgroundColor")[:3] == (0xFF, 0x9A, 0x3C)
    view.press("Escape")
    expect(view.page).not_to_have_url(re.compile("find="))
    expect(selection).not_to_have_css("background-color", "rgb(255, 154, 60)", timeout=5000)


# How bright the brightest pixel of a picture is.
_BRIGHTEST = """async (png) => {
  const bytes = Uint8Array.from(atob(png), (byte) => byte.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes]));
  const canvas = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  canvas.drawImage(picture, 0, 0);
  const { data } = canvas.getImageData(0, 0, picture.width, picture.height);
  return data.reduce((most, value, i) => i % 4 === 3 ? most : Math.max(most, value), 0);
}"""


def test_letters_fit_at_any_size_and_nothing_is_cut_off(open_page: Open, run: Run) -> None:
    process, puppet = run("--cols", "100", "--rows", "30")
    puppet.say("\x1b[?1049h\x1b[H\x1b[2J\x1b[?25l____\x1b[30;1Hend")
    view = open_page(process.url)
    expect_text(view, "end")
    box, row = view.page.get_by_test_id("terminal"), view.page.locator(".xterm-rows > div").first
    # At 762 the letters were of 18.75 pixels, and their rows too low.
    for width, height in [(1280, h) for h in (600, 660, 700, 720, 740, 762, 800)] + [(360, 740)]:
        view.page.set_viewport_size({"width": width, "height": height})
        view.page.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => "
            "requestAnimationFrame(() => requestAnimationFrame(done))))"
        )
        png = base64.b64encode(row.screenshot()).decode()
        assert view.page.evaluate(_BRIGHTEST, png) > 60, (width, height)
        assert box.evaluate("(box) => box.scrollHeight <= box.clientHeight"), (width, height)
        assert box.evaluate("(box) => box.scrollWidth <= box.clientWidth"), (width, height)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_text_on_colours_can_be_read(scheme: str, open_page: Open, run: Run) -> None:
    process, puppet = run(*SIZE)
    text = "\x1b[7minverse\x1b[m \x1b[32;7mgreen\x1b[m \x1b[2mdim\x1b[m "
    behind = "".join(f"\x1b[30;{colour}mblack\x1b[37mwhite\x1b[m " for colour in range(41, 48))
    puppet.say(f"\x1b[?25l{text}{behind}\r\nend")
    view = open_page(process.url, color_scheme=scheme)
    view.expect_line(2, "end")
    inverse, dim = (view.line(1).locator(name).first for name in (".inverse", ".dim"))
    expected = [view.colour(inverse, "color"), view.colour(dim, "color")]
    view.press("t")
    expect_text(view, "end")
    spans = view.page.locator(".xterm-rows > div").first.locator("span")
    named = {each.inner_text().strip(): each for each in spans.all()}
    assert [view.colour(named[name], "color") for name in ("inverse", "dim")] == expected
    on_colour = [each for each in spans.all() if "xterm-bg" in (each.get_attribute("class") or "")]
    assert len(on_colour) == 16
    for span in on_colour:
        front, back = (view.colour(span, name)[:3] for name in ("color", "backgroundColor"))
        assert contrast(front, back) >= 4.5
