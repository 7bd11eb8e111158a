"""The e-mailer's loop: it looks on each notification of the store, and on a slow timer."""

import logging
import time
from collections.abc import Callable, Sequence

from southbound.common.errors import DamagedKey, StoreError, StoreRefused, StoreUnavailable
from southbound.common.outage import OutageLog
from southbound.common.retry import REFUSED_PAUSE_SECONDS, STORE_PAUSE_SECONDS
from southbound.store.commands import Role
from southbound.store.holdings_store import HoldingsStore
from southbound.store.integrity import name_once

log = logging.getLogger(__name__)

SLOW_TIMER_SECONDS = 5.0
"""A message may be lost, and a connection may lead to a store that has become a replica of another."""


Look = Callable[[], float | None]
"""Does what is due; in how many seconds it wants to look again, None if that has time."""


def keep_looking(
    store: HoldingsStore, looks: Sequence[Look], sleep: Callable[[float], None] = time.sleep
) -> None:
    """Do all of `looks` at start, on every notification, new subscription and slow tick; never ends."""
    notifications = store.notifications()
    outage, failover = OutageLog(log), store.failover(notifications)
    is_examined = False
    try:
        while True:
            try:
                if not is_examined:
                    store.require_commands(Role.MAILER)
                    is_examined = True
                failover.look()
                wanted = [_do(look) for look in looks]
                outage.is_over()
                notifications.wait(
                    min([SLOW_TIMER_SECONDS, *(seconds for seconds in wanted if seconds is not None)])
                )
            except (StoreUnavailable, StoreRefused) as error:
                outage.goes_on(error, "no mail goes out")
                is_examined = False  # it may be another store when it is back
                notifications.renew()
                sleep(_pause(error))
    finally:
        notifications.close()


def _do(look: Look) -> float | None:
    """A look that fails keeps neither the others, nor itself the next time, from anything."""
    try:
        return look()
    except DamagedKey as error:
        name_once(error)
    except (StoreUnavailable, StoreRefused):
        raise
    except Exception:
        # An error of our own making: whatever it is, the loop must not end, and nobody else would say so.
        log.exception("this look failed, and the next one is as usual")
    return None


def _pause(error: StoreError) -> float:
    return REFUSED_PAUSE_SECONDS if isinstance(error, StoreRefused) else STORE_PAUSE_SECONDS
