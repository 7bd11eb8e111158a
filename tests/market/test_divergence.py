"""Bought while the price fell, and sold while it rose."""

from datetime import date
from fractions import Fraction

import numpy as np

from southbound.market.adjustments.events import AdjustmentEvent, Kind, Leg, Part, Step
from southbound.market.comparison import compare
from southbound.market.divergence import Divergence, divergences, price_changes
from southbound.market.history import History
from southbound.market.price_history import PriceHistory
from southbound.market.windows import Pair
from tests.market.small_lists import holdings
from tests.money_by_hand import Closes

OLD, NEW = date(2026, 2, 6), date(2026, 2, 13)
TRADED_OLD, TRADED_NEW = date(2026, 2, 4), date(2026, 2, 11)


def test_only_those_diverge_whose_holding_and_price_moved_against_each_other() -> None:
    before = dict.fromkeys(range(1, 8), (1_000, 1.0))
    after = {1: 1_100, 2: 900, 3: 1_100, 4: 900, 5: 1_005, 6: 1_100, 7: 1_100}
    history = History.of(
        [holdings(OLD, before), holdings(NEW, {code: (shares, 1.0) for code, shares in after.items()})]
    )
    closes = {1: 9.0, 2: 12.0, 3: 11.0, 4: 9.0, 5: 5.0, 6: 9.9}
    prices = PriceHistory.of(
        [Closes(TRADED_OLD, dict.fromkeys(range(1, 8), 10.0)), Closes(TRADED_NEW, closes)]
    )
    dates = Pair(OLD, NEW, 5)

    found = divergences(compare(history, dates, ()), history, price_changes(history, dates, (), prices))

    assert [stock.code for stock in found] == [2, 1]
    assert found[1] == Divergence(1, "N1", 10.0, float((9.0 / 10.0 - 1) * 100))


def test_the_price_is_that_of_the_trades_which_the_dates_show() -> None:
    history = History.of([holdings(OLD, {1: (1, 1.0)}), holdings(NEW, {1: (2, 1.0)})])
    closes = {date(2026, 2, 3): 8.0, TRADED_OLD: 10.0, OLD: 20.0, TRADED_NEW: 12.0, NEW: 30.0}
    prices = PriceHistory.of(Closes(day, {1: close}) for day, close in closes.items())
    dates = Pair(OLD, NEW, 5)

    assert np.round(price_changes(history, dates, (), prices), 9).tolist() == [20.0]
    assert np.round(price_changes(history, dates, (), prices.without([TRADED_OLD])), 9).tolist() == [50.0]
    assert np.isnan(price_changes(history, dates, (), prices.without([TRADED_OLD, date(2026, 2, 3)])))


def test_a_split_is_no_fall_of_the_price() -> None:
    history = History.of([holdings(OLD, {1: (100, 1.0)}), holdings(NEW, {1: (500, 1.0)})])
    prices = PriceHistory.of([Closes(TRADED_OLD, {1: 10.0}), Closes(TRADED_NEW, {1: 2.2})])
    part = Part(Step.SHARES, date(2026, 2, 12), NEW, (Leg(1, 100, 500, 1.0, 1.0),))
    event = AdjustmentEvent(Kind.SPLIT, (part,), Fraction(5))

    assert np.round(price_changes(history, Pair(OLD, NEW, 5), [event], prices), 9).tolist() == [10.0]
