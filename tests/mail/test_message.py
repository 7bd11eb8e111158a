"""The mail as a whole: parts, headers, pictures, and names that try to be something else."""

from collections.abc import Mapping
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from matplotlib.image import imread

from southbound.history import History
from southbound.holdings import DailyHoldings
from southbound.mail.message import Letter, addressed, letter, message_id, write_preview
from southbound.mail.report import report
from southbound.wording import MINUS

DAY, BEFORE = date(2026, 2, 26), date(2026, 2, 25)
HOSTILE = [
    'A&B <b>BOLD</b> "Q"',
    "$E=mc^2$ {{ 7*7 }} %s",
    "騰訊控股",
    "</td><script>alert(1)</script>",
    "=1+1",
]


@pytest.fixture(scope="module")
def recorded_letter(recorded: Mapping[date, DailyHoldings]) -> Letter:
    return letter(report(History.of(recorded.values()), DAY))


@pytest.fixture(scope="module")
def hostile_letter() -> Letter:
    codes = list(range(1, 1 + len(HOSTILE)))
    old = DailyHoldings.of(BEFORE, codes, HOSTILE, [100] * len(codes), [1.0] * len(codes))
    new = DailyHoldings.of(DAY, codes, HOSTILE, [200 + code for code in codes], [2.0] * len(codes))
    return letter(report(History.of([old, new]), DAY))


def as_received(letter: Letter) -> EmailMessage:
    mail = addressed(letter, "southbound@example.org", "ada@example.org")
    return message_from_bytes(mail.as_bytes(), policy=policy.default)


def parsed(page: str) -> Any:
    return html.document_fromstring(page)


def page_of(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_the_subject_has_the_date_and_the_headline_figure(recorded_letter: Letter) -> None:
    assert as_received(recorded_letter)["Subject"] == (
        "Southbound Thu 26 Feb 2026: 300 rose, 403 fell, 03033 +307.8M shares"
    )


def test_it_is_marked_as_sent_by_a_program_and_has_a_date(recorded_letter: Letter) -> None:
    mail = as_received(recorded_letter)

    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime.tzinfo is not None
    assert mail["To"] == "ada@example.org"


def test_the_same_day_and_recipient_have_the_same_message_id(recorded_letter: Letter) -> None:
    first, again = as_received(recorded_letter), as_received(recorded_letter)

    assert (
        first["Message-ID"]
        == again["Message-ID"]
        == message_id(DAY, "southbound@example.org", "ada@example.org")
    )
    assert message_id(DAY, "southbound@example.org", "bob@example.org") != first["Message-ID"]
    assert message_id(BEFORE, "southbound@example.org", "ada@example.org") != first["Message-ID"]
    assert "ada" not in first["Message-ID"]


def test_text_and_page_have_the_same_movers(recorded_letter: Letter) -> None:
    mail = as_received(recorded_letter)
    shown = " ".join(parsed(page_of(mail)).text_content().split())

    for wanted in ("CSOP HANG SENG TECH INDEX ETF", "+307.8M", "10,713,671,400", f"{MINUS}111.3M", "09611"):
        assert wanted in shown
        assert wanted in text_of(mail)


def test_every_picture_is_in_the_mail_and_referred_to(recorded_letter: Letter) -> None:
    mail = as_received(recorded_letter)
    referred = parsed(page_of(mail)).xpath("//img/@src")
    pictures = {f"cid:{part['Content-ID'][1:-1]}": part for part in mail.walk() if part["Content-ID"]}

    assert len(referred) == 3
    assert set(referred) == set(pictures)
    for part in pictures.values():
        height, width, _ = imread(BytesIO(part.get_content())).shape
        assert width > 600
        assert height > 300


def test_every_picture_has_a_text_in_its_place(recorded_letter: Letter) -> None:
    texts = parsed(recorded_letter.html).xpath("//img/@alt")

    assert len(texts) == 3
    assert all("below" in text for text in texts)


def test_nothing_is_loaded_from_elsewhere(recorded_letter: Letter) -> None:
    assert "http" not in recorded_letter.html


def test_the_whole_mail_stays_small(recorded_letter: Letter) -> None:
    assert len(addressed(recorded_letter, "southbound@example.org", "ada@example.org").as_bytes()) < 400_000


def test_dark_mode_and_inlined_styles_are_both_there(recorded_letter: Letter) -> None:
    page = parsed(recorded_letter.html)

    assert "prefers-color-scheme: dark" in recorded_letter.html
    assert page.xpath("//td[contains(@class, 'rise')]/@style")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_arrives_intact_and_harmless(name: str, hostile_letter: Letter) -> None:
    mail = as_received(hostile_letter)
    page = parsed(page_of(mail))

    assert name in page.text_content()
    assert name in text_of(mail)
    assert not page.xpath("//script")


def test_with_one_day_alone_nothing_is_called_new(recorded: Mapping[date, DailyHoldings]) -> None:
    alone = letter(report(History.of([recorded[DAY]]), DAY))

    assert "nothing to compare" in alone.text
    assert "New on the list" not in alone.text + alone.html
    assert not alone.pictures


def test_the_preview_is_the_mail_and_a_page_that_finds_its_pictures(
    recorded_letter: Letter, tmp_path: Path
) -> None:
    mail = addressed(recorded_letter, "southbound@example.org", "ada@example.org")

    files = write_preview(recorded_letter, mail, tmp_path / "new folder")

    assert (tmp_path / "new folder" / "southbound-2026-02-26.eml").read_bytes() == mail.as_bytes()
    page = parsed((tmp_path / "new folder" / "southbound-2026-02-26.html").read_text(encoding="utf-8"))
    for source in page.xpath("//img/@src"):
        assert (tmp_path / "new folder" / source) in files
