"""All stocks of one day's list, with what they changed by over each window."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from southbound.market.adjustments.events import AdjustmentEvent
from southbound.market.adjustments.restatement import restated
from southbound.market.changes import Changes
from southbound.market.daily_holdings import WHOLE, Floats, Ints
from southbound.market.day_in_money import Money
from southbound.market.history import History
from southbound.market.metrics import Metric
from southbound.market.signals import Signals
from southbound.market.windows import Pair
from southbound.presentation import formatting, phrases
from southbound.presentation.messages import gettext

SPARK_DAYS = 30
"""Stored days that a sparkline has."""


@dataclass(frozen=True, slots=True, eq=False)
class MoneyColumn:
    """A column that there is only where prices or short positions are known.

    Attributes:
        heading: on the page.
        in_files: its heading in a file, with unit and day.
        written: how the page writes a figure, in the words of Streamlit.
        values: (S,); NaN where not known.
    """

    heading: str
    in_files: str
    written: str
    values: Floats


@dataclass(frozen=True, slots=True, eq=False)
class StockTable:
    """The S stocks on the list of a day, in the order of their codes; each column has S entries.

    Attributes:
        metric: what the changes are in.
        chinese: empty where it is not known.
        changes: by the two dates compared, the change of each; NaN where there is none, or none that is
            known.
        streaks: sessions in a row in which the holding rose (positive) or fell.
        sparks: D x S shares of the last days, in the shares of `day`.
        money: what is known in HK$, and of short positions.
    """

    day: date
    metric: Metric
    codes: Ints
    names: tuple[str, ...]
    chinese: tuple[str, ...]
    shares: Floats
    percents: Floats
    changes: Mapping[Pair, Floats]
    streaks: Ints
    sparks: Floats
    money: tuple[MoneyColumn, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What is the matter with a stock's figures; mostly nothing."""
        return tuple(map(phrases.above_whole, self.percents.tolist()))

    def table(self, rows: Ints) -> pa.Table:
        """The stocks at some positions as the browser gets them: blanks are null, stakes in percent."""
        columns: dict[str, pa.Array] = {
            "Code": pa.array(self.codes[rows]),
            "Name": pa.array([self.names[row] for row in rows]),
        }
        if any(self.chinese):
            columns["名稱"] = pa.array([self.chinese[row] for row in rows])
        columns["Shares"] = pa.array(self.shares[rows].astype(np.int64))
        columns["Stake"] = _numbers(self.percents[rows])
        for pair, changes in self.changes.items():
            columns[heading(pair)] = _numbers(changes[rows])
        for column in self.money:
            columns[column.heading] = _numbers(column.values[rows])
        columns["Streak"] = pa.array(self.streaks[rows], mask=self.streaks[rows] == 0)
        if (self.percents > WHOLE).any():
            columns["Note"] = pa.array([self.notes[row] for row in rows])
        columns["Trend"] = _lists(self.sparks[:, rows])
        return pa.table(columns)


def heading(pair: Pair) -> str:
    """`5 days`, or the older one of any two dates."""
    if pair.window is None:
        return gettext("since {day}", day=pair.old)
    return formatting.window(pair.window)


def stock_table(  # noqa: PLR0913 - what a table is made of
    history: History,
    events: Sequence[AdjustmentEvent],
    signals: Signals,
    compared: Sequence[Changes],
    *,
    metric: Metric,
    chinese: Mapping[int, str],
    money: Money | None = None,
) -> StockTable:
    """The list of the day that the signals are of.

    Args:
        history: all days.
        events: the adjustment events of all of `history`.
        signals: of the day.
        compared: the day against earlier ones.
        metric: what the changes are in.
        chinese: the Chinese names that are known.
        money: of the day, if anything is known of it.
    """
    row = history.row(signals.day)
    figures = restated(history, range(max(0, row + 1 - SPARK_DAYS), row + 1), events)
    columns = history.columns(signals.codes)
    return StockTable(
        day=signals.day,
        metric=metric,
        codes=signals.codes,
        names=tuple(history.names[code] for code in signals.codes.tolist()),
        chinese=tuple(chinese.get(code, "") for code in signals.codes.tolist()),
        shares=figures.shares[-1, columns],
        percents=figures.percents[-1, columns],
        changes={changes.pair: _aligned(changes, metric, signals.codes) for changes in compared},
        streaks=signals.streaks,
        sparks=figures.shares[:, columns],
        money=() if money is None else tuple(_money_columns(money, columns)),
    )


def _money_columns(money: Money, columns: Ints) -> Iterator[MoneyColumn]:
    """Those of which at least one figure is known."""
    day = money.day
    found = [
        MoneyColumn(
            "Value",
            f"Value in HK$ at the close of {day} or the last one before",
            "compact",
            money.valuation.values[columns],
        )
    ]
    if money.bought is not None:
        since, bought = money.bought.days[-2], money.bought.money[-1, columns]
        found.append(MoneyColumn("Bought", f"Net buying in HK$ since {since}", "compact", bought))
    if money.short is not None:
        short = money.short
        figures = (
            ("% of issued shares", "%.2f%%", short.percents),
            ("days to cover", "%.1f", short.days_to_cover),
        )
        found += [
            MoneyColumn(
                f"Short, {'%' if written == '%.2f%%' else 'days'}",
                f"Reported short position as of {short.day}, {unit}",
                written,
                values[columns],
            )
            for unit, written, values in figures
        ]
    yield from (column for column in found if not np.isnan(column.values).all())


def _aligned(changes: Changes, metric: Metric, codes: Ints) -> Floats:
    """The changes in the order of `codes`; NaN for those that the older list lacks, and where suspect."""
    values = np.full(len(codes), np.nan)
    listed = np.isin(changes.codes, codes)
    comparable = np.where(changes.suspect, np.nan, metric.change(changes))
    values[np.searchsorted(codes, changes.codes[listed])] = comparable[listed]
    return values


def _numbers(values: Floats) -> pa.Array:
    return pa.array(values, mask=np.isnan(values))


def _lists(sparks: Floats) -> pa.Array:
    """A list of the known figures of each column."""
    known = ~np.isnan(sparks)
    offsets = np.concatenate([[0], np.cumsum(known.sum(axis=0))]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(sparks.T[known.T]))
