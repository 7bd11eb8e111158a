"""`/movers` and `/changes`: two dates side by side."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from southbound.api.answer import Answer, Date, common, known
from southbound.market.adjustments.events import AdjustmentEvent
from southbound.market.changes import Breadth, Stake
from southbound.market.daily_holdings import WHOLE
from southbound.market.kinds import KindChoice
from southbound.market.metrics import Metric
from southbound.market.ranking import USUAL_FLOORS, Mover, rank
from southbound.market.windows import Pair
from southbound.presentation import formatting, phrases
from southbound.queries.market_view import MarketView


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared(Answer):
    """Which dates are compared.

    Attributes:
        date, against: the newer and the older one.
        window: the sessions between them that were asked for; null for any two dates.
        is_exact: false if the right session is not stored, and an older one stands in for it.
    """

    date: Date
    against: Date
    window: int | None
    is_exact: bool
    trade_dates: tuple[Date, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One stock and its change, in the unit of the metric.

    Attributes:
        old_shares: in the shares of the newer date.
        adjusted_for: what was taken out of the change.
    """

    code: str
    name: str
    change: float
    old_shares: int
    new_shares: int
    old_percent: float | None
    new_percent: float | None
    adjusted_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many stocks on both lists have no rank.

    Attributes:
        tiny_base: they moved, but had less than the floors to begin with.
        suspect: nobody can tell whether somebody traded.
        above_whole: they have more than all of the issued shares by the page.
        not_known: one of the figures is blank.
    """

    tiny_base: int
    suspect: int
    above_whole: int
    not_known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Movers(Compared):
    """The largest rises and falls of some kinds of securities: `shares`, `funds` or `all`."""

    kind: str
    metric: str
    unit: str
    top: tuple[Ranked, ...]
    bottom: tuple[Ranked, ...]
    left_out: LeftOut


@dataclass(frozen=True, slots=True)
class OnOneList:
    """A stock on one of the lists alone. Not on the list is not zero."""

    code: str
    name: str
    shares: int
    percent: float | None
    first_seen: Date
    last_seen: Date


@dataclass(frozen=True, slots=True)
class Mechanical:
    """What happened to a stock without anybody buying or selling, and the evidence.

    Attributes:
        factor: how many shares became of one, as `5` or `1/10`; null where none did.
        certainty: the weight of the reading among all readings, 0 to 1.
        alternative: what else it may be.
        witnesses: what speaks for the reading.
        says: the figures that show it, in words.
    """

    kind: str
    code: str
    other_code: str | None
    first_date: Date
    last_date: Date
    factor: str | None
    certainty: float
    alternative: str | None
    witnesses: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChanges(Compared):
    """What changed between two lists."""

    breadth: Breadth
    added: tuple[OnOneList, ...]
    removed: tuple[OnOneList, ...]
    mechanical: tuple[Mechanical, ...]


def movers(  # noqa: PLR0913 - what a ranking depends on
    market_view: MarketView, pair: Pair, metric: Metric, kind: KindChoice, length: int, *, is_current: bool
) -> Movers:
    """The largest rises and falls between two stored dates, at most `length` of each."""
    changes = market_view.changes_of(pair, kind)
    ranked = rank(changes, metric, length, USUAL_FLOORS)
    above = (changes.old_percents > WHOLE) | (changes.new_percents > WHOLE)
    unknown = np.isnan(metric.change(changes)) & ~changes.suspect
    return Movers(
        **common(market_view, is_current=is_current, change=metric.unit_in_files),
        **_dates(pair),
        kind=str(kind),
        metric=metric.key,
        unit=metric.unit_in_files,
        top=tuple(map(_ranked, ranked.top)),
        bottom=tuple(map(_ranked, ranked.bottom)),
        left_out=LeftOut(
            ranked.below_floor,
            int((changes.suspect & ~above).sum()),
            int((changes.suspect & above).sum()),
            int(unknown.sum()),
        ),
    )


def changes(market_view: MarketView, pair: Pair, *, is_current: bool) -> ListChanges:
    """Additions, removals, mechanical moves and breadth between two stored dates."""
    found = market_view.changes(pair)
    return ListChanges(
        **common(market_view, is_current=is_current, breadth="stocks"),
        **_dates(pair),
        breadth=found.breadth(),
        added=tuple(map(_stake, found.added)),
        removed=tuple(map(_stake, found.removed)),
        mechanical=tuple(map(_mechanical, found.events)),
    )


def _dates(pair: Pair) -> dict[str, Any]:
    return {
        "date": pair.new,
        "against": pair.old,
        "window": pair.window,
        "is_exact": pair.exact,
        "trade_dates": pair.trades.sessions,
    }


def _ranked(mover: Mover) -> Ranked:
    return Ranked(
        formatting.code(mover.code),
        mover.name,
        mover.change,
        mover.old_shares,
        mover.new_shares,
        known(mover.old_percent),
        known(mover.new_percent),
        tuple(str(event.kind) for event in mover.adjusted_for),
    )


def _stake(stake: Stake) -> OnOneList:
    return OnOneList(
        formatting.code(stake.code),
        stake.name,
        stake.shares,
        known(stake.percent),
        stake.first_seen,
        stake.last_seen,
    )


def _mechanical(event: AdjustmentEvent) -> Mechanical:
    other = event.other_code
    return Mechanical(
        str(event.kind),
        formatting.code(event.code),
        None if other is None else formatting.code(other),
        event.day,
        event.last_day,
        None if event.factor is None else str(event.factor),
        event.certainty,
        None if event.alternative is None else str(event.alternative),
        tuple(map(str, event.witnesses)),
        phrases.adjustment(event),
    )
