"""The e-mailer's loop: it looks whenever the store's doorbell rings, and on a slow timer."""

import logging
import time
from collections.abc import Callable, Sequence

from southbound.damage import name_once
from southbound.errors import DamagedKey, StoreError, StoreRefused, StoreUnavailable
from southbound.pauses import REFUSED_PAUSE_SECONDS, STORE_PAUSE_SECONDS
from southbound.store import HoldingsStore

log = logging.getLogger(__name__)

SLOW_TIMER_SECONDS = 15.0


def keep_looking(
    store: HoldingsStore, looks: Sequence[Callable[[], None]], sleep: Callable[[float], None] = time.sleep
) -> None:
    """Do all of `looks` at start, on every ring or new subscription and on a slow timer; never ends."""
    doorbell = store.doorbell()
    said = ""
    try:
        while True:
            try:
                for look in looks:
                    _do(look)
                if said:
                    log.info("the store answers again")
                    said = ""
                doorbell.wait(SLOW_TIMER_SECONDS)
            except (StoreUnavailable, StoreRefused) as error:
                # An hour of the same is one line.
                log.log(logging.DEBUG if said == str(error) else logging.ERROR, "%s; trying on", error)
                said = str(error)
                sleep(_pause(error))
    finally:
        doorbell.close()


def _do(look: Callable[[], None]) -> None:
    """A look that meets a damaged key keeps the others from nothing."""
    try:
        look()
    except DamagedKey as error:
        name_once(error)


def _pause(error: StoreError) -> float:
    return REFUSED_PAUSE_SECONDS if isinstance(error, StoreRefused) else STORE_PAUSE_SECONDS
