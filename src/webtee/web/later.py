"""The routes that search, loaded when they are first asked for.

Most who start webtee search nothing, and what it takes to do so would make each start slower.
"""

from aiohttp import web


async def find(request: web.Request) -> web.StreamResponse:
    """Serve ``GET /s/NAME/search``."""
    from webtee.web import search

    return await search.find(request)


async def timeline(request: web.Request) -> web.StreamResponse:
    """Serve ``GET /s/NAME/timeline``."""
    from webtee.web import timeline

    return await timeline.timeline(request)


async def groups(request: web.Request) -> web.StreamResponse:
    """Serve ``GET /s/NAME/groups``."""
    from webtee.web import groups

    return await groups.groups(request)


async def download(request: web.Request) -> web.StreamResponse:
    """Serve ``GET /s/NAME/download``."""
    from webtee.web import download

    return await download.download(request)
