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

from southbound.mail.content.message import RenderedMail, addressed, message_id, write_preview
from southbound.mail.content.render import rendered
from southbound.mail.content.report import report
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.presentation.formatting import MINUS, NONE
from southbound.presentation.links import Links
from tests import by_hand
from tests.conftest import recording

DAY, BEFORE = date(2026, 2, 26), date(2026, 2, 25)
NO_LINKS = Links(None, DAY)
HOSTILE = [
    'A&B <b>BOLD</b> "Q"',
    "$E=mc^2$ {{ 7*7 }} %s",
    "騰訊控股",
    "</td><script>alert(1)</script>",
    "=1+1",
]


@pytest.fixture(scope="module")
def recorded_letter(recorded: Mapping[date, DailyHoldings]) -> RenderedMail:
    return rendered(report(History.of(recorded.values()), DAY), NO_LINKS)


@pytest.fixture(scope="module")
def hostile_letter() -> RenderedMail:
    codes = list(range(1, 1 + len(HOSTILE)))
    old = DailyHoldings.of(BEFORE, codes, HOSTILE, [100] * len(codes), [1.0] * len(codes))
    new = DailyHoldings.of(DAY, codes, HOSTILE, [200 + code for code in codes], [2.0] * len(codes))
    return rendered(report(History.of([old, new]), DAY), NO_LINKS)


def as_received(rendered_mail: RenderedMail) -> EmailMessage:
    mail = addressed(rendered_mail, "southbound@example.org", "ada@example.org")
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


def test_the_subject_has_the_date_and_the_headline_figure(recorded_letter: RenderedMail) -> None:
    assert as_received(recorded_letter)["Subject"] == (
        "Southbound Thu 26 Feb 2026: 300 rose, 403 fell, "
        f"01060 DAMAI ENTERTAINMENT HOLDINGS LIMITED {MINUS}111.3M shares"
    )


def test_it_is_marked_as_sent_by_a_program_and_has_a_date(recorded_letter: RenderedMail) -> None:
    mail = as_received(recorded_letter)

    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime.tzinfo is not None
    assert mail["To"] == "ada@example.org"


def test_the_same_day_and_recipient_have_the_same_message_id(recorded_letter: RenderedMail) -> None:
    first, again = as_received(recorded_letter), as_received(recorded_letter)

    assert (
        first["Message-ID"]
        == again["Message-ID"]
        == message_id("2026-02-26", "southbound@example.org", "ada@example.org")
    )
    assert message_id("2026-02-26", "southbound@example.org", "bob@example.org") != first["Message-ID"]
    assert message_id("2026-02-25", "southbound@example.org", "ada@example.org") != first["Message-ID"]
    assert "ada" not in first["Message-ID"]


def test_nothing_is_promised_that_nobody_reads(recorded_letter: RenderedMail) -> None:
    mail = as_received(recorded_letter)

    assert not [name for name in mail.keys() if name.lower().startswith("list-")]  # noqa: SIM118 - a name may repeat


def test_the_first_line_that_a_mail_program_shows_is_the_headline(recorded_letter: RenderedMail) -> None:
    body = parsed(recorded_letter.html).find("body")

    assert body[0].get("class") == "preheader"
    assert body[0].text.startswith(
        f"300 rose, 403 fell, 01060 DAMAI ENTERTAINMENT HOLDINGS LIMITED {MINUS}111.3M shares. "
    )
    assert "display: none" in body[0].get("style")


def as_written(metric: str, change: float) -> str:
    """A change as a reader would write it down."""
    sign = "+" if change > 0 else MINUS
    size = abs(change)
    if metric == "pp":
        return f"{sign}{size:.2f} pp"
    return f"{sign}{size / 1e6:.2f}M" if size < 1e7 else f"{sign}{size / 1e6:.1f}M"


