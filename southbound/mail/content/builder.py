"""The mail of a stored date: everything that the store knows for it, put together."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from southbound.common.errors import DamagedDay, MailNotPossible, ProcessDied
from southbound.common.language import Language, writing_for
from southbound.common.remark import remark, remark_of
from southbound.config.settings import EmailSettings
from southbound.mail.content.caveats import Caveats, Restated
from southbound.mail.content.message import RenderedMail
from southbound.mail.content.report import WINDOWS, dates_needed, report
from southbound.market import trading_calendar
from southbound.market.history import History
from southbound.market.holdings_reader import HoldingsReader
from southbound.market.missing_sessions import missing_sessions
from southbound.market.valuation import OLDEST_CLOSE
from southbound.presentation.links import Links
from southbound.presentation.stock_names import reader
from southbound.store.companions_reading import CompanionsRead, read_companions
from southbound.store.holdings_store import HoldingsStore
from southbound.store.integrity import unless_damaged
from southbound.system.apart import apart

Codes = tuple[int, ...]

MAILS_LOOKED_BACK = 60
"""Stored dates among which the last mail before a day is looked for."""


@dataclass(frozen=True, slots=True)
class _Written:
    """A rendered mail, and what it was made from.

    Attributes:
        version: of the store.
        dates: that were read and are whole.
        damaged: those that are not.
    """

    mail: RenderedMail
    version: int
    dates: tuple[date, ...]
    damaged: tuple[DamagedDay, ...]
    caveats: Caveats


class MailBuilder:
    """Writes the mails of one store, each once for each state of the store.

    In a process of its own, which takes two seconds: the libraries that draw, and the days that are read, are
    gone with it.
    """

    def __init__(
        self, store: HoldingsStore, settings: EmailSettings, dashboard_url: str | None = None
    ) -> None:
        self._store = store
        self._settings = settings
        self._dashboard_url = dashboard_url
        self._lock = threading.Lock()
        self._newest: dict[tuple[Language, Codes], _Written] = {}

    def mail_for(self, day: date, recipient: str) -> RenderedMail:
        """The same, in the language of a recipient and with the stocks that this one follows."""
        return self.mail(day, self._settings.language_of(recipient), self._settings.watchlist_of(recipient))

    def mail(
        self, day: date, language: Language | None = None, watchlist: Codes | None = None
    ) -> RenderedMail:
        """The mail of a stored date, written anew when anything that it says has changed.

        A quarantine, or a session that the site has no list for, changes no figures and so not the store's
        version; yet a mail that waited for its server must not say what held before.

        Args:
            day: the date.
            language: that it is written in; None for that of `[email] language`.
            watchlist: the stocks that have a line in it; None for those of `[email] watchlist`.

        Raises:
            MailNotPossible: the date is not stored, or damaged; or the process that writes it has died.
            StoreUnavailable, StoreRefused: the store's part.
        """
        language = language or self._settings.language
        followed = self._settings.watchlist if watchlist is None else watchlist
        with self._lock:
            written = self._newest.get((language, followed))
            if written is None or written.mail.day != day or not self._holds(written):
                written = _write(self._store, day, followed, self._dashboard_url, language)
                self._newest[language, followed] = written
            return written.mail

    def _holds(self, written: _Written) -> bool:
        if written.version != self._store.version():
            return False
        now = _caveats_of(self._store, written.mail.day, written.dates, written.damaged)
        return now == written.caveats


def days_for(reader: HoldingsReader, day: date) -> tuple[History, list[DamagedDay]]:
    """The days that the mail of a date is computed from, and those of them that cannot be read.

    Raises:
        MailNotPossible: the date is not stored, or damaged.
        StoreUnavailable, StoreRefused: the store's part.
    """
    days, damaged = reader.get_many(dates_needed(reader.dates(), day))
    if day not in {holdings.day for holdings in days}:
        absent = remark("{day} is not in the store", day=day)
        raise MailNotPossible(next((remark_of(error) for error in damaged if error.day == day), absent))
    return History.of(days), damaged


def _write(
    store: HoldingsStore, day: date, watchlist: Codes, dashboard_url: str | None, language: Language
) -> _Written:
    function = f"{__name__}:{written_here.__name__}"
    try:
        written: _Written = apart(function, store, day, watchlist, dashboard_url, language)
    except ProcessDied as error:
        raise MailNotPossible(remark("it is not written: {error}", error=error)) from error
    return written


def written_here(
    store: HoldingsStore, day: date, watchlist: Codes, dashboard_url: str | None, language: Language
) -> _Written:
    """The mail of a stored date, written in this process. Raises what `MailBuilder.mail` does."""
    from southbound.mail.content.render import rendered  # noqa: PLC0415 - 50 MB, for where it is drawn alone

    # Before the figures: what is stored while they are read makes another version.
    version = store.version()
    history, damaged = days_for(store, day)
    caveats = _caveats_of(store, day, history.dates, damaged)
    row = history.row(day)
    beside = read_companions(
        store.market_figures, history.since(row - OLDEST_CLOSE), CompanionsRead()
    ).companions
    names = store.stock_names() if language.is_chinese else {}
    with writing_for(reader(language, names)):
        made = rendered(report(history, day, watchlist, caveats, beside), Links(dashboard_url, day))
    return _Written(made, version, tuple(history.dates), tuple(damaged), caveats)


def _caveats_of(
    store: HoldingsStore, day: date, there: Sequence[date], damaged: Sequence[DamagedDay]
) -> Caveats:
    """What is missing and what was restated, as it is known now."""
    compared = trading_calendar.between(trading_calendar.before(day, max(WINDOWS)), day)
    noted = store.quarantine.notes(store.quarantine.quarantined())
    notes = replace(noted, damaged=[error.day for error in damaged])
    return Caveats(
        missing_sessions(compared, there, notes), restated_since_the_last_mail(store, store.dates(), day)
    )


def restated_since_the_last_mail(
    store: HoldingsStore, dates: Sequence[date], day: date
) -> tuple[Restated, ...]:
    """What was restated between the mail before that of `day` and that one, or now if it is not sent.

    Empty if no mail went out before: nobody has older figures.
    """
    earlier = [stored for stored in dates if stored < day][-MAILS_LOOKED_BACK:]
    sent = (_first_sent(store, past) for past in reversed(earlier))
    since = next((when for when in sent if when is not None), None)
    if since is None:
        return ()
    until = _first_sent(store, day)
    return tuple(Restated(noted.day, noted.rows) for noted in store.revisions.between(since, until))


def _first_sent(store: HoldingsStore, day: date) -> int | None:
    return unless_damaged(store.delivery_log(day).first_sent)
