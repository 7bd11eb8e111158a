"""What sectors did between two dates: breadth, net buying, stakes. Never sums of shares over stocks."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from southbound.market.changes import Changes
from southbound.market.crossings import comparable_stakes
from southbound.market.daily_holdings import Bools, Floats

NO_SECTOR = ""
"""Of stocks that no sector is known of."""


@dataclass(frozen=True, slots=True)
class Sector:
    """One sector, of the stocks on both lists that are not suspect.

    Attributes:
        name: `NO_SECTOR` for all that have none.
        stocks: how many there are.
        rose, fell, unchanged: by their shares.
        money: HK$ bought net, of those whose price is known; NaN if that is none.
        unpriced: how many are no part of `money`.
        stake: the median stake on the newer date, in % of the issued shares; NaN if all are blank.
        change: the median change of the stake, in percentage points, likewise.
    """

    name: str
    stocks: int
    rose: int
    fell: int
    unchanged: int
    money: float
    unpriced: int
    stake: float
    change: float


def sectors(changes: Changes, sector_of: Mapping[int, str]) -> tuple[Sector, ...]:
    """The sectors by their names; what has none comes last.

    Args:
        changes: of two dates.
        sector_of: by the codes of the changes.
    """
    names = np.array([sector_of.get(code, NO_SECTOR) for code in changes.codes.tolist()], dtype=object)
    found = sorted(set(names.tolist()) - {NO_SECTOR})
    if (names == NO_SECTOR).any():
        found.append(NO_SECTOR)
    return tuple(_sector(name, changes, (names == name) & ~changes.suspect) for name in found)


def _sector(name: str, changes: Changes, chosen: Bools) -> Sector:
    moved = (changes.new_shares - changes.old_shares)[chosen]
    money = changes.net_buying[chosen]
    known = ~np.isnan(money)
    old, new = (stakes[chosen] for stakes in comparable_stakes(changes))
    return Sector(
        name,
        len(moved),
        int((moved > 0).sum()),
        int((moved < 0).sum()),
        int((moved == 0).sum()),
        float(money[known].sum()) if known.any() else float("nan"),
        int((~known).sum()),
        _median(new),
        _median(np.round(new - old, 2)),
    )


def _median(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if known.size else float("nan")
