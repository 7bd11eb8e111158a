"""What was traded of every stock on each trade date: made up to fit the holdings, and what is recorded.

A holding changes on the second settlement day after the trade. So the net buying of a trade date, in shares,
is the change of the holdings that show it; and a split is in the price from the trade date on whose trades
settle in new shares. On the Fridays that are recorded the closes are those of the regulator's file. All of a
day is made from the seed and the day alone.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from replay.archive import Archive
from replay.calendar import is_mainland_shut, sessions, settling
from replay.events import Consolidation, Split
from replay.recorded_official import implied_closes

FIRST = date(2025, 12, 22)
"""The first trade date with figures: its trades settle before the first recorded list."""
CODES = 100_000
DAYS_AT_HAND = 40
SOUTHBOUND_PART = 0.35
"""Of a stock's turnover."""
TICKS = ((250, 1), (500, 5), (20_000, 10), (50_000, 20), (100_000, 50), (200_000, 100), (500_000, 200))
LARGEST_TICK = 1000

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trading:
    """One stock on one trade date: prices in thousandths of HK$; `net` are shares bought less those sold.

    `bought` and `sold` are whole HK$ southbound, both channels together.
    """

    code: int
    name: str
    previous_close: int
    close: int
    high: int
    low: int
    shares_traded: int
    turnover: int
    net: int
    bought: int
    sold: int

    @property
    def tick(self) -> int:
        """The smallest step of its price."""
        return _tick(self.close)


