"""One day: what it takes, how it is stored, and what of a stored text is not believed."""

import gc
import json
from collections.abc import Iterator, Mapping
from datetime import date
from io import StringIO
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from replay.figures import recorded_days
from southbound.common.errors import BadHoldings, DamagedDay
from southbound.common.text import one_line
from southbound.market.daily_holdings import DailyHoldings, read_days

DAY = date(2026, 2, 27)
COLUMNS = [
    "Stock Code",
    "Name",
    "Shareholding in CCASS",
    "% of the total number of Issued Shares/Units",
]
Row = tuple[int, str, int, float | None]

# As a page can write them: those that a reader would not see as they stand have a table of their own.
names = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=20)
percents = st.none() | st.integers(0, 10_000).map(lambda hundredths: hundredths / 100)
rows = st.tuples(st.integers(1, 99_999), names, st.integers(1, 2**53), percents)
lists = st.lists(rows, min_size=1, max_size=8, unique_by=lambda row: row[0])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


def holdings(*given_rows: Row, day: date = DAY) -> DailyHoldings:
    codes, texts, shares, stakes = zip(*given_rows, strict=True)
    return DailyHoldings.of(day, codes, texts, shares, stakes)


def stored(data: object, columns: object = COLUMNS) -> str:
    return json.dumps({"columns": columns, "index": [0], "data": data})


SMALL = holdings((5, "HSBC", 700, 3.5), (1, "CKH", 200, None))


@pytest.mark.parametrize("day", list(recorded_days()), ids=str)
def test_a_recorded_day_comes_back_as_pandas_and_we_read_it(
    recorded: Mapping[date, DailyHoldings], day: date
) -> None:
    truth = recorded_days()[day].rows
    text = recorded[day].to_json()

    frame = pd.read_json(StringIO(text), orient="split")

    assert list(frame.columns) == COLUMNS
    assert [dtype.kind for dtype in (frame[COLUMNS[0]].dtype, frame[COLUMNS[2]].dtype)] == ["i", "i"]
    assert frame[COLUMNS[0]].tolist() == sorted(row.code for row in truth) == [row.code for row in truth]
    assert frame[COLUMNS[1]].tolist() == [row.name for row in truth]
    assert frame[COLUMNS[2]].tolist() == [row.shares for row in truth]
    # To the last decimal of the page: pandas reads decimals to a unit in the last binary place.
    assert ["" if pd.isna(value) else f"{value:.2f}" for value in frame[COLUMNS[3]].tolist()] == [
        row.percent for row in truth
    ]
    assert DailyHoldings.from_json(day, text).rows() == recorded[day].rows()


def test_a_stored_day_has_these_members_and_no_others() -> None:
    assert json.loads(SMALL.to_json()) == {
        "columns": COLUMNS,
        "index": [0, 1],
        "data": [[1, "CKH", 200, None], [5, "HSBC", 700, 3.5]],
    }


@given(lists)
@settings(deadline=None)
def test_any_day_comes_back_as_it_was(given_rows: list[Row]) -> None:
    text = holdings(*given_rows).to_json()

    back = DailyHoldings.from_json(DAY, text)

    assert back.rows() == {code: (name, shares, percent) for code, name, shares, percent in given_rows}
    assert back.codes.tolist() == sorted(row[0] for row in given_rows)
    assert back.to_json() == text
    assert DailyHoldings.from_json(DAY, text.encode()).rows() == back.rows()


def test_the_rows_are_sorted_by_code_and_counted() -> None:
    assert SMALL.codes.tolist() == [1, 5]
    assert SMALL.names == ("CKH", "HSBC")
    assert SMALL.shares.tolist() == [200, 700]
    assert np.isnan(SMALL.percents[0])
    assert SMALL.percents[1] == 3.5
    assert len(SMALL) == 2


@pytest.mark.parametrize("column", ["codes", "shares", "percents"])
@pytest.mark.parametrize(
    "day", [SMALL, DailyHoldings.from_json(DAY, SMALL.to_json())], ids=["of", "from_json"]
)
def test_the_arrays_cannot_be_written_to(day: DailyHoldings, column: str) -> None:
    with pytest.raises(ValueError, match="read-only"):
        getattr(day, column)[0] = 9


