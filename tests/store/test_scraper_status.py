"""What the scraper says of itself, and what is made of it."""

import logging
import time
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from southbound.config.settings import RedisSettings
from southbound.store import keys, scraper_status
from southbound.store.client import connect
from southbound.store.folder_status import FileOutcome, FolderStatus
from southbound.store.holdings_store import HoldingsStore
from southbound.store.scraper_status import (
    ArchivedKind,
    Circuit,
    ScraperStatus,
    SourceStatus,
    State,
    StatusBoard,
    check,
    form,
    read_status,
)

NOW = datetime(2026, 2, 28, 9, 30, tzinfo=UTC)

WHOLE = ScraperStatus(
    state=State.FAILING,
    done=3,
    total=40,
    heartbeat=NOW,
    fresh_seconds=90.0,
    last_success=NOW - timedelta(hours=1),
    last_error="no answer within 60 s",
    trouble="SiteUnavailable",
    site_today=date(2026, 2, 28),
    next_session=date(2026, 3, 2),
    breaker=Circuit.OPEN,
    next_try=NOW + timedelta(minutes=15),
    quarantined=(date(2026, 2, 13), date(2026, 2, 27)),
    names_read=NOW - timedelta(days=3),
    archive_days=2_500,
    archive_first=date(2015, 12, 30),
    archive_last=date(2026, 2, 26),
    archive_beside=(
        ArchivedKind("prices", 2_000, date(2018, 1, 2), date(2026, 2, 26)),
        ArchivedKind("turnover", 1, date(2026, 2, 26), date(2026, 2, 26)),
    ),
    archive_behind=NOW - timedelta(hours=2),
    archive_trouble="no space left on device",
    prices=SourceStatus(
        newest=date(2026, 2, 26),
        missing=((date(2026, 2, 27), "the site has none (404)"),),
        breaker=Circuit.OPEN,
    ),
    turnover=SourceStatus(newest=date(2026, 2, 27), next_try=NOW),
    short_positions=SourceStatus(),
    price_files=FolderStatus(
        files=2,
        outcomes=(
            FileOutcome("bad.csv", NOW, "want the columns date, code, close", is_taken=False),
            FileOutcome("d260227e.htm", NOW, "Main Board of 2026-02-27: stored", is_taken=True),
        ),
    ),
    import_files=FolderStatus(trouble="the folder cannot be read: Permission denied"),
    asks_site=False,
)


def test_what_is_said_is_what_is_read(store: HoldingsStore) -> None:
    board = StatusBoard(store.client, fresh_seconds=90.0)
    before = datetime.now(UTC)

    board.say(
        **{option.name: getattr(WHOLE, option.name) for option in fields(WHOLE) if option.name != "heartbeat"}
    )

    read = read_status(store.client)
    assert read == board.status
    assert read is not None
    assert read.heartbeat is not None
    assert before <= read.heartbeat <= datetime.now(UTC)
    assert {
        option.name for option in fields(WHOLE) if getattr(read, option.name) != getattr(WHOLE, option.name)
    } == {"heartbeat"}


def test_each_field_is_tried_with_another_value_than_its_default() -> None:
    assert [option.name for option in fields(WHOLE) if getattr(WHOLE, option.name) == option.default] == []


