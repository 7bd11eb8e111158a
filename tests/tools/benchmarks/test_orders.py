"""Which order of growth is seen."""

import math
from collections.abc import Callable, Mapping

import pytest

from tools.benchmarks.orders import Growth, order_of_growth

SIZES = (60, 250, 1000, 2500)


@pytest.mark.parametrize(
    ("grows", "order"),
    [
        (lambda _: 0.02, 0.0),
        (lambda n: 3e-5 * n, 1.0),
        (lambda n: 7.0 * n**2, 2.0),
        (math.sqrt, 0.5),
        (lambda n: 1 / n, -1.0),
    ],
)
def test_a_power_of_the_size_is_found_exactly(grows: Callable[[int], float], order: float) -> None:
    assert order_of_growth({n: grows(n) for n in SIZES}) == pytest.approx(order)


def test_a_fixed_cost_makes_it_smaller_and_a_logarithm_larger() -> None:
    with_fixed_cost = order_of_growth({n: 1000 + n for n in SIZES})
    with_logarithm = order_of_growth({n: n * math.log(n) for n in SIZES})

    assert 0.1 < with_fixed_cost < 0.9
    assert 1.1 < with_logarithm < 1.3


def test_two_sizes_are_enough() -> None:
    assert order_of_growth({900: 0.02, 9000: 0.2}) == pytest.approx(1)


@pytest.mark.parametrize(
    ("values", "got"),
    [
        ({60: 0.1}, "got 1 sizes, want two or more"),
        ({60: 0.1, 250: 0.0}, "got {60: 0.1, 250: 0.0}, want positive"),
        ({0: 0.1, 250: 0.2}, "got {0: 0.1, 250: 0.2}, want positive"),
    ],
)
def test_what_has_no_order_is_refused(values: Mapping[int, float], got: str) -> None:
    with pytest.raises(ValueError, match=got):
        order_of_growth(values)


def test_linear_growth_passes_and_quadratic_fails() -> None:
    linear = Growth(name="history read", over="days", values={n: 0.001 * n for n in SIZES})
    quadratic = Growth(name="history read", over="days", values={n: 0.001 * n**2 for n in SIZES})

    assert (linear.passed, quadratic.passed) == (True, False)
