"""Movers, additions and removals, held against plain dictionaries read from the recorded file."""

import math
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings, strategies as st

from southbound import sessions
from southbound.changes import WINDOWS, Breadth, Changes, Metric, Mover, Pair, compare, pair
from southbound.history import History
from southbound.holdings import DailyHoldings
from tests.conftest import recording

NEWEST = date(2026, 2, 27)
OLD, NEW = date(2026, 2, 26), NEWEST

Stakes = dict[int, tuple[int, Decimal | None]]


@cache
def record() -> dict[date, Stakes]:
    """Shares and percent by date and code, straight from the recorded file."""
    return {
        day: {
            code: (int(row["shareholding"]), Decimal(row["percent"]) if row["percent"] else None)
            for code, row in rows.items()
        }
        for day, rows in recording().items()
    }


@pytest.fixture(scope="session")
def history(recorded: Mapping[date, DailyHoldings]) -> History:
    return History.of(recorded.values())


def expected_change(metric: Metric, old: Stakes, new: Stakes, code: int) -> float | None:
    (was, was_percent), (now, now_percent) = old[code], new[code]
    match metric:
        case Metric.SHARES:
            return now - was
        case Metric.PERCENT:
            return (now - was) / was * 100
        case Metric.POINTS:
            if was_percent is None or now_percent is None:
                return None
            return float(now_percent - was_percent)


def expected_movers(metric: Metric, old: Stakes, new: Stakes) -> list[tuple[float, int]]:
    """Change and code of all that moved, the largest rise first."""
    changes = {code: expected_change(metric, old, new, code) for code in old.keys() & new.keys()}
    return sorted(((c, code) for code, c in changes.items() if c), key=lambda mover: (-mover[0], mover[1]))


def compared(history: History, new: date, window: int) -> tuple[Changes, Stakes, Stakes]:
    days = sorted(record())
    dates = Pair(days[days.index(new) - window], new, window)
    assert pair(history.dates, new, window) == dates
    return compare(history, dates), record()[dates.old], record()[dates.new]


@pytest.mark.parametrize("metric", list(Metric))
@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("day", sorted(record()), ids=str)
def test_the_movers_of_a_recorded_day(history: History, day: date, window: int, metric: Metric) -> None:
    if sorted(record()).index(day) < window:
        assert pair(history.dates, day, window) is None
        return

    changes, old, new = compared(history, day, window)
    movers = changes.movers(metric, 10)

    moved = expected_movers(metric, old, new)
    rises = [mover for mover in moved if mover[0] > 0]
    falls = sorted(mover for mover in moved if mover[0] < 0)
    assert [m.code for m in movers.top] == [code for _, code in rises[:10]]
    assert [m.code for m in movers.bottom] == [code for _, code in falls[:10]]
    assert [m.change for m in movers.top] == pytest.approx([change for change, _ in rises[:10]])
    assert [m.change for m in movers.bottom] == pytest.approx([change for change, _ in falls[:10]])
    for mover in (*movers.top, *movers.bottom):
        assert (mover.old_shares, mover.new_shares) == (old[mover.code][0], new[mover.code][0])


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("day", sorted(record())[20:], ids=str)
def test_the_breadth_and_the_list_changes_of_a_recorded_day(history: History, day: date, window: int) -> None:
    changes, old, new = compared(history, day, window)

    both = old.keys() & new.keys()
    rose = sum(new[code][0] > old[code][0] for code in both)
    fell = sum(new[code][0] < old[code][0] for code in both)
    came, left = sorted(new.keys() - old.keys()), sorted(old.keys() - new.keys())
    assert changes.breadth() == Breadth(rose, fell, len(both) - rose - fell, len(came), len(left))
    assert [(s.code, s.shares) for s in changes.added] == [(code, new[code][0]) for code in came]
    assert [(s.code, s.shares) for s in changes.removed] == [(code, old[code][0]) for code in left]
    assert changes.codes.tolist() == sorted(both)


def test_a_consolidation_is_one_removal_and_one_addition(history: History) -> None:
    changes, _, _ = compared(history, date(2026, 2, 25), 1)

    (removed,), (added,) = changes.removed, changes.added
    assert (removed.code, removed.shares) == (2160, 105_460_000)
    assert math.isnan(removed.percent)
    assert (added.code, added.shares, added.percent) == (2918, 21_092_000, 1.65)


@pytest.mark.parametrize("day", [date(2026, 2, 16), date(2026, 2, 25)], ids=str)
def test_a_day_without_southbound_trading_has_no_movers(history: History, day: date) -> None:
    changes, old, new = compared(history, day, 1)

    breadth = changes.breadth()
    assert (breadth.rose, breadth.fell) == (0, 0)
    assert breadth.unchanged == len(old.keys() & new.keys()) > 870
    for metric in (Metric.SHARES, Metric.PERCENT):
        assert changes.movers(metric, 10).top == changes.movers(metric, 10).bottom == ()


def test_on_2026_02_16_not_one_holding_changed_while_some_percentages_did(history: History) -> None:
    changes, old, new = compared(history, date(2026, 2, 16), 1)

    assert {code: shares for code, (shares, _) in old.items()} == {
        code: shares for code, (shares, _) in new.items()
    }
    assert changes.breadth() == Breadth(0, 0, len(new), 0, 0)
    assert {mover.code for mover in changes.movers(Metric.POINTS, 10).top} == {3032, 3067}


@pytest.mark.parametrize("code", [2800, 2828])
def test_an_index_fund_that_moves_by_factors_stays_a_mover(history: History, code: int) -> None:
    largest = max(
        abs(mover.change)
        for day in sorted(record())[1:]
        for movers in [compared(history, day, 1)[0].movers(Metric.PERCENT, 3)]
        for mover in (*movers.top, *movers.bottom)
        if mover.code == code
    )

    assert largest > 200


