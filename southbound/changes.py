"""What changed between two dates: windows, movers, additions and removals."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from southbound import sessions
from southbound.adjusted import adjusted
from southbound.history import History
from southbound.holdings import Bools, Floats, Ints
from southbound.mechanical import mechanical_moves
from southbound.moves import Kind, MechanicalMove

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
    """The two dates that are compared, and the number of sessions that were asked for: None for any two."""

    old: date
    new: date
    window: int | None = None

    @property
    def exact(self) -> bool:
        """False if the right session is not stored and an older one stands in for it."""
        return self.window is None or self.old == sessions.before(self.new, self.window)

    @property
    def traded(self) -> tuple[date, date]:
        """The first and the last session whose trades make the difference (T+2)."""
        return sessions.after(sessions.trade_date(self.old)), sessions.trade_date(self.new)


def pair(dates: Sequence[date], new: date, window: int) -> Pair | None:
    """The stored date to compare `new` with: `window` sessions before it, else the closest one before that.

    None if nothing that old is stored.
    """
    old = _at_or_before(dates, sessions.before(new, window))
    return None if old is None else Pair(old, new, window)


def free_pair(dates: Sequence[date], old: date, new: date) -> Pair | None:
    """Any two dates, in any order; for one that is not stored the closest stored date before it.

    None if they are the same then, or nothing that old is stored.
    """
    stored_old, stored_new = (_at_or_before(dates, day) for day in sorted((old, new)))
    if stored_old is None or stored_new is None or stored_old == stored_new:
        return None
    return Pair(stored_old, stored_new)


def _at_or_before(dates: Sequence[date], day: date) -> date | None:
    return max((stored for stored in dates if stored <= day), default=None)


@dataclass(frozen=True, slots=True)
class Stake:
    """One stock on one list: shares held, and percent of the issued shares (NaN where blank).

    Attributes:
        first_seen, last_seen: the first and the last stored date with the code on the list.
    """

    code: int
    name: str
    shares: int
    percent: float
    first_seen: date
    last_seen: date


@dataclass(frozen=True, slots=True)
class Mover:
    """One stock and its change, in the unit of the metric that it was ranked by.

    Attributes:
        old_shares: in the shares of the new date, if they were split or consolidated between the two.
        adjusted_for: the mechanical moves that were taken out of the change.
    """

    code: int
    name: str
    change: float
    old_shares: int
    new_shares: int
    old_percent: float
    new_percent: float
    adjusted_for: tuple[MechanicalMove, ...] = ()


@dataclass(frozen=True, slots=True)
class Floors:
    """What a stock must have had for its change in percent to be ranked.

    Below 0.05 % of the issued shares the page's percentage is uncertain by a third, and a few lots more or
    less are a large change: of the recorded holdings that rose by a half or fell by a third in a day 6 of 44
    are of such stakes, mostly a few hundred units of a fund. 39 of 877 stocks are below the floors.

    Attributes:
        shares: held on the old date.
        percent: of the issued shares on the old date; one that is blank is no reason to leave a stock out.
    """

    shares: int = 10_000
    percent: float = 0.05


NO_FLOORS = Floors(0, 0.0)


@dataclass(frozen=True, slots=True)
class Movers:
    """The largest rises, the largest first, and the largest falls, likewise.

    Attributes:
        below_floor: how many others moved, and were left out since their base is tiny.
    """

    top: tuple[Mover, ...]
    bottom: tuple[Mover, ...]
    below_floor: int = 0


@dataclass(frozen=True, slots=True)
class Breadth:
    """How many stocks did what; a stock with two codes is one.

    Attributes:
        suspect: how many moved, and the page cannot tell whether somebody bought or sold.
    """

    rose: int
    fell: int
    unchanged: int
    added: int
    removed: int
    suspect: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """Two lists side by side, made comparable.

    Attributes:
        codes, names, old_shares, new_shares, old_percents, new_percents: the stocks on both lists, by code;
            a stock under another code now has this one, and the old shares are in the shares of the new date.
        base_points: the percentage points that updates of the issued shares alone made.
        suspect: which of them cannot be told to have moved; they are no movers.
        added: on the new list alone. New on the page is not newly eligible.
        removed: on the old list alone. Not on the page is not zero.
        moves: all mechanical moves between the two dates.
        moves_of: the same by the code that the stock has here.
    """

    pair: Pair
    codes: Ints
    names: tuple[str, ...]
    old_shares: Floats
    new_shares: Floats
    old_percents: Floats
    new_percents: Floats
    base_points: Floats
    suspect: Bools
    added: tuple[Stake, ...]
    removed: tuple[Stake, ...]
    moves: tuple[MechanicalMove, ...]
    moves_of: Mapping[int, tuple[MechanicalMove, ...]]

    def values(self, metric: Metric) -> Floats:
        """The change of each stock on both lists; NaN where a percentage is blank."""
        match metric:
            case Metric.SHARES:
                return self.new_shares - self.old_shares
            case Metric.PERCENT:
                return (self.new_shares - self.old_shares) / self.old_shares * 100
            case Metric.POINTS:
                # The page has two decimals; what a subtraction adds behind them would break ties.
                return np.round(self.new_percents - self.old_percents - self.base_points, 2)

    def movers(self, metric: Metric, count: int, floors: Floors = Floors()) -> Movers:
        """The `count` largest rises and falls. Equal changes stand in the order of their codes.

        The floors are for changes in percent: of shares and of points a tiny stake makes few.
        """
        values = np.where(self.suspect, np.nan, self.values(metric))
        below = np.zeros(len(values), dtype=np.bool_)
        if metric is Metric.PERCENT:
            below = (self.old_shares < floors.shares) | (self.old_percents < floors.percent)
        rising = np.flatnonzero((values > 0) & ~below)
        falling = np.flatnonzero((values < 0) & ~below)
        top = rising[np.argsort(-values[rising], kind="stable")][:count]
        bottom = falling[np.argsort(values[falling], kind="stable")][:count]
        left_out = int((below & (np.abs(values) > 0)).sum())
        return Movers(self._movers(top, values, metric), self._movers(bottom, values, metric), left_out)

    def breadth(self) -> Breadth:
        """Counted by shares: percentages also change when the issued shares do."""
        change = self.values(Metric.SHARES)[~self.suspect]
        rose, fell = int((change > 0).sum()), int((change < 0).sum())
        unchanged, suspect = len(change) - rose - fell, int(self.suspect.sum())
        return Breadth(rose, fell, unchanged, len(self.added), len(self.removed), suspect)

    def _movers(self, chosen: Ints, values: Floats, metric: Metric) -> tuple[Mover, ...]:
        return tuple(
            Mover(
                code=int(self.codes[i]),
                name=self.names[i],
                change=float(values[i]),
                old_shares=int(self.old_shares[i]),
                new_shares=int(self.new_shares[i]),
                old_percent=float(self.old_percents[i]),
                new_percent=float(self.new_percents[i]),
                adjusted_for=tuple(
                    move
                    for move in self.moves_of.get(int(self.codes[i]), ())
                    if metric is Metric.POINTS or move.kind is not Kind.NEW_BASE
                ),
            )
            for i in chosen
        )


def compare(history: History, dates: Pair, moves: Sequence[MechanicalMove] | None = None) -> Changes:
    """Set the lists of two stored dates side by side.

    Args:
        history: all days.
        dates: two of them.
        moves: the mechanical moves of all of `history`; they are looked for (in 10 ms with 100 days) if
            they are not given.

    Raises:
        ValueError: one of the dates is not in `history`.
    """
    if moves is None:
        moves = mechanical_moves(history)
    old, new = history.row(dates.old), history.row(dates.new)
    figures = adjusted(history, (old, new), moves)
    between = tuple(move for move in moves if dates.old < move.day <= dates.new)
    base_points, suspect = np.zeros(len(history.codes)), np.zeros(len(history.codes), dtype=np.bool_)
    moves_of: defaultdict[int, tuple[MechanicalMove, ...]] = defaultdict(tuple)
    for move in between:
        column = figures.columns.get(move.code, history.column(move.code))
        if column is None:
            continue
        base_points[column] += move.points_of_base
        suspect[column] |= move.kind is Kind.SUSPECT
        moves_of[int(history.codes[column])] += (move,)
    was, now = ~np.isnan(figures.shares)
    both = was & now
    codes = history.codes[both]
    return Changes(
        pair=dates,
        codes=codes,
        names=tuple(history.names[code] for code in codes.tolist()),
        old_shares=figures.shares[0, both],
        new_shares=figures.shares[1, both],
        old_percents=figures.percents[0, both],
        new_percents=figures.percents[1, both],
        base_points=base_points[both],
        suspect=suspect[both],
        added=_stakes(history, figures.shares[1], figures.percents[1], now & ~was),
        removed=_stakes(history, figures.shares[0], figures.percents[0], was & ~now),
        moves=between,
        moves_of=moves_of,
    )


def _stakes(history: History, shares: Floats, percents: Floats, chosen: Bools) -> tuple[Stake, ...]:
    stakes = []
    for column in np.flatnonzero(chosen).tolist():
        code = int(history.codes[column])
        seen = np.flatnonzero(~np.isnan(history.shares[:, column]))
        first, last = history.dates[seen[0]], history.dates[seen[-1]]
        stakes.append(
            Stake(code, history.names[code], int(shares[column]), float(percents[column]), first, last)
        )
    return tuple(stakes)
