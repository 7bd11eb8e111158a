"""What is found out from the figures of a version, once for all pages that ask."""

import threading
from bisect import bisect_left
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from cachetools import LRUCache, cached

from southbound.common.language import Language, spoken
from southbound.market import trading_calendar
from southbound.market.adjustments.code_aliases import Events, by_code, code_on
from southbound.market.adjustments.events import AdjustmentEvent
from southbound.market.adjustments.ex_dates import LOOKED_BACK
from southbound.market.adjustments.restatement import restated
from southbound.market.changes import Changes
from southbound.market.comparison import compare
from southbound.market.daily_holdings import Ints
from southbound.market.day_in_money import RECONCILED_DATES, Money, money
from southbound.market.divergence import Divergence, divergences, price_changes
from southbound.market.indicators import EXTREME_WINDOWS
from southbound.market.kinds import KindChoice, StockKinds
from southbound.market.metrics import Metric
from southbound.market.signals import Signals, signals
from southbound.market.valuation import OLDEST_CLOSE, Valuation, valuation
from southbound.market.windows import WINDOWS, Pair, pair
from southbound.presentation import formatting, phrases, stock_names, time_axis
from southbound.presentation.messages import gettext
from southbound.presentation.screen_columns import screen_columns
from southbound.queries.figures import Figures
from southbound.queries.screen import Screen, screen
from southbound.queries.sheet import Sheet, sheet
from southbound.queries.stock_money import net_buying_by_day
from southbound.queries.stock_search import StockSearch
from southbound.queries.stock_table import StockTable, stock_table
from southbound.queries.trend import Trend, trend
from southbound.queries.watchlist import WatchedStock, watched

SPARK_DAYS = 30
"""Stored days that a sparkline has."""

MOST_REMEMBERED = 64
"""Answers. Readers who wander through ten years must not fill the memory."""

T = TypeVar("T")


