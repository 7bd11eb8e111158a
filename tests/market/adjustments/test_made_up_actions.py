"""Corporate actions and real jumps of all sizes, in made-up months, held against the truth."""

from fractions import Fraction

import pytest

from replay.corporate_actions import SESSIONS, Months, months
from tools.benchmarks.readings import Tally, judged

KINDS = ("action", "jump", "base", "distribution")


@pytest.fixture(scope="module")
def made() -> Months:
    return months(seed=7, stocks=260)


@pytest.fixture(scope="module")
def tallies(made: Months) -> dict[str, Tally]:
    return judged(made)


def test_what_the_figures_decide_is_read_rightly(tallies: dict[str, Tally]) -> None:
    for kind in ("action", "base", "distribution"):
        tally = tallies[kind]
        assert tally.right >= 0.99 * tally.decided, tally.samples
        assert tally.ranked == 0, tally.samples


def test_no_purchase_and_no_sale_is_taken_for_an_action(tallies: dict[str, Tally]) -> None:
    tally = tallies["jump"]

    assert tally.decided > 50
    assert tally.right == tally.decided, tally.samples


def test_the_months_have_all_that_the_page_does(made: Months) -> None:
    assert {case.kind for case in made.cases} == set(KINDS)
    told = {why for case in made.cases for why in case.why}
    assert told >= {
        "temporary counter",
        "base before",
        "base late",
        "blank",
        "blank before",
        "twice",
        "nameless",
    }
    actions = [case for case in made.cases if case.kind == "action"]
    assert min(case.factor for case in actions) <= Fraction(1, 50)
    assert max(case.factor for case in actions) >= 50
    assert len(made.rows) == SESSIONS
    assert sum(rows is None for rows in made.rows) == 4
    assert len({case.decided for case in actions}) == 2


def test_the_same_seed_makes_the_same_months() -> None:
    one, other = months(3, 20), months(3, 20)

    assert one.rows == other.rows
    assert one.rows != months(4, 20).rows
