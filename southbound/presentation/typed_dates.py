"""A date as people type it."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from southbound.market.trading_calendar import parse_date

_WRITTEN = (
    "%Y%m%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%d %B %Y",
    "%d %b %Y",
    "%B %d %Y",
    "%b %d %Y",
)
_WITHOUT_YEAR = ("%d %B", "%d %b", "%B %d", "%b %d")
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)


def typed_date(text: str, stored: Sequence[date]) -> date | None:
    """The date that a text means: `2026-02-23`, `20260223`, `23/2/2026`, `23 Feb 2026`, `Feb 23`.

    Days stand before months, as in Hong Kong. Without a year it is the newest such day that is not after the
    last one stored.

    Args:
        text: as typed, with a weekday or without.
        stored: the dates that there are, ascending; one at least.

    Returns:
        The date, stored or not; None if the text is none.
    """
    plain = " ".join(_WEEKDAY.sub("", text.strip()).replace(",", " ").split())
    found = parse_date(plain)
    if found is not None:
        return found
    for written in _WRITTEN:
        if (day := _read(plain, written)) is not None:
            return parse_date(day.isoformat())
    for written in _WITHOUT_YEAR:
        for year in (stored[-1].year, stored[-1].year - 1):
            day = _read(f"{plain} {year}", f"{written} %Y")
            if day is not None and day <= stored[-1]:
                return day
    return None


def _read(text: str, written: str) -> date | None:
    try:
        return datetime.strptime(text, written).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