class TradedDays:
    """The trading of each trade date from 2025-12-22 to the last session with a list."""

    def __init__(self, archive: Archive, seed: int = 1) -> None:
        self._archive = archive
        self._seed = seed
        self._made = lru_cache(maxsize=DAYS_AT_HAND)(self._make)
        self._settles = {traded: day for day, all_traded in settling().items() for traded in all_traded}

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """All trade dates, ascending."""
        last = self._archive.sessions[-1]
        return tuple(day for day in sessions() if FIRST <= day <= last)

    def __getitem__(self, day: date) -> tuple[Trading, ...]:
        """The stocks of the southbound list, by code. Raises KeyError for what is no trade date."""
        if day not in self.dates:
            raise KeyError(day)
        return self._made(day)

    def closes(self, day: date) -> Mapping[int, int]:
        """Of stocks that the list or the regulator's file names, in thousandths of HK$."""
        return {each.code: each.close for each in self[day]}

    def units(self, company: int, day: date) -> float:
        """How many shares of `day` an old share of the company became."""
        factor = 1.0
        for event in self._archive.invented.events:
            if isinstance(event, Split | Consolidation) and event.code == company and self._is_ex(event, day):
                factor *= event.factor if isinstance(event, Split) else 1 / event.factor
        return factor

    def _is_ex(self, event: Split | Consolidation, day: date) -> bool:
        position = self._recorded + event.session
        held = self._archive.sessions
        return position < len(held) and self._settles[day] >= held[position]

    @property
    def _recorded(self) -> int:
        """How many sessions stand before the first one that is made up, from which events count theirs."""
        return len(self._archive.sessions) - len(self._archive.invented)

    def _company(self, code: int) -> int:
        for event in self._archive.invented.events:
            if isinstance(event, Consolidation) and code == event.temporary:
                return event.code
        return code

    def _price(self, code: int, day: date) -> int:
        company = self._company(code)
        recorded = implied_closes().get(day, {}).get(company)
        if recorded:
            return round(recorded * 1000)
        exact = 1000 * np.exp(self._logarithms(day)[company]) / self.units(company, day)
        tick = _tick(exact)
        return max(tick, round(float(exact) / tick) * tick)

    @lru_cache(maxsize=DAYS_AT_HAND)  # noqa: B019 - a site lives as long as its process, or its test
    def _logarithms(self, day: date) -> Floats:
        """Of the prices by code, in old shares."""
        anchors = sorted(self._anchors)
        after = bisect_right(anchors, day)
        early, late = anchors[max(after - 1, 0)], anchors[min(after, len(anchors) - 1)]
        part = (day - early).days / (late - early).days if late > early else 0.0
        return self._wave(day) + (1 - part) * self._anchors[early] + part * self._anchors[late]

    @cached_property
    def _anchors(self) -> dict[date, Floats]:
        """How far the recorded prices are from the made-up ones, by recorded Friday and code."""
        found: dict[date, Floats] = {}
        last = np.zeros(CODES)
        for day, closes in implied_closes().items():
            wave, off = self._wave(day), last.copy()
            for code, close in closes.items():
                off[code] = np.log(close * self.units(code, day)) - wave[code]
            found[day] = last = off
        return found

    def _wave(self, day: date) -> Floats:
        rng = np.random.default_rng([self._seed, 1])
        level, phase, period = (
            rng.normal(1.2, 1.3, CODES),
            rng.uniform(0, 6.3, CODES),
            rng.uniform(20, 90, CODES),
        )
        noise = np.random.default_rng([self._seed, 2, day.toordinal()]).standard_normal(CODES)
        return level + 0.1 * np.sin(phase + day.toordinal() / period) + 0.008 * noise

    def _make(self, day: date) -> tuple[Trading, ...]:
        held = min(self._settles[day], self._archive.sessions[-1])
        rng = np.random.default_rng([self._seed, 3, day.toordinal()])
        usual = np.random.default_rng([self._seed, 4]).normal(16.5, 1.8, CODES)
        before = self.dates[max(self.dates.index(day) - 1, 0)]
        bought = self._bought(day)
        made = []
        for row in self._archive.truth(max(held, self._archive.sessions[0])).rows:
            company = self._company(row.code)
            close = self._price(row.code, day)
            previous = self._price(row.code, before) * self.units(company, before) / self.units(company, day)
            spread, inside, size = rng.uniform(0, 0.03), rng.uniform(0.3, 0.7), rng.normal(0, 0.4)
            tick = _tick(close)
            low, high = (max(tick, round(close * (1 + side) / tick) * tick) for side in (-spread, spread))
            low, high = min(low, close), max(high, close)
            net = bought.get(row.code, 0)
            # An exact multiple of 1,000 shares: their turnover is in whole HK$ at any price.
            shares = max(round(np.exp(usual[company] + size) / close), round(4 * abs(net) / 1000) + 1) * 1000
            average = low + round((high - low) * inside)
            money = net * average // 1000
            gross = max(SOUTHBOUND_PART * shares * average / 1000, abs(money))
            if is_mainland_shut(day):
                gross = 0
            both = round((gross + money) / 2), round((gross - money) / 2)
            made.append(
                Trading(
                    row.code,
                    row.name,
                    round(previous),
                    close,
                    high,
                    low,
                    shares,
                    shares * average // 1000,
                    net,
                    *both,
                )
            )
        return tuple(made)

    def _bought(self, day: date) -> dict[int, int]:
        """Shares that were bought net on a trade date, by the code of its list; of two dates half each."""
        held = self._settles[day]
        position = bisect_right(self._archive.sessions, held) - 1
        if is_mainland_shut(day):
            return {}
        if held > self._archive.sessions[-1]:
            return self._on_its_way(day)
        if position < 1 or self._archive.sessions[position] != held:
            return {}
        earlier = self._archive.sessions[position - 1]
        was = {row.code: row.shares for row in self._archive.truth(earlier).rows}
        turning = {
            code
            for event in self._archive.invented.events
            if event.acts_in(position - self._recorded)
            for code in event.codes
        }
        trade_dates = [each for each in settling()[held] if not is_mainland_shut(each)]
        changed: dict[int, int] = {}
        for row in self._archive.truth(held).rows:
            if row.code in was and row.code not in turning:
                change = row.shares - was[row.code]
                half = change // len(trade_dates)
                changed[row.code] = half if day != trade_dates[-1] else change - half * (len(trade_dates) - 1)
        return changed

    def _on_its_way(self, day: date) -> dict[int, int]:
        """What no list shows yet."""
        rng = np.random.default_rng([self._seed, 5, day.toordinal()])
        rows = self._archive.truth(self._archive.sessions[-1]).rows
        parts = 0.002 * rng.standard_t(4, len(rows))
        return {row.code: round(row.shares * part / 100) * 100 for row, part in zip(rows, parts, strict=True)}


def _tick(price: float) -> int:
    """The smallest step of a price, both in thousandths of HK$."""
    return next((tick for below, tick in TICKS if price < below), LARGEST_TICK)
