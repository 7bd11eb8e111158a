"""HTML becomes one day of the list, or an error that says why not."""

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings, strategies as st
from lxml import etree

from replay.archive import Archive
from replay.faults import Fault
from replay.figures import Day, Row, recorded_2019, recorded_days
from replay.page import View, maintenance, page, page_of
from replay.spoiled import spoiled
from replay.table import table_markup, table_of
from replay.wording import GENERATIONS, INVALID_DATE, LANGUAGES, Generation, Language, wording
from southbound.common.errors import (
    BadHoldings,
    NotOffered,
    OtherDate,
    SiteChanged,
    SiteUnavailable,
    SouthboundError,
)
from southbound.hkexnews.markup import Element
from southbound.hkexnews.page_parser import Page, read_page
from southbound.market.daily_holdings import DailyHoldings

BODY = '<div class="mobile-list-body">'
FRIDAY, SATURDAY = date(2026, 2, 27), date(2026, 2, 28)

SMALL = Day(
    FRIDAY,
    (
        Row(1, "CK HUTCHISON HOLDINGS LIMITED", 117_888_641, "3.07"),
        Row(20, """WHEELOCK & CO 'A' "B" <C>""", 1_000, "0.00"),
        Row(700, "TENCENT", 999, ""),
        Row(2800, "TRACKER FUND OF HONG KONG", 12_345_678_901, "50.42"),
        Row(89_999, "Z", 7, "100.00"),
    ),
)

Figures = dict[int, tuple[str, int, float | None]]


def figures(day: Day) -> Figures:
    return {row.code: (row.name, row.shares, float(row.percent) if row.percent else None) for row in day.rows}


def listed(source: str) -> DailyHoldings:
    holdings = read_page(source).listed
    assert holdings is not None
    return holdings


@cache
def small(language: Language = "en", generation: Generation = "current") -> str:
    return page_of(SMALL, language=language, generation=generation).decode()


def with_fault(*faults: Fault, day: Day = SMALL) -> str:
    view = View("en", "current", today=SATURDAY, echoed="2026/02/27", label=day.date)
    return page(view, table_markup(spoiled(table_of(day, wording("en", "current")), faults))).decode()


def changed(old: str, new: str, count: int = -1) -> str:
    assert old in small()
    return small().replace(old, new, count)


