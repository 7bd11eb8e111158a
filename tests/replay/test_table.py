"""The list's markup, read back with a parser."""

from datetime import date

from lxml import html

from replay.figures import Day, Row, recorded_days
from replay.table import table_markup, table_of
from replay.wording import wording

WORDS = wording("en", "current")


def cells(day: Day, css_class: str = "mobile-list-body") -> list[list[str]]:
    table = html.fragment_fromstring(table_markup(table_of(day, WORDS)).decode())
    return [
        [div.text or "" for div in row.xpath(f"td/div[@class='{css_class}']")]
        for row in table.xpath("tbody/tr")
    ]


def one_row(row: Row) -> list[str]:
    (only,) = cells(Day(date(2026, 2, 27), (row,)))
    return only


def test_codes_are_padded_with_blanks_and_shares_have_commas_and_percents_their_sign() -> None:
    shown = one_row(Row(1, "CK HUTCHISON HOLDINGS LIMITED", 117888641, "3.07"))
    assert shown == ["    1", "CK HUTCHISON HOLDINGS LIMITED", "117,888,641", "3.07%"]


def test_a_blank_percent_is_really_blank_and_a_zero_is_a_zero() -> None:
    assert one_row(Row(9999, "A", 200, ""))[3] == ""
    assert one_row(Row(9999, "A", 200, "0.00"))[3] == "0.00%"


def test_names_are_escaped() -> None:
    row = Row(20, """WHEELOCK & CO 'A' "B" <C>""", 1, "")
    markup = table_markup(table_of(Day(date(2026, 2, 27), (row,)), WORDS))
    assert b"WHEELOCK &amp; CO &#x27;A&#x27; &quot;B&quot; &lt;C&gt;" in markup
    assert one_row(row)[1] == row.name


def test_every_cell_says_for_phones_what_it_is() -> None:
    (labels,) = cells(Day(date(2026, 2, 27), (Row(1, "A", 1, ""),)), "mobile-list-heading")
    assert labels == [
        "Stock Code:",
        "Name:",
        "Shareholding in CCASS:",
        "% of the total number of Issued Shares/Units:",
    ]


def test_a_row_is_as_long_as_on_the_real_page() -> None:
    day = recorded_days()[date(2026, 2, 27)]
    size = len(table_markup(table_of(day, WORDS))) / len(day.rows)
    assert abs(size - 1364) < 10


def test_other_names_are_shown_where_they_are_known() -> None:
    day = Day(date(2026, 2, 27), (Row(1, "CK HUTCHISON", 1, ""), Row(2, "CLP", 1, "")))
    names = [row[1] for row in table_of(day, wording("zh", "current"), {1: "長和"}).rows]
    assert names == ["長和", "CLP"]
