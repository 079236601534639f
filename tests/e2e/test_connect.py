"""`connect` of /webtee.js: a stream's data in pages elsewhere, and in Node.

Tests ask for `run` first, so that pages go before the webtees that they follow.
"""

import hashlib
import json
import os
import random
import re
import subprocess
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LOST, Complaints, Open, Run
from tests.e2e.elsewhere import Elsewhere
from tests.e2e.proxy import Proxy
from tests.support.running import Heard

pytestmark = pytest.mark.browser

# Notes everything that `connect` says, as something that can be compared.
_FOLLOW = """async ([module, url, options]) => {
  const { connect } = await import(module);
  const seen = { seqs: [], text: "", bytes: [], kinds: [], events: [], gaps: [], states: [] };
  window.seen = seen;
  window.connection = connect(url, {
    ...options,
    onrecord(record) {
      seen.seqs.push(record.seq);
      seen.text += record.text;
      if (record.kind === "event") seen.events.push(record.event);
      else seen.bytes.push(record.data);
      seen.kinds.push(record.kind);
      if (record.text.includes("throw")) throw new Error("thrown by onrecord");
    },
    ongap: (gap) => seen.gaps.push(gap),
    onstate: (state) => seen.states.push(state),
  });
}"""

_DIGEST = """async () => {
  const digest = await crypto.subtle.digest("SHA-256", await new Blob(seen.bytes).arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}"""


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    with Elsewhere() as server:
        yield server


@pytest.fixture
def follow(open_page: Open, elsewhere: Elsewhere, complaints: Complaints) -> Any:
    """``follow(webtee, url, **options)``: a page elsewhere that connects."""

    def follow(webtee: str, url: str, **options: object) -> Page:
        complaints.origins.add(webtee)
        page = open_page(elsewhere.page(""), wait=False).page
        page.evaluate(_FOLLOW, [f"{webtee}webtee.js", url, options])
        return page

    return follow


def test_every_record_comes_once_with_all_that_is_known_of_it(run: Run, follow: Any) -> None:
    process, puppet = run("--pipe", "--title", "mine")
    puppet.say("one\nhal")
    puppet.say("é".encode()[:1])
    page = follow(process.url, process.url, after=0)
    page.wait_for_function("seen.text === 'one\\nhal'")
    puppet.say("é".encode()[1:])
    puppet.say("€ 😀\n")
    page.wait_for_function("seen.text === 'one\\nhalé€ 😀\\n'")
    puppet.say("said badly\n", stderr=True)
    page.wait_for_function("seen.kinds.at(-1) === 'stderr'")
    puppet.exit(3)
    page.wait_for_function("seen.states.at(-1)?.phase === 'ended'")
    seen = page.evaluate("({ ...seen, bytes: undefined })")
    assert seen["seqs"] == list(range(1, len(seen["seqs"]) + 1))
    assert seen["gaps"] == []
    assert [event["event"] for event in seen["events"]] == ["start", "exit"]
    assert seen["events"][-1]["code"] == 3
    first, last = seen["states"][0], seen["states"][-1]
    assert (first["phase"], first["stream"]["title"]) == ("live", "mine")
    assert (last["exit"]["code"], last["viewers"]) == (3, 1)
    assert page.evaluate("connection.state") == last
    page.evaluate("connection.close()")
    assert page.evaluate("connection.state.phase") == "closed"
    assert page.title() == "Mine"


def test_every_byte_comes_once_through_a_connection_that_is_cut(
    run: Run, follow: Any, complaints: Complaints
) -> None:
    complaints.allow(LOST)
    process, puppet = run("--pipe")
    chance = random.Random(1)
    written = b""
    with Proxy(process.port) as proxy:
        page = follow(proxy.url, proxy.url, after=0)
        for cut in range(1, 5):
            proxy.wait_opened(cut)
            data = chance.randbytes(chance.randrange(30_000, 90_000))
            proxy.cut(after=chance.randrange(1, 20_000))
            puppet.say(data)
            proxy.wait_cut()
            puppet.say(b"after\n")
            written += data + b"after\n"
        page.wait_for_function(
            "(size) => seen.bytes.reduce((sum, { length }) => sum + length, 0) >= size",
            arg=len(written),
        )
        assert page.evaluate(_DIGEST) == hashlib.sha256(written).hexdigest()
        seqs = page.evaluate("seen.seqs")
        assert seqs == list(range(1, len(seqs) + 1))
        assert page.evaluate("seen.gaps") == []
        phases = page.evaluate("seen.states.map(({ phase }) => phase)")
        assert {"live", "reconnecting"} == set(phases)


def test_what_a_callback_throws_is_reported_and_stops_nothing(
    run: Run, follow: Any, complaints: Complaints
) -> None:
    process, puppet = run("--pipe")
    page = follow(process.url, process.url)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    puppet.say("throw\n")
    page.wait_for_function("seen.text === 'throw\\n'")
    puppet.say("goes on\n")
    page.wait_for_function("seen.text === 'throw\\ngoes on\\n'")
    assert errors == ["thrown by onrecord"]
    complaints.made.remove("uncaught: thrown by onrecord")


