"""Figures of single stocks in single rows of a history, as detection asks for them."""

import math
from typing import NamedTuple

import numpy as np

from southbound.market.adjustments import counter_names
from southbound.market.adjustments.events import TEMPORARY_CODES, AdjustmentEvent, Leg
from southbound.market.adjustments.issued_shares import BACK_WITHIN, began_on, ratio_of_bases
from southbound.market.history import History

NEW_FOR = 20
"""Sessions for which a stock is new on the list."""

SMALL_STAKE, SMALL_HOLDING = 0.1, 10_000
"""Percent of the issued shares, and shares. Smaller ones are multiplied by ordinary buying."""


class Holding(NamedTuple):
    """What stands under one or two codes of a stock in a row.

    Attributes:
        row: of the history.
        shares: of all codes together; NaN where none is on the list.
        percent: of the issued shares, likewise; NaN where one of them is blank.
        codes: how many codes they are.
    """

    row: int
    shares: float
    percent: float
    codes: int = 1


def holding(history: History, row: int, columns: tuple[int, ...]) -> Holding:
    """Those of `columns` that are on the list, together; NaN shares where none is."""
    if len(columns) == 1:
        return Holding(row, history.shares.item(row, columns[0]), history.percents.item(row, columns[0]))
    listed = [column for column in columns if not np.isnan(history.shares[row, column])]
    if not listed:
        return Holding(row, math.nan, math.nan)
    shares = float(sum(history.shares[row, column] for column in listed))
    percent = float(sum(history.percents[row, column] for column in listed))
    return Holding(row, shares, percent, len(listed))


def last_known(history: History, row: int, columns: tuple[int, ...]) -> Holding | None:
    """The newest holding with a percentage, in a row or before it, in the stock's time on the list there."""
    away = 0
    for at in range(row, -1, -1):
        found = holding(history, at, columns)
        away = away + 1 if math.isnan(found.shares) else 0
        if away > BACK_WITHIN:
            break
        if not math.isnan(found.percent):
            return found
    return None


def bases(old: Holding | None, new: Holding) -> tuple[float, float] | None:
    """The logarithms that the ratio of issued shares lies between, see `ratio_of_bases`; None if unknown."""
    if old is None:
        return None
    return ratio_of_bases(old.shares, old.percent, new.shares, new.percent, max(old.codes, new.codes))


def leg(history: History, old_row: int, new_row: int, columns: tuple[int, ...]) -> Leg:
    """A stock's figures in two rows, under the first of the codes that are its."""
    old, new = holding(history, old_row, columns), holding(history, new_row, columns)
    return Leg(
        int(history.codes[columns[0]]),
        None if math.isnan(old.shares) else int(old.shares),
        None if math.isnan(new.shares) else int(new.shares),
        None if math.isnan(old.percent) else old.percent,
        None if math.isnan(new.percent) else new.percent,
    )


def is_temporary(history: History, row: int, column: int) -> bool:
    """Whether a counter is a temporary one, by its code or by its name."""
    if int(history.codes[column]) in TEMPORARY_CODES:
        return True
    mark = counter_names.parted(history.name_on(row, column))[1]
    return mark in {counter_names.Mark.TEMPORARY, counter_names.Mark.OLD}


def is_loose(history: History, row: int, column: int, stake: float) -> bool:
    """Whether a holding is so small, or so new, that buying multiplies it."""
    held, earlier = history.shares.item(row, column), history.shares.item(max(0, row + 1 - NEW_FOR), column)
    return held < SMALL_HOLDING or not stake >= SMALL_STAKE or math.isnan(earlier)


def run_start(history: History, row: int, column: int, gap: int) -> int | None:
    """The row in which a counter's present time on the list began; None if that is not known.

    It may be off the list for as many sessions as `gap` in between.
    """
    return began_on(np.flatnonzero(~np.isnan(history.shares[: row + 1, column])), gap) or None


def issued(figures: Holding) -> float | None:
    """The number of issued shares; None if it is not known."""
    return figures.shares / figures.percent * 100 if figures.percent > 0 else None


def base_interval(event: AdjustmentEvent) -> tuple[float, float] | None:
    """The logarithms that a new base's ratio lies between; None if a percentage is blank."""
    shown = event.parts[0].legs[0]
    if not (shown.old_shares and shown.new_shares):
        return None
    blank = math.nan
    old_percent = blank if shown.old_percent is None else shown.old_percent
    new_percent = blank if shown.new_percent is None else shown.new_percent
    return ratio_of_bases(shown.old_shares, old_percent, shown.new_shares, new_percent)
