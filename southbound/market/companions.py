"""What is published beside the holdings, as far as it is known: prices, turnover, short positions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from southbound.market.official_turnover import OfficialTurnover
from southbound.market.price_history import PriceHistory
from southbound.market.short_positions import ShortPositions


@dataclass(frozen=True, slots=True, eq=False)
class Companions:
    """Nothing of it is needed for the holdings; each may be missing, and each for any day.

    Attributes:
        prices: of trading days.
        official: what was traded through the southbound channels, by trading day.
        short: what was reported to the SFC, by the day as of which it is.
    """

    prices: PriceHistory = field(default_factory=PriceHistory.of)
    official: Mapping[date, OfficialTurnover] = field(default_factory=lambda: MappingProxyType({}))
    short: Mapping[date, ShortPositions] = field(default_factory=lambda: MappingProxyType({}))

    def official_net(self) -> Mapping[date, float]:
        """HK$ that were bought net through both channels, by trading day; not where both were shut."""
        return {day: each.net for day, each in self.official.items() if each.net is not None}

    def short_as_of(self, day: date) -> ShortPositions | None:
        """The newest short positions up to a date."""
        known = max((known for known in self.short if known <= day), default=None)
        return None if known is None else self.short[known]
