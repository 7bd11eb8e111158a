"""What holdings are worth: by dictionaries, over a consolidation, and with the last close before."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from southbound.market import trading_calendar
from southbound.market.adjustments.detection import adjustment_events
from southbound.market.adjustments.events import AdjustmentEvent, Kind, Leg, Part, Step
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.price_history import PriceHistory
from southbound.market.settlement import trades_shown
from southbound.market.valuation import valuation
from tests import by_hand, money_by_hand
from tests.market.small_lists import holdings
from tests.money_by_hand import Closes

SESSIONS = trading_calendar.between(date(2026, 3, 2), date(2026, 3, 31))


@pytest.mark.parametrize("day", ["2026-01-05", "2026-02-13", "2026-02-27"])
def test_the_market_value_is_what_dictionaries_say(recorded: Mapping[date, DailyHoldings], day: str) -> None:
    history, at = History.of(recorded.values()), date.fromisoformat(day)

    found = valuation(history, history.row(at), adjustment_events(history), money_by_hand.prices())

    held = {code: shares for code, (shares, _) in by_hand.record()[at].items()}
    worth = {code: shares * (money_by_hand.last_close(at, code) or 0) for code, shares in held.items()}
    assert found.total == pytest.approx(sum(worth.values()))
    assert (found.priced, found.listed) == (sum(map(bool, worth.values())), len(held))
    tencent = history.column(700)
    assert tencent is not None
    assert found.values[tencent] == pytest.approx(worth[700])
    assert found.priced_on[tencent] == at
    unpriced_that_day = [code for code in held if worth[code] and money_by_hand.close(at, code) is None]
    assert found.stale == len(unpriced_that_day)


def test_the_consolidation_of_02160_leaves_its_value_continuous(
    recorded: Mapping[date, DailyHoldings],
) -> None:
    """It was priced in new shares from 23 February on, and its holding of the 24th is still in old ones."""
    history = History.of(recorded.values())
    events = adjustment_events(history)

    worth = {
        day: valuation(history, history.row(day), events, money_by_hand.prices())
        for day in (date(2026, 2, 20), date(2026, 2, 24), date(2026, 2, 25))
    }

    old, odd, new = (
        float(found.values[history.column(code)])
        for found, code in zip(worth.values(), (2160, 2160, 2918), strict=True)
    )
    assert old == pytest.approx(105_460_000 * 0.84)
    assert odd == new == pytest.approx(21_092_000 * 3.52)
    assert 0.8 < odd / old < 1.25


def test_where_a_date_has_no_close_the_last_one_before_stands_and_is_named() -> None:
    day = SESSIONS[9]
    history = History.of([holdings(day, {1: (10, 1.0), 2: (20, 1.0), 3: (30, 1.0)})])
    prices = PriceHistory.of([Closes(SESSIONS[5], {1: 2.0, 2: 3.0}), Closes(day, {1: 4.0})])

    found = valuation(history, 0, (), prices)

    np.testing.assert_array_equal(found.values, [40.0, 60.0, np.nan])
    assert found.priced_on == (day, SESSIONS[5], None)
    assert (found.total, found.priced, found.stale, found.listed) == (100.0, 2, 1, 3)
    assert np.isnan(valuation(history, 0, (), PriceHistory.of()).total)


@given(
    st.sampled_from([Fraction(5), Fraction(2), Fraction(1, 10)]),
    st.sampled_from(SESSIONS[5:12]),
    st.integers(-2, 0),
    st.sets(st.sampled_from(SESSIONS), max_size=8),
)
@settings(deadline=None)
def test_over_a_split_at_any_offset_the_value_moves_as_the_price_of_one_stock_does(
    factor: Fraction, ex_date: date, early: int, unpriced: set[date]
) -> None:
    settles = next(day for day in SESSIONS if ex_date in trades_shown(day).sessions)
    multiplied = SESSIONS[SESSIONS.index(settles) + early]
    history = History.of(
        holdings(day, {1: (int(1000 * factor) if day >= multiplied else 1000, 4.0)}) for day in SESSIONS
    )
    of_old = {day: 50.0 + place % 3 for place, day in enumerate(SESSIONS)}
    prices = PriceHistory.of(
        Closes(day, {1: of_old[day] / (float(factor) if day >= ex_date else 1)})
        for day in SESSIONS
        if day not in unpriced
    )
    part = Part(Step.SHARES, trading_calendar.before(multiplied), multiplied, (Leg(1, 1, 1, 4.0, 4.0),))
    event = AdjustmentEvent(Kind.SPLIT if factor > 1 else Kind.CONSOLIDATION, (part,), factor)

    for row in range(len(SESSIONS)):
        found = valuation(history, row, [event], prices)
        day = SESSIONS[row]
        last = max((known for known in SESSIONS[: row + 1] if known not in unpriced), default=day)
        then = valuation(history.before(row + 1), row, [event] if day >= multiplied else [], prices)
        # As it was known on that day it is never of old shares at the price of new ones, but blank.
        told = np.isnan(then.values[0]) or then.values[0] == pytest.approx(1000 * of_old[last])
        assert told or {ex_date, trading_calendar.before(ex_date)} & unpriced or np.isnan(found.values[0])
        assert not np.isnan(then.values[0]) or np.isnan(found.values[0]) or ex_date <= day < settles
        priced = [known for known in SESSIONS[: row + 1] if known not in unpriced]
        if not np.isnan(found.values[0]):
            assert found.values[0] == pytest.approx(1000 * of_old[priced[-1]])
        elif priced:
            assert unpriced  # around the split, where it cannot be told of which shares a price is
            assert abs(row - SESSIONS.index(multiplied)) <= 12


@pytest.mark.parametrize(
    ("close", "believed"),
    [(0.65, True), (1.55, True), (0.4, True), (0.5, False), (0.53, False), (0.19, False), (2.1, False)],
)
def test_a_close_that_a_split_may_have_made_is_believed_once_a_holding_shows_that_days_trades(
    close: float, *, believed: bool
) -> None:
    days = SESSIONS[:12]
    history = History.of(holdings(day, {1: (1000, 4.0), 2: (1000, 4.0)}) for day in days)
    prices = PriceHistory.of(Closes(day, {1: close if day >= days[8] else 1.0, 2: 3.0}) for day in days)
    told = next(row for row, day in enumerate(days) if days[8] in trades_shown(day).sessions)
    worth = [1000 * close, 3000.0]

    for newest in range(8, len(days)):
        found = valuation(history.before(newest + 1), 8, (), prices)

        as_it_was = believed or newest >= told
        assert found.values.tolist() == pytest.approx(worth if as_it_was else [np.nan, 3000.0], nan_ok=True)
        before = valuation(history.before(newest + 1), 7, (), prices)
        assert before.values.tolist() == [1000.0, 3000.0]
