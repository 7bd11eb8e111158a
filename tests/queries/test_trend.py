"""What a trend is computed from."""

import itertools
from datetime import date
from statistics import correlation as pearson

import numpy as np
import pytest

from southbound.market import trading_calendar
from southbound.market.adjustments.code_aliases import by_code
from southbound.market.adjustments.detection import adjustment_events
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.presentation.view_state import Period
from southbound.queries.trend import LEAST_SHOWN, Look, Trend, average, correlation, rebased, trend
from tests.conftest import Row

NAN = float("nan")


def floats(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def test_an_average_passes_over_gaps_and_has_one_where_a_figure_is_missing() -> None:
    means = average(floats(1, 2, NAN, 3, 4), 3)
    assert means == pytest.approx([NAN, NAN, NAN, 2, 3], nan_ok=True)


def test_lines_are_rebased_on_the_first_session_that_all_have() -> None:
    first, second = rebased([floats(1, 2, 3), floats(NAN, 5, 10)])
    assert first == pytest.approx([50, 100, 150])
    assert second == pytest.approx([NAN, 100, 200], nan_ok=True)


def test_lines_that_have_no_session_in_common_begin_at_their_own() -> None:
    first, second, none = rebased([floats(2, 4, NAN), floats(NAN, NAN, 7), floats(NAN, NAN, NAN)])
    assert first == pytest.approx([100, 200, NAN], nan_ok=True)
    assert second[2] == 100
    assert np.isnan(none).all()


def test_the_correlation_is_that_of_the_recorded_changes(records: dict[date, dict[int, Row]]) -> None:
    days = sorted(records)
    held = {code: [int(records[day][code]["shareholding"]) for day in days] for code in (700, 9988)}
    changes = {code: [now / was - 1 for was, now in itertools.pairwise(line)] for code, line in held.items()}
    both = [pair for pair in zip(*changes.values(), strict=True) if any(pair)]

    factors, count = correlation([floats(*line) for line in held.values()])

    assert count == len(both)
    assert factors[0, 1] == pytest.approx(pearson(*map(list, zip(*both, strict=True))))


def test_a_few_changes_say_nothing() -> None:
    factors, count = correlation([floats(1, 2, 3, 4), floats(4, 3, 2, 1)])
    assert count == 3
    assert np.isnan(factors).all()


def test_a_missing_session_has_no_change_and_neither_has_the_one_after() -> None:
    line = floats(*range(1, 14))
    gap = line.copy()
    gap[6] = NAN
    assert correlation([line, gap])[1] == 12 - 2


@pytest.mark.parametrize(
    ("period", "first"),
    [
        (Period.MONTH, date(2026, 1, 27)),
        (Period.QUARTER, date(2025, 11, 27)),
        (Period.HALF, date(2025, 8, 28)),
        (Period.YEAR, date(2025, 2, 26)),
        (Period.ALL, date(2020, 1, 1)),
    ],
)
def test_a_period_reaches_back_from_the_last_session(period: Period, first: date) -> None:
    days = tuple(
        date.fromordinal(day) for day in range(date(2020, 1, 1).toordinal(), date(2026, 2, 28).toordinal())
    )
    shown = Trend(days, ()).shown(period)
    assert (days[shown][0], days[shown][-1]) == (first, date(2026, 2, 27))


@pytest.mark.parametrize("code", [100, 200, 300])
def test_a_stock_with_three_codes_has_one_line_under_each(code: int) -> None:
    days = trading_calendar.between(date(2026, 2, 2), date(2026, 2, 9))
    codes = [100, 100, 200, 200, 300, 300]
    history = History.of(
        DailyHoldings.of(day, [listed, 900], ["STOCK", "OTHER"], [1_000_000 + row, 5_000], [4.0, 1.0])
        for row, (day, listed) in enumerate(zip(days, codes, strict=True))
    )
    events = adjustment_events(history)

    (line,) = trend(history, by_code(events), [code]).lines

    assert line.shares.tolist() == [1_000_000 + row for row in range(6)]
    assert line.events == events


@pytest.mark.parametrize(
    ("part", "look", "found"),
    [
        ((0, 20), Look.CLOSER, (10, 20)),
        ((3, 10), Look.CLOSER, (5, 10)),
        ((0, LEAST_SHOWN), Look.CLOSER, None),
        ((0, 3), Look.CLOSER, None),
        ((10, 15), Look.WIDER, (5, 15)),
        ((2, 7), Look.WIDER, (0, 10)),
        ((0, 20), Look.WIDER, None),
        ((6, 16), Look.EARLIER, (1, 11)),
        ((2, 12), Look.EARLIER, (0, 10)),
        ((0, 10), Look.EARLIER, None),
        ((2, 12), Look.LATER, (7, 17)),
        ((8, 18), Look.LATER, (10, 20)),
        ((10, 20), Look.LATER, None),
        ((19, 20), Look.EARLIER, None),
    ],
)
def test_another_part_is_looked_at(part: tuple[int, int], look: Look, found: tuple[int, int] | None) -> None:
    days = tuple(trading_calendar.between(date(2026, 1, 2), date(2026, 1, 30)))[:20]

    expected = None if found is None else (days[found[0]], days[found[1] - 1])
    assert Trend(days, ()).looked(slice(*part), look) == expected
