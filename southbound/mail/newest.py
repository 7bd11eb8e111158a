"""The newest mail as a page, for whoever wants to see it in a browser."""

import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime

from southbound import keys
from southbound.mail.ledger import Ledger
from southbound.mail.letters import write_letter
from southbound.mail.message import standing_alone
from southbound.settings import EmailSettings
from southbound.store import HoldingsStore


@dataclass(frozen=True, slots=True)
class NewestMail:
    """The mail of the newest stored date. It names no recipient.

    Attributes:
        page: HTML with its pictures inside; it loads nothing.
        sent: when the first recipient was sent it; None if nobody was yet.
        taken: how many recipients' servers have taken it.
    """

    day: date
    subject: str
    page: str
    sent: datetime | None
    taken: int


@dataclass(frozen=True, slots=True)
class _Written:
    """A mail, and the version of the store that it was written from."""

    version: int
    day: date
    subject: str
    page: str


class LetterBox:
    """Holds the newest mail, so that it is written once for each state of the store: that takes a second."""

    def __init__(self, store: HoldingsStore, settings: EmailSettings) -> None:
        self._store = store
        self._settings = settings
        self._lock = threading.Lock()
        self._written: _Written | None = None

    def newest(self) -> NewestMail | None:
        """The newest mail as it was sent, or would be; None if no day is stored.

        It is written from the store: a day that was restated since has its new figures.

        Raises:
            MailNotPossible: the newest day is damaged.
            StoreUnavailable, StoreRefused: the store's part.
        """
        with self._lock:
            dates, version = self._store.dates(), self._store.version()
            if not dates:
                return None
            if self._written is None or self._written.version != version:
                letter = write_letter(self._store, dates[-1], self._settings)
                self._written = _Written(version, letter.day, letter.subject, standing_alone(letter))
            written = self._written
        entries = Ledger(self._store.client, keys.mail(written.day)).entries().values()
        sent = [entry.when for entry in entries if entry.state == "sent"]
        first = datetime.fromtimestamp(min(sent), UTC) if sent else None
        return NewestMail(written.day, written.subject, written.page, first, len(sent))
