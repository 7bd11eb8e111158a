"""What the page shows, in Streamlit's own test harness."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from streamlit.testing.v1 import AppTest

from southbound.dashboard.charts import movers_chart
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.metrics import PERCENT
from southbound.presentation import formatting
from southbound.store.holdings_store import HoldingsStore
from southbound.store.quarantine import Quarantine
from southbound.store.scraper_status import ArchivedKind, State, StatusBoard
from southbound.store.stock_names import write_names
from tests import by_hand
from tests.dashboard.reading import address, bar_codes, cards, chart, choose, messages, rows, tables, text

OpenPage = Callable[..., AppTest]
Recorded = dict[date, DailyHoldings]
Records = dict[date, dict[int, dict[str, str]]]

EVIDENCE = (
    "02160 goes on as 02918; 5 shares became 1: it left the list with 105,460,000 shares (a blank), "
    "02918 came with 21,092,000 (1.65%)."
)

NEWEST, FIVE_BEFORE = date(2026, 2, 27), date(2026, 2, 20)


@pytest.mark.usefixtures("filled")
def test_the_page_shows_the_newest_day_and_its_trade_date(open_page: OpenPage) -> None:
    page = open_page(metric="pct")
    assert "**Fri 27 Feb 2026**, showing trades of Wed 25 Feb 2026" in text(page)
    assert "% change of the holding, Fri 27 Feb 2026 against Fri 20 Feb 2026" in text(page)
    assert messages(page) == []


@pytest.mark.usefixtures("filled")
def test_the_cards_count_the_recorded_stocks(open_page: OpenPage) -> None:
    old, new = by_hand.comparable(FIVE_BEFORE, NEWEST)
    changes = [new[code][0] - old[code][0] for code in old.keys() & new]
    rose, fell = sum(change > 0 for change in changes), sum(change < 0 for change in changes)

    page = open_page(metric="pct", kind="all")
    shown = cards(page)

    added, removed = len(new.keys() - old), len(old.keys() - new)
    assert shown["Stocks on the list"] == (f"{len(new)}", f"{added} added, {removed} gone")
    assert shown["Rose / fell"] == (f"{rose} / {fell}", f"{len(changes) - rose - fell} unchanged")
    assert shown["Largest rise"] == ("+90.32%", "03986")
    assert "GIGADEVICE SEMICONDUCTOR INC." in text(page)
    (code, change), *_ = by_hand.largest("pct", FIVE_BEFORE, NEWEST)[1]
    assert shown["Largest fall"] == (formatting.change(PERCENT, change), formatting.code(code))


@pytest.mark.parametrize(("kind", "label"), [("shares", "Shares"), ("funds", "Funds")])
@pytest.mark.usefixtures("filled")
def test_a_kind_alone_is_counted_ranked_and_listed(open_page: OpenPage, kind: str, label: str) -> None:
    page = open_page(kind=kind, tab="stocks")
    listed = cards(page)[f"{label} on the list"][0]

    assert f"**{listed}** of {listed} {kind}" in text(page)
    page.session_state["rows_more"] = 2
    page.run()
    assert len(rows(page)) == int(listed)
    assert any("ETF" in row["Name"] for row in rows(page)) is (kind == "funds")
    assert set(bar_codes(page)) <= {int(row["Code"]) for row in rows(page)}


@pytest.mark.usefixtures("filled")
def test_additions_and_removals_are_the_recorded_ones(open_page: OpenPage) -> None:
    added, removed = tables(open_page(tab="list"))
    old, new = by_hand.comparable(FIVE_BEFORE, NEWEST)
    assert [int(row["Code"]) for row in added] == sorted(new.keys() - old)
    assert [int(row["Code"]) for row in removed] == sorted(old.keys() - new)
    assert [row["Shares"] for row in removed] == [f"{old[code][0]:,}" for code in sorted(old.keys() - new)]


@pytest.mark.usefixtures("filled")
def test_what_is_worth_telling_of_the_stock_is_told(open_page: OpenPage) -> None:
    page = open_page(stock="16")
    assert "up 11 sessions in a row" in text(page)
    assert "not on the list of Fri 27 Feb 2026" in text(open_page(stock="11"))


@pytest.mark.parametrize(
    ("stock", "date", "told"),
    [("2160", "2026-02-27", "listed as 02918"), ("2918", "2026-02-13", "listed as 02160")],
)
@pytest.mark.usefixtures("filled")
def test_the_signals_of_a_stock_are_those_of_the_code_that_it_is_listed_under(
    open_page: OpenPage, stock: str, date: str, told: str
) -> None:
    here, there = (
        [element.value for element in open_page(stock=code, date=date).markdown if "badge[" in element.value]
        for code in (stock, told[-5:])
    )

    assert len(there) == len(here) == 2
    assert here[1] == f":gray-badge[{told}] {there[1]}"


def test_a_stock_that_goes_on_under_another_code_is_marked_among_the_movers(
    store: HoldingsStore, open_page: OpenPage
) -> None:
    for day, code, shares, stake in (
        (date(2026, 2, 26), 100, 1_000_000, 4.0),
        (NEWEST, 200, 1_030_000, 4.12),
    ):
        store.put(DailyHoldings.of(day, [code, 900], ["STOCK", "OTHER"], [shares, 50_000], [stake, 1.0]))

    page = open_page(stock="100", window="1")

    assert bar_codes(page) == [200]
    assert chart(page, 0)["data"][1]["marker"]["color"] == [movers_chart.CHOSEN]


def test_a_chinese_name_is_shown_and_found(filled: HoldingsStore, open_page: OpenPage) -> None:
    write_names(filled.client, {700: "騰訊控股"})
    page = open_page(find="騰訊")
    assert [row["Name"] for row in rows(page)] == ["TENCENT HOLDINGS LIMITED -HKD TRADED SHARES 騰訊控股"]
    assert "00700 TENCENT HOLDINGS LIMITED 騰訊控股" in page.selectbox(key="stock").options


@pytest.mark.usefixtures("filled")
def test_adjustment_events_are_listed_with_their_evidence(open_page: OpenPage) -> None:
    page = choose(open_page(window="1", date="2026-02-25"), "tab", "mechanical")
    assert list(rows(page, "mechanical")[0].values()) == [
        "Wed 25 Feb 2026",
        "02160 MICROPORT CARDIOFLOW MEDTECH CORPORATION",
        "Consolidation",
        "certain",
        EVIDENCE,
        "holding, temporary code, issued shares, odd session before",
    ]
    assert address(page)["tab"] == "mechanical"


def test_the_datas_status_tells_what_is_missing_and_why(
    store: HoldingsStore, recorded: Recorded, open_page: OpenPage
) -> None:
    for day in sorted(recorded)[-6:]:
        if day != date(2026, 2, 24):
            store.put(recorded[day])
    store.put(recorded[NEWEST])
    Quarantine(store.client).quarantine(date(2026, 2, 24), "12 rows, want 300", None)
    now = datetime(2026, 2, 28, 1, 0, tzinfo=UTC)
    archived = {"archive_days": 4, "archive_first": date(2026, 2, 20), "archive_last": NEWEST}
    beside = (ArchivedKind("prices", 3, date(2026, 2, 23), NEWEST),)
    behind = {"archive_behind": now, "archive_trouble": "no space left on device"}
    StatusBoard(store.client).say(
        state=State.WAITING,
        last_success=now,
        next_session=date(2026, 3, 2),
        archive_beside=beside,
        **archived,
        **behind,
    )
    page = open_page(tab="data")
    assert "Last look at HKEXnews: 28 Feb 09:00 HKT".replace(":", "\\:") in text(page)
    assert "waiting for Mon 2 Mar 2026" in text(page)
    [archive] = [warning.value.replace("\\", "") for warning in page.warning]
    assert archive == (
        "The archive has 4 days, Fri 20 Feb 2026 to Fri 27 Feb 2026; "
        "Prices (daily quotations): 3 days, Mon 23 Feb 2026 to Fri 27 Feb 2026; "
        "behind since 28 Feb 09:00 HKT; no space left on device"
    )
    [missing], [quarantine], [restated] = tables(page)
    assert missing == {"Session": "Tue 24 Feb 2026", "Why": "In quarantine: 12 rows, want 300."}
    assert quarantine["Reason"] == "12 rows, want 300"
    assert (restated["Session"], restated["Stocks changed"]) == ("Fri 27 Feb 2026", "0")


@pytest.mark.usefixtures("filled")
def test_the_trades_between_the_two_dates_are_told(open_page: OpenPage) -> None:
    assert "trades of Fri 13 Feb 2026 to Wed 25 Feb 2026 (southbound trading was shut on 3 sessions)" in text(
        open_page()
    )
    assert "; trades of Wed 25 Feb 2026" in text(open_page(window="1"))


def test_names_are_shown_as_they_stand(store: HoldingsStore, open_page: OpenPage) -> None:
    name = "A*B_C `D` [E](F) $G$ :red[H]"
    for day, shares in ((date(2026, 2, 26), 10_000), (NEWEST, 15_000)):
        store.put(DailyHoldings.of(day, [1], [name], [shares], [shares / 10_000]))
    page = open_page(window="1", stock="1")
    escaped = next(line.value for line in page.caption if line.value.replace("\\", "") == name)
    assert all(f"\\{sign}" in escaped for sign in "*_`[]$:")


@pytest.mark.usefixtures("filled")
def test_the_newest_mail_can_be_looked_at(open_page: OpenPage) -> None:
    page = open_page(tab="mail")
    assert "The mail of Fri 27 Feb 2026; not sent to anybody yet" in text(page)
    [frame] = page.get("iframe")
    assert frame.proto.src.startswith("data:text/html;charset=utf-8;base64,")
