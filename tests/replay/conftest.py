"""Somebody to look at the site."""

from collections.abc import Iterator

import pytest

from replay.visitor import Visitor


@pytest.fixture
def visitor(url: str) -> Iterator[Visitor]:
    with Visitor(url) as visitor:
        yield visitor
