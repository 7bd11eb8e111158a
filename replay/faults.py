"""What can go wrong with the page, and the switches for it."""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from threading import Lock
from typing import Generic, TypeVar

F = TypeVar("F", bound=StrEnum)


class Fault(StrEnum):
    """One way for an answer to go wrong; several can be switched on together."""

    # Of the connection.
    RESET = "reset"
    HANG = "hang"  # until the fault is cleared, the site stops or the client goes away; then the answer comes
    CUT_OFF = "cut_off"
    # In place of the page.
    FORBIDDEN = "403"
    TOO_MANY = "429"
    SERVER_ERROR = "500"
    UNAVAILABLE = "503"
    MAINTENANCE = "maintenance"
    SCRIPTS_REFUSED = "403_to_scripts"  # whoever is no browser on its way to a page gets 403
    # Of the list.
    NO_PANEL = "no_panel"
    EMPTY_TABLE = "empty_table"
    RENAMED_COLUMN = "renamed_column"
    SWAPPED_COLUMNS = "swapped_columns"
    ADDED_COLUMN = "added_column"
    TEXT_IN_NUMBERS = "text_in_numbers"
    DUPLICATE_ROWS = "duplicate_rows"
    FORTY_ROWS = "forty_rows"
    # Beside the list.
    ALERT = "alert"
    BANNER = "banner"
    PREVIOUS_DAY = "previous_day"  # what is not published yet gets the newest list there is, not the alert


STATUS_FAULTS: Mapping[Fault, int] = {
    Fault.FORBIDDEN: 403,
    Fault.TOO_MANY: 429,
    Fault.SERVER_ERROR: 500,
    Fault.UNAVAILABLE: 503,
}


class Switches(Generic[F]):
    """Which faults of a kind are on, each for all answers or for the next few. Thread-safe.

    Attributes:
        taken: how many answers have begun.
    """

    def __init__(self, kind: type[F]) -> None:
        self.kind = kind
        self._left: dict[F, int | None] = {}
        self._cleared: Counter[str] = Counter()
        self._lock = Lock()
        self.taken = 0

    def switch_on(self, fault: F, times: int | None = None) -> None:
        """Spoil the next `times` answers, or every one until `clear`.

        Raises:
            ValueError: `times` is below 1.
        """
        if times is not None and times < 1:
            raise ValueError(f"times: got {times}, want 1 or more, or none for every answer")
        with self._lock:
            self._left[self.kind(fault)] = times

    def clear(self, fault: F | None = None) -> None:
        """Switch off one fault, or all; an answer hanging for it goes on."""
        with self._lock:
            if fault is None:
                self._left.clear()
            else:
                self._left.pop(fault, None)
            self._cleared.update([fault] if fault is not None else [*self.kind])

    def take(self) -> frozenset[F]:
        """The faults of the next answer, which uses up one of the times of each."""
        with self._lock:
            self.taken += 1
            taken = frozenset(self._left)
            for fault in taken:
                times = self._left[fault]
                if times == 1:
                    del self._left[fault]
                elif times is not None:
                    self._left[fault] = times - 1
            return taken

    @property
    def on(self) -> Mapping[F, int | None]:
        """The faults that are on, with how many answers are left to spoil (None: all)."""
        with self._lock:
            return dict(self._left)

    def cleared(self, fault: str) -> int:
        """How often a fault was cleared: an answer that began to hang for it at another count is free."""
        with self._lock:
            return self._cleared[fault]
