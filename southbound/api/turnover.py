"""`/turnover`: a date in HK$, beside what the exchange says of the trading days that it shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from southbound.api.answer import OFFICIAL, PRICED, Answer, Date, common, known
from southbound.market.settlement import trades_shown
from southbound.presentation import formatting
from southbound.queries.market_view import MarketView


@dataclass(frozen=True, slots=True)
class TradingDay:
    """One trading day, both channels together; null where both were shut, or nothing is stored of it.

    Attributes:
        is_shown: whether the holdings of the date show its trades.
        source, read_at: where and when its figures were read.
    """

    date: Date
    is_shown: bool
    buy: float | None
    sell: float | None
    net: float | None
    source: str | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChannelDay:
    """One channel of one trading day; null where it was shut, which is no 0."""

    date: Date
    channel: str
    buy: float | None
    sell: float | None
    net: float | None


@dataclass(frozen=True, slots=True)
class ActiveStock:
    """One of a channel's ten most active stocks: what was traded of it through that channel alone."""

    date: Date
    channel: str
    rank: int
    code: str
    name: str
    buy: int
    sell: int
    net: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Turnover(Answer):
    """What was bought, in HK$.

    Attributes:
        against: the stored date before; null for the first.
        trade_dates: whose trades `date` shows and `against` does not.
        buy, sell, net: by the exchange, of all of these together; null if one of them is not known.
        ours: net buying of all stocks by their holdings; null if none of them has a price.
        gap: ours - net.
        funds: what is of exchange-traded funds in `ours`: their units are also made and redeemed.
        unpriced: stocks that moved, and have no price.
        left_out: stocks that are suspect, or came on the list or left it.
        shown: the trading days of `trade_dates`.
        on_its_way: later trading days, which no holding shows yet; together `net_on_its_way`.
        channels, most_active: of all of these days.
    """

    date: Date
    against: Date | None
    trade_dates: tuple[Date, ...]
    buy: float | None
    sell: float | None
    net: float | None
    ours: float | None
    gap: float | None
    funds: float | None
    unpriced: int | None
    left_out: int | None
    shown: tuple[TradingDay, ...]
    on_its_way: tuple[TradingDay, ...]
    net_on_its_way: float | None
    channels: tuple[ChannelDay, ...]
    most_active: tuple[ActiveStock, ...]


def turnover(market_view: MarketView, day: Date, *, is_current: bool) -> Turnover:
    """A stored date against the one before it."""
    money, companions = market_view.money(day), market_view.companions
    newest = money.newest
    sessions = (trades_shown(day) if newest is None else newest.trades).sessions
    later = tuple(session for session, _ in money.on_the_way)
    shown = tuple(_trading_day(market_view, session, is_shown=True) for session in sessions)
    return Turnover(
        **common(
            market_view,
            *([OFFICIAL] if companions.official else []),
            *([PRICED] if companions.prices.dates else []),
            is_current=is_current,
            **dict.fromkeys(("buy", "sell", "net", "net_on_its_way", "ours", "gap", "funds"), "HK$"),
            **dict.fromkeys(("unpriced", "left_out"), "stocks"),
        ),
        date=day,
        against=None if money.bought is None else money.bought.days[-2],
        trade_dates=sessions,
        buy=_together(each.buy for each in shown),
        sell=_together(each.sell for each in shown),
        net=None if newest is None else known(newest.official),
        ours=None if newest is None else known(newest.ours),
        gap=None if newest is None else known(newest.gap),
        funds=None if newest is None or known(newest.ours) is None else newest.funds,
        unpriced=None if newest is None else newest.unpriced,
        left_out=None if newest is None else newest.left_out,
        shown=shown,
        on_its_way=tuple(_trading_day(market_view, session, is_shown=False) for session in later),
        net_on_its_way=_together(net for _, net in money.on_the_way),
        channels=_channels(market_view, (*sessions, *later)),
        most_active=_most_active(market_view, (*sessions, *later)),
    )


def _trading_day(market_view: MarketView, session: Date, *, is_shown: bool) -> TradingDay:
    official = market_view.companions.official.get(session)
    if official is None:
        return TradingDay(session, is_shown, None, None, None, None, None)
    origin = market_view.figures.beside.turnover.get(session)
    source, read_at = (None, None) if origin is None else (origin.source, origin.read_at)
    return TradingDay(session, is_shown, official.buy, official.sell, official.net, source, read_at)


def _channels(market_view: MarketView, sessions: Iterable[Date]) -> tuple[ChannelDay, ...]:
    found = market_view.companions.official
    return tuple(
        ChannelDay(
            session,
            str(each.channel),
            each.buy,
            each.sell,
            None if each.buy is None or each.sell is None else each.buy - each.sell,
        )
        for session in sessions
        if session in found
        for each in found[session].channels
    )


def _most_active(market_view: MarketView, sessions: Iterable[Date]) -> tuple[ActiveStock, ...]:
    found = market_view.companions.official
    return tuple(
        ActiveStock(
            session,
            str(each.channel),
            rank,
            formatting.code(stock.code),
            stock.name,
            stock.buy,
            stock.sell,
            stock.buy - stock.sell,
        )
        for session in sessions
        if session in found
        for each in found[session].channels
        for rank, stock in enumerate(each.most_active, start=1)
    )


def _together(amounts: Iterable[float | None]) -> float | None:
    """Their sum; none of no amounts, or if one is not known."""
    listed = list(amounts)
    return None if not listed or None in listed else sum(amount for amount in listed if amount is not None)
