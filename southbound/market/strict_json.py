"""JSON as it is stored for a day, read fast and believed only as it was written. Pure."""

import json
from typing import Any


def read_strictly(text: str | bytes) -> Any:
    """What a text says, in which each member of an object stands once and every number is one.

    Raises:
        ValueError: it is no such JSON.
        RecursionError: it is nested too deep.
    """
    return json.loads(text, parse_constant=_no_figure, object_pairs_hook=_members)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, each of whose members stands there once."""
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member stands twice in an object")
    return members


def _no_figure(token: str) -> None:
    raise ValueError(f"got {token}, want a number or null")