@pytest.mark.parametrize("day", list(recorded_days()), ids=str)
def test_every_recorded_day_is_read_as_it_was(day: date, recorded: Mapping[date, DailyHoldings]) -> None:
    number = list(recorded_days()).index(day)
    language, generation = LANGUAGES[number % 2], GENERATIONS[number // 2 % 2]

    answer = read_page(page_of(recorded_days()[day], language=language, generation=generation).decode())

    assert answer.alert == ""
    read = answer.answer_for(day)
    assert (read.day, read.rows()) == (day, recorded[day].rows())
    assert read.rows() == figures(recorded_days()[day])


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_both_generations_and_both_languages_are_read(language: Language, generation: Generation) -> None:
    answer = read_page(small(language, generation))

    assert (answer.site_today, answer.alert) == (SATURDAY, "")
    assert answer.answer_for(FRIDAY).rows() == figures(SMALL)


def test_the_chinese_page_has_the_chinese_names() -> None:
    view = View("zh", "current", today=SATURDAY, echoed="2026/02/27", label=FRIDAY)

    read = listed(page(view, Archive().markup(FRIDAY, "zh", "current")).decode())

    assert read.names[read.codes.tolist().index(5)] == "匯豐控股"


def test_the_list_of_2019_is_read() -> None:
    read = listed(page_of(recorded_2019(), language="zh", generation="2018").decode())

    assert read.day == date(2019, 1, 25)
    assert read.rows() == figures(recorded_2019())
    assert len(read) == 564


@pytest.mark.parametrize(
    "faults",
    [
        (Fault.ADDED_COLUMN,),
        (Fault.SWAPPED_COLUMNS,),
        (Fault.ADDED_COLUMN, Fault.SWAPPED_COLUMNS),
    ],
    ids=["one more", "swapped", "both"],
)
def test_the_place_of_a_column_does_not_matter(faults: tuple[Fault, ...]) -> None:
    assert listed(with_fault(*faults)).rows() == figures(SMALL)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (with_fault(Fault.RENAMED_COLUMN), "want one column 'Shareholding in CCASS'.*got .*'Holding'"),
        (changed("<thead>", "<thead hidden><tr></tr>"), "want one column 'Stock Code'.*got no header"),
        (changed('<th class="col-stock-name"', "<th"), "want one column 'Name' of class col-stock-name"),
        (
            changed('class="col-shareholding" scope', 'class="col-shareholding-percent" scope'),
            "want one column 'Shareholding in CCASS'",
        ),
        (changed('<td class="col-shareholding">', "<td>"), "a row without a cell of class col-shareholding"),
        (changed('<td class="col-stock-name">', "<td></td><td>", 1), "a row without a cell of class"),
        (changed("mobile-list-body", "list-body", 1), "a cell with 0 div.mobile-list-body, want one"),
        (
            changed(f"{BODY}3.07%", f"{BODY}</div>{BODY}3.07%"),
            "a cell with 2 div.mobile-list-body, want one",
        ),
        (changed('id="pnlResult"', 'id="panel"'), "no list .#pnlResult., and no alert"),
        (changed('id="mutualmarket-result"', 'id="result"'), "no table#mutualmarket-result"),
        (changed('id="mutualmarket-result"', 'id="result"'), "got table#result"),
        (changed("<tbody>\r\n" + " " * 36 + "<tr>", "<tr>", 1), "a row of the list outside its tbody"),
        (
            changed('<div id="pnlResult">', '<p id="pnlResult"></p><div id="pnlResult">'),
            "want one #pnlResult, got 2",
        ),
        (
            changed(
                '<table id="mutualmarket-result"',
                '<table id="mutualmarket-result"></table><table id="mutualmarket-result"',
            ),
            "want one table#mutualmarket-result, got 2",
        ),
        (
            changed("</h2>", '</h2><h2 class="ccass-heading">Shareholding Date: 2026/02/26</h2>'),
            "the panel's heading: got .*2026/02/27.*2026/02/26",
        ),
        (
            changed('value="20260228"', 'value="20260228" /><input name="today" value="20260301"'),
            "want one hidden field 'today', got several: .'20260228', '20260301'.",
        ),
        (
            changed("ccass-heading", "heading"),
            "want `Shareholding Date: YYYY/MM/DD`; its headings are 'Shareholding",
        ),
        (changed("ccass-heading", "heading"), "the panel's heading: got '', want `Shareholding Date"),
        (changed("Shareholding Date: 2026", "As of 2026"), "the panel's heading: got 'As of 2026/02/27"),
        (changed("Date: 2026/02/27", "Date: 2026/02/30"), "the panel's heading: got .*2026/02/30"),
        (changed("Date: 2026/02/27", "Date: 27/02/2026"), "the panel's heading: got .*27/02/2026"),
        (changed("Date: 2026/02/27", "Date: 2026/02/271"), "the panel's heading: got .*2026/02/271"),
        (changed('value="20260228"', 'value="2026-02-28"'), "`today`: got '2026-02-28', want YYYYMMDD"),
        (changed('value="20260228"', 'value="20260230"'), "`today`: got '20260230'"),
        (changed('value="20260228"', 'value=""'), "`today`: got ''"),
        (
            changed('value="20260228"', 'value="20991231"'),
            "`today`: got '20991231', want YYYYMMDD from 2014-01-01",
        ),
        (changed('name="today"', 'name="now"'), "`today`: got ''"),
        (changed('value="20260228"', f'value="{"9" * 500}"'), "`today`: got '9{39}, want"),
    ],
    ids=lambda field: field if len(field) < 80 else "",
)
def test_a_page_that_is_not_as_we_know_it_is_answered_with_what_was_there(source: str, reason: str) -> None:
    with pytest.raises(SiteChanged, match=reason):
        read_page(source)


@pytest.mark.parametrize(
    "source",
    [
        maintenance().decode(),
        "",
        "  \r\n",
        "<!-- -->",
        "\0",
        "\ud800",
        "Bad Gateway",
        "<html><head><title>403 Forbidden</title></head><body></body></html>",
        '{"error": 5}',
        small()[: small().index("</form>")],
        small()[: small().rindex('mobile-list-body">') + len('mobile-list-body">')],
        changed('id="form1"', 'id="form2"'),
    ],
    ids=[
        "maintenance",
        "nothing",
        "blanks",
        "a comment",
        "a zero byte",
        "half a surrogate pair",
        "text",
        "forbidden",
        "JSON",
        "cut off below the list",
        "cut off in the last percentage",
        "another form",
    ],
)
def test_what_is_not_the_page_or_not_all_of_it_is_no_usable_answer(source: str) -> None:
    with pytest.raises(SiteUnavailable):
        read_page(source)


def test_a_page_in_place_of_ours_is_named_by_its_title() -> None:
    with pytest.raises(SiteUnavailable, match="titled 'System Maintenance'"):
        read_page(maintenance().decode())