def rows_by_hand(metric: str, old: date) -> list[list[str]]:
    """Code, name, holding and change of each mover, straight from the recorded file."""
    rises, falls = by_hand.largest_shares(metric, old, DAY)
    rows = []
    for code, change in (*rises[:5], *falls[:5]):
        row = recording()[DAY][code]
        stake = f"{row['percent']}%" if row["percent"] else NONE
        held = f"{int(row['shareholding']):,} shares, {stake}"
        rows.append([f"{code:05d}", row["name"], held, as_written(metric, change)])
    return rows


@pytest.mark.parametrize(
    ("title", "metric", "old"),
    [
        ("1 day, shares", "shares", BEFORE),
        ("1 day, percentage points of the issued shares", "pp", BEFORE),
        ("5 days, percentage points of the issued shares", "pp", date(2026, 2, 16)),
    ],
)
def test_the_movers_are_those_of_the_recorded_file_in_page_and_text(
    title: str, metric: str, old: date, recorded_letter: RenderedMail
) -> None:
    wanted = rows_by_hand(metric, old)
    mail = as_received(recorded_letter)

    [card] = parsed(page_of(mail)).xpath(f"//div[@class='card'][h2='{title}']")
    shown = [
        [text for cell in row for text in cell.itertext() if text.strip() and "adjusted for" not in text]
        for row in card.xpath(".//tr")
    ]
    assert [[text.strip() for text in row] for row in shown] == wanted
    colours = [cells.get("class").split()[-1] for cells in card.xpath(".//td[2]")]
    assert colours == ["rise" if row[3][0] == "+" else "fall" for row in wanted]
    part = text_of(mail).split(f"\n{title}\n")[1].split("\n\n")[0]
    lines = [line.split("; adjusted for")[0].strip() for line in part.splitlines()[1:]]
    assert lines == [f"{change}  {code} {name}, {held}" for code, name, held, change in wanted]


def test_page_and_text_have_the_same_parts(recorded_letter: RenderedMail) -> None:
    page = parsed(recorded_letter.html)

    titles = [title.text for title in page.xpath("//h2")]
    assert titles == [
        "1 day, shares",
        "1 day, percentage points of the issued shares",
        "5 days, percentage points of the issued shares",
        "Moved without being traded",
        "Streaks, highs and lows, levels crossed",
        "On and off the list",
    ]
    at = [recorded_letter.text.index(f"\n{title}\n") for title in titles]
    assert at == sorted(at)


def test_what_moved_without_being_traded_stands_apart(recorded_letter: RenderedMail) -> None:
    told = "02160 goes on as 02918; 5 shares became 1"
    [card] = parsed(recorded_letter.html).xpath("//div[@class='card'][h2='Moved without being traded']")

    assert told in card.text_content()
    assert told in recorded_letter.text
    assert "Consolidation, Wed 25 Feb 2026" in " ".join(card.text_content().split())


def test_additions_and_removals_are_told_over_one_and_five_days(recorded_letter: RenderedMail) -> None:
    [card] = parsed(recorded_letter.html).xpath("//div[@class='card'][h2='On and off the list']")
    shown = " ".join(card.text_content().split())

    assert [title.text for title in card.findall("h3")] == ["1 day", "5 days"]
    for old in (BEFORE, date(2026, 2, 16)):
        was, now = by_hand.comparable(old, DAY)
        for codes, title in ((now.keys() - was.keys(), "New"), (was.keys() - now.keys(), "No longer")):
            count = str(len(codes)) if codes else "none"
            assert f"{title} on the list: {count}" in shown
            assert f"{title} on the list: {count}" in recorded_letter.text
            assert all(f"{code:05d} " in shown for code in codes)


def test_of_many_additions_some_are_named_and_all_are_counted() -> None:
    few, many = range(1, 11), range(1, 900)
    old = DailyHoldings.of(BEFORE, list(few), ["A"] * 10, [100] * 10, [1.0] * 10)
    new = DailyHoldings.of(DAY, list(many), ["A"] * 899, [101] * 899, [1.0] * 899)

    made = rendered(report(History.of([old, new]), DAY), NO_LINKS)

    for shown in (made.text, parsed(made.html).text_content()):
        assert "New on the list: 889" in shown
        assert "And 869 more." in shown


