"""HTTP: a request for the page becomes an answer, or what a fault makes of it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from replay.calendar import date_in_field
from replay.connection import connection_of
from replay.control import control_routes
from replay.faults import STATUS_FAULTS, Fault
from replay.journal import Entry
from replay.page import maintenance, tokens
from replay.wording import LANGUAGES, Generation, Language, wording

if TYPE_CHECKING:
    from replay.site import ReplaySite

FOLDER = "/sdw/search/"
HANG_LOOKS_EVERY = 0.02  # seconds


def application(site: "ReplaySite") -> Starlette:
    """The page in both languages under `/sdw/search/`, and the control under `/replay/`."""
    pages = [
        Route(FOLDER + wording(language, "current").file, PageAnswer(site, language), methods=["GET", "POST"])
        for language in LANGUAGES
    ]
    return Starlette(routes=[*pages, *control_routes(site)])


def searched_date(form: Mapping[str, str], generation: Generation) -> str | None:
    """What stands in a submitted form's date field; None if the page would not take it for a search.

    As in ASP.NET, the button that was pressed is named in the form: by `__EVENTTARGET` where a script submits
    it, by its own name where it is a submit button; and the form's opaque fields must come back as they were.
    """
    pressed = form.get("__EVENTTARGET") == "btnSearch" if generation == "current" else "btnSearch" in form
    taken = pressed and tokens(generation).came_back(form, generation)
    return form.get("txtShareholdingDate") if taken else None


class PageAnswer:
    """One language's page as an ASGI application."""

    def __init__(self, site: "ReplaySite", language: Language) -> None:
        self._site = site
        self._language = language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        with self._site.journal.entry(request.method, self._language) as entry:
            searched = await self._searched(request)
            entry.asked = None if searched is None else date_in_field(searched)
            # Before the faults are taken: a hang that is taken and cleared in between must not last for ever.
            hangs_cleared = self._site.switches.hangs_cleared
            faults = self._site.switches.take()
            await asyncio.sleep(self._site.latency)
            finish: Callable[[], Awaitable[None]]
            if Fault.HANG in faults and not await self._released(scope, hangs_cleared):
                finish = partial(_break_off, connection_of(scope).close, receive)
            elif Fault.RESET in faults:
                finish = partial(_break_off, connection_of(scope).reset, receive)
            else:
                if Fault.SCRIPTS_REFUSED in faults and not _is_navigation(request):
                    faults |= {Fault.FORBIDDEN}
                status, body = self._answer(searched, faults)
                await _start(send, entry, status, len(body))
                if Fault.CUT_OFF in faults:
                    await _send(send, entry, body[: len(body) // 2])
                    finish = partial(_break_off, connection_of(scope).close, receive)
                else:
                    await _send(send, entry, body[:-1])
                    entry.sent = len(body)
                    finish = partial(send, {"type": "http.response.body", "body": body[-1:]})
        # After the record is made: a client that has its answer, or has lost it, finds the request there.
        await finish()

    def _answer(self, searched: str | None, faults: frozenset[Fault]) -> tuple[int, bytes]:
        for fault, status in STATUS_FAULTS.items():
            if fault in faults:
                return status, f"<html><body><h1>{HTTPStatus(status).phrase}</h1></body></html>".encode()
        if Fault.MAINTENANCE in faults:
            return HTTPStatus.OK.value, maintenance()
        return HTTPStatus.OK.value, self._site.page(self._language, searched, faults)

    async def _searched(self, request: Request) -> str | None:
        if request.method != "POST":
            return None
        async with request.form() as form:
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
        return searched_date(fields, self._site.generation)

    async def _released(self, scope: Scope, hangs_cleared: int) -> bool:
        """Hang; True when that was cleared, False when there is nobody left to answer."""
        connection = connection_of(scope)
        while not connection.lost:
            if self._site.switches.hangs_cleared != hangs_cleared:
                return True
            await asyncio.sleep(HANG_LOOKS_EVERY)
        return False


def _is_navigation(request: Request) -> bool:
    """Whether a browser leaves its document for the answer; a script of the page cannot say so of itself."""
    return request.headers.get("sec-fetch-mode") == "navigate"


async def _start(send: Send, entry: Entry, status: int, length: int) -> None:
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(length).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    entry.status = status


async def _send(send: Send, entry: Entry, body: bytes) -> None:
    entry.sent = len(body)
    await send({"type": "http.response.body", "body": body, "more_body": True})
    # A send waits until the client has taken what was sent before, so the record does not end too early.
    await send({"type": "http.response.body", "body": b"", "more_body": True})


async def _break_off(ending: Callable[[], None], receive: Receive) -> None:
    ending()
    # Had the application returned before the connection's end, a 500 would be sent in its name.
    while (await receive())["type"] != "http.disconnect":
        pass
