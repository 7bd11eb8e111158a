"""A page that documents the API, made of its OpenAPI text: no scripts, and nothing of another host."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2rem; font-size: 1.1rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: 0.25rem 0.75rem 0.25rem 0; }
tr + tr { border-top: 1px solid #8884; }
"""


def page(openapi: Mapping[str, Any]) -> str:
    """The page, as HTML."""
    about = openapi["info"]
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(about['title'])} API</title><style>{STYLE}</style></head><body>",
            f"<h1>{escape(about['title'])} API</h1><p>{escape(about['description'])}</p>",
            '<p>The same for programs: <a href="openapi.json">openapi.json</a>.</p>',
            '<p>Errors have the form <code>{"error": {"code", "message"}}</code>.</p>',
            *(
                line
                for path, operations in openapi["paths"].items()
                for line in _path(path, operations["get"], openapi["components"]["schemas"])
            ),
            "</body></html>",
        ]
    )


def _path(path: str, operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[str]:
    yield f"<h2><code>GET {escape(path)}</code></h2><p>{escape(operation.get('description', ''))}</p>"
    parameters = operation.get("parameters", [])
    if parameters:
        yield "<table><tr><th>Parameter</th><th>What</th></tr>"
        for each in parameters:
            wanted = each.get("description") or _type(each["schema"], schemas)
            yield f"<tr><td><code>{escape(each['name'])}</code></td><td>{escape(wanted)}</td></tr>"
        yield "</table>"
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    yield "<table><tr><th>Field</th><th>Type</th></tr>"
    for name, field in schemas[_name(answer)]["properties"].items():
        kind = escape(_type(field, schemas))
        yield f"<tr><td><code>{escape(name)}</code></td><td>{kind}</td></tr>"
    yield "</table>"


def _name(reference: Mapping[str, Any]) -> str:
    return str(reference["$ref"]).rpartition("/")[2]


def _type(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    """A type in words: `list of {code, name}`."""
    if "$ref" in schema:
        known = schemas[_name(schema)]
        if "enum" in known:
            return "one of " + ", ".join(known["enum"])
        return "{" + ", ".join(known["properties"]) + "}"
    if "anyOf" in schema:
        return " or ".join(_type(each, schemas) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'], schemas)}"
    return str(schema.get("format") or schema.get("type") or "any")
