"""The stored days: atomic write and publish, and read."""

import hashlib
import logging
import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Self, cast

import redis

from southbound.common.errors import DamagedDay
from southbound.market.daily_holdings import DailyHoldings, read_days
from southbound.market.holdings_reader import StoreChanges
from southbound.market.origin import Origin
from southbound.store import keys
from southbound.store.client import answers, store_errors
from southbound.store.date_index import DateIndex
from southbound.store.day_texts import lengths_of, portions, texts_of
from southbound.store.integrity import VERSION_DIGITS, ask_for_damage, removed, version_of
from southbound.store.origins import note_of, read_origins
from southbound.store.store_changes import changes_since
from southbound.store.writer_lock import Queue, WriterLock

log = logging.getLogger(__name__)


class DayStore:
    """The days under their keys. Every method raises StoreUnavailable and StoreRefused.

    Attributes:
        turn: held by the thread of this process that reads what is there, judges it and writes.
    """

    def __init__(self, client: redis.Redis, channel: str, lock: WriterLock | None = None) -> None:
        self.client = client
        self.channel = channel
        self._lock = lock
        self.turn = threading.RLock()

    def written_under(self, lock: WriterLock) -> Self:
        """The same store, whose days are stored only while the lock is held, from when it was first taken."""
        return type(self)(self.client, self.channel, lock)

    def put(self, holdings: DailyHoldings, origin: Origin | None = None) -> None:
        """Store a day and publish its date. A day that is there is replaced, and noted as a revision.

        One MULTI: a reader that sees the version or the message sees the day. What was noted of its absence
        goes with the same.

        Args:
            holdings: the day.
            origin: where it comes from; None if nobody is to note that.

        Raises:
            NotTheWriter: the lock under which this store is written is another's. Nothing was stored.
        """
        key = keys.day(holdings.day)
        with store_errors(self.client):
            with self.client.pipeline(transaction=False) as look:
                look.exists(key)
                look.exists(keys.quarantine(holdings.day))
                look.hmget(keys.NO_LIST, [key])
                look.hmget(keys.VANISHED, [key])
                look.hmget(keys.SOURCES, [key])
                ask_for_damage(look)
                is_stored, quarantined, no_list, vanished, origin_noted, *found = answers(look)
            # Else the write would be done by half: a command that fails in a MULTI does not undo the others.
            damaged = self._mend(found)
            noted = {keys.NO_LIST: no_list, keys.VANISHED: vanished}
            if origin is None:
                noted[keys.SOURCES] = origin_noted
            lifted = [name for name, when in noted.items() if when != [None] and name not in damaged]
            revision = self._revision(holdings) if is_stored else None

            def queue(write: Any) -> None:
                write.set(key, holdings.to_json())
                write.zadd(keys.DATES, {key: keys.score(holdings.day)})
                write.incr(keys.VERSION)
                if revision is not None:
                    write.xadd(keys.REVISIONS, revision, maxlen=1000)
                if quarantined:
                    write.delete(keys.quarantine(holdings.day))
                for name in lifted:
                    write.hdel(name, key)
                if origin is not None:
                    write.hset(keys.SOURCES, key, note_of(origin))
                write.publish(self.channel, key)

            self._write(queue)

    def reach(self) -> None:
        """See that the store answers, and takes our user and password."""
        with store_errors(self.client):
            self.client.ping()

    def version(self) -> int:
        """Differs from what it was if any day was written since. 0: nothing was ever written.

        Raises:
            DamagedKey: it is no number.
        """
        with store_errors(self.client, keys.VERSION):
            return version_of(cast("str", self.client.getrange(keys.VERSION, 0, VERSION_DIGITS)))

    def dates(self) -> list[date]:
        """The stored dates, oldest first."""
        return DateIndex(self.client).stored()

    def mend_dates(self) -> None:
        """Make the set of dates what the date keys say. For the scraper alone."""
        DateIndex(self.client).mend()

    def vanished(self) -> list[date]:
        """The dates that were stored, and whose keys are gone."""
        return DateIndex(self.client).vanished()

    def mend(self) -> None:
        """Remove what is not of its type under the keys that a day's write needs. For the scraper alone.

        All of it can be fetched again, but the notes of what was restated.
        """
        with store_errors(self.client):
            with self.client.pipeline(transaction=False) as look:
                ask_for_damage(look)
                found = answers(look)
            self._mend(found)

    def get(self, day: date) -> DailyHoldings | None:
        """The holdings of a date, or None if they are not stored.

        Raises:
            DamagedDay: what stands under the key is not a day.
        """
        lengths, damaged = lengths_of(self.client, [day])
        if damaged:
            raise damaged[0]
        for _, text in texts_of(self.client, lengths):
            return DailyHoldings.from_json(day, text)
        return None

    def get_many(self, days: Iterable[date]) -> tuple[list[DailyHoldings], list[DamagedDay]]:
        """The stored ones among `days` in their order, and the damaged ones: they cost themselves alone."""
        read: list[DailyHoldings] = []
        lengths, damaged = lengths_of(self.client, list(days))
        for part in portions(lengths):
            whole, not_whole = read_days(texts_of(self.client, part))
            read += whole
            damaged += not_whole
        for error in damaged:
            log.error("%s", error)
        return read, damaged

    def digests(self, days: Iterable[date]) -> dict[date, str]:
        """SHA-256 of the texts of those of `days` that are stored and can be read."""
        lengths, _damaged = lengths_of(self.client, list(days))
        texts = (stored for part in portions(lengths) for stored in texts_of(self.client, part))
        return {day: hashlib.sha256(text.encode()).hexdigest() for day, text in texts}

    def origins(self) -> dict[date, Origin]:
        """Where the stored days come from, as far as that is noted."""
        return read_origins(self.client)

    def changes_since(self, position: str) -> StoreChanges:
        """What became of the days since somebody looked, see `HoldingsReader`.

        Raises:
            DamagedKey: the version is no number.
        """
        changes = changes_since(self.client, position)
        return changes if changes.dates else replace(changes, dates=tuple(self.dates()))

    def _write(self, queue: Queue) -> None:
        """One MULTI of what is queued, by the writer alone if there is to be one."""
        if self._lock is not None and self._lock.taken:
            self._lock.write(queue)
            return
        with self.client.pipeline(transaction=True) as write:
            queue(write)
            write.execute()

    def _revision(self, holdings: DailyHoldings) -> dict[Any, Any] | None:
        """The note that a stored day is replaced; None if there is none any more."""
        try:
            replaced = self.get(holdings.day)
            rows = None if replaced is None else str(replaced.rows_changed(holdings))
        except DamagedDay:
            rows = "damaged"
        when = datetime.now(UTC).isoformat(timespec="seconds")
        return None if rows is None else {"date": keys.day(holdings.day), "when": when, "rows": rows}

    def _mend(self, found: Sequence[Any]) -> list[str]:
        damaged = removed(self.client, found)
        if keys.DATES in damaged:
            self.mend_dates()
        return damaged
