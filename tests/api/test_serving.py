"""How answers are given: known ones not again, tables as CSV, errors in one form, and none at any price."""

import csv
import io
import json
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
import redis
from starlette.testclient import TestClient

from southbound.api import serving
from southbound.api.app import api
from southbound.api.parts import Parts
from southbound.common.remark import remark
from southbound.market.daily_holdings import DailyHoldings
from southbound.store import keys
from southbound.store.holdings_store import HoldingsStore
from tests.conftest import becomes_true

NEWEST = date(2026, 2, 27)
TABLES = ["/dates", "/holdings/newest", "/stocks", "/stocks/700", "/movers", "/signals/newest"]
PATHS = [*TABLES, "/changes", "/turnover"]


def program(parts: Parts) -> TestClient:
    return TestClient(api(lambda: parts), raise_server_exceptions=False)


@pytest.mark.parametrize("path", PATHS)
def test_who_has_an_answer_is_told_so(client: TestClient, path: str) -> None:
    first = client.get(path)
    tag = first.headers["etag"]

    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(path, headers={"If-None-Match": given})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(path, headers={"If-None-Match": '"other"'}).content == first.content


def test_new_figures_have_another_tag_and_equal_ones_the_same_in_every_process(
    recorded: Mapping[date, DailyHoldings], parts: Parts, store: HoldingsStore
) -> None:
    *earlier, newest = sorted(recorded)[-6:]
    for day in earlier:
        store.put(recorded[day])
    assert becomes_true(lambda: parts.now()[1] is not None)
    before = program(parts).get("/movers?window=1").headers["etag"]
    assert program(parts).get("/movers?window=1").headers["etag"] == before

    store.put(recorded[newest])

    assert becomes_true(lambda: program(parts).get("/movers?window=1").json()["date"] == str(newest))
    assert program(parts).get("/movers?window=1").headers["etag"] != before


@pytest.mark.parametrize("path", TABLES)
def test_a_table_is_given_as_csv_with_the_same_figures(client: TestClient, path: str) -> None:
    answer = client.get(path, params={"format": "csv"})
    given = client.get(path).json()
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    tables = [table for table in given.values() if isinstance(table, list) and table and len(table[0]) > 2]
    wanted = [row for table in tables if isinstance(table[0], dict) for row in table]

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert len(rows) == len(wanted) > 5
    for row, one in zip(rows, wanted, strict=True):
        assert list(row) == list(one)
        for name, value in one.items():
            if isinstance(value, int | float):
                assert float(row[name]) == value
            elif value is None:
                assert row[name] == ""


@pytest.mark.parametrize("path", ["/changes", "/status"])
def test_what_is_no_table_has_no_csv(client: TestClient, path: str) -> None:
    assert client.get(path, params={"format": "csv"}).json()["error"]["code"] == "unknown_parameter"


def test_head_is_answered_like_get(client: TestClient) -> None:
    assert client.head("/movers").headers["etag"] == client.get("/movers").headers["etag"]


def test_an_answer_may_have_so_many_rows_and_no_more(
    recorded_parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = program(recorded_parts)
    monkeypatch.setattr(serving, "MOST_ROWS", 30)

    refused = client.get("/stocks/5")
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "too_much"
    assert client.get("/stocks/5?from=2026-02-01").status_code == 200
    assert client.get("/dates").json()["error"]["code"] == "too_much"


def test_who_would_wait_too_long_is_told_to_come_back(
    recorded_parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    going_on, began = threading.Event(), threading.Event()
    monkeypatch.setattr(serving, "MOST_WAITING", 1)
    held = serving.encoded

    def slow(*arguments: object) -> serving.Encoded:
        began.set()
        assert going_on.wait(10)
        return held(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(serving, "encoded", slow)
    with program(recorded_parts) as client, ThreadPoolExecutor(1) as others:
        first = others.submit(client.get, "/movers")
        assert began.wait(10)
        refused = client.get("/changes")
        going_on.set()

        assert first.result().status_code == 200
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "busy")
    assert refused.headers["retry-after"] == "2"


def test_without_figures_there_is_none_and_it_says_so(parts: Parts) -> None:
    for path in PATHS:
        answer = program(parts).get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "no_figures")


def test_while_the_store_is_away_the_last_figures_are_given_as_such(
    recorded: Mapping[date, DailyHoldings], parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts.store.put(recorded[NEWEST])
    assert becomes_true(lambda: program(parts).get("/dates").status_code == 200)

    def away(*_: object, **__: object) -> None:
        raise redis.ConnectionError("nobody is there")

    monkeypatch.setattr(parts.store.client, "execute_command", away)
    parts.store_watcher._notifications.renew()
    assert becomes_true(lambda: not program(parts).get("/dates").json()["coverage"]["is_current"])
    given = program(parts).get("/holdings/newest")

    assert given.status_code == 200
    assert given.json()["coverage"]["is_current"] is False


def test_what_is_noted_beside_the_days_is_given(
    recorded: Mapping[date, DailyHoldings], parts: Parts, store: HoldingsStore
) -> None:
    first, damaged, held, newest = sorted(recorded)[-4:]
    for day in (first, damaged, newest):
        store.put(recorded[day])
    store.quarantine.quarantine(held, remark("want {least} rows, got {rows}", least=300, rows=3), None)
    store.client.set(keys.day(damaged), "not a day")
    store.client.incr(keys.VERSION)

    assert becomes_true(
        lambda: program(parts).get("/dates").json()["coverage"]["damaged"] == [str(damaged)], 8
    )
    given = program(parts).get("/dates").json()

    assert [row["reason"] for row in given["quarantined"]] == ["want 300 rows, got 3"]
    reasons = {row["date"]: row["reason"] for row in given["missing"]}
    assert reasons[str(held)] == "In quarantine: want 300 rows, got 3."


def test_an_error_of_the_inside_tells_nothing_of_it(
    recorded_parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("redis://user:password@inside")

    monkeypatch.setattr(serving, "encoded", breaks)
    answer = program(recorded_parts).get("/movers?count=199")

    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal_error"
    assert "inside" not in answer.text
    assert json.loads(answer.text)
