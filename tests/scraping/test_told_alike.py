"""Page, mail and scraper tell the same of a session that is missing."""

from collections.abc import Mapping
from datetime import date

import pytest

from southbound.config.settings import EmailSettings
from southbound.mail.content.builder import MailBuilder
from southbound.market import missing_sessions
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.missing_sessions import MissingSession, Reason
from southbound.queries.data_quality import DataQuality, missing
from southbound.store.holdings_store import HoldingsStore
from tests.scraping.conftest import ScraperOf

WEDNESDAY, FRIDAY = date(2026, 2, 25), date(2026, 2, 27)


def test_a_new_reason_is_told_by_page_mail_and_scraper(
    store: HoldingsStore,
    recorded: Mapping[date, DailyHoldings],
    scraper_of: ScraperOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for day in (date(2026, 2, 24), date(2026, 2, 26), FRIDAY):
        store.put(recorded[day])
    words = "a typhoon closed the market: {noted}"
    typhoon = Reason(lambda _: {WEDNESDAY: "signal 10"}, words)
    monkeypatch.setattr(missing_sessions, "REASONS", (typhoon, *missing_sessions.REASONS))
    cycle = scraper_of().cycle
    cycle._schedule.put_off(WEDNESDAY, 60)

    notes = DataQuality(store).notes().sessions

    told = MissingSession(WEDNESDAY, words, noted="signal 10")
    assert missing(store.dates(), (), notes, None) == cycle.lacking() == (told,)
    assert (
        "Wed 25 Feb 2026 (a typhoon closed the market: signal 10)"
        in MailBuilder(store, EmailSettings()).mail(FRIDAY).text
    )
