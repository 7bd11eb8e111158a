"""What a change is measured in: one row for each, with all that computing, ranking and writing it needs."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from southbound.market.changes import Changes
from southbound.market.daily_holdings import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """What stocks are ranked by, listed with and shown in.

    Attributes:
        key: in addresses.
        name: short, for a switch.
        label: what a figure of it is, within a sentence.
        unit_in_files: behind `Change in`, in the heading of a file's column.
        change: of each stock on both lists, in the order of `Changes.codes`; NaN where it is not known. A
            stock has moved if it is not 0.
        prefix: the unit before a figure, behind its sign.
        suffix: the unit behind a figure.
        decimals: that it is written with; none for what is counted, which is written in short.
        has_floors: whether stocks with a tiny base are left out of a ranking (see `ranking.Floors`).
        counts_new_base: whether an update of the issued shares alone is named beside a change.
        needs_prices: whether there are no figures where no prices are stored.
    """

    key: str
    name: str
    label: str
    unit_in_files: str
    change: Callable[[Changes], Floats]
    prefix: str = ""
    suffix: str = ""
    decimals: int = 0
    has_floors: bool = False
    counts_new_base: bool = False
    needs_prices: bool = False


def percent_change(changes: Changes) -> Floats:
    """By how much each holding changed, in percent of what was held: (new - old) / old x 100, of shares.

    The old shares are in those of the new date, and never 0: a stock without a holding is not on the list.

    Returns:
        (N,) percent, in the order of `Changes.codes`.
    """
    return (changes.new_shares - changes.old_shares) / changes.old_shares * 100


def share_change(changes: Changes) -> Floats:
    """By how many shares or units each holding changed: new - old.

    Returns:
        (N,) shares or units, in the order of `Changes.codes`.
    """
    return changes.new_shares - changes.old_shares


def points_change(changes: Changes) -> Floats:
    """By how much each stake changed: new % - old % - base points, rounded to two decimals.

    The base points are what updates of the issued shares alone made. The page has two decimals; what a
    subtraction adds behind them would break ties.

    Returns:
        (N,) percentage points of the issued shares, in the order of `Changes.codes`; NaN where one of the
        percentages is blank.
    """
    return np.round(changes.new_percents - changes.old_percents - changes.base_points, 2)


def money_change(changes: Changes) -> Floats:
    """What was bought net, in HK$: the sum of each session's change x the price of its trades.

    Returns:
        (N,) HK$, in the order of `Changes.codes`; NaN where a price is not known.
    """
    return changes.net_buying


_ROWS = (
    Metric(
        key="pct",
        name="% change",
        label="% change of the holding",
        unit_in_files="% of the holding",
        change=percent_change,
        suffix="%",
        decimals=2,
        has_floors=True,
    ),
    Metric(
        key="shares",
        name="Shares",
        label="shares",
        unit_in_files="shares",
        change=share_change,
    ),
    Metric(
        key="pp",
        name="% points",
        label="percentage points of the issued shares",
        unit_in_files="percentage points",
        change=points_change,
        suffix=" pp",
        decimals=2,
        counts_new_base=True,
    ),
    Metric(
        key="hkd",
        name="HK$",
        label="HK$ of net buying",
        unit_in_files="HK$ of net buying",
        change=money_change,
        prefix="HK$",
        needs_prices=True,
    ),
)

METRICS = {row.key: row for row in _ROWS}
"""All of them by their keys, in the order in which they are offered."""

PERCENT, SHARES, POINTS, MONEY = METRICS["pct"], METRICS["shares"], METRICS["pp"], METRICS["hkd"]
