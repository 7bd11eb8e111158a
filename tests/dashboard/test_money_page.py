"""What the page shows in HK$, where prices, turnover and short positions are stored; and where not."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from streamlit.testing.v1 import AppTest

from southbound.dashboard.views.markdown import plain
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.daily_prices import DailyPrices, Quote, TradingState
from southbound.market.metrics import MONEY
from southbound.market.official_turnover import ActiveStock, Channel, ChannelTurnover, OfficialTurnover
from southbound.presentation import formatting
from southbound.store.holdings_store import HoldingsStore
from southbound.store.market_figures import PRICES, TURNOVER
from tests import by_hand, money_by_hand
from tests.dashboard.reading import (
    bar_codes,
    cards,
    chart,
    choose,
    component,
    messages,
    numbers,
    rows,
    tables,
    text,
)

NEWEST, DAY_BEFORE, FIVE_BEFORE = date(2026, 2, 27), date(2026, 2, 26), date(2026, 2, 20)
OpenPage = Callable[..., AppTest]


@pytest.fixture
def priced(filled: HoldingsStore) -> HoldingsStore:
    money_by_hand.fill(filled.market_figures)
    return filled


def net_buying(money: float) -> str:
    return formatting.change(MONEY, money)


@pytest.mark.usefixtures("priced")
def test_the_page_is_in_money_where_prices_are_stored(open_page: OpenPage) -> None:
    page = open_page(metric="hkd", kind="all")

    assert page.segmented_control(key="metric").options[-1] == "HK$"
    rises = money_by_hand.largest(FIVE_BEFORE, NEWEST)[0][:10]
    assert bar_codes(page) == [code for code, _ in rises]
    assert numbers(chart(page, 0)["data"][0]["x"]) == pytest.approx([money for _, money in rises])
    shown = cards(page)
    ours = sum(money for money in money_by_hand.net_buying(DAY_BEFORE, NEWEST).values() if money)
    official = money_by_hand.official()
    traded = official[date(2026, 2, 25)]
    assert shown["Net buying"] == (net_buying(ours), f"gap {net_buying(ours - traded)}")
    assert plain(f"official {net_buying(traded)}, trades of Wed 25 Feb 2026") in text(page)
    on_its_way = official[date(2026, 2, 26)] + official[NEWEST]
    assert plain(f"on its way {net_buying(on_its_way)}") in text(page)
    more = {card.label: card.help for card in page.metric}
    assert more["Net buying"] == plain("142 not priced. Official: HKEX, both channels, of the same days")
    assert "traded on Thu 26 Feb 2026, Fri 27 Feb 2026; no holding shows it yet" in more["Market value"]
    assert shown["Market value"][1] == "628 of 878 priced"
    value = by_hand.record()[NEWEST][700][0] * (money_by_hand.close(NEWEST, 700) or 0)
    page.button(key="more").click().run()
    [tencent] = [row for row in rows(page) if row["Code"] == "00700"]
    assert tencent["Value"] == formatting.money(value)
    titles = [note["text"] for note in chart(page, 1)["layout"]["annotations"]]
    assert titles[-1] == "Close in HK$, by trading day"
    assert "as of Fri 27 Feb 2026" in text(page)

    choose(page, "tab", "data")
    reconciled = tables(page)[-1]
    row = list(reconciled[0].values())
    assert row[2:5] == [net_buying(money) for money in (ours, traded, ours - traded)]
    assert row[5].startswith("142 without a price")
    bars, marks = chart(page, 2)["data"]
    assert numbers(bars["y"])[-1] == pytest.approx(ours / 1e9)
    assert numbers(marks["y"])[-1] == pytest.approx(traded / 1e9)

    choose(page, "tab", "list")
    assert "Bought or sold against the price" in text(page)


@pytest.mark.usefixtures("priced")
def test_a_day_that_shows_no_trades_says_so_and_blames_no_price(open_page: OpenPage) -> None:
    page = open_page(metric="hkd", kind="all", window="1", date="2026-02-16")

    assert cards(page)["Largest rise"] == ("–", "none")  # noqa: RUF001 - as it is written
    said = text(page) + "".join(card.help for card in page.metric)
    assert said.count("No holding moved that way") == 2
    assert "No price is known" not in said
    assert "of the same days" not in said


@pytest.mark.usefixtures("filled")
def test_without_prices_money_is_grey_and_says_why(open_page: OpenPage) -> None:
    page = open_page()
    assert page.segmented_control(key="metric").options[-1] == ":gray[HK$]"
    assert page.segmented_control(key="show").options[-2:] == [":gray[Price]", ":gray[Value]"]
    assert "Net buying" not in cards(page)
    assert "Value" not in rows(page)[0]

    choose(page, "metric", "hkd")
    assert "No prices are stored, so nothing is known in HK$" in messages(page)[0]
    assert "[prices] in config.ini" in messages(page)[0]

    choose(page, "show", "value")
    assert len(messages(page)) == 2


@pytest.mark.usefixtures("priced")
def test_a_longer_period_has_the_prices_of_years_ago(
    filled: HoldingsStore, recorded: Mapping[date, DailyHoldings], open_page: OpenPage
) -> None:
    years_ago = date(2024, 2, 27)
    filled.put(replace(recorded[NEWEST], day=years_ago))
    quote = Quote(700, "TENCENT", "HKD", TradingState.NOT_TRADED, close=288.5)
    filled.market_figures.put(
        PRICES, DailyPrices.of(years_ago, [quote]), "made up", datetime(2026, 2, 27, tzinfo=UTC)
    )
    page = open_page(show="price")
    assert 288.5 not in numbers(chart(page, 1)["data"][0]["y"])

    choose(page, "period", "all")

    assert numbers(chart(page, 1)["data"][0]["y"])[0] == 288.5


@pytest.mark.usefixtures("priced")
def test_signals_name_the_most_active_stocks_of_each_channel(
    filled: HoldingsStore, open_page: OpenPage
) -> None:
    read_at = datetime(2026, 2, 27, tzinfo=UTC)
    for day in (DAY_BEFORE, NEWEST):
        channels = [
            ChannelTurnover(Channel.SHANGHAI, 9e9, 9e9, (ActiveStock(700, "TENCENT", 3 * 10**9, 10**9),)),
            ChannelTurnover(Channel.SHENZHEN, 9e9, 9e9, (ActiveStock(99_999, "NOT HELD", 10**8, 2 * 10**8),)),
        ]
        filled.market_figures.put(TURNOVER, OfficialTurnover.of(day, channels), "made up", read_at)

    page = open_page(tab="signals", date=str(DAY_BEFORE))

    assert "Most active southbound on Thu 26 Feb 2026" in text(page)
    assert [list(row.values()) for row in rows(page, "most_active")] == [
        ["Shanghai", "1", "00700", "TENCENT HOLDINGS LIMITED", "+HK$2.00B", "HK$4.00B"],
        ["Shenzhen", "1", "99999", "NOT HELD", "\N{MINUS SIGN}HK$100.0M", "HK$300.0M"],
    ]
    assert [row["did"] for row in component(page, "most_active")["rows"]] == ["stock:700", ""]
