"""The browser's own EventSource, over a connection that is cut: everything once."""

import re
from pathlib import Path

import pytest

from tests.e2e.conftest import LOST, Complaints, Open, Run
from tests.e2e.proxy import Proxy

pytestmark = pytest.mark.browser

PROTOCOL = Path(__file__).parents[2] / "docs" / "protocol.md"

_WATCH = """(url) => {
  window.resumed = [];
  document.body.replaceChildren(document.createElement("pre"));
  const EventSource = class extends window.EventSource {
    constructor(there) { super(there.replace("http://localhost:9000/s/make/", url)); }
  };
  %s
  events.addEventListener("hello", ({ data }) => resumed.push(JSON.parse(data).resume));
}"""

_SHOWS = "(text) => document.body.textContent === text"
_NAME = "async () => (await (await fetch('/api/streams')).json()).streams[0].name"


def test_event_source_resumes_by_itself(open_page: Open, run: Run, complaints: Complaints) -> None:
    complaints.allow(LOST)
    complaints.allow("404")  # the icon of what is no page
    complaints.allow("ERR_INCOMPLETE_CHUNKED_ENCODING")
    example = re.findall(r"^```javascript\n(.*?)^```", PROTOCOL.read_text("utf-8"), re.M | re.S)
    process, puppet = run("--pipe")
    puppet.say("".join(f"line {n}\n" for n in range(1, 31)))
    text = "".join(f"line {n}\n" for n in range(21, 31))
    with Proxy(process.port) as proxy:
        complaints.origins |= {proxy.url, process.url}
        page = open_page(f"{process.url}healthz", wait=False).page
        name = page.evaluate(_NAME)
        page.evaluate(_WATCH % example[0], f"{proxy.url}s/{name}/")
        for count in range(1, 4):
            page.wait_for_function(_SHOWS, arg=text)
            euro = "€".encode()
            puppet.say(b"half: " + euro[:1])
            page.wait_for_function(_SHOWS, arg=f"{text}half: ")
            proxy.cut(after=100)
            puppet.say(euro[1:] + b"\n" + b"".join(b"more %d\n" % n for n in range(1000)))
            proxy.wait_cut()
            proxy.wait_opened(count + 1)
            text += "half: €\n" + "".join(f"more {n}\n" for n in range(1000))
        page.wait_for_function(_SHOWS, arg=text)
        assert page.evaluate("resumed") == ["fresh", *["exact"] * 3]
