"""The server that an assistant starts and speaks with over its standard input and output."""

import asyncio
from collections.abc import Callable
from typing import Any

from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)

from southbound.api.app import ABOUT, api
from southbound.api.parts import Parts
from southbound.assistant.tools import Told, ask, tools_of
from southbound.common.text import one_line

HINTS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)


def server(parts: Callable[[], Parts]) -> "Server[Any]":
    """The tools, over the figures of `parts`, which is called by the first answer."""
    app = api(parts)
    tools = tools_of(app)

    async def list_tools(_: ServerRequestContext, _params: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(
            tools=[
                Tool(
                    name=tool.name,
                    description=tool.description,
                    input_schema=dict(tool.parameters),
                    output_schema=dict(tool.gives),
                    annotations=HINTS,
                )
                for tool in tools.values()
            ]
        )

    async def call_tool(_: ServerRequestContext, params: CallToolRequestParams) -> CallToolResult:
        tool = tools.get(params.name)
        if tool is None:
            told = Told(
                f"no tool {one_line(params.name, 40)!r}, want one of {', '.join(tools)}", is_error=True
            )
        else:
            told = await ask(app, tool, params.arguments or {})
        return CallToolResult(
            content=[TextContent(type="text", text=told.text)],
            structured_content=told.data,
            is_error=told.is_error,
        )

    return Server(
        "southbound",
        version=app.version,
        title=app.title,
        instructions=ABOUT,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def serve(parts: Callable[[], Parts]) -> None:
    """Answer until the other side closes."""

    async def serving() -> None:
        answering = server(parts)
        async with stdio_server() as (read_stream, write_stream):
            await answering.run(read_stream, write_stream, answering.create_initialization_options())

    asyncio.run(serving())
