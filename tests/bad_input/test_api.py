"""What a program writes behind the API's address: an answer, or an error that says what is wanted."""

from collections.abc import Iterator
from datetime import date

import pytest
from starlette.testclient import TestClient

from southbound.api.app import api
from southbound.api.parts import Parts
from southbound.config.settings import Settings
from southbound.market.daily_holdings import DailyHoldings
from southbound.queries.data_quality import DataQuality
from southbound.queries.figures_cache import FiguresCache
from southbound.queries.store_watcher import StoreWatcher
from southbound.store.holdings_store import HoldingsStore
from tests.bad_input.attacks import Attack, Case, each

OLD, NEW = date(2026, 2, 26), date(2026, 2, 27)
BOMB = "[" * 10_000
Error = tuple[int, str]

BAD, UNKNOWN = (422, "bad_parameter"), (422, "unknown_parameter")
WRONG: list[Case[str, Error]] = [
    Case(Attack.MISSING, "a date in the path", "/holdings/", (404, "not_found")),
    Case(Attack.MISSING, "a stock in the path", "/stocks/", (404, "not_found")),
    Case(Attack.EMPTY, "a date", "/movers?date=", BAD),
    Case(Attack.EMPTY, "a window", "/movers?window=", BAD),
    Case(Attack.EMPTY, "a metric", "/movers?metric=", BAD),
    Case(Attack.EMPTY, "a name", "/movers?=5", UNKNOWN),
    Case(Attack.HUGE, "a date", f"/movers?date={'2' * 50_000}", BAD),
    Case(Attack.HUGE, "a stock", f"/stocks/{'7' * 50_000}", BAD),
    Case(Attack.HUGE, "a count", "/movers?count=201", BAD),
    Case(Attack.HUGE, "a window", "/changes?window=251", BAD),
    Case(Attack.HUGE, "ten thousand parameters", f"/movers?{'date=2026-02-27&' * 3_000}", BAD),
    Case(Attack.WRONG_TYPE, "a word for a date", "/signals/yesterday", BAD),
    Case(Attack.WRONG_TYPE, "a day that is none", "/holdings/2026-02-30", BAD),
    Case(Attack.WRONG_TYPE, "a day that no calendar reaches", "/holdings/9999-12-31", BAD),
    Case(Attack.WRONG_TYPE, "a day without figures", "/holdings/2026-02-28", (404, "unknown_date")),
    Case(Attack.WRONG_TYPE, "a moment for a date", "/movers?date=1772150400", BAD),
    Case(Attack.WRONG_TYPE, "other digits", "/stocks/\uff17\uff10\uff10", BAD),
    Case(Attack.WRONG_TYPE, "a fraction", "/movers?window=1.5", BAD),
    Case(Attack.WRONG_TYPE, "nothing to count", "/movers?count=0", BAD),
    Case(Attack.WRONG_TYPE, "a window backwards", "/movers?window=-5", BAD),
    Case(Attack.WRONG_TYPE, "a window and a date", "/movers?window=5&against=2026-02-26", BAD),
    Case(Attack.WRONG_TYPE, "nothing older", "/movers?against=2020-01-02", (404, "nothing_to_compare")),
    Case(Attack.WRONG_TYPE, "a parameter twice", "/movers?window=1&window=5", BAD),
    Case(Attack.WRONG_TYPE, "a parameter of another path", "/dates?window=1", UNKNOWN),
    Case(Attack.WRONG_TYPE, "no metric of ours", "/movers?metric=yen", BAD),
    Case(Attack.WRONG_TYPE, "no kind of ours", "/movers?kind=bonds", BAD),
    Case(Attack.EMPTY, "a kind", "/movers?kind=", BAD),
    Case(Attack.WRONG_TYPE, "no format of ours", "/movers?format=xml", BAD),
    Case(Attack.WRONG_TYPE, "a day that is none", "/turnover?date=2026-13-01", BAD),
    Case(Attack.WRONG_TYPE, "a day without figures", "/turnover?date=2026-02-28", (404, "unknown_date")),
    Case(Attack.WRONG_TYPE, "a window of turnover", "/turnover?window=5", UNKNOWN),
    Case(Attack.MARKUP, "for a date", "/movers?date=<img src=x>", BAD),
    Case(Attack.MARKUP, "for a stock", "/stocks/<script>", BAD),
    Case(Attack.MARKUP, "for a name", "/movers?<script>=1", UNKNOWN),
    Case(Attack.FORMULA, "for a stock", "/stocks/=700", BAD),
    Case(Attack.CONTROL, "in a stock", "/stocks/7%00%0d%0a", BAD),
    Case(Attack.CONTROL, "behind a date", "/movers?date=2026-02-27%0a", BAD),
    Case(Attack.CONTROL, "a path upwards", "/stocks/..%2f..%2fmetrics", (404, "not_found")),
    Case(Attack.BROKEN_UTF8, "in a date", "/movers?date=%ff%fe", BAD),
    Case(Attack.BROKEN_UTF8, "in a name", "/movers?%ff=1", UNKNOWN),
    Case(Attack.BEYOND_64_BITS, "a window", f"/movers?window={2**64}", BAD),
    Case(Attack.BEYOND_64_BITS, "a count", f"/movers?count={10**400}", BAD),
    Case(Attack.BEYOND_64_BITS, "a stock", f"/stocks/{2**64}", BAD),
    Case(Attack.JSON_BOMB, "for a window", f"/movers?window={BOMB}", BAD),
]

