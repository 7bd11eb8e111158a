"""What is no date key of ours, though it may look like one, is neither data nor the end of anything."""

from datetime import date
from typing import Any

import pytest

from southbound.common.errors import DamagedDay
from southbound.mail.content.report import dates_needed
from southbound.market import trading_calendar
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.settlement import trades_shown
from southbound.store import keys
from southbound.store.holdings_store import HoldingsStore
from tests.bad_input.attacks import Attack, Case, each
from tests.bad_input.memory import MEGABYTE, watched

DAY = date(2026, 2, 24)

IGNORED: list[Case[str | bytes, None]] = [
    Case(Attack.EMPTY, "the key", "", None),
    Case(Attack.MISSING, "the day of the month", "2026-02", None),
    Case(Attack.MISSING, "a zero", "2026-2-24", None),
    Case(Attack.HUGE, "a key of 100,000 digits", "2026-02-24" + "0" * 100_000, None),
    Case(Attack.HUGE, "a year", "12026-02-24", None),
    Case(Attack.WRONG_TYPE, "a day that there is not", "2026-02-30", None),
    Case(Attack.WRONG_TYPE, "a month that there is not", "2026-13-01", None),
    Case(Attack.WRONG_TYPE, "long before there was a list", "1999-01-04", None),
    Case(Attack.WRONG_TYPE, "the last day that there is", "9999-12-31", None),
    Case(Attack.WRONG_TYPE, "the first day that there is", "0001-01-01", None),
    Case(Attack.WRONG_TYPE, "full-width digits", "２０２６-02-25", None),  # noqa: RUF001 - that is what is tried
    Case(Attack.WRONG_TYPE, "other digits", "٢٠٢٦-02-25", None),
    Case(Attack.WRONG_TYPE, "without its lines", "20260225", None),
    Case(Attack.WRONG_TYPE, "a week", "2026-W09-3", None),
    Case(Attack.WRONG_TYPE, "a moment", "2026-02-25T00:00", None),
    Case(Attack.MARKUP, "in the key", "2026-02-25<script>", None),
    Case(Attack.FORMULA, "in the key", "=2026-02-25", None),
    Case(Attack.CONTROL, "a line break behind it", "2026-02-25\n", None),
    Case(Attack.CONTROL, "a zero byte", "2026-02-2\x00", None),
    Case(Attack.BROKEN_UTF8, "in the key", b"2026-02-2\xff", None),
    Case(Attack.BEYOND_64_BITS, "a number", str(2**64), None),
]

# Not tried, 100 MB: a key is asked for by its pattern, which none of that length fits; see 'huge'
# Not tried, a JSON bomb: a key is no JSON, and nothing reads it so


@each(IGNORED)
def test_a_key_that_is_no_date_of_ours_is_neither_data_nor_harm(
    case: Case[str | bytes, None], store: HoldingsStore
) -> None:
    figures = DailyHoldings.of(DAY, [700], ["TENCENT"], [900], [3.0])
    store.put(figures)
    store.client.set(case.given, figures.to_json())
    members: dict[Any, Any] = {case.given: 2**63}
    store.client.zadd(keys.DATES, members)

    assert store.dates() == [DAY]
    store.mend_dates()
    assert store.client.zrange(keys.DATES, 0, -1) == ["2026-02-24"]
    store.client.delete(keys.DATES)
    assert store.dates() == [DAY]
    assert store.client.exists(case.given) == 1


def test_a_hundred_thousand_keys_that_only_look_like_dates_are_not_held_at_once(store: HoldingsStore) -> None:
    store.put(DailyHoldings.of(DAY, [700], ["TENCENT"], [900], [3.0]))
    key = "string.format('9%03d-%02d-%02d', n % 1000, n / 1000 % 99, n / 99000)"
    store.client.eval(f"for n = 1, 200000 do redis.call('set', {key}, 'x') end", 0)
    store.client.delete(keys.DATES)

    with watched() as peak:
        assert store.dates() == [DAY]

    assert store.client.dbsize() > 100_000
    assert peak.ours < 20


@pytest.mark.parametrize(
    "day",
    [trading_calendar.after(trading_calendar.FIRST), trading_calendar.before(trading_calendar.LAST)],
    ids=str,
)
def test_the_first_and_the_last_date_that_are_ours_can_be_reckoned_with(
    day: date, store: HoldingsStore
) -> None:
    store.put(DailyHoldings.of(day, [700], ["TENCENT"], [900], [3.0]))

    assert store.dates() == [day]
    assert dates_needed(store.dates(), day) == [day]
    assert trades_shown(day).sessions < (day,) < (trading_calendar.after(day),)


def test_another_type_under_a_date_key_costs_that_date_alone(store: HoldingsStore) -> None:
    store.put(DailyHoldings.of(DAY, [700], ["TENCENT"], [900], [3.0]))
    store.client.lpush("2026-02-25", "x" * MEGABYTE)
    store.mend_dates()

    read, damaged = store.get_many(store.dates())

    assert [holdings.day for holdings in read] == [DAY]
    assert [error.day for error in damaged] == [date(2026, 2, 25)]
    with pytest.raises(DamagedDay, match="another type"):
        store.get(date(2026, 2, 25))
