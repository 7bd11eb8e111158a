"""Each kind of loss is found, and what is lawful is not taken for one. By made-up days and mails."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from replay.figures import Day, Row
from tools.soak import invariants
from tools.soak.invariants import COLUMNS, FSYNC_SECONDS, LEFT_OPEN_SECONDS, NOTED_SECONDS, Sent
from tools.soak.journal import Flush

THURSDAY, FRIDAY = date(2026, 2, 26), date(2026, 2, 27)
TENCENT, HSBC = Row(700, "TENCENT", 1_234_000, "3.07"), Row(5, "HSBC", 55_000, "")
ADA, BOB = "ada@example.org", "bob@example.org"
NOON = datetime(2026, 2, 28, 12, tzinfo=UTC)
WELL = {
    "state": "polling",
    "breaker": "closed",
    "last_error": "",
    "heartbeat": "2026-02-28T11:59:55+00:00",
}


def day_of(day: date, *rows: Row) -> Day:
    return Day(day, rows or (HSBC, TENCENT))


def stored(day: Day, **changes: Any) -> str:
    """The day as the store should have it."""
    rows = [[row.code, row.name, row.shares, float(row.percent) if row.percent else None] for row in day.rows]
    return json.dumps({"columns": COLUMNS, "index": list(range(len(rows))), "data": rows, **changes})


def shown(*days: Day) -> Mapping[date, Sequence[Day]]:
    return {day.date: [day] for day in days}


def mail(when: float = 0.0, to: str = ADA, day: date = FRIDAY, **changes: Any) -> Sent:
    """A mail that is right."""
    text = (
        "Mainland investors held 2 Hong Kong stocks through Stock Connect.\n"
        "  +1.00M  00700 TENCENT, 1,234,000 shares, 3.07%\n  00005 HSBC, 55,000 shares, –\n"  # noqa: RUF001
    )
    subject = f"Southbound {invariants.in_words(day)}: 1 rose, 1 fell"
    return replace(Sent(when, to, f"<{day}.{to}>", subject, text), **changes)


def test_all_is_well_when_the_store_has_what_the_site_has() -> None:
    days = [day_of(THURSDAY), day_of(FRIDAY)]
    texts = {day.date: stored(day) for day in days}

    assert list(invariants.lost_days(texts, shown(*days))) == []
    assert list(invariants.extra_days(texts, shown(*days))) == []
    assert list(invariants.wrong_days(texts, shown(*days))) == []


def test_a_missing_day_is_found() -> None:
    assert list(invariants.lost_days([THURSDAY], [THURSDAY, FRIDAY])) == ["2026-02-27 is not stored"]


def test_a_day_that_the_site_never_had_is_found() -> None:
    saturday = date(2026, 2, 28)

    [line] = invariants.extra_days([FRIDAY, saturday], [FRIDAY])

    assert line == "2026-02-28 is stored, and the site never had it"


@pytest.mark.parametrize(
    "row",
    [
        replace(TENCENT, shares=1_234_001),
        replace(TENCENT, percent="3.08"),
        replace(TENCENT, percent=""),
        replace(TENCENT, name="TENCENT HOLDINGS"),
        replace(TENCENT, code=701),
    ],
    ids=["shares", "percent", "blank", "name", "code"],
)
def test_a_wrong_figure_is_found(row: Row) -> None:
    texts = {FRIDAY: stored(day_of(FRIDAY, HSBC, row))}

    [line] = invariants.wrong_days(texts, shown(day_of(FRIDAY)))

    assert line.startswith("2026-02-27 is not as the site has it: 2 rows, want 2; 1 differ")


@pytest.mark.parametrize("rows", [(HSBC,), (TENCENT, HSBC)], ids=["a row less", "in another order"])
def test_a_list_that_is_not_whole_or_not_sorted_is_found(rows: tuple[Row, ...]) -> None:
    assert list(invariants.wrong_days({FRIDAY: stored(day_of(FRIDAY, *rows))}, shown(day_of(FRIDAY))))


@pytest.mark.parametrize("text", ["{", "[]", "null", stored(day_of(FRIDAY), columns=["Stock Code"])])
def test_a_value_that_is_no_day_is_found(text: str) -> None:
    [line] = invariants.wrong_days({FRIDAY: text}, shown(day_of(FRIDAY)))

    assert line.startswith("2026-02-27 cannot be read")


def test_the_newest_day_must_be_as_it_was_restated_and_an_older_one_may_be_as_it_was() -> None:
    """The newest day alone is read again."""
    versions = [day_of(THURSDAY), day_of(THURSDAY, HSBC)]
    texts = {THURSDAY: stored(versions[0])}

    assert list(invariants.wrong_days(texts, {THURSDAY: versions}))
    assert not list(invariants.wrong_days(texts, {THURSDAY: versions, FRIDAY: [day_of(FRIDAY)]}))


def test_a_date_without_a_key_and_a_key_without_a_date_are_found() -> None:
    assert list(invariants.wrong_list(["2026-02-26"], [FRIDAY])) == [
        "2026-02-26 is listed, and has no key",
        "2026-02-27 has a key, and is not listed",
    ]


def test_a_missing_mail_is_found() -> None:
    sent = [mail(to=ADA), mail(to=BOB, day=THURSDAY)]

    assert list(invariants.not_mailed(sent, [FRIDAY], [ADA, BOB])) == [f"2026-02-27 was not mailed to {BOB}"]


def test_one_mail_for_each_date_and_recipient_is_as_it_should_be() -> None:
    sent = [mail(1.0, ADA), mail(1.0, BOB), mail(2.0, ADA, THURSDAY)]

    assert list(invariants.mailed_twice(sent, [], [])) == []


def test_a_day_mailed_twice_is_found() -> None:
    [line] = invariants.mailed_twice([mail(1.0), mail(50.0)], [], [])

    assert line.startswith(f"2026-02-27 to {ADA}: sent again")


@pytest.mark.parametrize(
    ("first", "mailer_kills", "store_kills"),
    [
        (mail(1.0, answered=False), [], []),
        (mail(1.0), [1.5], []),
        (mail(1.0), [], [1.5]),
    ],
    ids=["not answered", "e-mailer killed", "store killed"],
)
def test_a_second_mail_is_lawful_where_smtp_or_the_disk_leave_it_open(
    first: Sent, mailer_kills: list[float], store_kills: list[float]
) -> None:
    assert list(invariants.mailed_twice([first, mail(60.0)], mailer_kills, store_kills)) == []


@pytest.mark.parametrize(
    ("mailer_kills", "store_kills"),
    [
        ([9.0], []),
        ([11.0 + LEFT_OPEN_SECONDS], []),
        ([], [9.0]),
        ([], [11.0 + NOTED_SECONDS + FSYNC_SECONDS]),
    ],
)
def test_what_was_killed_before_the_mail_or_long_after_it_makes_a_second_one_no_better(
    mailer_kills: list[float], store_kills: list[float]
) -> None:
    assert list(invariants.mailed_twice([mail(10.0), mail(60.0)], mailer_kills, store_kills))


def test_a_store_that_lost_its_notes_may_have_the_newest_mail_sent_again_and_no_older_one() -> None:
    sent = [mail(10.0), mail(60.0)]

    assert list(invariants.mailed_twice(sent, [], [], [Flush(30.0, 30.0, [THURSDAY, FRIDAY])])) == []
    assert list(invariants.mailed_twice(sent, [], [], [Flush(30.0, 30.0, [THURSDAY])]))
    assert list(invariants.mailed_twice(sent, [], [], [Flush(61.0, 61.0, [FRIDAY])]))
    assert list(invariants.mailed_twice(sent, [], [], [Flush(5.0, 5.0, [FRIDAY])]))


def test_a_second_mail_with_another_message_id_is_never_lawful() -> None:
    sent = [mail(1.0, answered=False), mail(60.0, message_id="<another>")]

    [line] = invariants.mailed_twice(sent, [1.5], [])

    assert "not all with one Message-ID" in line


def test_a_message_to_the_operator_is_told_from_another_and_may_not_come_twice() -> None:
    began, ended = (
        mail(1.0, subject="the site fails", message_id=f"<{news}>") for news in ("began", "ended")
    )

    assert list(invariants.mailed_twice([began, ended], [], [])) == []
    assert list(invariants.mailed_twice([began, replace(began, when=9.0)], [], []))


def test_a_mail_with_the_figures_of_the_day_is_right() -> None:
    assert list(invariants.wrong_mails([mail()], shown(day_of(FRIDAY)), [])) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1,234,000 shares", "1,235,000 shares"),
        ("3.07%", "3.70%"),
        ("55,000 shares, –", "55,000 shares, 0.00%"),  # noqa: RUF001
        ("held 2 Hong", "held 3 Hong"),
        ("Mainland investors held 2 Hong Kong stocks", ""),
    ],
)
def test_a_wrong_figure_in_a_mail_is_found(old: str, new: str) -> None:
    wrong = mail(text=mail().text.replace(old, new))

    assert wrong.text != mail().text
    assert len(list(invariants.wrong_mails([wrong], shown(day_of(FRIDAY)), []))) == 1


def test_a_mail_that_names_no_stock_is_found_unless_nothing_changed() -> None:
    empty = mail(text="Mainland investors held 2 Hong Kong stocks.")
    quiet = mail(text="Mainland investors held 2 Hong Kong stocks. Not one holding changed.")

    assert list(invariants.wrong_mails([empty], shown(day_of(FRIDAY)), []))
    assert not list(invariants.wrong_mails([quiet], shown(day_of(FRIDAY)), []))


def test_a_mail_of_a_day_that_does_not_exist_is_found() -> None:
    assert list(invariants.wrong_mails([mail(day=date(2026, 2, 28))], shown(day_of(FRIDAY)), []))


def test_a_mail_may_have_any_figures_that_the_site_has_shown_and_a_stock_that_left_its_last_ones() -> None:
    restated = day_of(FRIDAY, HSBC, replace(TENCENT, shares=1))
    with_one_gone = mail(text=mail().text + "\n  00001 GONE, 999 shares, 9.99%")

    assert list(invariants.wrong_mails([mail()], {FRIDAY: [day_of(FRIDAY), restated]}, [])) == []
    assert list(invariants.wrong_mails([with_one_gone], shown(day_of(FRIDAY)), [])) == []


def test_a_stock_that_stands_under_two_codes_is_not_compared() -> None:
    added_up = mail(text=mail().text.replace("1,234,000", "1,400,000"))

    assert list(invariants.wrong_mails([added_up], shown(day_of(FRIDAY)), [700])) == []


def test_a_page_that_is_behind_is_found() -> None:
    pages = {"one": "Shareholdings of Fri 27 Feb 2026", "other": "Shareholdings of Thu 26 Feb 2026"}

    [line] = invariants.behind(pages, FRIDAY)

    assert line.startswith("other does not show Fri 27 Feb 2026")


def test_a_quiet_scraper_is_well() -> None:
    assert list(invariants.ill(WELL, NOON.timestamp(), [])) == []
    assert list(invariants.ill(WELL | {"state": "waiting"}, NOON.timestamp(), [])) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "failing"},
        {"breaker": "open"},
        {"last_error": "HTTP 503"},
        {"heartbeat": "2026-02-28T11:50:00+00:00"},
        {"heartbeat": "2026-03-03T12:00:00+00:00"},
        {"heartbeat": ""},
    ],
)
def test_a_scraper_that_is_not_well_is_found(changes: dict[str, str]) -> None:
    assert len(list(invariants.ill(WELL | changes, NOON.timestamp(), []))) == 1


def test_a_quarantine_that_is_left_over_is_found() -> None:
    key = "southbound:quarantine:2026-02-27"

    assert list(invariants.ill(WELL, NOON.timestamp(), [key])) == [f"still there: {key}"]


def ledger(**states: str) -> dict[str, str]:
    return {f"{name}@example.org": json.dumps({"state": state}) for name, state in states.items()}


def test_the_newest_day_must_be_sent_to_everybody() -> None:
    ledgers = {FRIDAY: ledger(ada="sent", bob="claimed")}

    assert list(invariants.in_nobodys_hands(ledgers, FRIDAY, 1, [])) == [
        f"the mail of 2026-02-27 to {BOB} is claimed, not sent"
    ]


def test_a_killed_e_mailer_leaves_one_claim_and_no_more() -> None:
    ledgers = {THURSDAY: ledger(ada="claimed", bob="claimed"), FRIDAY: ledger(ada="sent")}

    assert not list(invariants.in_nobodys_hands(ledgers, FRIDAY, 2, []))
    assert list(invariants.in_nobodys_hands(ledgers, FRIDAY, 1, []))


def test_a_recipient_is_given_up_only_if_the_mail_server_has_refused_it() -> None:
    ledgers = {THURSDAY: ledger(bob="refused")}

    assert not list(invariants.in_nobodys_hands(ledgers, FRIDAY, 0, [BOB]))
    assert list(invariants.in_nobodys_hands(ledgers, FRIDAY, 0, [ADA]))


def test_the_mails_are_counted_with_those_that_came_again() -> None:
    sent = [mail(1.0), mail(2.0), mail(3.0, day=THURSDAY), mail(4.0, subject="the site fails")]

    assert invariants.counted(sent) == "4 mails of 2 days, 1 of them again"


def test_a_false_alarm_is_found() -> None:
    alarms = [
        mail(subject="Southbound: the scraper is silent"),
        mail(subject="Southbound: the list of Fri 27 Feb 2026 is in quarantine"),
    ]

    assert list(invariants.false_alarms([*alarms, mail()])) == [
        f"'Southbound: the scraper is silent' to {ADA}"
    ]


def test_a_store_may_lose_what_it_took_right_before_it_was_killed_and_no_more() -> None:
    """It says 3 again after it had said 4 at 13 and 3 at 12."""
    acknowledged = [(10.0, 1), (11.0, 2), (12.0, 3), (13.0, 4), (20.0, 3), (21.0, 4)]

    assert list(invariants.lost_writes(acknowledged, [13.5])) == []
    assert list(invariants.lost_writes(acknowledged, [14.5])) == [
        "write 3, acknowledged at 12.0, was gone at 20.0"
    ]
    assert len(list(invariants.lost_writes(acknowledged, []))) == 2


def test_a_store_that_was_emptied_on_purpose_has_lost_what_it_had_by_then_and_no_more() -> None:
    acknowledged = [(10.0, 1), (11.0, 2), (20.0, 1), (21.0, 2)]

    assert list(invariants.lost_writes(acknowledged, [], [Flush(15.0, 15.0, [])])) == []
    assert len(list(invariants.lost_writes(acknowledged, [], [Flush(9.0, 9.0, [])]))) == 2
    assert len(list(invariants.lost_writes(acknowledged, [], [Flush(20.5, 20.5, [])]))) == 2


def test_what_was_taken_while_a_store_was_being_emptied_may_be_lost() -> None:
    """Its answer to the command can come after its answers to writes before and after it."""
    acknowledged = [(10.0, 1), (11.0, 2), (12.0, 1)]

    assert list(invariants.lost_writes(acknowledged, [], [Flush(10.9, 12.1, [])])) == []


def test_a_store_that_counts_on_has_lost_nothing() -> None:
    assert list(invariants.lost_writes([(10.0, 1), (11.0, 2), (30.0, 3)], [12.0])) == []


def test_missing_names_are_found_but_for_those_of_a_few_new_stocks() -> None:
    rows = [Row(code, "NAME", 1, "") for code in range(1, 101)]
    newest = Day(FRIDAY, tuple(rows))

    assert list(invariants.lost_names([str(code) for code in range(1, 95)], newest)) == []
    assert list(invariants.lost_names([str(code) for code in range(1, 41)], newest)) == [
        "60 of the 100 stocks have no Chinese name"
    ]


PRICES: Mapping[str, Sequence[Any]] = {
    "code": [5, 700],
    "close": [98.5, 512.0],
    "shares_traded": [10, None],
    "turnover": [985, None],
}
SSE: dict[str, Any] = {"channel": "SSE", "buy": 7, "sell": 5}
SZSE: dict[str, Any] = {"channel": "SZSE", "buy": None, "sell": None}
TURNOVER = {"channels": [SSE, SZSE]}
SHORT: dict[str, Any] = {"code": [700], "shares": [36_000], "value": [1]}
TRUE: Mapping[str, Mapping[str, Any]] = {
    "prices": {"5": [98.5, 10, 985], "700": [512.0, None, None]},
    "turnover": {"SSE": [7, 5], "SZSE": [None, None]},
    "short": {"700": [36_000]},
}


def true_files(source: str, day: date) -> Mapping[str, Any]:
    if day != FRIDAY:
        raise KeyError(day)
    return TRUE[source]


def wrong(source: str, figures: Mapping[str, Any], day: date = FRIDAY) -> list[str]:
    return list(invariants.wrong_files({source: {day: json.dumps(figures)}}, true_files))


def test_figures_that_are_those_of_their_file_are_right() -> None:
    assert wrong("prices", PRICES) == wrong("turnover", TURNOVER) == wrong("short", SHORT) == []
    assert wrong("short", SHORT | {"shares": [None]}) == []


@pytest.mark.parametrize(
    ("source", "figures"),
    [
        ("prices", {**PRICES, "close": [98.5, 5.12]}),
        ("prices", {**PRICES, "turnover": [985, 0]}),
        ("prices", {name: cells[:1] for name, cells in PRICES.items()}),
        ("prices", {"code": [5, 700]}),
        ("turnover", {"channels": [SSE]}),
        ("turnover", {"channels": [SSE | {"buy": 5, "sell": 7}, SZSE]}),
        ("short", SHORT | {"shares": [36]}),
        ("short", SHORT | {"code": [], "shares": []}),
    ],
)
def test_a_figure_that_is_not_its_files_is_found(source: str, figures: Mapping[str, Any]) -> None:
    [line] = wrong(source, figures)

    assert line.startswith(f"{source} of 2026-02-27: ")


def test_figures_of_a_day_without_a_file_are_found() -> None:
    assert wrong("short", SHORT, THURSDAY) == ["short of 2026-02-26: KeyError(datetime.date(2026, 2, 26))"]


def test_a_source_that_has_not_caught_up_is_found() -> None:
    stored_days = {"prices": [THURSDAY, FRIDAY], "turnover": [THURSDAY], "short": []}

    assert list(invariants.not_caught_up(stored_days, {"prices": FRIDAY, "turnover": FRIDAY})) == [
        "turnover of 2026-02-27 are not stored; the newest are of 2026-02-26"
    ]
