"""Bands of ownership, counted from the recorded file."""

from collections.abc import Mapping
from datetime import date

import numpy as np

from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.ownership import bands
from tests import by_hand

NEWEST, BEFORE = date(2026, 2, 27), date(2026, 2, 26)


def test_the_bands_of_the_recorded_days_are_those_counted_by_hand(
    recorded: Mapping[date, DailyHoldings],
) -> None:
    history = History.of(recorded.values())
    found = bands(history.codes, history.percents[-2], history.percents[-1])
    record = by_hand.record()

    assert [(band.floor, band.ceiling) for band in found] == [(20, None), (10, 20), (5, 10), (1, 5), (0, 1)]
    for band in found:
        inside = {
            day: {
                code
                for code, (_, stake) in record[day].items()
                if stake is not None and band.floor <= stake < (band.ceiling or 10**9)
            }
            for day in (BEFORE, NEWEST)
        }
        assert (band.now, band.before) == (len(inside[NEWEST]), len(inside[BEFORE]))
        both = {
            code
            for code, (_, stake) in record[BEFORE].items()
            if stake is not None and code in record[NEWEST]
        }
        assert set(band.came) == (inside[NEWEST] - inside[BEFORE]) & both
        assert set(band.left) == inside[BEFORE] - inside[NEWEST]


def test_a_floor_is_in_its_band_and_a_blank_in_none() -> None:
    stakes = np.array([20.0, 19.99, 10.0, 5.0, 1.0, 0.99, 0.0, np.nan])
    found = bands(np.arange(8), np.full(8, np.nan), stakes)

    assert [band.now for band in found] == [1, 2, 1, 1, 2]
    assert [band.before for band in found] == [0] * 5
    assert [band.came for band in found] == [()] * 5
