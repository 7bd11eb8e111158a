"""The sources beside the holdings, from a site of files into the store; and what their faults cost."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from replay import official_site
from replay.file_faults import FILE_STATUS, FileFault, Source
from replay.files import FOLDERS
from replay.site import ReplaySite
from southbound.common.errors import (
    BadPrices,
    NotPublished,
    OtherDate,
    SiteChanged,
    SiteRefuses,
    SiteUnavailable,
    SouthboundError,
)
from southbound.config.settings import PricesSettings, ScraperSettings, Settings
from southbound.hkex.short_positions import short_positions_path
from southbound.hkex.turnover import turnover_path
from southbound.scraping.download import download
from southbound.scraping.market_data import market_data
from southbound.scraping.schedule import SiteClock
from southbound.scraping.source_reader import Access, SourceReader
from southbound.scraping.sources import SOURCES, week_ends
from southbound.store import keys
from southbound.store.holdings_store import HoldingsStore
from southbound.store.market_figures import PRICES
from southbound.store.scraper_status import Circuit
from tests.conftest import EndOfTest, becomes_true
from tests.scraping.conftest import ScraperOf, offered, shown
from tests.scraping.made_up import Clock

TODAY, WEEK_END = date(2026, 2, 27), date(2026, 2, 20)
SITE = SiteClock(TODAY, agrees=False)
NOW = datetime(2026, 2, 27, 12, 30, tzinfo=UTC)
MAIN, GEM = "dayquot/d260227e.htm", "dayquot/GEM/e_G260227.htm"
LARGE = 16 * 2**20
"""Bytes of a file: what the buffers of the sockets take in is no more than a part of it."""

OF = dict(zip(Source, SOURCES, strict=True))
DAYS = {Source.QUOTATIONS: TODAY, Source.TURNOVER: TODAY, Source.SHORT_POSITIONS: WEEK_END}
"""A day of each source that is out."""


@pytest.fixture
def reader_of(store: HoldingsStore, official_url: str, clock: Clock) -> Callable[..., SourceReader[Any]]:
    def reader_of(source: Source = Source.QUOTATIONS, seconds: float = 10.0) -> SourceReader[Any]:
        url = official_url.rstrip("/") + FOLDERS[source]
        access = Access(url, lambda url: download(url, seconds), 60.0, 900.0)
        return SourceReader(OF[source], access, store.market_figures, clock=clock)

    return reader_of


def asked(site: ReplaySite) -> list[str]:
    """The paths, in the order in which they were asked for."""
    return [request.path for request in site.official.requests]


def missing(reader: SourceReader[Any]) -> dict[date, str]:
    return dict(reader.status(SITE, NOW).missing)


def test_both_boards_of_a_session_are_stored_together_and_not_asked_for_again(
    reader_of: Callable[..., SourceReader[Any]], store: HoldingsStore, site: ReplaySite
) -> None:
    site.official.files.size = LARGE
    reader = reader_of()

    assert reader.look(SITE, NOW)

    [read], _ = store.market_figures.get_many(PRICES, [TODAY])
    assert {700, 8328} <= set(read.codes.tolist())
    assert asked(site) == [MAIN, GEM]
    assert site.official.requests[0].sent < LARGE
    assert site.official.requests[0].agent.startswith("southbound")
    assert store.version() == 1
    assert reader.status(SITE, NOW).newest == TODAY
    assert TODAY not in missing(reader_of())


def test_one_board_is_kept_while_the_other_is_waited_for_also_by_the_next_process(
    reader_of: Callable[..., SourceReader[Any]], store: HoldingsStore, site: ReplaySite
) -> None:
    site.official.switch_on(Source.QUOTATIONS, FileFault.NOT_FOUND, times=1)
    reader_of().look(SITE, NOW)
    [alone], _ = store.market_figures.get_many(PRICES, [TODAY])
    reader = reader_of()
    assert missing(reader)[TODAY] == "a part of it is not there"

    reader.look(SITE, NOW)

    [both], _ = store.market_figures.get_many(PRICES, [TODAY])
    assert asked(site) == [MAIN, GEM, MAIN]
    assert set(alone.codes.tolist()) < set(both.codes.tolist())
    assert 700 in both.codes
    assert TODAY not in missing(reader)


def test_sessions_of_a_month_are_caught_up_newest_first_and_older_ones_never_asked_for(
    reader_of: Callable[..., SourceReader[Any]], site: ReplaySite, clock: Clock
) -> None:
    reader = reader_of()
    site.official.switch_on(Source.QUOTATIONS, FileFault.NOT_FOUND)

    while reader.look(SITE, NOW):
        pass

    boards = [path for path in asked(site) if "GEM" not in path]
    assert boards[0] == MAIN
    assert boards[-1] == "dayquot/d260127e.htm"
    assert len(boards) == len(set(boards)) == len(missing(reader))
    assert missing(reader)[TODAY].endswith("the site has none (404)")
    assert reader.status(SITE, NOW).breaker is Circuit.CLOSED
    for pause in (60, 120):
        clock.now += pause - 1
        assert not reader.look(SITE, NOW)
        clock.now += 1
        while reader.look(SITE, NOW):
            pass


def test_a_day_without_trading_is_missed_by_nobody(
    reader_of: Callable[..., SourceReader[Any]], site: ReplaySite
) -> None:
    site.official.typhoons.add(TODAY)
    reader = reader_of()

    reader.look(SITE, NOW)

    assert asked(site) == [MAIN]
    assert TODAY not in missing(reader)


def test_the_files_of_the_day_are_not_asked_for_before_they_are_expected(
    reader_of: Callable[..., SourceReader[Any]],
) -> None:
    agreeing = SiteClock(TODAY, agrees=True)
    quotations, turnover, short = SOURCES

    assert TODAY not in dict(reader_of().status(agreeing, datetime(2026, 2, 27, 11, 59, tzinfo=UTC)).missing)
    assert TODAY in dict(reader_of().status(agreeing, datetime(2026, 2, 27, 12, 0, tzinfo=UTC)).missing)
    assert quotations.out_from(TODAY) == turnover.out_from(TODAY)
    assert short.out_from(date(2026, 2, 26)).date() == date(2026, 3, 6)
    # Before Lunar New Year the week ended on Monday.
    assert week_ends(date(2026, 2, 9), TODAY) == [
        date(2026, 2, 13),
        date(2026, 2, 16),
        date(2026, 2, 20),
        TODAY,
    ][0:1] + week_ends(date(2026, 2, 16), TODAY)
    assert date(2026, 2, 16) not in turnover.days(date(2026, 2, 13), date(2026, 2, 24))


def test_short_positions_are_not_missed_before_their_day_where_the_clocks_differ(
    reader_of: Callable[..., SourceReader[Any]],
) -> None:
    short, years_later = reader_of(Source.SHORT_POSITIONS), datetime(2031, 1, 1, tzinfo=UTC)

    def lacking(today: date) -> date:
        return max(dict(short.status(SiteClock(today, agrees=False), years_later).missing))

    assert lacking(TODAY - timedelta(days=1)) == date(2026, 2, 13)
    assert lacking(TODAY) == date(2026, 2, 20)


ALIKE: dict[FileFault, type[SouthboundError]] = {
    FileFault.RESET: SiteUnavailable,
    FileFault.HANG: SiteUnavailable,
    FileFault.CUT_OFF: SiteUnavailable,
    FileFault.DRIP: SiteUnavailable,
    FileFault.FORBIDDEN: SiteRefuses,
    FileFault.NOT_FOUND: NotPublished,
    FileFault.TOO_MANY: SiteRefuses,
    FileFault.SERVER_ERROR: SiteUnavailable,
    FileFault.UNAVAILABLE: SiteUnavailable,
    FileFault.MAINTENANCE: NotPublished,
    FileFault.ELSEWHERE: SiteChanged,
    FileFault.PACKED: SiteChanged,
    FileFault.OTHER_DATE: OtherDate,
    FileFault.RENAMED_COLUMN: SiteChanged,
    FileFault.TEXT_IN_NUMBERS: SiteChanged,
    FileFault.DUPLICATE_ROWS: SiteChanged,
    FileFault.FEW_ROWS: SiteChanged,
}
"""What a fault is for its reader."""

OTHERWISE = {
    (Source.QUOTATIONS, FileFault.MAINTENANCE): SiteUnavailable,
    (Source.QUOTATIONS, FileFault.DUPLICATE_ROWS): BadPrices,
}
ENDLESS = {FileFault.HANG, FileFault.DRIP}
LASTING = (SiteChanged, SiteRefuses)


def read_once(url: str, source: Source, seconds: float) -> None:
    """The first file of a day."""
    file = OF[source].files(DAYS[source])[0]
    with download(url.rstrip("/") + FOLDERS[source] + file.path, seconds) as parts:
        file.read(parts)


@pytest.mark.parametrize("source", Source)
@pytest.mark.parametrize("fault", FileFault)
def test_each_fault_of_each_source_is_told_apart_stores_nothing_and_passes(
    source: Source,
    fault: FileFault,
    reader_of: Callable[..., SourceReader[Any]],
    store: HoldingsStore,
    site: ReplaySite,
    official_url: str,
    clock: Clock,
) -> None:
    site.official.files.size = 0  # so that half of it is half of the quotations
    day, seconds = DAYS[source], 0.2 if fault in ENDLESS else 10.0
    error = OTHERWISE.get((source, fault), ALIKE[fault])
    site.official.switch_on(source, fault)
    with pytest.raises(error):
        read_once(official_url, source, seconds)
    reader = reader_of(source, seconds)

    assert reader.look(SITE, NOW)

    told = reader.status(SITE, NOW)
    assert dict(told.missing)[day] not in {"", "not read yet"}
    if error is NotPublished or issubclass(error, LASTING):
        assert (told.breaker is Circuit.OPEN) == issubclass(error, LASTING)
    assert store.market_figures.origins(OF[source].kind, [day]) == {}
    if fault in ENDLESS:
        return
    site.clear()
    clock.now += 10_000
    assert reader.look(SITE, NOW)
    assert list(store.market_figures.origins(OF[source].kind, [day])) == [day]
    assert day not in dict(reader.status(SITE, NOW).missing)


def test_every_fault_is_tried() -> None:
    assert set(ALIKE) == set(FileFault)
    assert {status for fault, status in FILE_STATUS.items() if ALIKE[fault] is SiteRefuses} == {403, 429}


def test_turnover_and_short_positions_are_stored_from_their_paths_and_asked_for_once(
    reader_of: Callable[..., SourceReader[Any]], store: HoldingsStore, site: ReplaySite
) -> None:
    for source in (Source.TURNOVER, Source.SHORT_POSITIONS):
        assert reader_of(source).look(SITE, NOW)
        assert DAYS[source] not in dict(reader_of(source).status(SITE, NOW).missing)

    assert asked(site) == [f"DailyStat/{turnover_path(TODAY)}", f"spr/{short_positions_path(WEEK_END)}"]
    [turnover] = store.market_figures.get_many(OF[Source.TURNOVER].kind, [TODAY])[0]
    [short] = store.market_figures.get_many(OF[Source.SHORT_POSITIONS].kind, [WEEK_END])[0]
    assert turnover.net is not None
    assert len(short) == 1187


@pytest.mark.parametrize("page", [False, True])
def test_what_is_not_there_yet_leaves_its_source_alone_for_a_while_and_closed(
    reader_of: Callable[..., SourceReader[Any]], site: ReplaySite, *, page: bool
) -> None:
    site.official.page_for_none = page
    monday = SiteClock(date(2026, 3, 2), agrees=False)  # its statistics are out in its evening
    reader = reader_of(Source.TURNOVER)

    assert reader.look(monday, NOW)

    assert monday.today in dict(reader.status(monday, NOW).missing)
    assert reader.status(monday, NOW).breaker is Circuit.CLOSED


def test_damaged_prices_are_read_again_by_the_next_process(
    reader_of: Callable[..., SourceReader[Any]], store: HoldingsStore
) -> None:
    reader_of().look(SITE, NOW)
    store.client.append(keys.prices(TODAY), "}")

    reader_of().look(SITE, NOW)

    assert len(store.market_figures.get_many(PRICES, [TODAY])[0]) == 1


def reads_prices(url: str, **scraper: Any) -> Any:
    pacing = ScraperSettings(**{"min_gap_seconds": 0.0, **scraper})
    return partial(market_data, Settings(scraper=pacing, prices=PricesSettings(enabled=True, url=url)))


def test_a_scraper_that_ends_reads_the_holdings_and_then_the_prices(
    scraper_of: ScraperOf,
    store: HoldingsStore,
    site: ReplaySite,
    official_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(official_site, "KEPT", timedelta(days=1))  # the newest day alone is quick to read
    scraper = scraper_of(backfill_days=5)
    scraper.read_beside(reads_prices(f"{official_url}dayquot/"))

    scraper.run_once()

    assert store.dates() == offered(site, 5)
    assert list(store.market_figures.origins(PRICES, [TODAY])) == [TODAY]
    told = shown(store).prices
    assert told is not None
    assert told.newest == TODAY
    assert shown(store).turnover is None


@pytest.mark.parametrize("fault", [FileFault.HANG, FileFault.SERVER_ERROR, FileFault.RESET])
def test_a_source_that_hangs_or_fails_delays_no_holdings(
    fault: FileFault, scraper_of: ScraperOf, store: HoldingsStore, site: ReplaySite, official_url: str
) -> None:
    site.official.switch_on(Source.QUOTATIONS, fault)
    following: list[date] = []

    def sleep(_seconds: float) -> None:
        if not following:
            assert becomes_true(lambda: site.official.switches[Source.QUOTATIONS].taken)
            following.append(site.move_on())
        elif set(offered(site, 5)) <= set(store.dates()) or time.monotonic() - began > 20:
            raise EndOfTest

    scraper = scraper_of(sleep, backfill_days=5, interval_seconds=0.1)
    scraper.read_beside(reads_prices(f"{official_url}dayquot/", timeout_seconds=30.0))
    began = time.monotonic()

    with pytest.raises(EndOfTest):
        scraper.run()

    assert set(offered(site, 5)) <= set(store.dates())
    assert time.monotonic() - began < 20
    assert shown(store).last_error == ""
