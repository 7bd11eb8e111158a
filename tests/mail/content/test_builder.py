"""What a mail takes from the store beside the figures."""

import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from lxml import html

from southbound.common.errors import MailNotPossible
from southbound.config.settings import EmailSettings
from southbound.config.watchlists import Watchlist
from southbound.mail.content import builder
from southbound.mail.content.builder import MailBuilder
from southbound.mail.preview import MailPreviews
from southbound.market.daily_holdings import DailyHoldings
from southbound.store import keys
from southbound.store.delivery_log import DeliveryLog
from southbound.store.holdings_store import HoldingsStore
from southbound.store.quarantine import Quarantine
from southbound.system.apart import apart

Days = Mapping[date, DailyHoldings]
WEDNESDAY, THURSDAY, FRIDAY = date(2026, 2, 25), date(2026, 2, 26), date(2026, 2, 27)
ANYBODY = EmailSettings()


@pytest.fixture
def week(store: HoldingsStore, recorded: Days) -> HoldingsStore:
    """The last six recorded days."""
    for day in sorted(recorded)[-6:]:
        store.put(recorded[day])
    return store


def restated(holdings: DailyHoldings, rows: int) -> DailyHoldings:
    """The same day with other shares in some rows."""
    shares = [held + (at < rows) for at, held in enumerate(holdings.shares.tolist())]
    percents = [None if percent != percent else percent for percent in holdings.percents.tolist()]  # noqa: PLR0124 - NaN
    return DailyHoldings.of(holdings.day, holdings.codes.tolist(), holdings.names, shares, percents)


def sent_a_minute_ago(store: HoldingsStore, day: date, recipient: str = "ada@example.org") -> None:
    deliveries = DeliveryLog(store.client, keys.mail(day))
    now = deliveries._now
    deliveries._now = lambda: now() - 60  # type: ignore[method-assign]
    deliveries.close(recipient, "sent", "<1@example.org>")


def parsed(page: str) -> Any:
    return html.document_fromstring(page)


def test_what_is_missing_is_told_with_its_reason(store: HoldingsStore, recorded: Days) -> None:
    for day in sorted(recorded)[-6:]:
        if day not in {date(2026, 2, 23), date(2026, 2, 24), WEDNESDAY}:
            store.put(recorded[day])
    store.put(recorded[date(2026, 2, 24)])
    store.client.set("2026-02-24", "{}")
    quarantine = Quarantine(store.client)
    quarantine.note_no_list(date(2026, 2, 23))
    quarantine.quarantine(WEDNESDAY, "12 rows, want 300", None)

    mail = MailBuilder(store, ANYBODY).mail(FRIDAY)

    told = (
        "Missing from the figures: Mon 23 Feb 2026 (HKEXnews has no list for it); Tue 24 Feb 2026 "
        "(damaged in the store until the scraper's next start reads it again); "
        "Wed 25 Feb 2026 (in quarantine: 12 rows, want 300)."
    )
    assert told in mail.text
    assert told in parsed(mail.html).text_content()


def test_each_recipient_is_told_of_the_stocks_of_their_own_and_of_those_for_all(week: HoldingsStore) -> None:
    settings = EmailSettings(
        recipients=("ada@example.org", "bob@example.org"),
        watchlist=(2800,),
        watchlists=(Watchlist("ada@example.org", (700, 5)),),
    )
    builder = MailBuilder(week, settings)

    adas, bobs = (builder.mail_for(FRIDAY, recipient) for recipient in settings.recipients)

    lines = adas.text.partition("Your watchlist")[2].splitlines()
    assert [line[2:7] for line in lines if line[2:7].isdigit()][:3] == ["00700", "00005", "02800"]
    assert "TENCENT" not in bobs.text.partition("Your watchlist")[2].partition("\n\n\n")[0]
    # Whoever has the same list has the same mail, written once.
    assert builder.mail_for(FRIDAY, "eve@example.org") is bobs


def test_of_a_whole_week_nothing_is_told(week: HoldingsStore) -> None:
    mail = MailBuilder(week, ANYBODY).mail(FRIDAY)

    assert "Missing" not in mail.text
    assert "Restated" not in mail.text


def test_what_was_restated_since_the_last_mail_is_told_once(week: HoldingsStore, recorded: Days) -> None:
    week.put(restated(recorded[THURSDAY], 5))
    assert "Restated" not in MailBuilder(week, ANYBODY).mail(FRIDAY).text
    sent_a_minute_ago(week, THURSDAY)
    week.put(restated(recorded[WEDNESDAY], 1))

    mail = MailBuilder(week, ANYBODY).mail(FRIDAY)

    told = (
        "Restated since the last mail: Thu 26 Feb 2026 (5 stocks changed), Wed 25 Feb 2026 (1 stock changed)."
    )
    assert told in mail.text
    assert told in parsed(mail.html).text_content()


