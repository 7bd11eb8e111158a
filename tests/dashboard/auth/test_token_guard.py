"""Programs with a token, with a wrong one and with none, each request as an ASGI server hands it over."""

import asyncio
import json
from collections.abc import MutableMapping, Sequence
from typing import Any

import pytest

from southbound.dashboard.auth.middleware import AuthMiddleware
from southbound.dashboard.auth.token_guard import TokenGuard
from tests.dashboard.auth.test_middleware import (
    COOKIE,
    SETTINGS,
    RememberedHere,
    identity,
    inside,
    signed,
)

TOKEN, OTHER = "a1" * 16, "b2" * 16
PATHS = ["/api/v1/movers", "/api/v1/openapi.json", "/api/v2", "/metrics", "/api"]

Message = MutableMapping[str, Any]


def behind_tokens() -> TokenGuard:
    return TokenGuard(inside, [TOKEN, OTHER], or_signed_in=False)


def behind_both() -> TokenGuard:
    return TokenGuard(
        AuthMiddleware(inside, SETTINGS, None, RememberedHere), [TOKEN, OTHER], or_signed_in=True
    )


def behind_a_sign_in() -> TokenGuard:
    return TokenGuard(AuthMiddleware(inside, SETTINGS, None, RememberedHere), [], or_signed_in=True)


def answer(
    guard: TokenGuard, path: str, authorization: Sequence[str] = (), cookie: str = ""
) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"authorization", text.encode("latin-1")) for text in authorization]
    headers += [(b"cookie", cookie.encode())] if cookie else []
    asyncio.run(guard({"type": "http", "method": "GET", "path": path, "headers": headers}, receive, send))
    return sent


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("guard", [behind_tokens, behind_both])
@pytest.mark.parametrize("token", [TOKEN, OTHER])
def test_a_token_opens_what_programs_ask_for(guard: Any, path: str, token: str) -> None:
    for written in (f"Bearer {token}", f"bearer  {token} "):
        assert answer(guard(), path, [written])[0]["status"] == 200


WRONG = [
    "Bearer",
    "Bearer ",
    f"Bearer {TOKEN[:-1]}",
    f"Bearer {TOKEN}x",
    f"Bearer {TOKEN},{OTHER}",
    f"Bearer {TOKEN.upper()}",
    f"Basic {TOKEN}",
    TOKEN,
    "Bearer \xff\xfe",
    f"Bearer {'x' * 60_000}",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("guard", [behind_tokens, behind_both, behind_a_sign_in])
@pytest.mark.parametrize("authorization", [[], *([text] for text in WRONG), [f"Bearer {TOKEN}"] * 2])
def test_nothing_else_does_and_the_refusal_is_one_for_programs(
    guard: Any, path: str, authorization: Sequence[str]
) -> None:
    start, body = answer(guard(), path, authorization)

    assert start["status"] == 401
    assert (b"www-authenticate", b"Bearer") in start["headers"]
    said = json.loads(body["body"])
    assert set(said) == {"error"}
    assert said["error"]["code"] == "unauthorized"
    assert b"a figure" not in body["body"]
    assert TOKEN not in said["error"]["message"]


def test_a_token_opens_nothing_but_what_programs_ask_for() -> None:
    for path in ("/media/x", "/live", "/_stcore/metrics", "/apis", "//api/v1/movers", "/API/v1/movers"):
        assert answer(behind_both(), path, [f"Bearer {TOKEN}"])[0]["status"] == 401


def test_who_has_signed_in_needs_no_token() -> None:
    cookie = f"{COOKIE}={signed(identity())}"

    assert answer(behind_both(), "/api/v1/movers", cookie=cookie)[0]["status"] == 200
    assert answer(behind_a_sign_in(), "/metrics", cookie=cookie)[0]["status"] == 200
    # Another scheme is a proxy's business.
    assert answer(behind_both(), "/api/v1/movers", ["Basic eA=="], cookie)[0]["status"] == 200
    assert answer(behind_both(), "/api/v1/movers", ["Bearer x"], cookie)[0]["status"] == 401


def test_the_page_stays_as_open_as_it_is_where_only_programs_have_tokens() -> None:
    assert answer(behind_tokens(), "/")[0]["status"] == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("guard", [behind_tokens, behind_both])
def test_health_is_told_to_everybody(guard: Any, path: str) -> None:
    assert answer(guard(), path)[0]["status"] == 200
