"""The addresses that others can use: real ones of this machine, and none where there are none."""

from pathlib import Path

import pytest

from tests.support.running import serving, stream
from tests.web.reading import fetch
from webtee.web import addresses as module
from webtee.web.addresses import addresses

LINES = (
    "00000000000000000000000000000001 01 80 10 80       lo\n"
    "fe80000000000000000000fffe000001 02 40 20 80     eth0\n"
    "20010db8000000000000000000000005 02 40 00 80     eth0\n"
)


def test_one_address_has_no_others() -> None:
    for host in ("127.0.0.1", "::1", "localhost", "192.0.2.7"):
        assert addresses(host) == []


async def test_the_server_is_found_by_what_others_are_told() -> None:
    async with serving(stream(), host="0.0.0.0") as server:
        found = server.others_urls
        assert [f"http://{host}:{server.port}/" for host in addresses("0.0.0.0")] == found
        status, _, body = await fetch(server, "/", headers={"Accept": "text/html"})
        assert status == 200
        first = found[0].removeprefix("http://").rstrip("/") if found else ""
        assert f'<meta name="webtee-address" content="{first}"' in body.decode()
    assert not any(url.startswith("http://127.") for url in found)


def test_of_ipv6_only_global_addresses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "if_inet6"
    monkeypatch.setattr(module, "_INET6", table)
    assert addresses("::") == []
    table.write_text(LINES)
    assert addresses("::") == ["[2001:db8::5]"]
