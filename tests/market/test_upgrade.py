"""A version reads the days that the one before has stored, and the other way round."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256

from southbound.market.daily_holdings import DailyHoldings

OF_0_1_0 = "05bc4d27a6faf91f39aa03b1fa56a47a1fd2989f92cb11f29fedb5de5f7b402a"
"""SHA-256 of the 38 recorded days as version 0.1.0 stores them, oldest first, a line each."""


def test_days_are_stored_byte_by_byte_as_the_first_version_stores_them_and_read_back(
    recorded: Mapping[date, DailyHoldings],
) -> None:
    texts = {day: recorded[day].to_json() for day in sorted(recorded)}

    assert sha256("\n".join(texts.values()).encode()).hexdigest() == OF_0_1_0
    assert all(DailyHoldings.from_json(day, text).to_json() == text for day, text in texts.items())
