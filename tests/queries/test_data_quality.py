"""What is noted beside the days."""

from datetime import UTC, date, datetime

import pytest

from southbound.market.daily_holdings import DailyHoldings
from southbound.market.missing_sessions import SessionNotes
from southbound.queries import data_quality
from southbound.queries.data_quality import DataQuality, missing
from southbound.store import keys
from southbound.store.holdings_store import HoldingsStore
from southbound.store.quarantine import Quarantine
from southbound.store.scraper_status import ScraperStatus

FRIDAY, MONDAY, THURSDAY = date(2026, 2, 20), date(2026, 2, 23), date(2026, 2, 26)
Recorded = dict[date, DailyHoldings]
ASKED = datetime(2026, 2, 24, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(("seconds", "read_again"), [(600, False), (0, True)])
def test_what_was_read_serves_all_pages_for_a_while(
    store: HoldingsStore, monkeypatch: pytest.MonkeyPatch, seconds: float, *, read_again: bool
) -> None:
    monkeypatch.setattr(data_quality, "KEPT_SECONDS", seconds)
    quality = DataQuality(store)
    first = quality.notes()
    Quarantine(store.client).quarantine(FRIDAY, "12 rows, want 300", None)
    assert first.quarantined == ()
    assert (quality.notes() is not first) == read_again
    assert len(quality.notes().quarantined) == read_again


def test_revisions_are_read_the_newest_first(store: HoldingsStore, recorded: Recorded) -> None:
    for day in (FRIDAY, MONDAY):
        store.put(recorded[day])
    restated = recorded[FRIDAY]
    store.put(
        DailyHoldings.of(
            FRIDAY,
            restated.codes.tolist(),
            list(restated.names),
            [restated.shares.tolist()[0] + 1, *restated.shares.tolist()[1:]],
            [None] * len(restated.codes),
        )
    )
    store.put(recorded[MONDAY])
    first, second = DataQuality(store).notes().revisions
    assert (first.day, first.rows) == (MONDAY, "0")
    assert second.day == FRIDAY
    assert second.when is not None


def test_what_is_no_revision_is_passed_over(store: HoldingsStore) -> None:
    store.client.xadd(keys.REVISIONS, {"date": "yesterday"})
    store.client.xadd(keys.REVISIONS, {"date": "2026-02-20", "when": "noon", "rows": "3"})
    [revision] = DataQuality(store).notes().revisions
    assert (revision.day, revision.when, revision.rows) == (FRIDAY, None, "3")


def test_quarantine_and_sessions_without_a_list_are_read(store: HoldingsStore) -> None:
    Quarantine(store.client).quarantine(FRIDAY, "12 rows, want 300", None)
    Quarantine(store.client).note_no_list(MONDAY)
    notes = DataQuality(store).notes()
    assert [(note.day, note.reason) for note in notes.quarantined] == [(FRIDAY, "12 rows, want 300")]
    assert list(notes.sessions.no_list) == [MONDAY]
    assert notes.sessions.quarantined == {FRIDAY: "12 rows, want 300"}


def test_each_session_since_the_first_stored_one_is_there_or_missing() -> None:
    stored = (date(2026, 2, 13), date(2026, 2, 16), date(2026, 2, 25))
    notes = SessionNotes(quarantined={FRIDAY: "12 rows, want 300"}, no_list={MONDAY: ASKED})
    status = ScraperStatus(site_today=date(2026, 2, 28))

    found = missing(stored, [date(2026, 2, 24)], notes, status)

    # 17 to 19 February were the New Year's holidays.
    assert [session.day for session in found] == [
        date(2026, 2, 27), THURSDAY, date(2026, 2, 24), MONDAY, FRIDAY
    ]  # fmt: skip


def test_what_is_noted_of_sessions_before_the_first_stored_one_or_after_the_last_is_told_too() -> None:
    notes = SessionNotes(quarantined={THURSDAY: "12 rows"}, vanished={FRIDAY: ASKED})

    found = missing((MONDAY,), (), notes, None)

    assert [session.day for session in found] == [THURSDAY, date(2026, 2, 25), date(2026, 2, 24), FRIDAY]


def test_without_a_scraper_nothing_after_the_newest_day_is_missing() -> None:
    assert missing((FRIDAY, MONDAY), (), SessionNotes(), None) == ()
