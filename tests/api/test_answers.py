"""Each path: its figures are those of page and mail, to the digit, with all that belongs beside them."""

import json
import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from southbound.mail.content.report import report
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.kinds import KindChoice
from southbound.market.metrics import METRICS, SHARES
from southbound.market.ranking import rank
from southbound.market.settlement import trades_shown
from southbound.market.windows import Pair, free_pair, pair
from southbound.presentation import phrases
from southbound.presentation.view_state import ViewState
from southbound.queries.market_view import MarketView

NEWEST = date(2026, 2, 27)
PATHS = [
    "/dates",
    "/holdings/newest",
    "/stocks",
    "/stocks/700",
    "/movers",
    "/changes",
    "/signals/newest",
    "/turnover",
    "/status",
]


IN_MONEY = ("close", "adjusted_close", "value", "net_buying")


def asked(client: TestClient, path: str, **parameters: object) -> dict[str, Any]:
    answer = client.get(path, params={name: str(value) for name, value in parameters.items()})
    assert answer.status_code == 200, answer.text
    given: dict[str, Any] = json.loads(answer.content, parse_constant=pytest.fail)
    return given


def texts(days: object) -> list[str]:
    return list(map(str, days))  # type: ignore[call-overload]


def figure(value: float) -> float | None:
    return None if math.isnan(value) else value


@pytest.mark.parametrize("path", PATHS)
def test_each_answer_carries_its_dates_units_source_and_version(client: TestClient, path: str) -> None:
    given = asked(client, path)

    assert given["data_version"] == 38
    assert given["source"].startswith("HKEXnews")
    assert given["units"]["shares"] == "shares or units"
    assert given["coverage"] == {
        "first": "2026-01-02",
        "last": "2026-02-27",
        "stored": 38,
        "damaged": [],
        "vanished": [],
        "is_current": True,
    }


def test_the_stored_dates_are_given_with_their_trade_dates_and_rows(
    client: TestClient, recorded: Mapping[date, DailyHoldings]
) -> None:
    given = asked(client, "/dates")

    assert given["dates"] == [
        {
            "date": str(day),
            "trade_dates": texts(trades_shown(day).sessions),
            "rows": len(recorded[day]),
            "source": "hkexnews",
            "read_at": None,
        }
        for day in sorted(recorded, reverse=True)
    ]
    assert (given["missing"], given["quarantined"], given["restated"]) == ([], [], [])


@pytest.mark.parametrize("day", ["2026-01-02", "newest"])
def test_the_list_of_a_date_is_the_one_that_was_stored(
    client: TestClient, recorded: Mapping[date, DailyHoldings], day: str
) -> None:
    stored = recorded[NEWEST if day == "newest" else date.fromisoformat(day)]

    given = asked(client, f"/holdings/{day}")

    assert given["date"] == str(stored.day)
    assert given["trade_dates"] == texts(trades_shown(stored.day).sessions)
    assert {
        int(row["code"]): (row["name"], row["shares"], row["percent"]) for row in given["holdings"]
    } == stored.rows()
    [tencent] = [row for row in given["holdings"] if row["code"] == "00700"]
    assert tencent["chinese_name"] == "騰訊控股"


def test_every_stock_has_its_names_and_dates_and_its_other_codes(
    client: TestClient, view: MarketView
) -> None:
    rows = {row["code"]: row for row in asked(client, "/stocks")["stocks"]}

    assert list(map(int, rows)) == view.history.codes.tolist()
    assert rows["00700"] == {
        "code": "00700",
        "name": "TENCENT HOLDINGS LIMITED -HKD TRADED SHARES",
        "chinese_name": "騰訊控股",
        "kind": "share",
        "first_seen": "2026-01-02",
        "last_seen": "2026-02-27",
        "other_codes": [],
    }
    for code, column in zip(rows, range(len(rows)), strict=True):
        seen = np.flatnonzero(~np.isnan(view.history.shares[:, column]))
        days = [str(view.history.dates[at]) for at in (seen[0], seen[-1])]
        assert [rows[code]["first_seen"], rows[code]["last_seen"]] == days
    assert any(row["other_codes"] for row in rows.values())


def test_a_stock_has_the_figures_of_its_trend(client: TestClient, view: MarketView) -> None:
    codes = sorted({event.code for event in view.figures.events})[:20]
    for code in (700, *codes):
        [line] = view.trend((code,)).lines
        listed = ~np.isnan(line.shares)

        days = asked(client, f"/stocks/{code}")["days"]

        assert [day["date"] for day in days] == texts(np.array(view.trend((code,)).days)[listed])
        assert [day["adjusted_shares"] for day in days] == line.shares[listed].tolist()
        assert [day["percent"] for day in days] == list(map(figure, line.percents[listed].tolist()))
        marked = {str(event.day): str(event.kind) for event in line.events}
        assert {day["date"] for day in days if day["marks"]} <= set(marked)
        for day in days:
            held = view.history.column(int(day["code"]))
            assert (
                day["shares"] == view.history.shares[view.history.row(date.fromisoformat(day["date"])), held]
            )
            assert [day[name] for name in IN_MONEY] == [None] * 4


