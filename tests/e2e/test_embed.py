"""<webtee-stream> in pages elsewhere: shows and follows, and leaves the page around it alone.

Tests ask for `run` first, so that pages go before the webtees that they follow.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import LOST, Complaints, Open, Run
from tests.e2e.elsewhere import Elsewhere
from tests.e2e.proxy import Proxy
from tests.support.running import Process

pytestmark = pytest.mark.browser

Embed = Any
"""``embed(webtee, body, headers)``: a page elsewhere with this in it, ``{}`` for webtee's URL."""


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    with Elsewhere() as server:
        yield server


@pytest.fixture
def embed(open_page: Open, elsewhere: Elsewhere, complaints: Complaints) -> Embed:
    def embed(webtee: str, body: str, headers: dict[str, str] | None = None, **more: Any) -> Page:
        complaints.origins.add(webtee)
        script = f'<script type="module" src="{webtee}webtee.js"></script>'
        url = elsewhere.page(script + body.replace("{}", webtee), headers)
        return open_page(url, wait=False, **more).page

    return embed


def numbered(first: int, last: int) -> str:
    return "".join(f"line {n}\n" for n in range(first, last + 1))


def the(page: Page, selector: str = "webtee-stream") -> Locator:
    return page.locator(selector)


def line(element: Locator, number: int) -> Locator:
    return element.locator(f'.line[data-line="{number}"] .text')


def expect_line(element: Locator, number: int, text: str) -> None:
    """Wait until a line is in sight and says this."""
    expect(line(element, number)).to_be_in_viewport()
    expect(line(element, number)).to_have_text(text)


def state(element: Locator) -> Locator:
    return element.locator("[part=state]")


def expect_viewers(page: Page, process: Process, count: int) -> None:
    """Wait until webtee has so many viewers; the page asks, as it has the right to."""
    page.wait_for_function(
        """([url, count]) => fetch(`${url}api/streams`).then((answer) => answer.json())
            .then(({ streams }) => streams[0].viewers === count)""",
        arg=[process.url, count],
    )


def test_a_stream_is_shown_and_followed_on_a_page_of_another_origin(run: Run, embed: Embed) -> None:
    process, puppet = run("--pipe", "--title", "mine")
    puppet.say(numbered(1, 500))
    page = embed(process.url, '<webtee-stream src="{}"></webtee-stream>')
    element = the(page)
    expect_line(element, 500, "line 500")
    expect(state(element)).to_have_text("live")
    puppet.say("<b>bold</b>\n")
    expect_line(element, 501, "<b>bold</b>")
    title = element.locator("[part=title]")
    expect(title).to_have_text("mine")
    name = page.evaluate(
        "document.querySelector('webtee-stream').shadowRoot.querySelector('a').href"
    )
    assert name.startswith(f"{process.url}s/")
    puppet.exit(3)
    expect(state(element)).to_have_text("ended · exit 3")


def test_the_page_around_it_is_left_alone(run: Run, embed: Embed) -> None:
    process, puppet = run("--pipe")
    puppet.say(numbered(1, 300))
    page = embed(process.url, '<input><webtee-stream src="{}"></webtee-stream>')
    element = the(page)
    expect_line(element, 300, "line 300")
    url = page.url
    before = page.evaluate("document.documentElement.getAttributeNames().join()")
    # Keys are the page's while something else of it has the focus.
    page.evaluate("addEventListener('keydown', (event) => (window.taken = event.defaultPrevented))")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Home")
    assert page.evaluate("taken") is False
    expect_line(element, 300, "line 300")
    page.locator("input").fill("x")
    page.keyboard.press("Home")
    expect_line(element, 300, "line 300")
    element.get_by_role("log").focus()
    page.keyboard.press("Home")
    assert page.evaluate("taken") is True
    expect_line(element, 1, "line 1")
    page.keyboard.press("/")
    page.keyboard.press("Control+f")
    assert page.evaluate("taken") is False
    page.keyboard.press("End")
    expect_line(element, 300, "line 300")
    element.locator('[data-number="300"]').click()
    expect(element.locator(".line.selected")).to_have_count(1)
    assert page.url == url
    assert page.title() == "Mine"
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.evaluate("document.documentElement.getAttributeNames().join()") == before
    assert (
        page.evaluate("document.querySelector('webtee-stream').getAttributeNames().join()") == "src"
    )


