"""What a browser does on behalf of somebody else's page is refused; programs just ask."""

import pytest

from tests.support.raw import raw
from tests.support.running import serving, stream
from tests.web.conftest import Complaints
from webtee.web.access import Access

HERE = "localhost:9000"


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        (None, True),
        ("localhost:9000", True),
        ("LocalHost", True),
        ("logs.localhost", True),
        ("127.0.0.1:9000", True),
        ("[::1]:9000", True),
        ("192.0.2.7:9000", True),
        ("proxy.example", True),
        ("evil.example:9000", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("notlocalhost", False),
        ("sub.proxy.example", False),
        ("evil.example@", False),
        ("[broken", False),
        ("", False),
    ],
)
def test_names_that_somebody_else_may_own_are_none_of_ours(host: str | None, allowed: bool) -> None:
    assert Access(allow_hosts=["proxy.example"]).host_allowed(host) is allowed


@pytest.mark.parametrize("here", ["127.0.0.1", "::1", "localhost"])
def test_a_server_for_this_machine_knows_all_its_names(here: str) -> None:
    assert not Access(host=here).host_allowed("logs.example")


def test_a_server_for_others_has_names_that_it_does_not_know() -> None:
    assert Access(host="0.0.0.0").host_allowed("logs.example")


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (None, True),
        ("http://localhost:9000", True),
        ("http://localhost:1234", True),
        ("http://127.0.0.1", True),
        ("https://[::1]:8", True),
        ("https://friend.example", True),
        ("https://friend.example:8443", False),
        ("http://friend.example", False),
        ("https://sub.friend.example", False),
        ("http://evil.example", False),
        ("http://localhost@evil.example", False),
        ("chrome-extension://evil", False),
        ("http://localhost.evil.example", False),
        ("http://[broken", False),
        ("file://", False),
        ("", False),
        ("null", False),
    ],
)
def test_pages_of_others_may_not_read(origin: str | None, allowed: bool) -> None:
    access = Access(allow_origins=["https://friend.example"])
    assert access.origin_allowed(origin, HERE, from_file=False) is allowed


def test_its_own_page_may_read_by_whatever_name_it_is_asked_for() -> None:
    access = Access(host="0.0.0.0")
    assert access.origin_allowed("http://logs.example:80", "Logs.Example:80", from_file=False)


async def test_a_page_from_a_file_may_open_the_plain_socket_and_nothing_else(
    complaints: Complaints,
) -> None:
    async with serving(stream()) as server:
        async with raw(server.port) as peer:
            await peer.upgrade("/", {"Origin": "null"})
        for path in ("/", "/healthz", "/s/s/segments", "/s/s/live"):
            async with raw(server.port) as peer:
                request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\n\r\n"
                status, _ = await peer.answer(request.encode())
                assert status == 403, path
    assert len(complaints.take()) == 4


@pytest.mark.parametrize(
    ("path", "site", "mode", "kind", "status"),
    [
        ("/s/s/screen?redraw=1", "cross-site", "no-cors", "image", 403),
        ("/s/s/search", "cross-site", "no-cors", "script", 403),
        ("/s/s/search", "same-site", "no-cors", "image", 200),  # of this machine, on another port
        ("/s/s/search", "same-origin", "cors", "empty", 200),
        ("/s/s/search", "cross-site", "navigate", "document", 200),  # somebody's link
        ("/s/s/screen?redraw=1", "cross-site", "navigate", "iframe", 403),
        ("/s/s/search", "cross-site", "navigate", "object", 403),
        ("/s/s/search", "same-site", "navigate", "iframe", 200),
        ("/healthz", "none", "navigate", "document", 200),
    ],
)
async def test_another_sites_page_has_no_work_done_by_what_it_shows_as_an_image_or_a_frame(
    *, path: str, site: str, mode: str, kind: str, status: int, complaints: Complaints
) -> None:
    async with serving(stream()) as server, raw(server.port) as peer:
        fetch = {"Site": site, "Mode": mode, "Dest": kind}
        head = "".join(f"Sec-Fetch-{name}: {value}\r\n" for name, value in fetch.items())
        request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{head}\r\n"
        assert (await peer.answer(request.encode()))[0] == status
    assert len(complaints.take()) == (status == 403)


async def test_a_rebound_name_reads_nothing(complaints: Complaints) -> None:
    async with serving(stream()) as server, raw(server.port) as peer:
        status, _ = await peer.answer(b"GET /?follow=0 HTTP/1.1\r\nHost: evil.example\r\n\r\n")
        assert status == 403
    (complaint,) = complaints.take()
    assert "--allow-host" in complaint
