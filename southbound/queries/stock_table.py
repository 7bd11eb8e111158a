"""All stocks of one day's list, with what they changed by over each window."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from southbound.market.changes import Changes
from southbound.market.daily_holdings import Floats, Ints
from southbound.market.history import History
from southbound.market.metrics import Metric
from southbound.market.windows import Pair
from southbound.presentation import formatting
from southbound.presentation.messages import gettext


@dataclass(frozen=True, slots=True, eq=False)
class StockTable:
    """The S stocks on the list of a day, in the order of their codes; each column has S entries.

    Attributes:
        metric: what the changes are in.
        shares, percents: held, and their part of the issued shares; NaN where blank.
        changes: by the two dates compared, the change of each; NaN where there is none, or none that is
            known.
    """

    day: date
    metric: Metric
    codes: Ints
    names: tuple[str, ...]
    shares: Floats
    percents: Floats
    changes: Mapping[Pair, Floats]


def heading(pair: Pair) -> str:
    """`5 days`, or the older one of any two dates."""
    return gettext("since {day}", day=pair.old) if pair.window is None else formatting.window(pair.window)


def stock_table(
    history: History, day: date, codes: Ints, compared: Sequence[Changes], metric: Metric
) -> StockTable:
    """The list of a day.

    Args:
        history: all days.
        day: one of them.
        codes: of its stocks.
        compared: the day against earlier ones.
        metric: what the changes are in.
    """
    row, columns = history.row(day), history.columns(codes)
    return StockTable(
        day=day,
        metric=metric,
        codes=codes,
        names=tuple(history.names[code] for code in codes.tolist()),
        shares=history.shares[row, columns],
        percents=history.percents[row, columns],
        changes={changes.pair: _aligned(changes, metric, codes) for changes in compared},
    )


def _aligned(changes: Changes, metric: Metric, codes: Ints) -> Floats:
    """The changes in the order of `codes`; NaN for those that the older list lacks, and where suspect."""
    values = np.full(len(codes), np.nan)
    listed = np.isin(changes.codes, codes)
    comparable = np.where(changes.suspect, np.nan, metric.change(changes))
    values[np.searchsorted(codes, changes.codes[listed])] = comparable[listed]
    return values
