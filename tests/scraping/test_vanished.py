"""A stored day whose key is gone is noticed at the next look, and asked for again while the site has it."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from replay.site import ReplaySite
from southbound.market.daily_holdings import DailyHoldings
from southbound.store import keys
from southbound.store.holdings_store import HoldingsStore
from southbound.store.quarantine import Quarantine
from tests.scraping.conftest import ScraperOf, offered
from tools.benchmarks.stored_days import as_holdings

Days = Mapping[date, DailyHoldings]
OLD, FRIDAY = date(2026, 1, 5), date(2026, 2, 27)


@pytest.mark.parametrize("gone", [date(2026, 2, 25), FRIDAY], ids=["one in between", "the newest"])
def test_a_vanished_day_of_the_window_is_there_again_after_the_next_look(
    gone: date,
    scraper_of: ScraperOf,
    store: HoldingsStore,
    site: ReplaySite,
    caplog: pytest.LogCaptureFixture,
) -> None:
    scraper = scraper_of(backfill_days=7)
    scraper.run_once()
    store.client.delete(str(gone))

    scraper.cycle.look()
    scraper.cycle.look()

    read = store.get(gone)
    assert read is not None
    assert read.rows_changed(as_holdings(site.truth(gone))) == 0
    assert store.dates() == offered(site, 7)
    assert Quarantine(store.client).vanished() == {}
    assert f"gone from the store: {gone}; asked for again" in caplog.text


def test_one_that_is_older_than_the_window_is_asked_for_all_the_same(
    scraper_of: ScraperOf, store: HoldingsStore, recorded: Days
) -> None:
    scraper = scraper_of(backfill_days=3)
    store.put(recorded[OLD])
    scraper.run_once()
    store.client.delete(str(OLD))

    scraper.cycle.look()

    assert store.get(OLD) is not None
    assert store.dates()[0] == OLD


def test_one_that_the_site_cannot_have_any_more_is_named_and_not_asked_for(
    scraper_of: ScraperOf, store: HoldingsStore, site: ReplaySite
) -> None:
    ancient = site.today - timedelta(days=370)
    while ancient.weekday() > 4:
        ancient -= timedelta(days=1)
    scraper = scraper_of(backfill_days=3)
    scraper.run_once()
    store.client.zadd(keys.DATES, {str(ancient): keys.score(ancient)})
    asked = len(site.requests)

    scraper.cycle.look()

    assert not [request for request in site.requests[asked:] if request.asked == ancient]
    assert Quarantine(store.client).vanished().keys() == {ancient}
    assert ancient not in store.dates()


def test_it_is_still_known_after_a_restart(
    scraper_of: ScraperOf, store: HoldingsStore, recorded: Days
) -> None:
    store.put(recorded[OLD])
    store.put(recorded[FRIDAY])
    store.client.delete(str(OLD))

    scraper_of(backfill_days=3).run_once()

    assert store.get(OLD) is not None


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(gone=st.sets(st.integers(0, 9)))
def test_exactly_those_whose_keys_are_gone_have_vanished(
    gone: set[int], store: HoldingsStore, recorded: Days
) -> None:
    store.client.flushall()
    days = sorted(recorded)[:10]
    for day in days:
        store.put(recorded[day])
    for number in gone:
        store.client.delete(str(days[number]))

    vanished = [days[number] for number in sorted(gone)]
    assert store.vanished() == vanished
    if gone:
        store.mend_dates()
    assert store.vanished() == []
    assert sorted(Quarantine(store.client).vanished()) == vanished
    assert store.dates() == [day for day in days if day not in vanished]


def test_looking_for_them_walks_over_no_key(scraper_of: ScraperOf, scans: Callable[[], int]) -> None:
    scraper = scraper_of(backfill_days=3)
    scraper.run_once()
    before = scans()

    scraper.cycle.look()

    assert scans() == before
