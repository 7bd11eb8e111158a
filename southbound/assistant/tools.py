"""The paths of the API as tools: what each takes and gives, and how it is asked in this process."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx2
from fastapi import FastAPI

LONGEST_VALUE = 200
"""Characters of an argument: dates, codes and words are shorter."""


LEFT_OUT = {"format"}
"""Parameters of the API that no tool has: what it gives is an object."""


@dataclass(frozen=True, slots=True)
class AskedTool:
    """One path of the API.

    Attributes:
        name: its operation.
        description: what it answers, for whoever chooses among the tools.
        path: with `{…}` where a parameter stands.
        parameters: JSON Schema of the arguments.
        gives: JSON Schema of the answer.
    """

    name: str
    description: str
    path: str
    parameters: Mapping[str, Any]
    gives: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What a tool gave.

    Attributes:
        text: as an assistant reads it.
        data: the same as an object; None for an error.
        is_error: whether there is no answer; then the text says what is wanted.
    """

    text: str
    data: dict[str, Any] | None = None
    is_error: bool = False


def tools_of(app: FastAPI) -> dict[str, AskedTool]:
    """All paths of an API, by the names of their tools."""
    openapi = app.openapi()
    schemas = openapi["components"]["schemas"]
    tools = (_tool(path, operations["get"], schemas) for path, operations in openapi["paths"].items())
    return {tool.name: tool for tool in tools}


async def ask(app: FastAPI, tool: AskedTool, arguments: Mapping[str, Any]) -> Told:
    """Have the API answer, in this process; it judges the arguments as it judges those of a request."""
    known = tool.parameters["properties"]
    if not arguments.keys() <= known.keys():
        return Told(f"This tool has the arguments: {', '.join(known) or 'none'}.", is_error=True)
    path, query = tool.path, {}
    for name, value in arguments.items():
        text = _text(value)
        if text is None or len(text) > LONGEST_VALUE:
            return Told(f"{name}: want a text or a number, in short", is_error=True)
        if f"{{{name}}}" in path:
            path = path.replace(f"{{{name}}}", quote(text, safe="", errors="replace"))
        elif value is not None:
            query[name] = text.encode(errors="replace").decode()
    if "{" in path:
        missing = path.partition("{")[2].partition("}")[0]
        return Told(f"{missing}: want it", is_error=True)
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://southbound") as client:
        answer = await client.get(path, params=query)
    if answer.is_error:
        return Told(answer.json()["error"]["message"], is_error=True)
    return Told(answer.text, json.loads(answer.content))


def _text(value: object) -> str | None:
    """An argument as it stands in an address; None if that cannot be."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a whole number may be written so in JSON
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None


def _tool(path: str, operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> AskedTool:
    parameters = [each for each in operation.get("parameters", []) if each["name"] not in LEFT_OUT]
    described = {
        each["name"]: _own({**each["schema"], "description": each.get("description", "")})
        for each in parameters
    }
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return AskedTool(
        operation["operationId"],
        operation["description"],
        path,
        {
            "type": "object",
            "properties": described,
            "required": [each["name"] for each in parameters if each["required"]],
            "additionalProperties": False,
            **_definitions(described, schemas),
        },
        {**_own(schemas[_name(answer["$ref"])]), **_definitions(answer, schemas)},
    )


def _own(schema: Any) -> Any:
    """A schema of OpenAPI, which stands on its own in JSON Schema."""
    if isinstance(schema, list):
        return [_own(each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    return {name: f"#/$defs/{_name(part)}" if name == "$ref" else _own(part) for name, part in schema.items()}


def _definitions(schema: Any, schemas: Mapping[str, Any]) -> dict[str, Any]:
    """`$defs` with all that a schema refers to, if it refers to anything."""
    found: dict[str, Any] = {}
    waiting = _referred(schema)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = _own(schemas[name])
            waiting += _referred(schemas[name])
    return {"$defs": dict(sorted(found.items()))} if found else {}


def _referred(schema: Any) -> list[str]:
    if isinstance(schema, list):
        return [name for each in schema for name in _referred(each)]
    if not isinstance(schema, Mapping):
        return []
    own = [_name(schema["$ref"])] if isinstance(schema.get("$ref"), str) else []
    return own + [name for part in schema.values() for name in _referred(part)]


def _name(reference: str) -> str:
    return reference.rpartition("/")[2]
