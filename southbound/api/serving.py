"""How an answer is given: computed off the event loop, encoded once for all who ask alike, with an ETag."""

import asyncio
import csv
import io
import threading
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from http import HTTPStatus
from typing import Any

import msgspec
from cachetools import LRUCache, cached
from starlette.requests import Request
from starlette.responses import Response

from southbound.api.answer import Answer
from southbound.api.errors import ApiError
from southbound.api.parts import Parts
from southbound.common.errors import SouthboundError
from southbound.common.remark import Remark
from southbound.presentation.spreadsheets import harmless
from southbound.queries.market_view import MarketView
from southbound.queries.store_watcher import StoreSnapshot
from southbound.store.scraper_status import ScraperStatus

THREADS = 4
"""That compute answers: so many at once, and the pages of this process keep the rest of it."""

MOST_WAITING = 200
"""Who would wait longer than anybody wants to is told to come back."""

MOST_ROWS = 5_000
"""Of one answer: ten years of days have 2,500, a list has 900."""

KEPT_BYTES = 16 * 2**20
"""Of encoded answers of one version."""


@dataclass(frozen=True, slots=True)
class Table:
    """Which rows of an answer are its table, and of which dataclass they are."""

    kind: type[Any]
    rows: Callable[[Any], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Now:
    """What there is to answer from.

    Attributes:
        trouble: why the figures are not the newest; None if they are.
    """

    market_view: MarketView
    status: ScraperStatus | None
    trouble: SouthboundError | None

    @property
    def is_current(self) -> bool:
        """Whether the store is within reach."""
        return self.trouble is None


@dataclass(frozen=True, slots=True)
class Encoded:
    """An answer as it is sent. Equal figures have equal tags, in every process and after every restart."""

    body: bytes
    tag: str
    media_type: str


class Answers:
    """Gives the answers of a process."""

    def __init__(self, parts: Callable[[], Parts]) -> None:
        self._parts = parts
        self._turns = asyncio.Semaphore(THREADS)
        self._waiting = 0
        self._lock = threading.Lock()
        self._figures: Hashable = None
        self._seen: Hashable = None
        self._memory = _Memory()

    async def give(
        self,
        request: Request,
        question: Hashable,
        answer: Callable[[Now, Parts], Answer],
        table: Table | None = None,
    ) -> Response:
        """The answer to a question, or that the asker has it already.

        Args:
            request: what was asked; its headers say what the asker has.
            question: what the answer depends on beside the figures.
            answer: computes it, in a thread.
            table: the rows that are given as CSV; None for JSON.

        Raises:
            ApiError: there is none.
        """
        encoded = self._known((question, table is not None))
        if encoded is None:
            encoded = await self._computed(question, answer, table)
        headers = {"ETag": encoded.tag, "Cache-Control": "private, no-cache"}
        if _has(request.headers.get("if-none-match", ""), encoded.tag):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        if table is not None:
            headers["Content-Disposition"] = "attachment; filename=southbound.csv"
        return Response(encoded.body, media_type=encoded.media_type, headers=headers)

    async def _computed(
        self, question: Hashable, answer: Callable[[Now, Parts], Answer], table: Table | None
    ) -> Encoded:
        if self._waiting >= MOST_WAITING:
            raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, "busy", "Too many ask at once: ask again later.")
        self._waiting += 1
        try:
            async with self._turns:
                return await asyncio.to_thread(self._encoded, question, answer, table)
        finally:
            self._waiting -= 1

    def _known(self, question: Hashable) -> Encoded | None:
        """An answer that was given of the figures as they are now, without waiting for a thread."""
        with self._lock:
            seen, memory = self._seen, self._memory
        if seen is None or seen != _sight(self._parts().store_watcher.snapshot()):
            return None
        return memory.known(question)

    def now(self) -> Now:
        """The newest figures.

        Raises:
            ApiError: there are none.
        """
        snapshot, market_view, trouble = self._parts().now()
        if market_view is None:
            raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, "store_away", "The store cannot be read now.")
        if not market_view.history.dates:
            raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, "no_figures", "No date is stored yet.")
        return Now(market_view, snapshot.status, trouble)

    def _encoded(
        self, question: Hashable, answer: Callable[[Now, Parts], Answer], table: Table | None
    ) -> Encoded:
        snapshot = self._parts().store_watcher.snapshot()
        now = self.now()
        with self._lock:
            figures = (id(now.market_view), now.market_view.figures.data_version, now.is_current)
            if figures != self._figures:
                self._figures, self._memory = figures, _Memory()
            # Figures that are not the newest are looked for again by each who asks.
            self._seen = _sight(snapshot) if now.is_current else None
            memory = self._memory
        return memory.once((question, table is not None), lambda: encoded(answer(now, self._parts()), table))


def this_second() -> int:
    """Part of the question where an answer depends on more than figures: it is kept for a second."""
    return int(time.monotonic())


def encoded(answer: Answer, table: Table | None) -> Encoded:
    """An answer as JSON; or its table as CSV."""
    if table is None:
        body, media_type = msgspec.json.encode(answer, enc_hook=_plain), "application/json"
    else:
        body, media_type = _csv(table.kind, table.rows(answer)), "text/csv; charset=utf-8"
    return Encoded(body, f'"{sha256(body).hexdigest()[:32]}"', media_type)


def _plain(value: object) -> str:
    """A remark as the English sentence that it is. Raises NotImplementedError for all else."""
    if isinstance(value, Remark):
        return str(value)
    raise NotImplementedError(type(value).__name__)


def within_limit(rows: int) -> None:
    """See that an answer of so many rows is given.

    Raises:
        ApiError: it would cost too much.
    """
    if rows > MOST_ROWS:
        raise ApiError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "too_much",
            f"This answer has {rows:,} rows, want at most {MOST_ROWS:,}: ask for a part of it.",
        )


def _csv(kind: type[Any], rows: Sequence[Any]) -> bytes:
    """Comma-separated, in UTF-8 with the mark that spreadsheets want."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    names = [field.name for field in fields(kind)]
    writer.writerow(names)
    writer.writerows([_cell(getattr(row, name)) for name in names] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return harmless(" ".join(map(str, value)))
    return harmless(value) if isinstance(value, str) else value


def _has(given: str, tag: str) -> bool:
    """Whether one of the tags of an `If-None-Match` is this one (RFC 9110, 13.1.2: weakly compared)."""
    return any(each.strip().removeprefix("W/") in {tag, "*"} for each in given.split(","))


def _sight(snapshot: StoreSnapshot) -> Hashable:
    """What tells other figures, or other names of them."""
    names_read = snapshot.status.names_read if snapshot.status else None
    return snapshot.data_version, names_read, str(snapshot.trouble)


class _Memory:
    """Answers each question once; who asks the same meanwhile waits for it."""

    def __init__(self) -> None:
        self._answers = LRUCache[Hashable, Encoded](KEPT_BYTES, getsizeof=lambda encoded: len(encoded.body))
        self._condition = threading.Condition()
        self._once = cached(self._answers, key=lambda question, _: question, condition=self._condition)(
            lambda _, encode: encode()
        )

    def once(self, question: Hashable, encode: Callable[[], Encoded]) -> Encoded:
        """The answer, which `encode` gives where nobody has asked yet."""
        encoded: Encoded = self._once(question, encode)
        return encoded

    def known(self, question: Hashable) -> Encoded | None:
        """The answer, if it was given before."""
        with self._condition:
            return self._answers.get(question)
