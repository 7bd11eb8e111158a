"""The sources beside the holdings, from a site of files into the store; and what their faults cost."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from replay.quotations import no_trading_page
from replay.serving import LocalServer
from replay.site import ReplaySite
from southbound.common.errors import NotPublished, SiteChanged, SiteError, SiteRefuses, SiteUnavailable
from southbound.config.settings import PricesSettings, ScraperSettings, Settings
from southbound.scraping.download import download
from southbound.scraping.market_data import market_data
from southbound.scraping.schedule import SiteClock
from southbound.scraping.source_reader import Access, SourceReader
from southbound.scraping.sources import SOURCES, Source, week_ends
from southbound.store import keys
from southbound.store.holdings_store import HoldingsStore
from southbound.store.market_figures import PRICES
from southbound.store.scraper_status import Circuit
from tests.conftest import EndOfTest, becomes_true
from tests.scraping.conftest import ScraperOf, offered, shown
from tests.scraping.files import SIZE, FileSite, gem, quotations
from tests.scraping.made_up import Clock

TODAY = date(2026, 2, 27)
SITE = SiteClock(TODAY, agrees=False)
NOW = datetime(2026, 2, 27, 12, 30, tzinfo=UTC)
MAIN, GEM = "d260227e.htm", "GEM/e_G260227.htm"
QUOTATIONS = SOURCES[0]


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[FileSite, str]]:
    files = FileSite()
    server = LocalServer(files.app())
    with server:
        yield files, f"{server.address}/"


@pytest.fixture
def files(served: tuple[FileSite, str]) -> Iterator[FileSite]:
    """With the quotations of one session."""
    files = served[0]
    files.__init__()  # type: ignore[misc]
    files.files |= {MAIN: quotations(TODAY), GEM: gem(TODAY)}
    yield files
    files.faults.clear()


@pytest.fixture
def address(served: tuple[FileSite, str]) -> str:
    return served[1]


@pytest.fixture
def reader_of(store: HoldingsStore, address: str, clock: Clock) -> Callable[..., SourceReader[Any]]:
    def reader_of(seconds: float = 5.0, source: Source[Any] = QUOTATIONS) -> SourceReader[Any]:
        access = Access(address, lambda url: download(url, seconds), 60.0, 900.0)
        return SourceReader(source, access, store.market_figures, clock=clock)

    return reader_of


def missing(reader: SourceReader[Any]) -> dict[date, str]:
    return dict(reader.status(SITE, NOW).missing)


def test_both_boards_of_a_session_are_stored_together_and_not_asked_for_again(
    reader_of: Callable[..., SourceReader[Any]], store: HoldingsStore, files: FileSite
) -> None:
    reader = reader_of()

    assert reader.look(SITE, NOW)

    [read], _ = store.market_figures.get_many(PRICES, [TODAY])
    assert {700, 8328} <= set(read.codes.tolist())
    assert files.asked == [MAIN, GEM]
    assert files.sent < SIZE
    assert files.headers["user-agent"].startswith("southbound")
    assert store.version() == 1
    assert reader.status(SITE, NOW).newest == TODAY
    assert TODAY not in missing(reader_of())


def test_one_board_is_kept_while_the_other_is_waited_for_also_by_the_next_process(
    reader_of: Callable[..., SourceReader[Any]], store: HoldingsStore, files: FileSite
) -> None:
    held = files.files.pop(GEM)
    reader_of().look(SITE, NOW)
    [alone], _ = store.market_figures.get_many(PRICES, [TODAY])
    reader = reader_of()
    assert missing(reader)[TODAY] == "a part of it is not there"
    files.files[GEM] = held
    files.asked.clear()

    reader.look(SITE, NOW)

    [both], _ = store.market_figures.get_many(PRICES, [TODAY])
    assert files.asked == [GEM]
    assert set(alone.codes.tolist()) < set(both.codes.tolist())
    assert 8328 in both.codes
    assert TODAY not in missing(reader)


def test_sessions_of_a_month_are_caught_up_newest_first_and_older_ones_never_asked_for(
    reader_of: Callable[..., SourceReader[Any]], files: FileSite, clock: Clock
) -> None:
    reader = reader_of()
    files.files.clear()

    while reader.look(SITE, NOW):
        pass

    boards = [path for path in files.asked if path.startswith("d")]
    assert boards[0] == MAIN
    assert boards[-1] == "d260127e.htm"
    assert len(boards) == len(set(boards)) == len(missing(reader))
    assert missing(reader)[TODAY].endswith("the site has none (404)")
    assert reader.status(SITE, NOW).breaker is Circuit.CLOSED
    for pause in (60, 120, 240):
        clock.now += pause - 1
        assert not reader.look(SITE, NOW)
        clock.now += 1
        while reader.look(SITE, NOW):
            pass


def test_a_day_without_trading_is_missed_by_nobody(
    reader_of: Callable[..., SourceReader[Any]], files: FileSite
) -> None:
    files.files[MAIN] = no_trading_page()
    reader = reader_of()

    reader.look(SITE, NOW)

    assert files.asked == [MAIN]
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
    short, years_later = reader_of(source=SOURCES[2]), datetime(2031, 1, 1, tzinfo=UTC)

    def lacking(today: date) -> date:
        return max(dict(short.status(SiteClock(today, agrees=False), years_later).missing))

    assert lacking(TODAY - timedelta(days=1)) == date(2026, 2, 13)
    assert lacking(TODAY) == date(2026, 2, 20)


FAULTS: dict[str, type[SiteError]] = {
    "403": SiteRefuses,
    "429": SiteRefuses,
    "500": SiteUnavailable,
    "hang": SiteUnavailable,
    "drip": SiteUnavailable,
    "reset": SiteUnavailable,
    "elsewhere": SiteChanged,
    "packed": SiteChanged,
    "404": NotPublished,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_told_apart_ends_in_time_and_stores_nothing(
    fault: str,
    reader_of: Callable[..., SourceReader[Any]],
    store: HoldingsStore,
    files: FileSite,
    address: str,
) -> None:
    files.faults = dict.fromkeys((MAIN, GEM), fault)
    began = time.monotonic()
    with pytest.raises(FAULTS[fault]), download(address + MAIN, 0.3) as parts:
        b"".join(parts)
    reader = reader_of(0.3)

    reader.look(SITE, NOW)

    assert time.monotonic() - began < 5
    assert TODAY in missing(reader)
    assert (reader.status(SITE, NOW).breaker is Circuit.CLOSED) == (fault == "404")
    assert store.market_figures.origins(PRICES, [TODAY]) == {}
    assert reader.look(SITE, NOW) == (fault == "404")


def test_a_file_that_is_not_as_it_was_is_refused_with_a_reason_and_costs_nothing_else(
    reader_of: Callable[..., SourceReader[Any]], store: HoldingsStore, files: FileSite
) -> None:
    files.files[MAIN] = quotations(TODAY).replace(b"HKD", b"HK$")
    reader = reader_of()

    reader.look(SITE, NOW)

    assert "line" in missing(reader)[TODAY]
    assert reader.status(SITE, NOW).breaker is Circuit.OPEN
    assert store.version() == 0


@pytest.mark.usefixtures("files")
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


@pytest.mark.usefixtures("files")
def test_a_scraper_that_ends_reads_the_holdings_and_then_the_prices(
    scraper_of: ScraperOf, store: HoldingsStore, site: ReplaySite, address: str
) -> None:
    scraper = scraper_of(backfill_days=5)
    scraper.read_beside(reads_prices(address))

    scraper.run_once()

    assert store.dates() == offered(site, 5)
    assert list(store.market_figures.origins(PRICES, [TODAY])) == [TODAY]
    told = shown(store).prices
    assert told is not None
    assert told.newest == TODAY
    assert shown(store).turnover is None


@pytest.mark.parametrize("fault", ["hang", "500", "reset"])
def test_a_source_that_hangs_or_fails_delays_no_holdings(
    fault: str, scraper_of: ScraperOf, store: HoldingsStore, site: ReplaySite, files: FileSite, address: str
) -> None:
    files.faults[MAIN] = fault
    following: list[date] = []

    def sleep(_seconds: float) -> None:
        if not following:
            assert becomes_true(lambda: MAIN in files.asked)
            following.append(site.move_on())
        elif set(offered(site, 5)) <= set(store.dates()) or time.monotonic() - began > 10:
            raise EndOfTest

    scraper = scraper_of(sleep, backfill_days=5, interval_seconds=0.1)
    scraper.read_beside(reads_prices(address, timeout_seconds=30.0))
    began = time.monotonic()

    with pytest.raises(EndOfTest):
        scraper.run()

    assert set(offered(site, 5)) <= set(store.dates())
    assert time.monotonic() - began < 10
    assert shown(store).last_error == ""