def test_a_page_without_a_list_says_its_alert_and_offers_no_day() -> None:
    view = View("en", "current", today=SATURDAY, echoed="2026/03/02", alert=INVALID_DATE)

    answer = read_page(page(view).decode())

    assert answer == Page(SATURDAY, "Your input date is invalid. Please re-enter.", None)
    with pytest.raises(NotOffered, match=r"no list for 2026-03-02: 'Your input date is invalid"):
        answer.answer_for(date(2026, 3, 2))


def test_an_alert_beside_a_list_does_not_hide_it() -> None:
    view = View("en", "current", SATURDAY, "2026/02/27", label=FRIDAY, alert=INVALID_DATE)
    source = page(view, table_markup(table_of(SMALL, wording("en", "current")))).decode()

    answer = read_page(source)

    assert answer.alert == INVALID_DATE
    assert answer.answer_for(FRIDAY).rows() == figures(SMALL)


@pytest.mark.parametrize("asked", [FRIDAY, date(2026, 3, 1)])
def test_a_list_under_a_saturdays_label_is_of_another_date(asked: date) -> None:
    answer = read_page(page_of(Day(SATURDAY, SMALL.rows)).decode())

    with pytest.raises(OtherDate) as caught:
        answer.answer_for(asked)
    assert (caught.value.asked, caught.value.got) == (asked, SATURDAY)


def test_the_date_field_is_never_taken_for_the_lists_date() -> None:
    source = changed('value="2026/02/27"', 'value="2026/02/26"')

    assert listed(source).day == FRIDAY
    with pytest.raises(SiteChanged):
        read_page(source.replace("Date: 2026/02/27", "Date:"))


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (
            with_fault(Fault.TEXT_IN_NUMBERS),
            "the holding of '1' 'CK HUTCHISON.*: got 'N/A', want a whole number",
        ),
        (with_fault(Fault.DUPLICATE_ROWS), "stock code 1 stands twice"),
        (with_fault(Fault.EMPTY_TABLE), "the list has no rows"),
        (changed("117,888,641", "0"), "stock 1: want a positive number of shares"),
        (changed("117,888,641", "-117,888,641"), "the holding of '1'"),
        (changed("117,888,641", "117,888,64"), "the holding of '1'"),
        (changed("117,888,641", "117.888.641"), "the holding of '1'"),
        (changed("117,888,641", "\u0661\u0661\u0667"), "the holding of '1'"),
        (changed("117,888,641", ""), "the holding of '1' .*: got ''"),
        (changed("117,888,641", "9" * 30), "the holding of '1'"),
        (changed("3.07%", "3.07"), "the percentage of '1' .*: got '3.07', want one like 3.07% or a blank"),
        (changed("3.07%", "N/A"), "the percentage of '1'"),
        (changed("3.07%", "-3.07%"), "the percentage of '1'"),
        (changed("3.07%", "3,07%"), "the percentage of '1'"),
        (changed("3.07%", "10,000.01%"), "stock 1: want a percentage from 0 to 10,000"),
        (changed("3.07%", "3,070%"), "the percentage of '1'"),
        (changed("  700<", "700A<"), "the stock code of '700A'"),
        (changed("  700<", "<"), "the stock code of ''"),
        (changed("  700<", "    0<"), "stock code 0"),
        (changed("  700<", "800700<"), "the stock code of '800700'"),
    ],
    ids=lambda field: field if len(field) < 80 else "",
)
def test_a_row_that_cannot_be_is_refused_with_the_list(source: str, reason: str) -> None:
    with pytest.raises(BadHoldings, match=reason):
        read_page(source).answer_for(FRIDAY)


@pytest.mark.parametrize(
    ("written", "percent"),
    [("100.01%", 100.01), ("153.50%", 153.5), ("1,535.00%", 1535.0), ("1535.00%", 1535.0)],
)
def test_more_than_the_whole_is_read_as_it_stands_since_the_base_may_be_late(
    written: str, percent: float
) -> None:
    day = read_page(changed("3.07%", written)).answer_for(FRIDAY)

    assert day.rows()[1][2] == percent


