"""Net buying: of the recorded days by dictionaries and by the exchange, of made-up ones by their trades."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from southbound.market import trading_calendar
from southbound.market.adjustments.detection import adjustment_events
from southbound.market.adjustments.events import AdjustmentEvent, CodeLine, Kind, Leg, Part, Step
from southbound.market.comparison import compare
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.daily_prices import DailyPrices, Quote, TradingState
from southbound.market.history import History
from southbound.market.net_buying import net_buying
from southbound.market.price_history import PriceHistory
from southbound.market.settlement import trades_shown
from southbound.market.windows import Pair
from tests import money_by_hand
from tests.money_by_hand import MILLION

STOCK, TEMPORARY, OTHER = 100, 2950, 900
SESSIONS = trading_calendar.between(date(2026, 1, 19), date(2026, 3, 13))
"""With a half-day on 16 February, and days on which the mainland was shut."""


@pytest.fixture(scope="module")
def history(recorded: Mapping[date, DailyHoldings]) -> History:
    return History.of(recorded.values())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2026-02-26", "2026-02-27"),
        ("2026-02-20", "2026-02-27"),
        ("2026-02-16", "2026-02-24"),
        ("2026-01-27", "2026-02-27"),
        ("2026-01-02", "2026-01-07"),
    ],
)
def test_every_stocks_net_buying_is_what_dictionaries_say(history: History, old: str, new: str) -> None:
    dates = Pair(date.fromisoformat(old), date.fromisoformat(new))

    changes = compare(history, dates, prices=money_by_hand.prices())

    wanted = money_by_hand.net_buying(dates.old, dates.new)
    assert changes.codes.tolist() == sorted(wanted)
    blank = np.isnan(changes.net_buying)
    assert changes.codes[blank].tolist() == [code for code, money in wanted.items() if money is None]
    known = [wanted[code] for code in changes.codes[~blank].tolist()]
    assert changes.net_buying[~blank].tolist() == pytest.approx(known, rel=1e-9)
    flow = changes.flow()
    assert flow.money == pytest.approx(sum(money for money in wanted.values() if money))
    assert (flow.priced, flow.unpriced) == (sum(map(bool, wanted.values())), int(blank.sum()))
    assert flow.left_out == len(changes.added) + len(changes.removed)


def test_all_stocks_together_were_bought_for_what_the_exchange_says(history: History) -> None:
    bought = net_buying(
        history, range(len(history.dates)), adjustment_events(history), money_by_hand.prices()
    )

    ours, theirs = [], []
    for trades, money in zip(bought.trades, bought.money, strict=True):
        shown = trades.sessions
        if shown and all(session in money_by_hand.official() for session in shown):
            ours.append(np.nansum(money) / MILLION)
            theirs.append(sum(money_by_hand.official()[session] for session in shown) / MILLION)

    large = np.abs(theirs) > 300
    assert large.sum() >= 28
    assert (np.sign(ours) != np.sign(theirs))[large].sum() <= 1
    assert np.corrcoef(ours, theirs)[0, 1] >= 0.98


def priced(day: date, quotes: Mapping[int, float | tuple[int, int] | None]) -> DailyPrices:
    """A close without trades; or shares traded and turnover, and a close of its own; None: suspended."""
    made = []
    for code, quote in quotes.items():
        if isinstance(quote, tuple):
            shares, turnover = quote
            close = 1.5 * turnover / shares
            made.append(
                Quote(
                    code,
                    "N",
                    "HKD",
                    TradingState.TRADED,
                    close=close,
                    shares_traded=shares,
                    turnover=turnover,
                )
            )
        else:
            state = TradingState.SUSPENDED if quote is None else TradingState.NOT_TRADED
            made.append(Quote(code, "N", "HKD", state, close=quote))
    return DailyPrices.of(day, made)


def of_one_stock(held: Mapping[date, int | None]) -> History:
    """Beside one that never moves; None where it is off the list."""
    return History.of(
        DailyHoldings.of(day, [OTHER], ["O"], [500], [1.0])
        if shares is None
        else DailyHoldings.of(day, [STOCK, OTHER], ["S", "O"], [shares, 500], [4.0, 1.0])
        for day, shares in held.items()
    )


def bought_of(history: History, prices: Sequence[DailyPrices]) -> float:
    dates = Pair(history.dates[0], history.dates[-1])
    changes = compare(history, dates, (), PriceHistory.of(prices))
    return float(changes.net_buying[changes.codes.tolist().index(STOCK)])


def test_a_change_costs_the_average_price_of_the_day_that_traded_it() -> None:
    history = of_one_stock({date(2026, 2, 12): 1_000, date(2026, 2, 13): 1_300})

    money = bought_of(history, [priced(date(2026, 2, 11), {STOCK: (50, 100)})])

    assert money == 300 * 2


def test_a_day_without_trades_of_the_stock_has_its_close() -> None:
    history = of_one_stock({date(2026, 2, 12): 1_000, date(2026, 2, 13): 1_300})

    assert bought_of(history, [priced(date(2026, 2, 11), {STOCK: 7.0})]) == 300 * 7
    assert np.isnan(bought_of(history, [priced(date(2026, 2, 11), {STOCK: None})]))


def test_two_days_in_one_change_are_weighted_by_their_turnover() -> None:
    # 5 January shows the trades of 30 and 31 December, 8 January those of the 5th and 6th without the 7th.
    quotes = {STOCK: (100, 1_000)}, {STOCK: (100, 3_000)}
    for days, sessions in [
        ((date(2026, 1, 2), date(2026, 1, 5)), (date(2025, 12, 30), date(2025, 12, 31))),
        ((date(2026, 1, 6), date(2026, 1, 8)), (date(2026, 1, 5), date(2026, 1, 6))),
    ]:
        history = of_one_stock(dict(zip(days, (1_000, 900), strict=True)))
        prices = [priced(session, quote) for session, quote in zip(sessions, quotes, strict=True)]

        assert bought_of(history, prices) == pytest.approx(-100 * (1_000 * 10 + 3_000 * 30) / 4_000)
        assert np.isnan(bought_of(history, prices[:1]))
        idle = [prices[0], priced(sessions[1], {STOCK: 90.0})]
        assert bought_of(history, idle) == -100 * 10


def test_prices_without_turnover_are_not_averaged_unless_they_are_equal() -> None:
    history = of_one_stock({date(2026, 1, 2): 1_000, date(2026, 1, 5): 1_100})
    closes = [10.0, 12.0], [10.0, 10.0]

    bought = [
        compare(
            history,
            Pair(history.dates[0], history.dates[1]),
            (),
            PriceHistory.of(
                money_by_hand.Closes(day, {STOCK: close})
                for day, close in zip((date(2025, 12, 30), date(2025, 12, 31)), both, strict=True)
            ),
        ).net_buying[0]
        for both in closes
    ]

    assert np.isnan(bought[0])
    assert bought[1] == 1_000


def test_a_stock_that_was_off_the_list_was_bought_on_all_days_since() -> None:
    days = trading_calendar.between(date(2026, 1, 12), date(2026, 1, 15))
    history = of_one_stock(dict(zip(days, (1_000, None, 1_200, 1_300), strict=True)))
    shown = [trades_shown(day).sessions[0] for day in days[1:]]
    prices = [
        priced(session, {STOCK: (10, turnover)})
        for session, turnover in zip(shown, (100, 300, 50), strict=True)
    ]

    assert bought_of(history, prices) == pytest.approx(200 * (100 * 10 + 300 * 30) / 400 + 100 * 5)


def test_what_changed_without_a_trading_day_has_no_price_and_is_blank() -> None:
    history = of_one_stock({date(2026, 2, 23): 1_000, date(2026, 2, 24): 1_001})
    prices = [priced(day, {STOCK: (10, 100)}) for day in SESSIONS]

    assert np.isnan(bought_of(history, prices))
    assert bought_of(of_one_stock({date(2026, 2, 23): 1_000, date(2026, 2, 24): 1_000}), []) != 0  # no prices


def test_without_prices_nothing_is_known_and_nothing_is_zero() -> None:
    changes = compare(
        of_one_stock({date(2026, 2, 12): 1_000, date(2026, 2, 13): 1_000}),
        Pair(date(2026, 2, 12), date(2026, 2, 13)),
    )

    assert np.isnan(changes.net_buying).all()
    assert np.isnan(changes.flow().money)


Split = tuple[Fraction, date, int, bool]
FACTORS = [Fraction(5), Fraction(2), Fraction(10), Fraction(1, 5), Fraction(1, 10), Fraction(3, 2)]
splits = st.tuples(
    st.sampled_from(FACTORS), st.sampled_from(SESSIONS[8:22]), st.integers(-2, 0), st.booleans()
)


@given(splits, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=150)
def test_a_split_at_any_offset_from_its_ex_date_changes_no_money(split: Split, random: Random) -> None:
    """Shares are multiplied on the ex date, two settlement days after it, or between."""
    bought = [random.randint(-40, 40) * random.randint(0, 1) for _ in SESSIONS]
    moves = [random.randint(-4, 4) for _ in SESSIONS]
    newest_known = random.random() < 0.5
    lost = [session for session in SESSIONS if random.random() < random.choice((0.0, 0.2))]
    factor, ex_date, early, moved = split
    settles = next(day for day in SESSIONS if ex_date in _settled(day))
    multiplied = SESSIONS[max(SESSIONS.index(settles) + early, SESSIONS.index(ex_date))]
    # Numbers of old shares, of which every split makes whole ones.
    of_old = {session: Fraction(100 * count) for session, count in zip(SESSIONS, bought, strict=True)}
    price = Fraction(100)
    money: dict[date, Fraction] = {}
    quotes: dict[date, DailyPrices] = {}
    for session, move in zip(SESSIONS, moves, strict=True):
        price *= 1 + Fraction(move, 100)
        new = session >= ex_date
        in_own = price / (factor if new else 1)
        money[session] = of_old[session] * price
        code = TEMPORARY if moved and new else STOCK
        quotes[session] = priced(session, {code: float(in_own)})
    held, days = Fraction(1_000_000), []
    shown: dict[date, tuple[date, ...]] = {}
    for day in SESSIONS[6:]:
        shown[day] = _settled(day)
        held += sum(of_old[session] for session in shown[day])
        new = day >= multiplied
        code = TEMPORARY if moved and new else STOCK
        count = int(held * factor) if new else int(held)
        days.append(DailyHoldings.of(day, [code, OTHER], ["S", "O"], [count, 500], [4.0, 1.0]))
    last = len(days) if newest_known else SESSIONS[6:].index(multiplied) + 1
    history = History.of(days)
    event = _event(factor, multiplied, moved=moved)

    result = net_buying(history, range(last), [event], PriceHistory.of(quotes.values()).without(lost))

    column = history.column(TEMPORARY if moved and SESSIONS[6:][last - 1] >= multiplied else STOCK)
    assert column is not None
    for at, day in enumerate(result.days[1:]):
        wanted = float(sum(money[session] for session in shown[day]))
        if not result.trades[at].sessions and wanted:
            assert np.isnan(result.money[at, column])  # traded on a day on which southbound trading was shut
        elif lost and np.isnan(result.money[at, column]):
            # A day after the lost ones may be the first to show that something was split.
            assert wanted
            assert _near(lost, day)
        elif len(shown[day]) == 1 or not wanted:
            assert result.money[at, column] == pytest.approx(wanted, abs=0.01)


def _near(lost: list[date], day: date) -> bool:
    """Whether one of the days is among those that say what a holding cost."""
    return any(abs(SESSIONS.index(session) - SESSIONS.index(day)) <= 15 for session in lost)


def _settled(day: date) -> tuple[date, ...]:
    shown = trades_shown(day)
    return tuple(sorted((*shown.sessions, *shown.shut)))


def _event(factor: Fraction, day: date, *, moved: bool) -> AdjustmentEvent:
    since = trading_calendar.before(day)
    legs: tuple[Leg, ...] = (Leg(STOCK, 1, None if moved else 1, 4.0, 4.0),)
    line = None
    if moved:
        legs = (*legs, Leg(TEMPORARY, None, 1, None, 4.0))
        line = CodeLine(STOCK, TEMPORARY, day, None)
    kind = Kind.SPLIT if factor > 1 else Kind.CONSOLIDATION
    return AdjustmentEvent(
        kind, (Part(Step.MOVED if moved else Step.SHARES, since, day, legs),), factor, line=line
    )


def test_bonus_shares_that_come_weeks_after_their_ex_date_change_no_money() -> None:
    """3 for 2: traded at two thirds from the ex date on, counted one for one until they are credited."""
    ex_date, credited = SESSIONS[2], SESSIONS[20]
    held, days, wanted = 9_000, [], []
    for place, day in enumerate(SESSIONS[5:], 5):
        sessions = trades_shown(day).sessions
        wanted.append(sum(300 * (20.0 if session >= ex_date else 30.0) for session in sessions))
        held += 300 * len(sessions)
        held = held * 3 // 2 if place == 20 else held
        days.append(DailyHoldings.of(day, [STOCK, OTHER], ["S", "O"], [held, 500], [4.0, 1.0]))
    history = History.of(days)
    prices = [priced(day, {STOCK: 20.0 if day >= ex_date else 30.0}) for day in SESSIONS]
    part = Part(Step.SHARES, SESSIONS[19], credited, (Leg(STOCK, 1, 1, 4.0, 4.0),))

    bought = net_buying(
        history, range(15), [AdjustmentEvent(Kind.BONUS, (part,), Fraction(3, 2))], PriceHistory.of(prices)
    )

    before = bought.money[: 20 - 5 - 1, 0].tolist()
    assert before == pytest.approx(wanted[1 : 20 - 5])


def test_prices_that_somebody_adjusted_for_a_split_are_not_taken_for_those_that_were_paid() -> None:
    days = SESSIONS[5:]
    shares = [100 * place * (5 if place > 9 else 1) for place in range(1, len(days) + 1)]
    history = History.of(
        DailyHoldings.of(day, [STOCK, OTHER], ["S", "O"], [held, 500], [4.0, 1.0])
        for day, held in zip(days, shares, strict=True)
    )
    prices = PriceHistory.of(priced(day, {STOCK: 20.0}) for day in SESSIONS)

    bought = net_buying(history, range(8, 11), [_event(Fraction(5), days[9], moved=False)], prices)

    assert np.isnan(bought.money[:, 0]).tolist() == [True, True]
