"""What the exchange says was traded southbound on one trade date, and what must be true of it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from southbound.common.errors import BadTurnover
from southbound.common.remark import remark
from southbound.common.text import one_line
from southbound.market.daily_holdings import MOST_SHARES
from southbound.market.stored_figures import (
    column,
    day_and_members,
    figures_text,
    reading_figures,
)

MOST_ACTIVE = 10
"""Stocks that the exchange names for each channel."""


class Channel(StrEnum):
    """Through which mainland exchange it was traded."""

    SHANGHAI = "SSE"
    SHENZHEN = "SZSE"


class ActiveStock(NamedTuple):
    """One of a channel's ten most active stocks; in the other channel it may have been traded too.

    Attributes:
        code: stock code.
        name: in one line.
        buy: whole HK$.
        sell: whole HK$.
    """

    code: int
    name: str
    buy: int
    sell: int


@dataclass(frozen=True, slots=True)
class ChannelTurnover:
    """One channel's day.

    Attributes:
        channel: which one.
        buy: HK$ that were paid; None where the channel was shut, which is no 0.
        sell: HK$ that were received; None just where `buy` is.
        most_active: most traded first; none where the channel was shut.
    """

    channel: Channel
    buy: float | None
    sell: float | None
    most_active: tuple[ActiveStock, ...] = ()


@dataclass(frozen=True, slots=True)
class OfficialTurnover:
    """Southbound trading of one trade date, by the exchange.

    Attributes:
        day: the trade date.
        channels: both, Shanghai first.
    """

    day: date
    channels: tuple[ChannelTurnover, ...]

    @classmethod
    def of(cls, day: date, channels: Iterable[ChannelTurnover]) -> "OfficialTurnover":
        """Check and sort the channels of a day.

        Raises:
            BadTurnover: naming what cannot be true.
        """
        ordered = tuple(sorted(channels, key=lambda each: each.channel))
        if tuple(each.channel for each in ordered) != tuple(Channel):
            raise BadTurnover(remark("want each of {channels} once", channels=", ".join(Channel)))
        for each in ordered:
            if problem := _problem(each):
                raise BadTurnover(
                    remark("{channel} southbound: {problem}", channel=each.channel, problem=problem)
                )
        return cls(day, ordered)

    @property
    def buy(self) -> float | None:
        """HK$ bought in the channels that were open; None where neither was."""
        return _sum(each.buy for each in self.channels)

    @property
    def sell(self) -> float | None:
        """HK$ sold in the channels that were open; None where neither was."""
        return _sum(each.sell for each in self.channels)

    @property
    def net(self) -> float | None:
        """HK$ bought less those sold; None where neither channel was open."""
        return None if self.buy is None or self.sell is None else self.buy - self.sell

    def to_json(self, source: str, read_at: datetime) -> str:
        """The day as it is stored, with where it was read and when (the Redis contract)."""
        channels = [
            {
                "channel": each.channel,
                "buy": each.buy,
                "sell": each.sell,
                "most_active": [stock._asdict() for stock in each.most_active],
            }
            for each in self.channels
        ]
        return figures_text(self.day, source, read_at, {"channels": channels})

    @classmethod
    def from_json(cls, text: str | bytes) -> "OfficialTurnover":
        """Read a stored day.

        Raises:
            DamagedFigures: the text is not what `to_json` writes.
        """
        with reading_figures():
            day, members = day_and_members(text)
            return cls.of(day, map(_channel, column(members, "channels", frozenset({dict}))))


def _sum(amounts: Iterable[float | None]) -> float | None:
    of_open = [amount for amount in amounts if amount is not None]
    return sum(of_open) if of_open else None


def _problem(turnover: ChannelTurnover) -> str:
    """What cannot be true of a channel's day; empty if nothing."""
    buy, sell = turnover.buy, turnover.sell
    if (buy is None) != (sell is None):
        return remark("bought without sold, or sold without bought")
    if buy is None or sell is None:
        return remark("it was shut, and has most active stocks") if turnover.most_active else ""
    if not (0 <= buy <= MOST_SHARES and 0 <= sell <= MOST_SHARES):
        return remark("want from 0 to HK$ {most} bought and sold", most=f"{MOST_SHARES:,}")
    return _problem_of_stocks(turnover.most_active, buy, sell)


def _problem_of_stocks(stocks: tuple[ActiveStock, ...], buy: float, sell: float) -> str:
    """What cannot be true of a channel's most active stocks; empty if nothing."""
    if len(stocks) > MOST_ACTIVE:
        return remark(
            "got {count} most active stocks, want at most {most}", count=len(stocks), most=MOST_ACTIVE
        )
    if len({stock.code for stock in stocks}) < len(stocks):
        return remark("a stock stands twice among the most active")
    for stock in stocks:
        if stock.code < 1 or stock.buy < 0 or stock.sell < 0 or stock.buy + stock.sell == 0:
            return remark("stock {code}: want a positive code and what was bought and sold", code=stock.code)
    if sum(stock.buy for stock in stocks) > buy or sum(stock.sell for stock in stocks) > sell:
        return remark("the most active stocks were traded for more than all together")
    return ""


def _channel(stored: dict[str, Any]) -> ChannelTurnover:
    if stored.get("channel") not in tuple(Channel):
        raise ValueError(f"channel: want one of {', '.join(Channel)}")
    buy, sell = (_amount(stored, name) for name in ("buy", "sell"))
    stocks = column(stored, "most_active", frozenset({dict}))
    return ChannelTurnover(Channel(stored["channel"]), buy, sell, tuple(map(_active, stocks)))


def _amount(stored: dict[str, Any], name: str) -> float | None:
    amount = stored.get(name, "")
    if type(amount) not in {int, float, type(None)}:
        raise ValueError(f"{name}: got {type(amount).__name__}, want a number or null")
    return None if amount is None else float(amount)


def _active(stored: dict[str, Any]) -> ActiveStock:
    code, name, buy, sell = (stored.get(field) for field in ActiveStock._fields)
    if not (type(code) is type(buy) is type(sell) is int and isinstance(name, str)):
        raise ValueError("most_active: want code, name, buy and sell")
    return ActiveStock(code, one_line(name), buy, sell)
