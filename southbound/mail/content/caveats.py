"""What a reader must know beside the figures: which sessions are missing and why, and what was restated."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from southbound.market.missing_sessions import MissingSession
from southbound.presentation import formatting

NAMED = 6
"""Restated dates that are named; more are counted."""


@dataclass(frozen=True, slots=True)
class Restated:
    """A date whose figures were replaced, and how many rows differ: `damaged` if that is not known."""

    day: date
    rows: str


@dataclass(frozen=True, slots=True)
class Caveats:
    """All of it, by date."""

    missing: tuple[MissingSession, ...] = ()
    restated: tuple[Restated, ...] = ()


NOTHING_ELSE = Caveats()


def sentences_of(caveats: Caveats) -> tuple[str, ...]:
    """In sentences; none if there is nothing to tell."""
    sentences = []
    if caveats.missing:
        named = "; ".join(f"{formatting.day(lost.day)} ({lost.reason})" for lost in caveats.missing)
        sentences.append(f"Missing from the figures: {named}.")
    if caveats.restated:
        sentences.append(f"Restated since the last mail: {_restated(caveats.restated)}.")
    return tuple(sentences)


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
