"""One request at a time, with a gap after each."""

import time

import pytest

from southbound.hkexnews.rate_limit import RateLimit

GAP = 30.0


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def pace(waits: list[float]) -> RateLimit:
    return RateLimit(GAP, waits.append)


def test_the_first_request_begins_at_once(pace: RateLimit, waits: list[float]) -> None:
    with pace.request():
        pass

    assert waits == []


def test_the_gap_begins_when_a_request_ends(waits: list[float]) -> None:
    pace = RateLimit(0.2, waits.append)
    with pace.request():
        time.sleep(0.3)  # longer than the gap
    with pace.request():
        pass

    assert waits == [pytest.approx(0.2, abs=0.1)]


def test_a_request_that_fails_is_followed_by_the_gap_too(pace: RateLimit, waits: list[float]) -> None:
    with pytest.raises(ValueError, match="no answer"), pace.request():
        raise ValueError("no answer")
    with pace.request():
        pass

    assert waits == [pytest.approx(GAP, abs=1)]


def test_what_has_passed_already_is_not_waited_for(waits: list[float]) -> None:
    pace = RateLimit(0.05, waits.append)
    with pace.request():
        pass
    time.sleep(0.06)
    with pace.request():
        pass

    assert waits == []


def test_without_a_gap_nothing_is_waited_for(waits: list[float]) -> None:
    pace = RateLimit(0.0, waits.append)
    for _ in range(3):
        with pace.request():
            pass

    assert waits == []


def test_it_waits_by_sleeping() -> None:
    pace = RateLimit(0.1)
    with pace.request():
        pass
    ended = time.monotonic()
    with pace.request():
        assert time.monotonic() - ended >= 0.1