def test_what_was_restated_after_a_mail_is_not_in_it_but_in_the_next(
    week: HoldingsStore, recorded: Days
) -> None:
    sent_a_minute_ago(week, WEDNESDAY)
    sent_a_minute_ago(week, THURSDAY)

    week.put(restated(recorded[WEDNESDAY], 2))

    assert "Restated" not in MailBuilder(week, ANYBODY).mail(THURSDAY).text
    assert "Wed 25 Feb 2026 (2 stocks changed)" in MailBuilder(week, ANYBODY).mail(FRIDAY).text


def test_what_a_mail_says_of_missing_days_is_what_holds_when_it_is_asked_for(
    store: HoldingsStore, recorded: Days
) -> None:
    for day in sorted(recorded)[-6:]:
        if day != WEDNESDAY:
            store.put(recorded[day])
    builder, quarantine = MailBuilder(store, ANYBODY), Quarantine(store.client)
    assert "Wed 25 Feb 2026 (not read yet)" in builder.mail(FRIDAY).text

    quarantine.note_no_list(WEDNESDAY)
    assert "Wed 25 Feb 2026 (HKEXnews has no list for it)" in builder.mail(FRIDAY).text
    quarantine.quarantine(WEDNESDAY, "12 rows", None)
    assert "Wed 25 Feb 2026 (in quarantine: 12 rows)" in builder.mail(FRIDAY).text
    store.put(recorded[WEDNESDAY])
    assert "Missing" not in builder.mail(FRIDAY).text
    assert builder.mail(FRIDAY) is builder.mail(FRIDAY)


def test_names_are_harmless_in_text_page_and_pictures(store: HoldingsStore) -> None:
    names = ["ONE\nSubject: two\r\n\r\nthree", "A\x00B\x1b[31m\u202eC", "騰訊\u2028控股 <b>&\"'"]
    codes = [1, 2, 3]
    store.put(DailyHoldings.of(THURSDAY, codes, names, [100] * 3, [1.0] * 3))
    store.put(DailyHoldings.of(FRIDAY, codes, names, [201, 202, 203], [1.1] * 3))

    mail = MailBuilder(store, EmailSettings(watchlist=(1, 2, 3))).mail(FRIDAY)

    page = parsed(mail.html).text_content()
    for clean in ("ONE Subject: two three", "A B [31mC", "騰訊 控股 <b>&\"'"):
        assert clean in mail.text
        assert clean in page
    assert mail.text.isprintable() or set(filter(lambda c: not c.isprintable(), mail.text)) == {"\n"}
    assert "\n" not in mail.subject


def test_a_day_that_is_not_there_or_damaged_has_no_letter(week: HoldingsStore) -> None:
    week.client.set("2026-02-27", "[]")

    with pytest.raises(MailNotPossible, match="2026-02-27 is damaged"):
        MailBuilder(week, ANYBODY).mail(FRIDAY)
    with pytest.raises(MailNotPossible, match="2026-02-28 is not in the store"):
        MailBuilder(week, ANYBODY).mail(date(2026, 2, 28))


def test_the_newest_mail_stands_alone_and_names_no_recipient(week: HoldingsStore) -> None:
    before = MailPreviews(week, ANYBODY).newest()
    sent_a_minute_ago(week, FRIDAY)
    sent_a_minute_ago(week, FRIDAY, "bob@example.org")
    DeliveryLog(week.client, keys.mail(FRIDAY)).close("eve@example.org", "refused", "<1@example.org>")

    after = MailPreviews(week, ANYBODY).newest()

    assert before is not None
    assert after is not None
    assert (before.day, before.sent, before.taken) == (FRIDAY, None, 0)
    assert (after.day, after.taken) == (FRIDAY, 2)
    assert after.sent is not None
    assert 0 <= time.time() - after.sent.timestamp() - 60 < 30
    pictures = parsed(after.page).xpath("//img/@src")
    assert len(pictures) == 3
    assert all(source.startswith("data:image/png;base64,") for source in pictures)
    assert "example.org" not in after.page


def test_an_empty_store_has_no_newest_mail(store: HoldingsStore) -> None:
    assert MailPreviews(store, ANYBODY).newest() is None


def test_another_process_writes_the_same_mail_from_the_same_store(
    week: HoldingsStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = MailBuilder(week, ANYBODY).mail(FRIDAY)
    monkeypatch.setattr(builder, "apart", apart)
    mails = MailBuilder(week, ANYBODY)

    written = mails.mail(FRIDAY)

    assert written == here
    assert mails.mail(FRIDAY) is written


def test_what_that_process_cannot_do_is_said_here(
    week: HoldingsStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builder, "apart", apart)

    with pytest.raises(MailNotPossible, match="2026-02-13 is not in the store"):
        MailBuilder(week, ANYBODY).mail(date(2026, 2, 13))


def test_whoever_sends_mails_holds_nothing_that_draws_them() -> None:
    program = """
import sys, southbound.mail.app
print(*{"matplotlib", "PIL", "jinja2", "css_inline", "pandas", "pyarrow"} & set(sys.modules), "none else")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert done.stdout == "none else\n", done.stderr
