"""JSON as it is stored for a day, read fast and believed only as it was written. Pure."""

import json
from collections.abc import Iterable
from typing import Any


def read_strictly(text: str | bytes) -> Any:
    """What a text says, in which each member of an object stands once and every number is one.

    Raises:
        ValueError: it is no such JSON.
        RecursionError: it is nested too deep.
    """
    return json.loads(text, parse_constant=_no_figure, object_pairs_hook=_members)


def see_each_once(text: str, members: int, strings: Iterable[str] = ()) -> None:
    """See that no member of an object stands twice in a text from which msgspec has decoded all there is.

    msgspec is as strict as `read_strictly`, checks the types while it reads, and takes a fifth of the time.
    But of a member that stands twice it takes the last. Each has a colon.

    Args:
        text: what was decoded; it must have the members, and no object in an object.
        members: how many there are to be.
        strings: what was decoded that may have colons of its own.

    Raises:
        ValueError: there are more colons than that. It may still be right, which `read_strictly` tells.
    """
    own = [string.count(":") for string in strings]
    # One that is written as an escape would be counted in `own` alone, and hide a member.
    if text.count(":") != members + sum(own) or (any(own) and "\\" in text):
        raise ValueError("want each member once")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, each of whose members stands there once."""
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member stands twice in an object")
    return members


def _no_figure(token: str) -> None:
    raise ValueError(f"got {token}, want a number or null")
