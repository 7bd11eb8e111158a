"""A file of daily statistics becomes one day's official turnover, or an error that says why not."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from replay.figures import chinese_names
from replay.recorded_official import recorded_turnover
from replay.statistics import Southbound, statistics_file
from southbound.common.errors import BadTurnover, NotPublished, OtherDate, SiteChanged, SouthboundError
from southbound.hkex.turnover import MOST_BYTES, read_turnover, turnover_path
from southbound.market.official_turnover import Channel, ChannelTurnover, OfficialTurnover
from tests.hkex.mutations import BYTES, KINDS, mutated

DAY = date(2026, 2, 27)
TOP = tuple(
    (code, chinese_names()[code], code * 1_000_003, code * 10_007) for code in sorted(chinese_names())[50:60]
)
OPEN = Southbound(3_312_303, 2_540_660, TOP)
FILE = statistics_file(DAY, {"SSE": OPEN, "SZSE": Southbound(2_111_851, 1_383_777, TOP)})
SHUT = statistics_file(DAY, {"SSE": OPEN, "SZSE": None})
ENTRIES: list[dict[str, Any]] = json.loads(FILE.decode().removeprefix("tabData = ").rstrip(";\n"))


def file_of(entries: object, form: str = "tabData = {};") -> bytes:
    return form.format(json.dumps(entries)).encode()


@pytest.mark.parametrize("day", recorded_turnover(), ids=str)
def test_recorded_turnover_comes_out_to_the_hk_dollar(day: date) -> None:
    recorded = recorded_turnover()[day]
    file = statistics_file(day, {channel: Southbound(*both, TOP) for channel, both in recorded.items()})

    turnover = read_turnover(file, day)

    assert [(each.channel, each.buy, each.sell) for each in turnover.channels] == [
        (channel, *(hundredths * 10_000 for hundredths in recorded[channel])) for channel in ("SSE", "SZSE")
    ]
    assert turnover.net == sum(buy - sell for buy, sell in recorded.values()) * 10_000


def test_the_most_active_stocks_have_their_code_their_name_and_hk_dollars() -> None:
    [shanghai, _] = read_turnover(FILE, DAY).channels

    assert [tuple(stock) for stock in shanghai.most_active] == [
        (code, name[:16].strip(), buy, sell) for code, name, buy, sell in TOP
    ]


def test_a_channel_that_was_shut_is_none_and_never_0() -> None:
    assert read_turnover(SHUT, DAY).channels[1] == ChannelTurnover(Channel.SHENZHEN, None, None)


def test_entries_are_found_by_their_market_and_columns_by_their_name() -> None:
    entries = json.loads(json.dumps(ENTRIES))[::-1]
    for part in (part for entry in entries for part in entry["content"]):
        table = part["table"]
        table["schema"] = [table["schema"][0][::-1]]
        if part["style"] == 1:
            table["tr"].reverse()
        for row in table["tr"]:
            row["td"] = [row["td"][0][::-1]]

    assert read_turnover(file_of(entries), DAY) == read_turnover(FILE, DAY)


@pytest.mark.parametrize("form", ["var tabData={}", "\n tabData = {} ;\r\n", "\ufefftabData = {};"])
def test_the_script_round_the_figures_may_be_written_in_other_ways(form: str) -> None:
    entries = json.loads(json.dumps(ENTRIES))
    for entry in entries:
        entry["tradingDay"] = bool(entry["tradingDay"])
        for row in entry["content"][1]["table"]["tr"]:
            if row["td"][0][1] != "-":
                row["td"][0][:2] = map(int, row["td"][0][:2])

    assert read_turnover(file_of(entries, form), DAY) == read_turnover(FILE, DAY)


@pytest.mark.parametrize(
    ("told", "was", "becomes"),
    [
        ("0 entries of SSE Southbound", '"SSE Southbound"', '"SSE southbound"'),
        ("2 entries of SSE Southbound", '"SSE Northbound"', '"SSE Southbound"'),
        ("not the total", "33,123.03", "33,123.04"),
        ("two decimals", "33,123.03", "33123.03"),
        ("two decimals", "33,123.03", "33,123"),
        ("two decimals", "33,123.03", "-"),
        ("whole HK", f"{TOP[0][2]:,}", f"{TOP[0][2]:,}.00"),
        ("not the total", f"{TOP[0][2]:,}", "1"),
        ("7 cells|names", '["33,123.03"]', '["33,123.03", "1"]'),
        (
            "KeyError",
            '"Buy Turnover", "Sell Turnover", "Total Trade',
            '"Bought", "Sell Turnover", "Total Trade',
        ),
        (
            "tradingDay",
            '"market": "SSE Southbound", "tradingDay": 1',
            '"market": "SSE Southbound", "tradingDay": 2',
        ),
        (
            "no trading day",
            '"market": "SSE Southbound", "tradingDay": 1',
            '"market": "SSE Southbound", "tradingDay": 0',
        ),
        ("rank 2", '["2", ', '["3", '),
        ("style", '"style": 1', '"style": 3'),
        ("Stock Code", f'"{TOP[0][0]:05}"', '"HSBC"'),
        ("tabData", "tabData", "tableData"),
        ("a member stands twice", '"id": 1', '"id": 1, "id": 1'),
    ],
)
def test_another_layout_is_refused_with_what_is_wrong(told: str, was: str, becomes: str) -> None:
    text = FILE.decode()
    start = (
        max(0, text.index('"SSE Southbound"') - 60)
        if was not in text[:100] and was != '"SSE Northbound"'
        else 0
    )
    assert was in text[start:]
    with pytest.raises(SiteChanged, match=told):
        read_turnover((text[:start] + text[start:].replace(was, becomes, 1)).encode(), DAY)


def test_figures_of_another_day_are_refused() -> None:
    with pytest.raises(OtherDate, match="asked for 2026-02-26, the list is headed 2026-02-27"):
        read_turnover(FILE, date(2026, 2, 26))


def test_most_active_stocks_beyond_the_whole_are_refused() -> None:
    with pytest.raises(BadTurnover, match="more than all together"):
        read_turnover(statistics_file(DAY, {"SSE": Southbound(1, 1, TOP), "SZSE": None}), DAY)


@pytest.mark.parametrize("page", [b"<html>", b"\xef\xbb\xbf\r\n <!DOCTYPE html><html>"])
def test_a_page_in_place_of_the_file_is_not_published(page: bytes) -> None:
    with pytest.raises(NotPublished, match="a page stands in place"):
        read_turnover(page, DAY)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"tabData = " + b"[" * 9000, b" " * (MOST_BYTES + 1)])
def test_what_is_no_such_file_is_refused(content: bytes) -> None:
    with pytest.raises(SiteChanged):
        read_turnover(content, DAY)


def test_the_file_of_a_day_is_named_by_it() -> None:
    assert turnover_path(DAY) == "data_tab_daily_20260227e.js"


def figures(turnover: OfficialTurnover) -> list[tuple[object, ...]]:
    return [
        (
            each.channel,
            each.buy,
            each.sell,
            [(stock.code, stock.buy, stock.sell) for stock in each.most_active],
        )
        for each in turnover.channels
    ]


@given(kind=st.sampled_from(KINDS), place=st.integers(0, len(SHUT) - 1), byte=st.sampled_from(BYTES))
@settings(max_examples=300, deadline=None)
def test_a_damaged_file_gives_the_right_figures_or_an_error(kind: str, place: int, byte: bytes) -> None:
    """A digit of a code may be lost unseen: nothing else in the file says which stock it is."""
    try:
        got = figures(read_turnover(mutated(SHUT, kind, place, byte), DAY))
    except SouthboundError:
        return

    want = figures(read_turnover(SHUT, DAY))
    amounts = [[(*each[:3], [stock[1:] for stock in each[3]]) for each in side] for side in (got, want)]  # type: ignore[attr-defined]
    assert amounts[0] == amounts[1]
