"""Whether the process is well: for whoever watches it, without a figure."""

from collections.abc import Mapping
from datetime import date

import pytest
import redis
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from southbound.api.health import Readiness, healthz
from southbound.api.parts import Parts
from southbound.market.daily_holdings import DailyHoldings
from tests.conftest import becomes_true


def watcher(parts: Parts) -> TestClient:
    readiness = Readiness(lambda: parts)
    return TestClient(Starlette(routes=[Route("/healthz", healthz), Route("/readyz", readiness.answer)]))


def test_a_process_that_answers_is_up(parts: Parts) -> None:
    assert watcher(parts).get("/healthz").json() == {"status": "up"}


def test_it_is_ready_once_figures_are_read_and_while_the_store_is_there(
    parts: Parts, recorded: Mapping[date, DailyHoldings], monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = watcher(parts).get("/readyz")
    assert (empty.status_code, empty.json()["reason"]) == (503, "no figures are stored yet")

    parts.store.put(recorded[max(recorded)])
    assert becomes_true(lambda: watcher(parts).get("/readyz").status_code == 200)
    assert watcher(parts).get("/readyz").json() == {"status": "ready"}

    def away(*_: object, **__: object) -> None:
        raise redis.ConnectionError("redis://user:password@inside")

    monkeypatch.setattr(parts.store.client, "execute_command", away)
    parts.store_watcher._notifications.renew()
    assert becomes_true(lambda: watcher(parts).get("/readyz").status_code == 503)
    assert watcher(parts).get("/readyz").json() == {"status": "not ready", "reason": "the store is away"}
    assert watcher(parts).get("/healthz").status_code == 200
