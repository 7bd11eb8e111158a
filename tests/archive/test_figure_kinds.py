"""Prices, turnover and short positions as Parquet files, and back, to the byte that the store holds."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from southbound.archive.figure_kinds import UNKNOWN
from southbound.archive.kinds import HOLDINGS, Kind
from southbound.archive.month_files import Reading, content_of, decode, encode, entry_of
from southbound.market.daily_prices import DailyPrices, Quote, TradingState
from southbound.market.official_turnover import ActiveStock, Channel, ChannelTurnover, OfficialTurnover
from southbound.market.origin import Origin
from southbound.market.short_positions import ShortPosition, ShortPositions
from tests.archive.figures import MADE_UP, PRICES, SHORT_POSITIONS, TURNOVER, prices, turnover
from tests.archive.readings import MINUTE, READ

DAY, NEXT = date(2026, 2, 26), date(2026, 2, 27)
Make = Callable[..., Any]

WHOLE = st.integers(1, 2**53)
CLOSE = st.none() | st.integers(1, 10**9).map(lambda thousandths: thousandths / 1000)
SOURCE = st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), max_size=500)
MOMENT = st.integers(0, 2**31).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))

TRADED = st.tuples(CLOSE, WHOLE, WHOLE).map(lambda figures: (TradingState.TRADED, *figures))
IDLE = st.tuples(st.sampled_from(list(TradingState)), CLOSE, st.none(), st.none())
SHORT = st.tuples(WHOLE, WHOLE) | st.just((0, 0)) | st.tuples(st.none(), st.none() | WHOLE)


def quotes(stocks: dict[int, Any]) -> DailyPrices:
    return DailyPrices.of(
        DAY,
        [
            Quote(code, "", "HKD", state, close=close, shares_traded=shares, turnover=money)
            for code, (state, close, shares, money) in stocks.items()
        ],
    )


def positions(stocks: dict[int, Any]) -> ShortPositions:
    return ShortPositions.of(DAY, [ShortPosition(code, "N", *figures) for code, figures in stocks.items()])


@st.composite
def channels(draw: st.DrawFn) -> OfficialTurnover:
    each = []
    for channel in Channel:
        stocks = draw(st.dictionaries(st.integers(1, 9_999), st.integers(1, 10**12), max_size=10))
        active = tuple(ActiveStock(code, f"N{code}", money, money // 2) for code, money in stocks.items())
        total = sum(stocks.values())
        is_shut = draw(st.booleans()) and not active
        rest = draw(st.integers(0, 10**13)) / 100
        each.append(
            ChannelTurnover(channel, None, None)
            if is_shut
            else ChannelTurnover(channel, total + rest, total + 0.5, active)
        )
    return OfficialTurnover.of(DAY, each)


ANY = st.one_of(
    st.tuples(
        st.just(PRICES),
        st.dictionaries(st.integers(1, 9_999), TRADED | IDLE, min_size=1, max_size=5).map(quotes),
    ),
    st.tuples(st.just(TURNOVER), channels()),
    st.tuples(
        st.just(SHORT_POSITIONS),
        st.dictionaries(st.integers(1, 99_999), SHORT, min_size=1, max_size=5).map(positions),
    ),
)


@settings(max_examples=100, deadline=None)
@given(ANY, SOURCE, MOMENT)
def test_what_the_store_holds_is_what_comes_back_byte_for_byte(
    made: tuple[Any, Any], source: str, read_at: datetime
) -> None:
    (kind, stored), figures = made
    text = figures.to_json(source, read_at)
    known = Reading(DAY, stored.read(text), Origin(source, read_at))

    [read] = decode(kind, encode(kind, {DAY: [known]}))[DAY]

    assert read.figures.to_json(read.origin.source, read.origin.read_at) == text
    assert content_of(kind, read) == content_of(kind, known)


@pytest.mark.parametrize(("kind", "stored", "make"), MADE_UP, ids=lambda each: getattr(each, "name", ""))
def test_each_reading_of_a_day_comes_back_in_its_order(kind: Kind[Any], stored: Any, make: Make) -> None:
    readings = [
        Reading(day, stored.read(make(day, number).to_json("s", READ)), Origin("s", READ + number * MINUTE))
        for day in (DAY, NEXT)
        for number in (3, 1, 2)
    ]
    known = {day: sorted((each for each in readings if each.day == day), key=moment) for day in (DAY, NEXT)}

    content = encode(kind, known)
    read = decode(kind, content)

    for day in (DAY, NEXT):
        assert [kind.text(each.figures, each.origin) for each in read[day]] == [
            kind.text(each.figures, each.origin) for each in known[day]
        ]
    entry = entry_of(kind, known, content)
    assert entry.days == {day: content_of(kind, known[day][-1]) for day in (DAY, NEXT)}
    assert entry.content.rows == len(pd.read_parquet(io.BytesIO(content)))


def moment(reading: Reading[Any]) -> datetime:
    assert reading.origin.read_at is not None
    return reading.origin.read_at


def test_they_are_read_without_us_by_their_columns_sorted_by_date_and_code() -> None:
    readings = {day: [Reading(day, prices(day), Origin("s", READ))] for day in (NEXT, DAY)}
    official = {DAY: [Reading(DAY, turnover(DAY), Origin("s", READ))]}

    frame = pd.read_parquet(io.BytesIO(encode(PRICES[0], readings)))
    channels = pd.read_parquet(io.BytesIO(encode(TURNOVER[0], official)))

    columns = ["date", "code", "close", "shares_traded", "turnover", "state", "source", "read_at"]
    assert list(frame) == columns
    assert list(zip(frame["date"], frame["code"], strict=True)) == [
        (day, code) for day in (DAY, NEXT) for code in (5, 7, 700)
    ]
    assert frame["close"].isna().tolist() == [False, True, False] * 2
    assert channels[["channel", "rank", "name"]].fillna("").to_numpy().tolist() == [
        ["SSE", 0, ""],
        ["SSE", 1, "ALIBABA"],
        ["SSE", 2, "騰訊"],
        ["SZSE", 0, ""],
    ]


def test_where_no_moment_is_noted_the_beginning_of_time_stands_in_for_it() -> None:
    known = Reading(DAY, prices(DAY), Origin("s"))

    [read] = decode(PRICES[0], encode(PRICES[0], {DAY: [known]}))[DAY]

    assert read.origin == Origin("s")
    assert PRICES[0].text(read.figures, read.origin) == prices(DAY).to_json("s", UNKNOWN)


@pytest.mark.parametrize(("kind", "stored", "make"), MADE_UP, ids=lambda each: getattr(each, "name", ""))
def test_a_file_of_another_kind_is_named(kind: Kind[Any], stored: Any, make: Make) -> None:
    assert stored
    content = encode(kind, {DAY: [Reading(DAY, make(DAY), Origin("s", READ))]})

    with pytest.raises(ValueError, match="its columns are date, "):
        decode(HOLDINGS, content)
