"""The text of a stored day is pandas', byte for byte, whoever wrote it."""

import subprocess
import sys
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from pandas import DataFrame

from southbound.market.daily_holdings import COLUMNS, DailyHoldings

DAY = date(2026, 2, 27)
PERCENTS = st.none() | st.integers(0, 120_00).map(lambda hundredths: hundredths / 100) | st.floats(0, 100)


def as_pandas_writes(holdings: DailyHoldings) -> str:
    columns = (holdings.codes, holdings.names, holdings.shares, holdings.percents)
    return DataFrame(dict(zip(COLUMNS, columns, strict=True))).to_json(orient="split")


@given(
    st.lists(st.tuples(st.text(max_size=40), st.integers(1, 10**13), PERCENTS), min_size=1, max_size=20),
    st.integers(1, 99_000),
)
@settings(deadline=None)
def test_any_day_is_written_as_pandas_writes_it(rows: list[tuple[str, int, float | None]], code: int) -> None:
    names, shares, percents = (list(column) for column in zip(*rows, strict=True))
    few_above = [percent if percent is None or percent <= 100 else 100.01 for percent in percents[:1]]
    within = few_above + [percent and min(percent, 100.0) for percent in percents[1:]]

    holdings = DailyHoldings.of(DAY, range(code, code + len(rows)), names, shares, within)

    assert holdings.to_json() == as_pandas_writes(holdings)


def test_every_percentage_that_the_page_can_show_is_written_as_pandas_writes_it() -> None:
    shown = np.arange(100_00) / 100
    holdings = DailyHoldings.of(DAY, range(1, 100_01), ["A/B"] * 100_00, [7] * 100_00, shown.tolist())

    assert holdings.to_json() == as_pandas_writes(holdings)


@pytest.mark.parametrize(
    "percent",
    [12.345, 1e-7, 0.1 + 0.2, 1 / 3, 99.999999999999],
    ids=["3 decimals", "1e-7", "sum", "third", "near"],
)
def test_a_percentage_that_the_page_does_not_show_is_left_to_pandas(percent: float) -> None:
    holdings = DailyHoldings.of(DAY, [1, 2], ["A", "B"], [7, 8], [percent, None])

    assert holdings.to_json() == as_pandas_writes(holdings)


def test_a_day_of_the_page_costs_no_process_pandas() -> None:
    program = """
import sys
from datetime import date
from southbound.market.daily_holdings import DailyHoldings
print(len(DailyHoldings.of(date(2026, 2, 27), [5], ["HSBC"], [9], [7.25]).to_json()), "pandas" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert done.stdout.split()[1:] == ["False"], done.stderr
