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
