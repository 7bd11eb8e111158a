"""A switch more is a row more: what address and session make of one that nobody has heard of."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import pytest
from streamlit.testing.v1 import AppTest

from southbound.presentation import view_url
from southbound.presentation.switches import Switch
from southbound.presentation.view_state import ViewState
from tests.dashboard.reading import address

OpenPage = Callable[..., AppTest]


class Wind(StrEnum):
    NORTH = "n"
    SOUTH = "s"


@dataclass(frozen=True, slots=True, kw_only=True)
class WindyView(ViewState):
    wind: Wind = Switch("wind", Wind.SOUTH, Wind).field()  # noqa: RUF009 - a row of the table


@pytest.fixture(autouse=True)
def windy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view_url, "ViewState", WindyView)


def held(page: AppTest) -> Wind:
    wind: Wind = page.session_state["wind"]
    return wind


def test_the_address_has_it_unless_it_is_as_usual() -> None:
    usual = view_url.written(ViewState())

    assert view_url.read({"wind": "n"}) == WindyView(wind=Wind.NORTH)
    assert view_url.read({"wind": "x"}) == view_url.read({}) == WindyView()
    assert view_url.written(WindyView(wind=Wind.NORTH)) == usual | {"wind": "n"}
    assert view_url.written(WindyView()) == usual
    assert view_url.parameters()[-1] == "wind"


@pytest.mark.usefixtures("filled")
def test_the_page_restores_it_from_address_and_session_and_resets_it(open_page: OpenPage) -> None:
    page = open_page(wind="n", other="kept")
    assert held(page) is Wind.NORTH
    assert address(page)["wind"] == "n"

    page.session_state["wind"] = Wind.SOUTH
    page.run()
    assert held(page) is Wind.SOUTH
    assert "wind" not in address(page)

    page.session_state["wind"] = Wind.NORTH
    page.run()
    assert address(page) | {"wind": "n", "other": "kept"} == address(page)

    page.button(key="reset").click().run()
    assert held(page) is Wind.SOUTH
    assert address(page) == view_url.written(ViewState()) | {"other": "kept"}
