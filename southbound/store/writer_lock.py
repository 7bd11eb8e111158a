"""The lock that says who may write to the store, and writes that are done only while it is held.

No script of the store is needed: WATCH and MULTI compare the token, and the store refuses the rest if the
lock changes meanwhile.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import redis

from southbound.common.errors import NotTheWriter, StoreUnavailable
from southbound.common.remark import remark
from southbound.store import keys
from southbound.store.client import answers, is_wrong_type, store_errors
from southbound.store.integrity import VERSION_DIGITS

log = logging.getLogger(__name__)

LEASE_SECONDS = 10.0
LEASE_MILLISECONDS = int(LEASE_SECONDS * 1000)

LONGEST_TOKEN = 1_000
"""Bytes that are read of a writer's name."""

TRIES = 5
"""Of a write that meets a change of the lock: the second try sees whose it is now."""

_DAMAGED = "damaged"
"""Stands for a version that is no text."""

Queue = Callable[[Any], None]
"""Adds commands to a transaction."""


class WriterLock:
    """A hold on the lock by its token. Every method raises StoreUnavailable and StoreRefused.

    A lease that ran out is renewed only if nobody can have written since: the store's version is still the
    one that was seen last. Else whoever stood still would replace newer figures by those that it had read.

    Args:
        client: of the store.
        token: different for each scraper.
    """

    def __init__(self, client: redis.Redis, token: str) -> None:
        self._client = client
        self.token = token
        self.taken = False
        self._version: str | None = None
        self._mutex = threading.RLock()

    def acquire(self) -> bool:
        """Take the lock, if nobody has it."""
        with self._mutex, store_errors(self._client):
            free = self._client.set(keys.SCRAPER_LOCK, self.token, nx=True, px=LEASE_MILLISECONDS)
        # The answer to the first of two tries may have been lost.
        if not free and self.holder() != self.token:
            return False
        with self._mutex, store_errors(self._client):
            self._version = _version(self._client)
            self.taken = True
        return True

    def holder(self) -> str:
        """Whose the lock is; empty if it is nobody's.

        Raises:
            DamagedKey: it is no lock.
        """
        with store_errors(self._client, keys.SCRAPER_LOCK):
            return cast("str", self._client.getrange(keys.SCRAPER_LOCK, 0, LONGEST_TOKEN))

    def is_ours(self) -> bool:
        """Whether a write would be done now."""
        with self._mutex, self._watching() as pipeline:
            return self._may_write(pipeline)

    def renew(self) -> bool:
        """Begin the lease anew; False if it is another's, or may have been since it ran out."""
        try:
            self.write(_nothing)
        except NotTheWriter:
            return False
        return True

    def release(self) -> None:
        """Give the lock back, if it is ours."""
        self.taken = False
        with self._mutex, self._watching() as pipeline:
            if pipeline.getrange(keys.SCRAPER_LOCK, 0, LONGEST_TOKEN) != self.token:
                log.debug("the lock was not ours any more")
                return
            try:
                pipeline.multi()
                pipeline.delete(keys.SCRAPER_LOCK)
                pipeline.execute()
            except redis.WatchError:
                log.debug("the lock has just become another's")

    def write(self, queue: Queue) -> list[Any]:
        """Do what `queue` adds to a transaction, while the lock is ours, and renew the lease with it.

        Returns:
            The answers to what was added.

        Raises:
            NotTheWriter: it is another's, or may have been since the lease ran out. Nothing was written.
        """
        for _ in range(TRIES):
            with self._mutex, self._watching() as pipeline:
                if not self._may_write(pipeline):
                    raise NotTheWriter(f"{self.holder() or 'nobody'} has taken over")
                pipeline.multi()
                queue(pipeline)
                pipeline.set(keys.SCRAPER_LOCK, self.token, px=LEASE_MILLISECONDS)
                pipeline.getrange(keys.VERSION, 0, VERSION_DIGITS)
                try:
                    *given, _renewed, version = answers(pipeline)
                except redis.WatchError:
                    continue
                self._version = _DAMAGED if is_wrong_type(version) else version
                for answer in filter(is_wrong_type, given):
                    raise answer
                return given
        raise StoreUnavailable(remark("the lock changes all the time"))

    @contextmanager
    def _watching(self) -> Iterator[Any]:
        with (
            store_errors(self._client, keys.SCRAPER_LOCK),
            self._client.pipeline(transaction=True) as pipeline,
        ):
            pipeline.watch(keys.SCRAPER_LOCK, keys.VERSION)  # type: ignore[no-untyped-call]
            yield pipeline

    def _may_write(self, pipeline: Any) -> bool:
        token = pipeline.getrange(keys.SCRAPER_LOCK, 0, LONGEST_TOKEN)
        if token:
            return bool(token == self.token)
        return self.taken and _version(pipeline) == self._version


def _version(client: redis.Redis) -> str:
    try:
        return cast("str", client.getrange(keys.VERSION, 0, VERSION_DIGITS))
    except redis.ResponseError as error:
        if not is_wrong_type(error):
            raise
        return _DAMAGED


def _nothing(_pipeline: Any) -> None:
    """To renew the lease is enough."""
