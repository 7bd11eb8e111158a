"""A store that lacks what the archive has is filled from it before the site is asked."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from replay.faults import Fault
from replay.site import ReplaySite
from southbound.archive.archive import Archive
from southbound.archive.folders import LocalFolder
from southbound.archive.kinds import HOLDINGS
from southbound.archive.month_files import Reading
from southbound.common.errors import SiteError
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.origin import Origin
from southbound.store.holdings_store import HoldingsStore
from tests.archive.figures import MADE_UP
from tests.archive.readings import READ
from tests.scraping.conftest import ScraperOf, offered, shown
from tests.scraping.made_up import listed

Days = Mapping[date, DailyHoldings]


def archived(folder: Path, *days: DailyHoldings) -> None:
    archive = Archive.opened(LocalFolder(folder))
    for figures in days:
        reading = Reading(figures.day, figures, Origin("hkexnews", READ))
        archive.put(HOLDINGS, HOLDINGS.file(figures.day), [reading])


def test_what_was_scraped_is_archived_and_an_emptied_store_is_full_again_though_the_site_is_away(
    scraper_of: ScraperOf, store: HoldingsStore, site: ReplaySite, tmp_path: Path
) -> None:
    first = scraper_of(backfill_days=10)
    first.keep_archive(str(tmp_path))
    first.run_once()
    days, texts = store.dates(), store.digests(offered(site, 10))
    origins = store.origins()
    first.close()
    assert shown(store).archive_days == len(days)
    store.client.flushall()
    site.switch_on(Fault.UNAVAILABLE)
    second = scraper_of(backfill_days=10)
    second.keep_archive(str(tmp_path))

    with pytest.raises(SiteError):
        second.run_once()

    assert store.dates() == days == offered(site, 10)
    assert store.digests(days) == texts
    assert store.origins() == origins
    assert len(store.stock_names()) == 0


def test_a_store_that_is_emptied_while_it_runs_is_full_again_at_the_next_look(
    scraper_of: ScraperOf, store: HoldingsStore, tmp_path: Path
) -> None:
    scraper = scraper_of(backfill_days=10)
    scraper.keep_archive(str(tmp_path))
    scraper.run_once()
    old = listed(store.dates()[0])
    days = store.dates()
    store.client.delete(*map(str, days[:3]))

    scraper.cycle.look()

    assert store.dates() == days
    assert old.day in days


def test_the_gate_and_the_calendar_hold_for_the_archive(
    scraper_of: ScraperOf,
    store: HoldingsStore,
    recorded: Days,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    whole = [recorded[day] for day in sorted(recorded)]
    saturday = replace(whole[0], day=date(2026, 1, 3))
    few = listed(whole[2].day, range(1, 500))
    archived(tmp_path, whole[0], whole[1], few, whole[3], saturday)
    scraper = scraper_of(backfill_days=1)
    scraper.keep_archive(str(tmp_path))

    scraper.run_once()

    restored = [day for day in store.dates() if day < whole[4].day]
    assert restored == [whole[0].day, whole[1].day, whole[3].day]
    assert "2026-01-03 is not taken from the archive: no Hong Kong session" in caplog.text
    assert f"{few.day} is not taken from the archive: " in caplog.text


def test_an_archive_that_is_away_keeps_no_day_from_being_stored(
    scraper_of: ScraperOf, store: HoldingsStore, site: ReplaySite, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    scraper = scraper_of(backfill_days=5)
    scraper.keep_archive(str(tmp_path / "file"))

    scraper.run_once()
    scraper.close()

    assert store.dates() == offered(site, 5)
    behind = shown(store).archive_behind
    assert behind is not None
    assert behind > READ + timedelta(days=1)
    assert "Not a directory" in shown(store).archive_trouble


def test_prices_turnover_and_short_positions_come_back_byte_for_byte_and_only_what_is_lacking(
    scraper_of: ScraperOf, store: HoldingsStore, tmp_path: Path
) -> None:
    first = scraper_of(backfill_days=5)
    first.keep_archive(str(tmp_path))
    first.run_once()
    sessions = store.dates()
    for _, stored_as, make in MADE_UP:
        for day in sessions:
            store.market_figures.put(stored_as, make(day), f"https://host/{day}", READ)
    first.run_once()
    keys = [stored_as.key(day) for _, stored_as, _ in MADE_UP for day in sessions]
    texts = store.client.mget(keys)
    first.close()
    assert {each.kind: each.days for each in shown(store).archive_beside} == {
        kind.name: len(sessions) for kind, _, _ in MADE_UP
    }

    store.client.flushall()
    second = scraper_of(backfill_days=5)
    second.keep_archive(str(tmp_path))
    second.run_once()
    assert store.client.mget(keys) == texts

    _, stored_as, make = MADE_UP[0]
    store.market_figures.put(stored_as, make(sessions[0], 99), "newer", READ)
    store.client.delete(stored_as.key(sessions[1]))
    newer = store.client.get(stored_as.key(sessions[0]))
    second.cycle.look()
    second.close()
    assert store.client.get(stored_as.key(sessions[0])) == newer
    assert store.client.get(stored_as.key(sessions[1])) == texts[1]


def test_figures_of_a_day_that_is_no_session_are_not_taken_from_the_archive(
    scraper_of: ScraperOf, store: HoldingsStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    saturday, friday = date(2026, 2, 21), date(2026, 2, 20)
    archive = Archive.opened(LocalFolder(tmp_path))
    kind, stored_as, make = MADE_UP[0]
    archive.put(
        kind, kind.file(friday), [Reading(day, make(day), Origin("s", READ)) for day in (friday, saturday)]
    )
    scraper = scraper_of(backfill_days=1)
    scraper.keep_archive(str(tmp_path))

    scraper.run_once()
    scraper.cycle.look()
    scraper.close()

    assert list(store.market_figures.origins(stored_as, [friday, saturday])) == [friday]
    assert caplog.text.count("prices of 2026-02-21 is not taken from the archive: no Hong Kong session") == 1
