"""When the Chinese page is read, and what is made of it."""

import logging
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

from replay.faults import Fault
from replay.site import ReplaySite
from southbound.common.errors import BrowserError
from southbound.hkexnews.page_parser import Page
from southbound.market.daily_holdings import DailyHoldings
from southbound.scraping.chinese_names import NameReader
from southbound.store import keys
from southbound.store.holdings_store import HoldingsStore
from southbound.store.scraper_status import ScraperStatus, StatusBoard
from southbound.store.stock_names import read_names
from tests.scraping.conftest import BareReader, shown
from tests.scraping.made_up import Clock

FRIDAY, MONDAY, TUESDAY = date(2026, 2, 27), date(2026, 3, 2), date(2026, 3, 3)
ALMOST_A_WEEK, A_WEEK = timedelta(days=6, hours=23), timedelta(days=7)
UNKNOWN_STOCK = 99_999


@pytest.fixture
def store(store: HoldingsStore, recorded: Mapping[date, DailyHoldings]) -> HoldingsStore:
    """A store with one day, whose stocks are those of the Chinese page."""
    store.put(recorded[FRIDAY])
    return store


@pytest.fixture
def board(store: HoldingsStore) -> StatusBoard:
    return StatusBoard(store.client)


@pytest.fixture
def names(reader: BareReader, store: HoldingsStore, board: StatusBoard, clock: Clock) -> NameReader:
    """As it is when a scraper has just started; after a failure it waits for ten minutes."""
    names = NameReader(reader, store, board, 600, clock)
    names.recall()
    return names


def restarted(reader: BareReader, store: HoldingsStore) -> tuple[NameReader, StatusBoard]:
    """As it is in the next process."""
    board = StatusBoard(store.client)
    names = NameReader(reader, store, board, 600)
    names.recall()
    return names, board


def times_read(site: ReplaySite) -> int:
    return sum(request.language == "zh" for request in site.requests)


def put_with_a_new_stock(store: HoldingsStore, day: date, before: DailyHoldings) -> None:
    """Store a day with one stock more than there were."""
    store.put(
        DailyHoldings.of(
            day,
            [*before.codes.tolist(), UNKNOWN_STOCK],
            [*before.names, "NEW"],
            [*before.shares.tolist(), 100],
            [*before.percents.tolist(), None],
        )
    )


def ours(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """Without what the site's server says: the dashboard, which other tests import, turns its log on."""
    return [record for record in caplog.records if record.name.startswith("southbound.")]


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in ours(caplog)]


def test_at_first_the_names_are_read_and_kept(
    names: NameReader,
    store: HoldingsStore,
    site: ReplaySite,
    recorded: Mapping[date, DailyHoldings],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "southbound.scraping.chinese_names")
    before = datetime.now(UTC)

    names.look(FRIDAY)

    kept = read_names(store.client)
    assert kept.keys() == set(recorded[FRIDAY].codes.tolist())
    assert (kept[1], kept[5], kept[700]) == ("長和", "匯豐控股", "騰訊控股")
    read = shown(store).names_read
    assert read is not None
    assert before <= read <= datetime.now(UTC)
    [request] = site.requests
    assert (request.language, request.asked) == ("zh", None)
    assert told(caplog) == ["read 878 Chinese names"]


