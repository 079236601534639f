"""The smallest page there is, exactly as the README has it: the last lines, then everything."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Complaints, Open, Run

pytestmark = pytest.mark.browser

README = Path(__file__).parents[2] / "README.md"


def test_page_of_the_readme_from_a_file(
    open_page: Open, run: Run, complaints: Complaints, tmp_path: Path
) -> None:
    process, puppet = run("--pipe")
    puppet.say("".join(f"line {n}\n" for n in range(1, 31)))
    found = re.search(r"^```html\n(.*?)^```", README.read_text(), re.M | re.S)
    assert found
    html = found[1]
    assert html.count("ws://localhost:9000") == 1
    file = tmp_path / "page.html"
    file.write_text(html.replace("localhost:9000", f"localhost:{process.port}"))
    complaints.origins.add(f"http://localhost:{process.port}")
    view = open_page(file.as_uri(), wait=False)
    log = view.page.locator("#log")
    tail = "".join(f"line {n}\n" for n in range(21, 31))
    expect(log).to_have_js_property("textContent", tail)
    puppet.say("é, split: ".encode()[:1])
    puppet.say("é, split: ".encode()[1:] + b"<b>text</b>\x1b[31m\n")
    more = "é, split: <b>text</b>\x1b[31m\n"
    expect(log).to_have_js_property("textContent", tail + more)
    puppet.say("to stderr\n", stderr=True)
    more += "to stderr\n"
    expect(log).to_have_js_property("textContent", tail + more)
    numbered = "".join(f"{n}\n" for n in range(5000))
    puppet.say(numbered)
    expect(log).to_have_js_property("textContent", tail + more + numbered)
    puppet.exit()
    process.err.until("exited|ended|code")
    expect(log).to_have_js_property("textContent", tail + more + numbered)
