"""What the page says of a store that loses days, or may."""

from collections.abc import Callable
from datetime import date

from streamlit.testing.v1 import AppTest

from southbound.common.errors import Unexpected
from southbound.dashboard.state.resources import process
from southbound.store import keys
from southbound.store.holdings_store import HoldingsStore
from tests.conftest import becomes_true
from tests.dashboard.reading import choose, messages, publish, tables, text

OpenPage = Callable[..., AppTest]
GONE, FRIDAY = date(2026, 2, 12), date(2026, 2, 27)


def test_a_day_that_is_gone_is_named_before_the_scraper_has_noticed_and_after(
    filled: HoldingsStore, open_page: OpenPage
) -> None:
    filled.client.delete(str(GONE))
    page = open_page()
    assert any("Gone from the store: Thu 12 Feb 2026" in message for message in messages(page))

    filled.mend_dates()
    version = filled.version()
    filled.client.publish(filled.channel, str(FRIDAY))
    assert becomes_true(lambda: (process().store_watcher.snapshot().data_version or (0, 0))[1] == version)
    page.run()

    assert any("Gone from the store: Thu 12 Feb 2026" in message for message in messages(page))
    assert "It was stored and is gone," in shown(choose(page, "tab", "data"))


def test_it_is_named_no_more_once_it_is_there_again(
    filled: HoldingsStore, open_page: OpenPage, recorded: dict[date, object]
) -> None:
    filled.client.delete(str(GONE))
    filled.mend_dates()
    page = open_page()

    publish(filled, recorded[GONE])  # type: ignore[arg-type]
    page.run()

    assert not [message for message in messages(page) if "Gone" in message]
    assert filled.client.hlen(keys.VANISHED) == 0


def test_a_store_that_evicts_is_warned_of_in_the_data_status(
    filled: HoldingsStore, open_page: OpenPage
) -> None:
    filled.client.config_set("maxmemory", "900mb")
    filled.client.config_set("maxmemory-policy", "allkeys-lru")

    page = choose(open_page(), "tab", "data")

    assert any("may remove days when its memory is full" in message for message in messages(page))


def test_an_error_of_our_own_stands_above_the_last_figures(
    filled: HoldingsStore, open_page: OpenPage
) -> None:
    assert filled.dates()
    page = open_page()
    process().store_watcher.stop()
    process().store_watcher.report(Unexpected("KeyError: 'port'"))

    page.run()

    assert any("This dashboard has met an error of its own" in message for message in messages(page))
    assert "Shareholdings of **Fri 27 Feb 2026**" in text(page)


def shown(page: AppTest) -> str:
    """The tables of the page too."""
    return "\n".join([*map(str, tables(page)), *(str(element.value) for element in page.markdown)])