def test_half_a_list_of_names_is_not_kept_and_read_again_soon(
    names: NameReader, store: HoldingsStore, site: ReplaySite, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    site.switch_on(Fault.FORTY_ROWS, times=1)

    names.look(FRIDAY)

    assert read_names(store.client) == {}
    assert "the Chinese page has 40 of the 878 stocks of the newest day" in told(caplog)[-1]
    clock.now += 600
    names.look(FRIDAY)
    assert len(read_names(store.client)) == 878


def test_they_are_read_for_their_names_alone(names: NameReader, store: HoldingsStore) -> None:
    names.look(FRIDAY)

    assert (store.dates(), store.version()) == ([FRIDAY], 1)


@pytest.mark.parametrize(
    ("age", "times"),
    [
        (ALMOST_A_WEEK, 1),
        (A_WEEK, 2),
        (timedelta(days=300), 2),
        # A clock was wrong then, or is now.
        (timedelta(days=-1), 2),
    ],
)
def test_they_are_read_once_a_week(
    names: NameReader, board: StatusBoard, site: ReplaySite, age: timedelta, times: int
) -> None:
    names.look(FRIDAY)
    board.say(names_read=datetime.now(UTC) - age)

    for _ in range(3):
        names.look(FRIDAY)

    assert times_read(site) == times


def test_a_day_with_the_same_stocks_is_no_reason_to_read_them(
    names: NameReader, store: HoldingsStore, site: ReplaySite, recorded: Mapping[date, DailyHoldings]
) -> None:
    names.look(FRIDAY)
    friday = recorded[FRIDAY]
    store.put(DailyHoldings(MONDAY, friday.codes, friday.names, friday.shares, friday.percents))

    names.look(MONDAY)

    assert times_read(site) == 1


def test_a_day_that_was_looked_at_is_not_read_again_with_every_look(
    names: NameReader, store: HoldingsStore
) -> None:
    def times_a_day_was_read() -> int:
        return int(store.client.info("commandstats")["cmdstat_mget"]["calls"])

    names.look(FRIDAY)
    names.look(FRIDAY)
    before = times_a_day_was_read()

    names.look(FRIDAY)

    assert times_a_day_was_read() == before


def test_a_new_stock_is_a_reason_once_even_if_the_twin_does_not_know_it(
    names: NameReader, store: HoldingsStore, site: ReplaySite, recorded: Mapping[date, DailyHoldings]
) -> None:
    names.look(FRIDAY)

    for day in (MONDAY, TUESDAY):
        put_with_a_new_stock(store, day, recorded[FRIDAY])
        names.look(day)
        names.look(day)

    assert times_read(site) == 2
    assert UNKNOWN_STOCK not in read_names(store.client)


def test_a_newest_day_that_is_damaged_is_no_reason_to_read_them(
    names: NameReader, store: HoldingsStore, site: ReplaySite
) -> None:
    names.look(FRIDAY)
    store.client.set(keys.day(MONDAY), "{")

    names.look(MONDAY)

    assert times_read(site) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault.FORBIDDEN,
        Fault.UNAVAILABLE,
        Fault.RESET,
        Fault.MAINTENANCE,
        Fault.NO_PANEL,
        Fault.RENAMED_COLUMN,
        Fault.TEXT_IN_NUMBERS,
    ],
)
def test_when_it_fails_nothing_else_does_and_it_is_tried_again_later(
    names: NameReader,
    store: HoldingsStore,
    board: StatusBoard,
    clock: Clock,
    site: ReplaySite,
    fault: Fault,
    caplog: pytest.LogCaptureFixture,
) -> None:
    site.switch_on(fault)
    status = board.status

    names.look(FRIDAY)
    names.look(FRIDAY)

    assert (read_names(store.client), board.status) == ({}, status)
    [record] = ours(caplog)
    assert record.levelno == logging.WARNING
    assert record.message.startswith("the Chinese names are not read: ")
    assert times_read(site) == 1
    site.clear()
    clock.now += 599
    names.look(FRIDAY)
    assert times_read(site) == 1
    clock.now += 1
    names.look(FRIDAY)
    assert len(read_names(store.client)) == 878


class Broken(BareReader):
    """Whose browser is dead."""

    def chinese_page(self) -> Page:
        raise BrowserError("Chromium does not start")


class English(BareReader):
    """Whose Chinese page is the page itself, as when the site forgets its languages."""

    def chinese_page(self) -> Page:
        return self.newest()


@pytest.mark.parametrize(
    ("kind", "reason"),
    [(Broken, "Chromium does not start"), (English, "the Chinese page has no Chinese name")],
)
def test_a_dead_browser_or_a_twin_in_english_writes_nothing(
    url: str,
    store: HoldingsStore,
    board: StatusBoard,
    caplog: pytest.LogCaptureFixture,
    kind: type[BareReader],
    reason: str,
) -> None:
    NameReader(kind(url), store, board, 600).look(FRIDAY)

    assert (read_names(store.client), board.status) == ({}, ScraperStatus())
    assert told(caplog) == [f"the Chinese names are not read: {reason}"]


def test_a_new_stock_whose_name_could_not_be_read_is_asked_for_again(
    names: NameReader,
    store: HoldingsStore,
    clock: Clock,
    site: ReplaySite,
    recorded: Mapping[date, DailyHoldings],
) -> None:
    names.look(FRIDAY)
    put_with_a_new_stock(store, MONDAY, recorded[FRIDAY])
    site.switch_on(Fault.SERVER_ERROR, times=1)
    names.look(MONDAY)
    assert times_read(site) == 2

    clock.now += 600
    names.look(MONDAY)
    names.look(MONDAY)

    assert times_read(site) == 3


def test_the_names_survive_a_restart(
    names: NameReader, reader: BareReader, store: HoldingsStore, board: StatusBoard, site: ReplaySite
) -> None:
    names.look(FRIDAY)

    later, later_board = restarted(reader, store)
    later_board.say()
    later.look(FRIDAY)

    assert times_read(site) == 1
    assert shown(store).names_read == board.status.names_read


@pytest.mark.parametrize("key", [keys.NAMES, keys.STATUS])
def test_names_that_the_store_has_lost_are_read_again(
    names: NameReader, reader: BareReader, store: HoldingsStore, site: ReplaySite, key: str
) -> None:
    names.look(FRIDAY)
    store.client.delete(key)

    restarted(reader, store)[0].look(FRIDAY)

    assert times_read(site) == 2
    assert len(read_names(store.client)) == 878


def test_a_stock_that_came_while_nothing_ran_is_a_reason_to_read_them(
    names: NameReader,
    reader: BareReader,
    store: HoldingsStore,
    site: ReplaySite,
    recorded: Mapping[date, DailyHoldings],
) -> None:
    names.look(FRIDAY)
    put_with_a_new_stock(store, MONDAY, recorded[FRIDAY])

    restarted(reader, store)[0].look(MONDAY)

    assert times_read(site) == 2


def test_a_wrong_field_among_the_names_is_no_name(
    names: NameReader, reader: BareReader, store: HoldingsStore, site: ReplaySite
) -> None:
    names.look(FRIDAY)
    store.client.hset(keys.NAMES, "HSBC", "匯豐控股")

    restarted(reader, store)[0].look(FRIDAY)

    assert times_read(site) == 1
