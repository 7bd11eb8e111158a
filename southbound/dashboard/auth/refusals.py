"""Refusals in the form that their readers read: a line for people, `{"error": …}` for programs."""

from http import HTTPStatus

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Scope

from southbound.dashboard.state.paths import inside


def is_for_programs(path: str) -> bool:
    """Whether programs ask there, who may have a token: the API, and what is measured."""
    return inside(path) in {"/api", "/metrics"} or inside(path).startswith(("/api/", "/metrics/"))


def refusal(scope: Scope, status: HTTPStatus, text: str) -> Response:
    """The answer to a request that is refused."""
    if not is_for_programs(scope["path"]):
        return PlainTextResponse(f"{text}\n", status)
    headers = {"WWW-Authenticate": "Bearer"} if status is HTTPStatus.UNAUTHORIZED else None
    return JSONResponse({"error": {"code": status.name.lower(), "message": text}}, status, headers)
