"""The page around the list: form, heading, tables, in both generations and languages."""

from datetime import date

import pytest
from lxml import html

from replay.figures import recorded_2019, recorded_days
from replay.page import View, page, page_of, tokens
from replay.visitor import Answer
from replay.wording import GENERATIONS, INVALID_DATE, LANGUAGES, Generation, Language

TODAY = date(2026, 2, 28)
NEWEST = recorded_days()[date(2026, 2, 27)]
COMMON = {
    "__VIEWSTATE",
    "__VIEWSTATEGENERATOR",
    "today",
    "sortBy",
    "sortDirection",
    "alertMsg",
    "txtShareholdingDate",
}


def read(body: bytes) -> Answer:
    return Answer("http://127.0.0.1/", 200, {}, body)


def document(body: bytes) -> html.HtmlElement:
    return read(body).document


def test_the_current_form_has_these_fields_and_no_others() -> None:
    fields = read(page_of(NEWEST)).fields
    assert fields.keys() == COMMON | {"__EVENTTARGET", "__EVENTARGUMENT", "originalShareholdingDate"}
    assert (fields["today"], fields["sortBy"], fields["sortDirection"]) == ("20260228", "stockcode", "asc")
    assert (fields["alertMsg"], fields["txtShareholdingDate"]) == ("", "2026/02/27")


def test_the_form_of_2018_has_an_event_validation_and_a_submit_button() -> None:
    body = page_of(NEWEST, generation="2018")
    assert read(body).fields.keys() == COMMON | {"__EVENTVALIDATION"}
    (button,) = document(body).xpath("//input[@id='btnSearch']")
    assert (button.get("type"), button.get("name"), button.get("value")) == ("submit", "btnSearch", "Search")
    assert button.get("onclick").startswith("return preprocessMutualMarketMainForm(")


def test_the_current_button_is_a_link_that_posts_back() -> None:
    (button,) = document(page_of(NEWEST)).xpath("//a[@id='btnSearch']")
    assert button.get("href") == "javascript:__doPostBack('btnSearch','')"


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_two_tables_in_every_page_with_a_list(language: Language, generation: Generation) -> None:
    tables = document(page_of(NEWEST, language=language, generation=generation)).xpath("//table")
    assert [table.get("class") for table in tables] == [
        "note-table",
        "table table-scroll table-sort table-mobile-list",
    ]
    assert tables[1].get("id") == "mutualmarket-result"
    assert [head.get("class") for head in tables[1].xpath(".//th")] == [
        "col-stock-code",
        "col-stock-name",
        "col-shareholding",
        "col-shareholding-percent",
    ]


@pytest.mark.parametrize(
    ("language", "generation", "columns"),
    [
        (
            "en",
            "current",
            "Stock Code|Name|Shareholding in CCASS|% of the total number of Issued Shares/Units",
        ),
        ("en", "2018", "Stock Code|Stock Name|Shareholding in CCASS|% of the total number of Issued Shares"),
        ("zh", "current", "股份代號|名稱|於中央結算系統的持股量|佔已發行股份/單位百分比"),
        ("zh", "2018", "股份代號|股份名稱|於中央結算系統的持股量|佔已發行股份百分比"),
    ],
)
def test_the_headings_are_those_of_the_language_and_the_generation(
    language: Language, generation: Generation, columns: str
) -> None:
    assert read(page_of(NEWEST, language=language, generation=generation)).columns == columns.split("|")


@pytest.mark.parametrize(("language", "label"), [("en", "Shareholding Date"), ("zh", "持股日期")])
def test_the_heading_says_the_date_after_another_heading(language: Language, label: str) -> None:
    body = page_of(NEWEST, language=language)
    assert read(body).heading == f"{label}: 2026/02/27"
    first, second = document(body).xpath("//h2")
    assert (first.get("class"), second.get("class")) == ("page-title", "ccass-heading")


@pytest.mark.parametrize(("language", "file"), [("en", "mutualmarket.aspx"), ("zh", "mutualmarket_c.aspx")])
def test_the_form_is_sent_to_its_own_language(language: Language, file: str) -> None:
    (form,) = document(page_of(NEWEST, language=language)).xpath("//form[@name='form1' and @method='post']")
    assert form.get("action") == f"./{file}?t=hk"


def test_every_line_ends_in_crlf() -> None:
    body = page_of(NEWEST)
    assert body.count(b"\n") == body.count(b"\r\n") > 15_000


def test_the_sizes_are_those_of_the_real_page() -> None:
    assert 1_190_000 < len(page_of(NEWEST)) < 1_300_000
    empty = page(View("en", "current", TODAY, "2026/03/02", alert=INVALID_DATE))
    assert 7_000 < len(empty) < 7_800


def test_a_page_without_a_label_has_no_panel_and_one_table() -> None:
    body = page(View("en", "current", TODAY, "2026/03/02", alert=INVALID_DATE))
    assert not document(body).xpath("//div[@id='pnlResult']")
    assert len(document(body).xpath("//table")) == 1
    assert read(body).fields["alertMsg"] == "Your input date is invalid.  Please re-enter."


def test_the_date_field_shows_what_was_asked_escaped_and_resets_to_yesterday() -> None:
    (field,) = document(page(View("en", "current", TODAY, '"><b>\ue000'))).xpath(
        "//input[@id='txtShareholdingDate']"
    )
    assert field.get("value") == '"><b>\ue000'
    assert field.get("data-reset") == "2026/02/27"


def test_what_is_echoed_cannot_take_the_lists_place() -> None:
    body = page(View("en", "current", TODAY, "\ue000", label=NEWEST.date), b"<table id='list'></table>")
    assert document(body).xpath("//div[@id='pnlResult']//table[@id='list']")


def test_the_banner_is_there_only_when_wanted() -> None:
    assert b"onetrust-accept-btn-handler" in page(View("en", "current", TODAY, "", banner=True))
    assert b"onetrust-accept-btn-handler" not in page(View("en", "current", TODAY, ""))


def test_the_day_of_2019_can_be_shown_as_it_was() -> None:
    answer = read(page_of(recorded_2019(), language="zh", generation="2018"))
    assert answer.heading == "持股日期: 2019/01/25"
    assert len(answer.rows) == 564
    assert answer.rows[0] == ("    1", "長和", "22,908,430", "0.59%")


def test_the_opaque_fields_must_come_back_as_they_were() -> None:
    for generation in GENERATIONS:
        fields = read(page_of(NEWEST, generation=generation)).fields
        assert tokens(generation).came_back(fields, generation)
        assert not tokens(generation).came_back(fields | {"__VIEWSTATE": "x"}, generation)
    assert not tokens("2018").came_back(fields | {"__EVENTVALIDATION": "x"}, "2018")
