"""What the site was asked, when, and what it answered: how a client's manners are measured."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from threading import Lock

from replay.wording import Language


@dataclass(frozen=True, slots=True)
class Request:
    """One request for a page, with its answer.

    `began` and `ended` are seconds on the monotonic clock (`time.perf_counter`); `asked` is the date searched
    for, None for the plain page; `status` is None when no answer was sent; `sent` counts the bytes of the
    body.
    """

    began: float
    ended: float
    method: str
    asked: date | None
    language: Language
    status: int | None
    sent: int


class Entry:
    """A request that is being answered; filled in while that goes on."""

    def __init__(self, method: str, language: Language) -> None:
        self.began = time.perf_counter()
        self.method = method
        self.language = language
        self.asked: date | None = None
        self.status: int | None = None
        self.sent = 0

    def closed(self) -> Request:
        """The record, ending now."""
        ended = time.perf_counter()
        return Request(self.began, ended, self.method, self.asked, self.language, self.status, self.sent)


class Journal:
    """All requests in the order in which they ended. Thread-safe."""

    def __init__(self) -> None:
        self._requests: list[Request] = []
        self._at_once = 0
        self._most_at_once = 0
        self._lock = Lock()

    @contextmanager
    def entry(self, method: str, language: Language) -> Iterator[Entry]:
        """Counts a request as long as it is being answered, then records it."""
        with self._lock:
            self._at_once += 1
            self._most_at_once = max(self._most_at_once, self._at_once)
        entry = Entry(method, language)
        try:
            yield entry
        finally:
            with self._lock:
                self._at_once -= 1
                self._requests.append(entry.closed())

    @property
    def requests(self) -> Sequence[Request]:
        """The requests answered so far."""
        with self._lock:
            return tuple(self._requests)

    @property
    def at_once(self) -> int:
        """How many are being answered now."""
        with self._lock:
            return self._at_once

    @property
    def most_at_once(self) -> int:
        """The most that were being answered at one time."""
        with self._lock:
            return self._most_at_once


def smallest_gap(requests: Sequence[Request]) -> float | None:
    """Seconds from the end of one request to the beginning of the next, the least of them; negative when two
    overlap.

    None for fewer than two requests.
    """
    ordered = sorted(requests, key=_began)
    return min((later.began - earlier.ended for earlier, later in pairwise(ordered)), default=None)


def _began(request: Request) -> float:
    return request.began
