"""What is stored beside the holdings: prices, official turnover, short positions; a text for each day.

A write raises the version and publishes nothing, since the channel carries the dates of holdings alone:
readers see it when they look at the version by their slow timer.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar

import redis

from southbound.common.errors import DamagedFigures, DamagedKey
from southbound.common.remark import remark, remark_of
from southbound.market.daily_prices import DailyPrices
from southbound.market.official_turnover import OfficialTurnover
from southbound.market.origin import Origin
from southbound.market.short_positions import ShortPositions
from southbound.market.stored_figures import LONGEST_SOURCE, origin_of
from southbound.store import keys
from southbound.store.client import answers, is_wrong_type, store_errors
from southbound.store.day_texts import lengths_under, portions, texts_of
from southbound.store.integrity import name_once
from southbound.store.writer_lock import WriterLock


class Figures(Protocol):
    """One day's, as the `market` room has it."""

    @property
    def day(self) -> date:
        """Whose."""

    def to_json(self, source: str, read_at: datetime) -> str:
        """The text that is stored."""


F = TypeVar("F", bound=Figures)


@dataclass(frozen=True, slots=True)
class FigureKind(Generic[F]):
    """One kind of figures.

    Attributes:
        key: of a day.
        read: the stored text; raises DamagedFigures.
    """

    key: Callable[[date], str]
    read: Callable[[str], F]


PRICES = FigureKind(keys.prices, DailyPrices.from_json)
TURNOVER = FigureKind(keys.turnover, OfficialTurnover.from_json)
SHORT_POSITIONS = FigureKind(keys.short, ShortPositions.from_json)

HEAD_BYTES = 200 + 4 * LONGEST_SOURCE
"""Within these stands where figures come from, and when they were read."""

_HEAD = re.compile(r'\{"day":"[-0-9]{10}","source":"(?:[^"\\]|\\.)*","read_at":"[^"]*"')


class MarketFigures:
    """Every method raises StoreUnavailable and StoreRefused.

    Args:
        client: of the store.
        mend: sees that a write will be done whole.
        lock: under which it is written; None: by whoever asks.
    """

    def __init__(
        self, client: redis.Redis, mend: Callable[[], object], lock: WriterLock | None = None
    ) -> None:
        self._client = client
        self._mend = mend
        self._lock = lock

    def put(self, kind: FigureKind[F], figures: F, source: str, read_at: datetime) -> None:
        """Store the figures of a day, in place of what is there; one MULTI with the version.

        Args:
            kind: of the figures.
            figures: of one day.
            source: an address or a file's name.
            read_at: when, with its zone.

        Raises:
            NotTheWriter: the lock under which this is written is not held. Nothing was stored.
        """
        text = figures.to_json(source, read_at)

        def queue(write: Any) -> None:
            write.set(kind.key(figures.day), text)
            write.incr(keys.VERSION)
            write.incr(keys.FIGURES_WRITTEN)

        self._mend()  # else the version might not be raised
        with store_errors(self._client):
            if self._lock is not None:
                self._lock.write(queue)
                return
            with self._client.pipeline(transaction=True) as write:
                queue(write)
                write.execute()

    def get_many(self, kind: FigureKind[F], days: Iterable[date]) -> tuple[list[F], list[DamagedKey]]:
        """The stored ones among `days` in their order, and what is damaged: it costs itself alone.

        Two round trips for some hundred days.
        """
        damaged: list[DamagedKey] = []
        return list(self.each(kind, days, damaged)), damaged

    def each(
        self, kind: FigureKind[F], days: Iterable[date], damaged: list[DamagedKey] | None = None
    ) -> Iterator[F]:
        """The same one after the other, none of which is kept: ten years of prices are half a gigabyte.

        Args:
            kind: of the figures.
            days: whose figures.
            damaged: gets what is damaged; it is named in the log, too.
        """

        def damage(day: date, reason: str) -> DamagedKey:
            error = DamagedKey(kind.key(day), reason)
            name_once(error)
            if damaged is not None:
                damaged.append(error)
            return error

        lengths, _ = lengths_under(self._client, kind.key, list(days), damage)
        for part in portions({day: length for day, length in lengths.items() if length}):
            for day, text in texts_of(self._client, part, kind.key):
                try:
                    figures = kind.read(text)
                    if figures.day != day:
                        other = remark("they are of {day}", day=figures.day)
                        raise DamagedFigures(other)  # noqa: TRY301 - told as one below
                except DamagedFigures as error:
                    damage(day, remark_of(error))
                else:
                    yield figures

    def digests(self, kind: FigureKind[Any], days: Iterable[date]) -> dict[date, str]:
        """SHA-256 of the texts of those of `days` that are stored and can be read."""
        lengths, _damaged = lengths_under(self._client, kind.key, list(days), lambda day, _: day)
        texts = (
            stored
            for part in portions({day: length for day, length in lengths.items() if length})
            for stored in texts_of(self._client, part, kind.key)
        )
        return {day: hashlib.sha256(text.encode()).hexdigest() for day, text in texts}

    def origins(self, kind: FigureKind[F], days: Sequence[date]) -> dict[date, Origin]:
        """Which of `days` are stored, in their order, and where each comes from, in one round trip.

        Figures that were written anew have another origin. What is not as we write it is not there.
        """
        with store_errors(self._client), self._client.pipeline(transaction=False) as look:
            for day in days:
                look.getrange(kind.key(day), 0, HEAD_BYTES)
            heads = answers(look)
        found = {}
        for day, head in zip(days, heads, strict=True):
            origin = None if is_wrong_type(head) else _origin(head)
            if origin is not None:
                found[day] = origin
        return found


def _origin(head: str) -> Origin | None:
    match = _HEAD.match(head)
    if match is None:
        return None
    try:
        return origin_of(match[0] + "}")
    except DamagedFigures:
        return None
