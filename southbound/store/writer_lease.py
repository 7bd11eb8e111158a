"""The right to write: one scraper at a time has it, and another takes over when that one is gone."""

import logging
import os
import socket
import uuid
from collections.abc import Callable

import redis

from southbound.common.background import BackgroundThread
from southbound.common.errors import DamagedKey, NotTheWriter, StoreError
from southbound.common.text import one_line
from southbound.store import keys
from southbound.store.client import store_errors
from southbound.store.writer_lock import LEASE_SECONDS, WriterLock

log = logging.getLogger(__name__)

RENEWED_EVERY_SECONDS = 0.3 * LEASE_SECONDS
STANDBY_LOOKS_EVERY_SECONDS = 2.0
LOOKS_WITHIN_A_LEASE = int(LEASE_SECONDS / STANDBY_LOOKS_EVERY_SECONDS) + 2


class WriterLease:
    """One scraper's hold on the lock. A thread renews it, since a request may take longer than a lease.

    Args:
        client: of the store.
        is_working: whether the scraper still does something. The lease of one that is stuck runs out.
    """

    def __init__(self, client: redis.Redis, is_working: Callable[[], bool]) -> None:
        self._client = client
        self._is_working = is_working
        machine = one_line(socket.gethostname())
        self.lock = WriterLock(client, f"{machine} pid {os.getpid()} {uuid.uuid4().hex[:8]}")
        self._renewal: BackgroundThread | None = None
        self._was_working = True
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
        self._was_working = True
        self._renewal = BackgroundThread("writer-lease", self._renew)
        self._renewal.start()
        return True

    def take_soon(self, sleep: Callable[[float], None]) -> None:
        """Become the writer, at the latest when the lease of one that was killed has run out.

        Raises:
            NotTheWriter: another one writes, and lives.
            StoreUnavailable, StoreRefused: the store's part.
        """
        for look in range(LOOKS_WITHIN_A_LEASE):
            if self.take():
                return
            if not look:
                log.info("%s writes to this store: waiting whether it lives", self.holder())
            sleep(STANDBY_LOOKS_EVERY_SECONDS)
        raise NotTheWriter(f"{self.holder()} writes to this store")

    def holder(self) -> str:
        """Who the writer is: its machine and process.

        Raises:
            StoreUnavailable, StoreRefused: the store's part.
        """
        try:
            return self.lock.holder() or "nobody"
        except DamagedKey as error:
            return f"nobody ({error})"

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
        renewal.stop()
        try:
            self.lock.release()
        except StoreError as error:
            log.debug("the lock runs out by itself: %s", error)

    def _acquire(self) -> bool:
        try:
            return self.lock.acquire()
        except DamagedKey:
            return self._no_lock_removed() and self.lock.acquire()

    def _no_lock_removed(self) -> bool:
        """Remove what no scraper can have put there, and would stand there for ever; whether that was so."""
        with store_errors(self._client), self._client.pipeline(transaction=True) as pipeline:
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

    def _renew(self) -> None:
        renewal = self._renewal
        if renewal is None or renewal.stopping.wait(RENEWED_EVERY_SECONDS):
            return
        working = self._is_working()
        if self._was_working and not working:
            log.critical("the scraper is stuck: its right to write runs out")
        self._was_working = working
        try:
            self._lost = not (self.lock.renew() if working else self.lock.is_ours())
        except DamagedKey as error:
            log.error("%s; the right to write is given up", error)
            self._lost = True
        except StoreError as error:
            log.debug("the right to write is not renewed: %s", error)
        if self._lost:
            renewal.stopping.set()
