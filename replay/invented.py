"""Made-up days after the last recorded one: the same seed gives the same days, asked in any order."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from threading import Lock

import numpy as np

from replay.calendar import is_mainland_shut, sessions_after, settling
from replay.events import Consolidation, Event, NewBase, Split
from replay.figures import Day, Row, chinese_names, recorded_days
from replay.market import Market, opening, traded, with_counter, with_new_bases, without_counter

ADDITIONS, REMOVALS = 0.12, 0.10  # counters in a session; the list grows to some 920 in ten years
MOST_BLANKS = 9
DAYS_AT_HAND = 32
RECORDED_CONSOLIDATION = Consolidation(code=2160, temporary=2918, factor=5, session=-3)  # began on 2026-02-25
# Where no code was recorded; those from 2900 to 2999 are kept for temporary counters.
FREE_CODES = (*range(2400, 2800), *range(6000, 7000), *range(9000, 10000))


class InventedDays:
    """The sessions after 2026-02-27, made when first asked for: 0.2 ms each, and 1 ms for one as a `Day`.

    Args:
        seed: another seed, other days.
        sessions: how many; the first n are the same whatever the number.

    Attributes:
        dates: the shareholding dates.
        events: what happens to single counters, with the session counted from 0.

    Raises:
        ValueError: negative, or more sessions than the calendar has.
    """

    def __init__(self, seed: int = 1, sessions: int = 0) -> None:
        if sessions < 0:
            raise ValueError(f"sessions: got {sessions}, want 0 or more")
        recorded = tuple(recorded_days().values())
        self.dates = sessions_after(recorded[-1].date, sessions)
        self._seed = seed
        self._place = {day: place for place, day in enumerate(self.dates)}
        self._names = {row.code: row.name for day in recorded for row in day.rows}
        self._markets: list[Market] = []
        self._opening = opening(recorded)
        self._growing = Lock()
        self._made = lru_cache(maxsize=DAYS_AT_HAND)(self._make)
        rng = np.random.default_rng(seed)
        self.split, self.consolidation, self.new_base = _planned(self._opening, rng)
        planned = (self.split, self.consolidation, self.new_base)
        self.events: tuple[Event, ...] = (*planned, RECORDED_CONSOLIDATION)
        self._spoken_for = frozenset().union(*(event.codes for event in self.events))
        self._newcomers = [int(code) for code in rng.permutation(FREE_CODES) if code not in self._names]

    def __contains__(self, day: object) -> bool:
        return day in self._place

    def __iter__(self) -> Iterator[date]:
        return iter(self.dates)

    def __len__(self) -> int:
        return len(self.dates)

    def __getitem__(self, day: date) -> Day:
        """Raises KeyError for a date that is none of `dates`."""
        return self._made(self._place[day])

    def name(self, code: int) -> str:
        """The counter's English name."""
        original = self.consolidation.code if code == self.consolidation.temporary else code
        return self._names.get(original, f"INVENTED COMPANY {code:05} LIMITED")

    def chinese_name(self, code: int) -> str | None:
        """The counter's Chinese name, None if nobody recorded one."""
        original = self.consolidation.code if code == self.consolidation.temporary else code
        return chinese_names().get(original) if original in self._names else f"虛構公司{code:05}"

    def _make(self, place: int) -> Day:
        market = self._market(place)
        rng = np.random.default_rng([self._seed, place, MOST_BLANKS])
        blank = np.isnan(market.issued)
        blank[rng.choice(blank.size, rng.integers(1, MOST_BLANKS), replace=False)] = True
        blank &= ~np.isin(market.codes, list(self._spoken_for))  # an event is there to be seen
        percents = 100 * market.shares / market.issued
        order = np.argsort(market.codes)
        columns = zip(
            market.codes[order].tolist(),
            market.shares[order].tolist(),
            percents[order].tolist(),
            blank[order].tolist(),
            strict=True,
        )
        rows = (
            Row(code, self.name(code), shares, "" if empty else f"{percent:.2f}")
            for code, shares, percent, empty in columns
        )
        return Day(self.dates[place], tuple(rows))

    def _market(self, place: int) -> Market:
        with self._growing:
            while len(self._markets) <= place:
                before = self._markets[-1] if self._markets else self._opening
                self._markets.append(self._next(before, len(self._markets)))
            return self._markets[place]

    def _next(self, market: Market, session: int) -> Market:
        rng = np.random.default_rng([self._seed, session])
        acting = [event for event in self.events if event.acts_in(session)]
        quiet = frozenset().union(*(event.codes for event in acting))
        for trade_date in settling()[self.dates[session]]:
            if not is_mainland_shut(trade_date):
                market = traded(market, rng, quiet)
        market = self._churned(with_new_bases(market, rng, quiet), rng)
        for event in acting:
            market = event.applied(market, session)
        return market

    def _churned(self, market: Market, rng: np.random.Generator) -> Market:
        """Counters leave the list and come to it, with a first stake of a few lots."""
        if rng.random() < REMOVALS:
            code = int(rng.choice(market.codes))
            market = market if code in self._spoken_for else without_counter(market, code)
        if rng.random() < ADDITIONS:
            present = frozenset(market.codes.tolist())
            code = next(code for code in self._newcomers if code not in present)
            usual = rng.uniform(1e6, 3e7)
            first, issued = 100 * int(rng.integers(2, 50)), usual * rng.uniform(5, 100)
            market = with_counter(market, code, first, issued, usual)
        return market


def _planned(market: Market, rng: np.random.Generator) -> tuple[Split, Consolidation, NewBase]:
    """Events for three counters whose stakes are large enough to show in two decimals what happens."""
    percent = 100 * market.shares / market.issued
    clear = (percent > 2) & (percent < 30) & (market.shares > 10_000_000)
    clear &= ~np.isin(market.codes, list(RECORDED_CONSOLIDATION.codes))
    split, consolidated, updated = (int(code) for code in rng.choice(market.codes[clear], 3, replace=False))
    return (
        Split(split, factor=5, session=4),
        Consolidation(consolidated, temporary=2931, factor=10, session=7),
        NewBase(updated, factor=1.25, session=2),
    )
