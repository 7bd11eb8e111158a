"""Who moves most, and who has no rank."""

import math
from dataclasses import replace

from hypothesis import given, settings, strategies as st

from southbound.market.adjustments.events import AdjustmentEvent, Kind
from southbound.market.metrics import METRICS, PERCENT, POINTS, SHARES, Metric
from southbound.market.ranking import NO_FLOORS, Floors, Mover, rank
from tests.market.small_lists import Small, changes_of, small


@given(small, small, st.sampled_from([*METRICS.values()]), st.integers(0, 12), st.sampled_from([(), None]))
@settings(deadline=None)
def test_movers_are_sorted_and_rise_above_and_fall_below(
    old: Small, new: Small, metric: Metric, count: int, events: tuple[AdjustmentEvent, ...] | None
) -> None:
    changes = changes_of(old, new, events)
    movers = rank(changes, metric, count, NO_FLOORS)

    assert all(mover.change > 0 for mover in movers.top)
    assert all(mover.change < 0 for mover in movers.bottom)
    assert list(movers.top) == sorted(movers.top, key=lambda m: (-m.change, m.code))
    assert list(movers.bottom) == sorted(movers.bottom, key=lambda m: (m.change, m.code))
    assert len(movers.top) <= count >= len(movers.bottom)


@given(small, small, st.sampled_from([*METRICS.values()]))
@settings(deadline=None)
def test_whoever_is_no_mover_has_not_moved(old: Small, new: Small, metric: Metric) -> None:
    movers = rank(changes_of(old, new), metric, 15, NO_FLOORS)

    shown = {mover.code for mover in (*movers.top, *movers.bottom)}
    assert movers.below_floor == 0
    for code in (old.keys() & new.keys()) - shown:
        (was, was_percent), (now, now_percent) = old[code], new[code]
        if metric is POINTS:
            assert was_percent == now_percent or None in {was_percent, now_percent}
        else:
            assert was == now


@given(small, small, st.builds(Floors, st.integers(0, 5), st.integers(0, 300).map(lambda x: x / 100)))
@settings(deadline=None)
def test_the_floors_leave_out_what_is_counted_and_nothing_else(
    old: Small, new: Small, floors: Floors
) -> None:
    changes = changes_of(old, new)
    everything, above = (
        rank(changes, PERCENT, 15, NO_FLOORS),
        rank(changes, PERCENT, 15, floors),
    )

    for ranked, left in ((everything.top, above.top), (everything.bottom, above.bottom)):
        assert [mover.code for mover in left] == [
            mover.code
            for mover in ranked
            if mover.old_shares >= floors.shares and not mover.old_percent < floors.percent
        ]
    moved = len(everything.top) + len(everything.bottom)
    assert above.below_floor == moved - len(above.top) - len(above.bottom)
    for metric in (SHARES, POINTS):
        assert rank(changes, metric, 15, floors).below_floor == 0


@given(small, small)
@settings(deadline=None)
def test_a_suspect_is_counted_apart_and_ranked_nowhere(old: Small, new: Small) -> None:
    changes = changes_of(old, new, None)
    suspects = {event.code for event in changes.events if event.kind is Kind.SUSPECT}

    breadth = changes.breadth()
    assert breadth.suspect == len(suspects)
    assert breadth.rose + breadth.fell + breadth.unchanged + breadth.suspect == len(changes.codes)
    for metric in METRICS.values():
        movers = rank(changes, metric, 15, NO_FLOORS)
        assert suspects.isdisjoint(mover.code for mover in (*movers.top, *movers.bottom))


def test_equal_changes_stand_in_the_order_of_their_codes() -> None:
    old: Small = dict.fromkeys((9, 3, 7, 5), (100, 1.0))
    new: Small = {9: (200, 1.1), 3: (200, 0.9), 7: (50, 1.1), 5: (50, 0.9)}
    changes = changes_of(old, new)

    for metric in (SHARES, PERCENT):
        movers = rank(changes, metric, 4, NO_FLOORS)
        assert [m.code for m in movers.top] == [3, 9]
        assert [m.code for m in movers.bottom] == [5, 7]
    points = rank(changes, POINTS, 4)
    assert [m.code for m in points.top] == [7, 9]
    assert [m.code for m in points.bottom] == [3, 5]


def test_what_a_subtraction_adds_behind_two_decimals_breaks_no_tie() -> None:
    changes = changes_of({9: (1, 0.1), 5: (1, 1.1), 7: (1, 8.1)}, {9: (1, 0.3), 5: (1, 1.3), 7: (1, 8.3)})

    assert [m.code for m in rank(changes, POINTS, 3).top] == [5, 7, 9]


def test_a_mover_says_from_where_to_where() -> None:
    changes = changes_of({5: (200, None)}, {5: (300, 1.5)})

    (mover,) = rank(changes, PERCENT, 5, NO_FLOORS).top
    assert math.isnan(mover.old_percent)
    # No NaN equals another, not even itself since Python 3.13.
    assert replace(mover, old_percent=0.0) == Mover(5, "N5", 50.0, 200, 300, 0.0, 1.5)


def test_a_blank_percentage_has_no_change_in_points_and_is_below_no_floor() -> None:
    changes = changes_of({5: (20_000, None), 6: (10_000, 2.0)}, {5: (30_000, 1.5), 6: (10_000, None)})

    assert rank(changes, POINTS, 5).top == rank(changes, POINTS, 5).bottom == ()
    assert [mover.code for mover in rank(changes, PERCENT, 5).top] == [5]
