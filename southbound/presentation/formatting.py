"""How figures are written and coloured, alike on the page and in the mail."""

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime

from southbound.market.daily_holdings import WHOLE
from southbound.market.metrics import MONEY, Metric
from southbound.market.settlement import Trades
from southbound.market.trading_calendar import HONG_KONG
from southbound.market.windows import Pair

RISE, FALL = "#1a8f5c", "#d0453e"
"""Readable on white and on near-black, and apart for most colour-blind readers by their lightness."""

_COUNTER = re.compile(r"\s*-\s*[A-Z]{3} (?:TRADED (?:SHARES|UNITS)|COUNTER)\s*$")

MINUS, NONE = "\N{MINUS SIGN}", "\N{EN DASH}"


def code(number: int) -> str:
    """As exchanges and brokers write a stock code: `00700`."""
    return f"{number:05d}"


def short_name(name: str) -> str:
    """A name without what the page puts behind it to tell counters apart: `TENCENT HOLDINGS LIMITED`.

    For labels. A stock's code says which counter it is; tables and what is hovered have the name in full.
    """
    return _COUNTER.sub("", name) or name


def day(shareholding_date: date) -> str:
    """`Fri 13 Feb 2026`."""
    return f"{shareholding_date:%a} {shareholding_date.day} {shareholding_date:%b %Y}"


def moment(when: datetime) -> str:
    """`13 Feb 18:05 HKT`."""
    local = when.astimezone(HONG_KONG)
    return f"{local.day} {local:%b %H:%M} HKT"


def shares(count: float) -> str:
    """In full, with thousands commas."""
    return f"{count:,.0f}"


def shares_in_short(count: float) -> str:
    """Three or four digits and a unit: `105.5M`."""
    size = abs(count)
    for unit, divisor in (("B", 1e9), ("M", 1e6), ("K", 1e3)):
        # 999,950 would round to 1000.0K.
        if size >= divisor * 0.99995:
            return f"{count / divisor:.2f}{unit}" if size < 10 * divisor else f"{count / divisor:.1f}{unit}"
    return f"{count:.0f}"


def percent(value: float) -> str:
    """A stake as the page writes it; a blank is a visible dash, and one above the whole is called suspect."""
    if math.isnan(value):
        return NONE
    return f"{value:,.2f}% (suspect)" if value > WHOLE else f"{value:.2f}%"


def change(metric: Metric, value: float) -> str:
    """A change with its sign and unit; a dash where there is none to tell."""
    if math.isnan(value):
        return NONE
    sign = "+" if value > 0 else MINUS if value < 0 else "±"
    size = abs(value)
    figure = f"{size:,.{metric.decimals}f}" if metric.decimals else shares_in_short(size)
    return f"{sign}{metric.prefix}{figure}{metric.suffix}"


def money(value: float) -> str:
    """HK$ in short, as a size: `HK$6.52T`; a dash where it is not known."""
    if math.isnan(value):
        return NONE
    return f"HK${value / 1e12:.2f}T" if value >= 1e12 else f"HK${shares_in_short(value)}"


def net_buying(value: float) -> str:
    """HK$ in short, with the sign: `+HK$2.58B`; a dash where it is not known."""
    return change(MONEY, value)


def window(count: int | None) -> str:
    """A number of sessions: `1 day`, `5 days`; None is any two dates."""
    if count is None:
        return "the chosen period"
    return "1 day" if count == 1 else f"{count} days"


def compared(pair: Pair) -> str:
    """Which two dates were compared, and if not the ones asked for, why."""
    text = f"{day(pair.new)} against {day(pair.old)}"
    if not pair.exact:
        text += f" (the session {window(pair.window)} before is not stored)"
    return text


def trades(shown: Trades, written: Callable[[date], str] = day) -> str:
    """Which sessions' trades make a difference: `trades of …`, of one, of two or of a range; or `no trades`.

    Args:
        shown: of a shareholding date, or of two that are compared.
        written: how a date is written.
    """
    why = why_no_trades(shown, written)
    if not shown.sessions:
        return f"no trades ({why})" if why else "no trades"
    text = f"trades of {dates(shown.sessions, written)}"
    return f"{text} ({_shut(shown.shut, written)})" if shown.shut else text


def why_no_trades(shown: Trades, written: Callable[[date], str] = day) -> str:
    """What was the case where there are no trades; empty if there are some, or if the cause is not known."""
    if shown.sessions:
        return ""
    if shown.shut:
        return _shut(shown.shut, written)
    return "a half-day: nothing settled" if shown.half_day else ""


def _shut(days: Sequence[date], written: Callable[[date], str]) -> str:
    # From the first to the last would tell of what is between them too.
    named = dates(days, written) if len(days) <= 2 else f"{len(days)} sessions"
    return f"southbound trading was shut on {named}"


def dates(days: Sequence[date], written: Callable[[date], str] = day) -> str:
    """One, two, or the first and the last of several."""
    if len(days) == 1:
        return written(days[0])
    return f"{written(days[0])} {'and' if len(days) == 2 else 'to'} {written(days[-1])}"
