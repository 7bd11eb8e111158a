"""All stocks of a day with every figure that they are screened by, and the rows that are asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from southbound.common.language import local_name
from southbound.market.changes import Changes
from southbound.market.crossings import comparable_stakes, crossed
from southbound.market.daily_holdings import Bools, Floats, Ints
from southbound.market.day_in_money import Money
from southbound.market.history import History
from southbound.market.kinds import StockKinds
from southbound.market.metrics import METRICS
from southbound.market.signals import Signals
from southbound.presentation import stock_names
from southbound.presentation.conditions import CROSSINGS, SIZES, Condition, Sort
from southbound.presentation.screen_columns import KINDS, change_key, screen_columns


@dataclass(frozen=True, slots=True, eq=False)
class Screen:
    """The S stocks on the list of a day, in the order of their codes.

    Attributes:
        day: a stored day.
        codes: of the stocks.
        names: likewise.
        chinese: empty where it is not known.
        figures: by the keys of `screen_columns`, (S,) each; NaN where there is none. What is known of no
            stock is missing.
        stakes: by window, those of the older date and of the day, comparable: (S,) and (S,) percent. None
            stands for two dates of the reader's own choice.
        sparks: D x S shares of the last days, in the shares of the day.
    """

    day: date
    codes: Ints
    names: tuple[str, ...]
    chinese: tuple[str, ...]
    figures: Mapping[str, Floats]
    stakes: Mapping[int | None, tuple[Floats, Floats]]
    sparks: Floats

    def figure(self, key: str) -> Floats:
        """One column; NaN throughout where nothing is known."""
        return self.figures[key] if key in self.figures else np.full(len(self.codes), np.nan)

    def rows(self, conditions: Sequence[Condition], sort: Sort, among: Bools | None = None) -> Ints:
        """The positions of the stocks that meet all conditions, in the order that is asked for.

        Stocks without a figure meet no condition on it, and stand last. Equal ones stand in the order of
        their codes. Names are those of the reader's language.

        Args:
            conditions: all of them count.
            sort: the order.
            among: (S,) the stocks to choose from; None for all.
        """
        kept = np.ones(len(self.codes), dtype=np.bool_) if among is None else among.copy()
        for condition in conditions:
            kept &= self._meets(condition)
        rows = np.flatnonzero(kept)
        return rows[self._order(rows, sort)]

    def _meets(self, condition: Condition) -> Bools:
        if condition.key in CROSSINGS:
            word, window = CROSSINGS[condition.key]
            if window not in self.stakes:
                return np.zeros(len(self.codes), dtype=np.bool_)
            ways = crossed(*self.stakes[window], condition.low)
            crossing: Bools = {"cross": ways != 0, "up": ways > 0, "down": ways < 0}[word]
            return crossing
        key = condition.key
        values = np.abs(self.figure(SIZES[key].of)) if key in SIZES else self.figure(key)
        meets: Bools = (values >= condition.low) & (values <= condition.high)
        return meets

    def _order(self, rows: Ints, sort: Sort) -> Ints:
        if sort.key == "name":
            named = zip(self.codes.tolist(), self.names, strict=True)
            order = [stock_names.order(local_name(code, name)) for code, name in named]
            places = np.argsort(np.argsort(np.array(order, dtype=object)[rows], kind="stable"))
            values = places.astype(np.float64)
        else:
            values = (self.codes if sort.key == "code" else self.figure(sort.key))[rows].astype(np.float64)
        # NaN stays last whichever way.
        return np.argsort(-values if sort.falling else values, kind="stable")


def screen(  # noqa: PLR0913 - what it is made of
    history: History,
    signals: Signals,
    compared: Mapping[int | None, Changes],
    sparks: Floats,
    *,
    kinds: StockKinds,
    chinese: Mapping[int, str],
    money: Money | None = None,
) -> Screen:
    """The stocks of the day that the signals are of.

    Args:
        history: all days.
        signals: of the day.
        compared: the day against earlier ones, by window; None for two dates of the reader's own choice.
        sparks: D x C shares of the last days, of all C codes of `history`.
        kinds: what each code is.
        chinese: the Chinese names that are known.
        money: of the day, if anything is known of it.
    """
    row, columns = history.row(signals.day), history.columns(signals.codes)
    codes = signals.codes.tolist()
    names = tuple(history.names[code] for code in codes)
    figures = {
        "stake": history.percents[row, columns],
        "shares": history.shares[row, columns],
        "streak": signals.streaks.astype(np.float64),
        "z": signals.z_scores,
        "high": signals.highs.astype(np.float64),
        "low": signals.lows.astype(np.float64),
        "crossed": signals.crossings.astype(np.float64),
        "kind": np.array(
            [KINDS.index(kinds.of(code, name)) for code, name in zip(codes, names, strict=True)],
            dtype=np.float64,
        ),
        "first": _first_seen(history, columns),
        "added": _added(signals.codes, compared),
    }
    stakes: dict[int | None, tuple[Floats, Floats]] = {}
    for window, changes in compared.items():
        for metric in METRICS.values():
            comparable = np.where(changes.suspect, np.nan, metric.change(changes))
            figures[change_key(metric, window)] = _aligned(comparable, changes, signals.codes)
        old, new = (_aligned(each, changes, signals.codes) for each in comparable_stakes(changes))
        stakes[window] = old, new
    if money is not None:
        figures["value"] = money.valuation.values[columns]
        if money.bought is not None:
            figures["bought"] = money.bought.money[-1, columns]
        if money.short is not None:
            figures |= {"short": money.short.percents[columns], "cover": money.short.days_to_cover[columns]}
    known = {
        key: figures[key] for key in screen_columns() if key in figures and not np.isnan(figures[key]).all()
    }
    return Screen(
        signals.day,
        signals.codes,
        names,
        tuple(chinese.get(code, "") for code in codes),
        known,
        stakes,
        sparks[:, columns],
    )


def _aligned(values: Floats, changes: Changes, codes: Ints) -> Floats:
    """What stands in the order of `Changes.codes` in the order of `codes`; NaN for those that are new."""
    aligned = np.full(len(codes), np.nan)
    listed = np.isin(changes.codes, codes)
    aligned[np.searchsorted(codes, changes.codes[listed])] = values[listed]
    return aligned


def _first_seen(history: History, columns: Ints) -> Floats:
    """The day number of the first stored date with each code on the list."""
    first = (~np.isnan(history.shares[:, columns])).argmax(axis=0) if len(columns) else np.empty(0, np.int64)
    return np.array([history.dates[row].toordinal() for row in first.tolist()], dtype=np.float64)


def _added(codes: Ints, compared: Mapping[int | None, Changes]) -> Floats:
    """The shortest window over which each stock was added."""
    added = np.full(len(codes), np.nan)
    for window in sorted((each for each in compared if each is not None), reverse=True):
        came = [stake.code for stake in compared[window].added]
        added[np.isin(codes, came)] = window
    return added
