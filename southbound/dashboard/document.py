"""The document that a browser loads first: Streamlit's, with our style in its head.

A style that the page itself draws comes after the first elements, and what it moves is seen to jump.
"""

from functools import cache
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import HTMLResponse

HEAD_ENDS = "</head>"


async def document(_: Request) -> HTMLResponse:
    """It is asked for anew each time, as Streamlit's own is: the scripts that it names change with it."""
    return HTMLResponse(styled(), headers={"cache-control": "no-cache"})


@cache
def styled() -> str:
    """Streamlit's document, with `page.css`."""
    plain = files("streamlit").joinpath("static/index.html").read_text(encoding="utf-8")
    style = files("southbound.dashboard").joinpath("page.css").read_text(encoding="utf-8")
    return plain.replace(HEAD_ENDS, f"<style>\n{style}</style>\n{HEAD_ENDS}", 1)
