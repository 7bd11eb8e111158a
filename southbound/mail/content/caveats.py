"""What a reader must know beside the figures: which sessions are missing and why, and what was restated."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from southbound.market import trading_calendar
from southbound.presentation import formatting

NAMED = 6
"""Restated dates that are named; more are counted."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A session whose figures are not there, and why."""

    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class Restated:
    """A date whose figures were replaced, and how many rows differ: `damaged` if that is not known."""

    day: date
    rows: str


@dataclass(frozen=True, slots=True)
class Caveats:
    """All of it, by date."""

    missing: tuple[Missing, ...] = ()
    restated: tuple[Restated, ...] = ()


NOTHING_ELSE = Caveats()


def missing_sessions(
    there: Iterable[date], day: date, window: int, reasons: Mapping[date, str]
) -> tuple[Missing, ...]:
    """The sessions of the window before `day` that are not among the dates `there`, oldest first."""
    wanted = trading_calendar.between(trading_calendar.before(day, window), day)
    lacking = sorted(set(wanted) - set(there))
    return tuple(Missing(lost, reasons.get(lost, "not read yet")) for lost in lacking)


def sentences_of(caveats: Caveats) -> tuple[str, ...]:
    """In sentences; none if there is nothing to tell."""
    told = []
    if caveats.missing:
        named = "; ".join(f"{formatting.day(lost.day)} ({lost.reason})" for lost in caveats.missing)
        told.append(f"Missing from the figures: {named}.")
    if caveats.restated:
        told.append(f"Restated since the last mail: {_restated(caveats.restated)}.")
    return tuple(told)


def _restated(restated: Sequence[Restated]) -> str:
    rows: dict[date, list[str]] = {}
    for entry in restated:
        rows.setdefault(entry.day, []).append(entry.rows)
    named = [f"{formatting.day(day)} ({_rows(rows[day])})" for day in sorted(rows, reverse=True)]
    if len(named) > NAMED:
        named[NAMED:] = [f"and {len(named) - NAMED} earlier dates"]
    return ", ".join(named)


def _rows(rows: Sequence[str]) -> str:
    counts = [int(text) for text in rows if text.isdecimal()]
    if not counts:
        return "it was damaged"
    stocks = "1 stock" if counts == [1] else f"{' and '.join(map(str, counts))} stocks"
    return f"{stocks} changed"
