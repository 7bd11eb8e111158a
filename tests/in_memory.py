"""Stored days without a store: what an archive could offer to those who compute from them."""

from collections.abc import Iterable, Mapping
from datetime import date

from southbound.common.errors import DamagedDay
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.holdings_reader import StoreChanges


class HoldingsInMemory:
    """A `HoldingsReader` of days that nobody changes."""

    def __init__(self, days: Mapping[date, DailyHoldings]) -> None:
        self._days = days

    def version(self) -> int:
        return len(self._days)

    def dates(self) -> list[date]:
        return sorted(self._days)

    def get_many(self, days: Iterable[date]) -> tuple[list[DailyHoldings], list[DamagedDay]]:
        return [self._days[day] for day in days if day in self._days], []

    def changes_since(self, position: str) -> StoreChanges:
        return StoreChanges(self.version(), tuple(self.dates()), position=position)
