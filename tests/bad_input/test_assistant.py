"""What an assistant gives its tools, and writes where the protocol's messages are wanted."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.server import Server
from mcp.types import CallToolResult

from southbound.api.parts import Parts
from southbound.assistant.server import server
from southbound.config.settings import RedisSettings, Settings
from southbound.market.daily_holdings import DailyHoldings
from southbound.queries.data_quality import DataQuality
from southbound.queries.figures_cache import FiguresCache
from southbound.queries.store_watcher import StoreWatcher
from southbound.store.holdings_store import HoldingsStore
from tests.assistant.test_tools import text
from tests.bad_input.attacks import Attack, Case
from tests.conftest import ROOT

BOMB = "[" * 100_000


@pytest.fixture
def served(store: HoldingsStore) -> Iterator[Server[Any]]:
    """Over one day of one stock."""
    store.put(DailyHoldings.of(date(2026, 2, 27), [700], ["A"], [100_000], [1.0]))
    watcher = StoreWatcher(store)
    watcher.start()
    parts = Parts(watcher, FiguresCache(store), DataQuality(store), store, Settings())
    yield server(lambda: parts)
    watcher.stop()


BAD: list[Case[tuple[str, Any], str]] = [
    Case(Attack.MISSING, "a code", ("stock", {}), "code: want it"),
    Case(Attack.EMPTY, "a code", ("stock", {"code": ""}), "Not Found."),
    Case(Attack.EMPTY, "a tool", ("", {}), "no tool '', want one of dates, "),
    Case(Attack.HUGE, "a date", ("movers", {"date": "2" * 1_000_000}), "date: want a text or a number"),
    Case(Attack.HUGE, "a name", ("movers", {"d" * 100_000: "x"}), "This tool has the arguments: "),
    Case(Attack.HUGE, "a count", ("movers", {"count": 10**30}), "count: "),
    Case(Attack.WRONG_TYPE, "a list", ("movers", {"date": ["2026-02-27"]}), "date: want a text or a number"),
    Case(Attack.WRONG_TYPE, "true", ("movers", {"window": True}), "window: want a text or a number"),
    Case(Attack.WRONG_TYPE, "a fraction", ("movers", {"window": 1.5}), "window: "),
    Case(
        Attack.WRONG_TYPE,
        "another day",
        ("holdings", {"date": "2026-02-28"}),
        "There are no figures of 2026-02-28",
    ),
    Case(Attack.WRONG_TYPE, "another tool's", ("dates", {"window": 5}), "This tool has the arguments: "),
    Case(Attack.WRONG_TYPE, "a format", ("dates", {"format": "csv"}), "This tool has the arguments: none."),
    Case(Attack.MARKUP, "a code", ("stock", {"code": "<script>"}), "code: want a stock code"),
    Case(Attack.CONTROL, "a path upwards", ("stock", {"code": "../../metrics"}), "Not Found."),
    Case(Attack.CONTROL, "another query", ("stock", {"code": "700?from=x"}), "code: want a stock code"),
    Case(Attack.CONTROL, "in a tool", ("a\nb\x1b[0m", {}), "no tool "),
    Case(Attack.BROKEN_UTF8, "half a character", ("stock", {"code": "\ud800"}), "code: want a stock code"),
]


def test_what_makes_no_sense_is_an_error_that_says_what_is_wanted(served: Server[Any]) -> None:
    async def asked() -> list[CallToolResult]:
        async with Client(served) as client:
            return [await client.call_tool(*case.given) for case in BAD]

    for case, result in zip(BAD, asyncio.run(asked()), strict=True):
        assert result.is_error, str(case)
        assert text(result).startswith(case.then), (str(case), text(result))
        assert text(result).isprintable()
        assert len(text(result)) < 400


LINES: list[Case[str, int | None]] = [
    Case(Attack.EMPTY, "a line", "", None),
    Case(Attack.WRONG_TYPE, "no JSON", "hello", None),
    Case(Attack.WRONG_TYPE, "a number", "7", None),
    Case(Attack.MARKUP, "as a method", '{"jsonrpc": "2.0", "id": 7, "method": "<script>"}', 7),
    Case(Attack.CONTROL, "within", "{\x00\x1b[0m}", None),
    Case(Attack.BEYOND_64_BITS, "an id", f'{{"jsonrpc": "2.0", "id": {10**30}, "method": "ping"}}', None),
    Case(Attack.HUGE, "a method", f'{{"jsonrpc": "2.0", "id": 8, "method": "{"m" * 1_000_000}"}}', 8),
    Case(Attack.JSON_BOMB, "", BOMB, None),
]
"""Lines, and the message of which an error is told; None where nobody could tell of which."""
# Not tried, 100 MB and broken UTF-8: the library reads the lines, and who starts us is no stranger.


def test_lines_that_are_no_messages_are_passed_over_and_the_next_is_answered(
    redis_settings: RedisSettings, tmp_path: Path
) -> None:
    ping = '{"jsonrpc": "2.0", "id": "last", "method": "ping"}'
    with subprocess.Popen(
        [sys.executable, "-m", "southbound", "mcp"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=tmp_path,
        env={"REDIS_URL": redis_settings.url, "PYTHONPATH": str(ROOT)},
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("\n".join([*(case.given for case in LINES), ping, ""]))
        process.stdin.flush()
        answers: list[dict[str, Any]] = []
        while not answers or answers[-1].get("id") != "last":
            answers.append(json.loads(process.stdout.readline()))
        process.stdin.close()

        assert process.wait(60) == 0
    assert answers[-1] == {"jsonrpc": "2.0", "id": "last", "result": {}}
    told = {answer["id"] for answer in answers if "error" in answer and answer.get("id")}
    assert told == {case.then for case in LINES if case.then}
