"""What each kind of fault does to the environment."""

from collections.abc import Callable, Mapping
from random import Random

from tools.soak import (
    channel_faults,
    clock_faults,
    file_faults,
    mail_faults,
    process_faults,
    sentinel_faults,
    site_faults,
    store_faults,
)
from tools.soak.environment import Environment

Ending = Callable[[], None]
Act = Callable[[Environment, Random], Ending | None]
"""Begins the fault, and returns what ends it. Raises NothingToHit."""

FAULTS: Mapping[str, Act] = {
    **site_faults.FAULTS,
    **file_faults.FAULTS,
    **process_faults.FAULTS,
    **store_faults.FAULTS,
    **sentinel_faults.FAULTS,
    **mail_faults.FAULTS,
    **channel_faults.FAULTS,
    **clock_faults.FAULTS,
}
"""By the names in `tools.soak.kinds`."""
