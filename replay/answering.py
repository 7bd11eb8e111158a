"""HTTP: a request for the page becomes an answer, or what a fault makes of it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from replay.calendar import date_in_field
from replay.control import control_routes
from replay.faults import STATUS_FAULTS, Fault
from replay.files import file_routes
from replay.page import maintenance, tokens
from replay.spoiling import Answer, Answering, error_page
from replay.wording import LANGUAGES, Generation, Language, wording

if TYPE_CHECKING:
    from replay.site import ReplaySite

FOLDER = "/sdw/search/"


def application(site: "ReplaySite") -> Starlette:
    """The page in both languages under `/sdw/search/`, the official files, the control under `/replay/`."""
    pages = [
        Route(FOLDER + wording(language, "current").file, PageAnswer(site, language), methods=["GET", "POST"])
        for language in LANGUAGES
    ]
    return Starlette(routes=[*pages, *file_routes(site.official), *control_routes(site)])


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

            async def made(faults: frozenset[Fault]) -> Answer:
                if Fault.SCRIPTS_REFUSED in faults and not _is_navigation(request):
                    faults |= {Fault.FORBIDDEN}
                return self._answer(searched, faults)

            answering = Answering(self._site.switches, self._site.latency, scope, receive, send)
            finish = await answering.begin(entry, made)
        # After the record is made: a client that has its answer, or has lost it, finds the request there.
        await finish()

    def _answer(self, searched: str | None, faults: frozenset[Fault]) -> Answer:
        for fault, status in STATUS_FAULTS.items():
            if fault in faults:
                return error_page(status)
        if Fault.MAINTENANCE in faults:
            return Answer(HTTPStatus.OK, maintenance())
        return Answer(HTTPStatus.OK, self._site.page(self._language, searched, faults))

    async def _searched(self, request: Request) -> str | None:
        if request.method != "POST":
            return None
        async with request.form() as form:
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
        return searched_date(fields, self._site.generation)


def _is_navigation(request: Request) -> bool:
    """Whether a browser leaves its document for the answer; a script of the page cannot say so of itself."""
    return request.headers.get("sec-fetch-mode") == "navigate"
