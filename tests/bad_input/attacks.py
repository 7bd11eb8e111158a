"""The table's columns: what is tried on every input. Its rows stand in a module for each input.

Where an input cannot be tried with one of them, its module says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

import pytest

Given = TypeVar("Given")
Then = TypeVar("Then")


class Attack(StrEnum):
    """What comes in place of what is wanted."""

    MISSING = "missing"
    EMPTY = "empty"
    HUGE = "huge"
    WRONG_TYPE = "wrong type"
    MARKUP = "hostile markup"
    FORMULA = "a formula"
    CONTROL = "control characters"
    BROKEN_UTF8 = "broken UTF-8"
    BEYOND_64_BITS = "beyond 64 bits"
    HUNDRED_MEGABYTES = "100 MB"
    JSON_BOMB = "a JSON bomb"


@dataclass(frozen=True, slots=True, eq=False)
class Case(Generic[Given, Then]):
    """One cell of the table.

    Attributes:
        attack: which one.
        what: in a few words; with the attack the name of the test.
        given: the input.
        then: what must happen, as the module's test says.
    """

    attack: Attack
    what: str
    given: Given
    then: Then

    def __str__(self) -> str:
        return f"{self.attack}, {self.what}"


def each(cases: Sequence[Case[Any, Any]]) -> pytest.MarkDecorator:
    """Runs a test with each `case`."""
    return pytest.mark.parametrize("case", cases, ids=str)
