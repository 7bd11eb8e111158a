"""Our net buying beside the exchange's, on recorded days and made-up ones."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from southbound.market.adjustments.detection import adjustment_events
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.net_buying import net_buying
from southbound.market.price_history import PriceHistory
from southbound.market.reconciliation import on_the_way, reconciliation
from tests import by_hand, money_by_hand
from tests.market.small_lists import holdings
from tests.money_by_hand import MILLION, Closes

OLD, NEW, LAST = date(2026, 2, 11), date(2026, 2, 12), date(2026, 2, 13)
TRADED = date(2026, 2, 10)
"""Shown by `NEW`."""


def test_recorded_dates_stand_beside_the_exchanges_figures(recorded: Mapping[date, DailyHoldings]) -> None:
    history = History.of(recorded.values())
    events = adjustment_events(history)
    bought = net_buying(history, range(len(history.dates)), events, money_by_hand.prices())

    found = {each.day: each for each in reconciliation(history, bought, events, money_by_hand.official())}

    assert list(found) == list(history.dates[1:])
    february = found[date(2026, 2, 23)]
    assert february.trades.sessions == (date(2026, 2, 13),)
    assert february.official == pytest.approx(money_by_hand.official()[date(2026, 2, 13)])
    wanted = money_by_hand.net_buying(date(2026, 2, 20), date(2026, 2, 23))
    assert february.ours == pytest.approx(sum(money for money in wanted.values() if money))
    assert february.unpriced == sum(money is None for money in wanted.values())
    assert february.gap == pytest.approx(february.ours - february.official)
    assert 6_000 * MILLION < february.funds < 7_000 * MILLION
    january = found[date(2026, 1, 5)]
    assert january.official == pytest.approx(
        sum(money_by_hand.official()[date(2025, 12, day)] for day in (30, 31))
    )
    shut = found[date(2026, 2, 24)]
    assert (shut.trades.sessions, shut.unpriced) == ((), 1)
    assert np.isnan([shut.official, shut.gap]).all()
    for old_day, new_day in pairwise(by_hand.days()):
        old, new = by_hand.comparable(old_day, new_day)
        assert found[new_day].left_out == len(old.keys() ^ new.keys())


def test_who_is_left_out_is_counted_and_brings_no_money() -> None:
    history = History.of(
        [
            holdings(OLD, {1: (10, 1.0), 2: (10, 1.0), 3: (10, 101.0), 4: (10, 1.0), 2800: (5, None)}),
            holdings(NEW, {1: (12, 1.2), 2: (13, 1.3), 3: (20, 101.0), 5: (99, 9.0), 2800: (4, None)}),
        ]
    )
    prices = PriceHistory.of([Closes(TRADED, {1: 7.0, 3: 7.0, 4: 7.0, 5: 7.0, 2800: 25.0})])

    [found] = reconciliation(history, net_buying(history, (0, 1), (), prices), (), {TRADED: 20.0})

    assert (found.ours, found.official, found.gap) == (2 * 7.0 - 25.0, 20.0, 2 * 7.0 - 45.0)
    assert (found.unpriced, found.left_out, found.funds) == (1, 3, -25.0)


def test_without_a_price_or_an_official_figure_there_is_no_gap_and_no_zero() -> None:
    history = History.of([holdings(OLD, {1: (10, 1.0)}), holdings(NEW, {1: (12, 1.2)})])
    empty, known = PriceHistory.of(), PriceHistory.of([Closes(TRADED, {1: 7.0})])

    without, alone = (
        reconciliation(history, net_buying(history, (0, 1), (), prices), (), official)[0]
        for prices, official in ((empty, {TRADED: 20.0}), (known, {}))
    )

    assert np.isnan([without.ours, without.gap, alone.official, alone.gap]).all()
    assert (without.official, alone.ours, without.unpriced) == (20.0, 14.0, 1)


def test_a_stock_that_is_off_the_list_for_a_date_neither_left_nor_came() -> None:
    days = [
        holdings(OLD, {1: (10, 1.0), 2: (10, 1.0)}),
        holdings(NEW, {1: (10, 1.0)}),
        holdings(LAST, {1: (10, 1.0), 2: (10, 1.0)}),
    ]
    history = History.of(days)

    bought = net_buying(history, range(3), (), PriceHistory.of())

    assert (bought.came, bought.left) == ((0, 0), (0, 0))
    assert net_buying(history, range(2), (), PriceHistory.of()).left == (1,)
    assert net_buying(history, range(1, 3), (), PriceHistory.of()).came == (1,)


def test_what_is_on_its_way_are_the_trading_days_that_no_holding_shows_yet() -> None:
    official = dict.fromkeys([TRADED, OLD, NEW, LAST], 1.0)

    assert on_the_way(official, NEW) == (OLD, NEW, LAST)
    assert on_the_way(official, LAST) == (NEW, LAST)
    # The half-day of the 16th, and Monday the 23rd, which shows Friday the 13th.
    assert on_the_way(official, date(2026, 2, 16)) == (NEW, LAST)
    assert on_the_way(official, date(2026, 2, 23)) == ()
