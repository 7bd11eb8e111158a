"""The font of icons, with what a page may show: 10 kB where Streamlit's has 375; see `tools/icons.py`."""

from functools import cache
from hashlib import sha256
from http import HTTPStatus
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send


def path() -> str:
    """Where Streamlit's pages look for it."""
    media = files("streamlit").joinpath("static/static/media")
    [name] = [file.name for file in media.iterdir() if file.name.startswith("MaterialSymbols-Rounded.")]
    return f"/static/media/{name}"


class IconFont:
    """Answers where Streamlit would with the whole font; it takes no route of ours below `/static/`.

    The font is asked for anew each time, since its name is Streamlit's, and stays when icons are added.
    """

    def __init__(self, app: ASGIApp, base: str) -> None:
        self._app, self._path = app, f"{base}{path()}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == self._path:
            await _answer(Request(scope))(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _answer(request: Request) -> Response:
    font, tag = _font()
    headers = {"cache-control": "no-cache", "etag": tag}
    if request.headers.get("if-none-match", "").removeprefix("W/") == tag:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(font, media_type="font/woff2", headers=headers)


@cache
def _font() -> tuple[bytes, str]:
    font = files("southbound.dashboard").joinpath("icons/icons.woff2").read_bytes()
    return font, f'"{sha256(font).hexdigest()[:16]}"'
