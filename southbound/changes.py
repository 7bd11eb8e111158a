"""What changed between two dates: windows, movers, additions and removals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from southbound import sessions
from southbound.history import History
from southbound.holdings import Floats, Ints

WINDOWS = (1, 5, 20)
"""In sessions, as everything here: "5 days" are five Hong Kong trading days."""


class Metric(StrEnum):
    """What movers are ranked by."""

    PERCENT = "pct"
    """Change of the holding, in percent of what was held."""
    SHARES = "shares"
    """Shares or units bought or sold."""
    POINTS = "pp"
    """Change of the stake, in percentage points of the issued shares."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The two dates that are compared, and the number of sessions that were asked for."""

    old: date
    new: date
    window: int

    @property
    def exact(self) -> bool:
        """False if the right session is not stored and an older one stands in for it."""
        return self.old == sessions.before(self.new, self.window)


def pair(dates: Sequence[date], new: date, window: int) -> Pair | None:
    """The stored date to compare `new` with: `window` sessions before it, else the closest one before that.

    None if nothing that old is stored.
    """
    wanted = sessions.before(new, window)
    old = max((day for day in dates if day <= wanted), default=None)
    return None if old is None else Pair(old, new, window)


@dataclass(frozen=True, slots=True)
class Stake:
    """One stock on one list: shares held, and percent of the issued shares (NaN where blank)."""

    code: int
    name: str
    shares: int
    percent: float


@dataclass(frozen=True, slots=True)
class Mover:
    """One stock and its change, in the unit of the metric that it was ranked by."""

    code: int
    name: str
    change: float
    old_shares: int
    new_shares: int
    old_percent: float
    new_percent: float


@dataclass(frozen=True, slots=True)
class Movers:
    """The largest rises, the largest first, and the largest falls, likewise."""

    top: tuple[Mover, ...]
    bottom: tuple[Mover, ...]


@dataclass(frozen=True, slots=True)
class Breadth:
    """How many stocks did what."""

    rose: int
    fell: int
    unchanged: int
    added: int
    removed: int


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """Two lists side by side.

    Attributes:
        codes, names, old_shares, new_shares, old_percents, new_percents: the stocks on both lists, by code.
        added: on the new list alone. New on the page is not newly eligible.
        removed: on the old list alone. Not on the page is not zero.
    """

    pair: Pair
    codes: Ints
    names: tuple[str, ...]
    old_shares: Floats
    new_shares: Floats
    old_percents: Floats
    new_percents: Floats
    added: tuple[Stake, ...]
    removed: tuple[Stake, ...]

    def values(self, metric: Metric) -> Floats:
        """The change of each stock on both lists; NaN where a percentage is blank."""
        match metric:
            case Metric.SHARES:
                return self.new_shares - self.old_shares
            case Metric.PERCENT:
                return (self.new_shares - self.old_shares) / self.old_shares * 100
            case Metric.POINTS:
                # The page has two decimals; what a subtraction adds behind them would break ties.
                return np.round(self.new_percents - self.old_percents, 2)

    def movers(self, metric: Metric, count: int) -> Movers:
        """The `count` largest rises and falls. Equal changes stand in the order of their codes."""
        values = self.values(metric)
        rising = np.flatnonzero(values > 0)
        falling = np.flatnonzero(values < 0)
        top = rising[np.argsort(-values[rising], kind="stable")][:count]
        bottom = falling[np.argsort(values[falling], kind="stable")][:count]
        return Movers(self._movers(top, values), self._movers(bottom, values))

    def breadth(self) -> Breadth:
        """Counted by shares: percentages also change when the issued shares do."""
        change = self.values(Metric.SHARES)
        rose, fell = int((change > 0).sum()), int((change < 0).sum())
        return Breadth(rose, fell, len(change) - rose - fell, len(self.added), len(self.removed))

    def _movers(self, chosen: Ints, values: Floats) -> tuple[Mover, ...]:
        return tuple(
            Mover(
                code=int(self.codes[i]),
                name=self.names[i],
                change=float(values[i]),
                old_shares=int(self.old_shares[i]),
                new_shares=int(self.new_shares[i]),
                old_percent=float(self.old_percents[i]),
                new_percent=float(self.new_percents[i]),
            )
            for i in chosen
        )


def compare(history: History, dates: Pair) -> Changes:
    """Set the lists of two stored dates side by side."""
    old, new = history.row(dates.old), history.row(dates.new)
    was, now = ~np.isnan(history.shares[old]), ~np.isnan(history.shares[new])
    both = np.flatnonzero(was & now)
    codes = history.codes[both]
    return Changes(
        pair=dates,
        codes=codes,
        names=tuple(history.names[code] for code in codes.tolist()),
        old_shares=history.shares[old, both],
        new_shares=history.shares[new, both],
        old_percents=history.percents[old, both],
        new_percents=history.percents[new, both],
        added=_stakes(history, new, np.flatnonzero(now & ~was)),
        removed=_stakes(history, old, np.flatnonzero(was & ~now)),
    )


def _stakes(history: History, row: int, columns: Ints) -> tuple[Stake, ...]:
    return tuple(
        Stake(
            code=code,
            name=history.names[code],
            shares=int(history.shares[row, column]),
            percent=float(history.percents[row, column]),
        )
        for column, code in zip(columns.tolist(), history.codes[columns].tolist(), strict=True)
    )
