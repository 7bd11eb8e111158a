"""Pattern and values of what a status says in sentences, beside it, so that others say it in their language.

The sentences stay where they are: an older reader knows those alone, and an older scraper writes those alone.
"""

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from southbound.common.remark import Remark, read_parts

FIELD = "remarks"
"""Of the status."""

LONGEST = 60_000
"""Characters of all of them."""

S = TypeVar("S")


def remarks_text(status: object) -> str:
    """What a status says, as JSON: sentence -> pattern and values; empty if nothing can be said otherwise."""
    told: dict[str, Any] = {}
    left = LONGEST
    for said in _remarks(status):
        if said not in told:
            left -= 2 * len(said) + len(said.as_json()) + 10
            if left < 0:
                break
            told[str(said)] = said.parts()
    return json.dumps(told, ensure_ascii=False) if told else ""


def with_remarks(status: S, text: str) -> S:
    """The same status, whose sentences are remarks where `text` has those that say the same."""
    try:
        told = json.loads(text) if text and len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        return status
    found: S = _remembered(status, told)
    return found


def _remarks(value: object) -> Iterator[Remark]:
    if isinstance(value, Remark):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _remarks(part)
    elif is_dataclass(value):
        for option in fields(value):
            yield from _remarks(getattr(value, option.name))


def _remembered(value: Any, told: dict[str, Any]) -> Any:
    if type(value) is str:  # not a state, which is one of few words of ours
        said = read_parts(told[value], value) if value in told else value
        return said if said == value else value
    if type(value) is tuple:
        return tuple(_remembered(part, told) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value,
            **{option.name: _remembered(getattr(value, option.name), told) for option in fields(value)},
        )
    return value
