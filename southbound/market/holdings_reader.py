"""What is asked of whoever holds the days: a store, an archive, or a dictionary in a test. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from southbound.common.errors import DamagedDay
from southbound.market.daily_holdings import DailyHoldings

BEGINNING = "0-0"
"""The position before anything was restated."""


@dataclass(frozen=True, slots=True)
class StoreChanges:
    """What became of the days, as seen at one moment.

    Attributes:
        version: how often they were written, and what is stored beside them.
        dates: the stored ones, oldest first.
        restated: the dates restated since the position that was asked from, one entry for each time.
        position: to ask from the next time.
        vanished: the days that were stored and are gone, as far as that was noticed.
        beside: how many of those writes were of what is stored beside them.
    """

    version: int
    dates: tuple[date, ...]
    restated: tuple[date, ...] = ()
    position: str = BEGINNING
    vanished: tuple[date, ...] = ()
    beside: int = 0


class HoldingsReader(Protocol):
    """The stored days, for those who compute from them. Each method raises StoreError if they are away."""

    def version(self) -> int:
        """Differs from what it was if any day was written since."""
        ...

    def dates(self) -> list[date]:
        """The stored dates, oldest first."""
        ...

    def get_many(self, days: Iterable[date]) -> tuple[list[DailyHoldings], list[DamagedDay]]:
        """The stored ones among `days` in their order, and those that cannot be read."""
        ...

    def changes_since(self, position: str) -> StoreChanges:
        """What became of the days since a `StoreChanges.position`, or since `BEGINNING`."""
        ...
