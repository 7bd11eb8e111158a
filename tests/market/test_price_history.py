"""Prices of many days: laid beside the stocks of a history, and one day more."""

from datetime import date

import numpy as np
from hypothesis import given, settings, strategies as st

from southbound.market.daily_prices import DailyPrices, Quote, TradingState
from southbound.market.history import History
from southbound.market.price_history import PriceHistory, Prices
from southbound.market.stock_prices import stock_prices
from tests.market.small_lists import holdings

MON, TUE, WED = date(2026, 2, 9), date(2026, 2, 10), date(2026, 2, 11)

quotes = st.dictionaries(
    st.integers(1, 6), st.none() | st.tuples(st.integers(1, 99), st.integers(1, 999)), max_size=6
)


def day_of(day: date, quoted: dict[int, tuple[int, int] | None]) -> DailyPrices:
    """Each code's shares traded and turnover; None where it was halted."""
    return DailyPrices.of(
        day,
        [
            Quote(code, "N", "HKD", TradingState.HALTED)
            if figures is None
            else Quote(code, "N", "HKD", TradingState.TRADED, None, 2.0, None, None, *figures)
            for code, figures in quoted.items()
        ],
    )


def assert_same(found: Prices, wanted: Prices) -> None:
    for figures, expected in zip(found, wanted, strict=True):
        np.testing.assert_array_equal(figures, expected)


@given(st.dictionaries(st.sampled_from([MON, TUE, WED]), quotes), st.sets(st.integers(1, 6)))
@settings(deadline=None)
def test_every_figure_stands_where_its_day_and_its_code_cross(
    days: dict[date, dict[int, tuple[int, int] | None]], wanted: set[int]
) -> None:
    codes = np.array(sorted(wanted), dtype=np.int64)

    block = PriceHistory.of(day_of(day, quoted) for day, quoted in days.items()).block(
        [TUE, MON, date(2026, 2, 12)], codes
    )

    for row, day in enumerate([TUE, MON, date(2026, 2, 12)]):
        for column, code in enumerate(codes.tolist()):
            known = days.get(day, {}).get(code)
            figures = [array[row, column] for array in block]
            assert figures == [2.0, *known] if known else np.isnan(figures).all()


@given(quotes, quotes, quotes)
@settings(deadline=None)
def test_a_day_more_or_one_that_is_read_anew_gives_what_all_days_give(
    first: dict[int, tuple[int, int] | None],
    second: dict[int, tuple[int, int] | None],
    restated: dict[int, tuple[int, int] | None],
) -> None:
    codes = np.arange(1, 7)
    before = PriceHistory.of([day_of(TUE, first)])

    grown = before.grown([day_of(WED, second), day_of(TUE, restated), day_of(MON, first)])

    whole = PriceHistory.of([day_of(MON, first), day_of(TUE, restated), day_of(WED, second)])
    assert grown.dates == whole.dates == (MON, TUE, WED)
    assert_same(grown.block(grown.dates, codes), whole.block(whole.dates, codes))
    assert_same(
        before.block([MON, TUE], codes), PriceHistory.of([day_of(TUE, first)]).block([MON, TUE], codes)
    )
    assert grown.without([WED]).dates == (MON, TUE)


def test_what_did_not_trade_had_no_turnover_and_of_what_was_halted_it_is_not_known() -> None:
    states = [TradingState.NOT_TRADED, TradingState.SUSPENDED, TradingState.HALTED]
    quoted = [Quote(code, "N", "HKD", state) for code, state in enumerate(states, 1)]

    block = PriceHistory.of([DailyPrices.of(MON, quoted)]).block([MON], np.arange(1, 4))

    assert block.turnovers.tolist()[0][:2] == block.shares_traded.tolist()[0][:2] == [0.0, 0.0]
    assert np.isnan([block.turnovers[0, 2], block.shares_traded[0, 2]]).all()
    assert np.isnan(block.closes).all()


def test_an_average_is_what_a_share_cost_and_else_the_close() -> None:
    history = History.of([holdings(WED, {1: (10, 1.0), 2: (10, 1.0), 3: (10, 1.0)})])
    quoted = [
        Quote(1, "N", "HKD", TradingState.TRADED, close=3.0, shares_traded=4, turnover=10),
        Quote(2, "N", "HKD", TradingState.NOT_TRADED, close=3.0),
    ]

    known = stock_prices(history, {}, (), PriceHistory.of([DailyPrices.of(MON, quoted)]), [MON], until=WED)

    np.testing.assert_array_equal(known.averages(), [[2.5, 3.0, np.nan]])
    np.testing.assert_array_equal(known.weights(), [[10.0, 0.0, np.nan]])
