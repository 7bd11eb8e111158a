"""Holds two histories against each other."""

import numpy as np

from southbound.market.history import History


def assert_same(history: History, expected: History) -> None:
    """All but the order of the columns, which is that in which the stocks came."""
    columns = history.ordered(np.ones(len(history.codes), dtype=np.bool_))
    assert (history.dates, history.codes[columns].tolist()) == (expected.dates, expected.codes.tolist())
    assert history.names == expected.names
    np.testing.assert_array_equal(history.shares[:, columns], expected.shares)
    np.testing.assert_array_equal(history.percents[:, columns], expected.percents)
