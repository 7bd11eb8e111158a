"""Prices, official turnover, and net buying of the recorded days, from the files, by no code of the product.

Only Fridays have prices: each trading day is priced at the close of its week. 02160 has one even while it is
traded as 02918.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from itertools import pairwise

import numpy as np

from southbound.market.daily_holdings import Floats, Ints
from southbound.market.daily_prices import DailyPrices, Quote, TradingState
from southbound.market.official_turnover import Channel, ChannelTurnover, OfficialTurnover
from southbound.market.price_history import PriceHistory
from southbound.market.settlement import trades_shown
from southbound.market.short_positions import ShortPosition, ShortPositions
from southbound.market.trading_calendar import HONG_KONG, between
from southbound.store.market_figures import PRICES, SHORT_POSITIONS, TURNOVER, MarketFigures
from tests import by_hand
from tests.conftest import ROOT

MILLION = 1e6


class Closes:
    """A trading day of which the closes alone are known."""

    def __init__(self, day: date, closes: dict[int, float]) -> None:
        self.day = day
        self.codes: Ints = np.array(sorted(closes), dtype=np.int64)
        self.closes: Floats = np.array([closes[code] for code in sorted(closes)], dtype=np.float64)
        self.shares_traded = self.turnovers = np.full(len(closes), np.nan)
        self.states = (TradingState.HALTED,) * len(closes)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (ROOT / "replay" / "data" / name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


@cache
def fridays() -> dict[date, dict[int, float]]:
    """Closes by code of the last session of each week."""
    found: dict[date, dict[int, float]] = {}
    for row in _rows("sfc_short_positions_20260102_20260227.csv"):
        if int(row["short_shares"]):
            close = int(row["short_value_hkd"]) / int(row["short_shares"])
            found.setdefault(date.fromisoformat(row["date"]), {})[int(row["code"])] = close
    return found


def close(session: date, code: int) -> float | None:
    return fridays()[min(day for day in fridays() if day >= session)].get(2160 if code == 2918 else code)


def last_close(day: date, code: int) -> float | None:
    """That of its week, else of the last week before with one."""
    week = min(friday for friday in fridays() if friday >= day)
    known = [close(friday, code) for friday in sorted(fridays()) if friday <= week]
    return next((price for price in reversed(known) if price is not None), None)


@cache
def prices() -> PriceHistory:
    """The same as the product has it."""
    sessions = between(date(2025, 12, 22), date(2026, 2, 27))
    return PriceHistory.of(
        Closes(session, fridays()[min(day for day in fridays() if day >= session)]) for session in sessions
    )


def fill(store: MarketFigures, since: date = date(2025, 12, 22)) -> None:
    """Store the prices, the turnover and the short positions of the recorded days, as the scraper does."""
    read_at = datetime(2026, 2, 27, 20, tzinfo=HONG_KONG)
    for session in between(since, date(2026, 2, 27)):
        of_week = fridays()[min(day for day in fridays() if day >= session)]
        quotes = [
            Quote(code, "N", "HKD", TradingState.HALTED, close=price) for code, price in of_week.items()
        ]
        store.put(PRICES, DailyPrices.of(session, quotes), "recorded", read_at)
    for each in turnover().values():
        store.put(TURNOVER, each, "recorded", read_at)
    for friday, positions in short_positions().items():
        store.put(SHORT_POSITIONS, ShortPositions.of(friday, positions), "recorded", read_at)


@cache
def short_positions() -> dict[date, list[ShortPosition]]:
    found: defaultdict[date, list[ShortPosition]] = defaultdict(list)
    for row in _rows("sfc_short_positions_20260102_20260227.csv"):
        position = ShortPosition(
            int(row["code"]), row["name"], int(row["short_shares"]), int(row["short_value_hkd"])
        )
        found[date.fromisoformat(row["date"])].append(position)
    return dict(found)


def turnover() -> dict[date, OfficialTurnover]:
    """What the exchange says, as the product has it."""
    channels: defaultdict[date, list[ChannelTurnover]] = defaultdict(list)
    for row in _rows("connect_southbound_turnover_20250901_20260227.csv"):
        buy, sell = (float(row[name]) * MILLION for name in ("buy_hkd_mn", "sell_hkd_mn"))
        channel = ChannelTurnover(Channel(row["channel"].upper()), buy, sell)
        channels[date.fromisoformat(row["date"])].append(channel)
    return {day: OfficialTurnover.of(day, both) for day, both in channels.items()}


@cache
def official() -> dict[date, float]:
    """HK$ that were bought net in both channels, by trading day."""
    bought: dict[date, float] = {}
    for row in _rows("connect_southbound_turnover_20250901_20260227.csv"):
        day, net = date.fromisoformat(row["date"]), float(row["buy_hkd_mn"]) - float(row["sell_hkd_mn"])
        bought[day] = bought.get(day, 0.0) + net * MILLION
    return bought


def net_buying(old_day: date, new_day: date) -> dict[int, float | None]:
    """HK$ by code, of the stocks on both lists; None where the price of a change is not known."""
    old, new = by_hand.comparable(old_day, new_day)
    bought: dict[int, float | None] = dict.fromkeys(sorted(old.keys() & new.keys()), 0.0)
    names = {2160: 2918} if old_day < by_hand.CONSOLIDATED <= new_day else {}
    days = [day for day in by_hand.days() if old_day <= day <= new_day]
    for before, day in pairwise(days):
        was, now = by_hand.comparable(before, day)
        shown = trades_shown(day, before).sessions
        for code in was.keys() & now.keys():
            total = bought.get(names.get(code, code))
            change = now[code][0] - was[code][0]
            if total is None or not change:
                continue
            price = close(shown[-1], code) if shown else None
            bought[names.get(code, code)] = None if price is None else total + change * price
    return bought


def largest(old_day: date, new_day: date) -> tuple[list[tuple[int, float]], list[tuple[int, float]]]:
    """Code and HK$ of all that were bought, the most first, and all that were sold, likewise."""
    bought = [(code, money) for code, money in net_buying(old_day, new_day).items() if money]
    rises = sorted(((code, money) for code, money in bought if money > 0), key=lambda m: (-m[1], m[0]))
    return rises, sorted(((code, money) for code, money in bought if money < 0), key=lambda m: (m[1], m[0]))
