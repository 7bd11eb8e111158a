"""The OpenAPI text: valid, what the server does, and the same as a page for people."""

import re
from html.parser import HTMLParser

from openapi_spec_validator import validate
from starlette.testclient import TestClient

from southbound.api.measured import PATHS


def test_the_text_is_valid_and_names_every_path(client: TestClient) -> None:
    text = client.get("/openapi.json").json()

    validate(text)
    assert set(text["paths"]) == {
        "/dates",
        "/holdings/{date}",
        "/stocks",
        "/stocks/{code}",
        "/movers",
        "/changes",
        "/signals/{date}",
        "/turnover",
        "/status",
    }
    assert {path.split("/")[1] for path in text["paths"]} | {"openapi.json", "docs"} == PATHS


def test_every_answer_and_error_has_a_form(client: TestClient) -> None:
    text = client.get("/openapi.json").json()

    for path in text["paths"].values():
        responses = path["get"]["responses"]
        assert set(responses) == {"200", "304", "401", "404", "422", "503"}
        for status in ("401", "404", "422", "503"):
            schema = responses[status]["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/ErrorAnswer"}


def test_the_page_documents_every_path_and_asks_nobody_else(client: TestClient) -> None:
    page = client.get("/docs").text

    for path in client.get("/openapi.json").json()["paths"]:
        assert f"<code>GET {path}</code>" in page
    assert not re.search(r"<script|https?:|//|@import|url\(", page)
    HTMLParser().feed(page)
