"""The newest mail as a page, for whoever wants to see it in a browser."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from southbound.common.language import Language
from southbound.config.settings import EmailSettings
from southbound.mail.content.builder import MailBuilder
from southbound.mail.content.message import standing_alone
from southbound.store.holdings_store import HoldingsStore


@dataclass(frozen=True, slots=True)
class MailPreview:
    """The mail of the newest stored date. It names no recipient.

    Attributes:
        page: HTML with its pictures inside; it loads nothing, and its links open pages of their own.
        sent: when the first recipient was sent it; None if nobody was yet.
        taken: how many recipients' servers have taken it.
    """

    day: date
    subject: str
    page: str
    sent: datetime | None
    taken: int


class MailPreviews:
    """Where the newest mail of one store is looked at."""

    def __init__(
        self, store: HoldingsStore, settings: EmailSettings, dashboard_url: str | None = None
    ) -> None:
        self._store = store
        self._builder = MailBuilder(store, settings, dashboard_url)

    def newest(self, language: Language | None = None) -> MailPreview | None:
        """The newest mail as it was sent, or would be; None if no day is stored.

        It is written from the store: a day that was restated since has its new figures.

        Args:
            language: None is that of the settings, which most recipients have.

        Raises:
            MailNotPossible: the newest day is damaged.
            StoreUnavailable, StoreRefused: the store's part.
        """
        dates = self._store.dates()
        if not dates:
            return None
        mail = self._builder.mail(dates[-1], language)
        entries = self._store.delivery_log(mail.day).entries().values()
        sent = [entry.when for entry in entries if entry.state == "sent"]
        first = datetime.fromtimestamp(min(sent), UTC) if sent else None
        # It is looked at in a frame, in which the dashboard would else be a page in the page.
        page = standing_alone(mail).replace("<head>", '<head>\n<base target="_blank">', 1)
        return MailPreview(mail.day, mail.subject, page, first, len(sent))
