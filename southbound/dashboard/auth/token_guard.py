"""Programs prove themselves with a token, in place of a sign-in: `Authorization: Bearer …` (RFC 6750)."""

import hmac
from collections.abc import Sequence
from hashlib import sha256
from http import HTTPStatus

from starlette.types import ASGIApp, Receive, Scope, Send

from southbound.dashboard.auth.refusals import is_for_programs, refusal
from southbound.dashboard.auth.request_guard import values

ADMITTED = "southbound.admitted"
"""In the scope of a request that came with one of the tokens."""


class TokenGuard:
    """An ASGI application in front of what programs ask for; all else passes.

    Args:
        app: what is behind it.
        tokens: those that are good.
        or_signed_in: whether somebody behind it looks for a sign-in, where there is no token.
    """

    def __init__(self, app: ASGIApp, tokens: Sequence[str], *, or_signed_in: bool) -> None:
        self._app = app
        self._good = [_digest(token) for token in tokens]
        self._or_signed_in = or_signed_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not is_for_programs(scope["path"]):
            await self._app(scope, receive, send)
            return
        given = [text for text in values(scope, b"authorization") if text[:7].lower() == "bearer "]
        if len(given) == 1 and self._is_good(given[0][7:].strip()):
            await self._app({**scope, ADMITTED: True}, receive, send)
        elif given or not self._or_signed_in:
            refused = refusal(
                scope, HTTPStatus.UNAUTHORIZED, "Want a token of this server: Authorization: Bearer …"
            )
            await refused(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_good(self, token: str) -> bool:
        # All of them, and by their digests: how long it takes tells nothing of any.
        given = _digest(token)
        return sum(hmac.compare_digest(given, good) for good in self._good) > 0


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
