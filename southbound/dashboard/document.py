"""The document that a browser loads first: Streamlit's, in the reader's language, with our style in its head.

A style that the page itself draws comes after the first elements, and what it moves is seen to jump.
"""

from functools import cache
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import HTMLResponse

from southbound.common.language import Language
from southbound.dashboard.auth.refusals import wanted_language
from southbound.presentation import view_url

HEAD_ENDS, HTML_BEGINS = "</head>", '<html lang="en">'


async def document(request: Request) -> HTMLResponse:
    """It is asked for anew each time, as Streamlit's own is: the scripts that it names change with it.

    Its language is the address's, else the browser's, as the page's is (`state.reader`).
    """
    asked = view_url.read(request.query_params).language
    language = asked or wanted_language(request.scope)
    headers = {"cache-control": "no-cache", "content-language": language, "vary": "accept-language"}
    return HTMLResponse(styled(language), headers=headers)


@cache
def styled(language: Language) -> str:
    """Streamlit's document, with `page.css`, for readers of a language."""
    plain = files("streamlit").joinpath("static/index.html").read_text(encoding="utf-8")
    style = files("southbound.dashboard").joinpath("page.css").read_text(encoding="utf-8")
    spoken = plain.replace(HTML_BEGINS, f'<html lang="{language}">', 1)
    return spoken.replace(HEAD_ENDS, f"<style>\n{style}</style>\n{HEAD_ENDS}", 1)
