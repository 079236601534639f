"""The server: routes, what holds for all of them, and its life from listening to closed."""

import asyncio
import errno
import logging
import os
from collections.abc import Collection, Mapping

from aiohttp import web
from aiohttp.typedefs import Handler

from webtee.errors import ListenError
from webtee.search.memo import Memo
from webtee.stream import Stream
from webtee.web.access import ACCESS, Access
from webtee.web.addresses import addresses
from webtee.web.body import CLOSING
from webtee.web.events import events
from webtee.web.later import download, find, groups, timeline
from webtee.web.live import describe, live
from webtee.web.page import PAGE, Page
from webtee.web.plain import plain
from webtee.web.query import STREAMS, TAIL, stream_of
from webtee.web.screen import screen
from webtee.web.segments import segment, segments
from webtee.web.sockets import SOCKETS, Sockets, is_upgrade
from webtee.web.streamed import READERS, Readers
from webtee.web.text import text
from webtee.web.turns import COUNTS, MARKERS, TURNS, Turns
from webtee.web.watch import PING_INTERVAL, WATCH, Watch

_BACKLOG = 4096  # connections that may wait to be accepted: a whole audience may come at once
_HANDLER_PATIENCE = 2.0  # seconds for requests under way when the server closes

_logger = logging.getLogger(__name__)


class Server:
    """Serves streams until it is closed.

    Args:
        streams: By name; the first is also at ``/``.
        host: The address to listen on.
        port: The port; 0 picks one.
        tail: Lines of the past that a plain WebSocket gets first.
        allow_hosts: Names that it may be asked for by, besides those of this machine.
        allow_origins: Origins whose pages may read from it, besides its own.
        ping_interval: Seconds between two pings of a WebSocket viewer.
    """

    def __init__(
        self,
        streams: Mapping[str, Stream],
        *,
        host: str = "127.0.0.1",
        port: int = 9000,
        tail: int = 10,
        allow_hosts: Collection[str] = (),
        allow_origins: Collection[str] = (),
        ping_interval: float = PING_INTERVAL,
    ) -> None:
        self._host = host
        self._port = port
        app = web.Application(middlewares=[_guard], client_max_size=4096)
        app[STREAMS] = streams
        app[ACCESS] = Access(host, allow_hosts, allow_origins)
        app[SOCKETS] = self._sockets = Sockets()
        app[WATCH] = self._watch = Watch(ping_interval)
        app[PAGE] = page = Page()
        page.address = self._for_others
        app[TAIL] = tail
        app[CLOSING] = self._closing = asyncio.Event()
        app[TURNS] = self._turns = Turns()
        app[READERS] = Readers()
        app[COUNTS] = Memo()
        app[MARKERS] = Memo()
        app.router.add_get("/", front)
        app.router.add_get("/healthz", healthz)
        app.router.add_get("/api/streams", streams_list)
        app.router.add_get("/s/{name}", front)
        app.router.add_get("/s/{name}/live", live, allow_head=False)
        app.router.add_get("/s/{name}/events", events)
        app.router.add_get("/s/{name}/screen", screen)
        app.router.add_get("/s/{name}/search", find)
        app.router.add_get("/s/{name}/timeline", timeline)
        app.router.add_get("/s/{name}/groups", groups)
        app.router.add_get("/s/{name}/download", download)
        app.router.add_get("/s/{name}/segments", segments)
        app.router.add_get(r"/s/{name}/segments/{seq:[0-9]{1,19}}", segment)
        app.router.add_get("/{file:(?:assets/)?[^/]+}", page.file)
        self._runner = web.AppRunner(
            app,
            handle_signals=False,
            access_log=None,
            handler_cancellation=True,
            shutdown_timeout=_HANDLER_PATIENCE,
        )
        app.on_response_prepare.append(_sign)
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to listen.

        Raises:
            ListenError: The address cannot be had; the message names the option to change.
        """
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port, backlog=_BACKLOG)
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            raise ListenError(self._why_not(error)) from error
        self._watching = asyncio.create_task(self._watch.run())

    def _why_not(self, error: OSError) -> str:
        if error.errno == errno.EADDRINUSE:
            return f"port {self._port} is taken: choose another with --port, or 0 for a free one."
        if error.errno == errno.EACCES:
            return f"port {self._port} needs privileges: choose one above 1023 with --port."
        # getaddrinfo's numbers are its own, and less than zero.
        own = error.errno is None or error.errno < 0
        reason = error.strerror or str(error) if own else os.strerror(error.errno or 0)
        return f"cannot listen on {self._host} (--host), port {self._port} (--port): {reason}."

    @property
    def port(self) -> int:
        """The port that it listens on."""
        address = self._runner.addresses[0]
        return int(address[1])

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it."""
        host = self._host
        if host in ("127.0.0.1", "0.0.0.0", "::", "::1", "localhost"):  # noqa: S104 (compared, not bound)
            host = "localhost"
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"

    @property
    def others_urls(self) -> list[str]:
        """Where browsers on other machines find it, if it listens on all addresses."""
        return [f"http://{host}:{self.port}/" for host in addresses(self._host)]

    def _for_others(self) -> str:
        return next((f"{host}:{self.port}" for host in addresses(self._host)), "")

    async def close(self, reason: str) -> None:
        """Stop listening, tell the viewers why, and wait a few seconds for them to hear it."""
        if self._watching is not None:
            self._watching.cancel()
        server = self._runner.server
        handlers = server.connections if server is not None else ()
        transports = [handler.transport for handler in handlers if handler.transport is not None]
        try:
            for site in list(self._runner.sites):
                await site.stop()
            self._turns.close()
            self._closing.set()
            await self._sockets.close(reason.encode())
            await self._runner.cleanup()
        finally:
            for transport in transports:
                if transport.get_write_buffer_size():
                    transport.abort()  # a close would wait for ever for one that reads no more