@pytest.mark.parametrize("workers", ["blob:", "'none'"])
def test_a_page_with_a_strict_policy(
    run: Run, embed: Embed, complaints: Complaints, workers: str
) -> None:
    complaints.allow('violates the following Content Security Policy directive: "worker-src')
    process, puppet = run("--pipe")
    puppet.say(numbered(1, 100_000))
    address = process.url.rstrip("/")
    policy = (
        f"default-src 'none'; script-src {address}; worker-src {workers}; img-src data:; "
        f"connect-src {address} {address.replace('http', 'ws')}"
    )
    page = embed(
        process.url, '<webtee-stream src="{}"></webtee-stream>', {"Content-Security-Policy": policy}
    )
    element = the(page)
    expect_line(element, 100_000, "line 100000")
    assert len(page.workers) == (1 if workers == "blob:" else 0)
    element.get_by_role("log").focus()
    page.keyboard.press("Home")
    expect_line(element, 1, "line 1")
    page.keyboard.press("End")
    puppet.say("goes on\n")
    expect_line(element, 100_001, "goes on")
    page.evaluate("document.querySelector('webtee-stream').remove()")
    expect_viewers(page, process, 0)


def test_what_is_removed_is_disconnected_and_comes_back(run: Run, embed: Embed) -> None:
    process, puppet = run("--pipe")
    puppet.say(numbered(1, 50))
    page = embed(process.url, '<webtee-stream src="{}"></webtee-stream><p></p>')
    element = the(page)
    expect_line(element, 50, "line 50")
    expect_viewers(page, process, 1)
    page.evaluate("(window.removed = document.querySelector('webtee-stream')).remove()")
    expect_viewers(page, process, 0)
    assert page.workers == []
    puppet.say(numbered(51, 60))
    page.evaluate("document.querySelector('p').append(removed)")
    expect_line(element, 60, "line 60")
    expect_viewers(page, process, 1)
    # Put elsewhere at once: one connection, and none is left behind.
    page.evaluate("document.body.prepend(removed)")
    puppet.say(numbered(61, 70))
    expect_line(element, 70, "line 70")
    expect_viewers(page, process, 1)


def test_two_on_a_page_know_nothing_of_each_other(
    run: Run, embed: Embed, complaints: Complaints
) -> None:
    first, one = run("--pipe")
    second, two = run("--pipe")
    complaints.origins.add(second.url)
    one.say(numbered(1, 300))
    two.say("the other\n")
    page = embed(
        first.url,
        f'<webtee-stream id="a" src="{{}}" lines="10"></webtee-stream>'
        f'<webtee-stream id="b" src="{second.url}" lines="5"></webtee-stream>',
    )
    a, b = the(page, "#a"), the(page, "#b")
    expect_line(a, 300, "line 300")
    expect_line(b, 1, "the other")
    a.get_by_role("log").focus()
    page.keyboard.press("Home")
    expect_line(a, 1, "line 1")
    two.say(numbered(2, 100))
    expect_line(b, 100, "line 100")
    expect_line(a, 1, "line 1")
    page.evaluate("document.querySelector('#a').remove()")
    two.say("still here\n")
    expect_line(b, 101, "still here")


