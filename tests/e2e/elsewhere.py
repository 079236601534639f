"""A web server that is not webtee: pages of another origin, which embed streams."""

import http.server
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Self

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


class Elsewhere:
    """Serves pages on a port of its own.

    Attributes:
        url: Where, with a slash at the end; another origin of this machine than webtee's.
        foreign_url: The same by a name that is not this machine's.
        pages: What it serves, by path.
        headers: What it says besides with each page.
    """

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.headers: dict[str, str] = {}
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://localhost:{self._server.server_port}/"
        self.foreign_url = f"http://foreign.example:{self._server.server_port}/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def page(self, body: str, headers: Mapping[str, str] | None = None) -> str:
        """Serve a page that holds ``body``, and return its URL."""
        self.headers = dict(headers or {})
        icon = '<link rel="icon" href="data:,">'
        self.pages["/"] = f'<!doctype html><meta charset="utf-8">{icon}<title>Mine</title>{body}'
        return self.url

    def example(self, name: str, webtee: str) -> str:
        """Serve a page of docs/examples as it stands, for this webtee, and return its URL."""
        html = (EXAMPLES / name).read_text()
        assert "http://localhost:9000" in html
        self.pages[f"/{name}"] = html.replace("http://localhost:9000", webtee.rstrip("/"))
        return self.url + name

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        elsewhere = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = elsewhere.pages.get(self.path)
                # Browsers ask for an icon wherever they are.
                self.send_response(200 if page is not None else 204)
                for name, value in elsewhere.headers.items():
                    self.send_header(name, value)
                body = (page or "").encode()
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler
