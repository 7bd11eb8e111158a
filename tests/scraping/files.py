"""A site of files on loopback: what the sources beside the holdings publish, and how that goes wrong."""

import asyncio
from datetime import date
from functools import cache

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from replay.connection import connection_of
from replay.quotations import Quoted, counters, quotation_file

SIZE = 16 * 2**20
"""Of a file of quotations, nearly: what the buffers of the sockets take in is no more than a part of it."""


GEM = range(8_000, 9_000)


@cache
def quotations(day: date) -> bytes:
    """The file of the Main Board."""
    return _file(day, [each for each in _counters() if each.code not in GEM][:2_200], SIZE)


@cache
def gem(day: date) -> bytes:
    """That of GEM."""
    return _file(day, [each for each in _counters() if each.code in GEM], 2**17)


@cache
def _counters() -> list[Quoted]:
    return counters(date(2026, 2, 27), count=6_000)


def _file(day: date, quoted: list[Quoted], size: int) -> bytes:
    return b"".join(quotation_file(day, quoted, size=size))


class FileSite:
    """Serves what was put there; 404 for all else.

    Attributes:
        files: path -> content.
        faults: path -> what happens in place of that: a status, "hang", "reset", "drip" or "elsewhere".
        asked: the paths, in the order in which they were asked for.
        sent: bytes that were taken by those who asked.
        headers: of the last request.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, str] = {}
        self.asked: list[str] = []
        self.sent = 0
        self.headers: dict[str, str] = {}

    def app(self) -> Starlette:
        """What serves it."""
        return Starlette(routes=[Mount("/", app=self)])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix("/")
        self.asked.append(path)
        self.headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        fault = self.faults.get(path, "")
        await receive()
        connection = connection_of(scope)
        if fault == "hang":
            while not connection.lost and self.faults.get(path) == "hang":  # noqa: ASYNC110 - that sets no event
                await asyncio.sleep(0.02)
            return
        if fault == "reset":
            connection.reset()
            return
        status = int(fault) if fault.isdecimal() else 302 if fault == "elsewhere" else 200
        status = 404 if not fault and path not in self.files else status
        content = self.files.get(path, b"<html>no such page</html>") if status in {200, 404} else b""
        headers = [(b"location", b"https://example.org/")] if fault == "elsewhere" else []
        if fault == "packed":
            headers.append((b"content-encoding", b"gzip"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        step = 1 if fault == "drip" else 2**16
        for begin in range(0, len(content), step):
            if connection.lost:
                return
            part = content[begin : begin + step]
            await send({"type": "http.response.body", "body": part, "more_body": True})
            self.sent += len(part)
            if fault == "drip":
                await asyncio.sleep(0.02)
        await send({"type": "http.response.body", "body": b""})
