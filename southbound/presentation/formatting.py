"""How figures are written and coloured, alike on the page and in the mail."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from itertools import pairwise

from babel.dates import format_date

from southbound.common.language import Language, local_name, spoken
from southbound.market.daily_holdings import WHOLE
from southbound.market.metrics import MONEY, Metric
from southbound.market.settlement import Trades
from southbound.market.trading_calendar import HONG_KONG
from southbound.market.windows import Pair
from southbound.presentation.messages import FOLDERS, gettext, ngettext, pgettext

RISE, FALL = "#15804f", "#c93a33"
"""Readable on white and on near-black, and apart for most colour-blind readers by their lightness."""

_COUNTER = re.compile(r"\s*-\s*[A-Z]{3} (?:TRADED (?:SHARES|UNITS)|COUNTER)\s*$")


def red_is_up() -> bool:
    """Whether rises are red, as East Asian readers expect it, where the reader has not said otherwise."""
    return spoken().is_chinese


def colour(change: float) -> str:
    """Of a rise or a fall, as the reader of what is written now expects it."""
    return side(rises=change > 0, red_up=red_is_up())


def side(*, rises: bool, red_up: bool) -> str:
    """The colour of a rise or a fall."""
    return RISE if rises is not red_up else FALL


MINUS, NONE = "\N{MINUS SIGN}", "\N{EN DASH}"


def code(number: int) -> str:
    """As exchanges and brokers write a stock code: `00700`."""
    return f"{number:05d}"


def stock(number: int, name: str) -> str:
    """A code and its name: `00700 TENCENT HOLDINGS LIMITED`; the code alone where no name is known."""
    return f"{code(number)} {local_name(number, name)}".rstrip()


def short_name(name: str) -> str:
    """A name without what the page puts behind it to tell counters apart: `TENCENT HOLDINGS LIMITED`.

    For labels. A stock's code says which counter it is; tables and what is hovered have the name in full.
    """
    return _COUNTER.sub("", name) or name


def day(shareholding_date: date) -> str:
    """`Fri 13 Feb 2026`, `2026年2月13日（週五）`."""
    if spoken() is Language.ENGLISH:
        return f"{shareholding_date:%a} {shareholding_date.day} {shareholding_date:%b %Y}"
    return format_date(shareholding_date, "y年M月d日（EEE）", locale=FOLDERS[spoken()])


def span(first: date, last: date) -> str:
    """From one day to another."""
    return gettext("{first} to {last}", first=day(first), last=day(last))


def moment(when: datetime) -> str:
    """`13 Feb 18:05 HKT`, `2月13日 18:05（香港時間）`."""
    local = when.astimezone(HONG_KONG)
    if spoken() is Language.ENGLISH:
        return f"{local.day} {local:%b %H:%M} HKT"
    return gettext("{moment} HKT", moment=f"{local.month}月{local.day}日 {local:%H:%M}")


def listed(parts: Iterable[str]) -> str:
    """Several things in one line, with the language's comma between them."""
    return gettext(", ").join(parts)


def parts(told: Iterable[str]) -> str:
    """Parts of a sentence behind one another. Chinese has another comma between them than between words."""
    return pgettext("between parts of a sentence", ", ").join(told)


def clauses(parts: Iterable[str]) -> str:
    """Several things in one line, each of which may have commas of its own."""
    return gettext("; ").join(parts)


def joined(parts: Iterable[str]) -> str:
    """One thing and another."""
    return gettext(" and ").join(parts)


def held(count: float, stake: float) -> str:
    """A holding: `125,000 shares, 1.25%`."""
    return gettext("{shares} shares, {percent}", shares=shares(count), percent=percent(stake))


def paragraph(sentences: Iterable[str]) -> str:
    """Sentences behind one another; empty ones are left out. Chinese has no space between them."""
    return ("" if spoken().is_chinese else " ").join(sentence for sentence in sentences if sentence)


def shares(count: float) -> str:
    """In full, with thousands commas."""
    return f"{count:,.0f}"


def shares_in_short(count: float) -> str:
    """Three or four digits and a unit: `105.5M`, `1.06億`, `9516萬`."""
    unit, divisor = counted_in(count)
    if not unit:
        return f"{count:.0f}"
    units = abs(count) / divisor
    decimals = 2 if units < 10 else 1 if units < 1000 or not spoken().is_chinese else 0
    return f"{count / divisor:.{decimals}f}{unit}"


