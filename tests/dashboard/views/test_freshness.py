from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from southbound.common.errors import StoreRefused, StoreUnavailable
from southbound.dashboard.views.freshness import badge
from southbound.queries.store_watcher import DataVersion, StoreSnapshot
from southbound.store.scraper_status import Circuit, ScraperStatus, State

NOW = datetime(2026, 2, 13, 10, 5, tzinfo=UTC)


def snapshot(**status: Any) -> StoreSnapshot:
    return StoreSnapshot(
        DataVersion(0, 1), replace(ScraperStatus(heartbeat=NOW, fresh_seconds=120.0), **status)
    )


@pytest.mark.parametrize(
    ("seen", "label", "colour"),
    [
        (snapshot(state=State.POLLING), "live", "green"),
        (snapshot(state=State.STARTING), "starting", "blue"),
        (snapshot(state=State.BACKFILLING, done=12, total=41), "backfilling 12 of 41", "blue"),
        (
            snapshot(state=State.WAITING, next_session=date(2026, 2, 23)),
            "waiting for Mon 23 Feb 2026",
            "green",
        ),
        (snapshot(state=State.WAITING), "waiting", "green"),
        (snapshot(state=State.WAITING, asks_site=False), "reads files", "green"),
        (snapshot(state=State.FAILING, last_error="403"), "failing", "red"),
        (
            snapshot(state=State.FAILING, last_success=NOW - timedelta(hours=2)),
            "stale since 13 Feb 16:05 HKT",
            "red",
        ),
        (
            snapshot(state=State.FAILING, breaker=Circuit.OPEN, next_try=NOW + timedelta(minutes=15)),
            "HKEXnews left alone until 13 Feb 18:20 HKT",
            "orange",
        ),
        (snapshot(state=State.POLLING, breaker=Circuit.OPEN), "HKEXnews left alone", "orange"),
        (snapshot(state=State.POLLING, breaker=Circuit.PROBING), "live", "green"),
        (snapshot(state=State.STOPPED), "scraper stopped since 13 Feb 18:05 HKT", "orange"),
        (
            snapshot(state=State.POLLING, heartbeat=NOW - timedelta(minutes=3)),
            "scraper silent since 13 Feb 18:02 HKT",
            "orange",
        ),
        (snapshot(state=State.POLLING, heartbeat=None), "scraper silent", "orange"),
        (StoreSnapshot(DataVersion(0, 1)), "no scraper yet", "gray"),
        (StoreSnapshot(trouble=StoreUnavailable("away")), "store down", "red"),
        (StoreSnapshot(trouble=StoreRefused("NOAUTH")), "store refuses us", "red"),
    ],
)
def test_the_badge_tells_what_is_going_on(seen: StoreSnapshot, label: str, colour: str) -> None:
    shown = badge(seen, NOW)
    assert (shown.label, shown.colour) == (label, colour)


@pytest.mark.parametrize("breaker", [Circuit.CLOSED, Circuit.OPEN])
def test_the_reason_of_a_failure_is_told(breaker: Circuit) -> None:
    failing = snapshot(state=State.FAILING, last_error="the site refuses us", breaker=breaker)
    assert "the site refuses us" in badge(failing, NOW).sentence


def test_the_last_answer_is_told_in_hong_kong_time() -> None:
    assert (
        "13 Feb 18:04 HKT"
        in badge(snapshot(state=State.POLLING, last_success=NOW - timedelta(minutes=1)), NOW).sentence
    )
