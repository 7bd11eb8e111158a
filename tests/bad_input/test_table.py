"""The table has no hole: each input is tried with each attack, or it is said why it cannot be."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from tests.bad_input.attacks import Attack, Case

INPUTS = (
    "page",
    "stored_values",
    "stored_keys",
    "channel",
    "configuration",
    "environment",
    "address",
    "smtp_answers",
    "names",
    "downloads",
)


def table_of(name: str) -> ModuleType:
    return import_module(f"tests.bad_input.test_{name}")


def cases_run(table: ModuleType) -> list[Case[object, object]]:
    """The cases that the tests of a module are run with."""
    marks = (mark for test in vars(table).values() for mark in getattr(test, "pytestmark", ()))
    return [
        case
        for mark in marks
        if mark.name == "parametrize" and mark.args[0] == "case"
        for case in mark.args[1]
    ]


def test_every_input_has_a_table_and_every_table_is_an_inputs() -> None:
    modules = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}

    assert modules - {"table"} == set(INPUTS)


@pytest.mark.parametrize("name", INPUTS)
def test_every_attack_is_tried_on_it_or_it_is_said_why_not(name: str) -> None:
    table = table_of(name)
    tried = {case.attack for case in table.TABLE}

    assert tried | set(table.NOT_APPLICABLE) == set(Attack)
    assert not tried & set(table.NOT_APPLICABLE)
    assert all(len(reason.split()) > 3 for reason in table.NOT_APPLICABLE.values())


@pytest.mark.parametrize("name", INPUTS)
def test_every_case_is_run_and_can_be_told_from_the_others(name: str) -> None:
    table = table_of(name)
    run = cases_run(table)

    assert len(set(map(str, table.TABLE))) == len(table.TABLE)
    assert {id(case) for case in run} == {id(case) for case in table.TABLE}
