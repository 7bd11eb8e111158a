"""How times are taken."""

from functools import partial

from tools.benchmarks.clock import medians


def test_what_is_compared_is_run_in_turn_after_a_first_run_that_does_not_count() -> None:
    ran: list[str] = []

    took = medians(partial(ran.append, "ours"), partial(ran.append, "theirs"), runs=3)

    assert ran == ["ours", "theirs"] * 4
    assert len(took) == 2


def test_a_single_run_is_the_only_one() -> None:
    ran: list[str] = []

    medians(partial(ran.append, "ours"), runs=1)

    assert ran == ["ours"]
