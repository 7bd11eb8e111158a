"""Sectors between two dates, held against plain loops."""

import math
from collections.abc import Mapping
from datetime import date
from statistics import median

import pytest

from southbound.market.comparison import compare
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.sectors import NO_SECTOR, Sector, sectors
from southbound.market.windows import Pair
from tests import by_hand
from tests.market.small_lists import changes_of

OLD, NEW = date(2026, 1, 30), date(2026, 2, 23)


def test_the_sectors_of_the_recorded_days_are_those_counted_by_hand(
    recorded: Mapping[date, DailyHoldings],
) -> None:
    changes = compare(History.of(recorded.values()), Pair(OLD, NEW))
    sector_of = {code: "ABC"[code % 3] for code in changes.codes.tolist() if code % 7}

    found = {each.name: each for each in sectors(changes, sector_of)}

    assert [*found] == ["A", "B", "C", NO_SECTOR]
    suspect = set(changes.codes[changes.suspect].tolist())
    old, new = by_hand.comparable(OLD, NEW)
    for name, sector in found.items():
        codes = [
            code
            for code in changes.codes.tolist()
            if sector_of.get(code, NO_SECTOR) == name and code not in suspect
        ]
        moved = [new[code][0] - old[code][0] for code in codes]
        assert (sector.stocks, sector.rose, sector.fell, sector.unchanged) == (
            len(codes), sum(each > 0 for each in moved), sum(each < 0 for each in moved), moved.count(0),
        )  # fmt: skip
        stakes = [float(stake) for code in codes if (stake := new[code][1]) is not None]
        assert sector.stake == pytest.approx(median(stakes), abs=0.02)
        assert math.isnan(sector.money)
        assert sector.unpriced == len(codes)
    assert sum(each.stocks for each in found.values()) + len(suspect) == len(changes.codes)


def test_money_is_added_and_shares_are_not() -> None:
    changes = changes_of(
        {1: (100, 1.0), 2: (100, 2.0), 3: (50, None)}, {1: (150, 1.5), 2: (90, 1.9), 3: (50, None)}
    )

    [banks, rest] = sectors(changes, {1: "Banks", 2: "Banks"})

    assert (banks.name, banks.stocks, banks.rose, banks.fell, banks.money) == ("Banks", 2, 1, 1, 80.0)
    assert (banks.stake, banks.change) == (1.7, 0.2)
    assert (rest.name, rest.stocks, rest.unchanged) == (NO_SECTOR, 1, 1)
    assert math.isnan(rest.stake)
    assert {field for field in Sector.__dataclass_fields__ if "shares" in field} == set()
