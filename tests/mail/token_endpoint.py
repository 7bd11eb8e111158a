"""A provider of tokens: what is asked of it, and whatever it is told to answer."""

import asyncio
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

CLIENT_ID, CLIENT_SECRET, SCOPE = "0b1c2d3e", "correct-horse", "https://outlook.office365.com/.default"


class TokenEndpoint:
    """Gives tokens to one client (RFC 6749, 4.4).

    Attributes:
        asked: the form of each request.
        issued: the tokens that it gave.
        lasts: seconds that a token is good; None if it does not say.
        answer: what it answers instead.
        delay: seconds that it takes.
        padding: how much longer a token is than it need be; one of Microsoft's has some 2,000 characters.
    """

    def __init__(self) -> None:
        self.as_usual()
        self.app = Starlette(routes=[Route("/tenant/oauth2/v2.0/token", self._token, methods=["POST"])])

    def as_usual(self) -> None:
        """Asked for nothing yet, and giving tokens."""
        self.asked: list[dict[str, str]] = []
        self.issued: list[str] = []
        self.lasts: object = 3599
        self.answer: Response | None = None
        self.delay = 0.0
        self.padding = 2000

    async def _token(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        self.asked.append(form)
        await asyncio.sleep(self.delay)
        if self.answer is not None:
            return self.answer
        if form.get("grant_type") != "client_credentials":
            return JSONResponse({"error": "unsupported_grant_type"}, 400)
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            described = "AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 1"
            return JSONResponse({"error": "invalid_client", "error_description": described}, 401)
        if form.get("scope") != SCOPE:
            return JSONResponse({"error": "invalid_scope", "error_description": "AADSTS1002012"}, 400)
        self.issued.append(f"token-{len(self.issued)}." + "x" * self.padding)
        answer = {"token_type": "Bearer", "expires_in": self.lasts, "access_token": self.issued[-1]}
        return JSONResponse({name: value for name, value in answer.items() if value is not None})
