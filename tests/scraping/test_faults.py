"""Each fault of the site in each phase: nothing wrong is stored, the state says so, and it recovers."""

from collections.abc import Callable
from datetime import date

import pytest

from replay.faults import Fault
from replay.site import ReplaySite
from southbound.common.errors import SiteError
from southbound.common.retry import SITE_ATTEMPTS
from southbound.scraping.service import Scraper
from southbound.store.holdings_store import HoldingsStore
from southbound.store.scraper_status import Circuit, ScraperStatus, State
from tests.conftest import becomes_true
from tests.scraping.conftest import BareReader, ScraperOf, offered, shown
from tools.benchmarks.stored_days import as_holdings

AWAY = [
    Fault.RESET,
    Fault.HANG,
    Fault.CUT_OFF,
    Fault.SERVER_ERROR,
    Fault.UNAVAILABLE,
    Fault.MAINTENANCE,
]
LASTING = [Fault.FORBIDDEN, Fault.TOO_MANY, Fault.NO_PANEL, Fault.RENAMED_COLUMN]
BAD_LISTS = [Fault.EMPTY_TABLE, Fault.TEXT_IN_NUMBERS, Fault.DUPLICATE_ROWS, Fault.FORTY_ROWS]
HARMLESS = [
    Fault.SWAPPED_COLUMNS,
    Fault.ADDED_COLUMN,
    Fault.ALERT,
    Fault.BANNER,
    Fault.PREVIOUS_DAY,
]
ABOUT_BROWSERS = [Fault.SCRIPTS_REFUSED]  # see tests/hkexnews/test_ways.py
FRIDAY, MONDAY = date(2026, 2, 27), date(2026, 3, 2)
WINDOW_DAYS = 5

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def quick(reader: BareReader) -> None:
    """A reader that does not wait long for an answer that hangs."""
    reader.timeout = 0.2


@pytest.fixture
def scraper(scraper_of: ScraperOf) -> Scraper:
    return scraper_of(backfill_days=WINDOW_DAYS, retry_seconds=0.2)


def test_every_fault_is_in_one_of_the_tables() -> None:
    assert sorted([*AWAY, *LASTING, *BAD_LISTS, *HARMLESS, *ABOUT_BROWSERS]) == sorted(Fault)


def all_is_right(site: ReplaySite, store: HoldingsStore) -> bool:
    """Whether all that is stored is what the site has, and under its own date."""
    held = [store.get(day) for day in store.dates()]
    return all(day is not None and not day.rows_changed(as_holdings(site.truth(day.day))) for day in held)


def is_complete(site: ReplaySite, store: HoldingsStore) -> bool:
    return set(offered(site, WINDOW_DAYS)) <= set(store.dates()) and all_is_right(site, store)


def recovers(site: ReplaySite, store: HoldingsStore, step: Callable[[], None]) -> bool:
    """Whether the store becomes complete, once the site is well again."""

    def went_round() -> bool:
        try:
            step()
        except SiteError:
            return False
        return is_complete(site, store)

    site.clear()
    return becomes_true(went_round) and (shown(store).last_error, shown(store).trouble) == ("", "")


def outcome(step: Callable[[], None], store: HoldingsStore) -> tuple[bool, ScraperStatus]:
    """Whether the cycle was broken off, and what was shown then."""
    try:
        step()
    except SiteError:
        return True, shown(store)
    return False, shown(store)


@pytest.mark.parametrize("fault", [*AWAY, *LASTING])
def test_at_the_first_load_what_is_no_answer_opens_the_breaker(
    fault: Fault, site: ReplaySite, store: HoldingsStore, scraper: Scraper
) -> None:
    site.switch_on(fault)

    broken_off, status = outcome(scraper.cycle.backfill, store)

    assert broken_off
    assert store.dates() == []
    assert (status.state, status.breaker) == (State.FAILING, Circuit.OPEN)
    assert status.last_error
    wanted = SITE_ATTEMPTS if fault in AWAY else 1
    assert becomes_true(lambda: len(site.requests) == wanted)  # an answer that hangs ends a moment later
    assert recovers(site, store, scraper.cycle.backfill)


