"""What is raised on purpose passes from one process to another as it was."""

import inspect
import pickle
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from southbound.common.errors import SouthboundError

GIVEN: dict[str, Any] = {"date": date(2026, 2, 27), "bool": True, "int": 3}
"""By how an annotation begins; a text for all others, and for many of something a tuple of two."""


def kinds(root: type[SouthboundError] = SouthboundError) -> Iterator[type[SouthboundError]]:
    yield root
    for below in root.__subclasses__():
        yield from kinds(below)


def made(kind: type[SouthboundError]) -> SouthboundError:
    """One with something in everything that its `__init__` asks for."""
    if kind.__init__ is Exception.__init__:
        return kind("a message")
    parameters = [
        parameter
        for parameter in inspect.signature(kind).parameters.values()
        if parameter.kind is not parameter.VAR_KEYWORD
    ]
    named, placed = {}, []
    for parameter in parameters:
        told = str(getattr(parameter.annotation, "__name__", parameter.annotation))
        many = told.startswith(("Sequence", "tuple", "list", "Collection"))
        value = ("one", "other") if many else GIVEN.get(told, "a text")
        if parameter.kind is parameter.KEYWORD_ONLY:
            named[parameter.name] = value
        else:
            placed.append(value)
    return kind(*placed, **named)


@pytest.mark.parametrize("kind", sorted(set(kinds()), key=str))
def test_an_error_is_the_same_in_another_process(kind: type[SouthboundError]) -> None:
    error = made(kind)
    error.add_note("a note")

    again = pickle.loads(pickle.dumps(error))

    assert type(again) is kind
    assert (str(again), again.args, vars(again)) == (str(error), error.args, vars(error))
