from hypothesis import given, strategies as st

from southbound.common.retry import growing


def test_each_failure_doubles_the_pause_up_to_the_longest() -> None:
    assert [growing(1, failures, 10) for failures in range(5)] == [1, 2, 4, 8, 10]


@given(st.integers(0, 10**9))
def test_months_of_failures_make_no_longer_pause_and_no_overflow(failures: int) -> None:
    assert 60 <= growing(60.0, failures, 900.0) <= 900