def test_what_is_no_longer_kept_is_a_gap(run: Run, follow: Any) -> None:
    process, puppet = run("--pipe", "--keep", "1")
    chance = random.Random(2)
    for _ in range(40):
        puppet.say(chance.randbytes(100_000))
    puppet.say("the end")
    page = follow(process.url, process.url, after=0)
    page.wait_for_function("seen.text.endsWith('the end')")
    gaps, seqs = page.evaluate("[seen.gaps, seen.seqs]")
    [gap] = gaps
    assert gap["reason"] == "expired"
    assert (gap["firstSeq"], gap["lastSeq"]) == (1, seqs[0] - 1)
    assert seqs == list(range(seqs[0], seqs[-1] + 1))


def test_a_page_that_may_not_read_is_told_what_would_let_it(
    run: Run, open_page: Open, elsewhere: Elsewhere, complaints: Complaints
) -> None:
    complaints.allow(r"blocked by CORS policy|net::ERR_FAILED|status of 403")
    origin = elsewhere.foreign_url.rstrip("/")
    refusing, _ = run("--pipe")
    allowing, puppet = run("--pipe", "--allow-origin", origin)
    complaints.origins |= {refusing.url, allowing.url}
    elsewhere.page("")
    page = open_page(elsewhere.foreign_url, wait=False).page
    page.evaluate(_FOLLOW, [f"{refusing.url}webtee.js", refusing.url, {}])
    page.wait_for_function("seen.states.length > 0")
    [state, *_] = page.evaluate("seen.states")
    assert state["phase"] == "connecting"
    assert f"--allow-origin {origin} " in state["fault"]
    page.evaluate("connection.close()")
    page.evaluate(_FOLLOW, [f"{allowing.url}webtee.js", allowing.url, {}])
    puppet.say("for friends\n")
    page.wait_for_function("seen.text === 'for friends\\n'")


def test_a_stream_or_server_that_is_not_there_is_named(
    run: Run, follow: Any, complaints: Complaints
) -> None:
    complaints.allow(LOST)
    process, puppet = run("--pipe")
    page = follow(process.url, f"{process.url}s/none")
    page.wait_for_function("/no stream “none”/.test(seen.states.at(-1)?.fault)")
    with Proxy(process.port) as proxy:
        complaints.origins.add(proxy.url)
        proxy.down()
        page.evaluate(_FOLLOW, [f"{process.url}webtee.js", proxy.url, {}])
        page.wait_for_function("/cannot be reached/.test(seen.states.at(-1)?.fault)")
        puppet.say("here\n")
        proxy.up(process.port)
        page.wait_for_function("seen.text === 'here\\n'")
        assert page.evaluate("seen.states.at(-1).fault") is None
    for wrong in ("ftp://localhost/", "http://[/"):
        message = page.evaluate(
            "([module, url]) => import(module).then(({ connect }) => connect(url)).catch(String)",
            [f"{process.url}webtee.js", wrong],
        )
        assert message.startswith("TypeError"), message


def test_only_connecting_loads_neither_the_log_view_nor_lit(run: Run, follow: Any) -> None:
    process, _ = run("--pipe")
    page = follow(process.url, process.url)
    page.wait_for_function("seen.states.length > 0")
    loaded = page.evaluate(
        "performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js'))"
        ".map(({ name, encodedBodySize }) => [name, encodedBodySize])"
    )
    assert len(loaded) >= 1
    assert sum(size for _, size in loaded) < 8_000


def test_the_example_counts_requests_by_status(
    run: Run, open_page: Open, elsewhere: Elsewhere, complaints: Complaints
) -> None:
    process, puppet = run("--pipe")
    line = '10.0.0.1 - - [01/Jan/2026:00:00:00 +0000] "GET /{} HTTP/1.1" {} 12 "-" "curl"\n'
    puppet.say("another log\n")
    complaints.origins.add(process.url)
    page = open_page(elsewhere.example("connect.html", process.url), wait=False).page
    expect(page.locator("#state")).to_have_text("live")
    expect(page.locator("#wanted")).to_contain_text("lines so far (1)")
    puppet.say("".join(line.format(n, 200 if n % 10 else 503) for n in range(100)))
    expect(page.locator("#wanted")).to_be_hidden()
    expect(page.locator("#counts")).to_have_text(re.compile(r"^\s*200\s*90\s*503\s*10\s*$"))
    expect(page.locator("#failed")).to_contain_text("GET /90 ")
    puppet.say(line.format("cut", 404)[:30])
    puppet.say(line.format("cut", 404)[30:])
    expect(page.locator("#counts")).to_contain_text("404")
    puppet.exit()
    expect(page.locator("#state")).to_have_text("ended")


def test_node_follows_without_a_browser(run: Run) -> None:
    process, puppet = run("--pipe")
    module = str(files("webtee") / "web" / "page" / "webtee.js")
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    flags = [] if int(version.stdout[1:].split(".")[0]) >= 22 else ["--experimental-websocket"]
    script = f"""
      import {{ connect }} from {json.dumps(module)};
      const connection = connect({json.dumps(process.url)}, {{
        after: 0,
        onrecord: ({{ data, event }}) => event ?? process.stdout.write(data),
        onstate: ({{ phase }}) => phase === "ended" && connection.close(),
      }});
    """
    node = subprocess.Popen(
        ["node", *flags, "--input-type=module", "-e", script], stdout=subprocess.PIPE
    )
    assert node.stdout is not None
    with node.stdout:
        out = Heard(os.dup(node.stdout.fileno()))
    puppet.say("one\n")
    out.until("one")
    puppet.say("two\n")
    puppet.exit()
    # It ends by itself: nothing is left that would keep it.
    assert out.all() == b"one\ntwo\n"
    assert node.wait() == 0
