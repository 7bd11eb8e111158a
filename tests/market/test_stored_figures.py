"""Prices, turnover and short positions as they are stored: they come back, or there is an error."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from southbound.common.errors import DamagedFigures
from southbound.market.daily_prices import DailyPrices, Quote, TradingState
from southbound.market.official_turnover import ActiveStock, Channel, ChannelTurnover, OfficialTurnover
from southbound.market.origin import Origin
from southbound.market.short_positions import ShortPosition, ShortPositions
from southbound.market.stored_figures import origin_of

DAY = date(2026, 2, 27)
READ_AT = datetime(2026, 2, 27, 12, 5, tzinfo=UTC)
ORIGIN = Origin("https://example.org/d260227e.htm", READ_AT)
TRADED, IDLE = TradingState.TRADED, TradingState.NOT_TRADED
PRICES = DailyPrices.of(
    DAY,
    [
        Quote(700, "TENCENT", "HKD", TRADED, 453.0, 441.4, 447.6, 440.6, 20_289_781, 8_990_301_596),
        Quote(46, "COMPUTER & TECH", "HKD", IDLE, 1.3, 1.3),
        Quote(7, "WISDOM WEALTH", "HKD", TradingState.SUSPENDED),
        Quote(92, "CHAMPION TECH", "HKD", TradingState.HALTED),
        Quote(80_700, "TENCENT-R", "CNY", TRADED, 400.0, 401.0, 402.0, 400.0, 100, 40_100),
        Quote(13_579, "A WARRANT", "HKD", TRADED, 0.1, 0.1, 0.1, 0.1, 10_000, 1_000),
        Quote(62_468, "A BULL", "HKD", IDLE, 0.1, 0.1),
    ],
)
TURNOVER = OfficialTurnover.of(
    DAY,
    [
        ChannelTurnover(Channel.SHENZHEN, None, None),
        ChannelTurnover(
            Channel.SHANGHAI, 33_123_030_000.0, 25_406_600_000.0, (ActiveStock(700, "TENCENT", 9, 4),)
        ),
    ],
)
SHORT = ShortPositions.of(
    DAY,
    [
        ShortPosition(1, "CKH HOLDINGS", 14_169_933, 562_546_340),
        ShortPosition(4, "WHARF", None, 7),
        ShortPosition(2, "CLP", 0, 0),
    ],
)
Kind = type[DailyPrices] | type[OfficialTurnover] | type[ShortPositions]
STORED: dict[Kind, str] = {
    DailyPrices: PRICES.to_json(ORIGIN.source, READ_AT),
    OfficialTurnover: TURNOVER.to_json(ORIGIN.source, READ_AT),
    ShortPositions: SHORT.to_json(ORIGIN.source, READ_AT),
}


@pytest.mark.parametrize("kind", STORED)
def test_it_is_stored_with_where_it_was_read_and_when(kind: Kind) -> None:
    assert origin_of(STORED[kind]) == ORIGIN
    assert json.loads(STORED[kind])["day"] == "2026-02-27"


def test_prices_are_stored_of_what_trades_in_hk_dollars_and_is_no_derivative() -> None:
    members = json.loads(STORED[DailyPrices])

    assert {name: members[name] for name in ("code", "close", "shares_traded", "turnover", "state")} == {
        "code": [7, 46, 92, 700],
        "close": [None, 1.3, None, 441.4],
        "shares_traded": [None, None, None, 20_289_781],
        "turnover": [None, None, None, 8_990_301_596],
        "state": ["suspended", "not traded", "halted", "traded"],
    }


def test_stored_prices_come_back() -> None:
    back = DailyPrices.from_json(STORED[DailyPrices])

    assert back.day == DAY
    assert back.codes.tolist() == [7, 46, 92, 700]
    assert back.states == (TradingState.SUSPENDED, IDLE, TradingState.HALTED, TRADED)
    assert (back.closes[1], back.closes[3]) == (1.3, 441.4)
    assert np.isnan(back.closes[[0, 2]]).all()
    assert (back.shares_traded[3], back.turnovers[3]) == (20_289_781, 8_990_301_596)
    assert np.isnan(back.shares_traded[:3]).all()
    assert np.isnan(back.highs).all()
    assert back.names == ("",) * 4
    assert back.to_json(ORIGIN.source, READ_AT) == STORED[DailyPrices]


def test_stored_turnover_comes_back() -> None:
    assert OfficialTurnover.from_json(STORED[OfficialTurnover]) == TURNOVER


def test_stored_short_positions_come_back() -> None:
    back = ShortPositions.from_json(STORED[ShortPositions].encode())

    assert (back.day, back.codes.tolist(), back.names) == (DAY, [1, 2, 4], ("CKH HOLDINGS", "CLP", "WHARF"))
    assert back.shares[:2].tolist() == [14_169_933, 0]
    assert np.isnan(back.shares[2])
    assert back.values.tolist() == [562_546_340, 0, 7]


@pytest.mark.parametrize(
    ("kind", "was", "becomes"),
    [
        (DailyPrices, "2026-02-27", "2026-02-30"),
        (DailyPrices, "[7,46,92,700]", "[7,46,46,700]"),
        (DailyPrices, "[7,46,92,700]", "[7,46,92]"),
        (DailyPrices, "[7,46,92,700]", "[7,46,92.0,700]"),
        (DailyPrices, "[7,46,92,700]", "[0,46,92,700]"),
        (DailyPrices, "441.4", "NaN"),
        (DailyPrices, "441.4", "0"),
        (DailyPrices, "441.4", '"441.4"'),
        (DailyPrices, "441.4", "true"),
        (DailyPrices, "441.4", "1e999"),
        (DailyPrices, "null,20289781", "null,null"),
        (DailyPrices, '"halted"', '"gone"'),
        (DailyPrices, '"halted","traded"', '"traded","halted"'),
        (DailyPrices, '"close"', '"code"'),
        (DailyPrices, '"close"', '"code":[1],"close"'),
        (DailyPrices, '"source":"https:', '"close":[],"source":"https\\u003a'),
        (DailyPrices, '"source":"https:', '"close" : [],"source":"https'),
        (OfficialTurnover, '"SSE"', '"SZSE"'),
        (OfficialTurnover, '"SSE"', "[]"),
        (OfficialTurnover, "33123030000.0", "null"),
        (OfficialTurnover, "33123030000.0", "8"),
        (OfficialTurnover, "33123030000.0", "-1"),
        (OfficialTurnover, "33123030000.0", "true"),
        (OfficialTurnover, '"code":700', '"code":700.0'),
        (OfficialTurnover, '"buy":null', '"sold":null'),
        (ShortPositions, "14169933", "0"),
        (ShortPositions, "14169933", "14169933.5"),
        (ShortPositions, "14169933", "-1"),
        (ShortPositions, '"WHARF"', '"WHARF","CLP"'),
        (ShortPositions, '"WHARF"', "null"),
    ],
)
def test_a_text_that_to_json_does_not_write_is_damaged(kind: Kind, was: str, becomes: str) -> None:
    assert was in STORED[kind]
    with pytest.raises(DamagedFigures, match="the stored figures are damaged: "):
        kind.from_json(STORED[kind].replace(was, becomes, 1))


@pytest.mark.parametrize("read", [*(kind.from_json for kind in STORED), origin_of])
@pytest.mark.parametrize("text", ["", "{", "[]", "1", "{}", "[" * 200_000, b"\xff", '{"day":1}'])
def test_what_is_no_such_object_is_damaged(read: Callable[[str | bytes], Any], text: str | bytes) -> None:
    with pytest.raises(DamagedFigures):
        read(text)


@pytest.mark.parametrize("source", ["a file", "C:\\a: b", 'a "quoted": one', "é：\N{BELL}"])
def test_prices_are_the_same_however_their_text_is_written(source: str) -> None:
    text = PRICES.to_json(source, READ_AT)
    members = json.loads(text)
    spaced, ascii_alone = json.dumps(members, ensure_ascii=False, indent=1), json.dumps(members)
    turned, later = json.dumps(dict(reversed(members.items()))), json.dumps({**members, "later": {"a": 0}})

    for other in (text, text.encode(), spaced, ascii_alone, turned, later, text.replace("441.4", "4414e-1")):
        assert DailyPrices.from_json(other).to_json(source, READ_AT) == text


@given(kind=st.sampled_from(list(STORED)), data=st.data(), junk=st.binary(max_size=4))
@settings(max_examples=300, deadline=None)
def test_no_bytes_are_anything_but_figures_or_damaged(kind: Kind, data: st.DataObject, junk: bytes) -> None:
    text = STORED[kind].encode()
    begin = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(begin, min(len(text), begin + 4)))
    try:
        back = kind.from_json(text[:begin] + junk + text[end:])
    except DamagedFigures:
        return

    again = kind.from_json(back.to_json(ORIGIN.source, READ_AT))
    assert again.to_json("", READ_AT) == back.to_json("", READ_AT)
