"""What a reader must know beside the figures: which sessions are missing and why, and what was restated."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from southbound.market.missing_sessions import MissingSession
from southbound.presentation import formatting, phrases
from southbound.presentation.messages import gettext, ngettext

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
        named = gettext("; ").join(
            gettext("{day} ({why})", day=formatting.day(lost.day), why=phrases.reason(lost))
            for lost in caveats.missing
        )
        sentences.append(gettext("Missing from the figures: {days}.", days=named))
    if caveats.restated:
        sentences.append(gettext("Restated since the last mail: {days}.", days=_restated(caveats.restated)))
    return tuple(sentences)


def _restated(restated: Sequence[Restated]) -> str:
    rows: dict[date, list[str]] = {}
    for entry in restated:
        rows.setdefault(entry.day, []).append(entry.rows)
    named = [
        gettext("{day} ({why})", day=formatting.day(day), why=_rows(rows[day]))
        for day in sorted(rows, reverse=True)
    ]
    if len(named) > NAMED:
        named[NAMED:] = [
            ngettext("and 1 earlier date", "and {count} earlier dates", len(named) - NAMED),
        ]
    return formatting.listed(named)


def _rows(rows: Sequence[str]) -> str:
    counts = [int(text) for text in rows if text.isdecimal()]
    if not counts:
        return gettext("it was damaged")
    if len(counts) == 1:
        return ngettext("1 stock changed", "{count} stocks changed", counts[0])
    return gettext("{counts} stocks changed", counts=formatting.joined(map(str, counts)))
