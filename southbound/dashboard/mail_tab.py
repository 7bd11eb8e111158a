"""The newest mail below the charts. Imported when it is asked for: what draws a mail takes long to load."""

from functools import cache

from southbound import settings
from southbound.dashboard import mail_card
from southbound.mail.newest import LetterBox
from southbound.store import HoldingsStore


def newest_mail() -> None:
    """The mail of the newest day, as it was or would be sent."""
    mail_card.newest(letters())


@cache
def letters() -> LetterBox:
    """One for all pages of the process."""
    configured = settings.load()
    return LetterBox(HoldingsStore.at(configured.redis), configured.email)
