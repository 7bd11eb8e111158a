"""The newest mail as a page, for whoever wants to see it in a browser."""

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


def newest_mail(store: HoldingsStore, settings: EmailSettings) -> NewestMail | None:
    """The newest mail as it was sent, or would be; None if no day is stored.

    It is written anew from the store: a day that was restated since has its new figures.

    Raises:
        MailNotPossible: the newest day is damaged.
        StoreUnavailable, StoreRefused: the store's part.
    """
    dates = store.dates()
    if not dates:
        return None
    letter = write_letter(store, dates[-1], settings)
    ledger = Ledger(store.client, keys.mail(letter.day))
    first = ledger.first_sent()
    taken = sum(entry.state == "sent" for entry in ledger.entries().values())
    sent = None if first is None else datetime.fromtimestamp(first, UTC)
    return NewestMail(letter.day, letter.subject, standing_alone(letter), sent, taken)