# Not tried, 100 MB: the server takes no address of more than 64 kB, and no path reads a body


@pytest.fixture
def client(store: HoldingsStore) -> Iterator[TestClient]:
    """On two days of a stock with a name that a spreadsheet would compute."""
    for day, shares, percent in ((OLD, 100_000, 1.0), (NEW, 110_000, 1.1)):
        store.put(DailyHoldings.of(day, [700, 701], ["=1+1", "B"], [shares, 5], [percent, None]))
    watcher = StoreWatcher(store)
    watcher.start()
    parts = Parts(watcher, FiguresCache(store), DataQuality(store), store, Settings())
    with TestClient(api(lambda: parts), raise_server_exceptions=False) as client:
        yield client
    watcher.stop()


def test_each_wrong_request_is_told_what_is_wanted_in_short_and_nothing_that_it_gave(
    client: TestClient,
) -> None:
    for case in WRONG:
        answer = client.get(case.given)

        assert (answer.status_code, answer.json()["error"]["code"]) == case.then, str(case)
        message = answer.json()["error"]["message"]
        assert message.isprintable()
        assert len(message) <= 300
        assert not any(sign in message for sign in "<\uff17[="), str(case)


GOOD: list[Case[str, str]] = [
    Case(Attack.MISSING, "all parameters", "/movers?window=1", "2026-02-26"),
    Case(
        Attack.WRONG_TYPE,
        "two dates the wrong way round",
        "/movers?date=2026-02-26&against=2026-02-27",
        OLD.isoformat(),
    ),
    Case(Attack.WRONG_TYPE, "a date between sessions", "/changes?against=2026-02-26", "2026-02-26"),
]


@each(GOOD)
def test_what_makes_sense_is_answered_and_says_what_was_compared(
    client: TestClient, case: Case[str, str]
) -> None:
    given = client.get(case.given)

    assert given.status_code == 200
    assert given.json()["against"] == case.then


def test_no_name_is_a_formula_in_csv_and_json_has_it_as_it_is(client: TestClient) -> None:
    for path in ("/holdings/newest", "/stocks", "/movers?window=1", "/signals/newest"):
        csv = client.get(f"{path}{'&' if '?' in path else '?'}format=csv").text
        assert ",'=1+1," in csv
        assert ",=1+1" not in csv
    assert client.get("/holdings/newest").json()["holdings"][0]["name"] == "=1+1"
    assert client.get("/holdings/newest").json()["holdings"][1]["percent"] is None
