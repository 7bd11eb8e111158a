"""How often, and after which pauses, something that failed is tried again."""

import logging
from collections.abc import Callable

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    stop_after_delay,
    wait_exponential_jitter,
    wait_fixed,
)

from southbound.common.errors import BrowserError, SiteUnavailable, StoreUnavailable

log = logging.getLogger(__name__)

SITE_ATTEMPTS = 3
FIRST_SITE_PAUSE_SECONDS, LONGEST_SITE_PAUSE_SECONDS = 0.5, 30.0
STORE_PAUSE_SECONDS, STORE_PATIENCE_SECONDS = 2.0, 600.0

REFUSED_PAUSE_SECONDS = 15.0
"""A store that refuses us goes on doing so until somebody has mended that."""

DOUBLINGS = 20
"""More would change nothing: by then every pause has its upper bound, and powers of two grow without one."""


def growing(first: float, failures: int, longest: float) -> float:
    """`first` seconds if there were no `failures` before this one, twice as long for each that there was."""
    return float(min(first * 2 ** min(failures, DOUBLINGS), longest))


def site_attempts(sleep: Callable[[float], None]) -> Retrying:
    """For a request to the site: a few tries if it, or the browser, fails for a reason that may pass."""
    return Retrying(
        stop=stop_after_attempt(SITE_ATTEMPTS),
        wait=wait_exponential_jitter(multiplier=FIRST_SITE_PAUSE_SECONDS, max=LONGEST_SITE_PAUSE_SECONDS),
        retry=retry_if_exception_type((SiteUnavailable, BrowserError)),
        sleep=sleep,
        before_sleep=_log_retry,
        reraise=True,
    )


def store_attempts(sleep: Callable[[float], None], wait: Callable[[StoreUnavailable], None]) -> Retrying:
    """For a command to the store: as long as it may take to start a store again.

    Args:
        sleep: how to wait.
        wait: called before each pause with what is waited for.
    """

    def before_sleep(call: RetryCallState) -> None:
        error = call.outcome.exception() if call.outcome is not None else None
        if isinstance(error, StoreUnavailable):
            wait(error)

    return Retrying(
        stop=stop_after_delay(STORE_PATIENCE_SECONDS),
        wait=wait_fixed(STORE_PAUSE_SECONDS),
        retry=retry_if_exception_type(StoreUnavailable),
        sleep=sleep,
        before_sleep=before_sleep,
        reraise=True,
    )


def _log_retry(call: RetryCallState) -> None:
    if call.outcome is not None and call.next_action is not None:
        log.warning("%s; trying again in %.1f s", call.outcome.exception(), call.next_action.sleep)
