"""The page and what it loads, from memory: built by ui/ and shipped inside the package."""

import gzip
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from importlib.resources import files
from importlib.resources.abc import Traversable

from aiohttp import web

from webtee.stream import Stream

_POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'self'; form-action 'none'; frame-ancestors 'self'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_COMPRESSIBLE = ("text/", "application/json", "image/svg+xml")
_NO_PAGE = (
    "The page is not part of this installation: it is built from ui/ when webtee is installed\n"
    "with pip. The output itself is here as text: curl -N this address.\n"
)


@dataclass(frozen=True)
class _File:
    """A file that is served: as it is, and compressed once it is asked for."""

    data: bytes
    type: str

    @cached_property
    def compressed(self) -> bytes:
        return gzip.compress(self.data)

    def response(self, request: web.Request, headers: dict[str, str]) -> web.Response:
        headers = {"Content-Type": self.type, "Vary": "Accept-Encoding"} | _HEADERS | headers
        compress = self.type.startswith(_COMPRESSIBLE)
        if compress and _takes_gzip(request.headers.get("Accept-Encoding", "")):
            return web.Response(
                body=self.compressed, headers=headers | {"Content-Encoding": "gzip"}
            )
        return web.Response(body=self.data, headers=headers)


def _takes_gzip(accepted: str) -> bool:
    """Return whether an Accept-Encoding allows gzip (RFC 9110, section 12.5.3)."""
    for coding in accepted.lower().split(","):
        name, _, weight = coding.partition(";")
        if name.strip() == "gzip":
            return weight.replace(" ", "").rstrip("0.") != "q="
    return False


class Page:
    """The page's files.

    Args:
        folder: Where they are; None for those of this package.

    Attributes:
        address: Tells the host and port by which other machines find the server, if they do.
    """

    def __init__(self, folder: Traversable | None = None) -> None:
        self.address: Callable[[], str] = str
        folder = folder or files("webtee") / "web" / "page"
        self._index = _read(folder / "index.html")
        self._files = {
            f"{where}{item.name}": _File(item.read_bytes(), _type(item.name))
            for where, inside in (("", folder), ("assets/", folder / "assets"))
            if inside.is_dir()
            for item in inside.iterdir()
            if item.is_file() and item.name != "index.html"  # which is served with a name in it
        }

    def index(self, request: web.Request, stream: Stream) -> web.Response:
        """Return the page for ``stream``."""
        if self._index is None:
            return web.Response(status=503, text=_NO_PAGE, headers=_HEADERS)
        html = self._index.replace(
            '<meta name="webtee-stream" content=""',
            f'<meta name="webtee-stream" content="{escape(stream.name)}"',
        ).replace(
            '<meta name="webtee-address" content=""',
            f'<meta name="webtee-address" content="{escape(self.address())}"',
        )
        return _File(html.encode(), "text/html; charset=utf-8").response(
            request, {"Cache-Control": "no-cache", "Vary": "Accept, Accept-Encoding"}
        )

    async def file(self, request: web.Request) -> web.Response:
        """Serve one of the files that the page loads, or any other page that embeds it."""
        path = request.path.removeprefix("/")
        found = self._files.get(path)
        if found is None:
            raise web.HTTPNotFound(text=f"There is no {request.path!r:.100} here.\n")
        hashed = path.startswith("assets/")  # their names change with what is in them
        caching = "public, max-age=31536000, immutable" if hashed else "no-cache"
        headers = {"Cache-Control": caching, "Access-Control-Allow-Origin": "*"}
        return found.response(request, headers)


def _read(file: Traversable) -> str | None:
    return file.read_text("utf-8") if file.is_file() else None


def _type(name: str) -> str:
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{guessed}; charset=utf-8" if guessed.startswith("text/") else guessed


PAGE: web.AppKey[Page] = web.AppKey("page", Page)
