"""The e-mailer's loop: it looks whenever the store's doorbell rings, and on a slow timer."""

import logging
import time
from collections.abc import Callable, Sequence

from southbound.errors import StoreUnavailable
from southbound.pauses import STORE_PAUSE_SECONDS
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
                    look()
                if said:
                    log.info("the store answers again")
                    said = ""
                doorbell.wait(SLOW_TIMER_SECONDS)
            except StoreUnavailable as error:
                # An hour of the same is one line.
                log.log(logging.DEBUG if said == str(error) else logging.ERROR, "%s; trying on", error)
                said = str(error)
                sleep(STORE_PAUSE_SECONDS)
    finally:
        doorbell.close()