def test_a_list_with_many_above_the_whole_is_no_list() -> None:
    whole = page_of(recorded_days()[FRIDAY]).decode()

    with pytest.raises(BadHoldings, match=r"\d{3} stocks with more than 100 % .*, want at most 8"):
        read_page(re.sub(r"([0-9]+)\.([0-9]{2})%", r"\1\2.00%", whole)).answer_for(FRIDAY)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("117,888,641", "117888641"),
        ("117,888,641", " 117,888,641\r\n"),
        ("117,888,641", "<b>117,888,</b>641"),
        ("117,888,641", "117,888,641<!-- ,000 -->"),
        ("3.07%", "3.07 %"),
        ("3.07%", "<!-- -->3.07%"),
        ("  700<", "00700<"),
        ("Stock Code</th>", "Stock\r\n <br>Code</th>"),
        ("Date: 2026", "Date : 2026"),
        ("Date: 2026", "Date\uff1a2026"),
        ('<div class="mobile-list-heading">', '<!-- new --><div class="mobile-list-heading">'),
        ('class="mobile-list-body"', 'class="new mobile-list-body"'),
        ("</h2>", "</h2><h2>News: 2020/01/01</h2>"),
    ],
    ids=lambda field: f"{field!r:.30}",
)
def test_what_does_not_change_the_figures_does_no_harm(old: str, new: str) -> None:
    assert listed(changed(old, new)).rows() == figures(SMALL)


# Pieces of the small page, for the property tests: no piece of markup holds a figure, no value holds markup.
PIECES = re.split(r"(<[^>]*>)", small())
TAGS = [number for number, piece in enumerate(PIECES) if piece.startswith("<")]
# Where the values are: four for each row, in the order of the columns.
VALUES = [number + 1 for number in TAGS if PIECES[number] == BODY]
CLOSED = [f"</{tag}>" for tag in ("td", "tr", "tbody", "table", "div", "form")]
OPENED = [f"<{tag}>" for tag in ("td", "tr", "tbody", "table", "div", "form", "script", "h2", "p")]
JUNK = st.sampled_from(["<", ">", "&", "\0", "\ufeff", "<!--", "-->", *CLOSED, *OPENED])


def outcome(source: str) -> DailyHoldings | None:
    """The list, or None for an error of ours; any other error fails the test."""
    try:
        return read_page(source).listed
    except SouthboundError:
        return None


def assert_none_is_wrong(read: DailyHoldings | None) -> None:
    if read is not None:
        assert read.day == FRIDAY
        truth = figures(SMALL)
        for code, (name, shares, percent) in read.rows().items():
            assert (shares, percent) == truth[code][1:]
            assert name.startswith(truth[code][0])  # behind it may stand what a broken tag does not end


def deleted(pieces: list[str], at: int, _junk: str) -> None:
    pieces[at] = ""


def doubled(pieces: list[str], at: int, _junk: str) -> None:
    pieces[at] *= 2


def moved_to_the_front(pieces: list[str], at: int, _junk: str) -> None:
    pieces[0] += pieces[at]
    pieces[at] = ""


def without_attributes(pieces: list[str], at: int, _junk: str) -> None:
    pieces[at] = re.sub(r"\s[^>]*", "", pieces[at])


def with_other_values(pieces: list[str], at: int, junk: str) -> None:
    pieces[at] = re.sub(r'"[^"]*"', f'"x{junk}"', pieces[at], count=1)


def of_another_name(pieces: list[str], at: int, _junk: str) -> None:
    pieces[at] = re.sub(r"^(</?)\w+", r"\1span", pieces[at])


def followed_by_junk(pieces: list[str], at: int, junk: str) -> None:
    if at + 1 not in VALUES:  # there it would change the value itself
        pieces[at] += junk


CHANGES: list[Callable[[list[str], int, str], None]] = [
    deleted,
    doubled,
    moved_to_the_front,
    without_attributes,
    with_other_values,
    of_another_name,
    followed_by_junk,
]


@given(st.lists(st.tuples(st.sampled_from(TAGS), st.sampled_from(CHANGES), JUNK), min_size=1, max_size=4))
@settings(max_examples=1000, deadline=None)
def test_markup_that_is_broken_anywhere_never_makes_a_wrong_figure(
    faults: list[tuple[int, Callable[[list[str], int, str], None], str]],
) -> None:
    pieces = list(PIECES)
    for at, change, junk in faults:
        change(pieces, at, junk)

    assert_none_is_wrong(outcome("".join(pieces)))


# Changes to the tree of elements, where the parser has nothing to mend: what they leave alone must be there.


def removed(element: Element) -> None:
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def twice(element: Element) -> None:
    element.addnext(deepcopy(element))


def unwrapped(element: Element) -> None:
    for child in reversed(element):
        element.addnext(child)
    removed(element)


def swapped_with_the_next(element: Element) -> None:
    following = element.getnext()
    if following is not None:
        following.addnext(element)


