"""The right to write: one scraper at a time has it, and another takes over when that one is gone."""

import logging
import os
import socket
import threading
import uuid
from collections.abc import Callable
from typing import cast

import redis
from redis.exceptions import LockError

from southbound import keys
from southbound.connection import store_errors
from southbound.errors import DamagedKey, NotTheWriter, StoreError
from southbound.oneline import one_line

log = logging.getLogger(__name__)

LEASE_SECONDS, RENEWED_EVERY_SECONDS = 10.0, 3.0

LONGEST_NAME = 200
"""Characters that are shown of a writer's name."""


class Tenure:
    """One scraper's hold on the lock. A thread renews it, since a request may take longer than a lease.

    Args:
        client: of the store.
        is_working: whether the scraper still does something. The lease of one that is stuck runs out.
    """

    def __init__(self, client: redis.Redis, is_working: Callable[[], bool]) -> None:
        self._client = client
        self._is_working = is_working
        self._name = f"{one_line(socket.gethostname())} pid {os.getpid()} {uuid.uuid4().hex[:8]}"
        self._lock = client.lock(keys.SCRAPER_LOCK, timeout=LEASE_SECONDS, thread_local=False)
        self._ended = threading.Event()
        self._renewal: threading.Thread | None = None
        self._lost = False

    @property
    def held(self) -> bool:
        """Whether this scraper is the writer."""
        return self._renewal is not None and not self._lost

    def take(self) -> bool:
        """Become the writer, if nobody is.

        Raises:
            StoreUnavailable, StoreRefused: the store's part.
        """
        if not self._acquire():
            return False
        self._lost = False
        self._ended.clear()
        self._renewal = threading.Thread(target=self._renew, name="tenure", daemon=True)
        self._renewal.start()
        return True

    def holder(self) -> str:
        """Who the writer is: its machine and process.

        Raises:
            StoreUnavailable, StoreRefused: the store's part.
        """
        try:
            with store_errors(self._client, keys.SCRAPER_LOCK):
                name = cast("str", self._client.getrange(keys.SCRAPER_LOCK, 0, LONGEST_NAME))
        except DamagedKey as error:
            return f"nobody ({error})"
        return name or "nobody"

    def check(self) -> None:
        """Go on only as the writer.

        Raises:
            NotTheWriter: another scraper has taken over, while the store or this process was away.
        """
        if self._lost:
            self.release()
            raise NotTheWriter(f"{self.holder()} has taken over")

    def release(self) -> None:
        """Let another scraper write, at once. Does nothing if this one is not the writer."""
        renewal, self._renewal, self._lost = self._renewal, None, False
        if renewal is None:
            return
        self._ended.set()
        renewal.join()
        try:
            with store_errors(self._client, keys.SCRAPER_LOCK):
                self._give_back()
        except StoreError as error:
            log.debug("the lock runs out by itself: %s", error)

    def _acquire(self) -> bool:
        with store_errors(self._client):
            if self._lock.acquire(blocking=False, token=self._name):
                return True
            return self._no_lock_removed() and bool(self._lock.acquire(blocking=False, token=self._name))

    def _no_lock_removed(self) -> bool:
        """Remove what no scraper can have put there, and would stand there for ever; whether that was so."""
        with self._client.pipeline(transaction=True) as pipeline:
            pipeline.watch(keys.SCRAPER_LOCK)  # type: ignore[no-untyped-call]
            if pipeline.type(keys.SCRAPER_LOCK) in {"string", "none"}:
                return False
            try:
                pipeline.multi()
                pipeline.delete(keys.SCRAPER_LOCK)
                pipeline.execute()
            except redis.WatchError:
                return False  # another scraper was faster
        log.error("%s held what is no lock: removed", keys.SCRAPER_LOCK)
        return True

    def _give_back(self) -> None:
        try:
            self._lock.release()
        except LockError:
            log.debug("the lock was not ours any more")

    def _renew(self) -> None:
        was_working = True
        while not self._lost and not self._ended.wait(RENEWED_EVERY_SECONDS):
            working = self._is_working()
            if was_working and not working:
                log.critical("the scraper is stuck: its right to write runs out")
            was_working = working
            try:
                self._lost = not self._keep(renew=working)
            except DamagedKey as error:
                log.error("%s; the right to write is given up", error)
                self._lost = True
            except StoreError as error:
                log.debug("the right to write is not renewed: %s", error)

    def _keep(self, *, renew: bool) -> bool:
        """Renew the lease, or take it anew if it ran out and nobody did; False if somebody did."""
        with store_errors(self._client, keys.SCRAPER_LOCK):
            if not renew:
                return not self._client.exists(keys.SCRAPER_LOCK) or self._lock.owned()
            try:
                return bool(self._lock.reacquire())
            except LockError:
                return bool(self._lock.acquire(blocking=False, token=self._name))
