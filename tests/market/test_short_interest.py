"""Short positions beside the stakes, and how many days of trading they are."""

import csv
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from southbound.market import trading_calendar
from southbound.market.adjustments.detection import adjustment_events
from southbound.market.adjustments.events import AdjustmentEvent, Kind, Leg, Part, Step
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.daily_prices import DailyPrices, Quote, TradingState
from southbound.market.history import History
from southbound.market.price_history import PriceHistory
from southbound.market.short_interest import short_interest
from southbound.market.short_positions import ShortPosition, ShortPositions
from tests import by_hand
from tests.conftest import ROOT
from tests.market.small_lists import holdings

FRIDAY = date(2026, 3, 27)
SESSIONS = trading_calendar.between(trading_calendar.before(FRIDAY, 19), FRIDAY)


def traded(shares: Mapping[date, int], close: Mapping[date, float] | None = None) -> PriceHistory:
    """Of stock 1, on each day."""
    return PriceHistory.of(
        DailyPrices.of(
            day,
            [
                Quote(
                    1,
                    "N",
                    "HKD",
                    TradingState.TRADED,
                    close=(close or {}).get(day, 2.0),
                    shares_traded=count,
                    turnover=2,
                )
                if count
                else Quote(1, "N", "HKD", TradingState.NOT_TRADED, close=2.0)
            ],
        )
        for day, count in shares.items()
    )


def positions(day: date, reported: Mapping[int, tuple[int, int]]) -> ShortPositions:
    """Shares and HK$ by code."""
    return ShortPositions.of(day, [ShortPosition(code, "N", *figures) for code, figures in reported.items()])


def test_recorded_positions_are_parts_of_the_issued_shares(recorded: Mapping[date, DailyHoldings]) -> None:
    history, day = History.of(recorded.values()), date(2026, 2, 27)
    with (ROOT / "replay/data/sfc_short_positions_20260102_20260227.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["date"] == "2026-02-27"]
    reported = {int(row["code"]): (int(row["short_shares"]), int(row["short_value_hkd"])) for row in rows}

    found = short_interest(history, adjustment_events(history), PriceHistory.of(), positions(day, reported))

    shares, percent = by_hand.record()[day][700]
    assert percent is not None
    column = history.column(700)
    assert found.shares[column] == reported[700][0]
    assert found.percents[column] == pytest.approx(reported[700][0] / (shares / float(percent)), rel=1e-9)
    assert np.isnan(found.days_to_cover).all()
    # 02160 stands under its temporary code on that day's list.
    assert found.shares[history.column(2918)] == reported[2160][0]
    assert np.isnan(found.shares[history.column(2160)])


def test_days_to_cover_are_the_position_over_a_usual_days_shares() -> None:
    history = History.of([holdings(FRIDAY, {1: (100, 4.0)})])
    half = dict.fromkeys(SESSIONS[::2], 30) | dict.fromkeys(SESSIONS[1::2], 10)

    for shares, wanted in [
        (half, 5.0),
        (dict.fromkeys(SESSIONS[:10], 40) | dict.fromkeys(SESSIONS[10:], 0), 5.0),
    ]:
        found = short_interest(history, (), traded(shares), positions(FRIDAY, {1: (100, 200)}))
        assert found.days_to_cover.tolist() == [wanted]
        assert (found.percents.tolist(), found.values.tolist()) == ([4.0], [200.0])
    few = traded(dict.fromkeys(SESSIONS[:9], 30))
    assert np.isnan(short_interest(history, (), few, positions(FRIDAY, {1: (100, 200)})).days_to_cover[0])


def test_what_was_traded_before_a_split_counts_in_new_shares() -> None:
    ex_date, multiplied = SESSIONS[10], SESSIONS[12]
    history = History.of(holdings(day, {1: (400 if day >= multiplied else 100, 4.0)}) for day in SESSIONS)
    part = Part(Step.SHARES, SESSIONS[11], multiplied, (Leg(1, 100, 400, 4.0, 4.0),))
    shares = {day: 40 if day >= ex_date else 10 for day in SESSIONS}
    closes = {day: 2.0 if day >= ex_date else 8.0 for day in SESSIONS}

    found = short_interest(
        history,
        [AdjustmentEvent(Kind.SPLIT, (part,), Fraction(4))],
        traded(shares, closes),
        positions(FRIDAY, {1: (80, 160)}),
    )

    assert found.days_to_cover.tolist() == pytest.approx([2.0])


def test_what_is_not_reported_is_blank_and_so_is_what_a_small_stake_cannot_tell() -> None:
    history = History.of([holdings(FRIDAY, {1: (100, 0.3), 2: (100, 4.0), 3: (100, None)})])

    found = short_interest(
        history, (), PriceHistory.of(), positions(FRIDAY, {1: (9, 9), 3: (9, 9), 80700: (9, 9)})
    )

    np.testing.assert_array_equal(found.shares, [9.0, np.nan, 9.0])
    assert np.isnan(found.percents).all()
    early = short_interest(history, (), PriceHistory.of(), positions(date(2026, 1, 2), {1: (9, 9)}))
    assert np.isnan(early.shares).all()
