"""What the parameters of an address say. A reader of a text raises ValueError where it makes no sense."""

from datetime import date

from southbound.common.text import one_line
from southbound.market.trading_calendar import parse_date

LONGEST_TEXT = 40
"""Of what an address may search for."""


def plain(text: str) -> str:
    """What is shown again as it was asked for: cut off, and without what no reader sees."""
    return one_line(text[:LONGEST_TEXT])


def code(text: str) -> int | None:
    """A stock code, or None where something else is asked for."""
    asked = plain(text)
    if not asked:
        raise ValueError(text)
    return int(asked) if _is_number(asked) else None


def no_code(text: str) -> str:
    """What is asked for instead of a stock code."""
    asked = plain(text)
    return "" if _is_number(asked) else asked


def day(text: str) -> date | None:
    """`2026-02-27`, or None where something else is asked for."""
    return parse_date(plain(text))


def no_day(text: str) -> str:
    """What is asked for instead of a date."""
    asked = plain(text)
    return "" if parse_date(asked) else asked


def span(first: str, last: str) -> tuple[date, date]:
    """Two dates, the earlier one first."""
    begin, end = parse_date(first), parse_date(last)
    if begin is None or end is None or begin >= end:
        raise ValueError(first, last)
    return begin, end


def number(text: str, digits: int = 5) -> int:
    """The number that plain digits write, no more of them than a stock code has."""
    if not _is_number(text, digits):
        raise ValueError(text)
    return int(text)


def numbers(text: str) -> list[int]:
    """`5,20`; what is no number is left out."""
    return [int(part) for part in text.split(",") if _is_number(part)]


def listed(values: tuple[int, ...]) -> str:
    """`5,20`."""
    return ",".join(map(str, values))


def percentage(text: str) -> float:
    """`0.05`; at most 100."""
    whole, _, decimals = text.partition(".")
    if not (whole + decimals).isdigit() or not text.isascii() or len(text) > 6:
        raise ValueError(text)
    return min(float(f"{whole or 0}.{decimals or 0}"), 100.0)


def _is_number(text: str, digits: int = 5) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= digits
