"""What the store room offers to all others, each thing by its name."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from typing import Self

from southbound.common.errors import StoreError, StoreNotReady, StoreUnavailable
from southbound.config.settings import RedisSettings
from southbound.store import commands, condition, keys, scraper_status, stock_names
from southbound.store.alert_log import AlertLog
from southbound.store.client import connect
from southbound.store.commands import Role
from southbound.store.condition import Condition
from southbound.store.day_store import DayStore
from southbound.store.delivery_log import DeliveryLog
from southbound.store.failover import Failover
from southbound.store.market_figures import MarketFigures
from southbound.store.notifications import Notifications
from southbound.store.quarantine import Quarantine
from southbound.store.revisions import RevisionLog
from southbound.store.scraper_status import ScraperStatus, StatusBoard
from southbound.store.sign_outs import SignOuts
from southbound.store.writer_lease import WriterLease


class HoldingsStore(DayStore):
    """What the three processes share: the stored days, and all that is kept beside them.

    Every method raises StoreUnavailable and StoreRefused, and so does every method of the parts. One that is
    pickled for another process connects there anew.
    """

    _reads_a_replica = False
    _settings: RedisSettings | None = None

    @classmethod
    def at(cls, settings: RedisSettings) -> Self:
        """The store at an address. Connects on its first command."""
        store = cls(connect(settings), settings.channel)
        store._settings = settings
        return store

    @classmethod
    def for_reading(cls, settings: RedisSettings) -> Self:
        """The same figures, from a replica if `read_url` names one. Nobody writes there."""
        store = cls(connect(settings, for_reading=True), settings.channel)
        store._settings, store._reads_a_replica = settings, bool(settings.read_url)
        return store

    def __reduce__(self) -> tuple[Callable[[RedisSettings], Self], tuple[RedisSettings]]:
        if self._settings is None:
            raise TypeError("a store that is written under a lock is its own process's alone")
        return (type(self).for_reading if self._reads_a_replica else type(self).at), (self._settings,)

    @cached_property
    def quarantine(self) -> Quarantine:
        """Why sessions are not among the stored days."""
        return Quarantine(self.client)

    @property
    def revisions(self) -> RevisionLog:
        """Which days were restated."""
        return RevisionLog(self.client)

    @property
    def market_figures(self) -> MarketFigures:
        """Prices, official turnover and short positions, stored beside the holdings."""
        return MarketFigures(self.client, self.mend, self._lock)

    @property
    def alert_log(self) -> AlertLog:
        """Which incidents are reported to the operator."""
        return AlertLog(self.client)

    def delivery_log(self, day: date) -> DeliveryLog:
        """Who has had the mail of a date."""
        return DeliveryLog(self.client, keys.mail(day))

    def status(self) -> ScraperStatus | None:
        """What the scraper said last, or None if it never said anything."""
        return scraper_status.read_status(self.client)

    def check_scraper(self) -> tuple[bool, str]:
        """Whether a scraper is alive, and what it says of itself in a line."""
        return scraper_status.check(self.client)

    def status_board(self, fresh_seconds: float) -> StatusBoard:
        """Where the scraper says what it is doing, see `ScraperStatus.fresh_seconds`."""
        return StatusBoard(self.client, fresh_seconds)

    def writer_lease(self, is_working: Callable[[], bool]) -> WriterLease:
        """A scraper's right to write, see `WriterLease`."""
        return WriterLease(self.client, is_working)

    def stock_names(self) -> dict[int, str]:
        """Stock code -> Chinese name; empty if none were ever read."""
        return stock_names.read_names(self.client)

    def put_stock_names(self, names: Mapping[int, str]) -> None:
        """Add Chinese names, or replace them. Those of stocks that left the list stay."""
        stock_names.write_names(self.client, names)

    def sign_outs(self) -> SignOuts:
        """Which sign-ins of the dashboard were ended, with a memory of its own."""
        return SignOuts(self.client)

    def notifications(self) -> Notifications:
        """A new subscription to the channel."""
        return Notifications(self.client, self.channel)

    def failover(self, notifications: Notifications) -> Failover:
        """Who leaves this store once it has become a replica, see `Failover`."""
        return Failover(self.client, notifications, stays=self._reads_a_replica)

    def condition(self) -> Condition:
        """Whether it is a replica, and what it removes when its memory is full."""
        return condition.read_condition(self.client)

    def require_writes(self) -> None:
        """See that it takes writes now, see `condition.require_writes`."""
        condition.require_writes(self.client)

    def require_commands(self, role: Role) -> None:
        """See that it can do what a process needs, see `commands.require_commands`."""
        commands.require_commands(self.client, role)

    def has_password(self) -> bool:
        """Whether we log in with one."""
        return bool(self.client.connection_pool.connection_kwargs.get("password"))


def is_answering(store: HoldingsStore) -> bool:
    """Whether the store answers at all, to us or to whomever it wants to."""
    try:
        store.reach()
    except StoreError as error:
        return not isinstance(error, StoreUnavailable) or isinstance(error, StoreNotReady)
    return True
