"""Finds the events of a whole history, and of what was added to it.

Rows are gone through in their order, and each may correct what the rows before it were taken for: the
temporary counter comes a session after the odd base, a late base weeks after the holding was multiplied.
"""

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from southbound.market.adjustments import issued_shares
from southbound.market.adjustments.counter_events import CounterEvents
from southbound.market.adjustments.event_log import BASE_AFTER, BASE_BEFORE, EventLog, still_open
from southbound.market.adjustments.events import AdjustmentEvent
from southbound.market.adjustments.stock_events import StockEvents
from southbound.market.history import History


def adjustment_events(
    history: History,
    earlier: Sequence[AdjustmentEvent] = (),
    first_row: int = 1,
) -> tuple[AdjustmentEvent, ...]:
    """What happened without being bought or sold, by day; each stored day is held against those before.

    Args:
        history: all days.
        earlier: what this gave for the same days up to `first_row`: only what the later ones add is looked
            for. If it knows of later ones (they are restated), what these may have touched is again.
        first_row: where the figures are new.
    """
    first_row = max(1, first_row)
    if len(history.dates) <= first_row:
        return tuple(earlier)
    tail = still_open(history, earlier, first_row)
    lasting = [event for event in earlier[:tail] if event.line is not None]
    if any(event.last_day >= history.dates[first_row] for event in (*lasting, *earlier[tail:])):
        first_row = _unaffected(history, earlier, first_row)
        earlier = [event for event in earlier if event.last_day < history.dates[first_row]]
    log = EventLog(history, earlier, first_row)
    counters, stocks = CounterEvents(log), StockEvents(log)
    odd = {row: (columns, rebased) for row, columns, rebased in issued_shares.odd_figures(history, first_row)}
    listed = ~np.isnan(history.shares[first_row - 1 :])
    changed = set((np.flatnonzero((listed[1:] != listed[:-1]).any(axis=1)) + first_row).tolist())
    for row in range(first_row, len(history.dates)):
        concerned = counters.take(row) if row in changed or row == 1 else set()
        columns, rebased = odd.get(row, ((), ()))
        stocks.take(row, dict(zip(map(int, columns), map(bool, rebased), strict=True)), concerned)
        stocks.settle(row)
    return log.events()


def _unaffected(history: History, earlier: Sequence[AdjustmentEvent], first_row: int) -> int:
    """The last row that no event spans, and that rows from `first_row` on cannot have corrected."""
    row = max(1, first_row - BASE_AFTER - BASE_BEFORE - 1)
    while row > 1:
        day = history.dates[row]
        spanning = [event.day for event in earlier if event.day < day <= event.last_day]
        if not spanning:
            return row
        row = max(1, bisect_left(history.dates, min(spanning)))
    return row
