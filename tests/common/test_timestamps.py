"""Moments as our notes in the store write them."""

from datetime import UTC, datetime

import pytest

from southbound.common.timestamps import parse_moment, parse_seconds


def test_a_moment_that_our_notes_write_is_read() -> None:
    assert parse_moment("2026-02-27T09:30:00+00:00") == datetime(2026, 2, 27, 9, 30, tzinfo=UTC)
    assert parse_seconds(1_772_000_000) == 1_772_000_000


@pytest.mark.parametrize("text", ["", "noon", "0001-01-01T00:00:00", "9999-12-31T23:59:59", "2026-02-30"])
def test_what_is_no_moment_or_has_none_in_another_zone_is_none(text: str) -> None:
    assert parse_moment(text) is None


def test_a_moment_without_a_zone_is_in_universal_time() -> None:
    assert parse_moment("2026-02-27T09:30:00") == datetime(2026, 2, 27, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("value", [-1, 2**32, True, 1.5, "1772000000", None])
def test_what_are_no_seconds_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="want seconds since 1970"):
        parse_seconds(value)