class MarketView:
    """The figures of a version, and whatever was asked of them, computed once.

    All pages ask the same at the same moment when a day is published: one computes, the others wait for it.
    Nobody waits for what is known already.
    """

    def __init__(self, figures: Figures, chinese: Mapping[int, str], kinds: StockKinds | None = None) -> None:
        self.figures = figures
        self.history = figures.history
        self.companions = figures.companions
        self.chinese = chinese
        self.kinds = kinds or StockKinds()
        self._remembered = cached(LRUCache(MOST_REMEMBERED), key=_question, condition=threading.Condition())(
            _answer
        )
        self._days = [event.day for event in figures.events]
        self._lasting = [event for event in figures.events if event.line is not None or len(event.parts) > 1]

    @cached_property
    def events_of(self) -> Events:
        """The events of each code."""
        return by_code(self.figures.events)

    def shown_day(self, chosen: date | None) -> date:
        """The stored date that a page shows: the chosen one, or the newest."""
        return chosen or self.history.dates[-1]

    def changes(self, dates: Pair) -> Changes:
        """Two stored days side by side."""
        return self.once(("changes", dates), lambda: self._changes(dates))

    def changes_of(self, dates: Pair, kind: KindChoice) -> Changes:
        """The same of some kinds of securities alone."""
        return self.once(("changes", dates, kind), lambda: self.kinds.only(kind, self.changes(dates)))

    def money(self, day: date) -> Money:
        """A stored day in HK$."""
        first = self.history.dates[max(0, self.history.row(day) - RECONCILED_DATES)]
        since = trading_calendar.before(first, OLDEST_CLOSE + LOOKED_BACK)
        return self.once(
            ("money", day), lambda: money(self.history, day, self._events_since(since), self.companions)
        )

    def valuation(self, day: date) -> Valuation:
        """What the holdings of a stored day are worth."""
        events = self._events_since(trading_calendar.before(day, OLDEST_CLOSE + LOOKED_BACK))
        return valuation(self.history, self.history.row(day), events, self.companions.prices)

    def short_of(self, day: date, column: int) -> str:
        """What is reported as sold short of a stock, in words; empty if nothing is."""
        if not self.companions.short:
            return ""
        interest = self.money(day).short
        return "" if interest is None else phrases.short(interest, column)

    def divergences(self, dates: Pair) -> tuple[Divergence, ...]:
        """The stocks that were bought while their price fell, or sold while it rose."""
        return self.once(("divergences", dates), lambda: self._divergences(dates))

    def signals(self, day: date) -> Signals:
        """The signals of a stored day."""
        first = self.history.dates[max(0, self.history.row(day) - max(EXTREME_WINDOWS))]
        return self.once(("signals", day), lambda: signals(self.history, day, self._events_since(first)))

    def code_on(self, day: date, code: int, listed: Ints) -> int | None:
        """The code that a stock has among those of a stored day; None if it has none of them."""
        return code_on(day, code, self.events_of, frozenset(listed.tolist()))

    def trend(self, codes: tuple[int, ...]) -> Trend:
        """The trend of stocks that were on the list once."""
        return self.once(
            ("trend", codes), lambda: trend(self.history, self.events_of, codes, self.companions.prices)
        )

    def net_buying(self, code: int) -> Mapping[date, float]:
        """What was bought of a stock that was on the list once, in HK$ by day."""
        return self.once(
            ("net buying", code),
            lambda: net_buying_by_day(self.history, self.events_of, code, self.companions.prices),
        )

    def pairs(self, day: date) -> list[Pair]:
        """A stored day with the one before it by each window, as far as there is one."""
        found = (pair(self.history.dates, day, window) for window in WINDOWS)
        return [each for each in found if each is not None]

    def screen(self, day: date, chosen: Pair | None) -> Screen:
        """All stocks of a stored day with all that they can be screened by."""
        free = chosen if chosen is not None and chosen.window is None and chosen.new == day else None
        return self.once(("screen", day, free), lambda: self._screen(day, free))

    def sheet(
        self,
        day: date,
        chosen: Pair | None,
        places: Ints | None = None,
        keys: Sequence[str] | None = None,
        asked: str = "",
    ) -> Sheet:
        """Some stocks of a stored day with some figures, for a file; all with all, unless it is said."""
        found = self.screen(day, chosen)
        free = [chosen] if chosen is not None and chosen.window is None and chosen.new == day else []
        return sheet(
            day,
            found,
            [*self.pairs(day), *free],
            places=np.arange(len(found.codes)) if places is None else places,
            keys=list(screen_columns()) if keys is None else keys,
            asked=asked or gettext("all on the list"),
            money=self._known_money(day),
        )

    def stock_table(self, day: date, metric: Metric, chosen: Pair | None) -> StockTable:
        """All stocks of a stored day; with the changes over each window, and between the chosen dates."""
        return self.once(("listing", day, metric, chosen), lambda: self._stock_table(day, metric, chosen))

    def watched(self, codes: Sequence[int], table: StockTable) -> tuple[WatchedStock | None, ...]:
        """A line for each stock that is followed; None for one that is not on the list of the table's day."""
        listed_as = {code: self.code_on(table.day, code, table.codes) for code in codes}
        return watched(codes, listed_as, table)

    @cached_property
    def search(self) -> StockSearch:
        """What stocks are found by."""
        return StockSearch(self.history.names, self.chinese)

    def names(self, language: Language) -> Mapping[int, str]:
        """The stocks' names in a language, by code, as far as they are known; none in English."""
        return self.once(("names", language), lambda: stock_names.of(language, self.chinese))

    def labels(self) -> Mapping[int, str]:
        """Each stock as it is searched for: code, and name in English and Chinese, the reader's own first."""
        return self.worded("labels", self._labels)

    def days(self) -> dict[str, str]:
        """Each stored date as it is chosen, and as it is read; the newest first."""
        return self.worded(
            "days", lambda: {day.isoformat(): time_axis.name(day) for day in reversed(self.history.dates)}
        )

    def _changes(self, dates: Pair) -> Changes:
        # A split just before the older one is still in the prices of trades that settle after it.
        since = trading_calendar.before(dates.old, LOOKED_BACK)
        return compare(self.history, dates, self._events_since(since), self.companions.prices)

    def _divergences(self, dates: Pair) -> tuple[Divergence, ...]:
        events = self._events_since(trading_calendar.before(dates.old, LOOKED_BACK))
        priced = price_changes(self.history, dates, events, self.companions.prices)
        return divergences(self.changes(dates), self.history, priced)

    def _screen(self, day: date, chosen: Pair | None) -> Screen:
        row = self.history.row(day)
        first = max(0, row + 1 - SPARK_DAYS)
        figures = restated(self.history, range(first, row + 1), self._events_since(self.history.dates[first]))
        return screen(
            self.history,
            self.signals(day),
            {
                dates.window: self.changes(dates)
                for dates in (*self.pairs(day), *([chosen] if chosen else ()))
            },
            figures.shares,
            kinds=self.kinds,
            chinese=self.chinese,
            money=self._known_money(day),
        )

    def _known_money(self, day: date) -> Money | None:
        return self.money(day) if self.companions.prices.dates or self.companions.short else None

    def _stock_table(self, day: date, metric: Metric, chosen: Pair | None) -> StockTable:
        pairs = self.pairs(day)
        if chosen is not None and chosen.window is None and chosen.new == day:
            pairs.append(chosen)
        compared = [self.changes(dates) for dates in pairs]
        return stock_table(self.history, day, self.signals(day).codes, compared, metric)

    def _labels(self) -> Mapping[int, str]:
        chinese = self.names(spoken()) or self.chinese
        labels = {}
        for code in sorted(self.history.names):
            named = formatting.short_name(self.history.names[code]), chinese.get(code)
            inner = reversed(named) if spoken().is_chinese else named
            labels[code] = " ".join(filter(None, (formatting.code(code), *inner)))
        return labels

    def _events_since(self, day: date) -> list[AdjustmentEvent]:
        """All that two days from `day` on are adjusted for: some began before, and codes go back further."""
        earlier = [event for event in self._lasting if event.day < day]
        return [*earlier, *self.figures.events[bisect_left(self._days, day) :]]

    def once(self, question: Hashable, answer: Callable[[], T]) -> T:
        """What an answer gave when the question was first asked."""
        remembered: T = self._remembered(question, answer)
        return remembered

    def worded(self, question: Hashable, answer: Callable[[], T]) -> T:
        """The same of what has words in it: once in each language."""
        return self.once((spoken(), question), answer)


def _question(question: Hashable, _: object) -> Hashable:
    return question


def _answer(_: Hashable, answer: Callable[[], Any]) -> Any:
    return answer()
