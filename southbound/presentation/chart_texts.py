"""What a chart shows, for those who do not see it: its result in a sentence, and its figures as texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from southbound.market.daily_holdings import Floats
from southbound.market.metrics import PERCENT, POINTS, SHARES, Metric
from southbound.market.ranking import Mover
from southbound.market.reconciliation import Reconciled
from southbound.presentation import formatting, phrases
from southbound.presentation.messages import gettext, ngettext

NAMED = 3
"""Movers that a chart's text names; all are in its table."""

Columns = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Figures:
    """One stock over the sessions that a trend shows.

    Attributes:
        name: in English.
        shares, percents, prices, worth: (T,); NaN where not known.
        before: the shares of the session before the first; NaN if there is none.
    """

    code: int
    name: str
    days: Sequence[date]
    shares: Floats
    percents: Floats
    prices: Floats
    worth: Floats
    before: float = float("nan")

    @property
    def label(self) -> str:
        """Its code, and its name in the reader's language."""
        return formatting.stock(self.code, self.name)


def movers(title: str, metric: Metric, ranked: Sequence[Mover]) -> str:
    """`Largest rises over 5 days, % change of the holding. 03986 GIGADEVICE: +90.32%; … And 7 more.`."""
    told = [
        gettext(
            "{stock}: {change}",
            stock=formatting.stock(mover.code, formatting.short_name(mover.name)),
            change=formatting.change(metric, mover.change),
        )
        for mover in ranked[:NAMED]
    ]
    left = len(ranked) - NAMED
    return formatting.paragraph(
        (
            gettext("{title}, {metric}.", title=title, metric=gettext(metric.label)),
            gettext("{stocks}.", stocks=gettext("; ").join(told)),
            ngettext("And 1 more.", "And {count} more.", left) if left > 0 else "",
        )
    )


def movers_table(metric: Metric, ranked: Sequence[Mover]) -> Columns:
    """Rank within rises or falls, holdings and stakes before and now, what a change is adjusted for."""
    ranks: dict[bool, int] = {True: 0, False: 0}
    columns: Columns = {
        name: []
        for name in (
            gettext("Rank"),
            gettext("Code"),
            gettext("Name"),
            gettext("Before"),
            gettext("Now"),
            gettext("Change"),
            gettext("Reason"),
        )
    }
    for mover in ranked:
        ranks[mover.change > 0] += 1
        cells = (
            str(ranks[mover.change > 0]),
            formatting.code(mover.code),
            mover.name,
            _figures(mover.old_shares, mover.old_percent),
            _figures(mover.new_shares, mover.new_percent),
            formatting.change(metric, mover.change),
            phrases.adjusted(mover),
        )
        for column, cell in zip(columns.values(), cells, strict=True):
            column.append(cell)
    return columns


def trend(lines: Sequence[Figures]) -> str:
    """From which holding and stake to which each stock went, and when."""
    return formatting.paragraph(map(_course, lines))


def trend_table(line: Figures, notes: Sequence[str]) -> Columns:
    """A session a row, the newest first: holding, its change, stake; close and value where they are known."""
    before = np.concatenate([[line.before], line.shares[:-1]])
    columns: Columns = {
        gettext("Date"): [formatting.day(day) for day in line.days],
        gettext("Shares"): [_count(count) for count in line.shares],
        gettext("Change"): [formatting.change(SHARES, change) for change in line.shares - before],
        gettext("Change in %"): [
            formatting.change(PERCENT, change) for change in _relative(line.shares, before)
        ],
        gettext("Stake"): [formatting.percent(stake) for stake in line.percents],
    }
    if not np.isnan(line.prices).all():
        columns[gettext("Close in HK$")] = [_price(price) for price in line.prices]
        columns[gettext("Value")] = [formatting.money(value) for value in line.worth]
    if any(notes):
        columns[gettext("Note")] = list(notes)
    return {name: texts[::-1] for name, texts in columns.items()}


def compared_table(lines: Sequence[Figures]) -> Columns:
    """A stock a row: holding and stake on the first and the last session that it has one on; the change."""
    columns: Columns = {
        name: []
        for name in (
            gettext("Code"),
            gettext("Name"),
            gettext("Before"),
            gettext("Now"),
            gettext("Change in %"),
            gettext("Change in % points"),
        )
    }
    for line in lines:
        first, last = _ends(line.shares)
        old, new = (_figures(line.shares[at], line.percents[at]) for at in (first, last))
        moved = float(_relative(line.shares[last], line.shares[first]))
        cells = (
            formatting.code(line.code),
            line.name,
            old,
            new,
            formatting.change(PERCENT, moved),
            formatting.change(POINTS, line.percents[last] - line.percents[first]),
        )
        for column, cell in zip(columns.values(), cells, strict=True):
            column.append(cell)
    return columns


def reconciliation(dates: Sequence[Reconciled]) -> str:
    """What the newest of some dates has."""
    newest = dates[-1]
    return formatting.paragraph(
        (
            ngettext("Net buying on 1 date.", "Net buying on {count} dates.", len(dates)),
            gettext(
                "{day}: ours {ours}, official {official}, gap {gap}.",
                day=formatting.day(newest.day),
                ours=formatting.net_buying(newest.ours),
                official=formatting.net_buying(newest.official),
                gap=formatting.net_buying(newest.gap),
            ),
        )
    )


def _course(line: Figures) -> str:
    if np.isnan(line.shares).all():
        return gettext("{stock}: on no list of these sessions.", stock=line.label)
    first, last = _ends(line.shares)
    return gettext(
        "{stock}, {period}: from {old} to {new}, {change}.",
        stock=line.label,
        period=formatting.span(line.days[first], line.days[last]),
        old=_held(line.shares[first], line.percents[first]),
        new=_held(line.shares[last], line.percents[last]),
        change=formatting.change(PERCENT, float(_relative(line.shares[last], line.shares[first]))),
    )


def _relative(now: npt.ArrayLike, before: npt.ArrayLike) -> Floats:
    """In percent; NaN where there was nothing."""
    was = np.asarray(before, dtype=np.float64)
    return (np.asarray(now, dtype=np.float64) / np.where(was > 0, was, np.nan) - 1) * 100


def _ends(values: Floats) -> tuple[int, int]:
    """The places of the first and the last known figure; of all, if none is known."""
    known = np.flatnonzero(~np.isnan(values))
    return (int(known[0]), int(known[-1])) if known.size else (0, len(values) - 1)


def _held(count: float, percent: float) -> str:
    return gettext("{shares} shares ({percent})", shares=_count(count), percent=formatting.percent(percent))


def _figures(count: float, percent: float) -> str:
    return gettext("{shares} ({percent})", shares=_count(count), percent=formatting.percent(percent))


def _count(count: float) -> str:
    return formatting.NONE if np.isnan(count) else formatting.shares(count)


def _price(price: float) -> str:
    return formatting.NONE if np.isnan(price) else f"{price:,.2f}"
