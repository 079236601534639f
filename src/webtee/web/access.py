"""Who may ask: what a browser does on behalf of somebody else's page is refused.

Two ways lead from a page of anywhere to a server of this machine. A WebSocket is not held back by
the same-origin policy, so the Origin header has to be looked at (RFC 6455, section 10.2). And a
name that its owner points at 127.0.0.1 makes any server here the page's own origin (DNS rebinding),
so the Host header has to be one that nobody else can own. What a page of another origin may have,
its browser hands to it only if the answer says so (CORS, the Fetch standard, section 3.3).
"""

import ipaddress
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import hdrs, web

_FRAMES = ("embed", "fencedframe", "frame", "iframe", "object")


@dataclass(frozen=True)
class Access:
    """The rule by which requests are refused.

    Attributes:
        host: The address that the server listens on.
        allow_hosts: Names by which it may be asked for besides; it is asked so behind a proxy.
        allow_origins: Origins whose pages may read from it besides its own.
    """

    host: str = "127.0.0.1"
    allow_hosts: Collection[str] = ()
    allow_origins: Collection[str] = ()

    def check(
        self, request: web.Request, *, from_file: bool = False, for_everyone: bool = False
    ) -> None:
        """Refuse a request that somebody else's page makes.

        Args:
            request: The request.
            from_file: Whether a page that is a file may make it.
            for_everyone: Whether any page may make it.

        Raises:
            web.HTTPForbidden: It is not allowed; the text says what would allow it.
        """
        host = request.headers.get("Host")
        origin = request.headers.get("Origin")
        if not self.host_allowed(host):
            raise web.HTTPForbidden(
                text=f"Here is no {host!r:.100}; --allow-host NAME makes it one of our names.\n"
            )
        if not for_everyone and _is_embedded_elsewhere(request):
            raise web.HTTPForbidden(
                text="Pages of other sites may not have this as an image or a frame.\n"
            )
        if not for_everyone and not self.origin_allowed(origin, host, from_file=from_file):
            raise web.HTTPForbidden(
                text=f"Pages of {origin!r:.100} may not read from here; --allow-origin lets them.\n"
            )

    def sign(self, request: web.Request, response: web.StreamResponse) -> None:
        """Say in an answer which page may read it, and that this depends on who asks.

        What is for everyone says so already. Every other answer has ``Vary: Origin``, whoever
        asked, because a browser's cache may hand it to the next page that asks.
        """
        headers = response.headers
        if hdrs.ACCESS_CONTROL_ALLOW_ORIGIN in headers:
            return
        varies = headers.get(hdrs.VARY)
        headers[hdrs.VARY] = f"{varies}, Origin" if varies else "Origin"
        origin, host = request.headers.get(hdrs.ORIGIN), request.headers.get(hdrs.HOST)
        if origin is None or not self.host_allowed(host):
            return
        if self.origin_allowed(origin, host, from_file=False):
            headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = origin

    def host_allowed(self, host: str | None) -> bool:
        """Return whether the server may be asked for by ``host``.

        Only a server that listens on this machine alone is choosy: the others have names that it
        does not know of. An address is always right: nobody can point that elsewhere. Browsers
        always say whom they ask.
        """
        if host is None or not _is_loopback(self.host):
            return True
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        except ValueError:
            return False
        return _is_loopback(name) or _is_address(name) or name in self.allow_hosts

    def origin_allowed(self, origin: str | None, host: str | None, *, from_file: bool) -> bool:
        """Return whether a page of ``origin`` may read from the server that it calls ``host``.

        Its own pages may, and those that this machine serves on any port. Programs other than
        browsers send no origin. A file's is ``null``; so is that of a sandboxed frame.
        """
        if origin is None or origin in self.allow_origins:
            return True
        if origin == "null":
            return from_file
        try:
            page = urlsplit(origin)
            return page.netloc.lower() == (host or "").lower() or _is_loopback(page.hostname or "")
        except ValueError:
            return False


def _is_embedded_elsewhere(request: web.Request) -> bool:
    """Return whether another site's page asks for an image, a frame or the like: without an origin.

    It could not read the answer, but have work done (Fetch Metadata, W3C, section 2).
    """
    headers = request.headers
    return headers.get("Sec-Fetch-Site") == "cross-site" and (
        headers.get("Sec-Fetch-Mode") == "no-cors" or headers.get("Sec-Fetch-Dest") in _FRAMES
    )


def _is_loopback(name: str) -> bool:
    if name == "localhost" or name.endswith(".localhost"):
        return True
    return _is_address(name) and ipaddress.ip_address(name).is_loopback


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


ACCESS: web.AppKey[Access] = web.AppKey("access", Access)
