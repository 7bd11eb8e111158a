"""The files of the exchange and the regulator for the days of an archive, made when they are asked for."""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from random import Random

from replay.archive import Archive
from replay.calendar import is_mainland_shut, settling
from replay.file_faults import OF_QUOTATIONS, FileFault
from replay.quotations import (
    BOARDS,
    GEM_COUNTERS,
    NAME_WIDTH,
    Quoted,
    most_active,
    price_text,
    quotation_file,
    quoted,
)
from replay.recorded_official import Position, recorded_short_positions, recorded_turnover
from replay.short_positions import short_positions_file
from replay.statistics import CHANNELS, Southbound, statistics_file
from replay.trading import TradedDays, Trading

GEM = range(8000, 9000)
SHANGHAI_PART = 0.55
"""Of what is traded southbound."""
FILES_AT_HAND = 8
SMALL = 2400, 2**20
"""Counters and bytes of a Main Board's file that is quick to make."""


class OfficialFiles:
    """What the three sources show of each day.

    Args:
        archive: the holdings that the figures fit.
        seed: of what is made up.

    Attributes:
        counters, size: how many the Main Board's file has, and about how many bytes. It is a small one unless
            that is changed, before the first is asked for, to `quotations.COUNTERS` and `quotations.SIZE`.
    """

    def __init__(self, archive: Archive, seed: int = 1) -> None:
        self.days = TradedDays(archive, seed)
        self.counters, self.size = SMALL
        self._archive = archive
        self._seed = seed
        self._kept = lru_cache(maxsize=FILES_AT_HAND)(self._quotations)

    def quotations(self, day: date, faults: Collection[FileFault] = (), *, gem: bool = False) -> bytes:
        """The daily quotations of a trade date. Raises KeyError for any other day."""
        self.days[day]
        kinds = frozenset(OF_QUOTATIONS[fault] for fault in faults if fault in OF_QUOTATIONS)
        if kinds:
            return b"".join(quotation_file(day, self._quoted(day, gem=gem), kinds, 0))
        return self._kept(day, self.counters, self.size, gem)

    def _quotations(self, day: date, _counters: int, size: int, gem: bool) -> bytes:  # noqa: FBT001 - a key
        return b"".join(quotation_file(day, self._quoted(day, gem=gem), size=0 if gem else size))

    def _quoted(self, day: date, *, gem: bool) -> Sequence[Quoted]:
        """All counters of a board: the stocks of the list, and others up to their number."""
        ours = {each.code: _quoted(each) for each in self.days[day] if (each.code in GEM) == gem}
        rng = Random(f"{self._seed} {day} {gem}")
        names = {each.code for each in self.days[day]}
        count = GEM_COUNTERS if gem else self.counters
        for currency, codes, part in (("HKD", GEM, 1.0),) if gem else BOARDS:
            chosen = Random(self._seed).sample(codes, min(len(codes), round(part * count)))
            for code in chosen:
                if len(ours) < count and code not in names and (gem or code not in GEM):
                    ours[code] = quoted(rng, code, "", currency)
        return most_active([ours[code] for code in sorted(ours)])

    def statistics(self, day: date, faults: Collection[FileFault] = ()) -> bytes:
        """The daily statistics of a trade date. Raises KeyError for any other day."""
        return statistics_file(day, {channel: self.southbound(day, channel) for channel in CHANNELS}, faults)

    def southbound(self, day: date, channel: str) -> Southbound | None:
        """What a channel traded on a trade date; None if it was shut.

        As recorded, where the holdings that show the trades are recorded too, or none are there yet; else so
        that it fits the made-up holdings. Raises KeyError for any other day.
        """
        stocks = self.days[day]
        if is_mainland_shut(day):
            return None
        part = SHANGHAI_PART if channel == CHANNELS[0] else 1 - SHANGHAI_PART
        made = [
            round(part * sum(getattr(each, side) for each in stocks) / 1e4) for side in ("bought", "sold")
        ]
        recorded = None if self._shown_by_made_up(day) else recorded_turnover().get(day, {}).get(channel)
        buy, sell = recorded or made
        factors = part * 0.99 * buy / made[0], part * 0.99 * sell / made[1]
        most = sorted(stocks, key=lambda each: -(each.bought + each.sold))[:10]
        active = [
            (each.code, each.name, round(each.bought * factors[0]), round(each.sold * factors[1]))
            for each in most
        ]
        return Southbound(buy, sell, sorted(active, key=lambda row: -(row[2] + row[3])))

    def _shown_by_made_up(self, day: date) -> bool:
        return any(day in settling()[held] for held in self._archive.invented)

    def short_positions(
        self, day: date, faults: Collection[FileFault] = (), *, mangled: bool = False
    ) -> bytes:
        """The short positions as of a week's last session. Raises KeyError for any other day."""
        if day not in self.weeks():
            raise KeyError(day)
        return short_positions_file(day, self.positions(day), faults, mangled=mangled)

    def weeks(self) -> tuple[date, ...]:
        """The last sessions of the weeks that have ended, from 2026-01-02 on."""
        dates = [day for day in self.days.dates if day.year > 2025]
        ends = [day for day, after in pairwise(dates) if _week(day) != _week(after)]
        return tuple(ends if dates[-1].weekday() < 4 else [*ends, dates[-1]])

    def positions(self, day: date) -> tuple[Position, ...]:
        """What was sold short as of a day: recorded, or the last recorded shares moved a little."""
        recorded = recorded_short_positions()
        if day in recorded:
            return recorded[day]
        last = list(recorded)[bisect_right(list(recorded), day) - 1]
        closes, before = self.days.closes(day), self.days.closes(last)
        rng = Random(f"{self._seed} {day}")
        made = []
        for code, name, shares, value in recorded[last]:
            # In shares of the day; what the list does not have is worth what it was.
            units = self.days.units(code, day) / self.days.units(code, last)
            now = round(shares * units * (1 + rng.uniform(-0.1, 0.1)))
            price = closes.get(code) if code in before or units != 1 else None
            price = price or (round(1000 * value / shares / units) if shares else 0)
            made.append(Position(code, name, now, round(now * price / 1000)))
        return tuple(made)


def _week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]


def _quoted(traded: Trading) -> Quoted:
    """A stock of the list as the quotations show it."""
    return Quoted(
        traded.code,
        traded.name[:NAME_WIDTH].strip(),
        "HKD",
        previous_close=price_text(traded.previous_close),
        close=price_text(traded.close),
        ask=price_text(traded.close + traded.tick),
        bid=price_text(traded.close),
        high=price_text(traded.high),
        low=price_text(traded.low),
        shares_traded=f"{traded.shares_traded:,}",
        turnover=f"{traded.turnover:,}",
    )
