"""What is read over HTTP, by a client that is not ours."""

import json
from collections.abc import Mapping
from typing import Any

import aiohttp

from tests.support.v1 import Seen
from tests.support.watching import inflate
from webtee.web.server import Server


async def fetch(
    server: Server, path: str, *, method: str = "GET", headers: dict[str, str] | None = None
) -> tuple[int, Mapping[str, str], bytes]:
    """Return the status, the headers and the body."""
    url = f"http://127.0.0.1:{server.port}{path}"
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, headers=headers) as answer,
    ):
        return answer.status, answer.headers, await answer.read()


async def fetch_json(server: Server, path: str) -> Any:
    """Return what is in a JSON body."""
    status, _, body = await fetch(server, path)
    assert status == 200
    return json.loads(body)


async def history(server: Server, name: str = "s") -> list[Seen]:
    """Return every record that is kept, read as segments."""
    listed = await fetch_json(server, f"/s/{name}/segments")
    records = []
    for entry in listed["segments"]:
        path = f"/s/{name}/segments/{entry['first_seq']}?epoch={listed['epoch']}"
        status, _, body = await fetch(server, path)
        assert status == 200
        records += inflate(body)
    return records
