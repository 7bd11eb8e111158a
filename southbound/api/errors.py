"""What is answered where there is no answer: `{"error": {"code", "message"}}`, with the right status."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from southbound.common.text import one_line

LONGEST_MESSAGE = 300

_A_DATE = "want a date like 2026-02-27"
_FORMS = {"code": "want a stock code like 00700"}
"""What is wanted of texts of a form; all others are dates."""


class ApiError(Exception):
    """There is no answer.

    Args:
        status: of HTTP.
        code: for programs.
        message: for people: what is wrong, and what is wanted. Nothing of the inside.
    """

    def __init__(self, status: HTTPStatus, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Said:
    """An error's code for programs, and its message for people."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """The body of every answer that is none."""

    error: Said


def error_response(
    status: int, code: str, message: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """The answer that says what is wrong."""
    said = {"code": code, "message": one_line(message, LONGEST_MESSAGE)}
    return JSONResponse({"error": said}, status, {"Cache-Control": "no-store", **(headers or {})})


def answer_errors(api: FastAPI) -> None:
    """Have an application answer every error in this form."""
    api.add_exception_handler(ApiError, _api_error)
    api.add_exception_handler(RequestValidationError, _bad_parameter)
    api.add_exception_handler(HTTPException, _of_http)
    api.add_exception_handler(Exception, _unexpected)


async def _api_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ApiError)  # noqa: S101 - tells the type checker what it is registered for
    headers = {"Retry-After": "2"} if error.status is HTTPStatus.SERVICE_UNAVAILABLE else None
    return error_response(error.status, error.code, error.message, headers)


async def _bad_parameter(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    # Of the first problem: its place and what is wanted, but not what was given.
    first = error.errors()[0]
    name = str(first["loc"][-1])
    is_written_wrongly = first["type"] == "string_pattern_mismatch"
    wanted = _FORMS.get(name, _A_DATE) if is_written_wrongly else first["msg"]
    message = f"{name}: {wanted}"
    return error_response(HTTPStatus.UNPROCESSABLE_ENTITY, "bad_parameter", message)


async def _of_http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    status = HTTPStatus(error.status_code)
    return error_response(status, status.name.lower(), f"{status.phrase}.", error.headers)


async def _unexpected(_request: Request, _error: Exception) -> JSONResponse:
    # The server logs it.
    return error_response(
        HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error", "This is an error of the server's own making."
    )
