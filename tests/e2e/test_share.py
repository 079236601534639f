"""Sharing: a link to what is shown, to copy, hand on or scan."""

import re

import pytest
import zxingcpp
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Open, Run
from tests.e2e.view import View

pytestmark = pytest.mark.browser

_PICTURE = """async (svg) => {
  const image = new Image();
  const copy = svg.cloneNode(true);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", "400");
  copy.setAttribute("height", "400");
  image.src = "data:image/svg+xml," + encodeURIComponent(copy.outerHTML);
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 400;
  const context = canvas.getContext("2d");
  context.fillStyle = getComputedStyle(svg).backgroundColor;
  context.fillRect(0, 0, 400, 400);
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, 400, 400);
  return Array.from({ length: 160000 }, (_, i) => data[4 * i]);
}"""


def share(view: View) -> Locator:
    view.page.get_by_role("button", name="Share", exact=True).click()
    dialog = view.page.get_by_role("dialog", name="Share")
    expect(dialog).to_be_visible()
    return dialog


def scan(code: Locator) -> str:
    """Read the QR code as a camera does."""
    pixels = memoryview(bytes(code.evaluate(_PICTURE))).cast("B", shape=[400, 400])
    (found,) = zxingcpp.read_barcodes(pixels)
    text: str = found.text
    return text


@pytest.fixture
def view(open_page: Open, run: Run) -> View:
    process, puppet = run()
    puppet.say("".join(f"{n}\n" for n in range(1, 51)))
    view = open_page(process.url)
    view.expect_line(50, "50")
    view.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return view


def test_link_to_the_stream(view: View) -> None:
    dialog = share(view)
    expect(dialog.get_by_label("Link", exact=True)).to_have_value(view.page.url)
    expect(dialog.get_by_role("checkbox")).to_be_hidden()  # nothing is chosen here
    assert scan(dialog.get_by_test_id("qr")) == view.page.url
    expect(dialog.get_by_role("note")).to_contain_text("Only this machine")
    copy = dialog.get_by_role("button", name="Copy")
    expect(copy).to_be_focused()
    view.press("Enter")
    expect(dialog.get_by_role("button", name="Copied")).to_be_visible()
    assert view.page.evaluate("navigator.clipboard.readText()") == view.page.url
    view.press("Escape")
    expect(dialog).to_be_hidden()
    expect(view.page.get_by_role("button", name="Share", exact=True)).to_be_focused()


def test_link_for_others_where_webtee_listens_for_them(open_page: Open, run: Run) -> None:
    process, _ = run("--host", "0.0.0.0")
    theirs = process.err.until(r"^webtee: on the network: (http://\S+/)$")
    view = open_page(process.url)
    dialog = share(view)
    expect(dialog.get_by_label("Link", exact=True)).to_have_value(theirs)
    assert scan(dialog.get_by_test_id("qr")) == theirs
    expect(dialog.get_by_role("note")).to_have_count(0)


def test_link_to_what_is_chosen(view: View) -> None:
    view.page.evaluate("location.hash = 'L20-L22'")
    dialog = share(view)
    link = dialog.get_by_label("Link", exact=True)
    expect(link).to_have_value(re.compile("#L20-L22"))
    assert scan(dialog.get_by_test_id("qr")) == view.page.url
    dialog.get_by_role("checkbox").uncheck()
    expect(link).to_have_value(view.page.url.partition("#")[0])
    assert scan(dialog.get_by_test_id("qr")) == view.page.url.partition("#")[0]


def test_copy_without_a_clipboard(view: View) -> None:
    """On plain http from another machine, browsers offer pages no clipboard."""
    view.page.evaluate(
        "() => { Object.defineProperty(navigator, 'clipboard', { configurable: true }); }"
    )
    dialog = share(view)
    dialog.get_by_role("button", name="Copy").click()
    expect(dialog.get_by_role("button", name="Copied")).to_be_visible()
    view.page.evaluate("delete navigator.clipboard")
    assert view.page.evaluate("navigator.clipboard.readText()") == view.page.url


def test_hand_on(view: View) -> None:
    view.page.evaluate("navigator.share = async (what) => { window.handed = what; }")
    dialog = share(view)
    dialog.get_by_role("button", name="Send").click()
    view.page.wait_for_function("() => window.handed")
    assert view.page.evaluate("handed.url") == view.page.url


def test_link_that_is_too_long_for_a_code(view: View) -> None:
    view.page.evaluate(f"location.hash = 'mark=:{'x' * 990}' + '&mark=:{'y' * 990}'.repeat(4)")
    dialog = share(view)
    expect(dialog).to_contain_text("too long for a QR code")
    expect(dialog.get_by_test_id("qr")).to_be_hidden()
