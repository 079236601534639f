"""The page without a browser: how it is served, and that nothing else is."""

import gzip
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote, urljoin

import pytest

from tests.support.raw import raw
from tests.support.running import serving, stream
from tests.web.conftest import Complaints
from tests.web.reading import fetch
from webtee.log.record import Kind
from webtee.web import server as server_module
from webtee.web.page import Page
from webtee.web.server import Server

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Encoding": "identity"}
PLAIN = {"Accept-Encoding": "identity"}
GZIP = {"Accept-Encoding": "gzip, deflate, br"}
HOSTILE = '"><script>alert(1)</script><meta content="&amp;'


class Elements(HTMLParser):
    """What a browser makes of a page: elements with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of all elements of a kind."""
        return [attributes for name, attributes in self.found if name == tag]


async def page(server: Server, path: str = "/") -> Elements:
    status, _, body = await fetch(server, path, headers=HTML)
    assert status == 200
    return Elements(body.decode())


def loaded(elements: Elements) -> list[str]:
    """Return the paths of what the page loads first."""
    [base] = elements.named("base")
    links = [
        *(script.get("src") for script in elements.named("script")),
        *(link.get("href") for link in elements.named("link")),
    ]
    return [urljoin(base["href"] or "", link) for link in links if link]


def policy(headers: dict[str, str]) -> dict[str, list[str]]:
    directives = (part.split() for part in headers["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in directives}


async def test_the_page_is_asked_for_again_each_time() -> None:
    async with serving(stream()) as server:
        for path in ("/", "/s/s"):
            status, headers, _ = await fetch(server, path, headers=HTML)
            assert status == 200
            assert headers["Content-Type"] == "text/html; charset=utf-8"
            assert headers["Cache-Control"] == "no-cache"
            # The same address is also text, and either may be compressed, or read by others.
            varies = {name.strip() for name in headers["Vary"].split(",")}
            assert varies == {"Accept", "Accept-Encoding", "Origin"}


async def test_everything_that_the_page_loads_is_there_and_kept_for_ever() -> None:
    async with serving(stream()) as server:
        paths = loaded(await page(server))
        types = set()
        assert len(paths) >= 3
        for path in paths:
            status, headers, body = await fetch(server, path, headers=PLAIN)
            assert (status, bool(body)) == (200, True), path
            assert path.startswith("/assets/")
            assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert headers["Vary"] == "Accept-Encoding"
            types.add(headers["Content-Type"])
        assert types == {
            "text/javascript; charset=utf-8",
            "text/css; charset=utf-8",
            "image/svg+xml",
        }


async def test_every_file_of_the_page_is_served_as_it_is_built() -> None:
    assets = list((files("webtee") / "web" / "page" / "assets").iterdir())
    assert assets
    async with serving(stream()) as server:
        for asset in assets:
            status, headers, body = await fetch(server, f"/assets/{asset.name}", headers=PLAIN)
            assert status == 200
            assert "Content-Encoding" not in headers
            assert body == asset.read_bytes()


async def test_text_is_compressed_for_those_who_can_read_it() -> None:
    async with serving(stream()) as server:
        paths = loaded(await page(server))
        for path, accept in [("/", HTML), *((path, PLAIN) for path in paths)]:
            _, plainly, as_it_is = await fetch(server, path, headers=accept)
            assert "Content-Encoding" not in plainly
            async with raw(server.port) as connection:
                request = {"Host": "localhost", "Connection": "close"} | accept | GZIP
                lines = "".join(f"{name}: {value}\r\n" for name, value in request.items())
                status, headers = await connection.answer(
                    f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode()
                )
                body = await connection.rest()
            assert status == 200
            assert headers["content-encoding"] == "gzip"
            assert int(headers["content-length"]) == len(body)
            assert gzip.decompress(body) == as_it_is
            assert headers["vary"] == plainly["Vary"]
            assert headers["cache-control"] == plainly["Cache-Control"]


async def test_the_first_load_is_small() -> None:
    worker = [
        f"/assets/{asset.name}"
        for asset in (files("webtee") / "web" / "page" / "assets").iterdir()
        if asset.name.startswith("main-")
    ]
    assert len(worker) == 1
    async with serving(stream()) as server:
        paths = ["/", *loaded(await page(server)), *worker]
        sizes = {
            path: len(gzip.compress((await fetch(server, path, headers=HTML))[2])) for path in paths
        }
    assert sum(sizes.values()) < 150_000, sizes


async def test_the_page_may_load_and_ask_for_nothing_from_elsewhere() -> None:
    async with serving(stream()) as server:
        for path in ("/", *loaded(await page(server))):
            _, headers, _ = await fetch(server, path, headers=HTML)
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "no-referrer"
            allowed = policy(dict(headers))
            assert allowed["default-src"] == ["'none'"]
            # Even if output got into the page as markup, none of it could run or call out.
            assert allowed["script-src"] == allowed["worker-src"] == ["'self'"]
            assert allowed["connect-src"] == ["'self'"]
            assert allowed["base-uri"] == allowed["frame-ancestors"] == ["'self'"]
            assert allowed["form-action"] == ["'none'"]
            named = {value for values in allowed.values() for value in values}
            assert {value for value in named if ":" in value or "." in value} == {"data:"}


async def test_the_page_has_no_script_of_its_own_that_the_policy_would_refuse() -> None:
    async with serving(stream()) as server:
        elements = await page(server)
    assert all(script.get("src") for script in elements.named("script"))
    assert not [name for _, a in elements.found for name in a if name.startswith("on")]


@pytest.mark.parametrize("name", ["s", "a b", "\u00e4\u20ac", HOSTILE])
async def test_the_page_knows_its_stream_whatever_that_is_called(name: str) -> None:
    async with serving(stream("first"), stream(name)) as server:
        ours, first = await page(server, f"/s/{quote(name, safe='')}"), await page(server)
    for elements, expected in ((ours, name), (first, "first")):
        metas = elements.named("meta")
        assert [m["content"] for m in metas if m.get("name") == "webtee-stream"] == [expected]
        assert [base["href"] for base in elements.named("base")] == ["/"]
    assert [tag for tag, _ in ours.found] == [tag for tag, _ in first.found]


async def test_a_head_has_the_same_headers_and_no_body() -> None:
    async with serving(stream()) as server:
        for path in ("/", *loaded(await page(server))):
            _, headers, body = await fetch(server, path, headers=HTML)
            status, only_headers, nothing = await fetch(server, path, method="HEAD", headers=HTML)
            assert (status, nothing) == (200, b"")
            assert int(only_headers["Content-Length"]) == len(body)
            for name in ("Content-Type", "Cache-Control", "Content-Security-Policy"):
                assert only_headers[name] == headers[name]


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/assets",
        "/assets/",
        "/assets/nothing.js",
        "/index.html",  # which lacks the stream's name
        "/assets/index.html",
        "/assets/../index.html",
        "/assets/../../page.py",
        "/assets/%2e%2e/index.html",
        "/assets/..%2findex.html",
        "/assets%2f..%2findex.html",
        "/assets/..%5cindex.html",
        "/..%2f..%2ferrors.py",
        "/%2e%2e/page.py",
        "/../page.py",
        "/.%00",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/page.py",
        "/__init__.py",
    ],
)
async def test_nothing_else_is_served(path: str, complaints: Complaints) -> None:
    async with serving(stream()) as server, raw(server.port) as connection:
        # By hand: a client would resolve the dots before it asks.
        status, headers = await connection.answer(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        )
        body = await connection.rest()
    assert status == 404
    assert headers["content-type"].startswith("text/plain")
    assert b"<" not in body
    [line] = complaints.take()
    assert "404" in line