def stripped(element: Element) -> None:
    element.attrib.clear()


def renamed(element: Element) -> None:
    element.tag = "section"


def without_its_children(element: Element) -> None:
    del element[:]


def without_its_text(element: Element) -> None:
    element.text = None


def with_other_text(element: Element) -> None:
    element.text = f"{element.text or ''}#"


def moved_behind(element: Element, other: Element) -> None:
    if element is not other and element not in other.iterancestors():
        other.addnext(element)


def moved_into(element: Element, other: Element) -> None:
    if element is not other and element not in other.iterancestors():
        other.append(element)


def with_the_attributes_of(element: Element, other: Element) -> None:
    element.attrib.clear()
    element.attrib.update(other.attrib)


def with_the_name_of(element: Element, other: Element) -> None:
    element.tag = other.tag


class Tree:
    """The small page as elements, some of which are about to change."""

    def __init__(self) -> None:
        self.document = etree.fromstring(small().encode(), parser=etree.HTMLParser(encoding="utf-8"))
        self.elements = [element for element in self.document.iter("*") if element is not self.document]
        self.rows = self.document.findall(".//tbody/tr")[-len(SMALL.rows) :]

    def untouched(self, *changed: Element) -> list[Row]:
        """The rows of the list that none of these elements is part of."""
        parts = {part for element in changed for part in (element, *element.iterancestors())}
        return [row for element, row in zip(self.rows, SMALL.rows, strict=True) if element not in parts]

    def assert_the_list_is_refused_or_has(self, rows: list[Row]) -> None:
        read = outcome(etree.tostring(self.document, encoding="unicode", method="html"))
        if read is not None:
            assert read.day == FRIDAY
            found = read.rows()
            assert found.keys() <= figures(SMALL).keys()
            assert figures(Day(FRIDAY, tuple(rows))).items() <= found.items()


@pytest.mark.parametrize(
    "change",
    [
        removed,
        twice,
        unwrapped,
        swapped_with_the_next,
        stripped,
        renamed,
        without_its_children,
        without_its_text,
        with_other_text,
    ],
)
def test_no_element_can_be_changed_so_that_another_row_is_lost_or_wrong(
    change: Callable[[Element], None],
) -> None:
    for number in range(len(Tree().elements)):
        tree = Tree()
        element = tree.elements[number]
        untouched = tree.untouched(element)
        change(element)
        tree.assert_the_list_is_refused_or_has(untouched)


@given(
    st.integers(0, len(Tree().elements) - 1),
    st.integers(0, len(Tree().elements) - 1),
    st.sampled_from([moved_behind, moved_into, with_the_attributes_of, with_the_name_of]),
)
@settings(max_examples=1500, deadline=None)
def test_no_two_elements_can_be_mixed_up_so_that_another_row_is_lost_or_wrong(
    number: int, other_number: int, change: Callable[[Element, Element], None]
) -> None:
    tree = Tree()
    element, other = tree.elements[number], tree.elements[other_number]
    untouched = tree.untouched(element, other)
    change(element, other)
    tree.assert_the_list_is_refused_or_has(untouched)


@given(st.integers(0, len(small())))
@settings(max_examples=300, deadline=None)
def test_a_page_cut_off_anywhere_never_makes_a_wrong_figure(length: int) -> None:
    assert_none_is_wrong(outcome(small()[:length]))


@given(st.sampled_from(VALUES), st.text(max_size=8), st.booleans())
@settings(max_examples=300, deadline=None)
def test_a_cell_of_any_text_touches_no_other_row(at: int, text: str, keep: bool) -> None:  # noqa: FBT001
    pieces = list(PIECES)
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    pieces[at] = pieces[at] + escaped if keep else escaped
    row = SMALL.rows[VALUES.index(at) // 4]

    read = outcome("".join(pieces))

    if read is not None:
        assert read.day == FRIDAY
        assert len(read) == len(SMALL.rows)
        others = {code: figure for code, figure in figures(SMALL).items() if code != row.code}
        assert others.items() <= read.rows().items()


@given(st.text())
@settings(deadline=None)
def test_any_text_is_answered_with_an_error_of_ours(text: str) -> None:
    assert outcome(text) is None


@given(st.binary(max_size=40), st.sampled_from([at for at in TAGS if at + 1 not in VALUES]))
@settings(max_examples=300, deadline=None)
def test_bytes_between_two_tags_never_make_a_wrong_figure(junk: bytes, at: int) -> None:
    pieces = list(PIECES)
    pieces[at] += junk.decode("latin-1")

    assert_none_is_wrong(outcome("".join(pieces)))