def test_a_new_field_travels_once_it_has_a_form(
    store: HoldingsStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Wider(ScraperStatus):
        moon: int = field(default=0, metadata=form(lambda text: int(text, 16), hex))

    monkeypatch.setattr(scraper_status, "ScraperStatus", Wider)
    StatusBoard(store.client).say(moon=29)

    assert store.client.hget(keys.STATUS, "moon") == "0x1d"
    assert getattr(read_status(store.client), "moon", None) == 29


def test_a_new_field_without_a_form_is_refused_and_not_left_at_its_default(
    store: HoldingsStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Forgetful(ScraperStatus):
        moon: int = 0

    StatusBoard(store.client).say()
    monkeypatch.setattr(scraper_status, "ScraperStatus", Forgetful)

    with pytest.raises(TypeError, match="moon"):
        StatusBoard(store.client).say(moon=29)
    with pytest.raises(TypeError, match="moon"):
        read_status(store.client)


def test_what_is_not_said_anew_stays_said(store: HoldingsStore) -> None:
    board = StatusBoard(store.client)
    board.say(state=State.POLLING, site_today=date(2026, 2, 28), last_error="e")

    board.say(last_error="")

    read = read_status(store.client)
    assert read is not None
    assert (read.state, read.site_today, read.last_error) == (State.POLLING, date(2026, 2, 28), "")
    assert (read.last_success, read.next_session, read.next_try) == (None, None, None)
    assert (read.breaker, read.quarantined) == (Circuit.CLOSED, ())


@pytest.mark.parametrize("days", [-3, 3], ids=["behind", "ahead"])
def test_a_scraper_whose_clock_is_wrong_is_alive_all_the_same(store: HoldingsStore, days: int) -> None:
    with time_machine.travel(time.time() + timedelta(days=days).total_seconds()):
        StatusBoard(store.client).say(state=State.POLLING)

    assert check(store.client)[0]


@pytest.mark.parametrize("days", [-3, 3], ids=["behind", "ahead"])
def test_whoever_reads_with_a_wrong_clock_reads_when_that_was_by_the_same_clock(
    store: HoldingsStore, days: int
) -> None:
    StatusBoard(store.client).say(state=State.POLLING)

    with time_machine.travel(time.time() + timedelta(days=days).total_seconds()):
        alive, _ = check(store.client)
        read, now = read_status(store.client), datetime.now(UTC)

    assert alive
    assert read is not None
    assert read.heartbeat is not None
    assert abs(now - read.heartbeat) < timedelta(seconds=5)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00"])
@pytest.mark.parametrize("days", [-3, 3], ids=["behind", "ahead"])
def test_a_heartbeat_at_the_end_of_time_is_none_by_another_clock(
    store: HoldingsStore, text: str, days: int
) -> None:
    store.client.hset(keys.STATUS, "heartbeat", text)

    with time_machine.travel(time.time() + timedelta(days=days).total_seconds()):
        alive, _ = check(store.client)

    assert not alive


def test_nothing_was_ever_said(store: HoldingsStore) -> None:
    assert read_status(store.client) is None
    assert check(store.client) == (False, "no scraper has ever written to this store")


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("state", "dancing"),
        ("state", ""),
        ("done", "three"),
        ("done", "9" * 5000),
        ("total", ""),
        ("heartbeat", "yesterday"),
        ("heartbeat", ""),
        ("fresh_seconds", "soon"),
        ("last_success", "2026-02-30T00:00"),
        ("site_today", "tomorrow"),
        ("next_session", ""),
        ("breaker", "ajar"),
        ("next_try", "in an hour"),
        ("quarantined", "2026-02-13,"),
        ("quarantined", "2026-02-13,2026-02-30"),
        ("names_read", "last week"),
        ("state", b"\xff"),
    ],
    ids=lambda field: f"{field!r:.20}",
)
def test_a_field_that_cannot_be_read_has_its_default_and_hides_no_other(
    store: HoldingsStore, field: str, text: str
) -> None:
    StatusBoard(store.client).say(
        **{option.name: getattr(WHOLE, option.name) for option in fields(WHOLE) if option.name != "heartbeat"}
    )
    store.client.hset(keys.STATUS, mapping={"heartbeat": NOW.isoformat(), field: text})

    read = read_status(store.client)

    assert read is not None
    for option in fields(WHOLE):
        assert getattr(read, option.name) == (
            option.default if option.name == field else getattr(WHOLE, option.name)
        )


@pytest.mark.parametrize("name", [option.name for option in fields(ScraperStatus)])
def test_a_field_that_is_missing_has_its_default(store: HoldingsStore, name: str) -> None:
    StatusBoard(store.client).say(state=State.POLLING, done=1)
    store.client.hdel(keys.STATUS, name)

    read = read_status(store.client)

    assert read is not None
    assert getattr(read, name) == getattr(ScraperStatus(), name)


def test_fields_that_are_not_ours_are_passed_over(store: HoldingsStore) -> None:
    store.client.hset(keys.STATUS, mapping={"colour": "blue", "done": "3"})

    assert read_status(store.client) == ScraperStatus(done=3)


def test_a_heartbeat_without_a_zone_is_in_universal_time(store: HoldingsStore) -> None:
    store.client.hset(keys.STATUS, mapping={"heartbeat": "2026-02-28T09:30:00"})

    read = read_status(store.client)

    assert read is not None
    assert read.heartbeat == NOW