@pytest.mark.parametrize("fault", [*AWAY, *LASTING])
def test_in_the_backfill_what_is_no_answer_opens_the_breaker(
    fault: Fault, site: ReplaySite, store: HoldingsStore, scraper: Scraper, reader: BareReader
) -> None:
    reader.then = lambda: site.switch_on(fault)

    broken_off, status = outcome(scraper.cycle.backfill, store)

    assert broken_off
    assert store.dates() == [FRIDAY]
    assert all_is_right(site, store)
    assert (status.state, status.breaker) == (State.FAILING, Circuit.OPEN)
    assert status.last_error
    # After the first load: the two dates that were tried, or the one refusal.
    wanted = 1 + (2 * SITE_ATTEMPTS if fault in AWAY else 1)
    assert becomes_true(lambda: len(site.requests) == wanted)
    assert recovers(site, store, scraper.cycle.backfill)


@pytest.mark.parametrize("fault", [*AWAY, *LASTING])
def test_while_polling_what_is_no_answer_opens_the_breaker(
    fault: Fault, site: ReplaySite, store: HoldingsStore, scraper: Scraper
) -> None:
    scraper.cycle.backfill()
    version = store.version()
    site.move_on()
    site.switch_on(fault)

    outcome(scraper.cycle.look, store)
    broken_off, status = outcome(scraper.cycle.look, store)

    assert broken_off
    assert store.version() == version
    assert (status.state, status.breaker) == (State.FAILING, Circuit.OPEN)
    assert recovers(site, store, scraper.cycle.look)


@pytest.mark.parametrize("fault", BAD_LISTS)
def test_at_the_first_load_a_bad_list_goes_into_quarantine_and_the_others_are_read(
    fault: Fault, site: ReplaySite, store: HoldingsStore, scraper: Scraper
) -> None:
    site.switch_on(fault, times=1)

    broken_off, status = outcome(scraper.cycle.backfill, store)

    assert not broken_off
    assert FRIDAY not in store.dates()
    assert store.dates() == [day for day in offered(site, WINDOW_DAYS) if day != FRIDAY]
    assert all_is_right(site, store)
    assert (status.state, status.quarantined) == (State.POLLING, (FRIDAY,))
    assert recovers(site, store, scraper.cycle.look)
    assert shown(store).quarantined == ()


@pytest.mark.parametrize("fault", BAD_LISTS)
def test_in_the_backfill_bad_lists_go_into_quarantine(
    fault: Fault, site: ReplaySite, store: HoldingsStore, scraper: Scraper, reader: BareReader
) -> None:
    reader.then = lambda: site.switch_on(fault)

    broken_off, status = outcome(scraper.cycle.backfill, store)

    assert not broken_off
    assert store.dates() == [FRIDAY]
    others = offered(site, WINDOW_DAYS)[:-1]
    assert (status.state, status.quarantined) == (State.POLLING, tuple(others))
    assert {session.day for session in scraper.cycle.lacking()} == set(others)
    assert recovers(site, store, scraper.cycle.look)
    assert shown(store).quarantined == ()


@pytest.mark.parametrize("fault", BAD_LISTS)
def test_while_polling_a_bad_list_goes_into_quarantine_and_nothing_is_published(
    fault: Fault, site: ReplaySite, store: HoldingsStore, scraper: Scraper
) -> None:
    scraper.cycle.backfill()
    version = store.version()
    site.move_on()
    site.switch_on(fault)

    broken_off, status = outcome(scraper.cycle.look, store)

    assert not broken_off
    assert store.version() == version
    assert (status.state, status.quarantined) == (State.POLLING, (MONDAY,))
    assert recovers(site, store, scraper.cycle.look)
    assert shown(store).quarantined == ()


@pytest.mark.parametrize("fault", HARMLESS)
def test_what_does_no_harm_does_none_in_any_phase(
    fault: Fault, site: ReplaySite, store: HoldingsStore, scraper: Scraper
) -> None:
    site.switch_on(fault)

    scraper.cycle.backfill()
    assert is_complete(site, store)
    scraper.cycle.look()
    assert is_complete(site, store)
    site.move_on()
    scraper.cycle.look()

    assert is_complete(site, store)
    status = shown(store)
    assert (status.state, status.last_error, status.quarantined) == (State.POLLING, "", ())
