"""HTTP: a request for an official file becomes the file, or what a fault makes of it."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from replay.file_faults import FileFault, Source
from replay.official_site import OfficialSite
from replay.spoiling import Answer, Answering

FOLDERS = {
    Source.QUOTATIONS: "/dayquot/",
    Source.TURNOVER: "/DailyStat/",
    Source.SHORT_POSITIONS: "/spr/",
}
"""The addresses of the sources, below the server's own."""


def file_routes(site: OfficialSite) -> list[Route]:
    """The three folders."""
    return [Route(f"{folder}{{name:path}}", FileAnswer(site, source)) for source, folder in FOLDERS.items()]


class FileAnswer:
    """One source's folder as an ASGI application."""

    def __init__(self, site: OfficialSite, source: Source) -> None:
        self._site = site
        self._source = source

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        path = request.url.path.lstrip("/")
        with self._site.entry(self._source, path, request.headers.get("user-agent", "")) as entry:

            async def made(faults: frozenset[FileFault]) -> Answer:
                return await run_in_threadpool(self._site.answer, self._source, path, faults)

            switches = self._site.switches[self._source]
            finish = await Answering(switches, 0.0, scope, receive, send).begin(entry, made)
        await finish()