def in_one_unit(counts: Sequence[float]) -> list[str]:
    """Figures of an axis, all in the unit of the largest, with the decimals that tell one from the next."""
    unit, size = counted_in(max(map(abs, counts), default=0.0))
    steps = [abs(after - before) / size for before, after in pairwise(counts)]
    decimals = max(0, -math.floor(math.log10(min(steps)) + 1e-9)) if steps and min(steps) > 0 else 0
    return [f"{count / size:,.{decimals}f}{unit if count else ''}" for count in counts]


def counted_in(count: float) -> tuple[str, float]:
    """The unit of a figure in short, and how many it is: `M` and 1e6, `億` and 1e8; nothing and 1 for few."""
    # 999,950 would round to 1000.0K.
    units = ((unit, size) for unit, size in _UNITS[spoken()] if abs(count) >= size * 0.99995)
    return next(units, ("", 1.0))


_UNITS = {
    Language.ENGLISH: (("B", 1e9), ("M", 1e6), ("K", 1e3)),
    Language.TRADITIONAL: (("萬億", 1e12), ("億", 1e8), ("萬", 1e4)),
    Language.SIMPLIFIED: (("万亿", 1e12), ("亿", 1e8), ("万", 1e4)),
}


def percent(value: float) -> str:
    """A stake as the page writes it; a blank is a visible dash, and one above the whole is called suspect."""
    if math.isnan(value):
        return NONE
    if value > WHOLE:
        return gettext("{percent} (suspect)", percent=f"{value:,.2f}%")
    return f"{value:.2f}%"


def change(metric: Metric, value: float) -> str:
    """A change with its sign and unit; a dash where there is none to tell."""
    if math.isnan(value):
        return NONE
    sign = "+" if value > 0 else MINUS if value < 0 else "±"
    size = abs(value)
    figure = f"{size:,.{metric.decimals}f}" if metric.decimals else shares_in_short(size)
    return f"{sign}{_with_unit(metric, figure)}"


def money(value: float) -> str:
    """HK$ in short, as a size: `HK$6.52T`, `6.52萬億港元`; a dash where it is not known."""
    if math.isnan(value):
        return NONE
    trillions = value >= 1e12 and not spoken().is_chinese
    figure = f"{value / 1e12:.2f}T" if trillions else shares_in_short(value)
    return _with_unit(MONEY, figure)


def net_buying(value: float) -> str:
    """HK$ in short, with the sign: `+HK$2.58B`; a dash where it is not known."""
    return change(MONEY, value)


def _with_unit(metric: Metric, figure: str) -> str:
    written = f"{metric.prefix}{{figure}}{metric.suffix}"
    return gettext(written, figure=figure)


def window(count: int | None) -> str:
    """A number of sessions: `1 day`, `5 days`; None is any two dates."""
    return gettext("the chosen period") if count is None else ngettext("1 day", "{count} days", count)


def compared(pair: Pair) -> str:
    """Which two dates were compared, and if not the ones asked for, why."""
    days = {"new": day(pair.new), "old": day(pair.old)}
    if pair.exact:
        return gettext("{new} against {old}", **days)
    return gettext(
        "{new} against {old} (the session {window} before is not stored)", **days, window=window(pair.window)
    )


def trades(shown: Trades, written: Callable[[date], str] = day) -> str:
    """Which sessions' trades make a difference: `trades of …`, of one, of two or of a range; or `no trades`.

    Args:
        shown: of a shareholding date, or of two that are compared.
        written: how a date is written.
    """
    why = why_no_trades(shown, written)
    if not shown.sessions:
        return gettext("no trades ({why})", why=why) if why else gettext("no trades")
    days = dates(shown.sessions, written)
    if shown.shut:
        return gettext("trades of {days} ({why})", days=days, why=_shut(shown.shut, written))
    return gettext("trades of {days}", days=days)


def why_no_trades(shown: Trades, written: Callable[[date], str] = day) -> str:
    """What was the case where there are no trades; empty if there are some, or if the cause is not known."""
    if shown.sessions:
        return ""
    if shown.shut:
        return _shut(shown.shut, written)
    return gettext("a half-day: nothing settled") if shown.half_day else ""


def _shut(days: Sequence[date], written: Callable[[date], str]) -> str:
    # From the first to the last would tell of what is between them too.
    if len(days) > 2:
        return ngettext(
            "southbound trading was shut on {count} session",
            "southbound trading was shut on {count} sessions",
            len(days),
        )
    return gettext("southbound trading was shut on {days}", days=dates(days, written))


def dates(days: Sequence[date], written: Callable[[date], str] = day) -> str:
    """One, two, or the first and the last of several."""
    first, last = written(days[0]), written(days[-1])
    if len(days) == 1:
        return first
    if len(days) == 2:
        return gettext("{first} and {last}", first=first, last=last)
    return gettext("{first} to {last}", first=first, last=last)