async def test_without_a_page_it_says_so_and_serves_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, complaints: Complaints
) -> None:
    monkeypatch.setattr(server_module, "Page", lambda: Page(tmp_path))
    ours = stream()
    async with serving(ours) as server:
        ours.feed(Kind.OUTPUT, b"hello\n")
        ours.end()
        status, headers, body = await fetch(server, "/", headers=HTML)
        assert status == 503
        assert headers["Content-Type"] == "text/plain; charset=utf-8"
        assert b"not part of this installation" in body
        assert b"curl -N" in body
        status, _, body = await fetch(server, "/")
        assert (status, body) == (200, b"hello\n")
        status, _, _ = await fetch(server, "/assets/index.js")
        assert status == 404
        complaints.take()


async def test_a_page_is_what_is_in_its_folder_and_assets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, complaints: Complaints
) -> None:
    monkeypatch.setattr(server_module, "Page", lambda: Page(tmp_path))
    for name in (
        "index.html",
        "robots.txt",
        "dot.png",
        "assets/a.js",
        "assets/deep/b.js",
        "secret/c.js",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    async with serving(stream()) as server:
        _, _, body = await fetch(server, "/", headers=HTML)
        assert body == b"index.html"
        _, headers, body = await fetch(server, "/robots.txt")
        # What keeps its name may change.
        assert (headers["Cache-Control"], body) == ("no-cache", b"robots.txt")
        _, headers, _ = await fetch(server, "/assets/a.js", headers=GZIP)
        assert "immutable" in headers["Cache-Control"]
        assert headers["Content-Encoding"] == "gzip"
        _, headers, body = await fetch(server, "/dot.png", headers=GZIP)
        # A picture would only grow.
        assert ("Content-Encoding" in headers, body) == (False, b"dot.png")
        for path in ("/index.html", "/assets/deep/b.js", "/secret/c.js", "/c.js", "/b.js"):
            assert (await fetch(server, path))[0] == 404, path
    assert len(complaints.take()) == 5


@pytest.mark.parametrize(
    ("accepted", "compressed"),
    [
        ("gzip", True),
        ("br, GZIP ; q=0.5", True),
        ("gzip;q=1.0", True),
        ("gzip;q=0", False),
        ("br;q=1.0, gzip; q=0.000", False),
        ("xgzip", False),
        ("", False),
    ],
)
async def test_it_is_compressed_only_for_those_who_take_that(
    accepted: str, compressed: bool
) -> None:
    async with serving(stream()) as server:
        _, headers, _ = await fetch(server, "/", headers=HTML | {"Accept-Encoding": accepted})
        assert ("Content-Encoding" in headers) is compressed
        assert headers["Server"] == "webtee"
