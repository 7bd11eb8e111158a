"""Refusals in the form that their readers read.

A line in the language of the browser for people, `{"error": …}` in English for programs.
"""

import re
from http import HTTPStatus
from operator import itemgetter

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Scope

from southbound.common.language import Language, of_tag, speaking
from southbound.dashboard.state.paths import inside
from southbound.presentation.messages import translated

LONGEST_LANGUAGES = 1_000
"""Characters of `Accept-Language` that are looked at."""


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
    """The first of ours that the reader's browser asks for (RFC 9110, 12.5.4), else English."""
    given = [value for name, value in scope["headers"] if name.lower() == b"accept-language"]
    asked = b",".join(given)[:LONGEST_LANGUAGES].decode("latin-1").split(",")
    liked = [(weight, language) for weight, language in map(_liked, asked) if weight > 0 and language]
    # The first of several that are wanted alike.
    return max(liked, key=itemgetter(0), default=(0.0, Language.ENGLISH))[1]


def _liked(asked: str) -> tuple[float, Language | None]:
    """How much a language is wanted, `zh-HK;q=0.8`, and which of ours that is."""
    tag, _, weight = asked.partition(";")
    found = re.fullmatch(r"\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*", weight, re.ASCII)
    return (float(found[1]) if found else 0.0 if weight else 1.0), of_tag(tag)
