"""Whether a scraper is alive and fresh: status 0, else 1."""

import argparse
from collections.abc import Sequence

from southbound.commands.options import parse
from southbound.common.errors import DamagedKey, StoreError, StoreRefused
from southbound.config.settings import Settings
from southbound.running.startup import settings_or_exit
from southbound.store.holdings_store import HoldingsStore


def main(arguments: Sequence[str] | None = None, program: str | None = None) -> int:
    parse(argparse.ArgumentParser(program, description=__doc__), arguments)
    return check_scraper(settings_or_exit())


def check_scraper(settings: Settings) -> int:
    """0 if a scraper is alive and fresh, else 1; says what it found.

    A scraper that cannot write is not alive, whatever it said of itself before.
    """
    store = HoldingsStore.at(settings.redis)
    try:
        alive, line = store.check_scraper()
        _require_writes(store)
    except StoreError as error:
        alive, line = False, f"not alive: {error}"
    print(line)  # noqa: T201 - the answer to a command
    return 0 if alive else 1


def _require_writes(store: HoldingsStore) -> None:
    try:
        store.require_writes()
    except (StoreRefused, DamagedKey):
        return  # we may not know: somebody else's rights, or a key that a scraper mends