def test_attributes_count_when_they_change(run: Run, embed: Embed, complaints: Complaints) -> None:
    first, one = run("--pipe", "--title", "first")
    second, two = run("--pipe", "--title", "second")
    complaints.origins.add(second.url)
    one.say(numbered(1, 300))
    two.say("the other\n")
    page = embed(first.url, '<webtee-stream src="{}" follow="false" lines="4"></webtee-stream>')
    element = the(page)

    def change(name: str, value: str | None) -> None:
        page.evaluate(
            "([name, value]) => value === null ? document.querySelector('webtee-stream')"
            ".removeAttribute(name) : document.querySelector('webtee-stream')"
            ".setAttribute(name, value)",
            [name, value],
        )

    def height() -> float:
        box = element.bounding_box()
        assert box
        return box["height"]

    expect_line(element, 1, "line 1")
    one.say("comes\n")
    expect(element.get_by_test_id("resume")).to_be_visible()
    change("follow", "true")
    expect_line(element, 301, "comes")
    low = height()
    change("lines", "14")
    assert height() == low + 10 * 20
    change("lines", "nonsense")
    assert height() == low + 16 * 20
    page.add_style_tag(content="webtee-stream { height: 123px }")
    assert height() == 123
    change("src", second.url)
    expect_line(element, 1, "the other")
    expect(element.locator("[part=title]")).to_have_text("second")
    expect_viewers(page, first, 0)
    change("src", None)
    expect(element.locator("[part=fault]")).to_contain_text("no URL of a stream")


def brightness(element: Locator) -> int:
    """Return how bright the log is, and the bar below it, which has to go with it: 0 to 765."""
    colours = [
        part.evaluate("(part) => getComputedStyle(part).backgroundColor")
        for part in (element.locator("webtee-log"), element.locator("[part=bar]"))
    ]
    log, bar = (sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in colours)
    assert (log < 383) is (bar < 383)
    return log


def test_its_theme_is_the_pages_unless_it_says_otherwise(run: Run, embed: Embed) -> None:
    process, _ = run("--pipe")
    page = embed(
        process.url,
        '<div style="color-scheme: dark"><webtee-stream id="dark" src="{}"></webtee-stream></div>'
        '<webtee-stream id="page" src="{}"></webtee-stream>'
        '<webtee-stream id="light" src="{}" theme="light"></webtee-stream>',
        color_scheme="dark",
    )
    for name in ("dark", "page", "light"):
        expect(state(the(page, f"#{name}"))).to_have_text("live")
    # A page that does not speak of colour schemes is light, whatever the system wants.
    found = {name: brightness(the(page, f"#{name}")) > 383 for name in ("dark", "page", "light")}
    assert found == {"dark": False, "page": True, "light": True}
    page.evaluate("document.querySelector('#light').setAttribute('theme', 'dark')")
    assert brightness(the(page, "#light")) < 383


def test_its_text_is_as_large_as_the_page_says(run: Run, embed: Embed) -> None:
    process, puppet = run("--pipe")
    puppet.say("text\n")
    page = embed(
        process.url,
        "<style>webtee-stream { font-size: 20px }</style>"
        '<webtee-stream src="{}" lines="10"></webtee-stream>',
    )
    element = the(page)
    expect_line(element, 1, "text")

    def size() -> list[float]:
        # Of the row, which stays: its text may just be painted anew.
        row: list[float] = element.locator('.line[data-line="1"]').evaluate(
            "(row) => [parseFloat(getComputedStyle(row).fontSize), row.offsetHeight]"
        )
        return row

    assert size() == [20, 30]
    box = element.bounding_box()
    assert box
    assert box["height"] == 10 * 30 + 28
    element.get_by_role("log").focus()
    page.keyboard.press("-")
    assert size()[0] == 19
    assert element.bounding_box() == box