@pytest.mark.parametrize(
    ("given_rows", "reason"),
    [
        ([(0, "A", 1, 1.0)], "stock code 0: want a positive number"),
        ([(-5, "A", 1, 1.0)], "stock code -5: want a positive number"),
        ([(1, "A", 1, 1.0), (7, "B", 1, 1.0), (7, "C", 2, 1.0)], "stock code 7 stands twice in the list"),
        ([(1, "A", 1, 1.0), (7, "B", 0, 1.0)], "stock 7: want a positive number of shares"),
        ([(7, "B", -1, 1.0)], "stock 7: want a positive number of shares"),
        ([(7, "B", 1, 10_000.01)], "stock 7: want a percentage from 0 to 10,000"),
        (
            [(code, "B", 1, 100.01) for code in range(1, 7)],
            "6 stocks with more than 100 % of the issued shares, want at most 5",
        ),
        (
            [(code, "B", 1, 101.0 if code < 12 else 1.0) for code in range(1, 1001)],
            "11 stocks with more than 100 % of the issued shares, want at most 10",
        ),
        ([(7, "B", 1, -0.01)], "stock 7: want a percentage from 0 to 10,000"),
        ([(7, "B", 1, 1e300)], "stock 7: want a percentage from 0 to 10,000"),
        ([(7, "B", 2**63, 1.0)], "a code, a holding or a percentage is beyond 64 bits"),
        ([(2**63, "B", 1, 1.0)], "a code, a holding or a percentage is beyond 64 bits"),
        ([(7, "B", 1, 10**400)], "a code, a holding or a percentage is beyond 64 bits"),
    ],
)
def test_figures_that_cannot_be_a_day_are_refused(given_rows: list[Row], reason: str) -> None:
    with pytest.raises(BadHoldings, match=f"^{reason}$"):
        holdings(*given_rows)
    with pytest.raises(DamagedDay, match=reason):
        DailyHoldings.from_json(DAY, stored([list(row) for row in given_rows]))


@pytest.mark.parametrize("percent", [0.0, 100.0, 100.01, 152.73, 10_000.0])
def test_the_whole_company_and_next_to_nothing_can_be_held_and_more_while_a_base_is_late(
    percent: float,
) -> None:
    day = holdings((7, "B", 1, percent))

    assert day.percents.tolist() == DailyHoldings.from_json(DAY, day.to_json()).percents.tolist() == [percent]


@given(st.permutations([*COLUMNS, "Board Lot", "名稱"]), st.integers(1, 5))
def test_columns_that_are_not_known_yet_are_passed_over(columns: list[str], rows: int) -> None:
    known = {"Stock Code": 7, "Name": "A", "Shareholding in CCASS": 5, COLUMNS[3]: 1.5}
    table = [
        [known.get(name, {"later": [1, None]}) if name != "Stock Code" else code for name in columns]
        for code in range(1, 1 + rows)
    ]

    read = DailyHoldings.from_json(DAY, stored(table, columns))

    assert read.rows() == dict.fromkeys(range(1, 1 + rows), ("A", 5, 1.5))


def test_no_rows_and_uneven_columns_are_refused() -> None:
    with pytest.raises(BadHoldings, match="no rows"):
        DailyHoldings.of(DAY, [], [], [], [])
    with pytest.raises(BadHoldings, match="different lengths"):
        DailyHoldings.of(DAY, [1, 2], ["A", "B"], [1, 2], [None])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Expecting value"),
        ("null", "want the columns"),
        ("[]", "want the columns"),
        ('"2026-02-27"', "want the columns"),
        (stored([[1, "A", 1, 1.0]], COLUMNS[:3]), "want the columns"),
        (stored([[1, "A", 1, 1.0]], COLUMNS[::-1]), "Stock Code: got float, want int"),
        (stored([[1, "A", 1, 1.0, 1]], (*COLUMNS, "Name")), "each once"),
        (stored([[1, "A", 1, 1.0]], (*COLUMNS, "More")), "want 5 cells"),
        (stored([[1, "A", 1, 1.0]], dict.fromkeys(COLUMNS)), "want the columns"),
        (stored([]), "want a list of rows"),
        (stored({}), "want a list of rows"),
        (json.dumps({"columns": COLUMNS}), "want a list of rows"),
        (stored([[1, "A", 1]]), "want 4 cells"),
        (stored([[1, "A", 1, 1.0], [2, "B", 2, 1.0, 2]]), "want 4 cells"),
        (stored(["1A11"]), "want 4 cells"),
        (stored([[True, "A", 1, 1.0]]), "Stock Code: got bool, want int"),
        (stored([["1", "A", 1, 1.0]]), "Stock Code: got str, want int"),
        (stored([[1.0, "A", 1, 1.0]]), "Stock Code: got float, want int"),
        (stored([[1, None, 1, 1.0]]), "Name: got NoneType, want str"),
        (stored([[1, "A", 1.5, 1.0]]), "Shareholding in CCASS: got float, want int"),
        (stored([[1, "A", None, 1.0]]), "Shareholding in CCASS: got NoneType, want int"),
        (stored([[1, "A", [1], 1.0]]), "Shareholding in CCASS: got list, want int"),
        (stored([[1, "A", 1, "3.07%"]]), "got str, want"),
        (stored([[1, "A", 1, True]]), "got bool, want"),
        (stored([[1, "A", 1, float("nan")]]), "got NaN, want a number or null"),
        (stored([[1, "A", 1, float("inf")]]), "got Infinity, want a number or null"),
        (stored([[1, "A", 1, float("-inf")]]), "got -Infinity, want a number or null"),
        (stored([[1, "A", 1, 1.0]]).replace("1.0", "1e999"), "want a percentage from 0 to 10,000"),
        (stored([[1, "A", int("9" * 4000), 1.0]]), "beyond 64 bits"),
        (stored([[1, "A", 1, 1.0]]).replace("1.0", "9" * 5000), "integer string conversion"),
        (stored([[1, "\ud800", 1, 1.0]]), "surrogates not allowed"),
        (b'{"columns": "\xff"}', "invalid start byte"),
        ("[" * 200_000, "recursion|Stack overflow"),
        ('{"columns":' * 200_000, "recursion|Stack overflow"),
    ],
    ids=lambda field: f"{field!r:.60}",
)
def test_a_text_that_to_json_does_not_write_is_a_damaged_day(text: str | bytes, reason: str) -> None:
    with pytest.raises(DamagedDay, match=reason) as caught:
        DailyHoldings.from_json(DAY, text)
    assert caught.value.day == DAY
    assert str(caught.value).startswith("the value under the key 2026-02-27 is damaged: ")


