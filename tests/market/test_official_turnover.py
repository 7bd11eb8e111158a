"""One trade date's official turnover: what it sums up to, and what cannot be true of it."""

from datetime import date

import pytest

from southbound.common.errors import BadTurnover
from southbound.market.official_turnover import ActiveStock, Channel, ChannelTurnover, OfficialTurnover

DAY = date(2026, 2, 27)
SHANGHAI = ChannelTurnover(Channel.SHANGHAI, 33_123_030_000.0, 25_406_600_000.0)
SHENZHEN = ChannelTurnover(Channel.SHENZHEN, 21_118_510_000.0, 13_837_770_000.0)
SHUT = ChannelTurnover(Channel.SHENZHEN, None, None)


def test_what_was_bought_is_the_sum_of_both_channels() -> None:
    turnover = OfficialTurnover.of(DAY, [SHENZHEN, SHANGHAI])

    assert turnover.channels == (SHANGHAI, SHENZHEN)
    assert (turnover.buy, turnover.sell, turnover.net) == (54_241_540_000, 39_244_370_000, 14_997_170_000)


def test_of_one_open_channel_it_is_that_one() -> None:
    assert OfficialTurnover.of(DAY, [SHANGHAI, SHUT]).net == 7_716_430_000


def test_a_day_on_which_both_were_shut_has_no_turnover_and_not_0() -> None:
    turnover = OfficialTurnover.of(DAY, [ChannelTurnover(Channel.SHANGHAI, None, None), SHUT])

    assert (turnover.buy, turnover.sell, turnover.net) == (None, None, None)


@pytest.mark.parametrize(
    ("told", "channels"),
    [
        ("want each of SSE, SZSE once", [SHANGHAI]),
        ("want each of SSE, SZSE once", [SHANGHAI, SHANGHAI]),
        (
            "SZSE southbound: bought without sold",
            [SHANGHAI, ChannelTurnover(Channel.SHENZHEN, 1.0, None)],
        ),
        ("want from 0", [SHANGHAI, ChannelTurnover(Channel.SHENZHEN, 1.0, -1.0)]),
        ("want from 0", [SHANGHAI, ChannelTurnover(Channel.SHENZHEN, float("nan"), 1.0)]),
    ],
)
def test_channels_that_cannot_be_true_are_refused(told: str, channels: list[ChannelTurnover]) -> None:
    with pytest.raises(BadTurnover, match=told):
        OfficialTurnover.of(DAY, channels)


@pytest.mark.parametrize(
    ("told", "stocks"),
    [
        ("11 most active", [ActiveStock(code, "A", 1, 1) for code in range(1, 12)]),
        ("stands twice", [ActiveStock(700, "A", 1, 1)] * 2),
        ("stock 0: want a positive code", [ActiveStock(0, "A", 1, 1)]),
        ("stock 7: want", [ActiveStock(7, "A", 0, 0)]),
        ("stock 7: want", [ActiveStock(7, "A", -1, 5)]),
        ("traded for more than all", [ActiveStock(7, "A", 60, 5), ActiveStock(8, "B", 41, 5)]),
    ],
)
def test_most_active_stocks_that_cannot_be_true_are_refused(told: str, stocks: list[ActiveStock]) -> None:
    with pytest.raises(BadTurnover, match=told):
        OfficialTurnover.of(DAY, [ChannelTurnover(Channel.SHANGHAI, 100.0, 100.0, tuple(stocks)), SHUT])


def test_a_channel_that_was_shut_has_no_most_active_stocks() -> None:
    shut = ChannelTurnover(Channel.SHENZHEN, None, None, (ActiveStock(7, "A", 1, 1),))

    with pytest.raises(BadTurnover, match="it was shut"):
        OfficialTurnover.of(DAY, [SHANGHAI, shut])