def test_why_nothing_is_shown(
    run: Run, open_page: Open, elsewhere: Elsewhere, complaints: Complaints
) -> None:
    complaints.allow(rf"blocked by CORS policy|net::ERR_FAILED|status of 403|{LOST}")
    process, puppet = run("--pipe")
    complaints.origins |= {process.url, elsewhere.url, elsewhere.foreign_url}
    with Proxy(process.port) as proxy:
        proxy.down()
        complaints.origins.add(proxy.url)
        sources = {
            "none": f"{process.url}s/none",
            "wrong": "ftp://localhost/",
            "down": proxy.url,
            "else": elsewhere.url,
        }
        elements = [
            f'<webtee-stream id="{k}" src="{v}" lines="3"></webtee-stream>'
            for k, v in sources.items()
        ]
        script = f'<script type="module" src="{process.url}webtee.js"></script>'
        elsewhere.page(script + "".join(elements))
        page = open_page(elsewhere.url, wait=False).page

        def fault(name: str) -> Locator:
            return the(page, f"#{name}").locator("[part=fault]")

        expect(fault("none")).to_contain_text("has no stream “none”")
        expect(fault("wrong")).to_contain_text("no URL of a stream")
        expect(fault("down")).to_contain_text("cannot be reached")
        expect(fault("else")).to_contain_text("is no webtee")
        expect(state(the(page, "#down"))).to_have_text("not connected")
        puppet.say("here\n")
        proxy.up(process.port)
        expect_line(the(page, "#down"), 1, "here")
        expect(fault("down")).to_be_hidden()
        page.goto(elsewhere.foreign_url)
        expect(fault("none")).to_contain_text(
            f"--allow-origin {elsewhere.foreign_url.rstrip('/')} "
        )
        page.goto("about:blank")


def test_it_shows_the_view_that_the_page_wants(run: Run, embed: Embed) -> None:
    process, puppet = run()
    page = embed(
        process.url,
        '<webtee-stream id="auto" src="{}"></webtee-stream>'
        '<webtee-stream id="log" src="{}" view="log"></webtee-stream>',
    )
    terminals = {name: the(page, f"#{name}").get_by_test_id("terminal") for name in ("auto", "log")}
    puppet.say("before\n")
    expect_line(the(page, "#auto"), 1, "before")
    expect_line(the(page, "#log"), 1, "before")
    # What draws on its screen is shown there, unless the page wants the log.
    puppet.say("\x1b[?1049h\x1b[Hdrawn")
    expect(terminals["auto"]).to_be_visible()
    expect(terminals["auto"].locator(".xterm-rows")).to_contain_text("drawn")
    expect(terminals["log"]).to_have_count(0)
    page.evaluate("document.querySelector('#log').setAttribute('view', 'terminal')")
    expect(terminals["log"].locator(".xterm-rows")).to_contain_text("drawn")
    puppet.say("\x1b[?1049l")
    expect(terminals["auto"]).to_have_count(0)
    expect(terminals["log"]).to_be_visible()
    page.evaluate("document.querySelector('#log').removeAttribute('view')")
    expect(terminals["log"]).to_have_count(0)


def test_it_shows_only_the_lines_that_the_page_wants(run: Run, embed: Embed) -> None:
    process, puppet = run("--pipe")
    puppet.say(numbered(1, 300))
    page = embed(process.url, '<webtee-stream src="{}" filter="r:[57]0$"></webtee-stream>')
    element = the(page)
    expect_line(element, 270, "line 270")
    expect(line(element, 269)).to_have_count(0)
    # A line's number leads to the stream's own page, and the line there.
    link = element.locator('[data-number="270"]').evaluate("(link) => link.href")
    assert re.fullmatch(re.escape(process.url) + r"s/[^/]+#L270", link)
    page.evaluate("document.querySelector('webtee-stream').removeAttribute('filter')")
    expect_line(element, 300, "line 300")


def test_the_example(
    run: Run, open_page: Open, elsewhere: Elsewhere, complaints: Complaints
) -> None:
    process, puppet = run("--pipe", "--title", "make")
    complaints.origins.add(process.url)
    puppet.say("cc a.c\ncc b.c\nb.c:1: error: no\n")
    page = open_page(elsewhere.example("embed.html", process.url), wait=False).page
    expect(page.locator("webtee-stream")).to_have_count(2)
    both = page.locator("webtee-stream")
    expect_line(both.first, 3, "b.c:1: error: no")
    expect_line(both.last, 3, "b.c:1: error: no")
    expect(line(both.first, 1)).to_have_count(1)
    expect(line(both.last, 1)).to_have_count(0)