def test_of_many_texts_a_damaged_one_costs_itself_alone(recorded: Mapping[date, DailyHoldings]) -> None:
    texts = [(day, figures.to_json()) for day, figures in recorded.items()]
    spoiled = [(day, text[:-1] if place % 5 == 0 else text) for place, (day, text) in enumerate(texts)]

    read, damaged = read_days(spoiled)

    assert [error.day for error in damaged] == [day for day, _ in texts[::5]]
    assert [figures.day for figures in read] == [day for place, (day, _) in enumerate(texts) if place % 5]
    assert all(figures.rows() == recorded[figures.day].rows() for figures in read)


@pytest.mark.parametrize("was_on", [True, False])
def test_the_collector_is_left_as_it_was(*, was_on: bool) -> None:
    def texts() -> Iterator[tuple[date, str]]:
        assert not gc.isenabled()
        yield DAY, "{"
        raise RuntimeError

    try:
        gc.enable() if was_on else gc.disable()
        with pytest.raises(RuntimeError):
            read_days(texts())
        assert gc.isenabled() is was_on
    finally:
        gc.enable()


def read_or_damaged(text: str | bytes) -> DailyHoldings | None:
    try:
        return DailyHoldings.from_json(DAY, text)
    except DamagedDay:
        return None


@given(lists, st.data())
@settings(deadline=None)
def test_a_text_that_was_cut_off_is_a_damaged_day(given_rows: list[Row], data: st.DataObject) -> None:
    text = holdings(*given_rows).to_json()

    cut = data.draw(st.integers(0, len(text) - 1))

    with pytest.raises(DamagedDay):
        DailyHoldings.from_json(DAY, text[:cut])


@given(lists, st.data(), values)
@settings(deadline=None)
def test_a_cell_of_another_kind_is_a_damaged_day_or_the_same_kind(
    given_rows: list[Row], data: st.DataObject, value: Any
) -> None:
    content = json.loads(holdings(*given_rows).to_json())
    row = data.draw(st.integers(0, len(given_rows) - 1))
    column = data.draw(st.integers(0, 3))
    content["data"][row][column] = value

    back = read_or_damaged(json.dumps(content))

    if back is not None:
        assert column == 3 or type(value) is (str if column == 1 else int)
        expected = {
            code: (one_line(name), shares, percent) for code, name, shares, percent in content["data"]
        }
        assert back.rows() == expected


@given(values)
@settings(deadline=None)
def test_json_of_another_shape_is_a_damaged_day(value: Any) -> None:
    for text in (json.dumps(value), stored([[value] * 4]), stored({"rows": value})):
        with pytest.raises(DamagedDay):
            DailyHoldings.from_json(DAY, text)


def believed(text: str) -> dict[int, tuple[str, int, float | None]] | None:
    """What stands in a text by the rules for one, read by `json` alone; None if it is damaged."""

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    def no_figure(token: str) -> None:
        raise AssertionError(token)

    try:
        frame = json.loads(text, object_pairs_hook=members, parse_constant=no_figure)
        assert frame["columns"] == COLUMNS
        assert type(frame["data"]) is list
        for row in frame["data"]:
            code, name, shares, percent = row
            assert [type(row), type(code), type(name), type(shares)] == [list, int, str, int]
            assert type(percent) in {int, float, type(None)}
            assert 1 <= code < 2**63
            assert 1 <= shares <= 2**53
            assert percent is None or 0 <= percent <= 10_000
            name.encode()
        read = {code: (one_line(name), shares, percent) for code, name, shares, percent in frame["data"]}
        assert 0 < len(read) == len(frame["data"])
    except (AssertionError, LookupError, TypeError, ValueError):
        return None
    return read


