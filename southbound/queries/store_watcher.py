"""What the store looks like now, watched by one thread for all open pages."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import NamedTuple

from southbound.common.background import BackgroundThread
from southbound.common.errors import SouthboundError, StoreError, Unexpected
from southbound.common.remark import remark
from southbound.store.commands import Role
from southbound.store.holdings_store import HoldingsStore
from southbound.store.scraper_status import ScraperStatus

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
"""How often to look without a notification: a lost message costs at most this."""

PAUSE_SECONDS = 1.0
"""Between two tries while the store is away."""

STEP_SECONDS = 0.5
"""How long one wait for a notification lasts: the thread cannot be stopped sooner."""

FIRST_LOOK_SECONDS = 12.0
"""How long a page waits for the first look: longer than the two tries that a command has."""


class DataVersion(NamedTuple):
    """Figures of the same version are the same.

    Attributes:
        epoch: raised when the store was away or its version went back: it may be another store since.
        version: the store's own count of its writes.
    """

    epoch: int
    version: int


@dataclass(frozen=True, slots=True)
class StoreSnapshot:
    """The store as it was seen last.

    Attributes:
        data_version: of the newest figures; None if the store never answered.
        status: what the scraper says of itself; None if it never said anything.
        trouble: why the store cannot be read now.
    """

    data_version: DataVersion | None = None
    status: ScraperStatus | None = None
    trouble: SouthboundError | None = None


class StoreWatcher:
    """Looks at the store on every notification and slow tick; calls the listeners when the figures change.

    Never raises: while the store is away the last snapshot stays, with the trouble in it.
    """

    def __init__(self, store: HoldingsStore) -> None:
        self._store = store
        self._snapshot = StoreSnapshot()
        self._lock = threading.Lock()
        self._looked = threading.Event()
        self._watchers: set[Callable[[], object]] = set()
        self._notifications = store.notifications()
        self._failover = store.failover(self._notifications)
        self._is_examined = False
        self._thread = BackgroundThread("store-watcher", self._follow, self._unexpected)

    def start(self) -> None:
        """Begin to watch; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread, at once unless the store hangs."""
        self._thread.stop(2 * PAUSE_SECONDS)
        self._notifications.close()

    def snapshot(self) -> StoreSnapshot:
        """The store as it was seen last; the very first call may wait for the store's answer."""
        self._looked.wait(FIRST_LOOK_SECONDS)
        return self._snapshot

    def report(self, trouble: SouthboundError) -> None:
        """Another reader had trouble with the store. Once it is over the version is a new one."""
        with self._lock:
            self._snapshot = replace(self._snapshot, trouble=trouble)

    @contextmanager
    def watching(self, tell: Callable[[], object]) -> Iterator[None]:
        """Call `tell`, from the thread that watches, whenever the version has changed."""
        self._watchers.add(tell)
        try:
            yield
        finally:
            self._watchers.discard(tell)

    @property
    def watched_by(self) -> int:
        """How many open pages are told of news."""
        return len(self._watchers)

    def _follow(self) -> None:
        try:
            if not self._is_examined:
                self._store.require_commands(Role.DASHBOARD)
                self._is_examined = True
            self._failover.look()
            self._look()
            self._await_ring()
        except StoreError as trouble:
            if str(trouble) != str(self._snapshot.trouble):
                log.warning("%s", trouble)
            self._is_examined = False  # it may be another store when it is back
            self._notifications.renew()
            self._show(trouble)
            self._thread.stopping.wait(PAUSE_SECONDS)

    def _unexpected(self, error: Exception) -> None:
        self._show(Unexpected(remark("{kind}: {error}", kind=type(error).__name__, error=error)))

    def _show(self, trouble: SouthboundError) -> None:
        self.report(trouble)
        self._looked.set()

    def _await_ring(self) -> None:
        for _ in range(int(LOOK_SECONDS / STEP_SECONDS)):
            if self._notifications.wait(STEP_SECONDS) or self._thread.stopping.is_set():
                return

    def _look(self) -> None:
        version = self._store.version()
        status = self._store.status()
        with self._lock:
            before = self._snapshot
            self._snapshot = StoreSnapshot(_next_version(before, version), status)
        self._looked.set()
        if self._snapshot.data_version != before.data_version:
            for tell in tuple(self._watchers):
                self._tell(tell)

    def _tell(self, tell: Callable[[], object]) -> None:
        try:
            tell()
        except RuntimeError as error:
            # The page's event loop has just ended: the others are called all the same.
            log.debug("a page that is gone was not told: %s", error)


def _next_version(before: StoreSnapshot, version: int) -> DataVersion:
    if before.data_version is None:
        return DataVersion(0, version)
    another_store = before.trouble is not None or version < before.data_version.version
    return DataVersion(before.data_version.epoch + another_store, version)
