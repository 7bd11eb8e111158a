"""What is measured: how the process does, and no figure of a stock."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from southbound.api.measured import Measured, label
from southbound.api.parts import Parts
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.trading_calendar import HONG_KONG
from southbound.store.holdings_store import HoldingsStore
from southbound.store.scraper_status import State
from tests.api.conftest import RECIPIENTS
from tests.conftest import becomes_true

NEWEST = date(2026, 2, 27)
Samples = dict[tuple[str, str], float]


def samples(measured: Measured) -> Samples:
    """Each by its name and the first of its labels' values."""
    app = Starlette(routes=[Route("/metrics", measured.answer)])
    text = TestClient(app).get("/metrics").text
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_scraper_figures_mails_and_pages_are_measured(
    parts: Parts, store: HoldingsStore, recorded: Mapping[date, DailyHoldings]
) -> None:
    store.put(recorded[NEWEST])
    store.status_board(60).say(state=State.WAITING)
    log = store.delivery_log(NEWEST)
    for recipient, state in zip(RECIPIENTS, ("sent", "refused"), strict=False):
        assert log.claim(recipient, "<id>")
        log.close(recipient, state, "<id>")
    measured = Measured(lambda: parts)
    assert becomes_true(lambda: ("southbound_stored_dates", "") in samples(measured))

    with parts.store_watcher.watching(lambda: None):
        assert becomes_true(lambda: samples(measured).get(("southbound_scraper_up", "")) == 1)
        found = samples(measured)

    age = (datetime.now(UTC) - datetime(2026, 2, 27, tzinfo=HONG_KONG)).total_seconds()
    assert found["southbound_newest_figures_age_seconds", ""] == pytest.approx(age, abs=9)
    assert 0 <= found["southbound_scraper_heartbeat_age_seconds", ""] < 30
    states = {state: found["southbound_scraper_state", str(state)] for state in State}
    assert [state for state, is_it in states.items() if is_it] == [State.WAITING]
    assert [found["southbound_mails", state] for state in ("sent", "refused", "waiting")] == [1, 1, 1]
    assert found["southbound_sessions", ""] == 1
    assert found["southbound_store_up", ""] == 1


def test_answers_are_counted_and_timed_by_few_names(parts: Parts) -> None:
    measured = Measured(lambda: parts)
    app = measured.counting(
        Starlette(routes=[Route("/api/v1/stocks/{code}", lambda _: PlainTextResponse("x"))]), str
    )
    asker = TestClient(app)

    for path in ("/api/v1/stocks/700", "/api/v1/stocks/5", "/made-up", "/made-up-too", "/api/v1/<script>"):
        asker.get(path)

    assert measured.registry.get_sample_value(
        "southbound_answers_total", {"path": "/api/v1/stocks", "status": "200"}
    ) == pytest.approx(2)
    names = {name for name, _ in samples(measured) if name.startswith("southbound_answer")}
    assert "southbound_answer_seconds_bucket" in names
    paths = {path for name, path in samples(measured) if name == "southbound_answers_total"}
    assert paths == {"/api/v1/stocks", "/api", "dashboard"}


@pytest.mark.parametrize(
    ("path", "counted_as"),
    [
        ("/healthz", "/healthz"),
        ("/metrics", "/metrics"),
        ("/api/v1/movers", "/api/v1/movers"),
        ("/api/v1/holdings/2026-02-27", "/api/v1/holdings"),
        ("/api/v2/movers", "/api"),
        ("/", "dashboard"),
        ("/media/x", "dashboard"),
    ],
)
def test_each_answer_is_counted_under_its_path(path: str, counted_as: str) -> None:
    assert label(path) == counted_as


def test_no_figure_of_a_stock_is_told(recorded_parts: Parts) -> None:
    app = Starlette(routes=[Route("/metrics", Measured(lambda: recorded_parts).answer)])
    text = TestClient(app).get("/metrics").text

    assert "TENCENT" not in text
    assert "00700" not in text
    assert RECIPIENTS[0] not in text