def test_days_with_the_same_names_or_codes_share_them() -> None:
    renamed = holdings((1, "CKH", 1, None))
    texts = [
        (DAY, SMALL.to_json()),
        (DAY, SMALL.to_json()),
        (DAY, renamed.to_json()),
        (DAY, renamed.to_json()),
    ]

    (first, second, third, fourth), _ = read_days(texts)

    assert first.names is second.names
    assert first.codes is second.codes
    assert third.names == ("CKH",)
    assert third.codes.tolist() == [1]
    assert third.codes is fourth.codes


JUNK = (
    *' ":,.-0e[]{}\\',
    *("\n", "\x00", "\ud800", "é", "\\u0041", "\\ud83d", "\\/", '\\"', "1e2", "E1", "null", "true", "NaN"),
    *('"data":[],', '"data":[[1,"A",1,1]],', '"index":[],', '"index":["a:b"],', '"columns" : [],'),
    *('"later":0,', '"later":{"a":0,"a":0},', '"d\\u0061ta":[[1,"A",1,1]],', '[1,"A",1,1],', '"A:B"'),
)


@given(lists, st.lists(st.tuples(st.floats(0, 1), st.sampled_from(JUNK), st.integers(0, 3)), max_size=3))
@settings(max_examples=300, deadline=None)
def test_a_text_that_was_changed_says_what_a_slow_reader_finds_in_it_or_is_damaged(
    given_rows: list[Row], changes: list[tuple[float, str, int]]
) -> None:
    text = holdings(*given_rows).to_json()
    for where, put, lost in changes:
        # Most of them where a member may begin: elsewhere nearly all are no JSON.
        at = int(where * len(text)) if lost else text.index('"', int(where * 3) * 20 % len(text))
        text = text[:at] + put + text[at + lost :]

    back = read_or_damaged(text)

    assert (None if back is None else back.rows()) == believed(text)


@given(lists, st.data(), st.binary(max_size=6))
@settings(max_examples=200, deadline=None)
def test_no_bytes_are_anything_but_a_day_or_a_damaged_one(
    given_rows: list[Row], data: st.DataObject, junk: bytes
) -> None:
    text = holdings(*given_rows).to_json().encode()
    begin = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(begin, min(len(text), begin + 6)))

    back = read_or_damaged(text[:begin] + junk + text[end:])

    if back is not None:
        assert back.codes.tolist() == sorted(set(back.codes.tolist()))
        assert back.codes[0] > 0
        assert (back.shares > 0).all()
        assert not ((back.percents < 0) | (back.percents > 10_000)).any()
        assert DailyHoldings.from_json(DAY, back.to_json()).rows().keys() == back.rows().keys()


@pytest.mark.parametrize(
    ("other", "count"),
    [
        (SMALL, 0),
        (holdings((5, "HSBC", 700, 3.5), (1, "CKH", 201, None)), 1),
        (holdings((5, "HSBC", 700, 3.5), (1, "CKH HOLDINGS", 200, None)), 1),
        (holdings((5, "HSBC", 700, 3.5), (1, "CKH", 200, 0.0)), 1),
        (holdings((5, "HSBC", 700, None), (1, "CKH", 200, None)), 1),
        (holdings((5, "HSBC", 700, 3.5)), 1),
        (holdings((5, "HSBC", 700, 3.5), (1, "CKH", 200, None), (6, "A", 1, None)), 1),
        (holdings((7, "HSBC", 700, 3.5), (1, "CKH", 300, None)), 3),
    ],
    ids=[
        "nothing",
        "shares",
        "a name",
        "a blank became zero",
        "a blank came",
        "one left",
        "one came",
        "all that",
    ],
)
def test_the_rows_that_a_restatement_changes_are_counted(other: DailyHoldings, count: int) -> None:
    assert SMALL.rows_changed(other) == other.rows_changed(SMALL) == count


def test_of_the_recorded_days_the_shut_ones_changed_least(recorded: Mapping[date, DailyHoldings]) -> None:
    changed = recorded[date(2026, 2, 16)].rows_changed(recorded[date(2026, 2, 13)])

    assert changed == sum(
        old != new
        for old, new in zip(
            recorded_days()[date(2026, 2, 13)].rows, recorded_days()[date(2026, 2, 16)].rows, strict=True
        )
    )
    assert recorded[date(2026, 2, 26)].rows_changed(recorded[date(2026, 2, 25)]) > 500
