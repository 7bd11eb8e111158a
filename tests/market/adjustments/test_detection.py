"""What is told from real events, on the recorded days, on the made-up events, and on small lists."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, example, given, settings, strategies as st

from replay.invented import InventedDays
from southbound.market import trading_calendar
from southbound.market.adjustments.detection import adjustment_events
from southbound.market.adjustments.events import Kind, Step, is_fund
from southbound.market.adjustments.split_ratios import SIMPLE
from southbound.market.changes import Changes
from southbound.market.comparison import compare
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.metrics import METRICS, POINTS, SHARES
from southbound.market.windows import Pair
from tests import by_hand
from tools.benchmarks.stored_days import as_holdings

Recorded = Mapping[date, DailyHoldings]
Row = tuple[int, int, float | None]
"""Code, shares, percent."""

DAYS = by_hand.days()


@pytest.fixture(scope="session")
def invented() -> InventedDays:
    """Forty sessions: a split, a consolidation with a temporary counter and back, an update of a base."""
    return InventedDays(sessions=40)


@pytest.fixture(scope="session")
def days(recorded: Recorded, invented: InventedDays) -> list[DailyHoldings]:
    return [*recorded.values(), *(as_holdings(invented[day]) for day in invented)]


def history_of(*lists: Sequence[Row], names: Mapping[int, str] | None = None) -> History:
    """Consecutive sessions up to 27 February."""
    dates = trading_calendar.between(date(2025, 12, 1), date(2026, 2, 27))[-len(lists) :]
    named = names or {}
    return History.of(
        DailyHoldings.of(
            day,
            [code for code, _, _ in rows],
            [named.get(code, f"N{code}") for code, _, _ in rows],
            [shares for _, shares, _ in rows],
            [percent for _, _, percent in rows],
        )
        for day, rows in zip(dates, lists, strict=True)
    )


def kinds(
    *lists: Sequence[Row], names: Mapping[int, str] | None = None
) -> list[tuple[Kind, int, int | None]]:
    events = adjustment_events(history_of(*lists, names=names))
    return [(event.kind, event.code, event.other_code) for event in events]


def test_what_happened_in_the_recorded_days_is_found(recorded: Recorded) -> None:
    events = adjustment_events(History.of(recorded.values()))

    assert {
        (event.day, event.code): event.points_of_base for event in events if event.kind is Kind.NEW_BASE
    } == by_hand.new_bases()
    closed, changed = (event for event in events if event.kind is not Kind.NEW_BASE)
    assert (closed.principal.step, closed.day, closed.code, closed.other_code) == (
        Step.CLOSED,
        date(2026, 1, 6),
        3939,
        2979,
    )
    assert (changed.kind, changed.day, changed.code, changed.other_code) == (
        Kind.CONSOLIDATION,
        date(2026, 2, 25),
        2160,
        2918,
    )
    assert changed.factor == Fraction(1, 5)
    old, new = changed.legs
    assert (old.old_shares, old.new_shares) == (105_460_000, None)
    assert (new.old_shares, new.new_shares, new.new_percent) == (None, 21_092_000, 1.65)


def test_the_made_up_events_are_found_on_their_days(
    days: list[DailyHoldings], invented: InventedDays
) -> None:
    events = [event for event in adjustment_events(History.of(days)) if event.day in invented]
    split, consolidation, new_base = invented.split, invented.consolidation, invented.new_base
    session = invented.dates

    acted = [event for event in events if event.kind is not Kind.NEW_BASE]
    assert [(event.kind, event.code, event.other_code, event.factor) for event in acted] == [
        (Kind.SPLIT, split.code, None, Fraction(split.factor)),
        (
            Kind.CONSOLIDATION,
            consolidation.code,
            consolidation.temporary,
            Fraction(1, consolidation.factor),
        ),
    ]
    assert [(part.step, part.day) for event in acted for part in event.parts] == [
        (Step.SHARES, session[split.session]),
        (Step.MOVED, session[consolidation.session]),
        (Step.PARALLEL, session[consolidation.back]),
        (Step.CLOSED, session[consolidation.over]),
    ]
    (recorded_one,) = [event for event in adjustment_events(History.of(days)) if event.code == 2160]
    assert [(part.step, part.day) for part in recorded_one.parts] == [
        (Step.MOVED, date(2026, 2, 25)),
        (Step.PARALLEL, date(2026, 3, 11)),
        (Step.CLOSED, date(2026, 3, 23)),
    ]
    (base,) = [event for event in events if event.code == new_base.code]
    assert (base.kind, base.day) == (Kind.NEW_BASE, session[new_base.session])
    assert base.base_factor == pytest.approx(new_base.factor, rel=0.005)


@pytest.mark.parametrize("event", ["split", "consolidation", "recorded"])
def test_over_any_window_the_events_are_taken_out(
    days: list[DailyHoldings], invented: InventedDays, event: str
) -> None:
    """The holding of both codes, in the shares of the new date, whatever happened between."""
    history = History.of(days)
    events = adjustment_events(history)
    split, consolidation = invented.split, invented.consolidation
    main, other, day, factor = {
        "split": (split.code, 0, invented.dates[split.session], Fraction(split.factor)),
        "consolidation": (
            consolidation.code,
            consolidation.temporary,
            invented.dates[consolidation.session],
            Fraction(1, consolidation.factor),
        ),
        "recorded": (2160, 2918, date(2026, 2, 25), Fraction(1, 5)),
    }[event]
    held = {h.day: {c: s for c, (_, s, _) in h.rows().items() if c in {main, other}} for h in days}
    first = history.row(day) - 2

    for old in history.dates[first : first + 30]:
        for new in history.dates[history.row(old) + 1 : first + 32]:
            changes = compare(history, Pair(old, new), events)
            was, now = sum(held[old].values()), sum(held[new].values())
            was = int(was * factor) if old < day <= new else was
            shown = main if main in held[new] else other
            at = changes.codes.tolist().index(shown)
            assert (changes.old_shares[at], changes.new_shares[at]) == (was, now)
            assert {main, other}.isdisjoint(stake.code for stake in (*changes.added, *changes.removed))
            assert np.isin([main, other], changes.codes).sum() == 1


@given(st.data())
@settings(deadline=None, max_examples=30)
def test_a_split_anywhere_leaves_all_changes_as_they_were(recorded: Recorded, data: st.DataObject) -> None:
    """From a random day on a stock has k times as many shares and the same percentages.

    Funds are left out: their units are made and redeemed by the day.
    """
    plain = History.of(recorded.values())
    steady = np.nanmin(plain.percents, axis=0) > 1
    steady &= ~np.isnan(plain.shares).any(axis=0) & ~np.isnan(plain.percents).any(axis=0)
    steady &= ~np.vectorize(is_fund)(plain.codes)
    code = data.draw(st.sampled_from(plain.codes[steady].tolist()))
    factor = data.draw(st.sampled_from([factor for factor in SIMPLE if factor != 1]))
    row = data.draw(st.integers(1, len(DAYS) - 1))
    column = plain.column(code)
    assume(not any(event.code == code and event.day == DAYS[row] for event in adjustment_events(plain)))
    traded, stake = (
        np.log(figures[row, column] / figures[row - 1, column]) for figures in (plain.shares, plain.percents)
    )
    assume(abs(traded) < 0.1 * abs(np.log(float(factor))) and abs(traded - stake) < 0.01)

    history = History.of(multiplied(holdings, code, DAYS[row], factor) for holdings in recorded.values())
    events = adjustment_events(history)

    (event,) = [event for event in events if event.code == code and event.day == DAYS[row]]
    assert event.factor == factor
    old = data.draw(st.integers(0, len(DAYS) - 2))
    new = data.draw(st.integers(old + 1, len(DAYS) - 1))
    expected, changes = (compare(each, Pair(DAYS[old], DAYS[new])) for each in (plain, history))
    assert [event for event in changes.events if event.code != code] == [
        event for event in expected.events if event.code != code
    ]
    unit = factor.numerator if new >= row else factor.denominator
    for metric in METRICS.values():
        values = metric.change(expected) * np.where((expected.codes == code) & (metric is SHARES), unit, 1)
        assert metric.change(changes).tolist() == pytest.approx(values.tolist(), nan_ok=True)
    assert changes.breadth() == expected.breadth()


def multiplied(holdings: DailyHoldings, code: int, day: date, factor: Fraction) -> DailyHoldings:
    """With so many times the shares of a stock that both sides of `day` are whole numbers."""
    times = factor.numerator if holdings.day >= day else factor.denominator
    shares = np.where(holdings.codes == code, holdings.shares * times, holdings.shares)
    return replace(holdings, shares=shares)


@pytest.mark.parametrize("missing", [1, 2, 5])
@pytest.mark.parametrize("event", ["split", "consolidation"])
def test_across_missing_sessions_the_events_are_found(
    days: list[DailyHoldings], invented: InventedDays, event: str, missing: int
) -> None:
    acted = invented.split if event == "split" else invented.consolidation
    row = [holdings.day for holdings in days].index(invented.dates[acted.session])
    history = History.of(days[: row - missing + 1] + days[row + 1 :])

    found = [event for event in adjustment_events(history) if event.code == acted.code]

    before, after = days[row - missing].day, days[row + 1].day
    assert (found[0].principal.since, found[0].day) == (before, after)
    assert found[0].kind is (Kind.SPLIT if event == "split" else Kind.CONSOLIDATION)
    assert found[0].factor == (acted.factor if event == "split" else Fraction(1, acted.factor))


def test_what_was_found_before_is_not_looked_for_again(days: list[DailyHoldings]) -> None:
    history = History.of(days)
    everything = adjustment_events(history)

    for row in range(len(days)):
        earlier = adjustment_events(History.of(days[:row]))
        assert adjustment_events(history, earlier, row) == everything


QUIET = (700, 9_000_000, 10.0)


def test_a_base_of_the_days_before_belongs_to_no_action_that_is_complete_on_its_day() -> None:
    """Issued for a placing, 7.7 percent; and three sessions later two shares became one."""
    placed, halved = (5, 24_000_000, 4.31), (5, 12_000_000, 4.31)
    history = history_of(
        *([QUIET, row] for row in [(5, 24_000_000, 4.64), placed, placed, placed, halved, halved])
    )

    placing, consolidation = adjustment_events(history)

    assert (placing.kind, placing.day) == (Kind.NEW_BASE, history.dates[1])
    assert (consolidation.day, consolidation.factor) == (history.dates[4], Fraction(1, 2))


@pytest.mark.parametrize("factor", [Fraction(4, 3), Fraction(3, 4)])
def test_a_simple_ratio_is_taken_before_a_rounder_one_that_fits_as_well(factor: Fraction) -> None:
    history = history_of([QUIET, (5, 3_000_000, 1.42)], [QUIET, (5, int(2_950_000 * factor), 1.39)])

    (event,) = adjustment_events(history)

    assert event.factor == factor


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ((5, 1_000_000, 4.0), (5, 5_010_000, 4.01), Kind.SPLIT),
        ((5, 1_000_000, 4.0), (5, 1_500_000, 4.0), Kind.BONUS),
        ((5, 1_000_000, 4.0), (5, 1_100_000, 4.0), Kind.BONUS),
        ((5, 1_000_000, 4.0), (5, 100_100, 4.0), Kind.CONSOLIDATION),
        ((5, 1_000_000, 4.0), (5, 1_000_000, 3.2), Kind.NEW_BASE),
        ((5, 1_000_000, 4.0), (5, 1_300_000, 4.16), Kind.BONUS),
        ((5, 1_000_000, 4.0), (5, 1_730_000, 4.0), Kind.BONUS),
        ((5, 1_000_000, 4.0), (5, 5_010_000, 20.04), Kind.SUSPECT),
        ((5, 1_000_000, 4.0), (5, 200_000, 0.8), Kind.SUSPECT),
        ((5, 1_000_000, 4.0), (5, 2_000_000, None), Kind.SUSPECT),
        ((5, 1_000_000, 4.0), (5, 4_700_000, 18.8), None),
        ((5, 1_000_000, 4.0), (5, 1_020_000, 4.08), None),
        ((5, 1_000_000, 0.3), (5, 2_000_000, 0.6), None),
        ((5, 9_000, 4.0), (5, 18_000, 8.0), None),
        ((2800, 36_670_275, 0.67), (2800, 293_583_775, 5.3), None),
        ((2800, 1_000_000, 4.0), (2800, 1_730_000, 4.0), Kind.NEW_BASE),
        ((5, 200, 0.0), (5, 800, 0.0), None),
        ((5, 1_000_000, None), (5, 1_000_000, 3.0), None),
    ],
    ids=[
        "split while a little was bought",
        "three for two",
        "a share for ten",
        "ten into one",
        "the percentage alone",
        "five for four while a little was bought",
        "both, by no simple factor",
        "both in step, five times",
        "both in step, a fifth",
        "twice, and a blank",
        "both in step, but not nearly a whole number",
        "ordinary buying",
        "a small stake",
        "a few lots",
        "a fund",
        "units made",
        "next to nothing",
        "nothing known before",
    ],
)
def test_what_the_figures_of_one_stock_say(old: Row, new: Row, kind: Kind | None) -> None:
    assert [found for found, _, _ in kinds([old, QUIET], [new, QUIET])] == [kind] * (kind is not None)


def test_the_holdings_of_a_new_stock_multiply_by_being_bought() -> None:
    bought = [(5, 1_000_000, 1.0), QUIET], [(5, 2_000_000, 2.0), QUIET]

    assert kinds(*bought) == [(Kind.SUSPECT, 5, None)]
    assert kinds([QUIET], *bought) == []
    assert kinds([QUIET], *[bought[0]] * 19, bought[1]) == []
    assert kinds([QUIET], *[bought[0]] * 20, bought[1]) == [(Kind.SUSPECT, 5, None)]


def test_a_base_is_remembered_over_months_of_blanks() -> None:
    known, blank = [(5, 1_000_000, 4.0), QUIET], [(5, 1_000_000, None), QUIET]

    (event,) = adjustment_events(history_of(known, blank, blank, [(5, 1_000_000, 2.0), QUIET]))
    assert (event.kind, event.principal.since) == (Kind.NEW_BASE, trading_calendar.before(event.day, 3))
    assert (event.points_of_base, event.base_factor) == (-2.0, 2.0)
    assert kinds(known, *[blank] * 50, [(5, 1_000_000, 2.0), QUIET]) == [(Kind.NEW_BASE, 5, None)]
    assert kinds(known, blank, [(5, 5_000_000, 4.0), QUIET]) == [(Kind.SPLIT, 5, None)]


def test_the_points_of_a_base_are_reckoned_where_the_holding_is_larger() -> None:
    (rise,) = adjustment_events(history_of([(5, 100_000, 1.0)], [(5, 400_000, 3.6)]))
    (fall,) = adjustment_events(history_of([(5, 400_000, 3.6)], [(5, 100_000, 1.0)]))

    assert rise.points_of_base == pytest.approx(3.6 - 1.0 - 3.6 * 3 / 4)
    assert fall.points_of_base == pytest.approx(1.0 - 3.6 + 3.6 * 3 / 4)


OLD_CODE, TEMPORARY = (5, 1_000_000, 4.0), (2905, 200_000, 4.0)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ([OLD_CODE], [TEMPORARY], [(Kind.CONSOLIDATION, 5, 2905)]),
        ([(5, 1_000_000, None)], [TEMPORARY], [(Kind.CONSOLIDATION, 5, 2905)]),
        ([(5, 1_000_000, None)], [(2905, 204_000, 4.0)], [(Kind.CONSOLIDATION, 5, 2905)]),
        ([OLD_CODE], [(2905, 204_000, 4.08)], [(Kind.CONSOLIDATION, 5, 2905)]),
        ([OLD_CODE], [(2905, 200_000, 4.5)], [(Kind.CONSOLIDATION, 5, 2905)]),
        ([OLD_CODE], [(2905, 1_000_000, 4.0)], [(Kind.CODE_CHANGE, 5, 2905)]),
        ([OLD_CODE], [(2905, 290_000, 7.0)], []),
        ([OLD_CODE], [(8, 1_000_000, 4.0)], [(Kind.CODE_CHANGE, 5, 8)]),
        ([OLD_CODE], [(8, 1_010_000, 4.04)], []),
        ([OLD_CODE], [(8, 200_000, 4.0)], []),
        ([OLD_CODE], [(8, 1_000_000, 40.0)], []),
        ([(5, 1_000, 0.0)], [(8, 1_000, 0.0)], []),
        ([TEMPORARY], [(5, 200_000, 4.0)], [(Kind.CODE_CHANGE, 5, 2905)]),
        ([TEMPORARY], [(5, 1_000_000, 4.0)], []),
        ([TEMPORARY], [(5, 180_000, 3.6), (2905, 20_000, 0.4)], [(Kind.CODE_CHANGE, 5, 2905)]),
        ([TEMPORARY], [(5, 180_000, 3.6), (2905, 200_000, 4.0)], []),
        (
            [(5, 180_000, 3.6), (2905, 20_000, 0.4)],
            [(5, 200_000, 4.0)],
            [(Kind.CODE_CHANGE, 5, 2905)],
        ),
        ([(5, 180_000, 3.6), (2905, 20_000, 0.4)], [(5, 201_000, 4.02)], []),
    ],
    ids=[
        "consolidated",
        "a blank stake",
        "a blank stake, while a little was bought",
        "while a little was bought",
        "a new base beside it",
        "same number of shares",
        "no simple factor and another stake",
        "another code for good",
        "not exact and nothing connects them",
        "a factor and nothing connects them",
        "as many shares of another company",
        "next to nothing",
        "back at once",
        "back with another number",
        "both codes",
        "an addition beside it",
        "closed",
        "closed into nobody",
    ],
)
def test_which_codes_are_one_stock(
    old: list[Row], new: list[Row], found: list[tuple[Kind, int, int | None]]
) -> None:
    assert kinds([*old, QUIET], [*new, QUIET]) == found


def test_the_same_name_connects_two_codes() -> None:
    old, new = [OLD_CODE, QUIET], [(8, 200_400, 4.0), QUIET]

    assert kinds(old, new) == []
    assert kinds(old, new, names={5: "A", 8: "A"}) == [(Kind.CONSOLIDATION, 5, 8)]


def steps(*lists: Sequence[Row]) -> list[tuple[Kind, tuple[Step, ...]]]:
    events = adjustment_events(history_of(*lists))
    return [(event.kind, tuple(part.step for part in event.parts)) for event in events]


def test_whose_a_temporary_counter_is_stays_known() -> None:
    """At the end both were traded, so that no figure fits: but it was said weeks before."""
    found = steps(
        [OLD_CODE, QUIET],
        [TEMPORARY, QUIET],
        [(5, 20_000, 0.4), (2905, 150_000, 3.0), QUIET],
        [(5, 160_000, 3.2), (2905, 25_000, 0.5), QUIET],
        [(5, 190_000, 3.8), QUIET],
    )

    assert found == [(Kind.CONSOLIDATION, (Step.MOVED, Step.PARALLEL, Step.CLOSED))]


def test_a_temporary_code_is_known_as_long_as_it_is_open() -> None:
    """Later it is another stock's, with other issued shares, and the first one's nothing."""
    history = history_of(
        [OLD_CODE, QUIET],
        [TEMPORARY, QUIET],
        [(5, 200_000, 4.0), QUIET],
        [(5, 200_000, 4.0), (2905, 7_000, 0.1), QUIET],
        [(5, 200_000, 4.0), QUIET],
    )
    everything = adjustment_events(history)

    assert [[part.step for part in event.parts] for event in everything] == [[Step.MOVED, Step.RETURNED]]
    for row in range(1, 5):
        assert adjustment_events(history, adjustment_events(history.before(row)), row) == everything


def test_a_code_is_used_again_for_another_stock() -> None:
    """The first one's holding is not the second one's."""
    history = history_of(
        [OLD_CODE, QUIET],
        [TEMPORARY, QUIET],
        [(5, 200_000, 4.0), QUIET],
        [(5, 200_000, 4.0), (2905, 7_000, 0.1), QUIET],
    )
    events = adjustment_events(history)
    first, _, third, last = history.dates

    changes = compare(history, Pair(first, last), events)
    assert [stake.code for stake in changes.added] == [2905]
    assert (changes.breadth().unchanged, changes.old_shares.tolist()) == (2, [200_000, 9_000_000])
    assert compare(history, Pair(third, last), events).breadth().unchanged == 2


def test_a_stake_of_two_codes_is_their_sum() -> None:
    history = history_of(
        [TEMPORARY, QUIET],
        [(5, 180_000, 3.6), (2905, 20_000, 0.4), QUIET],
        [(5, 181_000, 3.62), (2905, 18_000, None), QUIET],
    )

    def points(old: int, new: int) -> Changes:
        return compare(history, Pair(history.dates[old], history.dates[new]))

    assert POINTS.change(points(0, 1)).tolist() == [0, 0]
    assert np.isnan(POINTS.change(points(1, 2))).tolist() == [True, False]
    assert SHARES.change(points(1, 2)).tolist() == [-1000, 0]


def test_the_codes_of_funds_are_those_of_the_recorded_ones() -> None:
    assert all(map(is_fund, (2800, 2828, 3032, 3033, 3067, 3088, 3441)))
    assert not any(map(is_fund, (700, 2850, 2918, 2799, 3200, 3939, 9988)))


codes = st.integers(1, 4) | st.integers(2904, 2906)
some_lists = st.lists(
    st.lists(st.tuples(codes, st.integers(1, 10**6)), min_size=1, max_size=5, unique_by=lambda row: row[0]),
    min_size=2,
    max_size=6,
)


@given(some_lists, st.integers(0, 300))
@example([[(2, 29)], [(2904, 1)], [(1, 1)], [(2904, 32)]], 0)
@example([[(1, 1), (2904, 462)], [(2905, 511)], [(2904, 1), (2905, 1)]], 0)
@example([[(2, 449)], [(1, 1), (2, 417)], [(2905, 1)], [(3, 1)], [(1, 1), (2904, 1), (2905, 9)]], 39)
@settings(deadline=None)
def test_whatever_the_lists_are_no_stock_is_lost_or_counted_twice(
    lists: list[list[tuple[int, int]]], percent: int
) -> None:
    history = history_of(*([(code, shares, percent / 100) for code, shares in rows] for rows in lists))
    events = adjustment_events(history)

    assert all(old.day <= new.day for old, new in pairwise(events))
    for old, new in pairwise(history.dates):
        changes = compare(history, Pair(old, new), events)
        shown = [*changes.codes.tolist(), *(stake.code for stake in changes.added)]
        assert len(shown) == len(set(shown))
        row = history.row(new)
        back = {
            leg.code
            for event in events
            for part in event.parts
            if part.since < old < part.day == new
            for leg in part.legs
        }
        total = np.nansum(changes.new_shares) + sum(stake.shares for stake in changes.added)
        # Who was off the list by an event is back, under all its codes: neither compared nor added.
        back |= {event.line.other for event in events if event.line is not None and event.line.main in back}
        returned = np.nansum(history.shares[row, np.isin(history.codes, list(back))])
        assert total <= np.nansum(history.shares[row]) <= total + returned


def test_one_day_or_none_has_no_events() -> None:
    assert adjustment_events(History.of([])) == ()
    assert adjustment_events(history_of([OLD_CODE])) == ()
    assert adjustment_events(history_of([OLD_CODE]), (), 1) == ()
