"""Who may ask: a browser's request from a page of somebody else's is refused.

A WebSocket is not held back by the same-origin policy, so that any site could read a stream through
its visitors' browsers if the server did not look at the Origin header (RFC 6455, section 10.2).
"""

import ipaddress
from urllib.parse import urlsplit

from aiohttp import web


def origin_allowed(origin: str | None, host: str) -> bool:
    """Return whether a page of ``origin`` may read from the server that it calls ``host``.

    Its own pages may, and those of this machine: from any port of it, and from a file, whose origin
    is ``null``. Programs other than browsers send no origin.
    """
    if origin is None or origin == "null":
        return True
    try:
        page = urlsplit(origin)
        name = page.hostname or ""
    except ValueError:
        return False
    return page.netloc.lower() == host.lower() or _is_loopback(name)


def _is_loopback(name: str) -> bool:
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def check_origin(request: web.Request) -> None:
    """Refuse a request that a page of somebody else's makes.

    Raises:
        web.HTTPForbidden: It is one.
    """
    origin = request.headers.get("Origin")
    if not origin_allowed(origin, request.headers.get("Host", "")):
        raise web.HTTPForbidden(text=f"Pages of {origin!r:.100} may not read from here.\n")
