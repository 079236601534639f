"""Addresses that are made to hurt: what makes sense in them is done, the rest is nothing."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Open, Run

pytestmark = pytest.mark.browser

# Each leaves the log in sight.
FRAGMENTS = [
    "L-5&LNaN&L1e9&L9007199254740993&L5-L1&L99999999999999999999",
    "L2-L9007199254740991",
    "&".join(f"L{n}" for n in range(5000)),
    "%&%E0%A4%A&find=%ED%A0%80&mark=:%00&epoch=%zz",
    "find=:<script>window.pwned=1</script>&mark=:<img src=x onerror=window.pwned=1>",
    "find=:" + "x" * 100_000,
    "&".join("mark=:line" for _ in range(1000)),
    "from=-1&to=9999999999999999&context=1e9&view=<b>",
    "mark=r:(?:.{0,30}a){30}c&mark=r:(a+)%2B$&mark=r:.*.*.*x&mark=r:(?:a%3F){1000}",
    r"mark=r:\C&mark=r:(?=a)&mark=r:(",
    "__proto__=1&constructor=2&toString=3",
]


def test_hostile_fragments(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet")
    puppet.say("a line\n" + "a" * 15_000 + "\n" + "line\n" * 20)
    view = open_page(process.url)
    view.expect_lines(22)
    for fragment in FRAGMENTS:
        view.show(f"{fragment}&mark=:lin")
        view.show("L1")
        expect(view.line(1)).to_be_in_viewport(timeout=2000)
        view.show(f"{fragment}&filter=:a line")
        expect(view.line(1)).to_be_in_viewport(timeout=2000)
        expect(view.line(3)).to_have_count(0, timeout=2000)
    view.show("")
    view.press("End")
    view.expect_line(22, "line")


def test_a_filter_that_makes_no_sense_says_why(open_page: Open, run: Run) -> None:
    process, puppet = run("--pipe", "--quiet")
    puppet.say("a line\n")
    view = open_page(f"{process.url}#filter=r:a(b&find=:line")
    chip = view.page.get_by_test_id("chip-filter")
    expect(chip).to_contain_text("a(b")
    expect(chip).to_contain_text("missing closing )")
    expect(view.line(1)).to_be_in_viewport()
