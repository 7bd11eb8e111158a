"""Since when a stock is bought or sold, held against looking at every start and every fall."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from southbound.market.lasting_run import SETBACK, LastingRun, lasting_run

BLANK = float("nan")


def slowly(shares: list[float]) -> int | None:
    """The first row from which on either way counts, by loops."""
    last = len(shares) - 1
    for first in range(last):
        for way in (1, -1):
            part = [way * each for each in shares[first:]]
            gain = part[-1] - part[0]
            falls = [part[i] - part[j] for i in range(len(part)) for j in range(i, len(part))]
            if gain > 0 and max(falls) <= SETBACK * gain and part[1] > part[0]:
                return first
    return None


@given(st.lists(st.integers(1, 30), min_size=1, max_size=14))
@settings(max_examples=150)
def test_the_longest_run_is_the_one_that_loops_find(shares: list[int]) -> None:
    run = lasting_run(np.array(shares, dtype=np.float64))
    first = slowly([float(each) for each in shares])

    expected = (
        None if first is None else LastingRun(first, len(shares) - 1 - first, shares[-1] - shares[first])
    )
    assert run == expected


@pytest.mark.parametrize(
    ("shares", "run"),
    [
        ([100, 110, 120, 130], LastingRun(0, 3, 30)),
        ([100, 110, 120, 118, 130], LastingRun(0, 4, 30)),  # a small setback does not end it
        ([100, 120, 100, 130], LastingRun(2, 1, 30)),  # one that took it all back does
        ([130, 120, 125, 100], LastingRun(0, 3, -30)),
        ([100, 100, 100, 110], LastingRun(2, 1, 10)),  # it begins with a change
        ([100, 110, 110, 110], LastingRun(0, 3, 10)),
        ([90, BLANK, 100, 110], LastingRun(2, 1, 10)),  # before a gap nothing is known
        ([100, 110, BLANK], None),
        ([100, 100], None),
        ([100], None),
    ],
)
def test_a_run_ends_where_a_setback_took_back_too_much(shares: list[float], run: LastingRun | None) -> None:
    assert lasting_run(np.array(shares, dtype=np.float64)) == run
