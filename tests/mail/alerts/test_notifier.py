"""What the operator is told: each incident once, its end once, whatever is started again meanwhile."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from replay.inbox import Inbox
from southbound.config.settings import EmailSettings, Settings
from southbound.mail.alerts.conditions import Judgement
from southbound.mail.alerts.incident_log import followed
from southbound.mail.alerts.incidents import SITE_CHANGED, Incident
from southbound.mail.alerts.notifier import Notifier
from southbound.mail.delivery.smtp_transport import SmtpTransport
from southbound.store import keys
from southbound.store.alert_log import REMEMBERED_SECONDS, IncidentState
from southbound.store.holdings_store import HoldingsStore
from southbound.store.quarantine import Quarantine
from southbound.store.scraper_status import State, StatusBoard
from tests.mail.alerts.test_conditions import FRIDAY, SATURDAY, hong_kong

OPS = "ops@example.org"


class Time:
    """The local clock of all e-mailers of a test."""

    def __init__(self) -> None:
        self.now = hong_kong(SATURDAY, 9)

    def seconds(self) -> float:
        return self.now.timestamp()

    def pass_minutes(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def settings(email_settings: EmailSettings) -> Settings:
    return Settings(email=replace(email_settings, alerts=(OPS,)))


@pytest.fixture
def alerts_of(store: HoldingsStore, settings: Settings, time: Time) -> Callable[[], Notifier]:
    """Makes an e-mailer that has just been started."""
    return lambda: Notifier(store, SmtpTransport(settings.email), settings, time.seconds, lambda: time.now)


def subjects(inbox: Inbox) -> list[str]:
    return [str(mail.message["Subject"]) for mail in inbox.mails]


def look_for_minutes(alerts: Notifier, time: Time, minutes: int) -> None:
    for _ in range(2 * minutes):
        alerts.look()
        time.pass_minutes(0.5)


BEGAN = "Southbound alert: the list of Fri 27 Feb 2026 is in quarantine"
ENDED = "Southbound alert: over: the list of Fri 27 Feb 2026 is in quarantine"


def test_an_incident_is_told_once_and_its_end_once(
    store: HoldingsStore, alerts_of: Callable[[], Notifier], time: Time, inbox: Inbox
) -> None:
    alerts = alerts_of()
    Quarantine(store.client).quarantine(FRIDAY, "12 rows, want 300", None)
    look_for_minutes(alerts, time, 60)
    assert subjects(inbox) == [BEGAN]

    Quarantine(store.client).release(FRIDAY)
    look_for_minutes(alerts, time, 60)

    assert subjects(inbox) == [BEGAN, ENDED]
    began, ended = (mail.message for mail in inbox.mails)
    assert (began["To"], began["Auto-Submitted"]) == (OPS, "auto-generated")
    assert began["Message-ID"] != ended["Message-ID"]
    assert "12 rows, want 300" in began.get_content()
    assert "This is over since 10:00 on Sat 28 Feb 2026 (Hong Kong time)." in ended.get_content()
    assert "It began at 09:00 on Sat 28 Feb 2026" in ended.get_content()
    assert store.client.hgetall(keys.ALERTS) == {}


def test_a_restart_neither_repeats_nor_forgets(
    store: HoldingsStore, alerts_of: Callable[[], Notifier], time: Time, inbox: Inbox
) -> None:
    Quarantine(store.client).quarantine(FRIDAY, "12 rows", None)
    look_for_minutes(alerts_of(), time, 5)
    look_for_minutes(alerts_of(), time, 5)
    assert subjects(inbox) == [BEGAN]

    Quarantine(store.client).release(FRIDAY)
    time.pass_minutes(600)
    look_for_minutes(alerts_of(), time, 5)
    look_for_minutes(alerts_of(), time, 5)

    assert subjects(inbox) == [BEGAN, ENDED]


def test_the_same_thing_again_is_a_new_incident(
    store: HoldingsStore, alerts_of: Callable[[], Notifier], time: Time, inbox: Inbox
) -> None:
    alerts = alerts_of()
    for _ in range(2):
        Quarantine(store.client).quarantine(FRIDAY, "12 rows", None)
        look_for_minutes(alerts, time, 5)
        Quarantine(store.client).release(FRIDAY)
        look_for_minutes(alerts, time, 5)

    assert subjects(inbox) == [BEGAN, ENDED] * 2
    assert len({mail.message["Message-ID"] for mail in inbox.mails}) == 4


def test_two_e_mailers_send_one(
    store: HoldingsStore, alerts_of: Callable[[], Notifier], time: Time, inbox: Inbox
) -> None:
    Quarantine(store.client).quarantine(FRIDAY, "12 rows", None)
    both = [alerts_of(), alerts_of()]

    def look_together() -> None:
        ready = threading.Barrier(2)

        def look(alerts: Notifier) -> None:
            ready.wait(30)
            alerts.look()

        threads = [threading.Thread(target=look, args=[alerts]) for alerts in both]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        time.pass_minutes(1)

    for _ in range(5):
        look_together()
    Quarantine(store.client).release(FRIDAY)
    for _ in range(5):
        look_together()

    assert subjects(inbox) == [BEGAN, ENDED]


def test_what_is_over_before_it_was_told_is_not_told(
    store: HoldingsStore, alerts_of: Callable[[], Notifier], time: Time, inbox: Inbox
) -> None:
    alerts = alerts_of()
    Quarantine(store.client).quarantine(FRIDAY, "12 rows", None)
    alerts.look()
    Quarantine(store.client).release(FRIDAY)

    look_for_minutes(alerts, time, 10)

    assert inbox.mails == []
    assert store.client.hgetall(keys.ALERTS) == {}


def test_a_message_waits_for_the_mail_server_and_then_tells_both(
    store: HoldingsStore, alerts_of: Callable[[], Notifier], time: Time, inbox: Inbox
) -> None:
    alerts = alerts_of()
    inbox.message_answer = "451 later"
    Quarantine(store.client).quarantine(FRIDAY, "12 rows", None)
    look_for_minutes(alerts, time, 60)
    Quarantine(store.client).release(FRIDAY)
    look_for_minutes(alerts, time, 60)
    assert inbox.mails == []

    inbox.message_answer = None
    look_for_minutes(alerts, time, 60)

    assert subjects(inbox) == [BEGAN, ENDED]


def test_an_operator_who_is_refused_is_not_waited_for(
    store: HoldingsStore, alerts_of: Callable[[], Notifier], time: Time, inbox: Inbox
) -> None:
    inbox.recipient_answers[OPS] = "550 no such user"
    alerts = alerts_of()
    Quarantine(store.client).quarantine(FRIDAY, "12 rows", None)
    look_for_minutes(alerts, time, 5)
    Quarantine(store.client).release(FRIDAY)
    look_for_minutes(alerts, time, 5)

    assert store.client.hgetall(keys.ALERTS) == {}
    for key in store.client.scan_iter("southbound:alert:*"):
        assert 0 < store.client.ttl(key) <= REMEMBERED_SECONDS


def test_an_operator_whose_mailbox_is_full_keeps_nobody_else_waiting(
    store: HoldingsStore, settings: Settings, time: Time, inbox: Inbox
) -> None:
    both = replace(settings, email=replace(settings.email, alerts=(OPS, "eve@example.org")))
    alerts = Notifier(store, SmtpTransport(both.email), both, time.seconds, lambda: time.now)
    inbox.recipient_answers[OPS] = "452 mailbox full"
    for day in (FRIDAY, SATURDAY):
        Quarantine(store.client).quarantine(day, "12 rows", None)
    look_for_minutes(alerts, time, 120)
    for day in (FRIDAY, SATURDAY):
        Quarantine(store.client).release(day)
    look_for_minutes(alerts, time, 120)

    assert [mail.recipients for mail in inbox.mails] == [("eve@example.org",)] * 4
    inbox.recipient_answers.clear()
    look_for_minutes(alerts, time, 120)
    assert [mail.recipients for mail in inbox.mails[4:]] == [(OPS,)] * 4


def test_a_silent_scraper_and_a_failing_site_are_told(
    store: HoldingsStore, alerts_of: Callable[[], Notifier], time: Time, inbox: Inbox
) -> None:
    alerts = alerts_of()
    board = StatusBoard(store.client)
    time.now = datetime.now(UTC)
    board.say(state=State.FAILING, last_error="the page\nis not as it was")
    store.client.hset(keys.STATUS, "fresh_seconds", str(10**9))
    look_for_minutes(alerts, time, 9)
    assert inbox.mails == []
    look_for_minutes(alerts, time, 3)
    assert subjects(inbox) == ["Southbound alert: HKEXnews cannot be read"]
    assert "It says: the page is not as it was." in inbox.mails[0].message.get_content()

    look_for_minutes(alerts, time, 10)
    assert subjects(inbox)[1:] == ["Southbound alert: the scraper is silent"]


def test_a_machine_that_was_asleep_raises_no_alarm(
    store: HoldingsStore, alerts_of: Callable[[], Notifier], time: Time, inbox: Inbox
) -> None:
    alerts = alerts_of()
    store.client.hset(keys.STATUS, mapping={"state": "waiting", "heartbeat": time.now.isoformat()})
    alerts.look()
    time.pass_minutes(300)
    alerts.look()
    store.client.hset(keys.STATUS, mapping={"state": "waiting", "heartbeat": time.now.isoformat()})

    look_for_minutes(alerts, time, 10)

    assert inbox.mails == []


def test_what_else_stands_in_the_hash_is_put_away(
    store: HoldingsStore, alerts_of: Callable[[], Notifier], inbox: Inbox
) -> None:
    store.client.hset(keys.ALERTS, mapping={"a": "no JSON", "b": "[]", "c": '{"since": "noon"}'})

    alerts_of().look()

    assert store.client.hgetall(keys.ALERTS) == {}
    assert inbox.mails == []


def test_an_incident_of_which_nothing_can_be_told_stays_as_it_is() -> None:
    book = {"x": IncidentState(5, "a", "b", told=True)}

    assert followed(book, Judgement((), frozenset()), datetime.now(UTC)) == book


def test_an_incident_is_told_with_its_newest_words() -> None:
    begin = datetime(2026, 2, 28, tzinfo=UTC)
    early, late = (Incident(SITE_CHANGED, {"said": said}) for said in ("early", "late"))
    first = followed({}, Judgement((early,), frozenset()), begin)
    then = followed(first, Judgement((late,), frozenset()), begin + timedelta(minutes=2))

    told = then[SITE_CHANGED]
    assert (first[SITE_CHANGED].told, told.told, told.values) == (False, True, {"said": "late"})
    assert "The page is not as it was: late." in told.sentence
    assert told.since == int(begin.timestamp())


def test_an_incident_that_was_seen_first_by_a_clock_ahead_is_told_when_the_right_one_says_so() -> None:
    begin = datetime(2026, 2, 28, tzinfo=UTC)
    judgement = Judgement((Incident(SITE_CHANGED, {"said": ""}),), frozenset())
    ahead = followed({}, judgement, begin + timedelta(days=3))

    right = followed(ahead, judgement, begin)
    soon = followed(right, judgement, begin + timedelta(minutes=2))

    assert (right[SITE_CHANGED].since, right[SITE_CHANGED].told) == (int(begin.timestamp()), False)
    assert soon[SITE_CHANGED].told
