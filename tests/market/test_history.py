"""Many days as arrays, held against the rows they are made from."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date
from weakref import ref

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from replay.figures import recorded_days
from southbound.market.adjustments.detection import adjustment_events
from southbound.market.comparison import compare
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.metrics import METRICS
from southbound.market.ranking import rank
from southbound.market.signals import signals
from southbound.market.windows import Pair
from tests.histories import assert_same

FIRST, SECOND, THIRD = date(2026, 2, 24), date(2026, 2, 25), date(2026, 2, 26)

Rows = dict[int, tuple[str, int, float | None]]
lists = st.dictionaries(
    st.integers(1, 12),
    st.tuples(st.sampled_from("ABC"), st.integers(1, 2**50), st.none() | st.integers(0, 100).map(float)),
    min_size=1,
)
histories = st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 1, 31)), lists, max_size=6)


def holdings(day: date, rows: Rows) -> DailyHoldings:
    names, shares, percents = zip(*rows.values(), strict=True)
    return DailyHoldings.of(day, list(rows), names, shares, percents)


def without(codes: Collection[int], holdings: DailyHoldings) -> DailyHoldings:
    rows = zip(holdings.codes.tolist(), holdings.names, holdings.shares, holdings.percents, strict=True)
    return DailyHoldings.of(holdings.day, *zip(*(row for row in rows if row[0] not in codes), strict=True))


def known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def test_the_recorded_days_stand_where_their_date_and_code_say(
    recorded: Mapping[date, DailyHoldings],
) -> None:
    history = History.of(recorded.values())

    codes = sorted({row.code for day in recorded_days().values() for row in day.rows})
    assert history.dates == tuple(recorded_days())
    assert history.codes.tolist() == codes
    assert history.shares.shape == history.percents.shape == (38, len(codes))
    for day, figures in recorded_days().items():
        shares = {row.code: float(row.shares) for row in figures.rows}
        percents = {row.code: float(row.percent) for row in figures.rows if row.percent}
        row = history.row(day)
        assert [known(value) for value in history.shares[row]] == [shares.get(code) for code in codes]
        assert [known(value) for value in history.percents[row]] == [percents.get(code) for code in codes]


def test_a_stock_that_left_is_unknown_and_not_zero(recorded: Mapping[date, DailyHoldings]) -> None:
    history = History.of(recorded.values())

    old, new = history.column(2160), history.column(2918)

    assert old is not None
    assert new is not None
    last, after = history.row(date(2026, 2, 24)), history.row(date(2026, 2, 25))
    assert history.shares[last : after + 1, [old, new]].tolist()[0][0] == 105_460_000
    assert history.shares[after, new] == 21_092_000
    assert np.isnan(history.shares[after:, old]).all()
    assert np.isnan(history.shares[: last + 1, new]).all()


@given(histories)
@settings(deadline=None)
def test_the_arrays_hold_what_the_days_hold(days: dict[date, Rows]) -> None:
    history = History.of(holdings(day, rows) for day, rows in days.items())

    assert history.dates == tuple(sorted(days))
    assert history.codes.tolist() == sorted({code for rows in days.values() for code in rows})
    for code in range(14):
        column = history.column(code)
        assert (column is None) == all(code not in rows for rows in days.values())
        if column is not None:
            for day, rows in days.items():
                _, shares, percent = rows.get(code, ("", None, None))
                assert known(history.shares[history.row(day), column]) == shares
                assert known(history.percents[history.row(day), column]) == percent
            newest = max(day for day, rows in days.items() if code in rows)
            assert history.names[code] == days[newest][code][0]


def test_the_order_in_which_days_come_does_not_matter() -> None:
    first, second = holdings(FIRST, {5: ("OLD", 1, None)}), holdings(SECOND, {5: ("NEW", 2, 1.0)})

    for days in ([first, second], [second, first]):
        history = History.of(days)
        assert (history.dates, history.names[5]) == ((FIRST, SECOND), "NEW")
        assert history.shares.tolist() == [[1.0], [2.0]]


def test_a_blank_percent_is_unknown_while_the_shares_are_known() -> None:
    history = History.of([holdings(FIRST, {5: ("A", 7, None)})])

    assert history.shares.tolist() == [[7.0]]
    assert np.isnan(history.percents).all()


def test_no_days_are_an_empty_history() -> None:
    history = History.of([])

    assert (history.dates, history.codes.tolist(), history.names) == ((), [], {})
    assert history.shares.shape == (0, 0)
    assert history.column(5) is None


def test_a_date_that_is_not_there_has_no_row() -> None:
    history = History.of([holdings(FIRST, {5: ("A", 7, None)})])

    with pytest.raises(ValueError, match="is not among"):
        history.row(THIRD)


@pytest.mark.parametrize("code", [-1, 0, 4, 6, 99_999, 10**30])
def test_a_code_that_was_never_listed_has_no_column(code: int) -> None:
    assert History.of([holdings(FIRST, {5: ("A", 7, None)})]).column(code) is None


@given(st.lists(histories, max_size=5))
@settings(deadline=None)
def test_grown_day_by_day_it_is_what_all_days_give(parts: list[dict[date, Rows]]) -> None:
    """Later days, earlier ones and restated ones, with stocks and names that come and go."""
    history = History.of([])
    all_days: dict[date, Rows] = {}
    for part in parts:
        before = history
        expected_before = History.of(holdings(day, rows) for day, rows in all_days.items())
        all_days |= part
        history = before.grown(holdings(day, rows) for day, rows in part.items())

        assert_same(history, History.of(holdings(day, rows) for day, rows in all_days.items()))
        assert_same(before, expected_before)


def test_two_histories_that_grow_from_one_do_not_see_each_other(
    recorded: Mapping[date, DailyHoldings],
) -> None:
    *most, last = recorded.values()
    history = History.of(most)
    code = int(last.codes[0])
    other = DailyHoldings.of(last.day, [code], ["ANOTHER"], [7], [1.0])

    one, two = history.grown([last]), history.grown([other])

    assert_same(one, History.of(recorded.values()))
    assert_same(two, History.of([*most, other]))
    assert len(history.dates) == len(most)


def test_a_day_with_a_new_stock_puts_it_in_the_order_of_codes() -> None:
    before = History.of([holdings(FIRST, {5: ("A", 1, 0.5), 9: ("B", 2, None)})])

    after = before.grown([holdings(SECOND, {7: ("C", 3, 1.5), 9: ("B", 4, 2.5)})])

    assert (before.codes.tolist(), before.shares.tolist(), before.column(7)) == ([5, 9], [[1, 2]], None)
    assert (after.codes.tolist(), after.columns(np.array([5, 9])).tolist()) == ([5, 7, 9], [0, 2])
    np.testing.assert_array_equal(after.shares, [[1, np.nan, 2], [np.nan, 3, 4]])
    np.testing.assert_array_equal(after.percents, [[0.5, np.nan, np.nan], [np.nan, 1.5, 2.5]])
    assert [[after.name_on(row, column) for column in range(3)] for row in range(2)] == [
        ["A", "", "B"],
        ["", "C", "B"],
    ]


def test_a_history_that_grew_lets_the_one_before_it_go(recorded: Mapping[date, DailyHoldings]) -> None:
    first, *others = recorded.values()
    history = History.of([first])
    let_go = []
    for holdings_of_day in others:
        let_go += [ref(array) for array in (history.shares, history.percents, history.name_numbers)]
        history = history.grown([holdings_of_day])

    assert [array() for array in let_go] == [None] * 3 * len(others)
    assert history.shares.base is history.percents.base is history.name_numbers.base is None


def test_what_is_found_in_a_history_does_not_depend_on_how_it_grew(
    recorded: Mapping[date, DailyHoldings],
) -> None:
    """Every fortieth stock is new in the middle."""
    days = list(recorded.values())
    late = sorted({code for holdings in days for code in holdings.codes.tolist()})[::40]
    stated = [*(without(late, holdings) for holdings in days[:20]), *days[20:]]
    expected, grown = History.of(stated), History.of(stated[:20])
    for holdings_of_day in stated[20:]:
        grown = grown.grown([holdings_of_day])

    assert_same(grown, expected)
    events = adjustment_events(expected)
    assert adjustment_events(grown) == events
    dates = Pair(expected.dates[19], expected.dates[-1])
    changes, expected_changes = (compare(history, dates, events) for history in (grown, expected))
    for metric in METRICS.values():
        assert rank(changes, metric, 20) == rank(expected_changes, metric, 20)
    assert {stake.code for stake in changes.added} >= set(late) & set(days[-1].codes.tolist())
    assert (changes.added, changes.removed) == (expected_changes.added, expected_changes.removed)
    told, expected_told = (signals(history, dates.new, events) for history in (grown, expected))
    assert told.codes.tolist() == sorted(told.codes)
    np.testing.assert_equal(asdict(told), asdict(expected_told))


def test_a_part_of_a_history_has_the_stocks_asked_for_in_the_order_of_codes() -> None:
    whole = History.of([holdings(FIRST, {5: ("A", 1, 0.5), 7: ("B", 2, None), 9: ("C", 3, 1.5)})])

    part = whole.of_stocks([9, 8, 5])

    assert (part.codes.tolist(), part.shares.tolist(), part.percents.tolist()) == (
        [5, 9],
        [[1, 3]],
        [[0.5, 1.5]],
    )
    assert [part.column(code) for code in (5, 7, 8, 9)] == [0, None, None, 1]
    assert whole.column(9) == 2


def test_the_newest_name_stands_whenever_a_day_comes() -> None:
    first, second = holdings(FIRST, {5: ("OLD", 1, None)}), holdings(SECOND, {5: ("NEW", 2, 1.0)})

    assert History.of([second]).grown([first]).names == {5: "NEW"}
    assert History.of([first]).grown([second]).names == {5: "NEW"}
    assert History.of([first, second]).grown([holdings(FIRST, {5: ("OLDER", 1, None)})]).names == {5: "NEW"}
    assert History.of([first, second]).grown([holdings(SECOND, {5: ("NEWER", 2, 1.0)})]).names == {5: "NEWER"}


def test_a_restated_day_takes_its_name_along() -> None:
    first, second = holdings(FIRST, {5: ("OLD", 1, None)}), holdings(SECOND, {5: ("NEW", 2, 1.0)})

    assert History.of([first, second]).grown([holdings(SECOND, {6: ("B", 2, 1.0)})]).names == {
        5: "OLD",
        6: "B",
    }


def test_the_arrays_cannot_be_written_to(recorded: Mapping[date, DailyHoldings]) -> None:
    history = History.of(recorded.values()).grown([])

    for array in (history.shares, history.percents, history.name_numbers):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1
