"""Everything that this package raises on purpose.

SouthboundError
├── SettingsError        the configuration is wrong; every reason at once
├── BadHoldings          figures that cannot be one day of the list
├── BadPrices            figures that cannot be one day of prices
├── BadTurnover          figures that cannot be one day's official turnover
├── BadShortPositions    figures that cannot be one week's short positions
├── ArchiveError
│   ├── ArchiveUnavailable  no answer, no right, no space: try again
│   └── DamagedArchive      a file of it is not what it should be; it names the file
├── BadFile             a file that cannot be imported or written; the message says why
├── NotComplete          the store lacks a day that the site may have; it says which and why
├── NotTheWriter         another scraper writes to this store
├── StoreError
│   ├── StoreUnavailable no answer: try again
│   │   └── StoreNotReady    it answers, but is loading, or takes no writes now: try again
│   ├── StoreRefused     it wants another user, password or right, or is not trusted: a person must act
│   │   └── StoreUnsuited    it lacks a command, or spreads its keys: another store is needed
│   ├── StoreMisused     it does not take what we ask: an error of ours
│   ├── DamagedKey       another key of ours holds something else than it should; it names the key
│   ├── DamagedDay       the value under a date key is not a day; it names the key
│   └── DamagedFigures   a text that should be figures stored beside the holdings is none
├── SiteError
│   ├── NotOffered       the site has no list for that date
│   │   ├── NotPublished not yet, or never
│   │   ├── TooOld       it is outside the 12 months that the site keeps
│   │   └── NoTrading    the exchange says that it did not trade on that day
│   ├── OtherDate        the list is labelled with another date than the one asked for
│   ├── SiteUnavailable  timeout, reset connection, 5xx: try again
│   ├── SiteRefuses      403 or 429: try again much later
│   └── SiteChanged      the page is not the one we know; it says what is missing
├── BrowserError         Chromium or its driver is missing, dead or frozen
├── Unexpected           a thread of ours met an error of its own making; it goes on
├── ProcessDied          a process that computes or draws for us ended before it answered: try again
├── MailNotPossible      nothing that could be sent, or no account to send it with
├── NotDelivered         somebody lacks a mail who should have it; it says who
└── DeliveryError
    ├── DeliveryDelayed  4xx: try again
    │   ├── MailServerAway     no connection: nobody's mail goes out
    │   │   └── MailServerRefuses  our login, our sender, its certificate: a person must act
    │   └── AccountRefused     said of one mail, but of our account or sender: a person must act
    └── DeliveryRefused  5xx: this message will never be taken
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from southbound.common.remark import remark


class SouthboundError(Exception):
    """The root of the tree. Each passes whole from one process to another, whatever its `__init__` takes."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _as_it_was, (type(self), self.args), vars(self)


def _as_it_was(kind: type[SouthboundError], arguments: tuple[Any, ...]) -> SouthboundError:
    return kind.__new__(kind, *arguments)


class SettingsError(SouthboundError):
    """The configuration is wrong.

    Attributes:
        problems: one line for each, as `[section] key: got X, want Y`.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class BadHoldings(SouthboundError):
    """Figures that cannot be one day of the list; the message says which rule they break."""


class BadPrices(SouthboundError):
    """Figures that cannot be one day of prices; the message says which rule they break."""


class BadTurnover(SouthboundError):
    """Figures that cannot be one day's official turnover; the message says which rule they break."""


class BadShortPositions(SouthboundError):
    """Figures that cannot be one week's short positions; the message says which rule they break."""


class BadFile(SouthboundError):
    """A file that cannot be imported, or cannot be written. The message says why."""


class NotComplete(SouthboundError):
    """The store lacks a day that the site may have. The message says which, and why."""


class NotTheWriter(SouthboundError):
    """Another scraper writes to this store; the message says which."""


class Unexpected(SouthboundError):
    """A thread of ours met what it did not expect, and goes on. The log has all of it."""


class ProcessDied(SouthboundError):
    """A process that was to compute or draw something ended, or was ended, before it answered."""


