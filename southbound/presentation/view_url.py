"""How the page's address writes what the reader chose. A link opens the same view."""

from collections.abc import Iterable, Mapping
from datetime import date

from southbound.common.text import one_line
from southbound.market.metrics import METRICS
from southbound.market.ranking import USUAL_FLOORS, Floors
from southbound.market.trading_calendar import parse_date
from southbound.market.windows import WINDOWS
from southbound.presentation.view_state import (
    ANY_TWO,
    AVERAGES,
    DEFAULT_STOCK,
    LONGEST_TEXT,
    MOST_COMPARED,
    Period,
    Scope,
    Show,
    Tab,
    ViewState,
)

PARAMETERS = (
    *("stock", "window", "metric", "scope", "date", "against", "compare"),
    *("show", "period", "from", "to", "average", "least", "floor", "up", "tab", "find"),
)
"""All that `written` may write."""


def read(address: Mapping[str, str]) -> ViewState:
    """Read an address. What makes no sense in it has its default, but for stock and dates: that is told."""
    usual, asked = ViewState(), _text(address.get("stock", ""))
    stock = _number(asked) if asked else DEFAULT_STOCK
    scope, show = address.get("scope"), address.get("show")
    period, tab = address.get("period"), address.get("tab")
    day, against = _text(address.get("date", "")), _text(address.get("against", ""))
    least, percent = _number(address.get("least", ""), 9), _decimal(address.get("floor", ""))
    return ViewState(
        stock=stock,
        unknown="" if stock is not None else asked,
        compare=tuple(dict.fromkeys(_numbers(address.get("compare", ""))))[:MOST_COMPARED],
        show=Show(show) if show in set(Show) else usual.show,
        period=Period(period) if period in set(Period) else usual.period,
        zoom=_span(address.get("from", ""), address.get("to", "")),
        averages=tuple(n for n in AVERAGES if n in _numbers(address.get("average", ""))),
        window=_window(address.get("window", "")),
        day=parse_date(day),
        against=parse_date(against),
        asked_day="" if parse_date(day) else day,
        asked_against="" if parse_date(against) else against,
        metric=METRICS.get(address.get("metric", ""), usual.metric),
        scope=Scope(scope) if scope in set(Scope) else usual.scope,
        floors=Floors(
            USUAL_FLOORS.shares if least is None else least,
            USUAL_FLOORS.percent if percent is None else percent,
        ),
        red_up=address.get("up") == "red",
        tab=Tab(tab) if tab in set(Tab) else usual.tab,
        find=_text(address.get("find", "")),
    )


def written(view: ViewState) -> dict[str, str]:
    """The view as query parameters; what is as usual has none, but for the four that name a view."""
    usual = ViewState()
    against = view.asked_against or (view.against.isoformat() if view.against else "")
    named = {
        "stock": view.unknown or str(view.stock or ""),
        "window": ANY_TWO if view.window is None else str(view.window),
        "metric": view.metric.key,
        "scope": str(view.scope),
    }
    others = {
        "date": view.asked_day or (view.day.isoformat() if view.day else ""),
        "against": against if view.window is None else "",
        "compare": ",".join(map(str, view.compare)),
        "show": "" if view.show is usual.show else str(view.show),
        "period": "" if view.period is usual.period else str(view.period),
        "from": view.zoom[0].isoformat() if view.zoom else "",
        "to": view.zoom[1].isoformat() if view.zoom else "",
        "average": ",".join(map(str, view.averages)),
        "least": "" if view.floors.shares == USUAL_FLOORS.shares else str(view.floors.shares),
        "floor": "" if view.floors.percent == USUAL_FLOORS.percent else f"{view.floors.percent:g}",
        "up": "red" if view.red_up else "",
        "tab": "" if view.tab is usual.tab else str(view.tab),
        "find": view.find,
    }
    return named | {name: value for name, value in others.items() if value}


def _text(text: str) -> str:
    """What is shown again as it was asked for: cut off, and without what no reader sees."""
    return one_line(text[:LONGEST_TEXT])


def _window(text: str) -> int | None:
    if text == ANY_TWO:
        return None
    window = _number(text)
    return window if window in WINDOWS else ViewState().window


def _span(first: str, last: str) -> tuple[date, date] | None:
    begin, end = parse_date(first), parse_date(last)
    return (begin, end) if begin and end and begin < end else None


def _number(text: str, digits: int = 5) -> int | None:
    """The number that plain digits write; None if there are none, or more than a stock code has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def _numbers(text: str) -> Iterable[int]:
    return [number for part in text.split(",") if (number := _number(part))]


def _decimal(text: str) -> float | None:
    """A percentage: `0.05`."""
    whole, _, decimals = text.partition(".")
    if not (whole + decimals).isdigit() or not text.isascii() or len(text) > 6:
        return None
    return min(float(f"{whole or 0}.{decimals or 0}"), 100.0)