def test_each_stock_links_to_its_view_if_the_dashboard_is_known(
    recorded: Mapping[date, DailyHoldings], recorded_letter: RenderedMail
) -> None:
    links = Links("https://southbound.example.org/", DAY)
    made = rendered(report(History.of(recorded.values()), DAY, [700]), links)
    page = parsed(made.html)

    for code in page.xpath("//td/b"):
        [link] = code.findall("a")
        assert link.get("href") == links.stock(int(link.text))
        assert link.get("href") in made.text
    assert page.xpath("//a[text()='This day on the dashboard']/@href") == [links.view()]
    assert str(links.view()) in made.text
    assert not parsed(recorded_letter.html).xpath("//a")


def test_every_picture_is_in_the_mail_and_referred_to(recorded_letter: RenderedMail) -> None:
    mail = as_received(recorded_letter)
    referred = parsed(page_of(mail)).xpath("//img/@src")
    pictures = {f"cid:{part['Content-ID'][1:-1]}": part for part in mail.walk() if part["Content-ID"]}

    assert len(referred) == 3
    assert set(referred) == set(pictures)
    for part in pictures.values():
        height, width, _ = imread(BytesIO(part.get_content())).shape
        assert width > 600
        assert height > 300
        assert len(part.get_content()) < 60_000


def test_every_picture_has_a_text_in_its_place(recorded_letter: RenderedMail) -> None:
    texts = parsed(recorded_letter.html).xpath("//img/@alt")

    assert len(texts) == 3
    assert all("below" in text for text in texts)


def test_nothing_is_loaded_from_elsewhere(recorded_letter: RenderedMail) -> None:
    assert "http" not in recorded_letter.html


def test_the_whole_mail_stays_small(recorded_letter: RenderedMail) -> None:
    assert len(addressed(recorded_letter, "southbound@example.org", "ada@example.org").as_bytes()) < 400_000


def test_dark_mode_and_inlined_styles_are_both_there(recorded_letter: RenderedMail) -> None:
    page = parsed(recorded_letter.html)

    assert "prefers-color-scheme: dark" in recorded_letter.html
    assert page.xpath("//td[contains(@class, 'rise')]/@style")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_arrives_intact_and_harmless(name: str, hostile_letter: RenderedMail) -> None:
    mail = as_received(hostile_letter)
    page = parsed(page_of(mail))

    assert name in page.text_content()
    assert name in text_of(mail)
    assert not page.xpath("//script")


def test_with_one_day_alone_nothing_is_called_new(recorded: Mapping[date, DailyHoldings]) -> None:
    alone = rendered(report(History.of([recorded[DAY]]), DAY), NO_LINKS)

    assert "nothing to compare" in alone.text
    assert "New on the list" not in alone.text + alone.html
    for told in ("1 day: no stored day is old enough", "5 days: no stored day is old enough"):
        assert told in alone.text
        assert told in alone.html
    assert not alone.pictures


def test_the_preview_is_the_mail_and_a_page_that_finds_its_pictures(
    recorded_letter: RenderedMail, tmp_path: Path
) -> None:
    mail = addressed(recorded_letter, "southbound@example.org", "ada@example.org")

    files = write_preview(recorded_letter, mail, tmp_path / "new folder")

    assert (tmp_path / "new folder" / "southbound-2026-02-26.eml").read_bytes() == (
        mail.as_bytes(policy=policy.SMTP)
    )
    page = parsed((tmp_path / "new folder" / "southbound-2026-02-26.html").read_text(encoding="utf-8"))
    for source in page.xpath("//img/@src"):
        assert (tmp_path / "new folder" / source) in files
