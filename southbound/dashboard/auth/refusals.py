"""Refusals in the form that their readers read.

A line in the language of the browser for people, `{"error": …}` in English for programs.
"""

from http import HTTPStatus

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Scope

from southbound.common.language import Language, of_header, speaking
from southbound.common.remark import remark
from southbound.dashboard.state.paths import inside
from southbound.presentation.messages import translated

NOTHING_HERE = remark("There is nothing here.")


def is_for_programs(path: str) -> bool:
    """Whether programs ask there, who may have a token: the API, and what is measured."""
    return inside(path) in {"/api", "/metrics"} or inside(path).startswith(("/api/", "/metrics/"))


def refusal(scope: Scope, status: HTTPStatus, text: str) -> Response:
    """The answer to a request that is refused.

    Args:
        scope: of the request.
        status: of the answer.
        text: why; a `Remark` is said in the language of the reader's browser.
    """
    if not is_for_programs(scope["path"]):
        language = wanted_language(scope)
        with speaking(language):
            said = translated(text)
        return PlainTextResponse(
            f"{said}\n", status, {"Content-Language": language, "Vary": "Accept-Language"}
        )
    headers = {"WWW-Authenticate": "Bearer"} if status is HTTPStatus.UNAUTHORIZED else None
    return JSONResponse({"error": {"code": status.name.lower(), "message": text}}, status, headers)


def wanted_language(scope: Scope) -> Language:
    """That of ours which the reader's browser asks for most, else English."""
    given = [value for name, value in scope["headers"] if name.lower() == b"accept-language"]
    return of_header(b",".join(given).decode("latin-1")) or Language.ENGLISH
