"""What programs are told in HK$: the figures of page and mail, with prices, turnover and short positions."""

import csv
import io
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from starlette.testclient import TestClient

from southbound.api.parts import Parts
from southbound.mail.content.report import report
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.metrics import MONEY
from southbound.market.origin import Origin
from southbound.queries.market_view import MarketView
from southbound.store.folder_status import FileOutcome, FolderStatus
from southbound.store.holdings_store import HoldingsStore
from southbound.store.scraper_status import ArchivedKind, Circuit, SourceStatus
from tests import by_hand, money_by_hand
from tests.api.test_answers import IN_MONEY, asked, texts
from tests.api.test_serving import program
from tests.conftest import becomes_true

NEWEST, DAY_BEFORE, TRADED = date(2026, 2, 27), date(2026, 2, 26), date(2026, 2, 25)
EARLIER = date(2026, 2, 12)


@pytest.fixture(scope="module")
def view(priced_parts: Parts) -> MarketView:
    _, market_view, _ = priced_parts.now()
    assert market_view is not None
    return market_view


def test_the_turnover_of_a_date_is_the_exchanges_and_ours_with_what_is_on_its_way(
    priced_client: TestClient, view: MarketView
) -> None:
    given = asked(priced_client, "/turnover")

    newest = view.money(NEWEST).newest
    assert newest is not None
    assert (given["date"], given["against"]) == (str(NEWEST), str(DAY_BEFORE))
    assert given["trade_dates"] == texts([TRADED])
    assert (given["ours"], given["net"], given["gap"]) == (newest.ours, newest.official, newest.gap)
    assert (given["unpriced"], given["left_out"], given["funds"]) == (
        newest.unpriced,
        newest.left_out,
        newest.funds,
    )
    assert given["ours"] == pytest.approx(
        sum(money for money in money_by_hand.net_buying(DAY_BEFORE, NEWEST).values() if money)
    )
    assert given["buy"] - given["sell"] == pytest.approx(money_by_hand.official()[TRADED])
    on_its_way = [date(2026, 2, 26), NEWEST]
    assert [row["date"] for row in given["on_its_way"]] == texts(on_its_way)
    assert given["net_on_its_way"] == pytest.approx(sum(map(money_by_hand.official().get, on_its_way)))  # type: ignore[arg-type]
    for row in (*given["shown"], *given["on_its_way"]):
        assert row["net"] == pytest.approx(money_by_hand.official()[date.fromisoformat(row["date"])])
        assert row["source"] == "recorded"
        of_channels = [each["net"] for each in given["channels"] if each["date"] == row["date"]]
        assert sum(of_channels) == pytest.approx(row["net"])
    assert "Stock Connect daily statistics" in given["source"]


def test_of_an_earlier_date_nothing_later_is_on_its_way(priced_client: TestClient) -> None:
    given = asked(priced_client, "/turnover", date=EARLIER)

    assert given["on_its_way"]
    assert all(row["date"] <= str(EARLIER) for row in given["on_its_way"])
    assert all(row["date"] not in given["trade_dates"] for row in given["on_its_way"])


def test_the_first_date_has_official_figures_and_none_of_ours(priced_client: TestClient) -> None:
    given = asked(priced_client, "/turnover", date=by_hand.days()[0])

    assert (given["against"], given["ours"], given["gap"], given["unpriced"]) == (None,) * 4
    assert given["buy"] > 0


def test_a_half_day_shows_no_trades_and_sums_nothing(priced_client: TestClient) -> None:
    given = asked(priced_client, "/turnover", date="2026-02-16")

    assert (given["trade_dates"], given["shown"]) == ([], [])
    assert (given["buy"], given["sell"], given["net"]) == (None, None, None)


def test_without_any_of_it_turnover_is_blank_and_not_0(client: TestClient) -> None:
    given = asked(client, "/turnover")

    assert [given[name] for name in ("buy", "sell", "net", "ours", "gap", "funds")] == [None] * 6
    assert (given["on_its_way"], given["net_on_its_way"]) == ([], None)
    assert given["unpriced"] > 500
    assert "daily" not in given["source"]


def test_a_stock_has_close_value_and_net_buying_of_each_of_its_days(
    priced_client: TestClient, view: MarketView
) -> None:
    record = by_hand.record()
    for code in (700, 5, 2800, 981):
        days = {
            date.fromisoformat(day["date"]): day for day in asked(priced_client, f"/stocks/{code}")["days"]
        }
        [line] = view.trend((code,)).lines
        values = dict(zip(view.trend((code,)).days, line.values.tolist(), strict=True))
        for day, given in days.items():
            assert given["close"] == given["adjusted_close"] == money_by_hand.close(day, code)
            if given["close"] is not None:
                assert given["value"] == values[day] == pytest.approx(record[day][code][0] * given["close"])
        assert [days[day]["net_buying"] for day in by_hand.days()[1:]] == [
            pytest.approx(bought) if bought is not None else None
            for bought in (
                money_by_hand.net_buying(before, day)[code]
                for before, day in zip(by_hand.days(), by_hand.days()[1:], strict=False)
            )
        ]


