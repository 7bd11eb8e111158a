"""The time axis of a trend: which sessions it shows, and which of them it labels."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from itertools import groupby

from southbound.common.language import Language, spoken
from southbound.market import trading_calendar
from southbound.presentation import formatting


def sessions_shown(stored: Sequence[date]) -> list[date]:
    """All sessions between the first and the last of the stored dates, missing ones too; oldest first."""
    return sorted({*stored, *trading_calendar.between(stored[0], stored[-1])}) if stored else []


def name(day: date) -> str:
    """`Fri 13 Feb 2026`; remembered, since ten years of them take 10 ms to write."""
    return _name(spoken(), day)


@cache
def _name(_: Language, day: date) -> str:
    return formatting.day(day)


def ticks(days: Sequence[date], most: int = 9) -> list[date]:
    """The first sessions of weeks, months, quarters or years: the finest that gives at most `most`.

    One that is too close to the one before it is left out, since its label would run into that one's.
    """
    places: list[int] = []
    for period in (_week, _month, _quarter, _year):
        places = [
            place for place, day in enumerate(days) if not place or period(day) != period(days[place - 1])
        ]
        if len(places) <= most:
            break
    kept: list[int] = []
    for place in places:
        if not kept or place - kept[-1] > len(days) / (most + 2):
            kept.append(place)
    return [days[place] for place in kept]


def labels(ticked: Sequence[date]) -> list[str]:
    """`12 Jan`; the first of each year also says the year, on a second line.

    In Chinese `12日`, with the month below the first of each, and the year below that: `1月12日` is wider.
    """
    years = {next(group) for _, group in groupby(ticked, key=_year)}
    if not spoken().is_chinese:
        return [f"{day.day} {day:%b}" + (f"<br>{day:%Y}" if day in years else "") for day in ticked]
    months = {next(group) for _, group in groupby(ticked, key=_month)}
    return [
        f"{day.day}日"
        + (f"<br>{day.month}月" if day in months else "")
        + (f"<br>{day.year}年" if day in years else "")
        for day in ticked
    ]


def _week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _quarter(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3


def _year(day: date) -> int:
    return day.year
