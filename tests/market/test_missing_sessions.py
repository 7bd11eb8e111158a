"""Which sessions are missing, and why."""

from datetime import UTC, date, datetime

import pytest

from southbound.market import missing_sessions, trading_calendar
from southbound.market.missing_sessions import MissingSession, SessionNotes
from southbound.presentation import phrases

MONDAY, TUESDAY, WEDNESDAY = date(2026, 2, 23), date(2026, 2, 24), date(2026, 2, 25)
THURSDAY, FRIDAY = date(2026, 2, 26), date(2026, 2, 27)
WEEK = trading_calendar.between(MONDAY, FRIDAY)
ASKED = datetime(2026, 2, 24, 1, 30, tzinfo=UTC)
QUARANTINED = {WEDNESDAY: "12 rows, want 300"}


@pytest.mark.parametrize(
    ("notes", "sentence"),
    [
        (SessionNotes(), "Not read yet."),
        (SessionNotes(failed={WEDNESDAY: "HTTP 503"}, quarantined=QUARANTINED), "HTTP 503."),
        (
            SessionNotes(damaged=[WEDNESDAY], quarantined=QUARANTINED),
            "Damaged in the store until the scraper's next start reads it again.",
        ),
        (
            SessionNotes(quarantined=QUARANTINED, no_list={WEDNESDAY: ASKED}),
            "In quarantine: 12 rows, want 300.",
        ),
        (
            SessionNotes(no_list={WEDNESDAY: ASKED}),
            "HKEXnews has no list for it, asked 24 Feb 09:30 HKT.",
        ),
        (
            SessionNotes(vanished={WEDNESDAY: ASKED}),
            "It was stored and is gone, and is asked for again, noticed 24 Feb 09:30 HKT.",
        ),
        (
            SessionNotes(no_list={WEDNESDAY: ASKED}, vanished={WEDNESDAY: ASKED}),
            "It was stored and is gone, and HKEXnews has no list for it, asked 24 Feb 09:30 HKT.",
        ),
        (SessionNotes(quarantined={WEDNESDAY: "got {0}."}), "In quarantine: got {0}."),
    ],
)
def test_a_missing_session_has_its_reason(notes: SessionNotes, sentence: str) -> None:
    [session] = missing_sessions.missing_sessions(WEEK, set(WEEK) - {WEDNESDAY}, notes)

    assert session.day == WEDNESDAY
    assert phrases.missing(session) == sentence


def test_where_all_are_stored_nothing_is_missing_whatever_is_noted() -> None:
    notes = SessionNotes(quarantined=QUARANTINED, no_list=dict.fromkeys(WEEK, ASKED))

    assert missing_sessions.missing_sessions(WEEK, WEEK, notes) == ()


def test_the_sessions_keep_the_order_in_which_they_are_asked_for() -> None:
    found = missing_sessions.missing_sessions(reversed(WEEK), [TUESDAY], SessionNotes())

    assert [session.day for session in found] == [FRIDAY, THURSDAY, WEDNESDAY, MONDAY]


def test_asking_again_for_a_list_changes_nothing_that_a_mail_says() -> None:
    assert MissingSession(MONDAY, "no list", "asked", ASKED) == MissingSession(MONDAY, "no list", "asked")
