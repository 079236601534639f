"""Everyone can use the page: names, order and rings of the focus, contrast, size for fingers."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Open, Run
from tests.e2e.test_playback import stop_at
from tests.e2e.view import View

pytestmark = pytest.mark.browser

CONTROLS = {"button", "link", "textbox", "checkbox", "switch", "combobox", "slider", "dialog"}

# All elements in sight around the log, through all shadow roots, in the order of the document.
_ALL = """const all = [];
const seen = { visibilityProperty: true, opacityProperty: true };
const walk = (root) => {
  for (const element of root.children) {
    if (element.matches("webtee-log, webtee-terminal")) continue;
    if (element.checkVisibility(seen)) all.push(element);
    walk(element);
    if (element.shadowRoot) walk(element.shadowRoot);
  }
};
walk(document.body);
"""

# Text that has too little contrast with what is behind it (WCAG 2.2, 1.4.3).
_PALE = (
    "() => {"
    + _ALL
    + """
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const over = (colours) => {
    context.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
    }
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const channel = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  const luminance = (colours) => {
    const [r, g, b] = over(colours).map((value) => channel(value / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const parentOf = (element) => element.parentElement ?? element.getRootNode().host;
  const pale = [];
  for (const element of all) {
    const texts = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
    const field = element.matches("input:not([type=checkbox], [type=range])");
    const words = field
      ? element.value || element.placeholder
      : texts.map((node) => node.data.trim()).join(" ").trim();
    if (words === "" || element.closest(":disabled, .unseen, option")) continue;
    const box = element.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1) continue;
    const behind = [];
    for (let each = element; each; each = parentOf(each)) {
      behind.unshift(getComputedStyle(each).backgroundColor);
    }
    const placeholder = field && element.value === "";
    const { color } = getComputedStyle(element, placeholder ? "::placeholder" : null);
    const both = [luminance([...behind, color]), luminance(behind)];
    const ratio = (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
    if (ratio < 4.5) pale.push([element.className || element.localName, words, ratio]);
  }
  return pale;
}"""
)

# What can be pressed but is too small for a finger.
_SMALL = (
    "() => {"
    + _ALL
    + """
  const pressed = "button, a[href], select, input, label:has(input)";
  return all
    .filter((element) => element.matches(pressed) && !element.closest("label input"))
    .map((element) => {
      const { width, height } = element.getBoundingClientRect();
      return [element.ariaLabel ?? element.textContent.trim(), width, height];
    })
    .filter(([, width, height]) => width > 1 && Math.min(width, height) < 36);
}"""
)

_FOCUSED = """() => {
  let active = document.activeElement;
  while (active.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  const box = active.getBoundingClientRect();
  const rings = [null, "::after"].map((part) => getComputedStyle(active, part));
  const ring = rings.some(({ content, outlineStyle, boxShadow, borderStyle }, i) =>
    outlineStyle !== "none" ||
    (i > 0 && content !== "none" && (boxShadow !== "none" || borderStyle !== "none")));
  const frame = active.parentElement?.matches(".field:focus-within") === true;
  return {
    name: active.ariaLabel ?? active.textContent.trim().slice(0, 40),
    tag: active.localName,
    at: [Math.round(box.top), Math.round(box.left)],
    ring: ring || frame,
    visible: box.width > 0 && box.height > 0,
  };
}"""


def nothing(_: View) -> None:
    pass


def menu(view: View) -> None:
    view.page.get_by_role("button", name="Menu").click()


def find(view: View) -> None:
    view.press("/")
    view.page.keyboard.type("text")
    expect(view.page.get_by_test_id("found")).to_have_text("50 matches")
    view.page.get_by_role("button", name="Keep as highlight").click()


def filter_(view: View) -> None:
    view.press("f")
    view.page.keyboard.type("(")
    view.page.get_by_role("button", name="Regular expression").click()
    expect(view.page.get_by_role("textbox")).to_have_attribute("aria-invalid", "true")


def chips(view: View) -> None:
    find(view)
    view.press("Escape")
    expect(view.page.get_by_test_id("chip-mark")).to_be_visible()


def help_(view: View) -> None:
    view.press("?")
    expect(view.page.get_by_role("dialog", name="Keyboard")).to_be_visible()


def share(view: View) -> None:
    if view.page.evaluate("innerWidth < 900"):
        menu(view)
    view.page.get_by_role("button", name="Share").last.click()
    expect(view.page.get_by_role("dialog", name="Share")).to_be_visible()


def notify(view: View) -> None:
    menu(view)
    view.page.get_by_role("button", name="Notify me").click()
    expect(view.page.get_by_role("dialog", name="Notify me")).to_be_visible()


def timeline(view: View) -> None:
    view.press("l")
    expect(view.page.get_by_role("slider", name="Timeline")).to_be_visible()


def play(view: View) -> None:
    stop_at(view, "Home")
    expect(view.page.get_by_role("slider", name="Time", exact=True)).to_be_visible()


SCENES = [nothing, menu, find, filter_, chips, help_, share, notify, timeline, play]


def names(view: View) -> list[tuple[str, str]]:
    """Return role and name of all that assistive technology finds."""
    session = view.page.context.new_cdp_session(view.page)
    tree: dict[str, Any] = session.send("Accessibility.getFullAXTree")
    session.detach()
    return [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in tree["nodes"]
        if not node.get("ignored")
    ]


@pytest.mark.parametrize("scene", SCENES)
def test_names_contrast_and_size(open_page: Open, run: Run, scene: Callable[[View], None]) -> None:
    process, puppet = run()
    view = open_page(
        process.url,
        viewport={"width": 360, "height": 740},
        has_touch=True,
        reduced_motion="reduce",
    )
    for lines in (25, 50):  # not at once: there is to be something to play
        puppet.say("text\n" * 25)
        view.expect_line(lines, "text")
    scene(view)
    assert [each for each in names(view) if each[0] in CONTROLS and not each[1]] == []
    assert view.page.evaluate(_SMALL) == []
    assert view.page.locator("html").evaluate("(e) => e.scrollWidth") == 360
    for scheme in ("light", "dark"):
        view.page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
        assert view.page.evaluate(_PALE) == []


def test_order_and_rings_of_the_focus(open_page: Open, run: Run) -> None:
    process, puppet = run()
    puppet.say("text\n" * 50)
    view = open_page(process.url)
    view.expect_line(50, "text")
    timeline(view)
    find(view)
    view.page.get_by_role("heading", level=1).click()  # anew from the beginning
    stops: list[dict[str, Any]] = []
    for _ in range(40):
        view.press("Tab")
        stop = view.page.evaluate(_FOCUSED)
        if stop["tag"] == "body" or "scroller" in stop["name"] or stop["name"] == "Output":
            break
        stops.append(stop)
    else:
        raise AssertionError("the log is never reached")
    assert [stop for stop in stops if not stop["ring"] or not stop["visible"]] == []
    assert [stop["at"][0] // 32 for stop in stops] == sorted(stop["at"][0] // 32 for stop in stops)
    reached = [stop["name"] for stop in stops]
    for name in ("Pause", "Menu", "Find", "Match case", "Close", "Remove highlight", "Timeline"):
        assert name in reached


def test_only_the_state_is_announced(open_page: Open, run: Run) -> None:
    process, puppet = run()
    view = open_page(process.url)
    puppet.say("text\n" * 5)
    view.expect_line(5, "text")
    expect(view.log).to_have_attribute("aria-live", "off")
    assert ("status", "") in [(role, "") for role, _ in names(view)]
    live = view.page.locator("[aria-live=polite], [aria-live=assertive], [role=alert]")
    expect(live).to_have_count(0)


def test_forced_colours(open_page: Open, run: Run) -> None:
    """In a high-contrast mode what is on can still be told from what is off."""
    process, _ = run()
    view = open_page(process.url, forced_colors="active")
    view.press("/")
    expect(view.page.get_by_role("textbox")).to_be_focused()
    on = view.page.get_by_role("button", name="Find", exact=True)
    off = view.page.get_by_role("button", name="Filter", exact=True)
    assert view.colour(on, "borderTopColor") != view.colour(off, "borderTopColor")
