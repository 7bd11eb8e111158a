"""A day of prices: several boards together, and how fast a stored one is read."""

from datetime import UTC, date, datetime
from time import process_time

import pytest

from southbound.common.errors import BadPrices
from southbound.market.daily_prices import DailyPrices, Quote, TradingState

DAY = date(2026, 2, 27)


def board(*codes: int, day: date = DAY) -> DailyPrices:
    return DailyPrices.of(
        day, [Quote(code, f"S{code}", "HKD", TradingState.NOT_TRADED, close=code / 100) for code in codes]
    )


def test_the_counters_of_both_boards_stand_together_in_order_of_code() -> None:
    together = DailyPrices.joined([board(700, 1), board(8328, 8)])

    assert together.codes.tolist() == [1, 8, 700, 8328]
    assert together.names == ("S1", "S8", "S700", "S8328")
    assert together.closes.tolist() == [0.01, 0.08, 7.0, 83.28]
    with pytest.raises(ValueError, match="read-only"):
        together.closes[0] = 1


@pytest.mark.parametrize(
    ("told", "boards"),
    [
        ("stock code 7 stands on two boards", [board(7), board(8, 7)]),
        ("boards of one day", [board(7), board(8, day=date(2026, 2, 26))]),
        ("boards of one day", []),
    ],
)
def test_boards_that_do_not_belong_together_are_refused(told: str, boards: list[DailyPrices]) -> None:
    with pytest.raises(BadPrices, match=told):
        DailyPrices.joined(boards)


def test_closes_of_which_no_turnover_is_known_are_prices_of_a_traded_counter() -> None:
    prices = DailyPrices.of(DAY, [Quote(700, "TENCENT", "HKD", TradingState.TRADED, close=441.4)])

    assert prices.states == (TradingState.TRADED,)


def test_a_stored_day_of_2700_counters_is_read_in_a_few_milliseconds() -> None:
    """0.4 ms where nothing else runs; the benchmark has the figure."""
    quotes = [
        Quote(code, "", "HKD", TradingState.TRADED, close=code / 7, shares_traded=code * 997, turnover=code)
        for code in range(1, 2701)
    ]
    text = DailyPrices.of(DAY, quotes).to_json("a file", datetime(2026, 2, 27, tzinfo=UTC))
    begin = process_time()
    for _ in range(20):
        DailyPrices.from_json(text)

    assert (process_time() - begin) / 20 < 0.003
