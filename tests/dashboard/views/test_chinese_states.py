"""What the page says where there is less to show, how fresh it is and who may see it, in Chinese."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from southbound.common.errors import (
    DamagedKey,
    SouthboundError,
    StoreNotReady,
    StoreRefused,
    StoreUnavailable,
    Unexpected,
)
from southbound.common.language import Language, speaking
from southbound.common.remark import remark
from southbound.config.access import Standing
from southbound.dashboard.auth import sign_in_page
from southbound.dashboard.views import notices
from southbound.dashboard.views.freshness import badge
from southbound.dashboard.views.notices import Notice
from southbound.market.metrics import POINTS
from southbound.market.settlement import Trades
from southbound.market.windows import Pair
from southbound.presentation.view_state import BOTH, FALLS, RISES
from southbound.queries.store_watcher import DataVersion, StoreSnapshot
from southbound.store.scraper_status import Circuit, ScraperStatus, State
from tests.chinese import CHINESE, english_left

NOW = datetime(2026, 2, 13, 10, 5, tzinfo=UTC)
OLD, NEW = date(2026, 2, 20), date(2026, 2, 27)
PAIR = Pair(new=NEW, old=OLD, window=5)
NAMED = {"REDIS", "URL", "config", "ini", "prices", "python", "backend", "scraper", "py", "HTTP"}
"""Settings and commands that a message names."""

NOT_READY = StoreNotReady(
    remark("the store at {address} is not ready: {words}", address="127.0.0.1:1", words="")
)
TROUBLES: tuple[SouthboundError, ...] = (
    Unexpected(remark("{kind}: {error}", kind=remark("error"), error="")),
    StoreRefused(remark("the lock changes all the time")),
    DamagedKey("1", remark("it holds another type")),
    NOT_READY,
    StoreUnavailable(remark("it has not answered yet")),
)


def all_notices() -> Iterator[Notice]:
    for trouble in TROUBLES:
        yield notices.unreadable(trouble)
        yield notices.last_figures(trouble)
    for status in (None, ScraperStatus(asks_site=False), ScraperStatus(done=3, total=41), ScraperStatus()):
        yield notices.empty(status)
    for stored, window in (((NEW,), 5), ((OLD, NEW), None), ((NEW, NEW), 5), ((OLD, NEW), 20)):
        yield notices.nothing_to_compare(stored, NEW, window)
    yield notices.damaged([OLD, NEW])
    yield notices.vanished([OLD])
    yield notices.unknown_stock("99999")
    for asked, before in (("2026-02-29", None), ("2026-02-14", OLD)):
        yield notices.date_not_stored(asked, before, NEW)
    for end in (RISES, FALLS, BOTH):
        yield notices.no_movers(PAIR, POINTS, end)
    yield notices.no_prices()
    yield notices.no_price_of(Trades((OLD, NEW)))
    yield notices.no_price_of_stocks()
    for standing in (Standing.NO_ADDRESS, Standing.UNVERIFIED, Standing.NOT_NAMED):
        yield sign_in_page.refusal(standing)


def all_badges() -> Iterator[str]:
    alive = ScraperStatus(heartbeat=NOW, last_error=remark("HTTP {status}", status=503))
    for state in State:
        for more in (
            {},
            {"breaker": Circuit.OPEN},
            {"heartbeat": NOW - timedelta(days=1)},
            {"asks_site": False},
        ):
            seen = badge(StoreSnapshot(DataVersion(0, 1), replace(alive, state=state, **more)), NOW)
            yield f"{seen.label} {seen.sentence}"
        known: dict[str, Any] = {"last_success": NOW, "next_try": NOW, "next_session": NEW, "last_error": ""}
        seen = badge(StoreSnapshot(DataVersion(0, 1), replace(alive, state=state, **known)), NOW)
        yield f"{seen.label} {seen.sentence}"
    for trouble in (None, *TROUBLES):
        seen = badge(StoreSnapshot(DataVersion(0, 1), trouble=trouble), NOW)
        yield f"{seen.label} {seen.sentence}"


@pytest.mark.parametrize("language", CHINESE)
def test_notices_and_badges_have_no_english(language: Language) -> None:
    with speaking(language):
        said = [f"{notice.title} {notice.what_next}" for notice in all_notices()] + list(all_badges())
    assert [left for text in said if (left := set(english_left(text)) - NAMED)] == []


def test_what_the_store_says_is_told_in_chinese() -> None:
    with speaking(Language.TRADITIONAL):
        shown = notices.unreadable(NOT_READY)
    assert shown.title == "數據庫尚未就緒"
    assert "127.0.0.1:1的數據庫尚未就緒" in shown.what_next
