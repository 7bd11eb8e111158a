"""Days made up of what is archived beside the holdings."""

from datetime import date
from typing import Any

from southbound.archive.figure_kinds import BESIDE
from southbound.archive.kinds import Kind
from southbound.market.daily_prices import DailyPrices, Quote, TradingState
from southbound.market.official_turnover import ActiveStock, Channel, ChannelTurnover, OfficialTurnover
from southbound.market.short_positions import ShortPosition, ShortPositions
from southbound.store.market_figures import FigureKind

PRICES, TURNOVER, SHORT_POSITIONS = BESIDE


def prices(day: date, shares: int = 10) -> DailyPrices:
    """One that was traded, one that was not, and one of which nothing is known."""
    traded = Quote(700, "", "HKD", TradingState.TRADED, close=441.4, shares_traded=shares, turnover=4_414)
    idle = Quote(5, "", "HKD", TradingState.NOT_TRADED, close=99.05)
    return DailyPrices.of(day, [traded, idle, Quote(7, "", "HKD", TradingState.SUSPENDED)])


def turnover(day: date, buy: int = 9) -> OfficialTurnover:
    """A channel with two active stocks, not in the order of their codes, and one that is shut."""
    active = (ActiveStock(9988, "ALIBABA", buy, 3), ActiveStock(700, "騰訊", 5, 2))
    shanghai = ChannelTurnover(Channel.SHANGHAI, 43_220_650_000.5, 41_218_870_000.0, active)
    return OfficialTurnover.of(day, [ChannelTurnover(Channel.SHENZHEN, None, None), shanghai])


def short_positions(day: date, shares: int = 14_169_933) -> ShortPositions:
    """One with a position, one without one that is reported, and one that is blank."""
    positions = [
        ShortPosition(1, "CKH", shares, 562_546_340),
        ShortPosition(2, "CLP", 0, 0),
        ShortPosition(3, "GAS", None, None),
    ]
    return ShortPositions.of(day, positions)


MADE_UP: tuple[tuple[Kind[Any], FigureKind[Any], Any], ...] = (
    (*PRICES, prices),
    (*TURNOVER, turnover),
    (*SHORT_POSITIONS, short_positions),
)
"""Each kind, what it is in the store, and what makes a day of it; a second argument makes other figures."""
