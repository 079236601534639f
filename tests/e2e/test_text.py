"""What a line looks like: as a terminal would show it in the end, and never as anything else."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Open, Run
from tests.e2e.view import View, contrast

pytestmark = pytest.mark.browser

ESC = "\x1b"


def span(view: View, text: str) -> Locator:
    return view.log.get_by_text(text, exact=True)


Shown = Callable[..., View]


@pytest.fixture
def shown(open_page: Open, run: Run) -> Shown:
    """Says lines, waits until they are shown, and gives the page."""
    process, puppet = run("--pipe")
    view = open_page(process.url)

    def shown(output: str | bytes) -> View:
        puppet.say(output)
        puppet.say("the end\n")
        expect(view.log.get_by_text("the end", exact=True)).to_be_visible()
        return view

    return shown


def texts(view: View) -> list[str]:
    return [row.text for row in view.rows() if row.kind == "line"][:-1]


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_sixteen_colours_are_told_apart_and_can_be_read(
    open_page: Open, run: Run, scheme: str
) -> None:
    process, puppet = run()
    codes = [*range(30, 38), *range(90, 98)]
    puppet.say("".join(f"{ESC}[{code}mcolour {code}{ESC}[m\n" for code in codes) + "default\n")
    view = open_page(process.url, color_scheme=scheme)
    view.expect_line(17, "default")
    background = view.colour(view.page.locator("webtee-log"), "backgroundColor")
    colours = {code: view.colour(span(view, f"colour {code}")) for code in codes}
    colours[0] = view.colour(view.line(17))
    hues = {code: colours[code] for code in (31, 32, 33, 34, 35, 36, 0)}
    assert len(set(hues.values())) == 7
    for code, colour in colours.items():
        assert contrast(colour, background) >= 4.5, code


def near(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    return all(abs(x - y) <= 2 for x, y in zip(a, b, strict=False))


def test_256_and_true_colours(shown: Shown) -> None:
    view = shown(
        f"{ESC}[38;5;208morange{ESC}[0m {ESC}[48;5;21mon blue{ESC}[0m "
        f"{ESC}[38;2;255;200;100mpeach{ESC}[0m {ESC}[48;2;10;60;30mon green{ESC}[0m "
        f"{ESC}[38:2::120:220:250mcolons{ESC}[39m back\n"
    )
    assert texts(view) == ["orange on blue peach on green colons back"]
    assert near(view.colour(span(view, "orange")), (255, 135, 0))
    assert near(view.colour(span(view, "on blue"), "backgroundColor"), (0, 0, 255))
    assert near(view.colour(span(view, "peach")), (255, 200, 100))
    assert near(view.colour(span(view, "on green"), "backgroundColor"), (10, 60, 30))
    assert near(view.colour(span(view, "colons")), (120, 220, 250))


def test_styles(shown: Shown) -> None:
    view = shown(
        f"plain\n{ESC}[1mbold{ESC}[22m {ESC}[2mdim{ESC}[22m {ESC}[3mitalic{ESC}[23m "
        f"{ESC}[4munderline{ESC}[24m {ESC}[7minverse{ESC}[27m {ESC}[9mstruck{ESC}[29m "
        f"{ESC}[31;7mred inverse{ESC}[0m\n{ESC}[1;4;32mcarried\nover{ESC}[0m lines\n"
    )
    plain = view.line(1)
    foreground = view.colour(plain)
    background = view.colour(view.page.locator("webtee-log"), "backgroundColor")
    expect(plain).to_have_css("font-weight", "400")
    expect(span(view, "bold")).to_have_css("font-weight", "700")
    assert contrast(view.colour(span(view, "dim")), background) < contrast(foreground, background)
    expect(span(view, "italic")).to_have_css("font-style", "italic")
    expect(span(view, "underline")).to_have_css("text-decoration-line", "underline")
    expect(span(view, "struck")).to_have_css("text-decoration-line", "line-through")
    assert view.colour(span(view, "inverse")) == background
    assert view.colour(span(view, "inverse"), "backgroundColor") == foreground
    red = view.colour(span(view, "red inverse"), "backgroundColor")
    assert red[0] > red[1]
    assert red[0] > red[2]
    over = span(view, "over")
    expect(over).to_have_css("font-weight", "700")
    expect(over).to_have_css("text-decoration-line", "underline")
    assert view.colour(over) == view.colour(span(view, "carried")) != foreground


def test_other_sequences_leave_nothing_behind(shown: Shown) -> None:
    view = shown(
        f"a{ESC}]0;a window's title\x07b{ESC}]8;;http://example.com/{ESC}\\c{ESC}]8;;{ESC}\\d\n"
        f"{ESC}[?25l{ESC}[2Jcleared{ESC}[H{ESC}[10;10Hmoved{ESC}[?1049h{ESC}(B{ESC}=\n"
        f"{ESC}P1$r0m{ESC}\\dcs{ESC}_apc{ESC}\\{ESC}^pm{ESC}\\{ESC}Xsos{ESC}\\\x07\x00\x7f\n"
        f"{ESC}[>4;2m{ESC}[<uq{ESC}[6n{ESC}[38;5m{ESC}[999mr{ESC}[;;;ms\n"
    )
    assert texts(view) == ["abcd", "clearedmoved", "dcs", "qrs"]


def test_progress_shows_its_latest_state(open_page: Open, run: Run) -> None:
    process, puppet = run()
    view = open_page(process.url)
    for percent in range(0, 101, 10):
        puppet.say(f"\r{ESC}[K{'#' * (percent // 10)} {percent} %")
        view.expect_line(1, f"{'#' * (percent // 10)} {percent} %")
        view.expect_lines(1)
    puppet.say("\ndone\n")
    view.expect_line(2, "done")
    view.expect_line(1, f"{'#' * 10} 100 %")


def test_carriage_return_backspace_erase_and_tab(shown: Shown) -> None:
    view = shown(
        "windows\r\n"
        "overwritten\rOVER\n"
        "typo\b\b\bape\n"
        f"gone{ESC}[2K\rhere\n"
        f"erase to the end{ESC}[8D{ESC}[K.\n"
        "a\tb\tc\n"
        "\ttabbed\n"
        "\n"
        "  indented   and   wide\n"
    )
    assert texts(view) == [
        "windows",
        "OVERwritten",
        "tape",
        "here",
        "erase to.",
        "a\tb\tc",
        "\ttabbed",
        "",
        "  indented   and   wide",
    ]
    # Tabs stop at every eighth column.
    widths = view.log.evaluate(
        """(log) => {
          const width = (line, from, to) => {
            const range = document.createRange();
            const text = log.querySelector(`[data-line="${line}"] .text`).firstChild;
            range.setStart(text, from);
            range.setEnd(text, to);
            return range.getBoundingClientRect().width;
          };
          return [width(6, 0, 2), width(6, 2, 4), width(7, 0, 1), width(9, 0, 8)];
        }"""
    )
    assert all(abs(width - widths[3]) < 0.5 for width in widths), widths


def test_errors_are_marked(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe")
    view = open_page(process.url)
    puppet.say("fine\n")
    view.expect_line(1, "fine")
    puppet.say("wrong\n", stderr=True)
    view.expect_line(2, "wrong")
    puppet.say("half a ")
    view.expect_line(3, "half a ")
    puppet.say("not so\n", stderr=True)
    view.expect_line(4, "not so")
    puppet.say("line\n")
    view.expect_line(5, "line")
    assert [(row.line, row.stderr) for row in view.rows() if row.line] == [
        (1, False),
        (2, True),
        (3, False),
        (4, True),
        (5, False),
    ]


def test_long_lines_wrap(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe")
    view = open_page(process.url, viewport={"width": 360, "height": 740})
    puppet.say("x" * 3000 + "\n" + "many words " * 200 + "\nthe end\n")
    view.expect_line(3, "the end")
    for element in (view.log, view.page.locator("html")):
        assert element.evaluate("(e) => e.scrollWidth <= e.clientWidth")
    box = view.line(2).bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 360
    assert box["height"] > 200


def test_text_is_text(open_page: Open, run: Run) -> None:
    hostile = [
        "<script>window.harmed = 1; console.error('harmed')</script>",
        "<img src=x onerror=\"window.harmed = 1; console.error('harmed')\">",
        "<b>bold</b> &amp; &lt; </span></div><style>*{display:none}</style>",
        f"{ESC}[31m<svg onload=console.error(1)>{ESC}[0m <a href=javascript:alert(1)>link</a>",
        f"{ESC}]8;;javascript:console.error(2){ESC}\\a link{ESC}]8;;{ESC}\\",
        "' onmouseover='console.error(3)' \" ${window.harmed=1} {{1+1}}",
    ]
    process, puppet = run("--pipe", "--title", hostile[1])
    view = open_page(process.url)
    puppet.say("\n".join(hostile) + "\n")
    view.expect_line(6, hostile[5])
    bare = [re.sub(r"\x1b(\[[0-9]*m|\].*?\x1b\\)", "", line) for line in hostile]
    assert [row.text for row in view.rows() if row.line] == bare
    expect(view.page).to_have_title(hostile[1])
    expect(view.page.get_by_role("heading")).to_have_text(hostile[1])
    for number in range(1, 7):
        view.line(number).hover()
    view.page.get_by_role("heading").hover()
    assert view.page.evaluate("window.harmed === undefined")
    expect(view.page.locator("webtee-log .text :is(img, script, svg, a, b)")).to_have_count(0)


def test_characters_split_across_writes(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe")
    view = open_page(process.url)
    line = "é 漢字 🎉 👩‍👩‍👧 한국어 ไทย\n".encode()
    for number in range(1, 4):
        puppet.say(f"{number} ")
        view.expect_line(number, f"{number} ")
        for at in range(0, len(line), number):
            puppet.say(line[at : at + number])
        view.expect_line(number, f"{number} {line.decode()[:-1]}")


def test_invalid_bytes_and_wide_characters(shown: Shown) -> None:
    view = shown(
        b"caf\xe9 \xff\xfe ok\n\xf0\x9f\x8e\n"
        + "漢字\r漢子\n🎉🎉\b\b!\n\ufeffbom\ne\u0301 \u202eabc\n".encode()
    )
    found = texts(view)
    assert re.fullmatch("caf\ufffd \ufffd\ufffd ok", found[0])
    assert found[1] == "\ufffd"
    assert found[2] == "漢子"
    assert found[3].rstrip() == "🎉!"
    assert found[4].lstrip("\ufeff") == "bom"
    assert found[5] == "e\u0301 \u202eabc"
