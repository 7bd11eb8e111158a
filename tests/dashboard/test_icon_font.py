"""Icons are drawn from a small font in place of Streamlit's large one."""

from http import HTTPStatus
from importlib.resources import files

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from southbound.dashboard import icon_font
from southbound.dashboard.icon_font import IconFont
from tools import icons

BASE = "/southbound"


def client() -> TestClient:
    return TestClient(Starlette(middleware=[Middleware(IconFont, BASE)]))


def test_it_stands_where_streamlits_does_and_is_a_fortieth_of_it() -> None:
    whole = files("streamlit").joinpath(f"static{icon_font.path()}").read_bytes()

    answer = client().get(f"{BASE}{icon_font.path()}")

    assert answer.headers["content-type"] == "font/woff2"
    assert answer.content[:4] == whole[:4] == b"wOF2"
    assert len(answer.content) * 25 < len(whole)
    assert client().get(icon_font.path()).status_code == HTTPStatus.NOT_FOUND


def test_a_browser_that_has_it_is_told_so() -> None:
    address = f"{BASE}{icon_font.path()}"
    tag = client().get(address).headers["etag"]

    again = client().get(address, headers={"if-none-match": tag})

    assert again.status_code == HTTPStatus.NOT_MODIFIED
    assert not again.content
    assert again.headers["cache-control"] == "no-cache"


def test_it_has_every_icon_that_our_pages_or_streamlits_scripts_name() -> None:
    missing = icons.wanted() - icons.listed()

    assert not missing, "python -m tools.icons"