def holdings(day: date, stakes: Mapping[int, tuple[int, float | None]]) -> DailyHoldings:
    shares, percents = zip(*stakes.values(), strict=True)
    return DailyHoldings.of(day, list(stakes), [f"N{code}" for code in stakes], shares, percents)


Small = dict[int, tuple[int, float | None]]
small = st.dictionaries(
    st.integers(1, 15),
    st.tuples(
        st.integers(1, 4) | st.integers(1, 2**50),
        st.none() | st.integers(0, 300).map(lambda hundredths: hundredths / 100),
    ),
    min_size=1,
)


def changes_of(old: Small, new: Small) -> Changes:
    return compare(History.of([holdings(OLD, old), holdings(NEW, new)]), Pair(OLD, NEW, 1))


@given(small, small, st.sampled_from(Metric), st.integers(0, 12))
@settings(deadline=None)
def test_movers_are_sorted_and_rise_above_and_fall_below(
    old: Small, new: Small, metric: Metric, count: int
) -> None:
    changes = changes_of(old, new)
    movers = changes.movers(metric, count)

    assert all(mover.change > 0 for mover in movers.top)
    assert all(mover.change < 0 for mover in movers.bottom)
    assert list(movers.top) == sorted(movers.top, key=lambda m: (-m.change, m.code))
    assert list(movers.bottom) == sorted(movers.bottom, key=lambda m: (m.change, m.code))
    assert len(movers.top) <= count >= len(movers.bottom)


@given(small, small, st.sampled_from(Metric))
@settings(deadline=None)
def test_whoever_is_no_mover_has_not_moved(old: Small, new: Small, metric: Metric) -> None:
    movers = changes_of(old, new).movers(metric, 15)

    shown = {mover.code for mover in (*movers.top, *movers.bottom)}
    for code in (old.keys() & new.keys()) - shown:
        (was, was_percent), (now, now_percent) = old[code], new[code]
        if metric is Metric.POINTS:
            assert was_percent == now_percent or None in {was_percent, now_percent}
        else:
            assert was == now


@given(small, small)
@settings(deadline=None)
def test_every_stock_is_added_removed_or_on_both_lists(old: Small, new: Small) -> None:
    changes = changes_of(old, new)

    added, removed = [s.code for s in changes.added], [s.code for s in changes.removed]
    assert added == sorted(new.keys() - old.keys())
    assert removed == sorted(old.keys() - new.keys())
    assert changes.codes.tolist() == sorted(old.keys() & new.keys())
    assert [s.shares for s in changes.added] == [new[code][0] for code in added]
    assert [s.shares for s in changes.removed] == [old[code][0] for code in removed]
    breadth = changes.breadth()
    assert breadth.rose + breadth.fell + breadth.unchanged + breadth.added == len(new)
    assert breadth.rose + breadth.fell + breadth.unchanged + breadth.removed == len(old)


@given(small, small)
@settings(deadline=None)
def test_turned_around_the_rises_are_the_falls(old: Small, new: Small) -> None:
    there, back = changes_of(old, new), changes_of(new, old)

    assert there.breadth() == Breadth(
        back.breadth().fell,
        back.breadth().rose,
        back.breadth().unchanged,
        back.breadth().removed,
        back.breadth().added,
    )
    for metric in (Metric.SHARES, Metric.POINTS):
        rises = [(mover.code, mover.change) for mover in there.movers(metric, 15).top]
        assert rises == [(mover.code, -mover.change) for mover in back.movers(metric, 15).bottom]


def test_equal_changes_stand_in_the_order_of_their_codes() -> None:
    old: Small = dict.fromkeys((9, 3, 7, 5), (100, 1.0))
    new: Small = {9: (200, 1.1), 3: (200, 0.9), 7: (50, 1.1), 5: (50, 0.9)}
    changes = changes_of(old, new)

    for metric in (Metric.SHARES, Metric.PERCENT):
        movers = changes.movers(metric, 4)
        assert [m.code for m in movers.top] == [3, 9]
        assert [m.code for m in movers.bottom] == [5, 7]
    points = changes.movers(Metric.POINTS, 4)
    assert [m.code for m in points.top] == [7, 9]
    assert [m.code for m in points.bottom] == [3, 5]


def test_what_a_subtraction_adds_behind_two_decimals_breaks_no_tie() -> None:
    changes = changes_of({9: (1, 0.1), 5: (1, 1.1), 7: (1, 8.1)}, {9: (1, 0.3), 5: (1, 1.3), 7: (1, 8.3)})

    assert [m.code for m in changes.movers(Metric.POINTS, 3).top] == [5, 7, 9]


def test_a_mover_says_from_where_to_where() -> None:
    changes = changes_of({5: (200, None)}, {5: (300, 1.5)})

    (mover,) = changes.movers(Metric.PERCENT, 5).top
    assert math.isnan(mover.old_percent)
    assert mover == Mover(5, "N5", 50.0, 200, 300, mover.old_percent, 1.5)


def test_a_blank_percentage_has_no_change_in_points() -> None:
    changes = changes_of({5: (200, None), 6: (1, 2.0)}, {5: (300, 1.5), 6: (1, None)})

    assert changes.movers(Metric.POINTS, 5).top == changes.movers(Metric.POINTS, 5).bottom == ()


stored_days = st.sets(st.sampled_from(sessions.between(date(2025, 12, 1), NEWEST)))


@given(stored_days, st.sampled_from(WINDOWS))
@settings(deadline=None)
def test_the_session_asked_for_is_compared_or_the_closest_before_it(stored: set[date], window: int) -> None:
    wanted = sessions.before(NEWEST, window)
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
