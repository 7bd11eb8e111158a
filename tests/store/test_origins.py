"""Where the stored days come from."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from southbound.market.daily_holdings import DailyHoldings
from southbound.market.origin import Origin
from southbound.store import keys
from southbound.store.holdings_store import HoldingsStore

DAY, NEXT = date(2026, 2, 24), date(2026, 2, 25)
FIGURES = DailyHoldings.of(DAY, [700], ["TENCENT"], [900], [3.0])
IMPORTED = Origin("tushare", datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC))


def test_an_origin_is_read_as_it_was_noted_with_its_day(store: HoldingsStore) -> None:
    store.put(FIGURES, IMPORTED)
    store.put(replace(FIGURES, day=NEXT), Origin())

    assert store.origins() == {DAY: IMPORTED, NEXT: Origin()}


def test_a_day_that_is_stored_anew_keeps_no_origin_of_other_figures(store: HoldingsStore) -> None:
    store.put(FIGURES, IMPORTED)
    store.put(FIGURES)

    assert store.origins() == {}


@pytest.mark.parametrize("note", ["", "[]", '{"source": 7, "read_at": ""}', '{"source": "x"}', "[" * 9999])
def test_a_note_that_cannot_be_read_is_none(store: HoldingsStore, note: str) -> None:
    store.put(FIGURES, IMPORTED)
    store.client.hset(keys.SOURCES, "2026-02-24", note)

    assert store.origins() == {}
