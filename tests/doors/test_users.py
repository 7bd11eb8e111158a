"""The rules of docs/store-users.acl: enough for each process, and no more."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import redis
from streamlit.testing.v1 import AppTest

from replay.inbox import Inbox
from replay.site import ReplaySite
from southbound import dashboard
from southbound.common.errors import StoreRefused
from southbound.config.settings import EmailSettings, RedisSettings, Settings
from southbound.dashboard.state.resources import configured, process
from southbound.dashboard.views.mail import mail_previews
from southbound.mail.alerts.notifier import Notifier
from southbound.mail.daily_mailer import DailyMailer
from southbound.mail.delivery.smtp_transport import SmtpTransport
from southbound.mail.worker import keep_looking
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.daily_prices import DailyPrices, Quote, TradingState
from southbound.store import keys
from southbound.store.client import connect
from southbound.store.delivery_log import DeliveryLog
from southbound.store.holdings_store import HoldingsStore
from southbound.store.market_figures import PRICES
from southbound.store.quarantine import Quarantine
from southbound.store.scraper_status import State, StatusBoard, check
from southbound.store.sign_outs import fingerprint
from southbound.store.stock_names import read_names, write_names
from southbound.store.writer_lease import WriterLease
from tests.conftest import ROOT, EndOfTest, becomes_true
from tests.dashboard.reading import choose, messages, text
from tests.doors.conftest import DASHBOARD, MAILER, RULES, SCRAPER, USERS, Guarded, Run

AsUser = Callable[[str], HoldingsStore]
Days = Mapping[date, DailyHoldings]
THURSDAY, FRIDAY = date(2026, 2, 26), date(2026, 2, 27)


def test_the_rules_stand_in_their_own_file_alone() -> None:
    documents = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]

    assert "ACL SETUSER" in RULES.read_text(encoding="utf-8")
    assert [file.name for file in documents if "ACL SETUSER" in file.read_text(encoding="utf-8")] == []


def test_the_rules_name_the_keys_and_the_channel_of_the_contract() -> None:
    named = set(re.findall(r"[~&](\S+?)\)?(?=\s)", RULES.read_text(encoding="utf-8")))

    assert named == {
        keys.DAY_PATTERN,
        keys.DATES,
        keys.VERSION,
        keys.FIGURES_WRITTEN,
        keys.STATUS,
        keys.REVISIONS,
        keys.NO_LIST,
        keys.NAMES,
        keys.SCRAPER_LOCK,
        keys.ALERTS,
        keys.QUARANTINED,
        keys.VANISHED,
        keys.SOURCES,
        f"{keys.QUARANTINE_PREFIX}*",
        *(key(FRIDAY).replace(str(FRIDAY), "*") for key in (keys.prices, keys.turnover, keys.short)),
        keys.mail(FRIDAY).replace(str(FRIDAY), "*"),
        re.sub(r"[^:]+:[^:]+:[^:]+$", "*", keys.alert("silent", 0, "began")),
        keys.signed_out("*"),
        "data_updated",
    }


def test_the_scraper_process_needs_no_more(guarded: Guarded, run: Run, site: ReplaySite) -> None:
    ended = run("backend_scraper.py", "--once", REDIS_URL=guarded.url(SCRAPER))

    assert ended.returncode == 0, ended.stdout
    assert guarded.admin.exists(*map(keys.day, site.days_offered(date(2026, 2, 23), FRIDAY)), keys.NAMES) == 6
    with connect(RedisSettings(url=guarded.url(SCRAPER))) as client:
        assert check(client)[1].startswith("not alive: stopped")
    assert guarded.denied() == []


def test_what_the_scraper_seldom_does_needs_no_more(
    as_user: AsUser, guarded: Guarded, recorded: Days
) -> None:
    store = as_user(SCRAPER)
    quarantine, board = Quarantine(store.client), StatusBoard(store.client)
    lease = WriterLease(store.client, lambda: True)
    for key in (*keys.TYPES, keys.NAMES, keys.SCRAPER_LOCK):
        guarded.admin.rpush(key, "damaged")

    assert lease.take()
    store.mend()
    quarantine.quarantine(THURSDAY, "40 rows", recorded[THURSDAY])
    quarantine.quarantine(FRIDAY, "40 rows", None)
    quarantine.note_no_list(THURSDAY)
    write_names(store.client, {1: "長和"})
    board.say(state=State.POLLING)
    store.put(recorded[THURSDAY])
    store.put(replace(recorded[FRIDAY], day=THURSDAY))
    assert [held.day for held in quarantine.quarantined()] == [FRIDAY]
    quarantine.release(FRIDAY)
    guarded.admin.delete(keys.DATES)
    assert store.dates() == [THURSDAY]
    guarded.admin.zadd(keys.DATES, {keys.day(FRIDAY): 20260227})
    store.mend_dates()
    assert not WriterLease(store.client, lambda: True).take()
    assert lease.lock.renew()
    assert lease.lock.is_ours()
    lease.check()
    lease.release()

    assert (store.dates(), quarantine.quarantined(), quarantine.no_list()) == ([THURSDAY], [], {})
    assert read_names(store.client) == {1: "長和"}
    assert guarded.admin.xlen(keys.REVISIONS) == 1
    assert not guarded.admin.exists(keys.SCRAPER_LOCK)
    assert guarded.denied() == []


@pytest.fixture
def filled(as_user: AsUser, recorded: Days) -> HoldingsStore:
    """All that a scraper leaves, as the scraper: 38 days, one restated, one quarantined, and names."""
    store = as_user(SCRAPER)
    for holdings in recorded.values():
        store.put(holdings)
    store.put(replace(recorded[THURSDAY], day=FRIDAY))
    Quarantine(store.client).quarantine(date(2026, 2, 13), "40 rows", None)
    Quarantine(store.client).note_no_list(date(2026, 2, 17))
    write_names(store.client, {700: "騰訊控股"})
    StatusBoard(store.client).say(state=State.POLLING, names_read=datetime.now(UTC))
    return store


@pytest.fixture
def page(guarded: Guarded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The dashboard, under its own user."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REDIS_URL", guarded.url(DASHBOARD))
    yield AppTest.from_file(str(Path(dashboard.__file__).with_name("page.py")), default_timeout=60)
    if process.cache_info().currsize:
        process().store_watcher.stop()
        process.cache_clear()
        configured.cache_clear()
    mail_previews.cache_clear()


def test_the_dashboard_needs_no_more(
    filled: HoldingsStore, guarded: Guarded, page: AppTest, recorded: Days
) -> None:
    DeliveryLog(guarded.admin, keys.mail(FRIDAY)).close("ada@example.org", "sent", "<1@example.org>")
    page.run()
    for tab in ("data", "mail"):
        assert messages(choose(page, "tab", tab)) == []
    filled.put(recorded[FRIDAY])
    # The notification is of the watcher's own subscription.
    assert becomes_true(
        lambda: (process().store_watcher.snapshot().data_version or (0, 0))[1] == len(recorded) + 2
    )
    page.run()
    claims = {"sub": "1"}
    process().sign_outs.end(claims, datetime.now(UTC).timestamp() + 60)

    assert process().sign_outs.is_ended(claims)
    assert guarded.admin.exists(keys.signed_out(fingerprint(claims)))
    assert any("騰訊控股" in str(choice) for choice in page.selectbox(key="stock").options)
    assert "ent to 1 reader" in text(page)
    assert guarded.denied() == []


def test_prices_are_the_scrapers_to_write_and_everybodys_to_read(as_user: AsUser, guarded: Guarded) -> None:
    prices = DailyPrices.of(FRIDAY, [Quote(700, "TENCENT", "HKD", TradingState.TRADED, close=441.4)])
    as_user(SCRAPER).market_figures.put(PRICES, prices, "a file", datetime.now(UTC))

    for user in USERS:
        figures = as_user(user).market_figures
        assert len(figures.get_many(PRICES, [FRIDAY])[0]) == len(figures.origins(PRICES, [FRIDAY])) == 1
        assert as_user(user).changes_since("0-0").beside == 1
    assert guarded.denied() == []
    for user in (DASHBOARD, MAILER):
        with pytest.raises(StoreRefused):
            as_user(user).market_figures.put(PRICES, prices, "a file", datetime.now(UTC))


def test_the_mailer_process_needs_no_more(
    filled: HoldingsStore, guarded: Guarded, run: Run, inbox: Inbox
) -> None:
    assert filled.dates()[-1] == FRIDAY

    ended = run("email_automation.py", "--once", REDIS_URL=guarded.url(MAILER))

    assert ended.returncode == 0, ended.stdout
    assert len(inbox.mails) == 1
    assert guarded.denied() == []


def test_the_mailers_loop_and_its_alerts_need_no_more(
    filled: HoldingsStore, guarded: Guarded, as_user: AsUser, inbox: Inbox, recorded: Days
) -> None:
    store = as_user(MAILER)
    email = EmailSettings(
        smtp_server="127.0.0.1",
        smtp_port=inbox.smtp_port,
        smtp_security="none",
        sender="southbound@localhost",
        recipients=("reader@localhost",),
        alerts=("operator@localhost",),
    )
    DeliveryLog(guarded.admin, keys.mail(THURSDAY)).close("reader@localhost", "sent", "<1@localhost>")
    moment, looks = 0.0, 0
    post = SmtpTransport(email)
    alerts = Notifier(
        store,
        post,
        Settings(email=email),
        clock=lambda: moment,
        now=lambda: datetime.fromtimestamp(1_772_000_000 + moment, UTC),
    )
    guarded.admin.set(keys.ALERTS, "damaged")

    def pass_time() -> None:
        nonlocal moment, looks
        moment, looks = moment + 100, looks + 1
        if looks == 3:
            filled.put(recorded[FRIDAY])
            Quarantine(filled.client).release(date(2026, 2, 13))
        if looks == 5:
            raise EndOfTest

    with pytest.raises(EndOfTest):
        keep_looking(
            store, [DailyMailer(store, post, email).look, alerts.look, pass_time, lambda: _ring(filled)]
        )

    told = [mail.recipients[0] for mail in inbox.mails]
    assert told == ["reader@localhost", *["operator@localhost"] * 2]
    assert guarded.admin.hlen(keys.ALERTS) == 0
    assert guarded.denied() == []


def _ring(store: HoldingsStore) -> None:
    """Another message, so that the loop need not wait for its slow timer."""
    store.client.publish(store.channel, str(THURSDAY))


FORBIDDEN_TO_ALL = [
    ("FLUSHALL",),
    ("FLUSHDB",),
    ("CONFIG", "GET", "*"),
    ("KEYS", "*"),
    ("ACL", "LIST"),
    ("SHUTDOWN",),
    ("MONITOR",),
    ("SAVE",),
    ("EVAL", "return 1", "0"),
    ("CLIENT", "LIST"),
    ("PSUBSCRIBE", "*"),
    ("RENAME", "2026-02-27", "2026-02-26"),
    ("DEL", "2026-02-27"),
    ("UNLINK", "2026-02-27"),
    ("GETDEL", "2026-02-27"),
    ("GETEX", "2026-02-27", "PX", "1"),
    ("EXPIRE", "2026-02-27", "1"),
    ("PEXPIRE", "2026-02-27", "1"),
    ("EXPIREAT", "2026-02-27", "1"),
    ("PEXPIREAT", "2026-02-27", "1"),
    ("PSETEX", "2026-02-27", "1", "x"),
    ("SETEX", "2026-02-27", "1", "x"),
    ("COPY", "southbound:version", "2026-02-27", "REPLACE"),
    ("MOVE", "2026-02-27", "1"),
    ("EVALSHA", "0" * 40, "0"),
    ("SCRIPT", "LOAD", "return 1"),
    ("SET", "southbound:else", "x"),
    ("MGET", "another"),
    ("SUBSCRIBE", "another"),
]
FORBIDDEN_TO_READERS = [
    ("SET", "2026-02-27", "{}"),
    ("ZADD", "southbound:dates", "20260227", "2026-02-27"),
    ("ZREM", "southbound:dates", "2026-02-27"),
    ("INCRBY", "southbound:version", "1"),
    ("HSET", "southbound:status", "state", "polling"),
    ("HSET", "southbound:names", "1", "x"),
    ("HSET", "southbound:quarantine:2026-02-27", "reason", "x"),
    ("SET", "southbound:lock:scraper", "me"),
    ("PUBLISH", "data_updated", "2026-02-27"),
    ("XADD", "southbound:revisions", "*", "date", "2026-02-27"),
]
FORBIDDEN = {
    SCRAPER: [
        ("HGETALL", "southbound:mail:2026-02-27"),
        ("HSET", "southbound:mail:2026-02-27", "a", "b"),
        ("HGETALL", "southbound:alerts"),
        ("PUBLISH", "another", "x"),
        ("SUBSCRIBE", "data_updated"),
        ("SET", "another", "x"),
    ],
    DASHBOARD: [
        *FORBIDDEN_TO_READERS,
        ("HSET", "southbound:mail:2026-02-27", "a", "b"),
        ("HGETALL", "southbound:alerts"),
        ("MGET", "southbound:lock:scraper"),
    ],
    MAILER: [
        *FORBIDDEN_TO_READERS,
        ("DEL", "southbound:mail:2026-02-27"),
        ("HGETALL", "southbound:names"),
        ("MGET", "southbound:lock:scraper"),
    ],
}


@pytest.mark.parametrize("user", USERS)
def test_nobody_can_do_what_it_need_not(user: str, guarded: Guarded) -> None:
    with redis.Redis.from_url(guarded.url(user)) as client:
        for command in (*FORBIDDEN_TO_ALL, *FORBIDDEN[user]):
            with pytest.raises(redis.exceptions.NoPermissionError):
                client.execute_command(*command)


@pytest.mark.parametrize("user", [DASHBOARD, MAILER])
def test_a_reader_finds_the_dates_though_their_set_is_missing_and_not_its_to_write(
    user: str, filled: HoldingsStore, guarded: Guarded, as_user: AsUser, recorded: Days
) -> None:
    assert filled.dates()
    guarded.admin.delete(keys.DATES)

    assert as_user(user).dates() == sorted(recorded)

    assert not guarded.admin.exists(keys.DATES)
    with pytest.raises(StoreRefused, match=f"the user {user} lacks a right, see docs/store-users.acl"):
        as_user(user).put(recorded[FRIDAY])


def test_what_a_scrapers_rights_leave_over_is_found(filled: HoldingsStore, guarded: Guarded) -> None:
    filled.client.set(str(FRIDAY), "x", px=1)
    assert becomes_true(lambda: not guarded.admin.exists(str(FRIDAY)))

    assert filled.vanished() == [FRIDAY]
    filled.mend_dates()

    assert Quarantine(filled.client).vanished().keys() == {FRIDAY}
    assert guarded.denied() == []
    documented = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert "The scraper can replace a day, also by one that expires" in documented
