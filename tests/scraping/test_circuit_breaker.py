"""When the site is left alone, and for how long."""

import pytest
from hypothesis import given, settings, strategies as st

from southbound.scraping.circuit_breaker import CircuitBreaker
from southbound.store.scraper_status import Circuit
from tests.scraping.made_up import Clock


@pytest.fixture
def breaker(clock: Clock) -> CircuitBreaker:
    """Open for a minute the first time, for a quarter of an hour at most."""
    return CircuitBreaker(60, 900, clock)


def standing(breaker: CircuitBreaker) -> tuple[Circuit, float]:
    return breaker.circuit, breaker.seconds_left()


def test_at_first_it_is_closed(breaker: CircuitBreaker) -> None:
    assert standing(breaker) == (Circuit.CLOSED, 0)


def test_a_failure_that_no_date_is_the_reason_of_opens_it_at_once(breaker: CircuitBreaker) -> None:
    breaker.failed()

    assert standing(breaker) == (Circuit.OPEN, 60)


def test_a_failure_for_a_date_alone_leaves_it_closed_and_the_second_in_a_row_opens_it(
    breaker: CircuitBreaker,
) -> None:
    breaker.failed(for_a_date=True)
    assert standing(breaker) == (Circuit.CLOSED, 0)
    breaker.failed(for_a_date=True)
    assert standing(breaker) == (Circuit.OPEN, 60)


def test_failures_for_dates_that_are_not_in_a_row_leave_it_closed(breaker: CircuitBreaker) -> None:
    for _ in range(5):
        breaker.failed(for_a_date=True)
        assert breaker.circuit is Circuit.CLOSED
        breaker.succeeded()


def test_when_its_time_is_up_there_is_a_probe(breaker: CircuitBreaker, clock: Clock) -> None:
    breaker.failed()

    clock.now += 59
    assert standing(breaker) == (Circuit.OPEN, 1)
    clock.now += 1
    assert standing(breaker) == (Circuit.PROBING, 0)
    clock.now += 1000
    assert standing(breaker) == (Circuit.PROBING, 0)


@pytest.mark.parametrize("for_a_date", [False, True])
def test_each_failed_probe_doubles_the_time_up_to_the_longest(
    breaker: CircuitBreaker, clock: Clock, *, for_a_date: bool
) -> None:
    breaker.failed()
    opened_for = [breaker.seconds_left()]

    for _ in range(5):
        clock.now += breaker.seconds_left()
        breaker.failed(for_a_date=for_a_date)
        opened_for.append(breaker.seconds_left())

    assert opened_for == [60, 120, 240, 480, 900, 900]


def test_one_success_closes_it_and_the_next_time_begins_anew(breaker: CircuitBreaker, clock: Clock) -> None:
    for _ in range(6):
        breaker.failed()
        clock.now += breaker.seconds_left()

    breaker.succeeded()

    assert standing(breaker) == (Circuit.CLOSED, 0)
    breaker.failed(for_a_date=True)
    assert standing(breaker) == (Circuit.CLOSED, 0)
    breaker.failed(for_a_date=True)
    assert standing(breaker) == (Circuit.OPEN, 60)


def test_a_failure_that_lasts_opens_it_at_once_for_the_longest_time(
    breaker: CircuitBreaker, clock: Clock
) -> None:
    breaker.failed(lastingly=True)
    assert standing(breaker) == (Circuit.OPEN, 900)

    clock.now += 900
    breaker.failed(lastingly=True)
    assert standing(breaker) == (Circuit.OPEN, 900)


@given(
    first=st.floats(0.1, 2000),
    longest=st.floats(0.1, 2000),
    events=st.lists(
        st.one_of(
            st.just("success"),
            st.fixed_dictionaries({"lastingly": st.booleans(), "for_a_date": st.booleans()}),
            st.floats(0, 3000),
        )
    ),
)
@settings(deadline=None)
def test_it_is_never_open_for_longer_than_the_longest_time_and_one_success_always_closes_it(
    first: float, longest: float, events: list[str | float | dict[str, bool]]
) -> None:
    clock = Clock()
    breaker = CircuitBreaker(first, longest, clock)

    for event in events:
        if isinstance(event, str):
            breaker.succeeded()
            assert breaker.circuit is Circuit.CLOSED
        elif isinstance(event, dict):
            breaker.failed(**event)
        else:
            clock.now += event
        assert breaker.seconds_left() == pytest.approx(min(breaker.seconds_left(), longest))
        assert (breaker.seconds_left() > 0) == (breaker.circuit is Circuit.OPEN)
