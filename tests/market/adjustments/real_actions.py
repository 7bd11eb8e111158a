"""Real corporate actions as the page showed them, from the recorded file."""

import csv
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cache

from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from tests.conftest import ROOT

Row = tuple[int, str, int, float | None]
"""Code, name, shares, percent."""

FILE = ROOT / "replay" / "data" / "corporate_actions.csv"
BESIDE: Row = (700, "TENCENT HOLDINGS LIMITED", 9_000_000, 10.0)


@cache
def recorded_actions() -> dict[str, dict[date, list[Row]]]:
    """The rows of each event by date."""
    found: defaultdict[str, defaultdict[date, list[Row]]] = defaultdict(lambda: defaultdict(list))
    with FILE.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            percent = float(row["percent"]) if row["percent"] else None
            figures = (int(row["code"]), row["name"], int(row["shareholding"]), percent)
            found[row["event"]][date.fromisoformat(row["date"])].append(figures)
    return {event: dict(days) for event, days in found.items()}


def without_names(days: dict[date, list[Row]]) -> dict[date, list[Row]]:
    """As a recording without names has them."""
    return {
        day: [(code, f"STOCK {code:05}", shares, percent) for code, _, shares, percent in rows]
        for day, rows in days.items()
    }


def history_of(days: dict[date, list[Row]]) -> History:
    """The days, with another stock beside."""
    return History.of(holdings_of(day, [*rows, BESIDE]) for day, rows in days.items())


def holdings_of(day: date, rows: Iterable[Row]) -> DailyHoldings:
    """One day's list."""
    codes, names, shares, percents = zip(*rows, strict=True)
    return DailyHoldings.of(day, codes, names, shares, percents)
