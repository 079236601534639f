"""What is done with a line besides showing its text: highlights, times, links, structured lines."""

import json
import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Complaints, Open, Run
from tests.e2e.test_text import near
from tests.e2e.view import View, contrast

pytestmark = pytest.mark.browser

ESC = "\x1b"


def row(view: View, number: int) -> Locator:
    return view.page.locator(f'.line[data-line="{number}"]')


def toggle(view: View, number: int) -> Locator:
    return row(view, number).get_by_role("button", name="Fields", exact=True)


def settings(page: Page, **chosen: object) -> None:
    """Let this browser have chosen so, and look again."""
    page.evaluate("(chosen) => localStorage.setItem('webtee', chosen)", json.dumps(chosen))
    page.reload()


def highlighted(view: View, number: int, kind: str) -> list[str]:
    return row(view, number).locator(f"mark.{kind}").all_inner_texts()


def test_matches_are_marked_across_colours(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe")
    puppet.say(f"no {ESC}[31mer{ESC}[32mror{ESC}[m here, Error there\nclean\n")
    view = open_page(process.url + "#find=" + quote(":error"))
    expect(row(view, 1).locator("mark.find")).to_have_count(3)
    assert highlighted(view, 1, "find") == ["er", "ror", "Error"]
    view.expect_line(1, "no error here, Error there")
    expect(row(view, 2).locator("mark")).to_have_count(0)
    view = open_page(process.url + "#find=" + quote("rc:E(r+)or"))
    expect(row(view, 1).locator("mark.find")).to_have_text(["Error"])


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_eight_highlights_can_be_told_apart_and_read(
    open_page: Open, run: Run, scheme: str
) -> None:
    process, puppet = run("--pipe")
    words = [f"word{n}" for n in range(8)]
    coloured = "".join(f"{ESC}[{30 + n}m{word}{ESC}[m " for n, word in enumerate(words))
    puppet.say(coloured + "\n")
    marks = "&".join(f"mark={quote(':' + word)}" for word in words)
    view = open_page(f"{process.url}#{marks}", color_scheme=scheme)
    expect(row(view, 1).locator("mark")).to_have_text(words)
    looks = [
        (view.colour(each), view.colour(each, "backgroundColor"))
        for each in row(view, 1).locator("mark").all()
    ]
    assert len({background for _, background in looks}) == 8
    assert all(contrast(text, background) >= 4.5 for text, background in looks)


def test_a_pattern_that_makes_no_sense_marks_nothing(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe")
    puppet.say("a(b\n")
    view = open_page(process.url + "#find=" + quote("r:a(") + "&mark=" + quote(":b"))
    expect(row(view, 1).locator("mark")).to_have_text(["b"])


def test_times(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe")
    puppet.say("one\n")
    view = open_page(process.url, timezone_id="Asia/Tokyo")
    view.expect_line(1, "one")
    time = row(view, 1).locator("time")
    expect(time).to_have_count(0)
    settings(view.page, times="utc")
    expect(time).to_have_text(re.compile(r"^\d\d:\d\d:\d\d\.\d{3}Z$"))
    hour = int(time.inner_text()[:2])
    expect(row(view, 1).locator(".day")).to_have_text(re.compile(r"^\w+day,? \d+ \w+ \d{4}$"))
    settings(view.page, times="local")
    expect(time).to_have_text(re.compile(r"^\d\d:\d\d:\d\d\.\d{3}$"))
    assert int(time.inner_text()[:2]) == (hour + 9) % 24
    expect(time).to_have_attribute("title", re.compile(r"^\d{4}-\d\d-\d\d .*UTC\+9$"))
    settings(view.page, times="start")
    expect(time).to_have_text(re.compile(r"^\+\d+\.\d{3}$"))
    settings(view.page, times="relative")
    expect(time).to_have_text(re.compile(r"^\d+\.\d s ago$"))
    before = time.inner_text()
    expect(time).not_to_have_text(before)  # it passes, and nothing was written meanwhile
    view.expect_line(1, "one")


def test_what_is_copied_is_what_the_lines_say(open_page: Open, run: Run) -> None:
    """Without numbers and times, and as it was written where it is shown in short."""
    process, puppet = run("--pipe")
    puppet.say(f"one\n{json.dumps(LOGGED)}\n\n{ESC}[31mfour\n")
    view = open_page(process.url, permissions=["clipboard-read", "clipboard-write"])
    settings(view.page, times="utc")
    expect(row(view, 4).locator("time")).to_be_visible()
    toggle(view, 2).click()
    expect(row(view, 2).locator(".tree")).to_be_visible()
    first, last = view.line(1).bounding_box(), view.line(4).bounding_box()
    assert first is not None
    assert last is not None
    view.page.mouse.move(first["x"] + 1, first["y"] + 8)
    view.page.mouse.down()
    view.page.mouse.move(last["x"] + last["width"] - 1, last["y"] + 8, steps=5)
    view.page.mouse.up()
    view.press("Control+c")
    copied = view.page.evaluate("() => navigator.clipboard.readText()")
    assert copied == f"one\n{json.dumps(LOGGED)}\n\nfour"


def test_links(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe")
    hidden = f"{ESC}]8;;https://a.example/x{ESC}\\name{ESC}]8;;{ESC}\\"
    puppet.say(f"(http://b.example/?q=1), and {hidden}.\nhttp://{ESC}[1mc.example{ESC}[m/\n")
    view = open_page(process.url)
    links = row(view, 1).get_by_role("link").and_(view.page.locator("[target=_blank]"))
    expect(links).to_have_text(["http://b.example/?q=1", "name"])
    hrefs = [link.get_attribute("href") for link in links.all()]
    assert hrefs == ["http://b.example/?q=1", "https://a.example/x"]
    for link in links.all():
        expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
        expect(link).to_have_attribute("referrerpolicy", "no-referrer")
    whole = row(view, 2).locator("a.link")
    expect(whole).to_have_text("http://c.example/")
    expect(whole.locator(".bold")).to_have_text("c.example")


def test_a_link_opens_elsewhere_and_leaves_the_log_alone(
    open_page: Open, run: Run, complaints: Complaints
) -> None:
    process, puppet = run("--pipe")
    puppet.say("http://other.example/there\n")
    view = open_page(process.url)
    complaints.origins.add("http://other.example/")
    view.page.context.route("http://other.example/**", lambda route: route.fulfill(body="there"))
    with view.page.expect_popup() as popup:
        row(view, 1).locator("a.link").click()
    popup.value.wait_for_url("http://other.example/there")
    assert popup.value.evaluate("() => [window.opener, document.referrer]") == [None, ""]
    view.expect_following()
    assert "#" not in view.page.url


LOGGED = {
    "time": "2024-05-01T10:00:00.123Z",
    "level": "error",
    "msg": "payment failed",
    "user": "bob",
    "ms": 12.5,
    "err": {"type": "Timeout", "at": [1, {"deep": None}]},
}


def test_structured_lines_are_short_and_open_to_a_tree(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe")
    puppet.say(json.dumps(LOGGED) + '\nlevel=warn msg="low on disk" free=3\nplain\n')
    view = open_page(process.url)
    short = '10:00:00.123 ERROR payment failed  user=bob ms=12.5 err={"type": "Timeout", '
    expect(view.line(1)).to_contain_text(short)
    view.expect_line(2, "WARN  low on disk  free=3")
    level = row(view, 1).locator(".level")
    background = view.colour(view.page.locator("webtee-log"), "backgroundColor")
    assert contrast(view.colour(level), background) >= 4.5
    assert not near(view.colour(level), view.colour(row(view, 2).locator(".level")))
    expect(toggle(view, 3)).to_have_count(0)
    # By keyboard alone.
    toggle(view, 1).focus()
    expect(toggle(view, 1)).to_have_attribute("aria-expanded", "false")
    view.press("Enter")
    expect(toggle(view, 1)).to_have_attribute("aria-expanded", "true")
    tree = row(view, 1).locator(".tree")
    for words in ("time: 2024-05-01T10:00:00.123Z", "ms: 12.5", "type: Timeout", "0: 1"):
        expect(tree.locator(".leaf").get_by_text(words.split(": ")[1], exact=True)).to_be_visible()
    nested = tree.get_by_role("button", name="err 2 fields")
    expect(nested).to_have_attribute("aria-expanded", "true")
    nested.click()
    expect(nested).to_have_attribute("aria-expanded", "false")
    expect(tree).not_to_contain_text("Timeout")
    toggle(view, 1).click()
    expect(tree).to_have_count(0)
    settings(view.page, structured=False)
    view.expect_line(1, json.dumps(LOGGED))
    expect(toggle(view, 1)).to_have_count(0)


def test_by_keyboard_the_log_is_one_stop_and_its_lines_are_entered(
    open_page: Open, run: Run
) -> None:
    process, puppet = run("--pipe")
    puppet.say(f"{json.dumps(LOGGED)}\nplain\n{json.dumps(LOGGED)}\n")
    view = open_page(process.url)
    expect(toggle(view, 3)).to_be_visible()
    view.log.focus()
    view.press("Tab")
    inside = "document.querySelector('webtee-app').shadowRoot.activeElement?.localName"
    assert view.page.evaluate(inside) != "webtee-view"
    view.log.focus()
    view.press("Enter")
    expect(toggle(view, 1)).to_be_focused()
    view.press("Enter")
    expect(toggle(view, 1)).to_have_attribute("aria-expanded", "true")
    expect(toggle(view, 1)).to_be_focused()
    view.press("ArrowRight")
    expect(row(view, 1).locator(".tree button").first).to_be_focused()
    view.press("ArrowDown")
    view.press("ArrowDown")
    expect(toggle(view, 3)).to_be_focused()
    view.press("ArrowLeft")
    expect(view.number(3)).to_be_focused()
    view.press("Escape")
    expect(view.log).to_be_focused()


def test_a_match_that_the_short_form_hides_is_shown(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe")
    puppet.say(json.dumps(LOGGED) + "\n")
    view = open_page(process.url + "#find=" + quote(":payment"))
    expect(row(view, 1).locator("mark.find")).to_have_text(["payment"])
    expect(view.line(1)).not_to_contain_text('"msg"')
    view = open_page(process.url + "#find=" + quote(':"msg"'))
    expect(row(view, 1).locator("mark.find")).to_have_text(['"msg"'])
    view.expect_line(1, json.dumps(LOGGED))


def test_a_value_filters(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe")
    puppet.say(json.dumps(LOGGED) + "\n")
    view = open_page(process.url)
    row(view, 1).get_by_text("bob", exact=True).click()
    expect(view.page).to_have_url(re.compile(r"#filter=rc:%22user%22%5Cs\*:%5Cs\*%22bob%22$"))
    row(view, 1).get_by_text("bob", exact=True).click()
    expect(view.page).not_to_have_url(re.compile("filter"))
    toggle(view, 1).click()
    row(view, 1).locator(".tree").get_by_role("button", name="Timeout", exact=True).click()
    expect(view.page).to_have_url(re.compile(r"#filter=rc:%22type%22"))


def test_a_stack_trace_folds(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet")
    view = open_page(process.url)
    puppet.say("10:00:00 ERROR no\nTraceback (most recent call last):\n  File 'a.py'\n")
    fold = row(view, 1).get_by_role("button", name="2 lines that belong to this one")
    expect(fold).to_have_attribute("aria-expanded", "true")
    puppet.say("KeyError: 'x'\n10:00:01 INFO next\n")
    fold = row(view, 1).get_by_role("button", name="3 lines that belong to this one")
    fold.focus()
    view.press("Enter")
    expect(fold).to_have_attribute("aria-expanded", "false")
    assert view.lines() == {1: "10:00:00 ERROR no", 5: "10:00:01 INFO next"}
    expect(row(view, 1)).to_contain_text("… 3 lines")
    fold.click()
    expect(row(view, 4)).to_be_visible()
    expect(row(view, 5).locator(".fold")).to_have_count(0)


def test_groups_fold_with_their_durations(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe")
    view = open_page(process.url)
    puppet.say("before\n::group::Install <b>\none\ntwo\n")
    view.expect_line(2, "Install <b>")
    expect(row(view, 2).locator(".fold")).to_have_count(0)  # it goes on
    puppet.say("::endgroup::\nsection_start:1560896352:build\r\x1b[0KBuild\nmake\n")
    fold = row(view, 2).get_by_role("button", name="lines in Install <b>")
    expect(fold).to_have_attribute("aria-expanded", "true")
    expect(row(view, 2).locator(".took")).to_have_text(re.compile(r"^[\d.]+ m?s$"))
    fold.click()
    expect(row(view, 3)).to_have_count(0)
    view.expect_line(2, "Install <b>")
    view.expect_line(7, "make")
    again = open_page(process.url)
    again.expect_line(2, "Install <b>")
    again.expect_line(6, "Build")
    expect(row(again, 2).locator(".fold")).to_have_count(1)


def test_a_builds_commands_are_shown_as_its_own_page_does(open_page: Open, run: Run) -> None:
    """A section of GitLab's that is to be collapsed is; no time is said that was not measured."""
    process, puppet = run("--pipe")
    puppet.say(
        "::group::Build\n::error file=a.c,line=3::100%25 broken\n::warning::old\n::endgroup::\n"
        "section_start:1560896352:x[collapsed=true]\r\x1b[0KHidden\nin it\n"
        "section_end:1560896353:x\r\x1b[0K\nlast\n"
    )
    view = open_page(process.url)
    view.expect_line(1, "Build")
    view.expect_line(2, "Error: 100% broken  a.c:3")
    view.expect_line(3, "Warning: old")
    view.expect_line(4, "")
    view.expect_line(5, "Hidden")
    expect(row(view, 6)).to_have_count(0)
    expect(row(view, 2)).to_have_class(re.compile(r"\berror\b"))
    expect(view.page.locator(".took")).to_have_count(0)
    background = view.colour(view.page.locator("webtee-log"), "backgroundColor")
    for word in view.page.locator(".order").all():
        assert contrast(view.colour(word), background) >= 4.5
    # What is looked for is shown as it is written.
    view.show("find=:endgroup")
    view.expect_line(4, "::endgroup::")


SCRIPT = "<script>document.title = 'broken'</script><img src=x onerror=document.title='broken'>"
HOSTILE = [
    SCRIPT,
    f"{ESC}]0;{SCRIPT}{ESC}\\{ESC}]8;{SCRIPT};javascript:document.title='broken'{ESC}\\x{ESC}]8;;{ESC}\\",
    f"{ESC}]8;;https://x.example/\"onclick=\"document.title='broken'{ESC}\\y{ESC}]8;;{ESC}\\",
    f"http://x.example/{SCRIPT} javascript:alert(1) data:text/html,{SCRIPT}",
    json.dumps({"level": SCRIPT, "msg": SCRIPT, SCRIPT: SCRIPT, "o": {SCRIPT: [SCRIPT]}}),
    json.dumps({"time": SCRIPT, "level": 30, "__proto__": {"x": SCRIPT}, "constructor": 1}),
    f'level=info msg="{SCRIPT}" {"k" * 50}="{SCRIPT}"',
    '{"a":' * 3000 + "1" + "}" * 3000,
    json.dumps({"big": "x" * 1_000_000}),
    json.dumps({"many": list(range(5000))}),
    json.dumps({f"key{n}": n for n in range(2000)}),
    "a=1 " * 4000,
    "http://" * 8000,
    "e" + "\u0301" * 2000 + " \u202e\u2066\u200b\u2028 turned",
    f"{ESC}[4:3;58:2::999:0:0;5;53m{ESC}(0{'q' * 3000}",
    f"{ESC}[44m{ESC}[K" * 3000,
]


def test_hostile_lines(open_page: Open, run: Run) -> None:
    """In any place they are text, and the page goes on answering."""
    process, puppet = run("--pipe", "--quiet")
    for line in HOSTILE:
        puppet.say(f"{line}{ESC}[m{ESC}(B\n")
    puppet.say("the end\n")
    last = len(HOSTILE) + 1
    everything = "&".join(("find=" + quote(":scr"), "mark=" + quote("r:.*b|a"), "mark=:1"))
    view = open_page(f"{process.url}#{everything}")
    view.expect_line(last, "the end")
    title = view.page.title()
    for chosen in ({"times": "local"}, {"structured": False}, {}):
        settings(view.page, **chosen)
        view.expect_line(last, "the end")
        view.read_all()
        view.press("Home")
        for opened in range(3):
            toggles = view.log.get_by_role("button", name="Fields", exact=True, expanded=False)
            if toggles.count() == 0:
                break
            toggles.nth(opened % toggles.count()).click()
            view.rows()
        view.press("End")
        view.expect_line(last, "the end")
    assert "broken" not in view.page.title()
    assert view.page.title() == title
    for link in view.page.locator("a[href^='j'], a[href^='d'], img, script:not([src])").all():
        raise AssertionError(link.evaluate("(e) => e.outerHTML"))


# Where each letter of a line is drawn, from left to right.
_PLACES = """(text) => {
  const places = [];
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    for (let at = 0; at < node.length; at++) {
      const range = new Range();
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      places.push(range.getBoundingClientRect().left);
    }
  }
  return places;
}"""


def test_a_line_cannot_disguise_others(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe")
    puppet.say("safe\u202eevil\n" + "z" + "\u0301" * 500 + "\nnext\n")
    view = open_page(process.url)
    view.expect_line(1, "safe\u202eevil")  # as it is, for whoever copies it
    sign = row(view, 1).locator(".sign")
    expect(sign).to_have_attribute("data-code", "U+202E")
    places = view.line(1).evaluate(_PLACES)
    assert places == sorted(places)
    expect(row(view, 2)).to_have_css("contain", re.compile("content|paint"))


def test_erased_with_a_colour_fills_the_line(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe")
    puppet.say(f"{ESC}[44mblue{ESC}[K{ESC}[m\n")
    view = open_page(process.url)
    fill = row(view, 1).locator(".fill")
    box, whole = fill.bounding_box(), row(view, 1).bounding_box()
    assert box is not None
    assert whole is not None
    assert box["x"] + box["width"] >= whole["x"] + whole["width"]
    html = view.page.locator("html")
    assert html.evaluate("(e) => e.scrollWidth <= innerWidth")
