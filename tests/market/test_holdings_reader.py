"""What is computed from stored days is computed alike from any reader of holdings."""

from collections.abc import Mapping
from datetime import date

import pytest

from southbound.common.errors import MailNotPossible
from southbound.mail.content.builder import days_for
from southbound.mail.content.report import report
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.holdings_reader import HoldingsReader
from southbound.market.metrics import SHARES
from southbound.market.ranking import Movers, rank
from southbound.market.windows import pair
from southbound.queries.figures_cache import FiguresCache
from southbound.queries.market_view import MarketView
from southbound.queries.store_watcher import DataVersion
from southbound.store.holdings_store import HoldingsStore
from tests.histories import assert_same
from tests.in_memory import HoldingsInMemory

Recorded = Mapping[date, DailyHoldings]
FRIDAY = date(2026, 2, 27)


@pytest.fixture
def in_memory(recorded: Recorded) -> HoldingsReader:
    return HoldingsInMemory({day: recorded[day] for day in sorted(recorded)[-6:]})


@pytest.fixture
def in_the_store(store: HoldingsStore, recorded: Recorded) -> HoldingsReader:
    for day in sorted(recorded)[-6:]:
        store.put(recorded[day])
    return store


def view(reader: HoldingsReader) -> MarketView:
    seen, trouble = FiguresCache(reader).market_view(DataVersion(0, reader.version()))
    assert trouble is None
    return seen


def ranked(movers: Movers) -> list[tuple[int, float]]:
    return [(mover.code, mover.change) for mover in (*movers.top, *movers.bottom)]


def test_a_market_view_is_the_same_from_memory_and_from_the_store(
    in_memory: HoldingsReader, in_the_store: HoldingsReader
) -> None:
    seen, expected = view(in_memory), view(in_the_store)

    assert_same(seen.history, expected.history)
    assert seen.figures.events == expected.figures.events
    dates = pair(seen.history.dates, FRIDAY, 1)
    assert dates is not None
    assert ranked(rank(seen.changes(dates), SHARES, 5)) == ranked(rank(expected.changes(dates), SHARES, 5))


def test_a_report_is_the_same_from_memory_and_from_the_store(
    in_memory: HoldingsReader, in_the_store: HoldingsReader
) -> None:
    made, expected = (report(days_for(reader, FRIDAY)[0], FRIDAY) for reader in (in_memory, in_the_store))

    assert ranked(made.sections[0].movers) == ranked(expected.sections[0].movers)
    assert made.stocks == expected.stocks > 500


def test_a_day_that_a_reader_has_not_is_not_reported(in_memory: HoldingsReader) -> None:
    with pytest.raises(MailNotPossible, match="2026-02-28 is not in the store"):
        days_for(in_memory, date(2026, 2, 28))
