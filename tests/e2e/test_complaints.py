"""The tests' own ears: a page that complains, or goes elsewhere, is heard."""

import pytest

from tests.e2e.conftest import Complaints, Open, Run

pytestmark = pytest.mark.browser


def test_complaints_are_heard(open_page: Open, run: Run, complaints: Complaints) -> None:
    process, _ = run()
    view = open_page(process.url)
    assert not complaints.made
    view.page.evaluate(
        """async () => {
          console.error("one");
          window.pwned = "four";
          alert("five");
          setTimeout(() => { throw new Error("two"); });
          await fetch("http://127.0.0.2/three").catch(() => 0);
          const worker = new Worker(URL.createObjectURL(new Blob([])));
          await new Promise((heard) => (worker.onerror = heard)).catch(() => 0);
        }"""
    )
    view.rows()
    told = ("console: error: one", "pwned: four", "dialog: five")
    for what in (*told, "uncaught: two", "127.0.0.2/three", "Worker|worker"):
        assert any(part in made for made in complaints.made for part in what.split("|")), (
            complaints.made
        )
    complaints.made.clear()