@pytest.mark.parametrize(
    ("state", "heartbeat", "fresh_seconds", "fresh"),
    [
        (State.POLLING, NOW - timedelta(seconds=119), 120.0, True),
        (State.POLLING, NOW - timedelta(seconds=120), 120.0, False),
        (State.FAILING, NOW, 120.0, True),
        (State.STOPPED, NOW, 120.0, False),
        (State.POLLING, None, 120.0, False),
        (State.POLLING, NOW + timedelta(seconds=5), 120.0, True),
        (State.POLLING, NOW - timedelta(days=900), float("inf"), True),
        (State.POLLING, NOW, float("nan"), False),
        (State.POLLING, NOW, 1e300, True),
        (State.POLLING, datetime.min.replace(tzinfo=UTC), 120.0, False),
    ],
)
def test_a_scraper_is_alive_while_its_heartbeat_is_fresh(
    state: State, heartbeat: datetime | None, fresh_seconds: float, *, fresh: bool
) -> None:
    status = ScraperStatus(state=state, heartbeat=heartbeat, fresh_seconds=fresh_seconds)

    assert status.is_fresh(NOW) == fresh


def test_a_living_scraper_is_checked_with_what_it_says(store: HoldingsStore) -> None:
    StatusBoard(store.client).say(state=State.POLLING, site_today=date(2026, 2, 28))

    alive, line = check(store.client)

    assert alive
    assert line.startswith("polling, heartbeat 20")
    assert line.endswith(", the site's day 2026-02-28")


@pytest.mark.parametrize(
    ("says", "line"),
    [
        ({"quarantined": (date(2026, 2, 13),)}, ", in quarantine: 2026-02-13"),
        (
            {"quarantined": (date(2026, 2, 13), date(2026, 2, 27)), "last_error": "no answer"},
            ", in quarantine: 2026-02-13,2026-02-27, last error: no answer",
        ),
        (
            {"breaker": Circuit.OPEN, "next_try": NOW, "last_error": "HTTP 403"},
            ", the site is left alone until 2026-02-28 09:30:00+00:00, last error: HTTP 403",
        ),
        ({"breaker": Circuit.CLOSED, "next_try": NOW}, ""),
    ],
    ids=["in quarantine", "two of them", "left alone", "only waiting"],
)
def test_what_is_amiss_is_told_where_the_scraper_is_checked(
    store: HoldingsStore, says: dict[str, object], line: str
) -> None:
    StatusBoard(store.client).say(site_today=date(2026, 2, 28), **says)

    alive, said = check(store.client)

    assert alive
    assert said.partition("the site's day 2026-02-28")[2] == line


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("state", "stopped"),
        ("heartbeat", "2026-02-28T09:30:00+00:00"),
        ("heartbeat", ""),
        ("fresh_seconds", "nan"),
    ],
    ids=["stopped", "old", "no heartbeat", "nonsense"],
)
def test_a_dead_scraper_is_checked_with_what_it_said_last(
    store: HoldingsStore, field: str, text: str
) -> None:
    StatusBoard(store.client).say(state=State.FAILING, last_error="no answer")
    store.client.hset(keys.STATUS, field, text)

    alive, line = check(store.client)

    assert not alive
    assert line.startswith("not alive: ")
    assert line.endswith(", last error: no answer")


def test_a_store_that_is_away_does_not_stop_the_work(
    free_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "southbound.store.scraper_status")
    board = StatusBoard(connect(RedisSettings(url=f"redis://127.0.0.1:{free_port}/0")))

    board.say(state=State.POLLING)

    assert board.status.state is State.POLLING
    assert board.silent_seconds() < 60
    state, failure = caplog.messages
    assert state == "state: polling, was starting"
    assert failure.startswith("status not shown: the store at ")


def test_each_change_of_state_is_logged_once(store: HoldingsStore, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "southbound.store.scraper_status")
    board = StatusBoard(store.client)

    for state in (State.STARTING, State.POLLING, State.POLLING, State.FAILING):
        board.say(state=state)
    board.say(done=3)

    assert caplog.messages == ["state: polling, was starting", "state: failing, was polling"]


def test_the_silence_is_counted_from_what_was_said_last(store: HoldingsStore) -> None:
    board = StatusBoard(store.client)
    board._said -= 1000
    assert 1000 <= board.silent_seconds() < 1060

    board.say()

    assert board.silent_seconds() < 60
