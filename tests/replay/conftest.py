"""A site of its own for each test, served on the loopback, and somebody to look at it."""

from collections.abc import Iterator

import pytest
from starlette.types import Receive, Scope, Send

from replay.serving import LocalServer, page_address
from replay.site import ReplaySite
from replay.visitor import Visitor


class Stage:
    """One server for all tests: it takes 0.2 s to stop, and serves whichever site the running test has."""

    def __init__(self) -> None:
        self.site = ReplaySite()
        self.server = LocalServer(self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.site.app(scope, receive, send)


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    stage = Stage()
    with stage.server:
        yield stage


@pytest.fixture
def site() -> ReplaySite:
    """It is Saturday 2026-02-28: the last recorded day is out, and thirty made-up ones are to come."""
    return ReplaySite(invented=30)


@pytest.fixture
def url(stage: Stage, site: ReplaySite) -> Iterator[str]:
    stage.site = site
    yield page_address(stage.server.address)
    site.clear()


@pytest.fixture
def visitor(url: str) -> Iterator[Visitor]:
    with Visitor(url) as visitor:
        yield visitor
