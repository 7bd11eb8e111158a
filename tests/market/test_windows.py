"""Which dates are compared, with sessions missing and any two dates chosen."""

from datetime import date
from itertools import combinations

from hypothesis import given, settings, strategies as st

from southbound.market import trading_calendar
from southbound.market.settlement import Trades
from southbound.market.windows import WINDOWS, Pair, free_pair, pair

NEWEST = date(2026, 2, 27)

stored_days = st.sets(st.sampled_from(trading_calendar.between(date(2025, 12, 1), NEWEST)))


@given(stored_days, st.sampled_from(WINDOWS))
@settings(deadline=None)
def test_the_session_asked_for_is_compared_or_the_closest_before_it(stored: set[date], window: int) -> None:
    wanted = trading_calendar.before(NEWEST, window)
    found = pair(sorted(stored), NEWEST, window)

    if found is None:
        assert all(day > wanted for day in stored)
    else:
        assert (found.new, found.window) == (NEWEST, window)
        assert found.old in stored
        assert found.old <= wanted
        assert not [day for day in stored if found.old < day <= wanted]
        assert found.exact == (wanted in stored)


def test_the_windows_are_a_day_a_week_and_a_month_of_sessions() -> None:
    assert WINDOWS == (1, 5, 20)
    assert pair([date(2026, 2, 13), date(2026, 2, 16)], date(2026, 2, 20), 1) == Pair(
        date(2026, 2, 16), date(2026, 2, 20), 1
    )


def test_of_any_two_dates_each_is_stood_in_for_by_the_closest_before_it() -> None:
    stored = [date(2026, 2, 10), date(2026, 2, 13), date(2026, 2, 20)]

    assert free_pair(stored, date(2026, 2, 12), date(2026, 2, 28)) == Pair(stored[0], stored[2])
    assert free_pair(stored, date(2026, 2, 28), date(2026, 2, 13)) == Pair(stored[1], stored[2])
    for old, new in (*combinations([date(2026, 2, 13), date(2026, 2, 16)], 2), (date(2026, 2, 9), NEWEST)):
        assert free_pair(stored, old, new) is None
    assert Pair(stored[0], stored[2]).exact


def test_a_pair_tells_which_sessions_trades_it_shows() -> None:
    day, week = Pair(date(2026, 2, 26), NEWEST, 1), Pair(date(2026, 2, 20), NEWEST, 5)

    assert day.trades == Trades((date(2026, 2, 25),))
    # A half-day and the mainland's Lunar New Year are among the five.
    assert week.trades.sessions == (date(2026, 2, 13), date(2026, 2, 24), date(2026, 2, 25))
    assert week.trades.shut == (date(2026, 2, 16), date(2026, 2, 20), date(2026, 2, 23))