class StoreError(SouthboundError):
    """Something is wrong with the store."""


class StoreUnavailable(StoreError):
    """The store does not answer. It may come back by itself."""


class StoreNotReady(StoreUnavailable):
    """The store answers, but not now: it is loading, takes no writes, or has lost its primary."""


class StoreRefused(StoreError):
    """The store answers, but not to us: wrong user, wrong password or too few rights.

    Or its certificate is not trusted. A person must act.
    """


class StoreUnsuited(StoreRefused):
    """The store cannot do what the product needs: it lacks a command or a database, or is in cluster mode."""


class StoreMisused(StoreError):
    """The store does not take what we ask for, and never will: an error of this program."""


class DamagedKey(StoreError):
    """A key of ours holds another type than it should, or far too much. The message names it."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(remark("the key {key} is damaged: {reason}", key=key, reason=reason))
        self.key = key


class DamagedDay(StoreError):
    """The value under a date key is not a day. That day alone is lost to its reader."""

    def __init__(self, day: date, reason: str) -> None:
        super().__init__(remark("the value under the key {day} is damaged: {reason}", day=day, reason=reason))
        self.day = day


class DamagedFigures(StoreError):
    """A text that should be prices, turnover or short positions is none. Who read it names its key."""


class ArchiveError(SouthboundError):
    """Something is wrong with the archive."""


class ArchiveUnavailable(ArchiveError):
    """The archive cannot be read or written: a disk that is full, a right that is lacking, a host away."""


class DamagedArchive(ArchiveError):
    """A file of the archive is not what it should be. It alone is lost to its reader."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            remark("the file {name} of the archive is damaged: {reason}", name=name, reason=reason)
        )
        self.name = name


class SiteError(SouthboundError):
    """The site did not give the day that was asked for."""


class NotOffered(SiteError):
    """The site has no list for the date. The page gives the same alert for every reason."""


class NotPublished(NotOffered):
    """The date is within the 12 months: its list is not there yet, or there never was one."""


class TooOld(NotOffered):
    """The date is outside the 12 months that the site keeps."""


class NoTrading(NotOffered):
    """The exchange says that it did not trade on the date: there will never be figures of it."""


class OtherDate(SiteError):
    """The list carries another date than the one asked for."""

    def __init__(self, asked: date, got: date) -> None:
        super().__init__(remark("asked for {asked}, the list is headed {got}", asked=asked, got=got))
        self.asked = asked
        self.got = got


class SiteUnavailable(SiteError):
    """No usable answer, for a reason that passes: a timeout, a cut connection, a server error."""


class SiteRefuses(SiteError):
    """The site refuses us (403 or 429)."""


class SiteChanged(SiteError):
    """The page is not the one we know. The message says what is missing and what was there."""


class BrowserError(SouthboundError):
    """Chromium or its driver is missing, dead or frozen."""


class MailNotPossible(SouthboundError):
    """There is nothing that could be sent, or no account to send it with."""


class NotDelivered(SouthboundError):
    """Somebody lacks a mail who should have it: it was refused, or is in other hands. It says who."""


class DeliveryError(SouthboundError):
    """The mail was not taken."""


class DeliveryDelayed(DeliveryError):
    """Not now: the server may take this message later."""


class MailServerAway(DeliveryDelayed):
    """The server cannot be reached, or cut the connection: nobody's mail goes out now."""


class MailServerRefuses(MailServerAway):
    """It does not take our login or our sender, or it cannot be trusted: a person must act."""


class AccountRefused(DeliveryDelayed):
    """Said to one mail, but of our account, sender or right to relay: a person must act."""


class DeliveryRefused(DeliveryError):
    """Never: the server will not take this message, sender or recipient.

    Attributes:
        is_clear: whether it is the recipient's own; else what is said to the others tells.
    """

    def __init__(self, message: str, *, is_clear: bool = True) -> None:
        super().__init__(message)
        self.is_clear = is_clear
