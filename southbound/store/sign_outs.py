"""Sign-ins that were ended before their time: a copy of the cookie is good until they stand here."""

import json
import logging
import threading
import time
from collections.abc import Mapping
from hashlib import sha256

import redis

from southbound.common.errors import StoreError
from southbound.store import keys
from southbound.store.client import store_errors

log = logging.getLogger(__name__)

ASK_SECONDS = 5.0
"""How often the store is asked for the same sign-in: another dashboard may have ended it."""

MOST_REMEMBERED = 10_000
"""Sign-ins that the store was asked for lately."""

_TELLING_APART = ("iss", "sub", "email", "iat", "nonce", "jti", "at_hash")
"""Claims that no two sign-ins have in common (OpenID Connect Core 1.0, 2)."""


class SignOuts:
    """Remembered in the store, for other dashboards and the next start; and here, should it be away."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._ended: dict[str, float] = {}
        self._asked: dict[str, float] = {}

    def end(self, claims: Mapping[str, object], until: float) -> None:
        """End a sign-in.

        Args:
            claims: of its cookie.
            until: when it would have run out, in seconds of the Unix clock.
        """
        left = until - time.time()
        if left <= 0:
            return
        which = fingerprint(claims)
        with self._lock:
            now = time.time()
            self._ended = {known: end for known, end in self._ended.items() if end > now} | {which: until}
        try:
            with store_errors(self._client):
                self._client.set(keys.signed_out(which), "1", ex=int(left) + 1)
        except StoreError as trouble:
            log.warning("a sign-out is known to this dashboard alone until it is started anew: %s", trouble)

    def is_ended(self, claims: Mapping[str, object]) -> bool:
        """Whether somebody has signed out of it. While the store is away, as far as is known here."""
        which, now = fingerprint(claims), time.monotonic()
        with self._lock:
            if which in self._ended:
                return True
            if now - self._asked.get(which, -ASK_SECONDS) < ASK_SECONDS:
                return False
            if len(self._asked) >= MOST_REMEMBERED:
                self._asked.clear()
            self._asked[which] = now
        try:
            with store_errors(self._client):
                found = bool(self._client.exists(keys.signed_out(which)))
        except StoreError as trouble:
            log.debug("whether somebody signed out elsewhere is not known: %s", trouble)
            return False
        if found:
            with self._lock:
                self._ended[which] = time.time() + keys.LONGEST_SIGN_IN_SECONDS
        return found


def fingerprint(claims: Mapping[str, object]) -> str:
    """What one sign-in is known by. Nobody can tell from it whose it was."""
    apart = [claims.get(name) for name in _TELLING_APART]
    return sha256(json.dumps(apart, default=str).encode()).hexdigest()
