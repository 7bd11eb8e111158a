"""What was bought of one stock, in HK$, on each of its days."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise

import numpy as np

from southbound.market.adjustments.code_aliases import Events, all_of, codes_of
from southbound.market.adjustments.events import AdjustmentEvent, Kind
from southbound.market.adjustments.restatement import restated
from southbound.market.daily_holdings import WHOLE
from southbound.market.history import History
from southbound.market.net_buying import net_buying
from southbound.market.price_history import PriceHistory


def net_buying_by_day(
    history: History, events: Events, code: int, prices: PriceHistory
) -> Mapping[date, float]:
    """The net buying of a stock since the stored date before, under whichever code it is listed.

    Each day is computed in its own shares, as the page of that day does: in those of a later day, what a
    consolidation rounds down would be missing.

    Args:
        history: all days.
        events: the adjustment events of each code.
        code: that is on a list of `history`.
        prices: all that are known.

    Returns:
        HK$ by day, without those of which nothing is known, or nobody can tell whether somebody traded.
    """
    if not prices.dates:
        return {}
    connected = codes_of(code, events)
    part, own = history.of_stocks(connected), all_of(events, connected)
    found: dict[date, float] = {}
    suspects = [event for event in own if event.kind is Kind.SUSPECT]
    columns = [column for each in connected if (column := part.column(each)) is not None]
    for rows in _alike(part, own):
        figures, bought = restated(part, rows, own), net_buying(part, rows, own, prices)
        above = figures.percents > WHOLE
        for at, row in enumerate(rows[1:]):
            listed = next((column for column in columns if not np.isnan(part.shares[row, column])), None)
            if listed is None:
                continue
            column = figures.columns.get(part.codes[listed].item(), listed)
            money = bought.money[at, column].item()
            is_suspect = above[at : at + 2, column].any() or any(
                figures.column(part, event.code) == column and event.within(*part.dates[row - 1 : row + 1])
                for event in suspects
            )
            if not (np.isnan(money) or is_suspect):
                found[part.dates[row]] = money
    return found


def _alike(part: History, events: list[AdjustmentEvent]) -> Iterator[range]:
    """Rows with the one before them, on which a share is the same share."""
    count = len(part.dates)
    turned = {event.multiplied for event in events if event.multiplied is not None}
    firsts = {1, *(row for row in (bisect_left(part.dates, day) for day in turned) if 1 < row < count)}
    for first, end in pairwise([*sorted(firsts), count]):
        if first < end:
            yield range(first - 1, end)
