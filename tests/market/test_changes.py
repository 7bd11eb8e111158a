"""Movers, additions and removals, held against plain dictionaries read from the recorded file."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given, settings

from southbound.market.adjustments.detection import adjustment_events
from southbound.market.adjustments.events import AdjustmentEvent, Kind
from southbound.market.changes import Breadth, Changes
from southbound.market.comparison import compare
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.metrics import METRICS, PERCENT, POINTS, SHARES
from southbound.market.ranking import rank
from southbound.market.windows import WINDOWS, Pair, free_pair, pair
from tests import by_hand
from tests.market.small_lists import Small, changes_of, small

NEWEST = date(2026, 2, 27)
DAYS = by_hand.days()
FREE = [(DAYS[0], NEWEST), (date(2026, 1, 5), date(2026, 2, 13)), (date(2026, 2, 13), date(2026, 2, 25))]


@pytest.fixture(scope="session")
def history(recorded: Mapping[date, DailyHoldings]) -> History:
    return History.of(recorded.values())


@pytest.fixture(scope="session")
def events(history: History) -> tuple[AdjustmentEvent, ...]:
    return adjustment_events(history)


def assert_as_by_hand(changes: Changes) -> None:
    """Every metric, both ends of the ranking at every length, and both lists."""
    old_day, new_day = changes.pair.old, changes.pair.new
    old, new = by_hand.comparable(old_day, new_day)
    for metric in METRICS.values():
        rises, falls = by_hand.largest(metric.key, old_day, new_day)
        for count in (5, 10, 20):
            movers = rank(changes, metric, count)
            assert [mover.code for mover in movers.top] == [code for code, _ in rises[:count]]
            assert [mover.code for mover in movers.bottom] == [code for code, _ in falls[:count]]
            assert [mover.change for mover in movers.top] == pytest.approx(
                [change for _, change in rises[:count]]
            )
            assert [m.change for m in movers.bottom] == pytest.approx([change for _, change in falls[:count]])
            for mover in (*movers.top, *movers.bottom):
                assert (mover.old_shares, mover.new_shares) == (old[mover.code][0], new[mover.code][0])
    both = old.keys() & new.keys()
    rose = sum(new[code][0] > old[code][0] for code in both)
    fell = sum(new[code][0] < old[code][0] for code in both)
    came, left = sorted(new.keys() - old.keys()), sorted(old.keys() - new.keys())
    assert changes.codes.tolist() == sorted(both)
    assert changes.breadth() == Breadth(rose, fell, len(both) - rose - fell, len(came), len(left))
    assert [(stake.code, stake.shares) for stake in changes.added] == [(code, new[code][0]) for code in came]
    assert [(stake.code, stake.shares) for stake in changes.removed] == [
        (code, old[code][0]) for code in left
    ]
    for stake in (*changes.added, *changes.removed):
        seen = [day for day in DAYS if stake.code in by_hand.record()[day]]
        assert (stake.first_seen, stake.last_seen) == (seen[0], seen[-1])


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_changes_of_a_recorded_day(
    history: History, events: tuple[AdjustmentEvent, ...], day: date, window: int
) -> None:
    position = DAYS.index(day)
    dates = pair(history.dates, day, window)

    if position < window:
        assert dates is None
    else:
        assert dates == Pair(DAYS[position - window], day, window)
        assert_as_by_hand(compare(history, dates, events))


@pytest.mark.parametrize(("old", "new"), FREE)
def test_the_changes_between_any_two_recorded_days(history: History, old: date, new: date) -> None:
    dates = free_pair(history.dates, old, new)

    assert dates == free_pair(history.dates, new, old) == Pair(old, new)
    assert_as_by_hand(compare(history, dates))


def test_a_consolidation_is_neither_a_removal_nor_an_addition(history: History) -> None:
    changes = compare(history, Pair(date(2026, 2, 24), date(2026, 2, 26), 2))

    assert {2160, 2918}.isdisjoint(stake.code for stake in (*changes.added, *changes.removed))
    assert 2918 in changes.codes
    assert [event.kind for event in changes.events_of[2918]] == [Kind.CONSOLIDATION]
    assert 2918 in [mover.code for mover in rank(changes, SHARES, 1000).bottom]
    (mover,) = [mover for mover in rank(changes, SHARES, 1000).bottom if mover.code == 2918]
    assert (mover.change, mover.old_shares, mover.new_shares) == (-12_200, 21_092_000, 21_079_800)
    assert [event.kind for event in mover.adjusted_for] == [Kind.CONSOLIDATION]


@pytest.mark.parametrize("day", [date(2026, 2, 16), date(2026, 2, 25)], ids=str)
def test_a_day_without_southbound_trading_has_no_movers(history: History, day: date) -> None:
    changes = compare(history, Pair(DAYS[DAYS.index(day) - 1], day, 1))

    breadth = changes.breadth()
    assert (breadth.rose, breadth.fell, breadth.added, breadth.removed) == (0, 0, 0, 0)
    assert breadth.unchanged == len(by_hand.record()[day]) > 870
    for metric in (SHARES, PERCENT):
        assert rank(changes, metric, 10).top == rank(changes, metric, 10).bottom == ()


def test_a_new_base_alone_makes_no_mover_in_points(history: History) -> None:
    day, before = date(2026, 2, 16), date(2026, 2, 13)
    old, new = by_hand.record()[before], by_hand.record()[day]
    naive = {
        code for code in old if old[code][1] != new[code][1] and None not in {old[code][1], new[code][1]}
    }
    assert {3032, 3067} <= naive

    changes = compare(history, Pair(before, day, 1))

    movers = rank(changes, POINTS, 10)
    assert 3032 not in {mover.code for mover in (*movers.top, *movers.bottom)}
    assert 3032 in {event.code for event in changes.events}


@pytest.mark.parametrize("code", [2800, 2828])
def test_an_index_fund_that_moves_by_factors_stays_a_mover(
    history: History, events: tuple[AdjustmentEvent, ...], code: int
) -> None:
    for position, day in enumerate(DAYS[1:], start=1):
        before = by_hand.record()[DAYS[position - 1]][code][0]
        now = by_hand.record()[day][code][0]
        if 0.67 < now / before < 1.5:
            continue
        changes = compare(history, Pair(DAYS[position - 1], day, 1), events)
        for metric in (PERCENT, SHARES):
            movers = rank(changes, metric, len(changes.codes))
            (mover,) = [mover for mover in (*movers.top, *movers.bottom) if mover.code == code]
            assert (mover.old_shares, mover.new_shares, mover.adjusted_for) == (before, now, ())


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
    for metric in (SHARES, POINTS):
        rises = [(mover.code, mover.change) for mover in rank(there, metric, 15).top]
        assert rises == [(mover.code, -mover.change) for mover in rank(back, metric, 15).bottom]


def test_events_that_are_not_given_are_looked_for() -> None:
    old: Small = {5: (1_000_000, 4.0)}
    new: Small = {5: (5_000_000, 4.0)}

    assert changes_of(old, new, None).breadth() == Breadth(0, 0, 1, 0, 0)
    assert changes_of(old, new, ()).breadth() == Breadth(1, 0, 0, 0, 0)
