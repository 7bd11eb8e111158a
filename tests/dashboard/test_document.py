"""The document that a browser loads first."""

from importlib.resources import files

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from southbound.dashboard.auth.security_headers import policy
from southbound.dashboard.document import document


def test_it_is_streamlits_with_our_style_in_its_head() -> None:
    plain = files("streamlit").joinpath("static/index.html").read_text(encoding="utf-8")

    answer = TestClient(Starlette(routes=[Route("/", document)])).get("/")

    before, _, after = plain.partition("</head>")
    assert answer.text.startswith(before)
    assert answer.text.endswith(f"</head>{after}")
    assert ".stMain" in answer.text.removeprefix(before).partition("</style>")[0]
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    # The scripts that may run are those of Streamlit alone.
    assert policy(answer.text) == policy(plain)