async def _sign(request: web.Request, response: web.StreamResponse) -> None:
    """Say what the server is, not which versions of what it is made of, and who may read this."""
    response.headers["Server"] = "webtee"
    request.app[ACCESS].sign(request, response)


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what may not be asked; log what is refused in one line."""
    try:
        # The smallest page for the plain contract is a file; nothing else need be read from one.
        handled_by = request.match_info.handler
        plain_socket = is_upgrade(request) and handled_by is front
        # The page's own files say nothing of the output, and pages that embed it load them.
        file = handled_by == request.app[PAGE].file
        request.app[ACCESS].check(request, from_file=plain_socket, for_everyone=file)
        return await handler(request)
    except web.HTTPException as error:
        if error.status >= 400:
            _logger.warning(
                "%s %s %.200r: %d %.200s",
                request.remote,
                request.method,
                request.raw_path,
                error.status,
                (error.text or "").removeprefix(f"{error.status}: ").strip(),
            )
        raise
    except ConnectionResetError:
        # The other side went while it was answered. There is no one left to tell.
        return web.Response(status=499)


async def front(request: web.Request) -> web.StreamResponse:
    """Serve ``GET /`` and ``/s/NAME``: a WebSocket, the page or text, whichever is asked for."""
    stream = stream_of(request)
    if is_upgrade(request):
        return await plain(request, stream)
    if "text/html" in request.headers.get("Accept", ""):
        return request.app[PAGE].index(request, stream)
    return await text(request, stream)


async def healthz(_request: web.Request) -> web.Response:
    """Serve ``GET /healthz``: that the server answers."""
    return web.json_response({"status": "ok"}, headers={"Cache-Control": "no-store"})


async def streams_list(request: web.Request) -> web.Response:
    """Serve ``GET /api/streams``: what there is to watch."""
    listed = [
        describe(stream)
        | {
            "epoch": stream.log.epoch,
            "viewers": stream.viewers,
            "records": stream.log.head.seq,
            "line": stream.log.head.line,
            "bytes": stream.log.head.offset,
            "ended": stream.ended,
        }
        for stream in request.app[STREAMS].values()
    ]
    return web.json_response({"streams": listed}, headers={"Cache-Control": "no-store"})
