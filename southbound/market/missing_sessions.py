"""Which sessions are not among the stored days, and why: said alike by page, mail and scraper. Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

SITE_KEEPS = timedelta(days=365)
"""How long the site keeps a day (its page says 12 months): an older one cannot come again."""

Noted = Mapping[date, str] | Mapping[date, datetime]


@dataclass(frozen=True, slots=True)
class SessionNotes:
    """What is noted of sessions.

    Attributes:
        damaged: those that are stored and cannot be read.
        quarantined: why their lists were not taken.
        no_list: when the site was asked for them, and had no list.
        vanished: when it was noticed that they had been stored, and were gone.
        failed: why the site gave no usable answer, as far as this process has asked.
    """

    damaged: Collection[date] = ()
    quarantined: Mapping[date, str] = field(default_factory=dict)
    no_list: Mapping[date, datetime] = field(default_factory=dict)
    vanished: Mapping[date, datetime] = field(default_factory=dict)
    failed: Mapping[date, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a session may be missing.

    Attributes:
        noted: the sessions for which it holds, each with what is noted of it: a text, or since when.
        words: with `{noted}` for the text that is noted.
        since: what happened at the moment that is noted.
    """

    noted: Callable[[SessionNotes], Noted]
    words: str
    since: str = ""


REASONS: tuple[Reason, ...] = (
    Reason(lambda notes: notes.failed, "{noted}"),
    Reason(
        lambda notes: dict.fromkeys(notes.damaged, ""),
        "damaged in the store until the scraper's next start reads it again",
    ),
    Reason(lambda notes: notes.quarantined, "in quarantine: {noted}"),
    Reason(
        lambda notes: {day: when for day, when in notes.no_list.items() if day in notes.vanished},
        "it was stored and is gone, and HKEXnews has no list for it",
        "asked",
    ),
    Reason(lambda notes: notes.no_list, "HKEXnews has no list for it", "asked"),
    Reason(lambda notes: notes.vanished, "it was stored and is gone, and is asked for again", "noticed"),
)
"""The first that holds is named."""

UNREAD = "not read yet"
"""Where none of them holds."""


@dataclass(frozen=True, slots=True)
class MissingSession:
    """A session that is not there.

    Attributes:
        words: why, in words that go on a sentence, of `REASONS`.
        since: what happened at `when`: it was noticed, or asked for; empty if no moment is known.
        noted: what is noted of it; stands in the place of `{noted}`.
    """

    day: date
    words: str
    since: str = ""
    when: datetime | None = field(default=None, compare=False)
    noted: str = ""

    @property
    def reason(self) -> str:
        """Why, in English."""
        return self.words.format(noted=self.noted)


def missing_sessions(
    sessions: Iterable[date], stored: Collection[date], notes: SessionNotes
) -> tuple[MissingSession, ...]:
    """The sessions that are not stored, in the order that is given, each with its reason.

    Args:
        sessions: that are wanted.
        stored: the days that are there and whole.
        notes: what is noted of all others.
    """
    held = frozenset(stored)
    noted = [(reason, reason.noted(notes)) for reason in REASONS]
    return tuple(_missing(day, noted) for day in sessions if day not in held)


def _missing(day: date, noted: Iterable[tuple[Reason, Noted]]) -> MissingSession:
    for reason, days in noted:
        if day in days:
            known = days[day]
            if isinstance(known, datetime):
                return MissingSession(day, reason.words, reason.since, known)
            return MissingSession(day, reason.words, noted=known)
    return MissingSession(day, UNREAD)
