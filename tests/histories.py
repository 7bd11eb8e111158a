"""Holds two histories against each other."""

import numpy as np

from southbound.market.history import History


def assert_same(history: History, expected: History) -> None:
    """All that can be seen of them."""
    assert (history.dates, history.codes.tolist()) == (expected.dates, expected.codes.tolist())
    assert history.names == expected.names
    np.testing.assert_array_equal(history.shares, expected.shares)
    np.testing.assert_array_equal(history.percents, expected.percents)
    for row in range(len(history.dates)):
        names, expected_names = (
            [of.name_on(row, column) for column in range(len(of.codes))] for of in (history, expected)
        )
        assert names == expected_names