@pytest.mark.parametrize("code", [700, 2160, 2918, 3939])
def test_net_buying_is_that_of_the_page_of_each_day_to_the_digit(
    priced_client: TestClient, view: MarketView, code: int
) -> None:
    days = asked(priced_client, f"/stocks/{code}")["days"]
    for day in days[1:]:
        money = view.money(date.fromisoformat(day["date"]))
        assert money.bought is not None
        column = view.history.column(int(day["code"]))
        bought = money.bought.money[-1, column].item()
        suspect = "suspect" in day["marks"]
        assert day["net_buying"] == (None if math.isnan(bought) or suspect else bought), day["date"]


def test_a_consolidation_leaves_value_and_adjusted_close_without_a_jump(priced_client: TestClient) -> None:
    days = asked(priced_client, "/stocks/2160")["days"]
    before, after = (
        [day for day in days if (day["date"] < "2026-02-25") == is_before] for is_before in (True, False)
    )

    assert {day["code"] for day in after} == {"02918"}
    assert after[0]["value"] == pytest.approx(before[-1]["value"], rel=0.2)
    assert after[0]["adjusted_close"] == pytest.approx(before[-1]["adjusted_close"], rel=0.2)
    assert before[-1]["adjusted_shares"] == before[-1]["shares"] // 5


@pytest.mark.parametrize("window", [1, 5, 20])
def test_movers_in_money_are_those_of_the_files(priced_client: TestClient, window: int) -> None:
    rises, falls = money_by_hand.largest(by_hand.days()[-1 - window], NEWEST)

    given = asked(priced_client, "/movers", metric="hkd", window=window, count=20, kind="all")

    assert given["unit"] == MONEY.unit_in_files
    for end, wanted in (("top", rises), ("bottom", falls)):
        assert [int(row["code"]) for row in given[end]] == [code for code, _ in wanted[:20]]
        assert [row["change"] for row in given[end]] == pytest.approx([money for _, money in wanted[:20]])


def test_movers_in_money_are_those_of_the_mail(priced_client: TestClient, view: MarketView) -> None:
    [section] = [
        each
        for each in report(view.history, NEWEST, companions=view.companions).sections
        if each.metric is MONEY
    ][:1]

    given = asked(priced_client, "/movers", metric="hkd", window=1, count=5)

    assert [(int(row["code"]), row["change"]) for row in given["top"]] == [
        (mover.code, mover.change) for mover in section.movers.top[:5]
    ]


def test_status_tells_of_the_archive_and_of_what_is_read_beside_the_holdings(
    parts: Parts, store: HoldingsStore, recorded: Mapping[date, DailyHoldings]
) -> None:
    store.put(recorded[NEWEST], Origin("tushare", datetime(2026, 3, 1, tzinfo=UTC)))
    behind = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    store.status_board(60).say(
        archive_days=7,
        archive_first=EARLIER,
        archive_last=NEWEST,
        archive_behind=behind,
        archive_trouble="no space",
        archive_beside=(ArchivedKind("turnover", 3, EARLIER, TRADED),),
        prices=SourceStatus(newest=DAY_BEFORE, missing=((NEWEST, "not there yet"),), breaker=Circuit.OPEN),
        price_files=FolderStatus(2, (FileOutcome("closes.csv", behind, "no column `code`", is_taken=False),)),
        asks_site=False,
    )
    client = program(parts)
    assert becomes_true(lambda: client.get("/status").json().get("archive"))

    given = client.get("/status").json()

    assert given["archive"] == {
        "days": 7,
        "first": str(EARLIER),
        "last": str(NEWEST),
        "beside": [{"kind": "turnover", "days": 3, "first": str(EARLIER), "last": str(TRADED)}],
        "behind_since": "2026-03-02T09:30:00Z",
        "trouble": "no space",
    }
    assert given["sources"] == [
        {
            "name": "prices",
            "newest": str(DAY_BEFORE),
            "missing": [{"date": str(NEWEST), "reason": "Not there yet."}],
            "is_asked": False,
            "next_try": None,
        }
    ]
    outcome = {
        "file": "closes.csv",
        "read_at": "2026-03-02T09:30:00Z",
        "says": "no column `code`",
        "is_taken": False,
    }
    [folder] = given["folders"]
    assert (folder["files"], folder["trouble"], folder["outcomes"]) == (2, "", [outcome])
    assert given["scraper"]["asks_site"] is False
    [row] = client.get("/dates").json()["dates"]
    assert (row["source"], row["read_at"]) == ("tushare", "2026-03-01T00:00:00Z")


def test_amounts_are_blank_in_the_stocks_days_where_no_price_is_known(client: TestClient) -> None:
    for day in asked(client, "/stocks/700")["days"]:
        assert [day[name] for name in IN_MONEY] == [None] * 4


def test_turnover_as_a_table_has_a_row_for_each_trading_day(priced_client: TestClient) -> None:
    text = priced_client.get("/turnover?format=csv").content.decode("utf-8-sig")
    given = asked(priced_client, "/turnover")

    rows = list(csv.DictReader(io.StringIO(text, newline="")))

    assert [(row["date"], row["is_shown"], float(row["net"])) for row in rows] == [
        (row["date"], str(row["is_shown"]), row["net"]) for row in (*given["shown"], *given["on_its_way"])
    ]
    assert len(rows) == 3