def test_a_stock_can_be_asked_for_a_part_of_its_days(client: TestClient) -> None:
    whole = asked(client, "/stocks/00700")["days"]

    part = asked(client, "/stocks/700", **{"from": "2026-02-01", "to": "2026-02-13"})["days"]

    assert part == [day for day in whole if "2026-02-01" <= day["date"] <= "2026-02-13"]
    assert len(part) == 10


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize(("window", "kind"), [(1, "shares"), (5, "all"), (20, "funds")])
def test_the_movers_are_those_of_the_page(
    client: TestClient, view: MarketView, metric: str, window: int, kind: str
) -> None:
    dates = pair(view.history.dates, NEWEST, window)
    assert dates is not None
    ranked = rank(view.changes_of(dates, KindChoice(kind)), METRICS[metric], 20)

    given = asked(client, "/movers", window=window, metric=metric, count=20, kind=kind)

    assert given["kind"] == kind
    assert (given["date"], given["against"]) == (str(dates.new), str(dates.old))
    assert given["trade_dates"] == texts(dates.trades.sessions)
    assert (given["metric"], given["unit"]) == (metric, METRICS[metric].unit_in_files)
    for end, movers in (("top", ranked.top), ("bottom", ranked.bottom)):
        assert [(int(row["code"]), row["change"], row["old_shares"]) for row in given[end]] == [
            (mover.code, mover.change, mover.old_shares) for mover in movers
        ]
        assert [row["adjusted_for"] for row in given[end]] == [
            [str(event.kind) for event in mover.adjusted_for] for mover in movers
        ]
    assert given["left_out"]["tiny_base"] == ranked.below_floor


def test_without_parameters_the_movers_are_those_of_a_fresh_page(client: TestClient) -> None:
    usual = ViewState()

    given = asked(client, "/movers")

    assert (given["kind"], given["metric"], given["window"]) == (usual.kind, usual.metric.key, usual.window)
    kinds = {row["code"]: row["kind"] for row in asked(client, "/stocks")["stocks"]}
    assert {kinds[row["code"]] for row in (*given["top"], *given["bottom"])} == {"share"}
    assert set(kinds.values()) >= {"share", "etf", "reit"}
    assert kinds["02800"] == "etf"


def test_the_movers_are_those_of_the_mail(client: TestClient, view: MarketView) -> None:
    section = report(view.history, NEWEST).sections[0]
    assert section.metric is SHARES

    given = asked(client, "/movers", date=NEWEST, window=1, metric="shares", count=5)

    assert [(int(row["code"]), row["change"]) for row in given["top"]] == [
        (mover.code, mover.change) for mover in section.movers.top
    ]


def test_any_two_dates_can_be_compared(client: TestClient, view: MarketView) -> None:
    dates = free_pair(view.history.dates, date(2026, 1, 10), date(2026, 2, 12))
    assert dates == Pair(date(2026, 1, 9), date(2026, 2, 12))

    given = asked(client, "/changes", date="2026-02-12", against="2026-01-10")

    assert (given["date"], given["against"], given["window"]) == ("2026-02-12", "2026-01-09", None)


def test_the_changes_are_those_of_the_page(client: TestClient, view: MarketView) -> None:
    dates = pair(view.history.dates, NEWEST, 20)
    assert dates is not None
    found = view.changes(dates)

    given = asked(client, "/changes", window=20)

    breadth = found.breadth()
    assert given["breadth"] == {name: getattr(breadth, name) for name in given["breadth"]}
    assert [(int(row["code"]), row["shares"]) for row in given["added"]] == [
        (stake.code, stake.shares) for stake in found.added
    ]
    assert [int(row["code"]) for row in given["removed"]] == [stake.code for stake in found.removed]
    assert [row["says"] for row in given["mechanical"]] == list(map(phrases.adjustment, found.events))
    assert found.added
    assert found.events


def test_the_signals_are_those_of_the_page(client: TestClient, view: MarketView) -> None:
    found = view.signals(NEWEST)

    given = asked(client, "/signals/2026-02-27")

    assert [int(row["code"]) for row in given["signals"]] == found.codes.tolist()
    assert [row["streak"] for row in given["signals"]] == found.streaks.tolist()
    assert [row["z_score"] for row in given["signals"]] == list(map(figure, found.z_scores.tolist()))
    assert [row["crossed"] for row in given["signals"]] == found.crossings.tolist()


def test_the_status_is_that_of_the_data(client: TestClient) -> None:
    given = asked(client, "/status")

    assert (given["scraper"], given["archive"], given["sources"]) == (None, None, [])
    assert given["data_quality"] == {"missing": 0, "quarantined": 0, "restated": 0, "warning": ""}
